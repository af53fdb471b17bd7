"""Blocks of lines: complete, in order, and right about what is equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.compare.hunks import Change, Span, changed_words, hunks, lines_of
from viewer.compare.noise import masked_lines

lines = st.lists(st.sampled_from(["a", "b", '  "k": 1,', '  "k": 2,', "", "{", "}"]), max_size=12).map(
    "\n".join
)


@given(lines, lines)
def test_blocks_cover_both_texts_in_order_and_equal_ones_are_equal(left: str, right: str) -> None:
    at_left = at_right = 0
    left_lines, right_lines = lines_of(left), lines_of(right)
    for hunk in hunks(left, right):
        assert (hunk.left_start, hunk.right_start) == (at_left, at_right)
        at_left, at_right = hunk.left_end, hunk.right_end
        if hunk.change is Change.EQUAL:
            assert left_lines[hunk.left_start : at_left] == right_lines[hunk.right_start : at_right]
        elif hunk.change is Change.CHANGED:
            assert at_left - hunk.left_start == at_right - hunk.right_start
            without = _without(left, hunk.left_words, hunk.left_start, hunk.left_end)
            assert without == _without(right, hunk.right_words, hunk.right_start, hunk.right_end)
        else:
            assert (hunk.left_start == at_left) != (hunk.right_start == at_right)
    assert (at_left, at_right) == (len(left_lines), len(right_lines))


def _without(text: str, words: tuple[Span, ...], start: int, end: int) -> str:
    """The lines of a block without the stretches marked in them, and without white space."""
    kept = "".join(
        " " if any(span.start <= at < span.end for span in words) else character
        for at, character in enumerate(text)
    )
    first = sum(len(line) + 1 for line in lines_of(text)[:start])
    last = sum(len(line) + 1 for line in lines_of(text)[:end])
    return "".join(kept[first:last].split())


@given(lines, lines)
def test_cutting_at_lines_that_are_there_once_covers_both_texts_too(left: str, right: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("viewer.compare.runs._MOST_CELLS", 3)
        test_blocks_cover_both_texts_in_order_and_equal_ones_are_equal.hypothesis.inner_test(left, right)  # type: ignore[attr-defined]


def test_few_changes_in_very_many_lines_are_found_one_by_one() -> None:
    many = [f"line {number}" for number in range(60_000)]
    other = [*many[:100], "new", *many[100:30_000], "other", *many[30_001:]]
    changes = [hunk.change for hunk in hunks("\n".join(many), "\n".join([*other, "end"]))]
    assert changes == [
        Change.EQUAL,
        Change.ADDED,
        Change.EQUAL,
        Change.CHANGED,
        Change.EQUAL,
        Change.ADDED,
    ]


def test_lines_with_one_key_are_matched_and_told_apart_as_noise() -> None:
    left = "Date:\n- monday\nServer:\n- a\n- b"
    right = "Date:\n- tuesday\nServer:\n- a\n- c"
    noise = [(hunk.left_start, hunk.is_noise) for hunk in hunks(left, right, masked_lines) if hunk.left_words]
    assert noise == [(1, True), (4, False)]


def test_a_comparison_can_be_stopped() -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    with pytest.raises(StopError):
        hunks("a\nb", "a\nc", check=stop)


def test_equal_texts_are_one_block() -> None:
    (only,) = hunks("a\nb", "a\nb")
    assert (only.change, only.left_end) == (Change.EQUAL, 2)


def test_an_added_member_does_not_shift_its_neighbours() -> None:
    left = '{\n  "content": "Ola",\n  "stop": 1\n}'
    right = '{\n  "content": "Oi",\n  "refusal": null,\n  "stop": 1\n}'
    assert [hunk.change for hunk in hunks(left, right)] == [
        Change.EQUAL,
        Change.CHANGED,
        Change.ADDED,
        Change.EQUAL,
    ]


def test_words_that_differ() -> None:
    left, right = changed_words("the quick fox", "the slow red fox")
    assert left == [Span(4, 9)]
    assert right == [Span(4, 12)]


def test_a_very_long_line_is_marked_between_its_common_ends() -> None:
    body = "x " * 5000
    left, right = changed_words(f"{body}1{body}", f"{body}2{body}")
    assert left == right == [Span(len(body), len(body) + 1)]
