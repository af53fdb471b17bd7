"""Trees: what a key has, and what a text counts as."""

from __future__ import annotations

import pytest

from tests.hostile import at_once
from viewer.cassette.node import Mapping, finite_number, text_of, whole_number
from viewer.cassette.yaml_text import parse


def _mapping(text: str) -> Mapping:
    root = parse(text)
    assert isinstance(root, Mapping)
    return root


def test_the_first_merged_mapping_with_a_key_counts() -> None:
    root = _mapping(
        "a: &a {x: 1}\nb: &b {x: 2, y: 3, <<: *a}\nc: &c {<<: [*b, *a], z: 5}\nd: {<<: *c, y: 4}\n"
    )
    found = root.get("d")
    assert isinstance(found, Mapping)
    assert [text_of(found.get(key)) for key in "xyz"] == ["2", "4", "5"]
    assert found.get("w") is None


def test_merges_of_merges_are_looked_at_once() -> None:
    """Ten merges of ten merges of ten …: a key that is in none was looked for in all."""
    levels = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 40)]
    root = _mapping("a0: &a0 {x: 1}\n" + "\n".join(levels))
    last = root.get("a39")
    assert isinstance(last, Mapping)
    with at_once():
        assert last.get("nothing") is None
        assert text_of(last.get("x")) == "1"


@pytest.mark.parametrize(
    ("text", "number"), [("200", 200), ("007", 7), ("", None), ("-1", None), ("²", None), ("9" * 5000, None)]
)
def test_whole_numbers(text: str, number: int | None) -> None:
    """A status of "²" or of five thousand digits raised ValueError."""
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("1.5", 1.5), ("x", None), ("1e999", None), ("nan", None), ("", None)]
)
def test_finite_numbers(text: str, number: float | None) -> None:
    assert finite_number(text) == number
