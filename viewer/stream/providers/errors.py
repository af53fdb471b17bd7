"""Answers that are only an error, of services that no provider knows; the shapes that APIs use for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import NO, Clue, DeltaWriter, Facts
from viewer.stream.transcript import Conversation

if TYPE_CHECKING:
    from viewer.stream.event import Event

_NAMES = ("error", "errors", "detail", "message", "Message", "title", "error_description")
_FACTS = ("type", "code", "status", "param", "reason", "request_id")
"""What an error's object says beside the message; around it, `type` only says that this is an error."""
_DETAILS = ("provider_name", "raw")
"""What OpenRouter tells in `metadata`: whose error it passes on, and that in its own words."""


class ErrorAnswer:
    """Reads `{"error": …}` and its like."""

    name = "error answer"

    def fit(self, clue: Clue) -> int:
        """Any object under a failing status; without one, an `error` that is not empty."""
        first = clue.first
        is_failure = clue.status is not None and clue.status >= 400
        has_error = is_failure and any(first.get(name) for name in _NAMES)
        return 1 if has_error or first.get("error") else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """The message, wherever it stands."""
        message = message_of(payload)
        if message:
            out.error(message)

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """No messages; the request's members as parameters."""
        return Conversation(parameters=parameters_of(text), provider=self.name)


def message_of(payload: Any) -> str:
    """The message of an error answer, "" where there is none."""
    if isinstance(payload, list):
        return next((text for item in payload[:8] if (text := message_of(item))), "")
    for name in _NAMES:
        value = payload.get(name) if isinstance(payload, dict) else None
        if isinstance(value, str) and value:
            return value
        if isinstance(value, dict | list) and value:
            return string(value, "message") or _inner(value) or spell(value)
    return ""


def facts_of(payload: Any) -> Facts:
    """What an error answer says of its error beside the message, (label, value) as the API names them."""
    if isinstance(payload, list):
        payload = payload[0] if payload else None
    whole = payload if isinstance(payload, dict) else {}
    inner = whole.get("error")
    facts: dict[str, str] = {}
    for place, names in ((inner, _FACTS), (whole, _FACTS[1:]), (_details(inner), _DETAILS)):
        for name in names:
            value = place.get(name) if isinstance(place, dict) else None
            if isinstance(value, str | int) and value != "":
                facts.setdefault(name.replace("_", " "), str(value))
    return tuple(facts.items())


def _details(error: Any) -> Any:
    return error.get("metadata") if isinstance(error, dict) else None


def _inner(value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    return string(first, "message") or string(first, "msg") or string(first, "detail")
