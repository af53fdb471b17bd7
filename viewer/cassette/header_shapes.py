"""The ways in which recorders write header lines, read and edited alike.

- a mapping of names to lists (go-vcr, vcrpy, Ruby VCR, Betamax) or to single values (php-vcr, R vcr)
- a list of mappings with `name` and `value` (HAR)
- a list of `Name: value` lines (vcrpy before 1.0) or of [name, value] pairs
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from viewer.cassette.entry_editor import EntryEditor, Text
from viewer.cassette.headers import Header, Headers
from viewer.cassette.model import EditError
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, find, followed, text_of


@dataclass(frozen=True, slots=True)
class HeaderSlot:
    """Where one header line stands: its value's node, the owner's place `at`, and the place `item` in a list."""

    header: Header
    value: AnyNode
    at: int
    item: int | None = None


def slots(node: AnyNode | None) -> list[HeaderSlot]:
    """Every header line under a headers node, in order; nothing where there is no such node."""
    node = followed(node)
    if isinstance(node, Mapping):
        return list(_mapping_slots(node))
    if isinstance(node, Sequence):
        return list(_list_slots(node))
    return []


def read_headers(node: AnyNode | None) -> Headers:
    """The headers under a headers node."""
    return Headers(tuple(slot.header for slot in slots(node)))


def _mapping_slots(node: Mapping) -> Iterator[HeaderSlot]:
    for at, (key, value) in enumerate(node.pairs):
        name = _name(key)
        target = followed(value)
        if isinstance(target, Sequence):
            for item, entry in enumerate(target.items):
                yield HeaderSlot(Header(name, text_of(entry)), entry, at, item)
        else:
            yield HeaderSlot(Header(name, text_of(target)), value, at)


def _name(key: AnyNode) -> str:
    """A header's name; old aiohttp recordings have it as the argument of a constructor in a complex key."""
    while isinstance(key, Sequence) and key.items:
        key = key.items[0]
    return text_of(key)


def _list_slots(node: Sequence) -> Iterator[HeaderSlot]:
    for at, item in enumerate(node.items):
        entry = followed(item)
        if isinstance(entry, Mapping):
            value = entry.get("value") or entry
            yield HeaderSlot(Header(text_of(entry.get("name")), text_of(value)), value, at)
        elif isinstance(entry, Sequence) and len(entry.items) == 2:
            yield HeaderSlot(Header(text_of(entry.items[0]), text_of(entry.items[1])), entry.items[1], at)
        elif isinstance(entry, Scalar):
            name, _, value_text = entry.value.partition(":")
            yield HeaderSlot(Header(name.strip(), value_text.strip()), entry, at)


def set_value(editor: EntryEditor, owner: AnyNode | None, index: int, value: str) -> None:
    """Gives the header line at `index` another value."""
    slot = _slot(owner, index)
    node = followed(owner)
    scalar = slot.value
    if isinstance(node, Sequence) and followed(node.items[slot.at]) is scalar and isinstance(scalar, Scalar):
        name, colon, old = scalar.value.partition(":")
        tail = "\r\n" if old.endswith("\r\n") else ""
        editor.set(scalar, f"{name}{colon} {value}{tail}")
    else:
        editor.set(scalar, value)


def rename(editor: EntryEditor, owner: AnyNode | None, index: int, name: str) -> None:
    """Gives the header line at `index` another name; lines that share a name in the file are split up first."""
    slot = _slot(owner, index)
    node = followed(owner)
    if isinstance(node, Mapping):
        key, value = node.pairs[slot.at]
        if isinstance(value, Sequence) and len(value.items) > 1:
            raise EditError(
                f"{slot.header.name} has several values under one name",
                remedy="Delete this one and add a header with the new name.",
            )
        editor.set(key, name)
        return
    entry = followed(node.items[slot.at]) if isinstance(node, Sequence) else None
    if isinstance(entry, Scalar):
        editor.set(entry, f"{name}:{entry.value.partition(':')[2]}")
        return
    target = find(entry, "name") if isinstance(entry, Mapping) else find(entry, 0)
    if target is None:
        raise EditError("this header has no name to change", remedy="Edit it in the YAML tab.")
    editor.set(target, name)


def remove(editor: EntryEditor, owner: AnyNode | None, index: int) -> None:
    """Removes the header line at `index`."""
    slot = _slot(owner, index)
    node = followed(owner)
    if isinstance(node, Sequence):
        editor.remove_item(node, slot.at)
        return
    assert isinstance(node, Mapping)
    value = followed(node.pairs[slot.at][1])
    if isinstance(value, Sequence) and len(value.items) > 1 and slot.item is not None:
        editor.remove_item(value, slot.item)
    else:
        editor.remove_pair(node, slot.at)


def add(editor: EntryEditor, owner: AnyNode | None, name: str, value: str, *, lists: bool) -> None:
    """Adds a header line: to the values of the same name, else in the order the file keeps, else at the end.

    `lists` says that the format writes a list of values under each name.
    """
    node = followed(owner)
    if isinstance(node, Sequence):
        editor.insert_item(node, len(node.items), _like_items(node, name, value))
    elif isinstance(node, Mapping):
        _add_to_mapping(editor, node, name, value, lists=lists)
    else:
        raise EditError("there is no list of headers to add to", remedy="Edit it in the YAML tab.")


def _add_to_mapping(editor: EntryEditor, node: Mapping, name: str, value: str, *, lists: bool) -> None:
    for key, values in node.pairs:
        if _name(key).lower() == name.lower() and isinstance(values, Sequence):
            editor.insert_item(values, len(values.items), Text(value))
            return
    names = [_name(key) for key, _ in node.pairs]
    at = len(names)
    if names == sorted(names):
        at = sum(other < name for other in names)
    if names:
        lists = isinstance(followed(node.pairs[0][1]), Sequence)
    editor.insert_pair(node, at, name, [Text(value)] if lists else Text(value))


def _like_items(node: Sequence, name: str, value: str) -> Text | list | tuple:  # type: ignore[type-arg]
    first = followed(node.items[0]) if node.items else None
    if isinstance(first, Scalar):
        return Text(f"{name}: {value}" + ("\r\n" if first.value.endswith("\r\n") else ""))
    if isinstance(first, Sequence):
        return [Text(name), Text(value)]
    return (("name", Text(name)), ("value", Text(value)))


def _slot(owner: AnyNode | None, index: int) -> HeaderSlot:
    found = slots(owner)
    if not 0 <= index < len(found):
        raise EditError(f"there is no header line {index + 1}")
    return found[index]
