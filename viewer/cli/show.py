"""`cassette show`: what is in a cassette, as the window shows it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.headers import Headers
from viewer.cassette.json_pretty import pretty
from viewer.cassette.model import Interaction, Request, Response
from viewer.cli.counted import ensure_there
from viewer.cli.progress import Progress
from viewer.stream import Reading, read
from viewer.stream.exports import as_json
from viewer.stream.transcript import Delta, Message, Part, PartKind, Usage


def run(options: argparse.Namespace) -> int:
    """Shows the interactions; returns the exit status."""
    with Progress(f"reading {options.file.name}") as progress:
        cassette = Cassette.open(options.file, progress=progress)
    if options.i is not None:
        ensure_there(cassette, options.i)
    text, value = _VIEWS[options.view]
    if options.view == "summary" and options.i is None and not options.json:
        print(_file_line(cassette))
    position = 0 if options.i is None else options.i
    while position < len(cassette) and options.i in (None, position):
        shown = _Shown(cassette, position)
        if options.json:
            print(json.dumps(value(shown), ensure_ascii=False))
        else:
            _print(text(shown))
        position += 1
    return 0


class _Shown:
    """One interaction with what it says."""

    def __init__(self, cassette: Cassette, position: int) -> None:
        self.cassette = cassette
        self.position = position
        self.interaction: Interaction = read_interaction(cassette, position)

    @property
    def reading(self) -> Reading:
        found = self.interaction
        return read(found.request, found.response, duration=found.duration, chunk_times=found.chunk_times)


def _print(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def _file_line(cassette: Cassette) -> str:
    count = len(cassette)
    return f"{cassette.path}: {cassette.format.name}, {count} interaction{'' if count == 1 else 's'}"


def _summary(shown: _Shown) -> str:
    interaction = shown.interaction
    if interaction.request is None:
        return f"{shown.position} {interaction.kind.value}: {interaction.note}"
    parts = [f"{shown.position} {interaction.request.method} {interaction.request.url}"]
    response = interaction.response
    if response is not None:
        parts.append(f"{response.status or '-'} {response.reason}".rstrip())
    if interaction.duration is not None:
        parts.append(f"{interaction.duration:.2f} s")
    facts = _facts(shown.reading)
    parts.extend(
        text
        for text in (
            facts["model"],
            f"{facts['events']} events" if facts["events"] else "",
            f"{facts['tokens']} tokens" if facts["tokens"] is not None else "",
        )
        if text
    )
    return " · ".join(parts)


def _facts(reading: Reading) -> dict[str, Any]:
    transcript, conversation = reading.transcript, reading.conversation
    return {
        "model": transcript.model or (conversation.model if conversation else ""),
        "provider": reading.provider_name,
        "events": len(reading.events) if reading.has_stream else 0,
        "tokens": transcript.usage.tokens,
    }


def _summary_value(shown: _Shown) -> dict[str, Any]:
    interaction = shown.interaction
    request, response = interaction.request, interaction.response
    return {
        "position": shown.position,
        "id": interaction.recorded_id,
        "kind": interaction.kind.value,
        "method": request.method if request else None,
        "url": request.url if request else None,
        "code": response.status if response else None,
        "duration": interaction.duration,
        "size": shown.cassette.size(shown.position),
        "note": interaction.note,
        **_facts(shown.reading),
    }


def _request(shown: _Shown) -> str:
    request = shown.interaction.request
    if request is None:
        return shown.interaction.note
    return _message(f"{request.method} {request.url} {request.protocol}".rstrip(), request)


def _response(shown: _Shown) -> str:
    response = shown.interaction.response
    if response is None:
        return shown.interaction.note or "no response"
    return _message(f"{response.protocol} {response.status or '-'} {response.reason}".strip(), response)


def _message(first_line: str, message: Request | Response) -> str:
    lines = [first_line, *_header_lines(message.headers), ""]
    body = message.body
    if body.text is None:
        lines.append(
            f"({len(body.content)} bytes of {body.media_type or 'binary data'})" if body.content else ""
        )
    else:
        shaped = pretty(body.text)
        lines.append(shaped.text if shaped else body.text)
    return "\n".join(lines)


def _header_lines(headers: Headers) -> list[str]:
    return [f"{header.name}: {header.value}" for header in headers]


def _side_value(shown: _Shown, side: str) -> Any:
    return json.loads(as_json(shown.interaction))[side]


def _yaml(shown: _Shown) -> str:
    return shown.cassette.entry_text(shown.position)


def _transcript(shown: _Shown) -> str:
    transcript = shown.reading.transcript
    lines: list[str] = []
    for message in transcript.messages:
        lines.extend(_turn(message))
    lines.extend(f"({note})" for note in transcript.notes)
    figures = _figures(transcript.usage)
    if transcript.finish_reason:
        figures.append(f"finish {transcript.finish_reason}")
    if transcript.model:
        figures.insert(0, transcript.model)
    return "\n".join([*lines, " · ".join(figures)]).rstrip("\n")


def _turn(message: Message) -> list[str]:
    title = f"[{message.role or 'assistant'}]"
    return [title, *(line for part in message.parts for line in _part(part)), ""]


def _part(part: Part) -> list[str]:
    if part.kind is PartKind.TEXT:
        return [part.text]
    name = f" {part.name}" if part.name else ""
    call = f" {part.call_id}" if part.call_id else ""
    media = part.media
    shown = " ".join(filter(None, (media.type, media.url[:200]))) if media is not None else ""
    lines = [f"({part.kind.value}{name}{call}{' ' + shown if shown else ''})"]
    if part.text:
        lines.append(part.text)
    lines.extend(f"  {label}: {value}" for label, value in part.facts)
    return lines


def _figures(usage: Usage) -> list[str]:
    pairs = (
        ("input", usage.input),
        ("output", usage.output),
        ("reasoning", usage.reasoning),
        ("cached", usage.cached),
        ("total", usage.total),
    )
    figures = [f"{name} {count}" for name, count in pairs if count is not None]
    return [*figures, f"cost ${usage.cost}"] if usage.cost else figures


def _part_value(part: Part) -> dict[str, Any]:
    value: dict[str, Any] = {"kind": part.kind.value, "text": part.text}
    for name in ("name", "call_id"):
        if getattr(part, name):
            value[name] = getattr(part, name)
    if part.media is not None:
        value["media"] = {"type": part.media.type, "url": part.media.url, "name": part.media.name}
    if part.facts:
        value["facts"] = [list(fact) for fact in part.facts]
    return value


def _message_value(message: Message) -> dict[str, Any]:
    return {
        "role": message.role,
        "parts": [_part_value(part) for part in message.parts],
        "finish_reason": message.finish_reason,
    }


def _transcript_value(shown: _Shown) -> dict[str, Any]:
    transcript = shown.reading.transcript
    usage = transcript.usage
    return {
        "position": shown.position,
        "provider": transcript.provider,
        "model": transcript.model,
        "id": transcript.id,
        "messages": [_message_value(message) for message in transcript.messages],
        "finish_reason": transcript.finish_reason,
        "usage": {
            name: getattr(usage, name)
            for name in ("input", "output", "total", "cached", "cache_written", "reasoning", "cost")
            if getattr(usage, name) not in (None, "")
        },
        "error": transcript.error,
        "notes": list(transcript.notes),
    }


def _conversation(shown: _Shown) -> str:
    conversation = shown.reading.conversation
    if conversation is None:
        return "(no conversation)"
    lines = [line for message in conversation.messages for line in _turn(message)]
    if conversation.tools:
        lines.append(f"tools: {', '.join(tool.name for tool in conversation.tools)}")
    lines.extend(f"{name}: {value}" for name, value in conversation.parameters)
    return "\n".join(lines)


def _conversation_value(shown: _Shown) -> dict[str, Any] | None:
    conversation = shown.reading.conversation
    if conversation is None:
        return None
    return {
        "position": shown.position,
        "provider": conversation.provider,
        "model": conversation.model,
        "messages": [_message_value(message) for message in conversation.messages],
        "tools": [
            {"name": tool.name, "description": tool.description, "schema": tool.schema}
            for tool in conversation.tools
        ],
        "parameters": dict(conversation.parameters),
    }


def _events(shown: _Shown) -> str:
    reading = shown.reading
    timeline = reading.timeline
    lines = []
    for event in reading.events:
        adds = "; ".join(_delta(delta) for delta in reading.deltas_of(event.index))
        lines.append(
            f"{event.index:>5} {timeline.time_of(event.index):8.3f} s  {event.name or '-'}  {adds}".rstrip()
        )
    return "\n".join(lines) if lines else "(no events)"


def _delta(delta: Delta) -> str:
    text = json.dumps(delta.text, ensure_ascii=False) if delta.text else ""
    return " ".join(part for part in (delta.kind.value, delta.name, text) if part)


def _events_value(shown: _Shown) -> list[dict[str, Any]]:
    reading = shown.reading
    timeline = reading.timeline
    return [
        {
            "index": event.index,
            "time": timeline.time_of(event.index),
            "name": event.name,
            "id": event.id,
            "data": event.data,
            "comment": event.comment,
            "complete": event.is_complete,
            "adds": [
                {"kind": delta.kind.value, "text": delta.text} for delta in reading.deltas_of(event.index)
            ],
        }
        for event in reading.events
    ]


_VIEWS: dict[str, tuple[Callable[[_Shown], str], Callable[[_Shown], Any]]] = {
    "summary": (_summary, _summary_value),
    "request": (_request, lambda shown: _side_value(shown, "request")),
    "response": (_response, lambda shown: _side_value(shown, "response")),
    "yaml": (_yaml, _yaml),
    "text": (_yaml, _yaml),
    "transcript": (_transcript, _transcript_value),
    "conversation": (_conversation, _conversation_value),
    "events": (_events, _events_value),
}
