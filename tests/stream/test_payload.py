"""Decoding JSON in events and bodies."""

from __future__ import annotations

import json

import pytest

from viewer.stream import payload
from viewer.stream.payload import PayloadError, beginning, decode


@pytest.mark.parametrize(
    "text",
    [
        '[1, "two", [3, [4]], {"five": [6, 7.5], "seven": null}, true, "Olá", -1e3]',
        '{"a": [{"b": 1}, {"b": 2}], "a": {"c": [1, 2, 3], "d": ""}, "e": "\\ud83d\\ude00"}',
        ' \n[ {"a" : 1} , [ ] , { } ]\n ',
        "[]",
        "{}",
        '"a string alone"',
        "12345678",
    ],
)
def test_a_large_text_is_decoded_by_parts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call for 10 MB of small objects held the interpreter's lock, and so the window, for 217 ms."""
    expected = json.loads(text)
    monkeypatch.setattr(payload, "LARGE", 0)
    for part in (0, 1, 5, 12, 1000):
        monkeypatch.setattr(payload, "_PART", part)
        assert decode(text) == expected


@pytest.mark.parametrize("text", ["[1, 2", '{"a": [1,, 2]}', '[{"a": 1}] x', '["\\ud83d"]', "[NaN]"])
def test_what_is_refused_by_parts_is_what_is_refused_whole(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outcome() -> object:
        try:
            return repr(decode(text))
        except PayloadError as err:
            return str(err)

    expected = outcome()
    monkeypatch.setattr(payload, "LARGE", 0)
    monkeypatch.setattr(payload, "_PART", 3)
    assert outcome() == expected


def test_a_large_text_is_known_by_how_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """All members of the outer objects, and of long arrays the first items, cut where one ends."""
    text = json.dumps({"a": [{"b": [n], "c": "d" * 9} for n in range(99)], "e": {"f": [1] * 99, "g": "h"}})
    assert beginning(text) == json.loads(text)
    monkeypatch.setattr(payload, "_PART", 10)
    monkeypatch.setattr(payload, "_FRONT", 50)
    found = beginning(text)
    assert found["a"][0] == {"b": [0], "c": "d" * 9}
    assert 0 < len(found["a"]) < 9
    assert (set(found["e"]["f"]), found["e"]["g"]) == ({1}, "h")
    assert len(found["e"]["f"]) < 50


def test_a_long_list_is_known_by_its_first_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many follow: nobody decodes them to tell what it is."""
    text = " " + json.dumps([{"b": [number], "c": "d" * 9} for number in range(99)])
    for limit in ("_MOST_MEMBERS", "_MOST_LISTS", "_MOST_ITEMS"):
        monkeypatch.setattr(payload, limit, 9)
    monkeypatch.setattr(payload, "_PART", 10)
    monkeypatch.setattr(payload, "_FRONT", 50)
    found = beginning(text)
    assert found[0] == {"b": [0], "c": "d" * 9}
    assert 0 < len(found) < 9


@pytest.mark.parametrize("text", ['["' + "x" * 99 + '"]', '"' + "x" * 99 + '"', "[" * 60 + "]" * 60])
def test_what_has_no_front_is_known_by_all_of_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "_PART", 10)
    monkeypatch.setattr(payload, "_FRONT", 50)
    assert beginning(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"a": 1' + ', "b": 2' * 200 + "}", "members"),
        ("[1" + ", 2" * 200 + "]", "items"),
        ('{"a": [' + "[" * 200 + "]" * 200 + "]}", "lists"),
    ],
)
def test_more_values_than_memory_has_room_for_are_not_decoded(
    text: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten million members, a body of 119 MB, took four gigabytes."""
    assert decode(text) == json.loads(text)
    monkeypatch.setattr(payload, "LARGE", 0)
    for most in ("_MOST_MEMBERS", "_MOST_LISTS", "_MOST_ITEMS"):
        monkeypatch.setattr(payload, most, 100)
    for read in (decode, beginning):
        with pytest.raises(PayloadError, match=f"more than 100 {kind}"):
            read(text)
