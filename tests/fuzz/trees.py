"""The trees that the program reads, held against PyYAML's and json's of the whole file."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.fuzz.target import ensure
from viewer.cassette.cassette import Cassette
from viewer.cassette.layout import Syntax
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.pieces import PieceKind

_DEEPEST = 200


def is_sound(cassette: Cassette) -> bool:
    """Whether an independent loader takes the whole file."""
    if cassette.layout.syntax is Syntax.WIRE:
        return True
    try:
        text = cassette.pieces.whole().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return (_json_root if cassette.layout.syntax is Syntax.JSON else _yaml_root)(text) is not None


def ensure_same_values(cassette: Cassette) -> None:
    """Raises BrokenRuleError where an entry holds other values than an independent loader finds in the whole file.

    Files that the loader does not take are passed over: the program is more tolerant on purpose.
    """
    if cassette.layout.syntax is Syntax.WIRE or cassette.pieces.entries(PieceKind.SECOND):
        return
    data = cassette.pieces.whole()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    root = _json_root(text) if cassette.layout.syntax is Syntax.JSON else _yaml_root(text)
    loaded = None if root is None else _list_at(root[0], cassette.layout.path)
    if loaded is None:
        return
    cassette.verify(len(cassette))
    ours = [values(cassette.group(position)[0].root) for position in range(len(cassette))]
    ensure(ours == loaded, "the entries are those that another loader finds", text, ours, loaded)


def values(node: AnyNode | None) -> Any:
    """A tree as plain values; every scalar as its text, mappings as pairs."""
    if isinstance(node, Alias):
        return values(node.target)
    if isinstance(node, Sequence):
        return [values(item) for item in node.items]
    if isinstance(node, Mapping):
        return [("pair", values(key), values(value)) for key, value in node.pairs]
    return node.value if isinstance(node, Scalar) else None


def _yaml_root(text: str) -> tuple[Any] | None:
    """The only document's value, None where PyYAML does not take the text."""
    if _nesting(text) > _DEEPEST:
        return None
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
        roots = [_composed(document) for document in documents]
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return None
    return (roots[0],) if len(roots) == 1 else None


def _composed(node: yaml.Node | None, above: tuple[int, ...] = ()) -> Any:
    if id(node) in above or len(above) > _DEEPEST:
        raise RecursionError
    inner = (*above, id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_composed(item, inner) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return [("pair", _composed(key, inner), _composed(value, inner)) for key, value in node.value]
    return node.value if node is not None else None


def _json_root(text: str) -> tuple[Any] | None:
    try:
        root = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=lambda pairs: [("pair", *pair) for pair in pairs],
            parse_float=str,
            parse_int=str,
            parse_constant=str,
        )
    except (ValueError, RecursionError):
        return None
    return (_worded(root),)


def _worded(value: Any) -> Any:
    if isinstance(value, list):
        return [_worded(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_worded(item) for item in value)
    return {None: "null", True: "true", False: "false"}[value] if not isinstance(value, str) else value


def _list_at(root: Any, path: tuple[str, ...]) -> list[Any] | None:
    for key in path:
        if not isinstance(root, list):
            return None
        found = [pair[2] for pair in root if isinstance(pair, tuple) and pair[1] == key]
        if not found:
            return None
        root = found[-1]  # Of equal keys loaders keep the last.
    if not isinstance(root, list) or any(isinstance(item, tuple) for item in root):
        return None
    return root


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return max(deepest, text.count("- ") if "- - - - " in text else 0, text.count("? "))
