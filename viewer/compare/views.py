"""What two recordings are compared by: the texts of an interaction under each view."""

from __future__ import annotations

from enum import Enum

from viewer.cassette.headers import Headers
from viewer.cassette.json_pretty import pretty
from viewer.cassette.model import Interaction, Request, Response
from viewer.stream import Reading
from viewer.stream.transcript import Part, PartKind


class View(Enum):
    """The views of a comparison, in their order; the value names the tab."""

    ANSWER = "answer"
    REQUEST = "request"
    BODY = "body"
    HEADERS = "headers"
    YAML = "yaml"


def text_of(view: View, interaction: Interaction, reading: Reading, entry: str) -> str:
    """The text of an interaction under a view, "" where it has nothing to say there."""
    if view is View.YAML:
        return entry
    if view is View.ANSWER:
        return _answer(reading)
    if view is View.REQUEST:
        return _request(interaction.request)
    if view is View.BODY:
        return body_text(interaction.response) if interaction.response else ""
    return _headers(interaction)


def body_text(message: Request | Response) -> str:
    """A body to be read: JSON over several lines, binary as its length."""
    text = message.body.text
    if text is None:
        size = len(message.body.content)
        return f"({size} bytes of {message.body.media_type or 'binary data'})" if size else ""
    shaped = pretty(text)
    return shaped.text if shaped else text


def _answer(reading: Reading) -> str:
    blocks: list[str] = []
    for message in reading.transcript.messages:
        blocks.extend(_part(part) for part in message.parts)
    if reading.transcript.finish_reason:
        blocks.append(f"[finish: {reading.transcript.finish_reason}]")
    return "\n\n".join(block for block in blocks if block)


def _part(part: Part) -> str:
    if part.kind is PartKind.TEXT:
        return part.text
    if part.kind is PartKind.TOOL_CALL:
        shaped = pretty(part.text)
        return f"[tool call: {part.name}]\n{shaped.text if shaped else part.text}"
    text = part.text or part.name
    return f"[{part.kind.value}]\n{text}" if text else ""


def _request(request: Request | None) -> str:
    if request is None:
        return ""
    body = body_text(request)
    line = f"{request.method} {request.url}"
    return f"{line}\n\n{body}" if body else line


def _headers(interaction: Interaction) -> str:
    lines: list[str] = []
    request, response = interaction.request, interaction.response
    if request is not None:
        lines += [f"{request.method} {request.url}", *_lines(request.headers), ""]
    if response is not None:
        lines += [f"{response.status or '-'} {response.reason}".rstrip(), *_lines(response.headers)]
    return "\n".join(lines)


def _lines(headers: Headers) -> list[str]:
    """Header lines by name: their order says nothing, and recorders sort them or not."""
    return sorted((f"{header.name}: {header.value}" for header in headers), key=str.lower)
