"""Trees as values, where aliases and numbers are made to swell."""

from __future__ import annotations

import pytest

from tests.hostile import at_once
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetBodyText
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError
from viewer.cassette.source import Source
from viewer.cassette.tree_values import SwollenError, value_of
from viewer.cassette.yaml_text import parse

FILE = """\
interactions:
- request:
    headers: {{content-type: [application/json]}}
    method: POST
    parsed_body:
{}    uri: https://api.example.test/
  response:
    headers: {{content-type: [application/json]}}
    parsed_body: {{b: 1}}
    status: {{code: 200, message: OK}}
version: 1
"""


def _laughs(first: str, item: str) -> str:
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {item.format(', '.join([f'*a{n - 1}'] * 10))}" for n in range(1, 30)]
    return "".join(f"      {line}\n" for line in lines)


BOMBS = {
    "lists": _laughs("[lol]", "[{}]"),
    "merges": _laughs("{lol: 1}", "{{<<: [{}]}}"),
    "one string": f"      a: &a {'x' * 20_000}\n      b: [{', '.join(['*a'] * 20_000)}]\n",
}


@pytest.mark.parametrize("tree", BOMBS.values(), ids=BOMBS)
def test_aliases_that_swell_are_refused(tree: str) -> None:
    with at_once(), pytest.raises(SwollenError):
        value_of(parse(tree))


@pytest.mark.parametrize("tree", BOMBS.values(), ids=BOMBS)
def test_a_body_that_swells_is_said_to_and_the_rest_is_shown(tree: str) -> None:
    with at_once():
        cassette = Cassette.of(Source(FILE.format(tree).encode()))
        found = cassette.interaction(0)
        assert found.request is not None
        assert found.request.url == "https://api.example.test/"
        assert "aliases" in found.request.body.note
        assert found.response is not None
        assert found.response.body.text == '{"b": 1}'
        with pytest.raises(EditError):
            SetBodyText(0, Side.REQUEST, "{}").exchange(cassette)


def test_a_body_nested_too_deep_is_said_to_be() -> None:
    """It looked as if there were none."""
    nested = f"      a: {'[' * 980}{']' * 980}\n"
    found = Cassette.of(Source(FILE.format(nested).encode())).interaction(0)
    assert found.request is not None
    assert "nested too deep" in found.request.body.note


def test_aliases_of_usual_size_are_followed() -> None:
    assert value_of(parse("a: &a [1, x]\nb: [*a, *a]\nc: {<<: {d: 1}}")) == {
        "a": [1, "x"],
        "b": [[1, "x"], [1, "x"]],
        "c": {"d": 1},
    }


@pytest.mark.parametrize("number", [":".join(["59"] * 100_000), "9" * 100_000, "0x" + "f" * 100_000])
def test_numbers_longer_than_any_stay_text(number: str) -> None:
    """Base 60 took the square of the length, and json.dumps raised on what came out."""
    with at_once():
        assert value_of(parse(f"a: {number}")) == {"a": number}
