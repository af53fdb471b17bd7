"""Text in JSON, YAML and Markdown: the scanner, the trees, the pretty view and back, the lines of an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from tests.fuzz.target import Choices, Target, ensure
from tests.fuzz.texts import text
from tests.fuzz.trees import _composed, _nesting, _worded, values
from tests.stream import samples
from viewer.cassette.charset import decode_bytes
from viewer.cassette.json_pretty import pretty_slowly
from viewer.cassette.json_scan import split_blanks
from viewer.cassette.json_text import find_error, parse, pretty, scan, unpretty
from viewer.cassette.model import ParseError
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.yaml_text import parse_all, resolved_tag
from viewer.compare.hunks import hunks, lines_of
from viewer.compare.noise import masked
from viewer.stream.garbled import repair, repair_body
from viewer.stream.markdown import Fence, parse_line

_CHOICES = 8
_TAIL = bytes(range(3, 3 + _CHOICES))


def check_json(data: bytes) -> None:
    """Tokens cover the text; the tree is json's own; the pretty view differs in blanks, and comes back."""
    choices = Choices(data, _CHOICES)
    body = decode_bytes(choices.rest)
    tokens = list(scan(body))
    ensure("".join(body[token.start : token.end] for token in tokens) == body, "tokens cover the text", body)
    error = find_error(body)
    ensure(error is None or 0 <= error.offset <= len(body), "an error is in the text", body, error)
    _check_json_tree(body, error is None)
    shown = pretty(body)
    slow = pretty_slowly(body)
    if shown is None:
        return
    ensure(slow is not None, "what can be made pretty can be made pretty slowly", body)
    if not shown.error:
        ensure(split_blanks(shown.text)[0] == split_blanks(body)[0], "the tokens stay", body, shown.text)
    ensure(unpretty(body, shown.text, shown.text) == body, "no edit changes nothing", body)
    start = choices.number(65536) % (len(shown.text) + 1)
    edited = shown.text[:start] + text(choices) + shown.text[start + choices.number(6) :]
    result = unpretty(body, shown.text, edited)
    if _loaded(edited) is not None:
        ensure(_loaded(result) == _loaded(edited), "an edit means what it shows", body, edited, result)


def _loaded(body: str) -> object:
    try:
        return [
            _worded(
                json.loads(
                    body,
                    parse_float=str,
                    parse_int=str,
                    parse_constant=str,
                    object_pairs_hook=lambda pairs: [("pair", *pair) for pair in pairs],
                )
            )
        ]
    except (ValueError, RecursionError):
        return None


def _check_json_tree(body: str, is_right: bool) -> None:
    try:
        root = parse(body)
    except ParseError as err:
        ensure(not is_right or "deeper" in err.message, "JSON without an error has a tree", body, err)
        return
    ensure(is_right, "JSON with an error has no tree", body)
    _ensure_spans(root, 0, len(body))
    loaded = _loaded(body)
    if loaded is not None and _nesting(body) < 150:
        ensure([values(root)] == loaded, "the tree is json's", body)


def _ensure_spans(node: AnyNode, start: int, end: int) -> None:
    """Nodes lie in the text, children inside their parents and in order."""
    stack = [(node, start, end)]
    while stack:
        node, start, end = stack.pop()
        ensure(start <= node.start <= node.end <= end, "a span lies in its parent's", node, start, end)
        children: list[AnyNode] = []
        if isinstance(node, Mapping):
            children = [child for pair in node.pairs for child in pair]
        elif isinstance(node, Sequence):
            children = node.items
        at = node.start
        for child in children:
            ensure(at <= child.start, "children are in order", child, at)
            stack.append((child, at, node.end))
            at = child.end


def check_yaml(data: bytes) -> None:
    """The trees of any text are PyYAML's, where that takes it; spans are in order; tags are resolved alike."""
    body = decode_bytes(data)
    try:
        roots = parse_all(body)
    except ParseError as err:
        ensure(
            err.line is None
            or 1
            <= err.line
            <= body.count("\n") + body.count("\r") + 2 + sum(body.count(c) for c in "\x85\u2028\u2029"),
            "the line is one of the text's",
            body,
            err,
        )
        roots = None
    if roots is not None:
        for root in roots:
            _ensure_spans(root, 0, len(body))
    if _nesting(body) > 100:
        return
    try:
        nodes = list(yaml.compose_all(body, Loader=yaml.CSafeLoader))
        composed = [_composed(node) for node in nodes]
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return
    ensure(roots is not None, "what PyYAML takes is taken", body)
    ensure([values(root) for root in roots or []] == composed, "the trees are PyYAML's", body, composed)
    for root, node in zip(roots or [], nodes, strict=True):
        _ensure_same_tags(root, node)


def _ensure_same_tags(root: AnyNode, node: yaml.Node) -> None:
    stack = [(root, node)]
    while stack:
        ours, theirs = stack.pop()
        if isinstance(ours, Alias) or ours is None:
            continue
        if isinstance(ours, Scalar) and not ours.tag:
            tag = str(theirs.tag).removeprefix("tag:yaml.org,2002:")
            ensure(resolved_tag(ours) == tag, "a plain scalar means the same", ours, theirs)
        if isinstance(ours, Sequence):
            stack.extend(zip(ours.items, theirs.value, strict=True))
        elif isinstance(ours, Mapping):
            for pair, other in zip(ours.pairs, theirs.value, strict=True):
                stack.extend(zip(pair, other, strict=True))


def check_markdown(data: bytes) -> None:
    """Runs of a line are in order and inside it, and a line's meaning needs only what was open before."""
    fence: Fence | None = None
    for line in decode_bytes(data).split("\n"):
        parsed = parse_line(line, fence)
        end = 0
        for run in parsed.runs:
            ensure(end <= run.start <= run.end <= len(line), "runs are in order", line, parsed)
            end = run.end
        fence = parsed.fence


def check_garbled(data: bytes) -> None:
    """A repair is a text without half characters, and repairing its body says the same."""
    body = decode_bytes(data)
    found = repair(body)
    if found is not None:
        found.text.encode("utf-8", "surrogateescape")
        repair_body(body, found)
        ensure(found.code_page, "a repair names its code page")


def check_compare(data: bytes) -> None:
    """The hunks of two texts hold every line of both, once and in order."""
    choices = Choices(data, _CHOICES)
    left, _, right = decode_bytes(choices.rest).partition("\0")
    masked(left)
    left_at = right_at = 0
    for hunk in hunks(left, right):
        ensure(
            (hunk.left_start, hunk.right_start) == (left_at, right_at),
            "hunks follow each other",
            left,
            right,
            hunk,
        )
        left_at, right_at = hunk.left_end, hunk.right_end
    ensure(
        left_at == len(lines_of(left)) and right_at == len(lines_of(right)),
        "hunks hold every line",
        left,
        right,
    )


def _json_seeds() -> Iterator[bytes]:
    for body in (
        '{"a": [1, 2.50, -1e9, true, null], "b": {"c": "d\\n\\u00e9\\ud83d"}}',
        '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}\n',
        '[NaN, Infinity, "x", [[[[]]]]]',
        '\ufeff{"a":1}',
        '{"a": tru',
        '{"a":1}\n{"b":2}',
    ):
        yield body.encode() + _TAIL
    for sample in samples.ALL:
        yield sample.asked + _TAIL


def _yaml_seeds() -> Iterator[bytes]:
    for body in (
        "a: b\nc:\n  - d\n  - !t &x 'e''f'\n  - *x\n",
        "a: |+\n  x\n\n\nb: >-\n  y\n  z\n# c\n",
        '{a: [1, "\\u00e9\\ud83d\\ude00", {b: }], ? c : d}',
        "? [a, b]\n: - - c\n  - d: !!binary eA==\n",
        "---\na: 1\n...\n---\n- b\n",
        "a: 'x\n\n  y'\nb: \"x\\\n  \\ y\"\r\nc: \x85\u2028\t z\n",
        "<<: &m {a: 1}\nb:\n  <<: *m\n",
        "a: 0x1F\nb: 1:30\nc: 2001-12-14\nd: ~\ne: .inf\nf: 012\n",
    ):
        yield body.encode()


def _markdown_seeds() -> Iterator[bytes]:
    yield b'# Title #\n\n- **bold** and *it* `c` ~~s~~\n1. [l](http://x.test/(a) "t")\n> q\n---\n'
    yield b"| a | b |\n```py\nx\n```\n"
    yield b"***a** b*\n____\n\\*x\\* `` ` `` <b> ![i](u)\n~~~\n```\n~~~\n"


def _garbled_seeds() -> Iterator[bytes]:
    for page in ("cp1252", "latin-1", "tis-620", "mac-roman", "cp437", "koi8-r"):
        yield "Olá, São Paulo — ¡sí! 日本".encode().decode(page, "ignore").encode()
    yield b'{"a": "Ol\\u00c3\\u00a1"}'


def _pairs() -> Iterator[bytes]:
    yield b"a\nb\nc\0a\nB\nc\nd" + _TAIL
    yield b"a b c\nx 1\0a B c\nx 2\n" + _TAIL


TARGETS = (
    Target("json", check_json, _json_seeds, ("{", "}", "[", "]", ",", ":", '"', "\\u", "true", "null", "NaN", "\n  ")),
    Target(
        "yaml",
        check_yaml,
        _yaml_seeds,
        ("- ", "? ", ": ", "|+\n", ">-\n", "!!", "!<", "&a ", "*a", "---\n", "...\n", "%YAML 1.1\n", "{", "}", "[",
        "]", "<<: ",
         "\\x", "\\u", "\r\n", "\xc2\x85", "\t", "#"),
    ),
    Target("markdown", check_markdown, _markdown_seeds, ("**", "__", "`", "~~", "[a](b)", "```\n", "~~~", "# ",
    "> ", "- ")),
    Target("garbled", check_garbled, _garbled_seeds),
    Target("compare", check_compare, _pairs),
)  # fmt: skip
