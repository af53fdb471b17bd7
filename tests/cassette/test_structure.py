"""Interactions that are deleted, inserted, copied and moved: what loaders then find, and undo."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.cassette import Cassette
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of
from viewer.cassette.structure import (
    DeleteInteractions,
    DuplicateInteraction,
    DuplicateInteractions,
    InsertInteraction,
    MoveInteraction,
    MoveInteractions,
    texts_of,
)

StructureEdit = (
    DeleteInteractions
    | DuplicateInteraction
    | DuplicateInteractions
    | InsertInteraction
    | MoveInteraction
    | MoveInteractions
)


def cassette_of(text: str) -> Cassette:
    return Cassette.of(source_of(text.encode()))


def edited(text: str, edit: StructureEdit) -> str:
    """The text after an edit; undoing it must have given the old one, and the row must be the file's."""
    cassette = cassette_of(text)
    exchange = edit.exchange(cassette)
    cassette.apply(exchange)
    result = cassette.to_bytes().decode()
    names = [url_of(cassette, position) for position in range(len(cassette))]
    again = cassette_of(result)
    assert names == [url_of(again, position) for position in range(len(again))]
    cassette.apply(exchange.inverse())
    assert cassette.to_bytes().decode() == text
    cassette.apply(exchange)
    assert cassette.to_bytes().decode() == result
    return result


def url_of(cassette: Cassette, position: int) -> str:
    request = cassette.interaction(position).request
    assert request is not None
    return request.url


def urls(text: str) -> list[str]:
    """The URLs as PyYAML or json finds them."""
    value: Any = json.loads(text) if text.lstrip()[0] in "{[" else yaml.safe_load(text)
    if isinstance(value, dict):
        if "requests" in value:
            assert [item["for"] for item in value["responses"]] == [item["uri"] for item in value["requests"]]
            return [item["uri"] for item in value["requests"]]
        found = value.get("interactions", value.get("http_interactions"))
        value = found if found is not None else value["log"]["entries"]
    return [item["request"].get("url", item["request"].get("uri")) for item in value]


def go_vcr(*names: str, newline: str = "\n", first: int = 0) -> str:
    entry = "    - id: {}\n      request:\n        url: {}\n        method: GET\n      response:\n        code: 200\n"
    entries = "".join(entry.format(at, name) for at, name in enumerate(names, first))
    return f"---\nversion: 2\ninteractions:\n{entries}".replace("\n", newline)


def vcrpy(*names: str) -> str:
    entries = "".join(
        f"- request:\n    method: GET\n    uri: {name}\n  response:\n    body: {{string: ''}}\n"
        for name in names
    )
    return f"interactions:\n{entries}version: 1\n"


def langchain(*names: str) -> str:
    requests = "".join(f"- method: GET\n  uri: {name}\n" for name in names)
    responses = "".join(f"- for: {name}\n  status: {{code: 200}}\n" for name in names)
    return f"requests:\n{requests}responses:\n{responses}"


def ruby_json(*names: str, indent: int | None = 2) -> str:
    entries = [{"request": {"method": "get", "uri": name}, "response": {}} for name in names]
    return json.dumps({"http_interactions": entries, "recorded_with": "VCR 6.2.0"}, indent=indent)


def old_json(*names: str) -> str:
    return json.dumps([{"request": {"method": "GET", "uri": name}, "response": {}} for name in names])


def har(*names: str) -> str:
    entries = [{"request": {"method": "GET", "url": name}, "response": {}} for name in names]
    return json.dumps({"log": {"version": "1.2", "entries": entries, "pages": []}}, indent="\t") + "\n"


def flow(*names: str) -> str:
    entries = ", ".join(f"{{request: {{method: GET, uri: {name}}}, response: {{}}}}" for name in names)
    return f"version: 1\ninteractions: [{entries}]\n"


LAYOUTS = {
    "go-vcr": go_vcr,
    "CRLF": lambda *names: go_vcr(*names, newline="\r\n"),
    "vcrpy": vcrpy,
    "no final newline": lambda *names: go_vcr(*names)[:-1],
    "langchain": langchain,
    "JSON over lines": ruby_json,
    "JSON on a line": lambda *names: ruby_json(*names, indent=None),
    "JSON list": old_json,
    "HAR": har,
    "flow list": flow,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("gone", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)])
def test_deleting(layout: str, gone: tuple[int, ...]) -> None:
    make = LAYOUTS[layout]
    stays = [name for at, name in enumerate(("a", "b", "c")) if at not in gone]
    result = edited(make("a", "b", "c"), DeleteInteractions(gone))
    assert urls(result) == stays
    if stays and layout != "no final newline":
        assert result == make(*stays)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("position", "to"), [(0, 1), (0, 2), (1, 0), (2, 0), (2, 1), (1, 2)])
def test_moving(layout: str, position: int, to: int) -> None:
    make = LAYOUTS[layout]
    names = ["a", "b", "c"]
    names.insert(to, names.pop(position))
    result = edited(make("a", "b", "c"), MoveInteraction(position, to))
    assert urls(result) == names
    assert result.rstrip() == make(*names).rstrip()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("position", [0, 1])
def test_duplicating(layout: str, position: int) -> None:
    make = LAYOUTS[layout]
    names = ["a", "b"]
    names.insert(position, names[position])
    result = edited(make("a", "b"), DuplicateInteraction(position))
    assert urls(result) == names
    assert result.rstrip() == make(*names).rstrip()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("positions", [(0, 1), (1, 0, 1), (0, 2), (1, 3), (2, 3), (0, 1, 2, 3), ()])
def test_duplicating_several(layout: str, positions: tuple[int, ...]) -> None:
    make = LAYOUTS[layout]
    names = ["a", "b", "c", "d"]
    copies = [names[position] for position in sorted(set(positions))]
    at = max(positions, default=0) + 1
    names[at:at] = copies
    result = edited(make("a", "b", "c", "d"), DuplicateInteractions(positions))
    assert urls(result) == names
    assert result.rstrip() == make(*names).rstrip()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("positions", "step", "names"),
    [
        ((1, 2), -1, "bcade"),
        ((1, 2), 1, "adbce"),
        ((1, 3), -1, "badce"),
        ((0, 2), 1, "badce"),
        ((1, 4), -1, "baced"),
        ((0, 1, 3), 1, "cabed"),
        ((0, 1, 2, 3), 1, "eabcd"),
        ((3, 4), -1, "abdec"),
        ((), 1, "abcde"),
    ],
)
def test_moving_several(layout: str, positions: tuple[int, ...], step: int, names: str) -> None:
    make = LAYOUTS[layout]
    result = edited(make(*"abcde"), MoveInteractions(positions, step))
    assert urls(result) == list(names)
    assert result.rstrip() == make(*names).rstrip()


@pytest.mark.parametrize(("positions", "step"), [((0, 2), -1), ((1, 2), 1)])
def test_nothing_moves_over_the_end(positions: tuple[int, ...], step: int) -> None:
    with pytest.raises(EditError, match="no interaction"):
        MoveInteractions(positions, step).exchange(cassette_of(go_vcr("a", "b", "c")))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_inserting_from_another_cassette(layout: str, at: int) -> None:
    make = LAYOUTS[layout]
    texts = texts_of(cassette_of(make("x", "y")), 0)
    names = ["a", "b"]
    names.insert(at, "x")
    result = edited(make("a", "b"), InsertInteraction(at, texts))
    assert urls(result) == names
    assert result.rstrip() == make(*names).rstrip()


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"flow list", "langchain"}))
def test_the_last_one_goes_and_the_first_one_comes(layout: str) -> None:
    make = LAYOUTS[layout]
    empty = edited(make("a"), DeleteInteractions((0,)))
    assert urls(empty) == []
    full = edited(empty, InsertInteraction(0, texts_of(cassette_of(make("x")), 0)))
    assert full.rstrip() == make("x").rstrip()


@pytest.mark.parametrize(
    ("empty", "full"),
    [
        ("interactions: []\nversion: 1\n", "interactions:\n- request:\n    uri: x\nversion: 1\n"),
        ("interactions: {}\n", "interactions:\n- request:\n    uri: x\n"),
        ("interactions: []", "interactions:\n- request:\n    uri: x\n"),
        ("interactions:\n", "interactions:\n- request:\n    uri: x\n"),
    ],
)
def test_the_first_interaction_of_an_empty_yaml_cassette(empty: str, full: str) -> None:
    assert edited(empty, InsertInteraction(0, ("- request:\n    uri: x\n",))) == full


@pytest.mark.parametrize(
    ("empty", "full"),
    [
        ("[]", '[{"request": {"uri": "x"}}]'),
        ('{"interactions": [], "version": 1}', '{"interactions": [{"request": {"uri": "x"}}], "version": 1}'),
        (
            '{\n  "interactions": [],\n  "version": 1\n}\n',
            '{\n  "interactions": [\n    {"request": {"uri": "x"}}\n  ],\n  "version": 1\n}\n',
        ),
        ('{\n  "interactions": [\n  ]\n}', '{\n  "interactions": [\n    {"request": {"uri": "x"}}\n  ]\n}'),
    ],
)
def test_the_first_interaction_of_an_empty_json_cassette(empty: str, full: str) -> None:
    assert edited(empty, InsertInteraction(0, ('{"request": {"uri": "x"}}',))) == full


def test_ids_follow_only_where_they_were_the_positions() -> None:
    assert edited(go_vcr("a", "b", first=3), DeleteInteractions((0,))) == go_vcr("b", first=4)
    inside = go_vcr("a", "b").replace("    - id: 0\n      request:\n", "    - request:\n        id: 0\n")
    inside = inside.replace("    - id: 1\n      request:\n", "    - request:\n        id: 1\n")
    result = edited(inside, DeleteInteractions((0,)))
    assert yaml.safe_load(result)["interactions"][0]["request"]["id"] == 0


def test_many_ids_change_their_length() -> None:
    names = [f"n{at}" for at in range(12)]
    assert edited(go_vcr(*names), DeleteInteractions((0, 5))) == go_vcr(*names[1:5], *names[6:])
    assert edited(go_vcr(*names)[:-1], MoveInteraction(0, 11)) == go_vcr(*names[1:], names[0])


def polly(*entries: tuple[str, int]) -> str:
    listed = [
        {
            "_id": name * 32,
            "_order": order,
            "request": {"method": "GET", "url": f"{name}{order}"},
            "response": {},
        }
        for name, order in entries
    ]
    return json.dumps({"log": {"_recordingName": "x", "entries": listed}}, indent=2)


def orders(text: str) -> list[tuple[str, int]]:
    return [(entry["_id"][0], entry["_order"]) for entry in json.loads(text)["log"]["entries"]]


def test_pollys_orders() -> None:
    text = polly(("a", 0), ("b", 0), ("a", 1), ("a", 2))
    assert orders(edited(text, DuplicateInteraction(0))) == [("a", 0), ("a", 3), ("b", 0), ("a", 1), ("a", 2)]
    assert orders(edited(text, DuplicateInteractions((0, 1, 2)))) == [
        *(("a", 0), ("b", 0), ("a", 1)),
        *(("a", 3), ("b", 1), ("a", 4)),
        ("a", 2),
    ]
    assert orders(edited(text, MoveInteractions((1, 3), -1))) == [("b", 0), ("a", 0), ("a", 2), ("a", 1)]
    assert orders(edited(text, DeleteInteractions((0,)))) == [("b", 0), ("a", 0), ("a", 1)]
    assert orders(edited(text, DeleteInteractions((0, 2)))) == [("b", 0), ("a", 0)]
    assert orders(edited(text, MoveInteraction(0, 3))) == [("b", 0), ("a", 1), ("a", 2), ("a", 0)]


def test_an_entry_takes_the_indentation_of_its_new_list() -> None:
    entry = "- id: 0\n  request:\n    url: x\n    body: |\n      a\n\n        b\n  response:\n    code: 200\n"
    result = edited(go_vcr("a"), InsertInteraction(1, (entry,)))
    assert yaml.safe_load(result)["interactions"][1]["request"] == {"url": "x", "body": "a\n\n  b\n"}
    assert "    - id: 1\n" in result
    back = texts_of(cassette_of(result), 1)[0].replace("id: 1", "id: 0")
    assert edited(
        "version: 2\ninteractions:\n- id: 0\n  request: {url: a}\n", InsertInteraction(1, (back,))
    ).endswith(entry.replace("id: 0", "id: 1"))


def test_comments_go_with_the_entry_before_them() -> None:
    text = vcrpy("a", "b").replace(
        "- request:\n    method: GET\n    uri: b", "# about a\n- request:\n    uri: b"
    )
    assert "# about a" not in edited(text, DeleteInteractions((0,)))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (DeleteInteractions((2,)), "no interaction 2"),
        (MoveInteraction(0, 2), "no interaction 2"),
        (InsertInteraction(3, ("- a: 1\n",)), "no interaction 2"),
        (InsertInteraction(0, ("- a: b: c\n",)), "no entry"),
        (InsertInteraction(0, ("- 1\n",)), "no mapping"),
        (InsertInteraction(0, ("- a: 1\n", "- b: 1\n")), "1 entry"),
    ],
)
def test_what_cannot_be_done_is_said(edit: StructureEdit, said: str) -> None:
    cassette = cassette_of(go_vcr("a", "b"))
    with pytest.raises(EditError, match=said):
        edit.exchange(cassette)


def test_a_wrong_split_is_noticed_before_anything_changes() -> None:
    text = vcrpy("first") + '- request:\n    uri: "a\n\n- request: x"\n- request:\n    uri: b\n'
    text = text.replace("version: 1\n", "")
    cassette = cassette_of(text)
    assert len(cassette) == 4
    with pytest.raises(EditError, match="elsewhere"):
        DeleteInteractions((3,)).exchange(cassette)
    assert len(cassette) == 3
    assert cassette.to_bytes().decode() == text


@pytest.mark.parametrize("text", ["interactions: []\nversion: 1\n", '{"interactions": [], "version": 1}'])
def test_deleting_nothing_changes_nothing(text: str) -> None:
    """In an empty JSON cassette it raised IndexError."""
    cassette = Cassette.of(source_of(text.encode()))
    assert not DeleteInteractions(()).exchange(cassette)


_FLOW = "{request: {method: GET, uri: %s}, response: {status: {code: 200}}}"
_BLOCK = "- request: {method: GET, uri: %s}\n  response: {status: {code: 200}}\n"
_FIRST = "version: 1\ninteractions:\n" + _BLOCK % "a" + _BLOCK % "b"


@pytest.mark.parametrize(
    "text",
    [
        f"{_FIRST}---\nversion: 1\ninteractions:\n{_BLOCK % 'c'}",
        f"version: 1\ninteractions: [{_FLOW % 'a'}, {_FLOW % 'b'}]\n---\ninteractions: [{_FLOW % 'c'}]\n",
        f"version: 1\ninteractions: [{_FLOW % 'a'}]\n---\n{_FIRST}",
    ],
)
@pytest.mark.parametrize(
    "edit", [DeleteInteractions((0, 1)), DeleteInteractions((0, 1, 2)), MoveInteraction(0, 2)]
)
def test_several_lists_stay_as_they_are(text: str, edit: StructureEdit) -> None:
    """Some edits raised ValueError when they were made, one took out the entries of another list."""
    cassette = Cassette.of(source_of(text.encode()))
    with pytest.raises(EditError, match="several lists"):
        edit.exchange(cassette)


@pytest.mark.parametrize("end", ["  response: {body: 'b'}\n", "  response: {}\n"])
def test_entries_that_alone_make_the_file_open_do_not_all_go(end: str) -> None:
    """The list's key stands in a quoted scalar: without an entry the file did not open any more."""
    text = "x: 'a\ninteractions:\n- request: {method: GET, uri: /}\n" + end
    cassette = Cassette.of(source_of(text.encode()))
    assert len(cassette)
    with pytest.raises(EditError, match="without its interactions this file could not be opened"):
        DeleteInteractions(tuple(range(len(cassette)))).exchange(cassette)
    assert cassette.to_bytes().decode() == text


def test_comments_between_entries_in_flow_style_are_no_other_list() -> None:
    text = f"version: 1\ninteractions: [\n  {_FLOW % 'a'} # one, two\n  , # [\n  {_FLOW % 'b'}]\n"
    cassette = Cassette.of(source_of(text.encode()))
    cassette.apply(MoveInteraction(0, 1).exchange(cassette))
    assert [entry["request"]["uri"] for entry in yaml.safe_load(cassette.to_bytes())["interactions"]] == [
        "b",
        "a",
    ]


def test_anchors_between_interactions_hold_the_list_still() -> None:
    text = "interactions:\n- request: &r\n    uri: a\n  response: {}\n- request: *r\n  response: {}\n"
    cassette = cassette_of(text)
    cassette.interaction(1)
    with pytest.raises(EditError, match="anchors"):
        DeleteInteractions((0,)).exchange(cassette)


def test_requests_without_responses_hold_the_list_still() -> None:
    text = langchain("a", "b").replace("- for: b\n  status: {code: 200}\n", "")
    with pytest.raises(EditError, match="belong together"):
        MoveInteraction(1, 0).exchange(cassette_of(text))


@given(st.lists(st.tuples(st.sampled_from("dmc"), st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_any_order_of_edits_is_that_of_a_list(script: list[tuple[str, int, int]]) -> None:
    names = ["a", "b", "c"]
    cassette = cassette_of(ruby_json(*names))
    done = []
    for what, first, second in script:
        if not names:
            break
        first, second = first % len(names), second % len(names)
        edit: StructureEdit
        if what == "d":
            edit = DeleteInteractions((first,))
            del names[first]
        elif what == "m":
            edit = MoveInteraction(first, second)
            names.insert(second, names.pop(first))
        else:
            edit = DuplicateInteraction(first)
            names.insert(first, names[first])
        exchange = edit.exchange(cassette)
        cassette.apply(exchange)
        done.append(exchange)
        assert urls(cassette.to_bytes().decode()) == names
    for exchange in reversed(done):
        cassette.apply(exchange.inverse())
    assert cassette.to_bytes().decode() == ruby_json("a", "b", "c")
