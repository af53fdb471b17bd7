"""Every real answer of the corpus, against an assembly written apart from the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.stream.oracle import Answer, answer_of
from tests.stream.recordings import Recording, recordings
from viewer.stream.payload import decode
from viewer.stream.transcript import PartKind, Transcript

_ENDPOINT = re.compile(
    r"(/chat/completions|(?<!usage)/completions|/v1/complete|/v1/messages|/responses|/chat|/api/generate"
    r"|/v1/generate|/converse|/converse-stream|/invoke|/invoke-with-response-stream)$|[gG]enerateContent$"
)
_SAYING = {
    PartKind.TEXT,
    PartKind.REASONING,
    PartKind.TOOL_CALL,
    PartKind.REFUSAL,
    PartKind.ERROR,
    PartKind.IMAGE,
}


@pytest.fixture(scope="module")
def answers(corpus: Path) -> list[Recording]:
    """The interactions with an endpoint that answers in words, bodies of some kind only."""
    found = []
    for recording in recordings(corpus):
        if _ENDPOINT.search(urlsplit(recording.url).path) and recording.answer:
            found.append(recording)
    assert len(found) > 600
    return found


def test_every_answer_says_something(answers: list[Recording]) -> None:
    """Text, reasoning, a tool call, a refusal or an error; a model that spent all on thinking says so."""
    silent = []
    for recording in answers:
        transcript = recording.read().transcript
        if not any(part.kind in _SAYING for part in transcript.parts):
            silent.append((recording.place, transcript.finish_reason))
    assert {reason for _, reason in silent} <= {"length", ""}
    assert [place for place, reason in silent if not reason and "embedding" not in place] == []


def test_transcripts_equal_the_oracle(answers: list[Recording]) -> None:
    """What each answer says, its finish reason and its output tokens."""
    compared = 0
    wrong = []
    for recording in answers:
        expected = answer_of(recording.answer)
        if expected is None:
            continue
        compared += 1
        found = _found(recording.read().transcript)
        if found != expected:
            wrong.append(f"{recording.place}\n   {_difference(found, expected)}")
    assert not wrong, "\n".join(wrong[:12])
    assert compared > 550


def test_requests_become_conversations(answers: list[Recording]) -> None:
    """Each JSON request to such an endpoint has messages, and every message has a role."""
    for recording in answers:
        if not recording.asked.startswith(b"{") or b"embedding" in recording.asked.lower():
            continue
        if not re.search(
            rb'"(messages|contents|input|prompt|inputText|message)"\s*:\s*["\[{]', recording.asked
        ):
            continue
        conversation = recording.read().conversation
        assert conversation is not None, recording.place
        assert conversation.messages, recording.place
        assert not conversation.notes, recording.place
        assert all(message.role for message in conversation.messages), recording.place


def test_nothing_is_left_unread(answers: list[Recording]) -> None:
    """No notes about events that could not be read, in any real answer."""
    notes = {recording.place: recording.read().notes for recording in answers}
    assert {place: note for place, note in notes.items() if note} == {}


def test_events_tile_their_bodies(answers: list[Recording]) -> None:
    """Spans are in order, never overlap, and leave out nothing but white space, commas and brackets."""
    for recording in answers:
        reading = recording.read()
        content, end = reading.content, 0
        for event in reading.events:
            assert event.start >= end, recording.place
            assert content[end : event.start].strip(b"\xef\xbb\xbf \r\n\t,[]") == b"", recording.place
            end = event.end
        if reading.events:
            assert content[end:].strip(b" \r\n\t]") == b"", recording.place


def test_replayed_answers_equal_whole_ones(answers: list[Recording]) -> None:
    """Deltas appended one event after the other give the transcript's texts; each character has its event."""
    for recording in answers:
        reading = recording.read()
        texts: list[str] = []
        for event in reading.events:
            for delta in reading.deltas_of(event.index):
                if delta.part == len(texts):
                    texts.append("")
                if delta.part >= 0:
                    texts[delta.part] += delta.text
        assert texts == [part.text for part in reading.transcript.parts], recording.place
        assert reading.transcript_at(len(reading.events)) == reading.transcript, recording.place


def _found(transcript: Transcript) -> Answer:
    """The transcript's first choice as the oracle puts it."""
    parts = [part for part in transcript.parts if part.choice == 0]
    calls = [part for part in parts if part.kind is PartKind.TOOL_CALL and not _is_builtin(part.fact("kind"))]
    return Answer(
        text="".join(part.text for part in parts if part.kind is PartKind.TEXT),
        reasoning="".join(part.text for part in parts if part.kind is PartKind.REASONING),
        refusal="".join(part.text for part in parts if part.kind is PartKind.REFUSAL),
        calls=[(part.name, _decoded(part.text)) for part in calls],
        finish=transcript.messages[0].finish_reason if transcript.messages else "",
        output_tokens=transcript.usage.output,
        has_error=bool(transcript.error),
    )


def _is_builtin(kind: str) -> bool:
    """Calls of a service's own tools, which the oracle leaves out (Anthropic's it counts)."""
    return bool(kind) and not kind.endswith("tool_use")


def _decoded(text: str) -> object:
    try:
        return decode(text) if text else {}
    except ValueError:
        return text


def _difference(found: Answer, expected: Answer) -> str:
    names = (name for name in vars(expected) if getattr(found, name) != getattr(expected, name))
    shown = {name: (getattr(found, name), getattr(expected, name)) for name in names}
    return json.dumps(shown, ensure_ascii=False, default=str)[:600]
