"""The vocabulary that all providers share: what a provider is, what it goes by, and where it puts deltas.

A provider is a small object without state: it says how well a body fits it, reads one payload after the
other into a `DeltaWriter`, and reads a request into a `Conversation`. A payload is an event's JSON, or the
whole JSON answer of a call that did not stream: the same provider reads both.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from viewer.stream.event import Event, Framing
from viewer.stream.payload import spell
from viewer.stream.transcript import Conversation, Delta, Media, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.payload import JsonObject

SURE = 100
LIKELY = 60
POSSIBLE = 20
NO = 0

_NOTES = 5
"""How many unreadable events are named one by one."""

_UNKNOWN = 20
"""How many kinds of unknown events are told apart."""

_LONGEST_NAME = 1000
"""A name sent in pieces grows no longer: every delta tells the whole of it."""

_UNCOUNTED = Usage()
_USAGE = PartKind.USAGE  # an enum's member takes as long to look up as a call

Facts = tuple[tuple[str, str], ...]


class Clue(msgspec.Struct, frozen=True):
    """What a provider is chosen by: the URL's host and path, headers, and the shape of both bodies.

    `payloads` are the first few decoded payloads of the response; `request` is the decoded request body.
    The names of `headers` (the request's) are in lower
    case; `status` is the response's.
    """

    host: str = ""
    path: str = ""
    framing: Framing = Framing.NONE
    request: JsonObject = msgspec.field(default_factory=dict)
    payloads: tuple[Any, ...] = ()
    event_names: frozenset[str] = frozenset()
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    status: int | None = None

    @property
    def first(self) -> JsonObject:
        """The first payload that is an object, else {}."""
        return next((payload for payload in self.payloads if isinstance(payload, dict)), {})


class Provider(Protocol):
    """Reads one API. Methods may raise on odd payloads; the caller keeps such an event as "other"."""

    @property
    def name(self) -> str:
        """The API's name as people know it."""

    def fit(self, clue: Clue) -> int:
        """How well the clue fits: NO, POSSIBLE, LIKELY, SURE or between."""

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """Write what the payload of `event` adds."""

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """What a request's body asks; `text` is its JSON as sent."""


class DeltaWriter:
    """Collects the deltas of a body, in order, and keeps the books of parts.

    A provider says what an event adds in the words of the answer: append() for text that flows on, block()
    for parts that the API numbers, part() for what comes whole. `event` is set by the caller.
    """

    def __init__(self) -> None:
        self.deltas: list[Delta] = []
        self.notes: list[str] = []
        self.event = 0
        self._usage = _UNCOUNTED
        self._unread = 0
        self.said = "", ""
        """Model and id as they were said last."""
        self._parts = 0
        self._flow: dict[int, tuple[PartKind, int]] = {}
        self._blocks: dict[Hashable, int] = {}
        self._kinds: list[PartKind] = []
        self._latest: dict[tuple[int, PartKind], int] = {}
        self._names: dict[int, str] = {}
        self._call_ids: dict[int, str] = {}
        self._halves: dict[int, str] = {}
        self._texts: set[int | None] = set()
        self._known: set[tuple[int, str, str, str]] = set()
        self._assistants: set[int] = set()
        self._rest: dict[tuple[str, int], str] = {}
        self._unknown: set[str] = set()
        self._seen: set[Hashable] = set()

    def append(self, kind: PartKind, text: str, choice: int = 0) -> None:
        """Text that continues the choice's last part of flowing text, or begins one of another kind."""
        if not text:
            return
        flow = self._flow.get(choice)
        if flow is not None and flow[0] is kind:
            part = flow[1]
            if self._halves or not text.isascii():
                text = self._whole(part, text)
            self.deltas.append(Delta(self.event, kind, part, text, choice))
            return
        self._flow[choice] = (kind, self._open(kind, text, choice))

    def block(
        self,
        key: Hashable,
        kind: PartKind,
        text: str = "",
        *,
        name: str = "",
        call_id: str = "",
        facts: Facts = (),
        media: Media | None = None,
        choice: int = 0,
        aside: bool = False,
    ) -> None:
        """Text or facts for the part that the API calls `key`; the first call opens it.

        What stands `aside` leaves the text that it was sent with flowing on.
        """
        part = self._blocks.get(key)
        if part is None:
            if not aside:
                self._flow.pop(choice, None)
            self._blocks[key] = self._open(kind, text, choice, name, call_id, facts, media)
            return
        if not (name or call_id or facts or media):
            if text:
                text = self._block_text(part, text)
                self.deltas.append(Delta(self.event, self._kinds[part], part, text, choice))
            return
        name = self._grown_name(part, name)
        text = self._block_text(part, text)
        if text or name or call_id or facts or media:
            kind = self._kinds[part]
            delta = Delta(self.event, kind, part, text, choice, name, call_id, facts=facts, media=media)
            self.deltas.append(delta)

    def part(
        self,
        kind: PartKind,
        text: str = "",
        *,
        name: str = "",
        call_id: str = "",
        facts: Facts = (),
        media: Media | None = None,
        choice: int = 0,
    ) -> None:
        """A part that comes whole. A citation leaves the text it stands in flowing on."""
        if kind is not PartKind.CITATION:
            self._flow.pop(choice, None)
        self._open(kind, text, choice, name, call_id, facts, media)

    def once(
        self,
        key: Hashable,
        kind: PartKind,
        text: str = "",
        *,
        name: str = "",
        call_id: str = "",
        facts: Facts = (),
        media: Media | None = None,
        choice: int = 0,
        aside: bool = False,
    ) -> None:
        """A part that comes whole and that the API may repeat: what is said again under `key` adds nothing."""
        if key not in self._blocks:
            self.block(
                key,
                kind,
                text,
                name=name,
                call_id=call_id,
                facts=facts,
                media=media,
                choice=choice,
                aside=aside,
            )

    def mark(self, kind: PartKind, facts: Facts, choice: int = 0) -> None:
        """Facts about the choice's last part of a kind; they open one where there is none."""
        part = self._latest.get((choice, kind))
        if part is None:
            self._open(kind, "", choice, facts=facts)
        else:
            self.deltas.append(Delta(self.event, kind, part, choice=choice, facts=facts))

    def begins_anew(self, key: Hashable, name: str, call_id: str) -> bool:
        """Whether a call under the key of an open one is another: some gateways count all of them as 0."""
        part = self._blocks.get(key)
        if part is None or not name:
            return False
        known = self._call_ids.get(part, "")
        if call_id and known:
            return call_id != known
        return part in self._texts and name != self._names.get(part, "")

    def leave(self, key: Hashable) -> None:
        """The part opened as `key` is whole; the next text under it opens another."""
        self._blocks.pop(key, None)

    def first(self, key: Hashable) -> bool:
        """Whether `key` is asked for the first time: what is repeated later is then known to be."""
        is_first = key not in self._seen
        self._seen.add(key)
        return is_first

    def rest(self, name: str, value: object, choice: int = 0) -> None:
        """A member that no API is known to send: kept beside the answer, a line each time it says another thing."""
        text = value if isinstance(value, str) else spell(value)
        if self._rest.get((name, choice)) != text:
            self._rest[name, choice] = text
            self.block(
                ("rest", name, choice), PartKind.OTHER, text + "\n", name=name, choice=choice, aside=True
            )

    def unknown(self, label: str, data: str) -> None:
        """An event of a kind that the API is not known to send: kept whole, with others of its kind."""
        if label not in self._unknown and len(self._unknown) >= _UNKNOWN:
            label = ""
        self._unknown.add(label)
        self.block(("unknown", label), PartKind.OTHER, data + "\n", name=label, aside=True)

    @property
    def has_written(self) -> bool:
        """Whether the current event has added anything yet."""
        return bool(self.deltas) and self.deltas[-1].event == self.event

    @property
    def has_usage(self) -> bool:
        """Whether any tokens have been counted yet."""
        return self._usage != _UNCOUNTED

    @property
    def has_cost(self) -> bool:
        """Whether the API has said what the answer costs."""
        return bool(self._usage.cost)

    @property
    def has_parts(self) -> bool:
        """Whether any part is open yet."""
        return self._parts > 0

    @property
    def has_tool_calls(self) -> bool:
        """Whether any tool call is open yet."""
        return PartKind.TOOL_CALL in self._kinds

    def has_text(self, key: Hashable) -> bool:
        """Whether the block opened as `key` has any text yet."""
        return self._blocks.get(key) in self._texts

    def kind_of(self, key: Hashable) -> PartKind | None:
        """The kind of the block opened as `key`, None where none was."""
        part = self._blocks.get(key)
        return None if part is None else self._kinds[part]

    def start(self, *, model: str = "", id: str = "", role: str = "", choice: int = 0) -> None:
        """What the answer says of itself; said again, it adds nothing."""
        self.said = model, id
        known = (choice, model, id, role)
        if known not in self._known and (model or id or role):
            self._known.add(known)
            self.deltas.append(
                Delta(self.event, PartKind.START, choice=choice, role=role, model=model, id=id)
            )

    def start_assistant(self, choice: int) -> None:
        """The choice's role is the usual one; chat chunks say so each time."""
        if choice not in self._assistants:
            self._assistants.add(choice)
            self.start(role="assistant", choice=choice)

    def cite(self, key: Hashable, title: str, url: str, choice: int = 0) -> None:
        """A source, once: many APIs list the sources so far in every event."""
        facts = (("url", url),) if url else ()
        self.once(key, PartKind.CITATION, name=title, facts=facts, choice=choice, aside=True)

    def finish(self, reason: str, choice: int = 0) -> None:
        """The choice is finished, for the API's own reason."""
        if reason:
            self.deltas.append(Delta(self.event, PartKind.FINISH, text=reason, choice=choice))

    def usage(self, usage: Usage) -> None:
        """Tokens counted so far; later counts lie over earlier ones, the same count again adds nothing."""
        if usage != self._usage and usage != _UNCOUNTED:
            self._usage = usage
            self.deltas.append(Delta(self.event, _USAGE, usage=usage))

    def error(self, message: str, facts: Facts = ()) -> None:
        """An error that the API sent."""
        self.part(PartKind.ERROR, message or "error", facts=facts)

    def nothing(self) -> None:
        """A known event that adds nothing: a keep-alive, an end, a repetition."""
        self.deltas.append(Delta(self.event, PartKind.NOTHING))

    def other(self, label: str) -> None:
        """An event that nobody knows; kept by its type or first words."""
        self.deltas.append(Delta(self.event, PartKind.OTHER, text=label))

    def note(self, event: int, why: str) -> None:
        """Say what could not be read of an event; many alike are counted, not listed."""
        self._unread += 1
        if self._unread <= _NOTES:
            self.notes.append(f"Event {event}: {why}.")

    def close(self) -> None:
        """Show what waits for the other half of its surrogate pair, which never came, as U+FFFD."""
        for part in self._halves:
            self.deltas.append(Delta(self.event, self._kinds[part], part, "\ufffd"))
        self._halves.clear()
        if self._unread > _NOTES:
            self.notes.append(f"{self._unread - _NOTES} more events could not be read.")

    def _open(
        self,
        kind: PartKind,
        text: str,
        choice: int,
        name: str = "",
        call_id: str = "",
        facts: Facts = (),
        media: Media | None = None,
    ) -> int:
        part = self._parts
        self._parts += 1
        self._kinds.append(kind)
        self._latest[choice, kind] = part
        if name:
            self._names[part] = name
        if call_id:
            self._call_ids[part] = call_id
        text = self._block_text(part, text)
        self.deltas.append(
            Delta(
                self.event,
                kind,
                part,
                text,
                choice,
                name,
                call_id,
                opens=True,
                facts=facts,
                media=media,
            )
        )
        return part

    def _block_text(self, part: int, text: str) -> str:
        if not text:
            return ""
        self._texts.add(part)
        return self._whole(part, text)

    def _grown_name(self, part: int, name: str) -> str:
        """The part's whole name where `name` is new; some gateways repeat it, some send it in pieces."""
        known = self._names.get(part, "")
        if not name or name == known or len(known) > _LONGEST_NAME:
            return ""
        self._names[part] = known + name
        return self._names[part]

    def _whole(self, part: int, text: str) -> str:
        """`text` with surrogate pairs joined; half a pair at its end waits for the part's next text."""
        if text.isascii() and not self._halves:
            return text
        text = self._halves.pop(part, "") + text
        try:
            text.encode()
        except UnicodeEncodeError:
            return self._joined(part, text)
        return text

    def _joined(self, part: int, text: str) -> str:
        if "\ud800" <= text[-1] <= "\udbff":
            self._halves[part] = text[-1]
            text = text[:-1]
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
