"""Rows: lines that belong together stand in the same row, whatever differs and however lines wrap."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from viewer.compare.comparison import compared
from viewer.compare.hunks import Change
from viewer.ui.compare.arrangement import Stop, arrange

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", "", '"id": "gen-1234567890"']), max_size=12).map(
    "\n".join
)


def tops(fillers: dict[int, int], heights: Sequence[int]) -> list[int]:
    """The first row of each line, and the row behind the last."""
    rows, result = 0, []
    for line, height in enumerate([*heights, 0]):
        rows += fillers.get(line, 0)
        result.append(rows)
        rows += height
    return result


@given(TEXTS, TEXTS, st.randoms(use_true_random=False), st.booleans())
def test_equal_lines_share_a_row(left: str, right: str, random: object, mute: bool) -> None:
    hunks = compared(left, right).hunks
    counts = left.count("\n") + 1, right.count("\n") + 1
    pick = random.randint  # type: ignore[attr-defined]
    heights = [pick(1, 3) for _ in range(counts[0])], [pick(1, 3) for _ in range(counts[1])]
    for given_heights in (None, heights):
        arrangement = arrange(hunks, mute=mute, heights=given_heights)
        used = given_heights or ([1] * counts[0], [1] * counts[1])
        rows = tops(arrangement.left, used[0]), tops(arrangement.right, used[1])
        assert rows[0][-1] == rows[1][-1] == arrangement.rows
        for hunk in hunks:
            if hunk.change in (Change.EQUAL, Change.CHANGED):
                for at in range(hunk.left_end - hunk.left_start):
                    assert rows[0][hunk.left_start + at] == rows[1][hunk.right_start + at]


@given(TEXTS, TEXTS)
def test_differences_neither_touch_nor_overlap(left: str, right: str) -> None:
    arrangement = arrange(compared(left, right).hunks, mute=False)
    behind = -1
    for stop in arrangement.stops:
        assert stop.row > behind
        assert stop.rows > 0
        behind = stop.row + stop.rows
    assert behind <= arrangement.rows
    assert bool(arrangement.stops) == (left != right)


def test_lines_that_made_way_for_others_stand_beside_them() -> None:
    arrangement = arrange(compared("a\nxxxxx\nz", "a\n1\n2\n3\nz").hunks, mute=True)
    assert arrangement.left == {2: 2}
    assert arrangement.right == {}
    assert arrangement.stops == [Stop(1, 3)]
    assert arrangement.rows == 5


def test_muted_noise_is_no_difference() -> None:
    hunks = compared('{\n"id": "gen-1"\n}', '{\n"id": "gen-2"\n}').hunks
    assert arrange(hunks, mute=True).stops == []
    assert arrange(hunks, mute=True).muted == [Stop(1, 1)]
    assert arrange(hunks, mute=False).stops == [Stop(1, 1)]
