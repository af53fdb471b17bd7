"""go-yaml's spelling, case by case; what whole files say stands in tests/bench/spelling.py."""

from __future__ import annotations

import pytest

from viewer.cassette.spelling.base import Place
from viewer.cassette.spelling.go_yaml import go_yaml_v2, go_yaml_v3, reads_as_other_type

BODY = Place(indent=8, column=14)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", '""'),
        ("POST", "POST"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ('{"a": "it\'s"}', "'{\"a\": \"it''s\"}'"),
        ("200", '"200"'),
        ("1.5e3", '"1.5e3"'),
        ("2024-02-29", '"2024-02-29"'),
        ("2023-02-29", "2023-02-29"),
        ("yes", '"yes"'),
        ("~", '"~"'),
        ("1:30", '"1:30"'),
        ("200 OK", "200 OK"),
        ("a\tb", '"a\\tb"'),
        ("emoji 😀", '"emoji \\U0001F600"'),
        ("a\u00a0b", "a\u00a0b"),
        ("one\ntwo", "|-\n            one\n            two\n"),
        ("one\n", "|\n            one\n"),
        ("one\n\n", "|+\n            one\n\n"),
        (" one\n", "|4\n             one\n"),
        ("one \ntwo", '"one \\ntwo"'),
        ("one\r\ntwo", '"one\\r\\ntwo"'),
        ("tab\there\n", "|\n            tab\there\n"),
        ("\tone\n", "|4\n            \tone\n"),
        ("\none\n", "|4\n\n            one\n"),
        ("1e999", "1e999"),
        ("\ufeffa", '"\\uFEFF\\x61"'),
        ("---", "'---'"),
        ("- a", "'- a'"),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
    ],
)
def test_v3_spells_as_go_yaml_does(value: str, text: str) -> None:
    assert go_yaml_v3(step=4).spell(value, "", BODY) == text


def test_v2_folds_at_80_columns() -> None:
    value = "a: " + "word " * 30 + "end"
    lines = go_yaml_v2().spell(value, "", Place(4, 10)).split("\n")
    assert len(lines) > 1
    assert all(80 < len(line) <= 87 for line in lines[1:-1])
    assert all(line.startswith("      ") for line in lines[1:])


def test_a_list_item_s_block_stands_behind_the_marker() -> None:
    assert (
        go_yaml_v3(step=4).spell("a\nb", "", Place(14, 16, in_list=True))
        == "|-\n" + 2 * " " * 8 + "a\n" + 16 * " " + "b\n"
    )


def test_types_are_written_as_they_are() -> None:
    assert go_yaml_v3().spell("200", "int", BODY) == "200"
    assert go_yaml_v3().spell("null", "null", BODY) == "null"


def test_binary_is_wrapped_at_70() -> None:
    text = go_yaml_v3().spell("QUFB" * 40, "!!binary", BODY)
    assert text.splitlines()[0] == "!!binary |"
    assert [len(line.strip()) for line in text.splitlines()[1:]] == [70, 70, 20]


@pytest.mark.parametrize(
    "text", ["0x1F", "0b11", "0o17", "1_000", "+.inf", ".5", "-1.", "18446744073709551615"]
)
def test_other_types(text: str) -> None:
    assert reads_as_other_type(text)


@pytest.mark.parametrize(
    "text", ["0x", "1.2.3", "18446744073709551616a", "2024-13-01", "h2", "-", "+a", "1:99"]
)
def test_strings(text: str) -> None:
    assert not reads_as_other_type(text)
