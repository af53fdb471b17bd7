"""An entry's YAML text as a tree of nodes with exact spans.

Built from libyaml's events, never by constructing objects, so nothing in a file can run. Events rather than
`yaml.compose`, which crashes on 100,000 nested brackets: here nesting ends at MAX_DEPTH with a message.
What libyaml's marks say and where they have to be corrected stands at `_Builder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from viewer.cassette.model import ParseError, TooLargeError
from viewer.cassette.node import MOST_NODES, TOO_MANY, Alias, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.patterns import patterns_awaited, regex
from viewer.cassette.pieces import encode
from viewer.cassette.shadow import restored, shadow_of, without_surrogate_escapes
from viewer.cassette.slices import Slices

try:
    with patterns_awaited("yaml"):
        import yaml
        from yaml import CSafeLoader
except ImportError as error:  # pragma: no cover - only where PyYAML was built without libyaml
    raise ImportError(
        "Cassette Viewer needs PyYAML with libyaml. Install PyYAML from a binary wheel, "
        "or install libyaml's headers and reinstall it: pip install --force-reinstall --no-binary PyYAML PyYAML"
    ) from error

MAX_DEPTH = 1000
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
# libyaml looks at every open level for each token: ten seconds for 450,000 brackets that are nested 900 deep.
MOST_LEVELS = 50_000_000
TOO_DEEP_AND_MANY = "nests too many values too deeply"
# A text of more code points is read by slices, so that other threads get their turn.
_LARGE = 1 << 18

_PROPERTY = regex(r"(!<[^>\s]*>|![^\s,\[\]{}]*|&[^\s,\[\]{}]*)\s*")
_REST_OF_LINE = regex(r"[ \t]*(?:\r\n|\n|\r)?")
_BLOCK_STYLES = frozenset("|>")


Resolve = Callable[[str], AnyNode | None]


def parse(text: str, resolve: Resolve | None = None) -> AnyNode | None:
    """The tree of the only document in `text`; None where there is nothing.

    `resolve` is asked for the node behind an alias whose anchor does not stand in `text`.

    Raises ParseError with line and column in `text` (both from 1) for malformed YAML, for a second document and
    for nesting deeper than MAX_DEPTH.
    """
    documents = parse_all(text, resolve)
    if len(documents) > 1:
        raise ParseError("a second document begins", line=line_of(text, documents[1].start))
    return documents[0] if documents else None


def parse_all(text: str, resolve: Resolve | None = None) -> list[AnyNode]:
    """The trees of every document in `text`; raises ParseError as `parse` does."""
    if len(text) > _LARGE:
        from viewer.cassette.long_values import shortened  # few entries are as large

        if short := shortened(text):
            # What is wrong with a text is said of the whole one.
            with suppress(ParseError):
                roots = _parse_all(short.text, resolve)
                if short.put_back(roots):
                    return roots
    return _parse_all(text, resolve)


def _parse_all(text: str, resolve: Resolve | None) -> list[AnyNode]:
    shadow = shadow_of(text)
    try:
        return _Builder(text, shadow, resolve).documents()
    except ParseError as err:
        # libyaml alone refuses an escaped surrogate pair in double quotes, which is how JSON writes an emoji.
        if "invalid Unicode character escape code" not in err.message:
            raise
    return _Builder(text, without_surrogate_escapes(shadow), resolve).documents()


def events(text: str | Slices) -> Iterator[Any]:
    """libyaml's events of a text without refused characters; raises ParseError with line and column."""
    loader = CSafeLoader(Slices(encode(text), str) if isinstance(text, str) and len(text) > _LARGE else text)
    try:
        # Behind the last event there is None; asking first whether there is one more would cost a tenth.
        yield from iter(loader.get_event, None)
    except yaml.MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        problem = err.problem or err.context or "malformed YAML"
        if "maximum nesting depth" in problem:  # libyaml from 0.2.6 on has a limit of its own, the same one
            problem = TOO_DEEP
        raise ParseError(
            problem,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from err
    except yaml.YAMLError as err:
        raise ParseError(str(err).split("\n", 1)[0]) from err
    finally:
        loader.dispose()


def line_of(text: str, offset: int) -> int:
    r"""The line, from 1, on which `offset` stands; lines end at LF, CRLF or CR."""
    head = text[:offset]
    return 1 + head.count("\n") + head.count("\r") - head.count("\r\n")


def resolved_tag(node: AnyNode) -> str:
    """What a loader takes a scalar for: "str", "null", "bool", "int", "float", "binary" … or its own tag.

    Plain scalars go by YAML 1.1's patterns, as PyYAML, Psych and (for the forms that occur) go-yaml read them.
    """
    if not isinstance(node, Scalar):
        return node.tag
    if node.tag and node.tag != "!":
        return node.tag.removeprefix("tag:yaml.org,2002:").removeprefix("!!")
    if node.style or node.tag == "!":
        return "str"
    return _implicit_tag(node.value)


def _implicit_tag(value: str) -> str:
    resolvers = CSafeLoader.yaml_implicit_resolvers
    for tag, pattern in [*resolvers.get(value[:1], []), *resolvers.get(None, [])]:
        if pattern.match(value):
            return str(tag).removeprefix("tag:yaml.org,2002:")
    return "str"


class _Builder:
    """Builds nodes from events, correcting marks where libyaml's are not a token's own.

    - A node with an anchor or a tag starts at that; the scalar's own token begins behind both.
    - A block scalar's end includes the blank lines behind it, which belong to its value only under `|+`.
    - A block collection ends where the next token begins; its last child's end is meant.
    """

    def __init__(self, text: str, shadow: str, resolve: Resolve | None) -> None:
        self._resolve = resolve
        self._anchors: dict[str, AnyNode] = {}
        self._text = text
        self._shadow = shadow
        self._stack: list[tuple[Mapping | Sequence, list[AnyNode]]] = []
        self._roots: list[AnyNode] = []
        # Events, of which a collection has two.
        self._count = 0
        # Of each collection, how many it stands in.
        self._levels = 0
        # The children of the innermost open collection; the roots where none is open.
        self._siblings = self._roots

    def documents(self) -> list[AnyNode]:
        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
        }
        for event in events(self._shadow):
            handler = handlers.get(type(event))
            if handler:
                handler(event)
                self._count += 1
                if self._count > MOST_NODES:
                    raise TooLargeError(TOO_MANY, line=event.start_mark.line + 1)
        return self._roots

    def _mapping(self, event: Any) -> None:
        start, tag = self._behind_properties(event)
        self._open(Mapping(start, start, tag, [], bool(event.flow_style), event.anchor or ""))

    def _sequence(self, event: Any) -> None:
        start, tag = self._behind_properties(event)
        self._open(Sequence(start, start, tag, [], bool(event.flow_style), event.anchor or ""))

    def _alias(self, event: Any) -> None:
        target = self._anchors.get(event.anchor)
        if target is None and self._resolve:
            target = self._resolve(event.anchor)
        self._siblings.append(Alias(event.start_mark.index, event.end_mark.index, "", event.anchor, target))

    def _add(self, node: Scalar | Mapping | Sequence) -> None:
        # A collection gets its anchor when it is closed, so an alias to an open one stays without a target.
        if node.anchor:
            self._anchors[node.anchor] = node
        self._siblings.append(node)

    def _open(self, node: Mapping | Sequence) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise ParseError(TOO_DEEP, line=line_of(self._text, node.start), remedy="")
        self._levels += len(self._stack)
        if self._levels > MOST_LEVELS:
            raise TooLargeError(TOO_DEEP_AND_MANY, line=line_of(self._text, node.start))
        self._stack.append((node, self._siblings))
        self._siblings = []

    def _close(self, event: Any) -> None:
        children = self._siblings
        node, self._siblings = self._stack.pop()
        if isinstance(node, Mapping):
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
        else:
            node.items = children
        is_ended_by_token = node.flow or not children
        node.end = index_of(event.end_mark) if is_ended_by_token else max(children[-1].end, node.start)
        self._add(node)

    def _behind_properties(self, event: Any) -> tuple[int, str]:
        """Where the node's own token begins, and its tag as written."""
        start: int = event.start_mark.index
        # libyaml keeps the tag `!` of a scalar to itself. What a mapping begins with may be its first key's.
        may_have_tag = event.tag is not None or isinstance(event, yaml.ScalarEvent)
        if event.anchor is None and not (may_have_tag and self._text[start : start + 1] == "!"):
            return start, ""
        tag, has_anchor = "", event.anchor is not None
        while hit := _PROPERTY.match(self._shadow, start):
            if hit[1].startswith("!"):
                if not may_have_tag:
                    break
                tag, may_have_tag = hit[1], False
            elif has_anchor:
                has_anchor = False
            else:
                break
            start = hit.end()
        return start, tag

    def _scalar(self, event: Any) -> None:
        start, tag = self._behind_properties(event)
        end: int = event.end_mark.index
        style: str = event.style or ""
        if style in _BLOCK_STYLES:
            end = self._block_end(start, end)
        if start > end:
            start = end
        value: str = event.value
        if self._shadow is not self._text:
            value = restored(value, self._text[start:end], style)
        self._add(Scalar(start, end, tag, value, style, event.anchor or ""))

    def _block_end(self, start: int, end: int) -> int:
        header = self._text[start : start + 3]
        if "+" in header:
            return end
        stripped = self._text[start:end].rstrip(" \t\r\n")
        at = start + len(stripped)
        newline = _REST_OF_LINE.match(self._text, at)
        return newline.end() if newline and newline.end() <= end else end


def index_of(mark: Any) -> int:
    """The code point at which a mark stands; types-PyYAML has it as optional, which events of libyaml never are."""
    return int(mark.index)
