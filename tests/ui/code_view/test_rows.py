"""Rows against a plain list of heights, which can do the same, only slowly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view import rows as rows_module
from viewer.ui.code_view.rows import RowMap

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("rows"), st.integers(0, 40), st.integers(1, 4)),
        st.tuples(st.just("lines"), st.integers(0, 40), st.integers(-6, 30)),
    ),
    max_size=12,
)


def assert_same(rows: RowMap, heights: list[int], fillers: dict[int, int], hidden: set[int]) -> None:
    top = 0
    for line, height in enumerate(heights):
        if line in hidden:
            continue
        filler = fillers.get(line, 0)
        assert rows.top(line) == top + filler
        assert rows.rows(line) == height
        assert {rows.line_at(row) for row in range(top, top + filler + height)} == {line}
        top += filler + height
    assert rows.total == top + fillers.get(len(heights), 0)


@given(st.integers(1, 40), OPERATIONS, st.dictionaries(st.integers(0, 45), st.integers(1, 3), max_size=5))
def test_rows_as_a_list_counts_them(
    count: int, operations: list[tuple[str, int, int]], fillers: dict[int, int]
) -> None:
    before, rows_module.BLOCK = rows_module.BLOCK, 4
    try:
        rows, heights = RowMap(count), [1] * count
        fillers = {line: filler for line, filler in fillers.items() if line <= count}
        rows.set_fillers(fillers)
        for kind, line, number in operations:
            line = min(line, len(heights) - 1)
            if kind == "rows":
                rows.set_rows(line, number)
                heights[line] = number
            else:
                removed = min(max(-number, 0), len(heights) - 1 - line)
                added = max(number, 0)
                rows.replace(line + 1, removed, added)
                heights[line + 1 : line + 1 + removed] = [1] * added
                fillers = {
                    at if at <= line else at - removed + added: filler
                    for at, filler in fillers.items()
                    if at <= line or at >= line + 1 + removed
                }
            assert_same(rows, heights, fillers, set())
    finally:
        rows_module.BLOCK = before


@given(st.lists(st.integers(1, 3), min_size=2, max_size=30), st.data())
def test_hidden_lines_take_no_rows(heights: list[int], data: st.DataObject) -> None:
    hidden = sorted(data.draw(st.sets(st.integers(1, len(heights) - 1))))
    ranges: list[tuple[int, int]] = []
    for line in hidden:
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = ranges[-1][0], line
        else:
            ranges.append((line, line))
    rows = RowMap(len(heights))
    rows.set_hidden(ranges)
    for line, height in enumerate(heights):
        rows.set_rows(line, height)
    assert_same(rows, heights, {}, set(hidden))
    shown = [line for line in range(len(heights)) if line not in hidden]
    for line, behind in zip(shown, [*shown[1:], len(heights)], strict=True):
        assert rows.next_line(line) == behind
        assert rows.previous_line(behind) == line


def test_filler_behind_the_last_line() -> None:
    rows = RowMap(2)
    rows.set_fillers({2: 3})
    assert rows.total == 5
    rows.set_fillers({})
    assert rows.total == 2
