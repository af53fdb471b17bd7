"""libyaml reads a text by slices as it reads it whole."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette import slices, yaml_text
from viewer.cassette.node import Scalar, Sequence
from viewer.cassette.pieces import decode
from viewer.cassette.shadow import without_surrogate_escapes
from viewer.cassette.slices import Slices
from viewer.cassette.walk import walk_yaml

TEXTS = st.text(st.sampled_from("aé東😀\\\\ud3\n \x00"), max_size=60)
SIZES = st.integers(1, 12)


def read_all(source: Slices) -> list[str]:
    return list(iter(source.read, ""))


@given(st.one_of(TEXTS.map(str.encode), st.binary(max_size=40)), SIZES)
def test_slices_are_the_text_and_know_their_bytes(data: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "_SLICE", size)
        source = Slices(data, str)
        text = "".join(read_all(source))
        assert text == decode(data)
        for offset in range(len(text) + 1):
            assert source.byte_offset(offset) == len(text[:offset].encode("utf-8", "surrogateescape"))


@given(TEXTS, SIZES, st.lists(st.integers(0, 60), max_size=12))
def test_bytes_are_known_in_any_order(text: str, size: int, places: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "_SLICE", size)
        source = Slices(text.encode(), str)
        read_all(source)
        wanted = [min(place, len(text)) for place in places]
        assert [source.byte_offset(place) for place in wanted] == [
            len(text[:place].encode()) for place in wanted
        ]


@given(st.lists(st.sampled_from(["\\ud83d", "\\\\", "\\n", "ab", "é"]), max_size=20), st.integers(20, 40))
def test_a_shadow_sees_every_escape_whole(parts: list[str], size: int) -> None:
    text = "word " * 10 + " ".join(parts) + " words" * 10
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "_SLICE", size)
        shown = "".join(read_all(Slices(text.encode(), without_surrogate_escapes)))
    assert shown == without_surrogate_escapes(text)


def test_entries_behind_characters_of_several_bytes_stand_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slices, "_SLICE", 16)
    texts = [f'- id: {number}\n  body: "é東😀\x07 \\ud83d\\ude00"\n' for number in range(50)]
    data = ("interactions:\n" + "".join(texts)).encode() + b"# \xff\n- id: 50\nversion: 1\n"
    pieces = walk_yaml(data).pieces
    found = [pieces.text(index) for index in pieces.entries()]
    assert found[:49] == texts[:49]
    assert found[50] == "- id: 50\n"
    assert pieces.whole() is data


def test_a_large_entry_is_read_by_slices_with_the_same_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "- 'é 😀'\n- |\n  東\n- \"x\x07\"\n" * 20
    whole = yaml_text.parse(text)
    monkeypatch.setattr(yaml_text, "_LARGE", 10)
    monkeypatch.setattr(slices, "_SLICE", 7)
    assert yaml_text.parse(text) == whole
    assert isinstance(whole, Sequence)
    assert isinstance(whole.items[2], Scalar)
    assert whole.items[2].value == "x\x07"


def test_what_the_reader_raises_ends_the_parser() -> None:
    """PyYAML hands the exception through libyaml's C code."""

    def stop(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(yaml_text.events(Slices(b"a: 1\n", str, stop)))
    assert yaml.safe_load("a: 1") == {"a": 1}


@pytest.mark.parametrize("reports", range(1, 12))
def test_what_is_done_behind_the_last_slice_can_be_stopped_too(
    monkeypatch: pytest.MonkeyPatch, reports: int
) -> None:
    """A tenth of the walk was: offsets to bytes, a slice encoded anew for each, and where entries begin and end."""
    monkeypatch.setattr(slices, "_AT_ONCE", 10)
    seen: list[float] = []

    def stop(fraction: float) -> None:
        seen.append(fraction)
        if seen.count(1.0) == reports:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk_yaml(("interactions:\n" + "- {id: é}\n" * 60 + "other:\n" + "- 1\n" * 20).encode(), stop)
    assert seen == sorted(seen)


def test_text_full_of_escapes_is_cut_in_no_time() -> None:
    """Each slice's end was moved by one byte at a time: half a second for these four megabytes."""
    begun = time.process_time()
    assert len("".join(read_all(Slices(rb"{}\n" * 1_000_000, str)))) == 4_000_000
    assert time.process_time() - begun < 0.2
