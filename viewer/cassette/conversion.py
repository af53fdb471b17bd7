"""An interaction of any cassette as entries of another one, whatever the formats.

The form is taken from an interaction that the other cassette has: its text, with everything exchanged that the
model knows. What it does not know (times, addresses, protocol versions) stays as that interaction had it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.cassette.entry_editor import EntryEditor
from viewer.cassette.formats.base import Editing, Entry, Group, Side
from viewer.cassette.model import EditError, Interaction, Kind, Request, Response
from viewer.cassette.structure import texts_of
from viewer.cassette.tree import parse_entry

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette


def converted(interaction: Interaction, target: Cassette) -> tuple[str, ...]:
    """The texts of the entries that hold `interaction` in `target`, for `InsertInteraction`.

    Raises EditError where `target` has nothing of the kind to take the form from, or cannot hold the contents.
    """
    if interaction.kind is not Kind.HTTP or interaction.request is None:
        raise EditError(
            "this entry is no HTTP interaction", remedy="Insert its text into a cassette of its format."
        )
    texts = _template(interaction, target)
    for change in _changes(interaction):
        texts = _changed(target, texts, change)
    return texts


def _template(interaction: Interaction, target: Cassette) -> tuple[str, ...]:
    """The first of some interactions that has as many messages as the new one."""
    for position in range(min(len(target), 20)):
        found = target.interaction(position)
        if found.request is not None and (found.response is None) == (interaction.response is None):
            return texts_of(target, position)
    raise EditError(
        "this cassette has no interaction to take the form from",
        remedy="Record one first, or insert from a cassette of the same format.",
    )


def _changes(interaction: Interaction) -> list[Callable[[Editing, Interaction], None]]:
    """One change after the other, since each needs the tree that the one before it left."""
    request, response = interaction.request, interaction.response
    assert request is not None
    changes: list[Callable[[Editing, Interaction], None]] = [
        lambda editing, old: editing.set_method(request.method),
        lambda editing, old: editing.set_url(request.url),
        lambda editing, old: _set_message(editing, Side.REQUEST, request, old.request),
        lambda editing, old: editing.set_headers(Side.REQUEST, request.headers),
    ]
    if response is not None:
        status = response.status
        if status is not None:
            changes.append(lambda editing, old: editing.set_status(status, response.reason or None))
        changes.append(lambda editing, old: _set_message(editing, Side.RESPONSE, response, old.response))
        changes.append(lambda editing, old: editing.set_headers(Side.RESPONSE, response.headers))
    return changes


def _set_message(
    editing: Editing, side: Side, new: Request | Response, old: Request | Response | None
) -> None:
    if old is not None and new.body.raw != old.body.raw:
        editing.set_body(side, new.body.raw or b"")


def _changed(
    target: Cassette, texts: tuple[str, ...], change: Callable[[Editing, Interaction], None]
) -> tuple[str, ...]:
    group: Group = tuple(
        Entry(piece, text, parse_entry(text, target.layout)) for piece, text in enumerate(texts)
    )
    editors = tuple(EntryEditor(entry.text, entry.root, target.writer) for entry in group)
    interaction = target.format.read(group, 0)
    change(target.format.edit(group, interaction, editors), interaction)
    return tuple(_patched(entry.text, editor) for entry, editor in zip(group, editors, strict=True))


def _patched(text: str, editor: EntryEditor) -> str:
    for patch in editor.patches(0):
        text = text[: patch.start] + patch.new + text[patch.start + len(patch.old) :]
    return text
