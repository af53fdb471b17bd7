"""Changes to a tree as patches: what is asked changes, the rest of the text stays."""

from __future__ import annotations

import pytest
import yaml

from viewer.cassette.entry_editor import EntryEditor, New, Text
from viewer.cassette.model import EditError
from viewer.cassette.node import Mapping, Sequence, find
from viewer.cassette.spelling.detect import choose_writer
from viewer.cassette.yaml_text import parse

BLOCK = """- id: 0
  request:
    body: 'x'   # the body
    headers:
      Accept:
        - a
        - b
      Host:
        - h
    url: u
  code: 200
"""


def editor_of(text: str) -> EntryEditor:
    root = parse(text)
    assert root is not None
    return EntryEditor(text, root, choose_writer("go-vcr v2", BLOCK))


def changed(editor: EntryEditor) -> str:
    text = editor.text
    for patch in editor.patches(0):
        assert text[patch.start : patch.start + len(patch.old)] == patch.old
        text = text[: patch.start] + patch.new + text[patch.start + len(patch.old) :]
    return text


def mapping(editor: EntryEditor, *path: str | int) -> Mapping:
    node = find(editor.root, *path)
    assert isinstance(node, Mapping)
    return node


def sequence(editor: EntryEditor, *path: str | int) -> Sequence:
    node = find(editor.root, *path)
    assert isinstance(node, Sequence)
    return node


def set_at(text: str, value: str, tag: str, *path: str | int) -> str:
    editor = editor_of(text)
    node = find(editor.root, *path)
    assert node is not None
    editor.set(node, value, tag)
    return changed(editor)


def test_a_scalar_changes_alone() -> None:
    assert set_at(BLOCK, "500", "int", 0, "code") == BLOCK.replace("200", "500")
    assert set_at(BLOCK, "new", "", 0, "request", "url") == BLOCK.replace("url: u", "url: new")


def test_an_equal_value_changes_nothing_whatever_its_spelling() -> None:
    assert set_at(BLOCK, "x", "", 0, "request", "body") == BLOCK


def test_a_value_of_several_lines_keeps_the_comment_behind_it() -> None:
    result = set_at(BLOCK, "one\ntwo\n", "", 0, "request", "body")
    assert "    body: |   # the body\n      one\n      two\n    headers:\n" in result
    assert yaml.safe_load(result)[0]["request"]["body"] == "one\ntwo\n"


def test_a_block_becomes_a_line_and_its_line_still_ends() -> None:
    text = "- body: |\n    one\n    two\n  url: u\n"
    assert set_at(text, "x", "", 0, "body") == "- body: x\n  url: u\n"


def test_crlf_stays_in_what_is_written() -> None:
    text = "- body: x\r\n  url: u\r\n"
    result = set_at(text, "one\ntwo\n", "", 0, "body")
    assert result.count("\n") == result.count("\r\n") == 4
    assert yaml.safe_load(result)[0]["body"] == "one\ntwo\n"


def test_a_missing_value_is_filled_in() -> None:
    assert set_at("- a:\n  b: 1\n", "x", "", 0, "a") == "- a: x\n  b: 1\n"


def test_an_anchor_stays_and_a_tag_is_replaced() -> None:
    assert set_at("- a: &n x\n", "z", "", 0, "a") == "- a: &n z\n"
    assert yaml.safe_load(set_at("- a: !!binary eA==\n", "y", "", 0, "a")) == [{"a": "y"}]


def test_an_alias_is_not_written_through() -> None:
    with pytest.raises(EditError, match="alias"):
        set_at("- a: &n x\n  b: *n\n", "y", "", 0, "b")


INSERTIONS: list[tuple[int, str, New, str]] = [
    (0, "Aa", Text("1"), '      Aa: "1"\n      Accept:\n'),
    (1, "B", [Text("x"), Text("z")], "        - b\n      B:\n        - x\n        - z\n      Host:\n"),
    (2, "Z", [Text("z")], "        - h\n      Z:\n        - z\n    url: u\n"),
]


@pytest.mark.parametrize(("at", "key", "new", "expected"), INSERTIONS)
def test_a_pair_is_inserted_as_its_neighbours_stand(at: int, key: str, new: New, expected: str) -> None:
    editor = editor_of(BLOCK)
    editor.insert_pair(mapping(editor, 0, "request", "headers"), at, key, new)
    result = changed(editor)
    assert expected in result
    assert len(yaml.safe_load(result)[0]["request"]["headers"]) == 3


@pytest.mark.parametrize("at", [0, 1])
def test_a_pair_is_removed_with_its_lines(at: int) -> None:
    editor = editor_of(BLOCK)
    editor.remove_pair(mapping(editor, 0, "request", "headers"), at)
    expected = yaml.safe_load(BLOCK)
    del expected[0]["request"]["headers"][["Accept", "Host"][at]]
    result = changed(editor)
    assert yaml.safe_load(result) == expected
    assert set(result.splitlines()) < set(BLOCK.splitlines())


def test_the_first_pair_behind_a_dash_is_removed() -> None:
    editor = editor_of("- a: 1\n  b: 2\n")
    editor.remove_pair(mapping(editor, 0), 0)
    assert changed(editor) == "- b: 2\n"


def test_the_last_pair_leaves_an_empty_mapping() -> None:
    editor = editor_of("- headers:\n    Host:\n      - h\n  url: u\n")
    editor.remove_pair(mapping(editor, 0, "headers"), 0)
    assert changed(editor) == "- headers: {}\n  url: u\n"


def test_items_are_inserted_and_removed() -> None:
    editor = editor_of(BLOCK)
    accept = sequence(editor, 0, "request", "headers", "Accept")
    editor.insert_item(accept, 1, Text("m"))
    editor.insert_item(accept, 2, Text("z"))
    editor.remove_item(accept, 0)
    assert "      Accept:\n        - m\n        - b\n        - z\n      Host:\n" in changed(editor)


def test_an_empty_flow_mapping_is_filled() -> None:
    editor = editor_of("- headers: {}\n  url: u\n")
    editor.insert_pair(mapping(editor, 0, "headers"), 0, "A", [Text("x")])
    assert yaml.safe_load(changed(editor)) == [{"headers": {"A": ["x"]}, "url": "u"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {a: 1, b: 2}\n", "- {a: 1, b: 2, c: x}\n"),
        ("- {a: 1,b: 2}\n", "- {a: 1,b: 2,c: x}\n"),
        ("- {\n    a: 1,\n    b: 2\n  }\n", "- {\n    a: 1,\n    b: 2,\n    c: x\n  }\n"),
    ],
)
def test_a_flow_pair_is_inserted_as_its_neighbours_stand(text: str, expected: str) -> None:
    editor = editor_of(text)
    editor.insert_pair(mapping(editor, 0), 2, "c", Text("x"))
    assert changed(editor) == expected


@pytest.mark.parametrize(("at", "expected"), [(0, "[b, c]"), (1, "[a, c]"), (2, "[a, b]")])
def test_a_flow_item_is_removed_with_one_comma(at: int, expected: str) -> None:
    editor = editor_of("- [a, b, c]\n")
    editor.remove_item(sequence(editor, 0), at)
    assert changed(editor) == f"- {expected}\n"


def test_a_file_without_a_last_newline_stays_without() -> None:
    editor = editor_of("- a: 1\n  b: 2")
    editor.insert_pair(mapping(editor, 0), 2, "c", Text("x"))
    assert changed(editor) == "- a: 1\n  b: 2\n  c: x"


def test_patches_hold_only_what_differs() -> None:
    editor = editor_of("- a: " + "x" * 1000 + "\n")
    node = find(editor.root, 0, "a")
    assert node is not None
    editor.set(node, "x" * 500 + "y" + "x" * 499)
    (patch,) = editor.patches(7)
    assert (patch.piece, patch.old, patch.new) == (7, "x", "y")
