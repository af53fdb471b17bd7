"""Edits: the values an independent loader then finds, the spans that change, and undo."""

from __future__ import annotations

import difflib
import gzip
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetEntryText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of


def cassette_of(text: str | bytes) -> Cassette:
    return Cassette.of(source_of(text.encode() if isinstance(text, str) else text))


def edited(text: str, edit: Edit) -> str:
    """The text after an edit; undoing it must have given the old one."""
    cassette = cassette_of(text)
    exchange = edit.exchange(cassette)
    cassette.apply(exchange)
    result = cassette.to_bytes().decode()
    cassette.apply(exchange.inverse())
    assert cassette.to_bytes().decode() == text
    return result


def changed_lines(old: str, new: str) -> list[str]:
    return [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]


def loaded(text: str, position: int = 0) -> dict:  # type: ignore[type-arg]
    interaction = yaml.safe_load(text)["interactions"][position]
    assert isinstance(interaction, dict)
    return interaction


ONE_LINE = [
    (SetUrl(0, "https://api.example.com/é#q"), ["        url: https://api.example.com/é#q"]),
    (SetMethod(0, "PATCH"), ["        method: PATCH"]),
    (SetStatus(0, 500), ["        status: 500 Internal Server Error", "        code: 500"]),
    (SetStatus(0, 299, "Odd"), ["        status: 299 Odd", "        code: 299"]),
    (SetHeader(0, Side.REQUEST, 0, "Accept", "text/plain"), ["                - text/plain"]),
    (SetHeader(0, Side.REQUEST, 0, "Accept-It", "application/json"), ["            Accept-It:"]),
    (AddHeader(0, Side.RESPONSE, "Set-Cookie", "c=3"), ["                - c=3"]),
    (AddHeader(0, Side.REQUEST, "Beta", "1"), ["            Beta:", '                - "1"']),
    (SetBodyText(0, Side.RESPONSE, "data: x\n\n"), ["            data: x"]),
]


@pytest.mark.parametrize(("edit", "lines"), ONE_LINE)
def test_an_edit_writes_only_its_lines(edit: Edit, lines: list[str]) -> None:
    added = [line[2:] for line in changed_lines(GO_VCR_V2, edited(GO_VCR_V2, edit)) if line[0] == "+"]
    assert added == lines


def test_a_request_body_takes_its_lengths_along() -> None:
    new = edited(GO_VCR_V2, SetBodyText(0, Side.REQUEST, '{"a":"é"}'))
    request = loaded(new)["request"]
    assert request["body"] == '{"a":"é"}'
    assert request["content_length"] == 10
    assert request["headers"]["Content-Length"] == ["10"]


def test_lengths_that_were_wrong_or_unknown_are_left_alone() -> None:
    wrong = GO_VCR_V2.replace("content_length: 7", "content_length: 8").replace('- "7"', '- "9"')
    request = loaded(edited(wrong, SetBodyText(0, Side.REQUEST, "xx")))["request"]
    assert request["content_length"] == 8
    assert request["headers"]["Content-Length"] == ["9"]
    assert loaded(edited(GO_VCR_V2, SetBodyText(0, Side.RESPONSE, "xx")))["response"]["content_length"] == -1


def test_the_length_of_a_head_response_is_left_alone() -> None:
    head = GO_VCR_V2.replace("method: GET", "method: HEAD")
    assert loaded(edited(head, SetBodyText(1, Side.RESPONSE, "longer")), 1)["response"]["content_length"] == 3


def test_a_form_body_takes_its_form_along() -> None:
    text = GO_VCR_V2.replace(
        "body: '{\"a\":1}'",
        'body: a=1&b=2&b=3\n        form:\n            a:\n                - "1"\n'
        '            b:\n                - "2"\n                - "3"',
    )
    request = loaded(edited(text, SetBodyText(0, Side.REQUEST, "b=2&b=4&c=5")))["request"]
    assert request["form"] == {"b": ["2", "4"], "c": ["5"]}


def test_deleting_headers() -> None:
    assert "Set-Cookie" in loaded(edited(GO_VCR_V2, RemoveHeader(0, Side.RESPONSE, 1)))["response"]["headers"]
    assert loaded(edited(GO_VCR_V2, RemoveHeader(1, Side.RESPONSE, 0)), 1)["response"]["headers"] == {}
    added = edited(GO_VCR_V2, AddHeader(1, Side.REQUEST, "A", "b"))
    assert loaded(added, 1)["request"]["headers"] == {"A": ["b"]}


def test_a_compressed_body_stays_compressed_or_loses_its_header() -> None:
    packed = gzip.compress(b'{"a":1}', mtime=0)
    text = GO_VCR_V2.replace("- a=1", "- a=1").replace(
        '            X-One:\n                - "1"', "            Content-Encoding:\n                - gzip"
    )
    cassette = cassette_of(text)
    cassette.apply(SetBodyContent(1, Side.RESPONSE, packed).exchange(cassette))
    body = loaded(cassette.to_bytes().decode(), 1)["response"]["body"]
    assert body == packed
    kept = edited(cassette.to_bytes().decode(), SetBodyText(1, Side.RESPONSE, '{"a":2}'))
    assert gzip.decompress(loaded(kept, 1)["response"]["body"]) == b'{"a":2}'
    plain = edited(cassette.to_bytes().decode(), SetBodyText(1, Side.RESPONSE, '{"a":2}', keep_codings=False))
    assert loaded(plain, 1)["response"]["headers"] == {}
    assert loaded(plain, 1)["response"]["body"] in ('{"a":2}', b'{"a":2}')


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_a_body_and_a_header(body: str, value: str) -> None:
    new = edited(GO_VCR_V2, SetBodyText(1, Side.RESPONSE, body))
    found = cassette_of(new).interaction(1).response
    assert found is not None
    assert (found.body.raw or b"").decode() == body
    header = edited(GO_VCR_V2, SetHeader(1, Side.RESPONSE, 0, "X-One", value))
    response = cassette_of(header).interaction(1).response
    assert response is not None
    assert response.headers.get("X-One") == value


def test_the_entry_as_text() -> None:
    cassette = cassette_of(GO_VCR_V2)
    old = cassette.entry_text(1)
    new = edited(GO_VCR_V2, SetEntryText(1, old.replace("abc", "xyz")))
    assert new == GO_VCR_V2.replace("body: abc", "body: xyz")
    assert not SetEntryText(1, old).exchange(cassette)
    with pytest.raises(EditError) as caught:
        SetEntryText(1, old.replace("body: abc", "body: [")).exchange(cassette)
    assert caught.value.line


@pytest.mark.parametrize(
    ("side", "index", "name", "headers"),
    [
        (
            Side.REQUEST,
            0,
            "Content-Type",
            {"Content-Length": ["7"], "Content-Type": ["application/json", "new"]},
        ),
        (
            Side.REQUEST,
            0,
            "content-type",
            {"Content-Length": ["7"], "Content-Type": ["application/json", "new"]},
        ),
        (Side.REQUEST, 2, "Accept", {"Accept": ["application/json", "new"], "Content-Length": ["7"]}),
        (
            Side.RESPONSE,
            1,
            "Content-Type",
            {"Content-Type": ["text/event-stream", "new"], "Set-Cookie": ["b=2"]},
        ),
    ],
)
def test_a_header_that_takes_another_one_s_name_joins_it(
    side: Side, index: int, name: str, headers: dict[str, list[str]]
) -> None:
    """A second key of the same name hid the first one's values from every loader."""
    entry = yaml.safe_load(edited(GO_VCR_V2, SetHeader(0, side, index, name, "new")))["interactions"][0]
    assert entry[side.value]["headers"] == headers


@pytest.mark.parametrize("typed", ["\0", "\x1b", "\x7f", "\ufffe", "\udc80"])
def test_what_yaml_cannot_hold_is_not_typed_into_an_entry(typed: str) -> None:
    """The file could not be loaded by anybody afterwards; what stood there before may stay."""
    cassette = Cassette.of(source_of(GO_VCR_V2.encode()))
    old = cassette.entry_text(1)
    with pytest.raises(EditError, match=f"U\\+{ord(typed):04X}"):
        SetEntryText(1, old.replace("abc", f"a{typed}c")).exchange(cassette)
    odd = Cassette.of(source_of(GO_VCR_V2.replace("abc", f"a{typed}c").encode("utf-8", "surrogateescape")))
    assert SetEntryText(1, odd.entry_text(1).replace("404 Not Found", "404 No")).exchange(odd)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "X\n", "\x01", "é", "::a"])
def test_what_is_no_headers_name_is_refused(name: str) -> None:
    """A header was added under a name with control characters, and not found under it."""
    for edit in (AddHeader(0, Side.REQUEST, name, "1"), SetHeader(0, Side.REQUEST, 0, name, "1")):
        with pytest.raises(EditError, match="is no header's name"):
            edit.exchange(cassette_of(GO_VCR_V2))
    assert ":authority:" in edited(GO_VCR_V2, AddHeader(0, Side.REQUEST, ":authority", "example.com"))


def test_a_recorded_name_is_kept_whatever_it_is() -> None:
    text = GO_VCR_V2.replace("Accept:", "Odd name:", 1)
    assert "Odd name:" in edited(text, SetHeader(0, Side.REQUEST, 0, "Odd name", "text/plain"))


@pytest.mark.parametrize(
    "edit", [SetStatus(0, 7), SetHeader(0, Side.REQUEST, 9, "a", "b"), RemoveHeader(0, Side.REQUEST, 9)]
)
def test_what_cannot_be_done_is_refused(edit: Edit) -> None:
    with pytest.raises(EditError):
        edit.exchange(cassette_of(GO_VCR_V2))


def test_an_edit_without_effect_changes_nothing() -> None:
    assert not SetUrl(1, "https://api.example.com/v1/models").exchange(cassette_of(GO_VCR_V2))
    assert not SetBodyText(1, Side.RESPONSE, "abc").exchange(cassette_of(GO_VCR_V2))


def test_edits_of_real_cassettes_load_back_and_undo(corpus: Path) -> None:
    for path in sorted((corpus / "go-vcr-v2").rglob("*.yaml"))[::6]:
        text = path.read_bytes().decode()
        interaction = Cassette.open(path).interaction(0)
        assert interaction.request is not None
        assert interaction.response is not None
        assert loaded(edited(text, SetUrl(0, "http://h/x: y #z")))["request"]["url"] == "http://h/x: y #z"
        assert loaded(edited(text, SetStatus(0, 418)))["response"]["code"] == 418
        lines = changed_lines(text, edited(text, SetMethod(0, "QUERY")))
        assert [line.split() for line in lines] == [
            ["-", "method:", interaction.request.method],
            ["+", "method:", "QUERY"],
        ]
        if not interaction.response.body.is_binary:
            body = (interaction.response.body.text or "") + "x\u2028\u00a0"
            assert loaded(edited(text, SetBodyText(0, Side.RESPONSE, body)))["response"]["body"] == body
