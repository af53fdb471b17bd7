"""Trees of YAML text: the values of an independent loader, and spans that are exact."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.model import ParseError
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence, find, text_of
from viewer.cassette.source import read_source
from viewer.cassette.yaml_text import parse, parse_all, resolved_tag


def values(node: AnyNode | None) -> object:
    if isinstance(node, Sequence):
        return [values(item) for item in node.items]
    if isinstance(node, Mapping):
        return [(values(key), values(value)) for key, value in node.pairs]
    return node.value if isinstance(node, Scalar) else None


def composed(node: yaml.Node | None) -> object:
    if isinstance(node, yaml.SequenceNode):
        return [composed(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return [(composed(key), composed(value)) for key, value in node.value]
    return node.value if node is not None else None


def scalar(text: str, *path: str | int) -> tuple[Scalar, str]:
    node = find(parse(text), *path)
    assert isinstance(node, Scalar)
    return node, text[node.start : node.end]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("k: plain # c\n", "plain", "plain"),
        ("k: 'it''s' # c\n", "'it''s'", "it's"),
        ('k: !t &a "x"\n', '"x"', "x"),
        ("k: |+\n  a\n\nl: 1\n", "|+\n  a\n\n", "a\n\n"),
        ("k: |-\n  a\n\n\nl: 1\n", "|-\n  a\n", "a"),
        ("k: >\n  a\n  b\n# c\nl: 1\n", ">\n  a\n  b\n", "a b\n"),
        ("k: |\r\n  a\r\n\r\nl: 1\r\n", "|\r\n  a\r\n", "a\n"),
        ("k:\n", "", ""),
        ("é😀: 😀x\n", "😀x", "😀x"),
    ],
)
def test_a_scalar_spans_its_own_token(text: str, span: str, value: str) -> None:
    root = parse(text)
    assert isinstance(root, Mapping)
    node = root.pairs[0][1]
    assert isinstance(node, Scalar)
    assert (text[node.start : node.end], node.value) == (span, value)


def test_tags_are_kept_as_written() -> None:
    text = "a: !!binary eA==\nb: ! x\nc: !<tag:yaml.org,2002:str> y\nd: !ruby/struct:VCR::X {a: 1}\n"
    root = parse(text)
    assert isinstance(root, Mapping)
    assert [value.tag for _, value in root.items()] == [
        "!!binary",
        "!",
        "!<tag:yaml.org,2002:str>",
        "!ruby/struct:VCR::X",
    ]


@pytest.mark.parametrize(
    ("text", "start", "tag", "key_start", "key_tag"),
    [
        ("!k a: b\n", 0, "", 3, "!k"),
        ("! a: b\n", 0, "", 2, "!"),
        ("! : b\n", 0, "", 1, "!"),
        ("&k a: b\n", 0, "", 3, ""),
        ("!m\n!k a: b\n", 3, "!m", 6, "!k"),
        ("&m !m\n&k !k a: b\n", 6, "!m", 12, "!k"),
        ("!m {!k a: b}\n", 3, "!m", 7, "!k"),
        ("! {a: b}\n", 2, "!", 3, ""),
    ],
)
def test_a_mapping_leaves_its_first_key_its_tag(
    text: str, start: int, tag: str, key_start: int, key_tag: str
) -> None:
    """The mapping took the key's tag and anchor for its own, and began behind them."""
    root = parse(text)
    assert isinstance(root, Mapping)
    key = root.pairs[0][0]
    assert (root.start, root.tag, key.start, key.tag) == (start, tag, key_start, key_tag)


def test_tags_that_would_construct_objects_construct_nothing() -> None:
    root = parse('a: !!python/object/apply:os.system ["false"]\n')
    assert values(root) == [("a", ["false"])]


def test_what_plain_scalars_mean() -> None:
    text = "[1, 1.5, true, ~, 2020-01-01, yes, x, '1', !!binary eA==]"
    root = parse(text)
    assert isinstance(root, Sequence)
    assert [resolved_tag(node) for node in root.items] == [
        "int",
        "float",
        "bool",
        "null",
        "timestamp",
        "bool",
        "str",
        "str",
        "binary",
    ]


def test_characters_that_yaml_refuses_are_in_the_values() -> None:
    text = "a: \"x\x00\udc80\ufffdy\\ufffdz\"\nb: |\n  \x1b[0m\ufffd\x7f\nc: '\x01'\n"
    root = parse(text)
    assert text_of(find(root, "a")) == "x\x00\udc80\ufffdy\ufffdz"
    assert text_of(find(root, "b")) == "\x1b[0m\ufffd\x7f\n"
    assert text_of(find(root, "c")) == "\x01"


def test_escaped_surrogates_as_json_writes_them() -> None:
    text = '{"a": "\\ud83d\\ude00 \\ud83d \\\\ud83d", "b": \'\\ud83d\\ude00 \\ufffd\'}'
    root = parse(text)
    assert text_of(find(root, "a")) == "😀 \ud83d \\ud83d"
    assert text_of(find(root, "b")) == "\\ud83d\\ude00 \\ufffd"


def test_aliases_stand_for_their_targets_and_merged_keys_count() -> None:
    root = parse("base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\nsame: *b\n")
    assert text_of(find(root, "other", "x")) == "1"
    assert text_of(find(root, "other", "y")) == "3"
    assert text_of(find(root, "same", "y")) == "2"
    assert isinstance(find(root, "same"), Alias)


def test_an_alias_to_itself_ends() -> None:
    root = parse("a: &a\n  b: *a\n")
    assert find(root, "a", "b", "b", "b") is None


def test_the_last_of_duplicate_keys_is_the_one_loaders_keep() -> None:
    assert text_of(find(parse("a: 1\na: 2\n"), "a")) == "2"


@pytest.mark.parametrize(
    ("text", "line"), [("a: b: c\n", 1), ("a:\n  'x\n", 3), ("a\n---\nb\n", 3), ("a: [1\nb: 2\n", 2)]
)
def test_malformed_text_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.line == line


def test_deep_nesting_ends_soon() -> None:
    with pytest.raises(ParseError, match="nested deeper than 1000"):
        parse("[" * 1_000_000)


def test_several_documents() -> None:
    assert [values(root) for root in parse_all("a\n---\nb\n")] == ["a", "b"]
    assert parse("# nothing\n") is None


json_like = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(json_like, st.sampled_from([None, True, False]), st.booleans())
def test_values_equal_those_of_compose_and_spans_reparse(
    value: object, flow: bool | None, unicode: bool
) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=unicode)
    root = parse(text)
    assert values(root) == composed(yaml.compose(text, yaml.CSafeLoader))
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Scalar) and node.style in ("'", '"'):
            assert values(parse(text[node.start : node.end].replace("\n", "\n "))) == node.value
        elif isinstance(node, Mapping):
            stack.extend(child for pair in node.pairs for child in pair)
        elif isinstance(node, Sequence):
            stack.extend(node.items)


def test_every_yaml_file_of_the_corpus_has_the_values_of_compose(corpus: Path) -> None:
    compared = 0
    for path in sorted(corpus.rglob("*.y*ml")):
        text = read_source(path).data.decode("utf-8", "surrogateescape")
        assert values(parse(text)) == composed(yaml.compose(text, yaml.CSafeLoader)), path
        compared += 1
    assert compared > 600
