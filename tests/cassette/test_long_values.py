"""Trees of texts with long values: those that libyaml would give, whatever was set aside."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.cassette import yaml_text
from viewer.cassette.long_values import shortened
from viewer.cassette.model import ParseError
from viewer.cassette.node import AnyNode

# Shorter texts are left to libyaml.
SIZE = yaml_text._LARGE + (1 << 16)


def outcome(text: str, *, shortening: bool) -> list[AnyNode] | tuple[str, int | None, int | None]:
    """The trees of a text, or what is said to be wrong with it and where."""
    try:
        return yaml_text.parse_all(text) if shortening else yaml_text._parse_all(text, None)
    except ParseError as err:
        return err.message, err.line, err.column


def assert_same(text: str) -> None:
    assert outcome(text, shortening=True) == outcome(text, shortening=False)


def long(unit: str) -> str:
    return unit * (SIZE // len(unit) + 1)


JSON = '{"id":12345,"ok":true,"s":"Olá, it\'s fifty letters \\u00e9 \\"q\\" \\ud83d\\ude00"},'
ITEMS = [
    {"id": number, "text": "Olá, it's some text\nof two lines 😀", "more": [1, 2.5, None]}
    for number in range(5000)
]
BODY = json.dumps(ITEMS, ensure_ascii=False, separators=(",", ":"))
ENTRY = "- request:\n    body: '{}'\n  response:\n    body: {}\n    after: 'it''s' # and more\n  last: &a [1, *a]\n"


def quoted(body: str) -> str:
    return "'" + body.replace("'", "''") + "'"


def dumped(body: str, dumper: type = yaml.CSafeDumper, *, allow_unicode: bool = False) -> str:
    text: str = yaml.dump(body, Dumper=dumper, allow_unicode=allow_unicode)
    return text.removesuffix("\n").replace("\n", "\n     ")


SPACED = json.dumps(ITEMS, ensure_ascii=False)
LINES = json.dumps(ITEMS, indent=1).split("\n")
SPELLINGS = {
    "single": quoted(BODY),
    "double": json.dumps(BODY),
    "double in Unicode": json.dumps(BODY, ensure_ascii=False),
    "tagged": "!t &b " + json.dumps(BODY),
    "literal of a line": "|\n      " + BODY,
    "literal": "|-\n" + "".join(f"      {line}\n\n" for line in LINES),
    "folded": dumped(SPACED, allow_unicode=True),
    "folded ASCII": dumped(json.dumps(ITEMS)),
    "folded lines": dumped("\n".join(LINES)),
    "escaped by PyYAML": dumped(SPACED, yaml.SafeDumper),
    "escaped by libyaml": dumped(SPACED),
    "broken lines escaped by PyYAML": dumped("\n".join(LINES).replace("Ol", "É"), yaml.SafeDumper),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_a_long_body_is_set_aside_and_has_its_tree(spelled: str, newline: str) -> None:
    text = ENTRY.replace("{}\n", spelled + "\n").replace("\n", newline)
    short = shortened(text)
    assert short is not None
    assert len(short.text) < len(text) * 0.6
    assert short.put_back(yaml_text._parse_all(short.text, None))
    assert_same(text)


def test_what_is_odd_amid_a_long_body_is_left_to_libyaml() -> None:
    text = ENTRY.replace("{}\n", quoted(f"{BODY[:300_000]}\x85{BODY[300_000:]}") + "\n")
    short = shortened(text)
    assert short is not None
    assert 1 << 17 < len(short.text) < len(text) // 2
    assert_same(text)


def test_two_long_bodies_are_both_set_aside() -> None:
    text = (
        f"-\n  a: {quoted(BODY)}\n  b: {json.dumps(BODY)}\n  c: |\n    {BODY}\n  d: {quoted(BODY)}\n  e: 1\n"
    )
    short = shortened(text)
    assert short is not None
    assert len(short.text) < len(text) // 3
    assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        f"- '{long('a,b')}': 1\n",
        f"- {{'{long('a,b')}': 1}}\n",
        f"- [ '{long('a,b')}': 1]\n",
        f"a:\n  b: '{long('a,b')}'\n  c: d: e\n",
        f"a:\n  b: '{long('a,b')}\n",
        f"a:\n  b: '{long('a,b')}' x\n",
        f"a:\n  b: '{long('a,b')}'\n c: 1\n",
        f"a:\n  # c: '{long('a,b')}'\n  d: 1\n",
        f"a:\n  p: plain\n   c: '{long('a,b')}'\n",
        f"a:\n  p: >\n   c: '{long('a,b')}'\n",
        f"a:\n  p: |\n   c: '{long('a,b')}'\n  q: 1\n",
        f"a:\n  p: 'x\n   c: |\n    {long('a,b')}'\n",
        f"a:\n  p: |\n {long('a,b')}\n",
        f"a:\n  b: '{long('a,b')}\n---\n{long('c,d')}'\n",
        f"a:\n  b: '{long('a,b')}\n...\n{long('c,d')}'\n",
        f"a:\n  b: '{long('a,b')}'\n---\nb: 1\n",
        f"a:\n  b: '{long('a,b')}'\n  c: *nowhere\n",
        f"a:\n  b: '{long('a,b')}\uf8f5'\n",
        f"a:\n  b: '{long('a,b' + chr(27) + chr(0xDC80) + chr(0x2028))}'\n  c: \"{chr(27)}\"\n",
    ],
)  # fmt: skip
def test_what_only_seems_to_be_a_long_value(text: str) -> None:
    assert_same(text)


@pytest.mark.parametrize("end", ["---", "..."])
def test_a_stretch_does_not_end_within_the_end_of_a_document(end: str) -> None:
    """Half of it was set aside, and a broken text was read as if it were none."""
    assert_same(f"a:\n  b: 'x,y {'x ' * 64_000}\n{end} {'x ' * 99_000}'\n")


_PLAIN = list("abz09,:;[]{}<=&?#-!|>*%@`./\\'\" \t\n")
_ESCAPED = ["''", '\\"', "\\\\", "\\n", "\\u00e9", "\\ud83d", "\\ud83d\\ude00", "\\x41", "\\/", "\\\n", "\\ "]
_BROKEN = ["\n  ", "\n    ", "\n\n", "\n\n    ", " \n", "\r\n    ", "\r", "\n---\n", "\n...", ": ", " #"]
_ODD = ["é", "😀", "\ufffd", "\ufeff", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe", "\udc80"]
SIGNS = st.sampled_from([*_PLAIN, *_ESCAPED, *_BROKEN, *_ODD])
UNITS = st.lists(SIGNS, min_size=1, max_size=12).map("".join)
FRAMES = st.sampled_from(
    [
        "k: '{}'",
        'k: "{}"',
        "k: |\n    {}",
        "k: |-\n    {}",
        "k: >\n    {}",
        "k: {}",
        "k: !t &a '{}' # c",
        "k: ['{}', b]",
        'k: {{a: "{}"}}',
    ]
)


@settings(max_examples=60)
@given(FRAMES, st.lists(UNITS, min_size=1, max_size=3), UNITS)
def test_any_text_has_the_tree_of_libyaml(frame: str, units: list[str], amid: str) -> None:
    filling = "".join(long("x,y" + unit) for unit in units[:2]) + amid + long("x, y" + units[-1])
    value = frame.replace("{{", "{").replace("}}", "}").replace("{}", filling)
    assert_same(f"- a: 1\n  {value}\n  z: 'it''s'\n")
