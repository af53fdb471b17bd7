"""Transcriptions and translations of speech: `transcript.text.*` events, or one object with a `text`.

https://platform.openai.com/docs/api-reference/audio
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.logprobs import of_tokens, tell_logprobs
from viewer.stream.transcript import Conversation, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event


class OpenAIAudio:
    """Reads what was heard in a recording of speech."""

    name = "OpenAI Audio"

    def fit(self, clue: Clue) -> int:
        """Events are called `transcript.text.…`; a whole answer is known by the path."""
        if any(string(payload, "type").startswith("transcript.") for payload in clue.payloads):
            return SURE
        if clue.first.get("task") in ("transcribe", "translate") and "text" in clue.first:
            return SURE - 10
        return LIKELY if clue.path.endswith(("/audio/transcriptions", "/audio/translations")) else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or the whole text. The last event repeats it all."""
        kind = string(payload, "type")
        if kind == "transcript.text.delta":
            out.append(PartKind.TEXT, string(payload, "delta"))
        elif kind == "transcript.text.segment":
            _read_segment(payload, out)
        elif string(payload, "text") and not out.has_parts:
            _read_whole(payload, out)
        if isinstance(payload, dict) and payload.get("logprobs") and kind != "transcript.text.done":
            tell_logprobs(of_tokens(objects(payload, "logprobs")), out)
        usage = mapping(payload, "usage")
        out.usage(
            Usage(
                input=integer(usage, "input_tokens"),
                output=integer(usage, "output_tokens"),
                total=integer(usage, "total_tokens"),
            )
        )
        if isinstance(payload, dict) and payload.get("error"):
            out.error(string(payload, "error", "message") or spell(payload["error"]))
        if not out.has_written and kind.startswith("transcript."):
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Only parameters: the sound is sent as a form."""
        return Conversation((), (), parameters_of(text, "model"), string(payload, "model"), self.name)


def _read_segment(segment: JsonObject, out: DeltaWriter) -> None:
    """A stretch of speech; those of one speaker stand together under the name, where speakers are told apart."""
    speaker = string(segment, "speaker")
    if not speaker:
        out.append(PartKind.TEXT, string(segment, "text"))
        return
    if out.first(("speaker", string(segment, "id") or spell(segment))):
        start, end = segment.get("start"), segment.get("end")
        facts = (("seconds", f"{spell(start)}–{spell(end)}"),)
        out.part(PartKind.TEXT, f"{speaker}: {string(segment, 'text').strip()}\n", name=speaker, facts=facts)


def _read_whole(payload: JsonObject, out: DeltaWriter) -> None:
    """The text at once; by speakers where they are told apart; and how long it took to say."""
    segments = objects(payload, "segments")
    if any("speaker" in segment for segment in segments):
        for segment in segments:
            _read_segment(segment, out)
    else:
        out.append(PartKind.TEXT, string(payload, "text"))
    for name in ("language", "duration"):
        if payload.get(name) is not None:
            out.rest(name, payload[name])
    lines = (_timed(segment) for segment in segments if "speaker" not in segment)
    text = "".join(lines)
    if text:
        out.rest("segments", text.rstrip("\n"))
    words = (f"{spell(word.get('start'))} {string(word, 'word')}" for word in objects(payload, "words"))
    if payload.get("words"):
        out.rest("words", "\n".join(words))


def _timed(segment: JsonObject) -> str:
    start, end = spell(segment.get("start")), spell(segment.get("end"))
    return f"{start}–{end}  {string(segment, 'text').strip()}\n"
