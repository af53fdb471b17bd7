"""Whatever a writer makes of a value, a reader must get that value back, at every kind of place."""

from __future__ import annotations

import base64
import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from viewer.cassette.node import Mapping, Scalar, Sequence, find
from viewer.cassette.spelling import json_writers
from viewer.cassette.spelling.base import Place, Writer, decoded_base64, is_block
from viewer.cassette.spelling.go_yaml import go_yaml_v2, go_yaml_v3, go_yaml_v4
from viewer.cassette.spelling.goccy import Goccy
from viewer.cassette.spelling.js_yaml import JsYaml
from viewer.cassette.spelling.json_writers import JSON_WRITERS, JsonStrings
from viewer.cassette.spelling.libyaml import UNLIMITED, Emitter
from viewer.cassette.spelling.psych import Era, Psych
from viewer.cassette.spelling.pyyaml import PyYaml
from viewer.cassette.spelling.r_yaml import RYaml
from viewer.cassette.spelling.symfony import Symfony
from viewer.cassette.yaml_text import parse, resolved_tag

PYYAML_WRITERS = [
    PyYaml(Emitter()),
    PyYaml(Emitter(unicode=True)),
    PyYaml(Emitter(pure=True)),
    PyYaml(Emitter(pure=True, unicode=True, prefer_double=True)),
    PyYaml(Emitter(width=120, unicode=True, pure=True), literal=True),
    PyYaml(Emitter(width=120, unicode=True), literal=True),
]
YAML_WRITERS: list[Writer] = [
    *PYYAML_WRITERS,
    go_yaml_v2(),
    go_yaml_v2(width=UNLIMITED),
    go_yaml_v3(),
    go_yaml_v3(round_up=True),
    go_yaml_v4(),
    Goccy(),
    *(Psych(era, Emitter(unicode=True)) for era in Era),
    RYaml(Emitter(unicode=True)),
    RYaml(Emitter(width=UNLIMITED, unicode=True)),
    JsYaml(),
    JsYaml(width=None),
    Symfony(),
]

PIECES = [
    "", " ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", "word", "lorem ipsum dolor sit amet", "x" * 85, "#", " #", ": ",
    ":", "- ", "-", "---", "...", "'", '"', "\\", "{", "}", "[", "]", ",", "&a", "*a", "!", "!a", "|", ">", "%", "@",
    "`", "? ", "?", "=", "<<", "~", "null", "yes", "no", "On", "n", "true", "12", "012", "089", "0x1F", "0o7", "0b1",
    "1_000", "1,000", "1.5", "1e3", ".5", ".inf", ".NaN", "-1", "+1", "1:30", "2001-12-14", "2001-12-14 21:59:43.1 -5",
    "é", "\xa0", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "😀", "日本語", "\0", "\x01", "\x1b", "\x7f", "\x9f",
    "\ud83d", "\ude00", "\udc80", '{"a": 1, "b": [2, 3]}', "data: {}\n\n", ".na",
]  # fmt: skip


def _paired(text: str) -> str:
    """Two surrogates that make a pair are one character: to every reader, and in every file."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.text(st.characters(exclude_categories=[])),
).map(_paired)
PLACES = st.sampled_from(["value", "item", "nested item", "flow value", "flow item", "key"])


def embedded(
    writer: Writer, value: str, tag: str, kind: str, indent: int
) -> tuple[str, tuple[str | int, ...]]:
    """A document with the value spelled at a place of that kind, and the way to it."""
    margin = " " * indent
    before, place, after, way = {
        "value": (f"{margin}a: ", Place(indent, indent + 3), f"\n{margin}b: 1\n", ("a",)),
        "item": (
            f"{margin}a:\n{margin}- ",
            Place(indent, indent + 2, in_list=True),
            f"\n{margin}- 1\n",
            ("a", 0),
        ),
        "nested item": (
            f"{margin}a:\n{margin}    - ",
            Place(indent + 4, indent + 6, in_list=True),
            f"\n{margin}b: 1\n",
            ("a", 0),
        ),
        "flow value": (f"{margin}a: {{b: ", Place(indent, indent + 7, flow=1), ", c: 1}\n", ("a", "b")),
        "flow item": (f"{margin}a: [", Place(indent, indent + 4, flow=1), ", 1]\n", ("a", 0)),
        "key": (margin, Place(indent, indent, is_key=True), f": 1\n{margin}b: 1\n", ()),
    }[kind]
    text = writer.spell(value, tag, place)
    if is_block(text):
        after = after.removeprefix("\n")
    return before + text + after, way


def loaded(text: str, way: tuple[str | int, ...]) -> Scalar:
    root = parse(text)
    assert isinstance(root, Mapping | Sequence)
    node = find(root, *way) if way else root.pairs[0][0] if isinstance(root, Mapping) else None
    assert isinstance(node, Scalar), text
    return node


@pytest.mark.parametrize("writer", YAML_WRITERS, ids=lambda writer: writer.name)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=TEXTS, kind=PLACES, indent=st.sampled_from([0, 2, 8]))
def test_a_yaml_writer_keeps_the_value(writer: Writer, value: str, kind: str, indent: int) -> None:
    if kind == "key" and len(value) > 100:
        return  # No writer puts so long a key on one line; nor does a cassette have one.
    text, way = embedded(writer, value, "", kind, indent)
    assert loaded(text, way).value == value


@pytest.mark.parametrize("writer", PYYAML_WRITERS, ids=str)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=TEXTS, kind=PLACES)
def test_pyyaml_constructs_the_value_as_a_string(writer: PyYaml, value: str, kind: str) -> None:
    if kind == "key" and len(value) > 100:
        return
    text, way = embedded(writer, value, "", kind, 0)
    assert resolved_tag(loaded(text, way)) == "str"
    data = yaml.load(text, Loader=yaml.SafeLoader)
    for step in way or (value,):
        data = data[step]
    assert data == (value if way else 1)


@pytest.mark.parametrize("dumper", [yaml.Dumper, yaml.CDumper])
@settings(max_examples=200, deadline=None)
@given(
    value=TEXTS.filter(lambda text: not any("\ud800" <= c <= "\udfff" or c == "\x85" for c in text)),
    unicode=st.booleans(),
)
def test_pyyaml_s_own_dumpers_write_the_same(dumper: type[yaml.Dumper], value: str, unicode: bool) -> None:
    expected = yaml.dump({"a": {"b": value}}, Dumper=dumper, allow_unicode=unicode, default_flow_style=False)
    emitter = Emitter(unicode=unicode, pure=dumper is yaml.Dumper)
    assert f"a:\n  b: {PyYaml(emitter).spell(value, '', Place(2, 5))}\n" == expected


@pytest.mark.parametrize("writer", YAML_WRITERS, ids=lambda writer: writer.name)
@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(max_size=300),
    tag=st.sampled_from(["!!binary", "!binary"]),
    kind=st.sampled_from(["value", "item"]),
)
def test_binary_data_survives(writer: Writer, data: bytes, tag: str, kind: str) -> None:
    text, way = embedded(writer, base64.b64encode(data).decode(), tag, kind, 2)
    scalar = loaded(text, way)
    assert scalar.tag == tag
    assert decoded_base64(scalar.value) == data


@pytest.mark.parametrize("writer", [json_writers.RUBY, *JSON_WRITERS], ids=lambda writer: writer.name)
@settings(max_examples=150, deadline=None)
@given(value=TEXTS)
def test_a_json_writer_keeps_the_value(writer: JsonStrings, value: str) -> None:
    text = writer.spell(value, "", Place(0, 0, flow=1))
    text.encode()
    assert json.loads(text) == value
