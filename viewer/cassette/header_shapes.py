"""The ways in which recorders write header lines, read and edited alike.

- a mapping of names to lists (go-vcr, vcrpy, Ruby VCR, Betamax) or to single values (php-vcr, R vcr)
- a list of mappings with `name` and `value` (HAR)
- a list of `Name: value` lines (vcrpy before 1.0) or of [name, value] pairs
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.body_shapes import BINARY_TAGS, decoded_base64, is_null
from viewer.cassette.headers import Header, Headers
from viewer.cassette.model import EditError
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.new_text import New


class HeaderSlot(msgspec.Struct, frozen=True):
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
    """The headers under a headers node, read when somebody looks at them."""
    return Headers.later(lambda: tuple(slot.header for slot in slots(node)))


def _mapping_slots(node: Mapping) -> Iterator[HeaderSlot]:
    for at, (key, value) in enumerate(node.pairs):
        name = _name(key)
        target = followed(value)
        if isinstance(target, Sequence):
            for item, entry in enumerate(target.items):
                yield HeaderSlot(Header(name, _value(entry)), entry, at, item)
        else:
            yield HeaderSlot(Header(name, _value(target)), value, at)


def _value(node: AnyNode | None) -> str:
    """A header's value as text: null is empty, and bytes (which aiohttp and botocore hand over) are decoded."""
    node = followed(node)
    if not isinstance(node, Scalar) or is_null(node):
        return ""
    decoded = decoded_base64(node.value) if node.tag in BINARY_TAGS else None
    # RFC 9110, section 5.5: bytes beyond ASCII have no meaning of their own.
    return node.value if decoded is None else decoded.decode("latin-1")


def _name(key: AnyNode) -> str:
    """A header's name; old aiohttp recordings have it as the argument of a constructor in a complex key."""
    while isinstance(key, Sequence) and key.items:
        key = key.items[0]
    return text_of(key)


def _list_slots(node: Sequence) -> Iterator[HeaderSlot]:
    for at, item in enumerate(node.items):
        entry = followed(item)
        if isinstance(entry, Mapping):
            yield from _valued_slots(text_of(entry.get("name")), entry.get("value") or entry, at)
        elif isinstance(entry, Sequence) and len(entry.items) == 2:
            yield from _valued_slots(text_of(entry.items[0]), entry.items[1], at)
        elif isinstance(entry, Scalar):
            name, _, value_text = entry.value.partition(":")
            yield HeaderSlot(Header(name.strip(), value_text.strip()), entry, at)


def _valued_slots(name: str, value: AnyNode, at: int) -> Iterator[HeaderSlot]:
    """A name's slot, or those of its list of values (old Polly.js, tornado)."""
    target = followed(value)
    if isinstance(target, Sequence):
        for item, entry in enumerate(target.items):
            yield HeaderSlot(Header(name, _value(entry)), entry, at, item)
    else:
        yield HeaderSlot(Header(name, _value(target)), value, at)


def set_line(editor: EntryEditor, owner: AnyNode | None, index: int, name: str, value: str) -> None:
    """Gives the header line at `index` another name, another value, or both."""
    slot = _slot(owner, index)
    old = slot.header
    line = _line(owner, slot)
    if line is not None:
        tail = "\r\n" if line.value.endswith("\r\n") else ""
        if (old.name, old.value) != (name, value):
            editor.set(line, f"{name}: {value}{tail}")
        return
    values = _values_named(owner, slot, name) if old.name != name else None
    if values is not None:
        remove(editor, owner, index)
        _add_value(editor, values, value)
        return
    if old.name != name:
        _rename(editor, owner, slot, name)
    if old.value != value:
        _set_value(editor, slot.value, value)


def set_value(editor: EntryEditor, owner: AnyNode | None, index: int, value: str) -> None:
    """Gives the header line at `index` another value."""
    set_line(editor, owner, index, _slot(owner, index).header.name, value)


def _line(owner: AnyNode | None, slot: HeaderSlot) -> Scalar | None:
    """The scalar that holds a header's name and value both, where the file keeps whole lines."""
    node = followed(owner)
    item = followed(node.items[slot.at]) if isinstance(node, Sequence) else None
    return item if isinstance(item, Scalar) else None


def _set_value(editor: EntryEditor, node: AnyNode, value: str) -> None:
    if isinstance(node, Scalar) and node.tag in BINARY_TAGS:
        editor.set(node, base64.b64encode(value.encode("latin-1", "replace")).decode("ascii"), node.tag)
    else:
        editor.set(node, value)


def _values_named(owner: AnyNode | None, slot: HeaderSlot, name: str) -> AnyNode | None:
    """What a mapping holds under `name` already, elsewhere than at the slot: the line has to go there."""
    node = followed(owner)
    if not isinstance(node, Mapping):
        return None
    others = (pair for at, pair in enumerate(node.pairs) if at != slot.at)
    return next((values for key, values in others if _name(key).lower() == name.lower()), None)


def _rename(editor: EntryEditor, owner: AnyNode | None, slot: HeaderSlot, name: str) -> None:
    """Gives a header another name, if it shares its name in the file with no other one."""
    node = followed(owner)
    assert isinstance(node, Mapping | Sequence)
    values = _values(node, slot)
    if values is not None and len(values.items) > 1:
        raise EditError(
            f"{slot.header.name} has several values under one name",
            remedy="Delete this one and add a header with the new name.",
        )
    if isinstance(node, Mapping):
        editor.set(node.pairs[slot.at][0], name)
        return
    entry = followed(node.items[slot.at])
    target = find(entry, "name") if isinstance(entry, Mapping) else find(entry, 0)
    if target is None:
        raise EditError("this header has no name to change", remedy="Edit it in the YAML tab.")
    editor.set(target, name)


def remove(editor: EntryEditor, owner: AnyNode | None, index: int) -> None:
    """Removes the header line at `index`."""
    slot = _slot(owner, index)
    node = followed(owner)
    assert isinstance(node, Mapping | Sequence)
    values = _values(node, slot)
    if values is not None and len(values.items) > 1 and slot.item is not None:
        editor.remove_item(values, slot.item)
    else:
        editor.remove_children(node, [slot.at])


def remove_named(editor: EntryEditor, owner: AnyNode | None, name: str) -> None:
    """Removes every header line of that name."""
    node = followed(owner)
    places = {slot.at for slot in slots(node) if slot.header.name.lower() == name.lower()}
    if places and isinstance(node, Mapping | Sequence):
        editor.remove_children(node, sorted(places))


def _values(node: Mapping | Sequence, slot: HeaderSlot) -> Sequence | None:
    """The list of values that a slot is one of."""
    if isinstance(node, Mapping):
        values = followed(node.pairs[slot.at][1])
    else:
        values = find(node, slot.at, "value") or find(node, slot.at, 1)
        values = followed(values)
    return values if isinstance(values, Sequence) and slot.item is not None else None


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


def new_headers(headers: Headers, like: AnyNode | None, *, lists: bool) -> New:
    """All header lines anew: as the items of the list `like`, else as a mapping.

    `lists` says that the format writes a list of values under each name; without, only a name that occurs more
    than once has one.
    """
    from viewer.cassette.new_text import Text

    if isinstance(like, Sequence):
        return [_like_items(like, header.name, header.value) for header in headers]
    values: dict[str, list[New]] = {}
    for header in headers:
        values.setdefault(header.name, []).append(Text(header.value))
    return tuple((name, found if lists or len(found) > 1 else found[0]) for name, found in values.items())


def _add_to_mapping(editor: EntryEditor, node: Mapping, name: str, value: str, *, lists: bool) -> None:
    from viewer.cassette.new_text import Text

    for key, values in node.pairs:
        if _name(key).lower() == name.lower():
            _add_value(editor, values, value)
            return
    names = [_name(key) for key, _ in node.pairs]
    at = len(names)
    if names == sorted(names):
        at = sum(other < name for other in names)
    as_list = [isinstance(followed(values), Sequence) for _, values in node.pairs]
    # A project's hook may have put a bare value among lists.
    if as_list and 2 * sum(as_list) != len(as_list):
        lists = 2 * sum(as_list) > len(as_list)
    editor.insert_pair(node, at, name, [Text(value)] if lists else Text(value))


def _add_value(editor: EntryEditor, values: AnyNode, value: str) -> None:
    """Adds a value to those under one name; a second key of that name would hide the first from most loaders."""
    from viewer.cassette.new_text import Text

    if isinstance(values, Sequence):
        editor.insert_item(values, len(values.items), Text(value))
    elif isinstance(values, Scalar) and values.tag not in BINARY_TAGS:
        old = Text(values.value, "null" if is_null(values) else "")
        editor.replace(values, [old, Text(value)])
    else:
        raise EditError(
            "this header's value cannot have another beside it", remedy="Edit it in the YAML tab."
        )


def _like_items(node: Sequence, name: str, value: str) -> New:
    from viewer.cassette.new_text import Text

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
