"""Transcriptions and translations of speech: `transcript.text.*` events, or one object with a `text`.

https://platform.openai.com/docs/api-reference/audio
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
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
        return LIKELY if clue.path.endswith(("/audio/transcriptions", "/audio/translations")) else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or the whole text. The last event repeats it all."""
        kind = string(payload, "type")
        if kind == "transcript.text.delta":
            out.append(PartKind.TEXT, string(payload, "delta"))
        elif kind == "transcript.text.segment" or (string(payload, "text") and not out.has_parts):
            out.append(PartKind.TEXT, string(payload, "text"))
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
