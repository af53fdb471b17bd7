"""Where entries stand: the fast way, the slow way, and that they agree."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from viewer.cassette.formats.detect import lay_out
from viewer.cassette.layout import Layout, split_yaml
from viewer.cassette.model import ParseError
from viewer.cassette.pieces import PieceKind
from viewer.cassette.source import read_source
from viewer.cassette.walk import walk_yaml

TWO = b"version: 1\ninteractions:\n- request: {a: 1}\n- request:\n    b: |\n      - request: x\ntail: 1\n"


def entries(layout: Layout | None, kind: PieceKind = PieceKind.ENTRY) -> list[str]:
    assert layout is not None
    return [layout.pieces.text(index) for index in layout.pieces.entries(kind)]


def both(data: bytes) -> list[str]:
    """The entries, found alike by both ways."""
    fast, slow = split_yaml(data), walk_yaml(data)
    assert entries(fast) == entries(slow)
    for layout in (fast, slow):
        assert layout is not None
        assert b"".join(layout.pieces.chunks()) == data
    return entries(fast)


def test_a_list_with_head_and_tail() -> None:
    assert both(TWO) == ["- request: {a: 1}\n", "- request:\n    b: |\n      - request: x\n"]


def test_comments_between_entries_belong_to_the_one_before() -> None:
    data = b"interactions:\n# first\n  - id: 0\n  # about 0\n# too\n\n  - id: 1\n# end\nversion: 2\n"
    assert both(data) == ["  - id: 0\n  # about 0\n# too\n\n", "  - id: 1\n# end\n"]


def test_crlf_and_a_document_end() -> None:
    assert both(b"---\r\ninteractions:\r\n- id: 0\r\n- id: 1\r\n...\r\n") == ["- id: 0\r\n", "- id: 1\r\n"]


def test_a_dash_on_a_line_of_its_own() -> None:
    assert both(b"\n-\n    request: 1\n-\n    request: 2\n") == ["-\n    request: 1\n", "-\n    request: 2\n"]


def test_a_nested_list_with_keys_behind_it() -> None:
    data = b"log:\n  entries:\n    - _id: a\n      x: 1\n    - _id: b\n  pages: []\n"
    assert both(data) == ["    - _id: a\n      x: 1\n", "    - _id: b\n"]


def test_two_lists_beside_each_other() -> None:
    data = b"requests:\n- body: 1\n- body: 2\nresponses:\n- body: 3\n- body: 4\n"
    assert both(data) == ["- body: 1\n", "- body: 2\n"]
    assert entries(split_yaml(data), PieceKind.SECOND) == ["- body: 3\n", "- body: 4\n"]


def test_two_lists_of_which_the_second_ends_at_its_key() -> None:
    """The file may be cut there; it raised ValueError."""
    data = b"requests:\n- method: GET\nresponses:"
    assert split_yaml(data) is None
    assert entries(walk_yaml(data)) == ["- method: GET\n"]


def test_a_quoted_scalar_with_less_indent_is_not_the_tail() -> None:
    data = b"interactions:\n  - id: 0\n    body: 'one\n\n two\n\n  three'\n    x: 1\nversion: 2\n"
    assert both(data) == ["  - id: 0\n    body: 'one\n\n two\n\n  three'\n    x: 1\n"]


@pytest.mark.parametrize(
    "data",
    [
        b"interactions: [{id: 0}, {id: 1}]\n",
        b"interactions:\n- id: 0\nx: 1\n---\ninteractions:\n- request: 1\n",
        b"interactions:\r- id: 0\r- id: 1\r",
    ],
)
def test_what_the_fast_way_cannot_tell_is_left_to_the_slow_one(data: bytes) -> None:
    assert split_yaml(data) is None
    layout = walk_yaml(data)
    assert len(entries(layout)) == 2
    assert b"".join(layout.pieces.chunks()) == data


def test_a_marker_in_a_quoted_scalar_misleads_the_fast_way_only() -> None:
    data = b'interactions:\n- id: 0\n  body: "x\n\n- id: 1"\n- id: 2\n'
    assert len(entries(split_yaml(data))) == 3
    assert entries(walk_yaml(data)) == ['- id: 0\n  body: "x\n\n- id: 1"\n', "- id: 2\n"]


@pytest.mark.parametrize("first", ["interactions: [{request: 0}]\n---\n", "a: 1\n--- # c\n", "---\n---\n"])
def test_a_list_in_a_later_document_is_left_to_the_slow_way(first: str) -> None:
    """What stood in front of it was not shown."""
    data = f"{first}interactions:\n- request: 1\n".encode()
    assert split_yaml(data) is None
    assert entries(walk_yaml(data))[-1] == "- request: 1\n"


@pytest.mark.parametrize("head", ["---\n", "# c\n\n--- # d\n", "%YAML 1.1\n---\n", "--- \r\n"])
def test_the_first_document_s_mark_is_none_of_a_later_one(head: str) -> None:
    assert both(f"{head}interactions:\n- request: 1\n".encode()) == ["- request: 1\n"]


def test_links_tell_where_an_anchor_of_another_entry_stands() -> None:
    layout = walk_yaml(b"interactions:\n- id: &x 0\n- id: *x\n- id: &x 1\n- id: *x\n")
    assert dict(layout.links) == {(1, "x"): 0, (3, "x"): 2}


@pytest.mark.parametrize("first", ["- request: 0\n", "- &x request: 0\n- request: &y 1\n"])
def test_of_a_list_that_is_named_twice_the_last_one_counts(first: str) -> None:
    """Loaders keep the last of equal keys; two cassettes joined to one file showed the first."""
    last = "- request: &z 2\n", "- request: *z\n"
    data = f"interactions:\n{first}version: 1\ninteractions:\n{''.join(last)}version: 1\n".encode()
    assert entries(lay_out(data)) == [*last]
    assert entries(walk_yaml(data)) == [*last]
    assert walk_yaml(data).links == {(1, "z"): 0}


@pytest.mark.parametrize("again", ["[]", "{}", "null", "", "[] # c"])
def test_of_a_list_that_is_named_again_without_entries_nothing_counts(again: str) -> None:
    data = f"interactions:\n- request: &x 0\ninteractions: {again}\nversion: 1\n".encode()
    assert entries(lay_out(data)) == []


def test_of_a_nested_list_that_is_named_twice_the_last_one_counts() -> None:
    data = b"log:\n  _recordingName: x\n  entries:\n    - a: 0\n  entries:\n    - b: 1\n"
    assert entries(lay_out(data)) == ["    - b: 1\n"]


def test_an_anchor_of_a_list_that_does_not_count_is_around_the_entries() -> None:
    layout = walk_yaml(b"interactions:\n- id: &x 0\ninteractions:\n- id: *x\n")
    assert layout.links == {(0, "x"): -1}


@pytest.mark.parametrize("dash", ["- ", "-\n  ", "- # - c\n\n  &a\n  "])
def test_a_list_in_front_of_the_interactions_is_none_of_theirs(dash: str) -> None:
    """The slow way began the first entry at the first dash of the file."""
    data = f"tags:\n- a\n- b\ninteractions:\n{dash}id: 0\n- id: 1\n".encode()
    assert entries(walk_yaml(data)) == [f"{dash}id: 0\n", "- id: 1\n"]


def test_a_dash_alone_at_the_end_is_an_entry() -> None:
    """It went to the entry in front of it, which then did not parse."""
    assert entries(walk_yaml(b"- id: 0\n-")) == ["- id: 0\n", "-"]


def test_a_dash_alone_on_a_line_behind_a_cr() -> None:
    assert entries(walk_yaml(b"-\r-\n a: b")) == ["-\r", "-\n a: b"]


def test_offsets_count_bytes_behind_characters_of_several() -> None:
    assert both("interactions:\n- id: é😀\n- id: ü\n".encode()) == ["- id: é😀\n", "- id: ü\n"]


@pytest.mark.parametrize("window", [1, 2, 5, 9, 1000])
def test_windows_of_any_size_find_every_entry_once(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.cassette.layout._WINDOW", window)
    data = b"interactions:\n" + b"".join(b"- id: %d\n  body: x\n" % number for number in range(30))
    seen: list[float] = []
    layout = split_yaml(data, seen.append)
    assert [int(entry.split()[2]) for entry in entries(layout)] == list(range(30))
    assert seen == sorted(seen)
    assert len(seen) >= len(data) // window - 20


def test_the_end_of_a_large_entry_with_many_shallow_lines_is_left_to_the_slow_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each such line would have the whole entry before it parsed: a megabyte took minutes."""
    monkeypatch.setattr("viewer.cassette.layout._TAIL_BUDGET", 1000)
    data = b"interactions:\n  - id: 0\n    body: '" + b"one\n\n two\n\n" * 200 + b"'\nversion: 2\n"
    assert split_yaml(data) is None
    assert len(entries(walk_yaml(data))) == 1


def test_malformed_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(ParseError) as caught:
        walk_yaml(b"interactions:\n- a: b: c\n")
    assert caught.value.line == 2


def test_nesting_ends_with_a_message() -> None:
    with pytest.raises(ParseError, match="nested deeper"):
        walk_yaml(b"a: " + b"[" * 100_000)


def test_a_walk_can_be_stopped_and_reports_its_progress() -> None:
    data = b"interactions:\n" + b"- id: 0\n" * 20_000
    seen: list[float] = []
    walk_yaml(data, seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 0
    assert 0.5 < seen[-1] <= 1
    stop = threading.Event()

    def halt(fraction: float) -> None:
        stop.set()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        walk_yaml(data, halt)
    assert stop.is_set()


def test_a_walk_can_be_stopped_inside_a_scalar() -> None:
    """libyaml would hold the interpreter's lock for an eighth of a second in a scalar of 10 MB."""
    data = b'interactions:\n- id: "' + b"word " * 100_000 + b'"\n'
    seen: list[float] = []

    def halt(fraction: float) -> None:
        seen.append(fraction)
        if fraction > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        walk_yaml(data, halt)
    assert len(seen) > 5


def test_both_ways_agree_on_every_yaml_file_of_the_corpus(corpus: Path) -> None:
    compared = 0
    for path in sorted(corpus.rglob("*")):
        data = read_source(path).data if path.is_file() and path.suffix not in (".md", ".tsv") else b""
        if not data or data.lstrip()[:1] in b"{[" or data.startswith(b"httprr"):
            continue
        fast, slow = split_yaml(data), walk_yaml(data)
        if fast is not None:
            compared += 1
            assert fast.path == slow.path, path
            for kind in (PieceKind.ENTRY, PieceKind.SECOND):
                assert entries(fast, kind) == entries(slow, kind), path
    assert compared > 600


def test_a_list_in_a_quoted_scalar_is_none() -> None:
    """There is no entry before the first one that would not parse, but there is the head."""
    data = b"x: 'a\ninteractions:\n- request: {}\n  response: {}\ny: b'\ninteractions:\n- a: 1\n"
    assert entries(lay_out(data)) == ["- a: 1\n"]
