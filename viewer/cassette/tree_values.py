"""A tree as the value that a loader makes of it, and a changed value as changes of the tree.

For bodies that a recorder keeps as a tree instead of a string (pydantic-ai's `parsed_body`, `data` of projects
around vcrpy): only what differs is written, so that everything else keeps its text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml

from viewer.cassette.model import EditError
from viewer.cassette.new_text import New, Text
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence, followed, text_of
from viewer.cassette.yaml_text import resolved_tag

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor

# What aliases may add to a tree; recorders write none.
MOST_ADDED = 16_000_000
_LONGEST_NUMBER = 1000
# JSON's values, as Python's json has them.
Value = Any

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class SwollenError(ValueError):
    """A tree whose aliases repeat it to many times its size."""


def value_of(node: AnyNode | None, *, is_json: bool = False) -> Value:
    """The value that PyYAML's safe loader, or a JSON loader, makes of a tree; what is no JSON stays text.

    Raises RecursionError for a tree that is nested too deep for Python's own json to dump it, and SwollenError for
    one that aliases make larger than MOST_ADDED characters beyond its own.
    """
    if not is_json and _size_of(node, {}) - _own_size(node) > MOST_ADDED:
        raise SwollenError("aliases repeat parts of this tree too many times")
    return _value_of(node, is_json=is_json)


def _own_size(node: AnyNode | None) -> int:
    return node.end - node.start if node is not None else 0


def _size_of(node: AnyNode | None, known: dict[int, int]) -> int:
    """About how many characters a tree takes once every alias is what it stands for; each node is counted once."""
    if isinstance(node, Alias):
        return _size_of(node.target, known)
    if not isinstance(node, Mapping | Sequence):
        return _own_size(node)
    if id(node) not in known:
        children = (
            node.items if isinstance(node, Sequence) else [part for pair in node.pairs for part in pair]
        )
        known[id(node)] = 2 + sum([_size_of(child, known) for child in children])
    return known[id(node)]


def _value_of(node: AnyNode | None, *, is_json: bool) -> Value:
    node = followed(node)
    if isinstance(node, Mapping):
        values = {}
        for key, value in _pairs(node, is_json=is_json):
            values[key] = _value_of(value, is_json=is_json)
        return values
    if isinstance(node, Sequence):
        return [_value_of(item, is_json=is_json) for item in node.items]
    if not isinstance(node, Scalar):
        return None
    return _json_literal(node.value) if is_json and not node.style else _scalar_value(node)


def _json_literal(text: str) -> Value:
    try:
        return json.loads(text)
    except ValueError:
        # An entry of YAML in flow style looks like JSON, but may have plain strings.
        return text


def dumped(value: Value) -> str:
    """`json.dumps` as Python's json has it: separators `", "` and `": "`, and escapes beyond ASCII."""
    return json.dumps(value)


def patch_tree(editor: EntryEditor, node: AnyNode, new: Value, *, is_json: bool = False) -> None:
    """Changes the tree at `node` where its value differs from `new`; raises EditError for what YAML cannot hold."""
    old = value_of(node, is_json=is_json)
    if _same(old, new):
        return
    if isinstance(node, Mapping) and isinstance(new, dict) and old.keys() & new.keys():
        _patch_mapping(editor, node, new, is_json=is_json)
    elif isinstance(node, Sequence) and isinstance(new, list) and old and new:
        _patch_sequence(editor, node, (old, new), is_json=is_json)
    else:
        editor.replace(node, new_tree(new))


def new_tree(value: Value) -> New:
    """A value as something new to be written."""
    if isinstance(value, dict):
        return tuple((key, new_tree(item)) for key, item in value.items())
    if isinstance(value, list):
        return [new_tree(item) for item in value]
    if value is None:
        return Text("null", "null")
    if isinstance(value, bool):
        return Text("true" if value else "false", "bool")
    if isinstance(value, int):
        return Text(str(value), "int")
    if isinstance(value, float):
        return Text(_float_text(value), "float")
    return Text(str(value))


def _same(a: Value, b: Value) -> bool:
    """Equality that tells 1, 1.0 and True apart, and keeps no order of keys."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def _patch_mapping(editor: EntryEditor, node: Mapping, new: dict[str, Value], *, is_json: bool) -> None:
    names = [text_of(key) for key, _ in node.pairs]
    added = [key for key in new if key not in names]
    is_sorted = names == sorted(names)
    # What is inserted later at a place stands in front there: so the last pair comes first, and what is inserted
    # inside of a pair comes behind what is inserted after it.
    for key in reversed(sorted(added) if is_sorted else added):
        at = sum(name < key for name in names) if is_sorted else _place_like(list(new), key, names)
        while at and names[at - 1] not in new:
            at -= 1
        editor.insert_pair(node, at, key, new_tree(new[key]))
    editor.remove_children(node, [at for at, name in enumerate(names) if name not in new])
    for name in reversed(dict.fromkeys(names)):
        target = node.get(name)
        if name in new and target is not None:
            patch_tree(editor, target, new[name], is_json=is_json)


def _place_like(order: list[str], key: str, names: list[str]) -> int:
    """Behind the nearest key in front of it in the new order that the file has too."""
    for before in reversed(order[: order.index(key)]):
        if before in names:
            return names.index(before) + 1
    return 0


def _patch_sequence(
    editor: EntryEditor, node: Sequence, change: tuple[list[Value], list[Value]], *, is_json: bool
) -> None:
    old, new = change
    front = 0
    while front < min(len(old), len(new)) and _same(old[front], new[front]):
        front += 1
    back = 0
    while back < min(len(old), len(new)) - front and _same(old[-1 - back], new[-1 - back]):
        back += 1
    both = min(len(old), len(new)) - front - back
    for value in reversed(new[front + both : len(new) - back]):
        editor.insert_item(node, front + both, new_tree(value))
    editor.remove_children(node, list(range(front + both, len(old) - back)))
    for at in reversed(range(front, front + both)):
        patch_tree(editor, node.items[at], new[at], is_json=is_json)


def _pairs(node: Mapping, *, is_json: bool) -> Iterator[tuple[str, AnyNode]]:
    """The pairs as a loader sees them, those merged by `<<` first, since the mapping's own win."""
    own = []
    for key, value in node.pairs:
        merges = not is_json and isinstance(key, Scalar) and key.value == "<<" and not key.style
        if not merges:
            own.append((text_of(key), value))
            continue
        target = followed(value)
        sources = target.items if isinstance(target, Sequence) else [target]
        for item in reversed(sources):
            source = followed(item)
            if isinstance(source, Mapping) and source is not node:
                yield from _pairs(source, is_json=is_json)
    yield from own


def _scalar_value(node: Scalar) -> Value:
    tag = resolved_tag(node)
    if tag == "null":
        return None
    if tag == "bool":
        return _WORDS.get(node.value.lower(), node.value)
    if tag in ("int", "float"):
        return _number(node.value, tag)
    return node.value


def _number(text: str, tag: str) -> Value:
    """A number by YAML 1.1's spellings (underscores, base 60, 0x, octal), which include JSON's."""
    # Base 60 takes the square of its length, and no JSON has a number of more than 4,300 digits for Python.
    if len(text) > _LONGEST_NUMBER:
        return text
    scalar = yaml.ScalarNode(f"tag:yaml.org,2002:{tag}", text)
    constructor = yaml.constructor.SafeConstructor()
    try:
        return (
            constructor.construct_yaml_int(scalar)
            if tag == "int"
            else constructor.construct_yaml_float(scalar)
        )
    except ValueError:
        return text


def _float_text(value: float) -> str:
    """The spelling that JSON and YAML 1.1 both take for a float: YAML wants a point before an exponent."""
    if not math.isfinite(value):
        raise EditError(f"{value} is no JSON number", remedy="Write null or a string instead.")
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text
