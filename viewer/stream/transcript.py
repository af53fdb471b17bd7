"""What an answer says, assembled from its events; and what a request asks: plain values, alike for all APIs.

The order of things: a provider turns each event into deltas; deltas, appended in order, make the transcript.
`Transcript.parts[delta.part]` is the part that a delta adds to, so a view that appends each delta's text to
its part shows at every moment what had arrived by then.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

import msgspec


class PartKind(Enum):
    """What a part is, or what a delta adds. The last four are kinds of deltas only; no part has them."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool call"
    TOOL_RESULT = "tool result"
    REFUSAL = "refusal"
    CITATION = "citation"
    IMAGE = "image"
    AUDIO = "audio"
    FILE = "file"
    ERROR = "error"
    OTHER = "other"
    START = "start"  # model, id or role became known
    FINISH = "finish"
    USAGE = "usage"
    NOTHING = "nothing"  # keep-alives, end markers, repetitions of what earlier events said


class Media(msgspec.Struct, frozen=True):
    """An image, sound or file inside a message: inline as base64, or named by URL or id.

    `type` is its media type ("image/png"), or only what is known of it ("image").
    """

    type: str = ""
    base64: str = ""
    url: str = ""
    name: str = ""


class Usage(msgspec.Struct, frozen=True, gc=False):
    """Tokens counted by the API, None where it says nothing. `cost` is as the JSON spells it ("0.000022")."""

    input: int | None = None
    output: int | None = None
    total: int | None = None
    cached: int | None = None
    cache_written: int | None = None
    reasoning: int | None = None
    cost: str = ""

    @property
    def tokens(self) -> int | None:
        """All tokens: the API's total, else input plus output."""
        if self.total is not None:
            return self.total
        if self.input is None and self.output is None:
            return None
        return (self.input or 0) + (self.output or 0)

    def merged(self, newer: Usage) -> Usage:
        """This usage with what `newer` knows laid over it (APIs count in several events)."""
        return Usage(
            self.input if newer.input is None else newer.input,
            self.output if newer.output is None else newer.output,
            self.total if newer.total is None else newer.total,
            self.cached if newer.cached is None else newer.cached,
            self.cache_written if newer.cache_written is None else newer.cache_written,
            self.reasoning if newer.reasoning is None else newer.reasoning,
            newer.cost or self.cost,
        )


class Delta(msgspec.Struct, frozen=True, gc=False):
    """What one event adds. An event makes no, one or several deltas.

    `part` is the index of the transcript's part it belongs to, -1 where it adds to none. `text` is appended
    to that part's text (arguments for a tool call); for FINISH it is the reason. `name`, `call_id`, `role`
    and `facts` are there when this delta tells them. No text holds half a surrogate pair: the half waits
    for its other half and comes with that delta.
    """

    event: int
    kind: PartKind
    part: int = -1
    text: str = ""
    choice: int = 0
    name: str = ""
    call_id: str = ""
    role: str = ""
    opens: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    media: Media | None = None
    usage: Usage | None = None
    model: str = ""
    id: str = ""


class Part(msgspec.Struct, frozen=True):
    """A stretch of one kind in a message.

    `text` is what it says; a tool call's text is its arguments, the raw JSON text as assembled; `name` and
    `call_id` are the tool's, or the citation's title. `facts` are further (label, value) pairs for people:
    url, signature, status. `offsets` and `events` are parallel: text from `offsets[i]` to `offsets[i + 1]`
    came with event `events[i]`. Both are empty in a conversation, which no event made.
    """

    kind: PartKind
    text: str = ""
    name: str = ""
    call_id: str = ""
    media: Media | None = None
    facts: tuple[tuple[str, str], ...] = ()
    choice: int = 0
    offsets: tuple[int, ...] = ()
    events: tuple[int, ...] = ()

    @property
    def arguments(self) -> str:
        """A tool call's arguments, the raw JSON text as assembled; "" for other kinds."""
        return self.text if self.kind is PartKind.TOOL_CALL else ""

    def fact(self, label: str) -> str:
        """The last fact under `label`, else ""."""
        return next((value for name, value in reversed(self.facts) if name == label), "")

    def event_at(self, offset: int) -> int | None:
        """The event that brought the character at `offset` of the text."""
        run = bisect_right(self.offsets, offset) - 1
        return self.events[run] if run >= 0 else None

    def span_of(self, event: int) -> tuple[int, int] | None:
        """The characters that `event` brought, or None where it brought none to this part."""
        first = next((run for run, made_by in enumerate(self.events) if made_by == event), None)
        if first is None:
            return None
        last = first
        while last + 1 < len(self.events) and self.events[last + 1] == event:
            last += 1
        end = self.offsets[last + 1] if last + 1 < len(self.offsets) else len(self.text)
        return self.offsets[first], end


class Message(msgspec.Struct, frozen=True):
    """One turn: of a conversation, or one choice of an answer (`index` is then the choice's number)."""

    role: str
    parts: tuple[Part, ...] = ()
    name: str = ""
    finish_reason: str = ""
    index: int = 0

    @property
    def text(self) -> str:
        """What it says to a reader: its text and refusals, without reasoning and tool calls."""
        return "".join(part.text for part in self.parts if part.kind in (PartKind.TEXT, PartKind.REFUSAL))


class Transcript(msgspec.Struct, frozen=True):
    """An assembled answer. `parts` are in order of first appearance; `messages` hold them by choice.

    `notes` say what could not be read, and where. `error` is the message of an error that the API sent,
    in a stream or instead of an answer; it stands in `parts` too, where it came.
    """

    provider: str = ""
    model: str = ""
    id: str = ""
    parts: tuple[Part, ...] = ()
    messages: tuple[Message, ...] = ()
    usage: Usage = msgspec.field(default=Usage())
    notes: tuple[str, ...] = ()
    error: str = ""

    @property
    def finish_reason(self) -> str:
        """The first choice's finish reason as the API spells it, "" where it gave none."""
        return next((message.finish_reason for message in self.messages if message.finish_reason), "")

    @property
    def text(self) -> str:
        """The first choice's answer as text."""
        return self.messages[0].text if self.messages else ""

    def of_kind(self, kind: PartKind) -> tuple[Part, ...]:
        """The parts of one kind, in order."""
        return tuple(part for part in self.parts if part.kind is kind)


class Tool(msgspec.Struct, frozen=True):
    """A tool that the request offers. `schema` is the raw JSON text of its parameters."""

    name: str
    description: str = ""
    schema: str = ""


class Conversation(msgspec.Struct, frozen=True):
    """What a request sends: messages (system ones first where the API keeps them apart), tools, parameters.

    `parameters` are the remaining top-level members, each value as its raw JSON text.
    """

    messages: tuple[Message, ...] = ()
    tools: tuple[Tool, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    model: str = ""
    provider: str = ""
    notes: tuple[str, ...] = ()
