"""pydantic-ai: bodies that stand as trees, and what is no HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cassette.formats.helpers import both, cassette_of, changed, edited, loaded
from viewer.cassette.edits import SetBodyText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError, Kind

TREE = {
    "messages": [{"content": "Hi é", "role": "user"}, {"content": "line\nline\n", "role": "user"}],
    "model": "gpt-4o",
    "n": 1,
    "stream": False,
    "temperature": 0.5,
    "tools": [],
}


def cassette_text(tree: Any, length: int | None = None) -> str:
    size = len(json.dumps(tree)) if length is None else length
    entry = {
        "request": {
            "headers": {"content-length": [str(size)], "content-type": ["application/json"]},
            "method": "POST",
            "parsed_body": tree,
            "uri": "https://x.test",
        },
        "response": {"headers": {}, "parsed_body": {"ok": True}, "status": {"code": 200, "message": "OK"}},
    }
    return yaml.safe_dump({"interactions": [entry], "version": 1}, width=120, allow_unicode=True)


def body_of(text: str) -> Any:
    return loaded(text)["request"]["parsed_body"]


def test_a_tree_is_read_as_the_loader_dumps_it() -> None:
    request, _ = both(cassette_of(cassette_text(TREE)).interaction(0))
    assert request.body.raw == json.dumps(TREE).encode()
    assert request.body.text == json.dumps(TREE, ensure_ascii=False)
    assert request.body.recorded_as == "tree"


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda tree: tree.update(n=2), ("      n: 1", "      n: 2")),
        (lambda tree: tree.update(model="1"), ("      model: gpt-4o", "      model: '1'")),
        (lambda tree: tree.update(stream="no"), ("      stream: false", "      stream: 'no'")),
        (lambda tree: tree.update(user="me"), ("", "      user: me")),
        (lambda tree: tree.update(max={"a": [1, {"b": None}], "c": {}}), None),
        (lambda tree: tree.pop("tools"), ("      tools: []", "")),
        (
            lambda tree: tree.update(tools=[{"name": "f"}]),
            ("      tools: []", "      tools:\n      - name: f"),
        ),
        (lambda tree: tree["messages"].pop(0), None),
        (lambda tree: tree["messages"].insert(1, {"content": "x", "role": "y"}), None),
        (lambda tree: tree["messages"][1].update(content="only"), None),
        (lambda tree: tree["messages"].clear(), None),
        (lambda tree: tree.update(temperature=1e-7, n=10**30), None),
        (lambda tree: tree.update(n=None, model=True, stream=1.0), None),
    ],
)
def test_a_changed_value_changes_its_own_lines(change: Any, lines: tuple[str, str] | None) -> None:
    tree = json.loads(json.dumps(TREE))
    change(tree)
    old = cassette_text(TREE)
    new = edited(old, SetBodyText(0, Side.REQUEST, json.dumps(tree, indent=2, ensure_ascii=False)))
    assert json.dumps(body_of(new), sort_keys=True) == json.dumps(tree, sort_keys=True)
    length = str(len(json.dumps(tree)))
    assert loaded(new)["request"]["headers"]["content-length"] == [length]
    if lines is not None:
        same_length = new.replace(f"'{length}'", f"'{len(json.dumps(TREE))}'")
        assert changed(old, same_length) == lines
    # PyYAML would have written the whole file so.
    assert new == cassette_text(tree)


def test_a_wrong_length_is_left_alone() -> None:
    new = edited(cassette_text(TREE, length=7), SetBodyText(0, Side.REQUEST, '{"n": 2}'))
    assert loaded(new)["request"]["headers"]["content-length"] == ["7"]


def test_a_tree_has_to_be_json() -> None:
    cassette = cassette_of(cassette_text(TREE))
    with pytest.raises(EditError, match="has to be JSON"):
        SetBodyText(0, Side.REQUEST, "not JSON").exchange(cassette)


def test_the_same_value_in_other_words_changes_nothing() -> None:
    cassette = cassette_of(cassette_text(TREE))
    text = json.dumps(dict(reversed(TREE.items())), indent=4)
    assert not SetBodyText(0, Side.REQUEST, text).exchange(cassette)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
TREES = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), VALUES, min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(TREES, TREES)
def test_any_tree_becomes_any_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    text = cassette_text(old)
    result = edited(text, SetBodyText(0, Side.REQUEST, json.dumps(new)))
    assert json.dumps(body_of(result), sort_keys=True) == json.dumps(new, sort_keys=True)


@settings(max_examples=60, deadline=None)
@given(TREES, TREES, st.sampled_from([None, 2, 4]))
def test_any_tree_becomes_any_other_in_json(
    old: dict[str, Any], new: dict[str, Any], indent: int | None
) -> None:
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"data": old}}
    entry = {"request": {"method": "GET", "uri": "u", "body": None, "headers": {}}, "response": response}
    text = json.dumps({"interactions": [entry], "version": 1}, indent=indent)
    result = edited(text, SetBodyText(0, Side.RESPONSE, json.dumps(new)))
    assert json.dumps(loaded(result)["response"]["body"]["data"], sort_keys=True) == json.dumps(
        new, sort_keys=True
    )
    assert ("\n" in result) == (indent is not None)


GRPC = """version: 1
interactions:
- request_stream:
    json:
      model: grok
    raw: !!binary |
      CjwK
  response_stream:
    chunks_json: []
"""
WEBSOCKET = """version: 1
interactions:
- kind: message
  direction: sent
  data:
    setup: {}
"""


@pytest.mark.parametrize(
    ("text", "kind", "note"),
    [(GRPC, Kind.GRPC, "gRPC call with a stream"), (WEBSOCKET, Kind.WEBSOCKET, "WebSocket message, sent")],
)
def test_what_is_no_http_is_listed_and_not_edited(text: str, kind: Kind, note: str) -> None:
    cassette = cassette_of(text)
    interaction = cassette.interaction(0)
    assert (interaction.kind, interaction.request) == (kind, None)
    assert note in interaction.note
    with pytest.raises(EditError, match="no HTTP"):
        SetUrl(0, "x").exchange(cassette)
