"""The entries of a JSON cassette are found in its bytes, whatever stands around and in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.json_samples import texts
from viewer.cassette import json_entries
from viewer.cassette.json_entries import EntrySpans, first_key, split_entries, split_slowly
from viewer.cassette.json_text import parse
from viewer.cassette.model import ParseError
from viewer.cassette.node import Sequence, find

PATHS = [(), ("interactions",), ("http_interactions",), ("log", "entries")]


def entry_texts(data: bytes, found: EntrySpans | None) -> list[str]:
    assert found is not None
    return [data[start:end].decode("utf-8", "surrogatepass") for start, end in found]


@given(
    st.lists(texts(odd=True), max_size=5),
    st.sampled_from(PATHS),
    st.sampled_from(["", " ", "\n  "]),
    texts(),
    st.sampled_from(["", "\ufeff"]),
)
def test_entries_are_those_of_the_tree(
    items: list[str], path: tuple[str, ...], blank: str, other: str, bom: str
) -> None:
    """Text before and behind the list does not matter, nor do entries that look like parts of it."""
    text = f"[{blank}{','.join(items)}{blank}]"
    for key in reversed(path):
        text = f'{{"before":{other},{blank}"{key}"{blank}:{blank}{text}, "{key}s": {other}}}'
    text = bom + text
    data = text.encode("utf-8", "surrogatepass")
    tree = find(parse(text), *path)
    assert isinstance(tree, Sequence)
    found = split_entries(data, path)
    assert entry_texts(data, found) == [text[item.start : item.end] for item in tree.items]
    assert found is not None
    assert data[found.list_start - 1 : found.list_start] == b"["
    assert data[found.list_end : found.list_end + 1] == b"]"


@given(st.lists(texts(), max_size=4), st.sampled_from(PATHS))
def test_both_ways_find_the_same(items: list[str], path: tuple[str, ...]) -> None:
    text = f"[{' , '.join(items)}]"
    for key in reversed(path):
        text = f'{{"a": [{{}}], "{key}": {text}}}'
    data = text.encode()
    assert json_entries.split_fast(data, path) == json_entries.split_slowly(data, path) != None  # noqa: E711


def test_of_a_double_key_the_last_counts() -> None:
    data = b'{"interactions": [1, 2], "interactions": [3]}'
    assert entry_texts(data, split_entries(data, ("interactions",))) == ["3"]


def test_brackets_in_strings_do_not_count() -> None:
    data = b'{"interactions": [{"a": "]}\\"[", "b": NaN}, {}]}'
    assert entry_texts(data, split_entries(data, ("interactions",))) == ['{"a": "]}\\"[", "b": NaN}', "{}"]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"log": []}', b'{"interactions": {}}', b"hello", b'{"a": "interactions"}']
)
def test_no_list_is_none(data: bytes) -> None:
    assert split_entries(data, ("interactions",)) is None


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"interactions": [\n {"a": 1},\n {"a": ', (3, 2)),
        ('{"interactions": [\n {"é": 1} {"a": 2}]}'.encode(), (2, 10)),
        (b'{"interactions": [1,]}', (1, 21)),
    ],
)
def test_a_broken_list_says_where(data: bytes, place: tuple[int, int]) -> None:
    with pytest.raises(ParseError) as caught:
        split_entries(data, ("interactions",))
    assert (caught.value.line, caught.value.column) == place


def test_a_mistake_inside_an_entry_leaves_the_others_readable() -> None:
    data = b'{"interactions": [{"a": tru}, {"b": 1}]}'
    assert entry_texts(data, split_entries(data, ("interactions",))) == ['{"a": tru}', '{"b": 1}']


def test_fifteen_megabytes_are_split() -> None:
    entry: dict[str, Any] = {
        "request": {"url": "http://localhost/", "headers": {"A": ["b"] * 8}},
        "body": "words " * 100,
    }
    data = json.dumps({"interactions": [entry] * 19_000}).encode()
    found = split_entries(data, ("interactions",))
    assert found is not None
    assert len(found) == 19_000


def test_every_recorded_cassette(corpus: Path) -> None:
    """Both ways agree with json.loads on the number of entries in real files."""
    tried = 0
    for file in sorted([*corpus.rglob("*.json"), *corpus.rglob("*.har")]):
        data = file.read_bytes()
        if len(data) > 1_000_000 or "malformed" in file.parts:
            continue
        whole = json.loads(data.decode("utf-8-sig"))
        for path in PATHS:
            found: Any = whole
            for key in path:
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, list):
                spans = split_entries(data, path)
                assert json_entries.split_slowly(data, path) == spans
                assert [json.loads(text) for text in entry_texts(data, spans)] == found
                tried += 1
    assert tried > 20


@given(
    st.lists(texts(), min_size=2, max_size=12),
    st.sampled_from(PATHS),
    st.sampled_from([", ", ",\n "]),
    st.integers(1, 60),
)
def test_windows_find_what_one_look_finds(
    items: list[str], path: tuple[str, ...], comma: str, window: int
) -> None:
    """Also where entries hold what looks like the seam between two of them, and where the list is named twice."""
    alike = [f'{{"request": {item}, "inner": [{{"request": 1}}{comma}{{"request": 2}}]}}' for item in items]
    text = f"[{comma.join(alike)}]"
    for key in reversed(path):
        text = f'{{"a": 1, "{key}": {text}, "b": [{{"request": 1}}, {{"request": 2}}]}}'
    data = text.encode()
    whole = json_entries.split_fast(data, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_entries, "_AT_ONCE", 0)
        patch.setattr(json_entries, "_WINDOW", window)
        assert json_entries.split_fast(data, path) == whole != None  # noqa: E711


def test_a_large_list_is_read_by_windows_that_report_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_entries, "_AT_ONCE", 0)
    monkeypatch.setattr(json_entries, "_WINDOW", 1000)
    data = json.dumps({"interactions": [{"request": number} for number in range(1000)]}).encode()
    seen: list[float] = []
    found = json_entries.split_fast(data, ("interactions",), seen.append)
    assert found is not None
    assert len(found) == 1000
    assert len(seen) > 10
    assert seen == sorted(seen)

    def stop(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        json_entries.split_fast(data, ("interactions",), stop)


def test_of_a_double_key_the_last_counts_in_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The windows are those of the first list, and its last entry is the only one of the second."""
    monkeypatch.setattr(json_entries, "_AT_ONCE", 0)
    monkeypatch.setattr(json_entries, "_WINDOW", 4)
    data = b'{"interactions": [{"a": 1}, {"a": 2}, {"a": 3}], "interactions": [{"a": 3}]}'
    assert entry_texts(data, split_entries(data, ("interactions",))) == ['{"a": 3}']


def test_the_slow_way_reports_progress() -> None:
    data = b"[" + b"NaN, " * 50 + b"1]"
    seen: list[float] = []
    json_entries.split_slowly(data, (), seen.append)
    assert len(seen) > 40
    assert seen == sorted(seen)


def test_a_list_behind_very_many_members_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten million members were followed three times: half a minute to say that the file is no cassette."""
    monkeypatch.setattr(json_entries, "_MOST_MEMBERS", 10)
    text = "{%s" + '"interactions": [{"a": 1}]}'
    few, many = (text % ('"x": {}, ' * count) for count in (9, 10))
    assert first_key(few.encode(), ("interactions",)) == "interactions"
    assert len(split_entries(few.encode(), ("interactions",)) or ()) == 1
    assert first_key(many.encode(), ("interactions",)) is None
    assert split_slowly(many.encode(), ("interactions",)) is None
