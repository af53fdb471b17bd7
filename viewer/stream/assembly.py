"""Deltas appended in order make the transcript: of the whole answer, or of what had come by an event."""

from __future__ import annotations

from collections.abc import Iterable

from viewer.stream.base64_pieces import joined_base64
from viewer.stream.transcript import Delta, Media, Message, Part, PartKind, Transcript, Usage


def assemble(deltas: Iterable[Delta], provider: str = "", notes: tuple[str, ...] = ()) -> Transcript:
    """The transcript that `deltas` make; those of the first events alone make the transcript by then."""
    assembly = _Assembly()
    for delta in deltas:
        assembly.take(delta)
    return assembly.transcript(provider, notes)


class _Draft:
    """A part while deltas are still being appended to it."""

    __slots__ = (
        "call_id",
        "choice",
        "events",
        "facts",
        "kind",
        "length",
        "media",
        "name",
        "offsets",
        "texts",
    )

    def __init__(self, kind: PartKind, choice: int) -> None:
        self.kind = kind
        self.choice = choice
        self.name = self.call_id = ""
        self.texts: list[str] = []
        self.offsets: list[int] = []
        self.events: list[int] = []
        self.length = 0
        self.facts: list[tuple[str, str]] = []
        self.media: list[Media] = []

    def take(self, delta: Delta) -> None:
        if delta.text:
            if not self.events or self.events[-1] != delta.event:
                self.events.append(delta.event)
                self.offsets.append(self.length)
            self.texts.append(delta.text)
            self.length += len(delta.text)
        if delta.name:
            self.name = delta.name
        if delta.call_id:
            self.call_id = delta.call_id
        if delta.facts:
            self.facts.extend(delta.facts)
        if delta.media:
            self.media.append(delta.media)

    def part(self) -> Part:
        return Part(
            self.kind,
            "".join(self.texts),
            self.name,
            self.call_id,
            _media_of(self.kind, self.media),
            tuple(self.facts),
            self.choice,
            tuple(self.offsets),
            tuple(self.events),
        )


def _media_of(kind: PartKind, pieces: list[Media]) -> Media | None:
    """Sound comes in pieces, which follow each other; of a picture's each is a better one."""
    if kind is not PartKind.AUDIO or len(pieces) < 2:
        return pieces[-1] if pieces else None
    first = pieces[0]
    return Media(first.type, joined_base64([piece.base64 for piece in pieces]), first.url, first.name)


class _Assembly:
    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.roles: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.usage = Usage()
        self.model = ""
        self.id = ""

    def take(self, delta: Delta) -> None:
        if delta.part >= 0:
            if delta.part == len(self.drafts):
                self.drafts.append(_Draft(delta.kind, delta.choice))
            self.drafts[delta.part].take(delta)
        elif delta.kind is PartKind.START:
            self._start(delta)
        elif delta.kind is PartKind.FINISH:
            self.reasons[delta.choice] = delta.text
        elif delta.usage is not None:
            self.usage = self.usage.merged(delta.usage)

    def _start(self, delta: Delta) -> None:
        self.model = delta.model or self.model
        self.id = self.id or delta.id
        if delta.role:
            self.roles[delta.choice] = delta.role

    def transcript(self, provider: str, notes: tuple[str, ...]) -> Transcript:
        parts = tuple(draft.part() for draft in self.drafts)
        errors = (part.text for part in parts if part.kind is PartKind.ERROR)
        return Transcript(
            provider=provider,
            model=self.model,
            id=self.id,
            parts=parts,
            messages=self._messages(parts),
            usage=self.usage,
            notes=notes,
            error=next(errors, ""),
        )

    def _messages(self, parts: tuple[Part, ...]) -> tuple[Message, ...]:
        said: dict[int, list[Part]] = {choice: [] for choice in (*self.reasons, *self.roles)}
        for part in parts:
            said.setdefault(part.choice, []).append(part)
        return tuple(
            Message(
                role=self.roles.get(choice, "assistant"),
                parts=tuple(said[choice]),
                finish_reason=self.reasons.get(choice, ""),
                index=choice,
            )
            for choice in sorted(said)
        )
