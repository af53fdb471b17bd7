"""Edits as values: what is to change, said once, checked, and turned into an exchange of text.

An edit knows nothing of undo: that is its exchange the other way. Positions count interactions from 0.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from viewer.cassette.cassette import Cassette, ensure_editable
from viewer.cassette.formats.base import Editing, Side
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError, Interaction, ParseError, Request, Response
from viewer.cassette.node import Mapping
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Exchange, Patch
from viewer.cassette.shadow import refused_characters
from viewer.cassette.shared_ends import shared_ends
from viewer.cassette.tree import parse_entry

# RFC 9110, section 5.6.2.
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_METHOD = regex(_TOKEN)
# HTTP/2's pseudo-headers, which browsers record, begin with a colon (RFC 9113, section 8.3).
_HEADER_NAME = regex(f":?{_TOKEN}")


class Edit(Protocol):
    """A change to a cassette. `label` names it in the imperative, for the undo menu."""

    @property
    def label(self) -> str:
        """What the edit does: "Change Body"."""

    @property
    def position(self) -> int:
        """The interaction that it changes, or the first one."""

    def reach(self, cassette: Cassette) -> int:
        """About how many bytes have to be parsed to make it, by which its time can be told."""

    def exchange(self, cassette: Cassette) -> Exchange:
        """The patches that make the edit; empty where nothing changes. Raises EditError where it cannot be made."""


class _InteractionEdit(msgspec.Struct, frozen=True):
    position: int

    def reach(self, cassette: Cassette) -> int:
        return cassette.size(self.position)

    def exchange(self, cassette: Cassette) -> Exchange:
        ensure_editable(cassette, self.position)
        group = cassette.group(self.position)
        interaction = cassette.interaction(self.position)
        editors = cassette.editors(self.position)
        self.make(cassette.format.edit(group, interaction, editors), interaction)
        patches: list[Patch] = []
        for entry, editor in zip(group, editors, strict=True):
            patches.extend(editor.patches(entry.piece))
        exchange = Exchange(tuple(patches))
        _check(cassette, self.position, exchange)
        return exchange

    def make(self, editing: Editing, interaction: Interaction) -> None:
        raise NotImplementedError


class SetMethod(_InteractionEdit, frozen=True):
    """Changes the request's method."""

    value: str
    label = "Change Method"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        if not _METHOD.fullmatch(self.value):
            raise EditError(f"{self.value!r} is no HTTP method", remedy="Write one such as GET or POST.")
        editing.set_method(self.value)


class SetUrl(_InteractionEdit, frozen=True):
    """Changes the request's URL."""

    value: str
    label = "Change URL"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        if not self.value:
            raise EditError("a request without a URL never matches", remedy="Write a URL.")
        editing.set_url(self.value)


class SetStatus(_InteractionEdit, frozen=True):
    """Changes the response's status code; its reason too, to the standard one where none is given."""

    code: int
    reason: str | None = None
    label = "Change Status"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        editing.set_status(self.code, self.reason)


class SetHeader(_InteractionEdit, frozen=True):
    """Changes the header line at `index`."""

    side: Side
    index: int
    name: str
    value: str
    label = "Change Header"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        message = interaction.request if self.side is Side.REQUEST else interaction.response
        headers = list(message.headers) if message else []
        # A recorded name is kept, whatever it is.
        if not (0 <= self.index < len(headers) and headers[self.index].name == self.name):
            _check_header_name(self.name)
        editing.set_header(self.side, self.index, self.name, self.value)


class AddHeader(_InteractionEdit, frozen=True):
    """Adds a header line."""

    side: Side
    name: str
    value: str
    label = "Add Header"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        _check_header_name(self.name)
        editing.add_header(self.side, self.name, self.value)


def _check_header_name(name: str) -> None:
    if not _HEADER_NAME.fullmatch(name):
        raise EditError(f"{name!r} is no header's name", remedy="Write one such as Content-Type.")


class RemoveHeader(_InteractionEdit, frozen=True):
    """Removes the header line at `index`."""

    side: Side
    index: int
    label = "Delete Header"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        editing.remove_header(self.side, self.index)


class SetBodyText(_InteractionEdit, frozen=True):
    """Changes a body's text; with `keep_codings` a compressed one is compressed again, else stored plain.

    Stored plain, it loses its content-encoding header too.
    """

    side: Side
    text: str
    keep_codings: bool = True
    label = "Change Body"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        message = _message(interaction, self.side)
        body = message.body
        if body.text == self.text and (self.keep_codings or not body.codings):
            return
        editing.set_body(self.side, body.encode(self.text, keep_codings=self.keep_codings))
        if not self.keep_codings:
            editing.remove_headers(self.side, "content-encoding")


class SetPrettyText(SetBodyText, frozen=True):
    """Changes a JSON body where `text` differs from `shown`, which is its pretty view; blanks do not count.

    That is `SetBodyText` of what `unpretty` gives, which takes time where the body is large.
    """

    shown: str = ""

    def make(self, editing: Editing, interaction: Interaction) -> None:
        # Found out with the edit, not when the first body is shown.
        from viewer.cassette.json_back import unpretty

        recorded = _message(interaction, self.side).body.text or ""
        new = unpretty(recorded, self.shown, self.text)
        SetBodyText(self.position, self.side, new, self.keep_codings).make(editing, interaction)


class RepairText(SetBodyText, frozen=True):
    """Replaces a body's text by the one that was meant, before another code page came between."""

    label = "Repair Text"


class SetBodyContent(_InteractionEdit, frozen=True):
    """Changes a body's content, bytes before any content-encoding; a compressed one is compressed again."""

    side: Side
    content: bytes
    label = "Change Body"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        editing.set_body(self.side, _message(interaction, self.side).body.encode_content(self.content))


class SetRecordedLength(_InteractionEdit, frozen=True):
    """Corrects the length that the format records beside a body."""

    side: Side
    length: int
    label = "Correct Length"

    def make(self, editing: Editing, interaction: Interaction) -> None:
        editing.set_recorded_length(self.side, self.length)


class SetEntryText(msgspec.Struct, frozen=True):
    """Replaces an interaction's own text in the file, as written in its YAML tab."""

    position: int
    text: str
    label = "Change Text"

    def reach(self, cassette: Cassette) -> int:
        return cassette.size(self.position)

    def exchange(self, cassette: Cassette) -> Exchange:
        ensure_editable(cassette, self.position)
        pieces = cassette.group(self.position)
        if len(pieces) > 1:
            raise EditError(
                "this interaction stands at two places of the file", remedy="Edit the file as text."
            )
        old = pieces[0].text
        text = self.text
        if old.endswith("\n") and not text.endswith("\n"):
            text += "\r\n" if old.endswith("\r\n") else "\n"
        if text == old:
            return Exchange(())
        if cassette.layout.syntax is Syntax.YAML:
            _ensure_allowed(old, text)
        try:
            root = parse_entry(text, cassette.layout)
        except ParseError as err:
            raise EditError(
                f"the new text is no entry of the list: {err.message}",
                line=err.line,
                column=err.column,
                remedy="Mend it, or press Esc to keep the old text.",
            ) from err
        if not isinstance(root, Mapping):
            raise EditError("the new text is no mapping", remedy="Keep the keys `request` and `response`.")
        front, back = shared_ends(old, text)
        patch = Patch(pieces[0].piece, front, old[front : len(old) - back], text[front : len(text) - back])
        return Exchange((patch,))


def _ensure_allowed(old: str, new: str) -> None:
    """Raises EditError for a character that no YAML parser takes, unless it stood there before."""
    typed = refused_characters(new) - refused_characters(old)
    if typed:
        raise EditError(
            f"YAML cannot hold the character U+{ord(min(typed)):04X} as it is",
            remedy='Write it as an escape in double quotes: "\\x00".',
        )


def _message(interaction: Interaction, side: Side) -> Request | Response:
    message = interaction.request if side is Side.REQUEST else interaction.response
    if message is None:
        raise EditError(f"there is no {side.value} here")
    return message


def _check(cassette: Cassette, position: int, exchange: Exchange) -> None:
    """Makes sure that the changed entry still parses, before anybody sees it.

    A change that would break the file is refused as a whole; the file comes first.
    """
    if not exchange:
        return
    changed = {patch.piece for patch in exchange.steps if isinstance(patch, Patch)}
    texts = {piece: cassette.pieces.text(piece) for piece in changed}
    for patch in exchange.steps:
        assert isinstance(patch, Patch)
        text = texts[patch.piece]
        texts[patch.piece] = text[: patch.start] + patch.new + text[patch.start + len(patch.old) :]
    for text in texts.values():
        try:
            parse_entry(text, cassette.layout)
        except ParseError as err:
            raise EditError(
                f"the file's format cannot hold this value ({err.message}); nothing was changed",
                remedy="Edit the entry in its YAML tab.",
            ) from err
