"""The tree of a JSON entry that is built part by part: the same as the one that is built at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.json_samples import broken_texts, texts
from viewer.cassette import json_outline
from viewer.cassette.json_build import TooDeepError, build
from viewer.cassette.json_outline import UnreadMapping, UnreadSequence, outline
from viewer.cassette.node import Mapping, Scalar, Sequence

ENTRY = '{"request": {"method": "POST", "headers": {"Accept": ["a", "b"]}}, "tags": [1, [2]], "n": 1}'


def whole(node: Any) -> Any:
    """All that a tree holds, places included."""
    if isinstance(node, Mapping):
        children = [(whole(key), whole(value)) for key, value in node.pairs]
        return "mapping", node.start, node.end, node.tag, node.flow, node.anchor, children
    if isinstance(node, Sequence):
        return (
            "sequence",
            node.start,
            node.end,
            node.tag,
            node.flow,
            node.anchor,
            list(map(whole, node.items)),
        )
    return node


def test_what_nobody_asks_for_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def note(text: str, max_depth: int, span: tuple[int, int]) -> Any:
        built.append(text[slice(*span)])
        return build(text, max_depth, span)

    monkeypatch.setattr(json_outline, "build", note)
    root = outline(ENTRY, 100)
    assert isinstance(root, Mapping)
    request = root.get("request")
    assert isinstance(request, UnreadMapping)
    method = request.get("method")
    assert isinstance(method, Scalar)
    assert method.value == "POST"
    assert built == []
    headers = request.get("headers")
    assert isinstance(headers, UnreadMapping)
    accept = headers.get("Accept")
    assert isinstance(accept, UnreadSequence)
    assert built == []
    assert accept.items is accept.items
    assert built == ['["a", "b"]']
    tags = root.get("tags")
    assert isinstance(tags, UnreadSequence)
    assert len(tags.items) == 2
    assert built[1:] == ["[1, [2]]"]


@given(texts(odd=True))
def test_it_is_the_tree_that_is_built_at_once(text: str) -> None:
    for entry in (text, f'{{"a": {text}, "b": {{"c": {text}}}}}'):
        assert whole(outline(entry, 2000)) == whole(build(entry, 2000))


@given(texts(odd=True))
def test_large_parts_are_the_same_read_at_once(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_outline, "_LARGE", 1)
        patch.setattr(json_outline, "_LONG", 0)
        for entry in (text, f'{{"a": {text}, "b": {{"c": {text}, "d": {{"e": {{"f": {text}}}}}}}}}'):
            assert whole(outline(entry, 2000)) == whole(build(entry, 2000))


def test_a_large_body_is_read_with_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each level was cut out of the text and encoded anew, and the string matched by a pattern: 0.07 s for 10 MB."""
    monkeypatch.setattr(json_outline, "_LARGE", 900)
    entry = '{"a": {"body": {"string": "%s", "x": {"y": [1]}}}, "b": {}}' % (
        "\\ud83d\\ude00 é \\n\\u0061" * 100
    )
    root = outline(entry, 2000)
    assert isinstance(root, Mapping)
    body = root.pairs[0][1].pairs[0][1]  # type: ignore[union-attr]
    assert type(body) is Mapping
    assert isinstance(body.get("x"), UnreadMapping)
    assert whole(root) == whole(build(entry, 2000))


@given(broken_texts)
def test_what_is_no_json_is_refused_at_once(text: str) -> None:
    entry = f'{{"a": {{"b": [{text}]}}}}'
    assert (outline(entry, 2000) is None) == (build(entry, 2000) is None)


_members = st.lists(
    st.tuples(st.sampled_from(['"a"', '"\\u0061"', '"b"', '"\\\\u0061"', '""']), texts()), max_size=5
)


@given(st.lists(st.tuples(st.sampled_from(["", " ", "\n  "]), _members), min_size=1, max_size=2))
def test_keys_that_occur_twice_are_kept(levels: list[tuple[str, list[tuple[str, str]]]]) -> None:
    entry = '"x"'
    for blank, members in levels:
        joined = f"{blank},{blank}".join(
            f"{key}{blank}:{blank}{value}" for key, value in [*members, ('"m"', entry)]
        )
        entry = f"{blank}{{{blank}{joined}{blank}}}{blank}"
    assert whole(outline(entry, 2000)) == whole(build(entry, 2000))


def test_a_value_that_only_seems_to_stand_there_is_none() -> None:
    """msgspec has the second value of a key; its length at the place of the first leads into the middle of a text."""
    entry = '{"a": "1,\\"b\\": 2", "b": "x", "a": "123"}'
    assert whole(outline(entry, 2000)) == whole(build(entry, 2000))


def test_a_large_entry_is_counted_and_measured_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_outline, "MOST_NODES", 9)
    with pytest.raises(TooDeepError):
        outline('{"a": {"b": [[[[[]]]]]}}', 3)


def test_attributes_that_a_node_has_not_are_missed() -> None:
    root = outline(ENTRY, 100)
    assert isinstance(root, Mapping)
    assert not hasattr(root.get("request"), "items_of")
    assert not hasattr(root.get("tags"), "pairs")
