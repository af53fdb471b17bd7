"""Runs of two sequences: complete, in order, in turns, and right about what is the same, however they are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.compare.runs import common_ends, runs

items = st.lists(st.sampled_from("abcdef"), max_size=14)


@pytest.mark.parametrize("most_cells", [400_000_000, 3])
@given(left=items, right=items)
def test_runs_cover_both_sequences_in_turns(most_cells: int, left: list[str], right: list[str]) -> None:
    at_left = at_right = 0
    turns = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("viewer.compare.runs._MOST_CELLS", most_cells)
        for run in runs(left, right):
            assert (run.left_start, run.right_start) == (at_left, at_right)
            at_left, at_right = run.left_end, run.right_end
            turns.append(run.same)
            if run.same:
                assert left[run.left_start : at_left] == right[run.right_start : at_right]
    assert (at_left, at_right) == (len(left), len(right))
    assert all(turn is not following for turn, following in pairwise(turns))


def test_what_is_never_there_once_is_cut_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sequences too long to weigh whole, without anything to cut them at, were taken for different throughout."""
    monkeypatch.setattr("viewer.compare.runs._MOST_CELLS", 40)
    left, right = list("xababababab"), list("yabababaabab")
    same = sum(run.left_end - run.left_start for run in runs(left, right) if run.same)
    assert same >= 8


def test_common_ends_do_not_overlap() -> None:
    assert common_ends("aaa", "aa") == (2, 0)
    assert common_ends("abxc", "abyyc") == (2, 1)
