"""What the writers themselves made of a list of values: Psych 4.0.4, R yaml 2.3.7, js-yaml 4.3.2, Symfony 5.4.

Each was run on {"a": {"b": value}} with its defaults; the texts stand here as they came out.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from viewer.cassette.spelling.base import Place, Writer
from viewer.cassette.spelling.js_yaml import JsYaml
from viewer.cassette.spelling.json_writers import (
    DOTNET,
    GO,
    GSON,
    JAVASCRIPT,
    NEWTONSOFT,
    PHP,
    PYTHON_ASCII,
    JsonStrings,
)
from viewer.cassette.spelling.libyaml import UNLIMITED, Emitter
from viewer.cassette.spelling.psych import Era, Psych
from viewer.cassette.spelling.pyyaml import PyYaml
from viewer.cassette.spelling.r_yaml import RYaml
from viewer.cassette.spelling.symfony import Symfony

LONG = "lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt"


@dataclass(frozen=True)
class Said:
    """A value and what each of the four wrote; None is as Psych wrote it."""

    value: str
    psych: str
    r: str | None = None
    js: str | None = None
    symfony: str | None = None


SAID = [
    Said("", "''"),
    Said("a", "a"),
    Said("y", '"y"', "'y'", "'y'", "'y'"),
    Said("null", "'null'"),
    Said("12", "'12'"),
    Said("1:30", "'1:30'"),
    Said("089", "'089'", r="089"),
    Said("2001-12-14", "'2001-12-14'"),
    Said(":sym", '":sym"', ":sym", "':sym'", "':sym'"),
    Said("{}", '"{}"', "'{}'", "'{}'", "'{}'"),
    Said("- a", '"- a"', "'- a'", "'- a'", "'- a'"),
    Said('"quoted"', "'\"quoted\"'"),
    Said("*/*", '"*/*"', "'*/*'", "'*/*'", "'*/*'"),
    Said("a: b", "'a: b'"),
    Said("a #b", "'a #b'"),
    Said("one\n", "'one\n\n    '", "|\n    one\n", "|\n    one\n", '"one\\n"'),
    Said("one\ntwo\n", "|\n    one\n    two\n", symfony='"one\\ntwo\\n"'),
    Said("\n one", "|2-\n\n     one\n", symfony='"\\n one"'),
    Said("x\r\ny", '"x\\r\\ny"'),
    Said("tab\there", '"tab\\there"'),
    Said("é 😀", '"é \\U0001F600"', js="é 😀", symfony="'é 😀'"),
    Said("\xa0", '"\xa0"', "\xa0", '"\\_"', '"\\_"'),
    Said('{"a": 1}', "'{\"a\": 1}'"),
    Said("<<", "!!str '<<'", "'<<'", "'<<'", "'<<'"),
    Said("=", '"="', "'='", "'='", "'='"),
    Said(".na", '".na"', "'.na'", ".na", ".na"),
    Said("1,000", "'1,000'", js="1,000"),
    Said("0o17", "0o17", js="'0o17'"),
    Said("1e3", "1e3", js="'1e3'", symfony="'1e3'"),
    Said(
        LONG,
        LONG.replace(" incididunt", "\n    incididunt"),
        js=f">-\n    {LONG.replace(' tempor', chr(10) + '    tempor')}\n",
        symfony=f"'{LONG}'",
    ),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: repr(said.value[:12]))
def test_four_writers(said: Said) -> None:
    emitter = Emitter(unicode=True)
    writers: list[tuple[Writer, str | None]] = [
        (Psych(Era.V3_0, emitter), said.psych),
        (RYaml(emitter), said.r),
        (JsYaml(), said.js),
    ]
    for writer, text in writers:
        assert writer.spell(said.value, "", Place(2, 5)) == (said.psych if text is None else text), (
            writer.name
        )
    assert Symfony().spell(said.value, "", Place(4, 7)) == (said.symfony or said.psych)


def test_psych_of_each_era() -> None:
    emitter = Emitter(unicode=True)
    spelled = {era: Psych(era, emitter).spell("*/*", "", Place(2, 5)) for era in Era}
    assert spelled == {Era.V1_2: "! '*/*'", Era.V2_0: "'*/*'", Era.V2_0_9: '"*/*"', Era.V3_0: '"*/*"'}
    assert Psych(Era.V1_2, emitter).spell("200", "", Place(2, 5)) == "'200'"
    assert Psych(Era.V2_0, emitter).spell("one\n", "", Place(2, 5)) == "|\n    one\n"


def test_psych_s_binary_lines() -> None:
    place = Place(2, 5)
    text = Psych(Era.V2_0, Emitter(unicode=True)).spell("QUFB" * 20, "!binary", place)
    assert text == f"!binary |-\n    {'QUFB' * 15}\n    {'QUFB' * 5}\n"
    one_line = Psych(Era.V3_0, Emitter(unicode=True), binary_width=0).spell("QUFB" * 20, "!binary", place)
    assert one_line == f"!binary |-\n    {'QUFB' * 20}\n"


def test_js_yaml_s_key_is_not_read_as_a_document_s_end() -> None:
    """A key `... 0` at the margin was left plain, which ended the document there; js-yaml itself writes it so."""
    assert JsYaml().spell("... 0", "", Place(0, 0, is_key=True)) == "'... 0'"
    assert JsYaml().spell("... 0", "", Place(2, 2, is_key=True)) == "... 0"


def test_pyyaml_s_binary_lines_and_tagged_strings() -> None:
    writer = PyYaml(Emitter())
    assert writer.spell("QUFB" * 20, "!!binary", Place(2, 5)) == f"!!binary |\n    {'QUFB' * 19}\n    QUFB\n"
    assert writer.spell("plain", "!!python/unicode", Place(2, 5)) == "!!python/unicode 'plain'"


def test_pydantic_ai_s_literal_blocks() -> None:
    writer = PyYaml(Emitter(width=120, unicode=True), literal=True)
    assert writer.spell("one\ntwo", "", Place(2, 5)) == "|-\n    one\n    two\n"
    assert writer.spell(" one\n", "", Place(2, 5)) == "|2\n     one\n"
    assert writer.spell("one \ntwo", "", Place(2, 5)) == '"one \\ntwo"'


def test_double_quotes_fold_in_c_and_in_python() -> None:
    r"""libyaml lets the break stand for the space; PyYAML's own emitter escapes the break and keeps the space."""
    value = "é " + "word " * 20
    in_c = PyYaml(Emitter()).spell(value, "", Place(0, 3))
    in_python = PyYaml(Emitter(pure=True)).spell(value, "", Place(0, 3))
    assert "word\n  word" in in_c
    assert "word\\\n  \\ word" in in_python


def test_no_width() -> None:
    assert "\n" not in RYaml(Emitter(unicode=True, width=UNLIMITED)).spell(
        "word " * 99 + "end", "", Place(0, 3)
    )


@pytest.mark.parametrize(
    ("writer", "text"),
    [
        (PYTHON_ASCII, r'"a/<é \ud83d\ude00\u2028\b"'.replace("é", r"\u00e9")),
        (JAVASCRIPT, '"a/<é 😀\u2028\\b"'),
        (GO, '"a/\\u003cé 😀\\u2028\\u0008"'),
        (PHP, r'"a\/<\u00e9 \ud83d\ude00\u2028\b"'),
        (NEWTONSOFT, '"a/<é 😀\\u2028\\b"'),
        (DOTNET, r'"a/\u003C\u00E9 \uD83D\uDE00\u2028\b"'),
        (GSON, '"a/\\u003cé 😀\\u2028\\b"'),
    ],
    ids=lambda value: value.name if isinstance(value, JsonStrings) else "",
)
def test_json_strings(writer: JsonStrings, text: str) -> None:
    assert writer.quoted("a/<é 😀\u2028\b") == text


def test_a_lone_surrogate_is_escaped_in_every_json() -> None:
    assert JAVASCRIPT.quoted("\ud83d") == '"\\ud83d"'
