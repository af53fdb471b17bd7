"""What copying gives a person: a request as cURL, a conversation as Markdown, an interaction as JSON."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from viewer.stream.transcript import Conversation, Message, Part, PartKind, Transcript

if TYPE_CHECKING:
    from viewer.cassette.model import Interaction, Request, Response

# What curl makes itself, and would send twice or wrongly if it were given.
_CURLS_OWN = {"content-length", "host", "connection", "accept-encoding", "transfer-encoding"}


def as_curl(request: Request) -> str:
    """A shell command that sends the request again."""
    parts = [f"curl -X {shlex.quote(request.method)} {shlex.quote(request.url)}"]
    for header in request.headers:
        if header.name.lower() not in _CURLS_OWN:
            parts.append(f"-H {shlex.quote(f'{header.name}: {header.value}')}")
    if request.body.content:
        if request.body.text is None:
            parts.append("--data-binary @body.bin")
        else:
            parts.append(f"--data-raw {shlex.quote(request.body.text)}")
    return " \\\n  ".join(parts)


def as_markdown(conversation: Conversation | None, transcript: Transcript | None) -> str:
    """The conversation and its answer, a heading for each turn."""
    messages = list(conversation.messages) if conversation else []
    if transcript:
        messages.extend(transcript.messages)
    return "\n\n".join(_message(message) for message in messages) + "\n"


def _message(message: Message) -> str:
    heading = f"## {message.role or 'assistant'}"
    return "\n\n".join([heading, *(_part(part) for part in message.parts)])


def _part(part: Part) -> str:
    if part.kind is PartKind.TOOL_CALL:
        return f"`{part.name}`\n\n```json\n{part.text}\n```"
    if part.kind is PartKind.TOOL_RESULT:
        return f"```\n{part.text}\n```"
    if part.kind is PartKind.REASONING:
        return "\n".join(f"> {line}" for line in part.text.splitlines())
    if part.media is not None:
        return f"[{part.media.type or 'media'} {part.media.name or part.media.url[:80]}]".replace(" ]", "]")
    return part.text


def as_json(*interactions: Interaction) -> str:
    """The interaction in plain names, the same whatever the format of its file; several as a list."""
    values = [_value(interaction) for interaction in interactions]
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False, indent=2)


def _value(interaction: Interaction) -> dict[str, object]:
    request, response = interaction.request, interaction.response
    return {
        "position": interaction.position,
        "request": _request(request) if request else None,
        "response": _response(response) if response else None,
        "duration": interaction.duration,
        "recorded_at": interaction.recorded_at or None,
        "note": interaction.note or None,
    }


def _request(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": [[header.name, header.value] for header in request.headers],
        **_body(request),
    }


def _response(response: Response) -> dict[str, object]:
    return {
        "code": response.status,
        "reason": response.reason,
        "headers": [[header.name, header.value] for header in response.headers],
        **_body(response),
    }


def _body(message: Request | Response) -> dict[str, object]:
    body = message.body
    if body.is_absent:
        return {"body": None}
    if body.text is None:
        return {"body_hex": body.content.hex()}
    return {"body": body.text}
