"""More of something than anybody could look at is refused with a sentence, whatever the rest of the file holds."""

from __future__ import annotations

import pytest

from viewer.cassette import json_build, json_outline, json_text, slices, tree, walk, yaml_text
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.model import ParseError, TooLargeError
from viewer.cassette.source import source_of


def test_more_values_than_a_tree_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MOST_NODES", 100)
    monkeypatch.setattr(json_build, "MOST_NODES", 100)
    monkeypatch.setattr(json_outline, "MOST_NODES", 100)
    assert yaml_text.parse(f"[{'1,' * 90}]")
    assert json_text.parse(f"[{'1,' * 90}1]")
    with pytest.raises(ParseError, match=r"holds more than .* values") as caught:
        yaml_text.parse("- 1\n" * 200)
    assert caught.value.line == 100
    members = ", ".join(f'"{number}": 1' for number in range(60))
    for text in (f"[{'1,' * 200}1]", f"{{{members}}}"):
        with pytest.raises(ParseError, match=r"holds more than .* values"):
            json_text.parse(text)


def test_an_entry_that_is_too_large_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_BYTES", 1000)
    entry = "- request: {{method: GET, uri: /{}}}\n  response: {{body: {}}}\n"
    text = "interactions:\n" + entry.format(0, "x") + entry.format(1, "x" * 2000) + entry.format(2, "x")
    cassette = Cassette.of(source_of(text.encode()))
    found = [read_interaction(cassette, position) for position in range(3)]
    assert [bool(one.request) for one in found] == [True, False, True]
    assert "and is not read" in found[1].note


def test_a_value_that_is_too_large_for_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "MOST_PENDING", 100_000)
    walk.walk_yaml(b"interactions:\n" + b"- a: 'x'\n" * 50_000)
    with pytest.raises(ParseError, match="a value takes more than"):
        walk.walk_yaml(b"interactions: '" + b"x" * 400_000 + b"'\n")


def test_more_interactions_than_a_walk_may_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_MOST_ITEMS", 100)
    assert len(walk.walk_yaml(b"interactions: [" + b"1," * 99 + b"]").pieces.entries()) == 99
    with pytest.raises(ParseError, match="more than 100 interactions"):
        walk.walk_yaml(b"interactions: [" + b"1," * 200 + b"]")


def test_an_entry_of_too_many_values_is_no_reason_to_look_for_other_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole file was walked: half a minute for one entry of ten million keys."""
    monkeypatch.setattr(yaml_text, "MOST_NODES", 100)
    monkeypatch.setattr(walk, "walk_yaml", lambda *args: pytest.fail("the file is walked"))
    entry = "- request: {{method: GET, uri: /{}}}\n  response: {{a: [{}]}}\n"
    text = "interactions:\n" + entry.format(0, "1," * 200) + entry.format(1, "1") + "version: 1\n"
    cassette = Cassette.of(source_of(text.encode()))
    found = [read_interaction(cassette, position) for position in range(2)]
    assert [bool(one.request) for one in found] == [False, True]
    assert "holds more than" in found[0].note
    assert "line 3" in found[0].note


def test_many_values_at_a_great_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml took five seconds for 900 kB, whenever the entry was read."""
    monkeypatch.setattr(yaml_text, "MOST_LEVELS", 1000)
    deep = "[" * 40 + "]" * 40
    assert yaml_text.parse(f"- {deep}\n")
    with pytest.raises(TooLargeError, match="nests too many values too deeply") as caught:
        yaml_text.parse(f"- {deep}\n" * 5)
    assert caught.value.line == 2


def test_more_values_around_the_interactions_than_a_walk_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ten million keys was walked to its end, for most of a minute."""
    monkeypatch.setattr(walk, "MOST_NODES", 100)
    few = b"a: 1\n" * 40
    assert len(walk.walk_yaml(few + b"interactions:\n" + b"- b: 1\n" * 200).pieces.entries()) == 200
    with pytest.raises(ParseError, match="values around its interactions") as caught:
        walk.walk_yaml(few * 2 + b"interactions:\n" + b"- b: 1\n" * 200)
    assert caught.value.line == 50
