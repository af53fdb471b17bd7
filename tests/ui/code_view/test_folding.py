"""What can be folded, how far a block reaches, and what folds do when lines come and go."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view.buffer import TextBuffer
from viewer.ui.code_view.folding import Folds, block_end, blocks_at, can_fold, heading_of, indent_of, levels

VALUES = st.recursive(
    st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner),
    max_leaves=10,
)
YAML = "a:\n    b: 1\n\n    c:\n        - d\n\ne: 2\n"


@given(VALUES)
def test_blocks_of_pretty_json_are_its_brackets(value: object) -> None:
    text = json.dumps(value, indent=2)
    buffer = TextBuffer(text)
    stack: list[int] = []
    ends: dict[int, int] = {}
    for line, content in enumerate(text.split("\n")):
        if content.strip()[0] in "]}" and not content.strip().startswith(("[]", "{}")):
            ends[stack.pop()] = line
        if content.endswith(("[", "{")):
            stack.append(line)
    assert {line for line in range(buffer.line_count) if can_fold(buffer, line)} == set(ends)
    assert {line: block_end(buffer, line) for line in ends} == ends


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["a", "]", "},", ""])), min_size=1),
    st.integers(0, 4),
)
def test_blocks_in_one_pass_are_those_found_one_by_one(lines: list[tuple[int, str]], columns: int) -> None:
    buffer = TextBuffer("\n".join(" " * indent + content for indent, content in lines))
    single = {}
    for line in range(buffer.line_count):
        content = buffer.line_text(line).strip()
        if content == "a" and indent_of(buffer, line) == columns and can_fold(buffer, line):
            single[line] = block_end(buffer, line)
    found = {head: last for head, last in blocks_at(buffer, columns) if buffer.line_text(head).strip() == "a"}
    assert found == single


def test_blocks_of_yaml_end_before_blank_lines() -> None:
    buffer = TextBuffer(YAML)
    assert [line for line in range(buffer.line_count) if can_fold(buffer, line)] == [0, 3]
    assert block_end(buffer, 0) == 4
    assert block_end(buffer, 3) == 4


def test_very_long_lines_do_not_end_a_block() -> None:
    long = "    b: " + "x" * 5000
    buffer = TextBuffer("a:\n" + f"{long}\n" * 200 + "c: 1")
    assert block_end(buffer, 0) == 200
    assert list(blocks_at(buffer, 0)) == [(0, 200)]


def test_blank_lines_at_the_end_belong_to_no_block() -> None:
    """The last block used to reach over them where it was looked for alone."""
    buffer = TextBuffer("a\n a\n\n")
    assert block_end(buffer, 0) == 1
    assert list(blocks_at(buffer, 0)) == [(0, 1)]


def test_levels_are_where_headings_stand() -> None:
    assert levels(TextBuffer(json.dumps({"a": [1], "b": {"c": [2]}}, indent=2))) == [0, 2, 4]
    assert levels(TextBuffer(YAML)) == [0, 4]
    assert levels(TextBuffer("plain\ntext")) == []


def test_a_key_behind_dashes_is_set_in_as_its_sisters_are() -> None:
    """An entry of a cassette begins with `- request:`; its `response:` stands two columns further in."""
    entry = (
        "- request:\n    method: GET\n  response:\n    headers:\n      a:\n      - b\n  id: 1\n"
        "- - c: 1\n    d:\n      e\n"
    )
    buffer = TextBuffer(entry)
    assert levels(buffer) == [0, 2, 4]
    assert list(blocks_at(buffer, 0)) == [(0, 6), (7, 9)]
    assert list(blocks_at(buffer, 2)) == [(0, 1), (2, 5)]
    assert list(blocks_at(buffer, 4)) == [(3, 5), (8, 9)]
    assert levels(TextBuffer("- one: 1\n  two: 2\n")) == [0]


@pytest.mark.parametrize(("line", "head"), [(0, 0), (1, 0), (3, 3), (4, 3), (6, None)])
def test_a_line_belongs_to_the_innermost_block(line: int, head: int | None) -> None:
    assert heading_of(TextBuffer(YAML), line) == head


def test_a_closing_bracket_belongs_to_its_block() -> None:
    buffer = TextBuffer('{\n  "a": [\n    1\n  ],\n  "b": 2\n}')
    assert [heading_of(buffer, line) for line in range(6)] == [0, 1, 1, 1, 0, 0]


def test_inner_folds_are_hidden_with_outer_ones() -> None:
    folds = Folds()
    folds.fold(3, 5)
    folds.fold(1, 8)
    folds.fold(10, 12)
    assert folds.hidden() == [(2, 8), (11, 12)]
    folds.unfold(1)
    assert folds.hidden() == [(4, 5), (11, 12)]
    assert folds.hiding(5) == [3]


def test_folds_move_with_lines_and_open_when_edited() -> None:
    folds = Folds()
    folds.fold(1, 3)
    folds.fold(5, 8)
    folds.fold(10, 12)
    folds.replace(6, 1, 4)
    assert folds.hidden() == [(2, 3), (14, 15)]
    folds.replace(13, 1, 1)
    assert 13 in folds


@pytest.mark.parametrize("indent", [0, 2, 40])
@pytest.mark.parametrize("length", [1, 390, 400, 401, 3200, 300_000])
def test_a_block_ends_where_the_next_line_stands_out_however_long_lines_are(indent: int, length: int) -> None:
    pad = " " * indent
    block = f"{pad}  {'x' * length}\n"
    for count in (1, 2, 30) if length < 10_000 else (1, 2):
        text = f"{pad}head:\n{block * count}{pad}next: {'y' * length}\n{pad}last"
        buffer = TextBuffer(text)
        assert block_end(buffer, 0) == count
