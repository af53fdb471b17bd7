"""Opening cassettes, and what their interactions are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cassette.samples import GO_VCR_V2
from tests.hostile import at_once
from viewer.cassette.cassette import Cassette, ensure_editable, read_interaction
from viewer.cassette.edits import SetBodyText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError, Kind, ParseError, ReadError, UnknownFormatError
from viewer.cassette.node import Alias, AnyNode, Mapping, Sequence
from viewer.cassette.source import source_of


def cassette_of(text: str) -> Cassette:
    return Cassette.of(source_of(text.encode()))


def test_the_parts_of_an_interaction() -> None:
    interaction = cassette_of(GO_VCR_V2).interaction(0)
    assert interaction.recorded_id == "0"
    assert interaction.duration == 1.5
    request, response = interaction.request, interaction.response
    assert request is not None
    assert response is not None
    assert (request.method, request.url) == ("POST", "https://api.example.com/v1/chat/completions")
    assert request.body.raw == b'{"a":1}'
    assert (response.status, response.reason, response.protocol) == (200, "OK", "HTTP/2.0")
    assert response.headers.get_all("set-cookie") == ("a=1", "b=2")
    assert response.body.media_type == "text/event-stream"


def test_lines_and_sizes() -> None:
    cassette = cassette_of(GO_VCR_V2)
    assert len(cassette) == 2
    lines = GO_VCR_V2.splitlines()
    assert lines[cassette.line_of(1) - 1] == "    - id: 1"
    assert cassette.size(1) == len(cassette.entry_text(1))


@pytest.mark.parametrize("position", [0, 1])
def test_an_excerpt_holds_one_interaction(position: int) -> None:
    cassette = cassette_of(GO_VCR_V2)
    cassette.apply(SetUrl(position, "http://edited.test/").exchange(cassette))
    excerpt = cassette.excerpt(position)
    assert len(excerpt) == 1
    assert excerpt.entry_text(0) == cassette.entry_text(position)
    assert excerpt.line_of(0) == cassette.line_of(position)
    request = excerpt.interaction(0).request
    assert request is not None
    assert request.url == "http://edited.test/"
    assert excerpt.to_bytes() == cassette.to_bytes()
    assert len(cassette) == 2


def test_an_excerpt_that_does_not_parse_stays_one() -> None:
    """A walk of the whole file would bring the others back."""
    cassette = cassette_of(GO_VCR_V2.replace("    - id: 1\n", "    - id: 1\n      a: b: c\n"))
    excerpt = cassette.excerpt(1)
    assert read_interaction(excerpt, 0).note
    assert len(excerpt) == 1
    with pytest.raises(IndexError):
        cassette.excerpt(2)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", ReadError, "empty"),
        ("a: 1\n", UnknownFormatError, "no cassette"),
        ("- just\n- a list\n", UnknownFormatError, "no cassette"),
        ("version: 2\ninteractions:\n  a: b: c\n", ParseError, "line 3"),
    ],
)
def test_what_is_no_cassette_is_refused(text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        cassette_of(text)


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: b: c\n")
    with pytest.raises(ParseError, match=r"x\.yaml, line 1, column 5: mapping values are not allowed"):
        Cassette.open(path)


def test_a_broken_entry_names_its_line_and_the_rest_stays_usable() -> None:
    broken = GO_VCR_V2.replace(
        "        url: https://api.example.com/v1/chat/completions", "        url: a: b"
    )
    cassette = cassette_of(broken)
    assert len(cassette) == 2
    line = broken.splitlines().index("        url: a: b") + 1
    with pytest.raises(ParseError, match=f"line {line}"):
        cassette.interaction(0)
    shown = read_interaction(cassette, 0)
    assert shown.kind is Kind.OTHER
    assert f"line {line}" in shown.note


def test_the_walk_mends_a_wrong_split() -> None:
    wrong = '- id: 1\n  request: {url: "x\n\n- id: 2"}\n'
    cassette = cassette_of(f"version: 2\ninteractions:\n- id: 0\n  request: {{url: y}}\n{wrong}")
    assert len(cassette) == 3
    assert read_interaction(cassette, 1).request is not None
    assert len(cassette) == 2


def test_a_wrong_split_of_the_first_entry_is_mended_at_once() -> None:
    wrong = '- id: 0\n  request: {url: "x\n\n- id: 1"}\n'
    assert len(cassette_of(f"version: 2\ninteractions:\n{wrong}- id: 1\n  request: {{url: y}}\n")) == 2


_FALSE_LAST = (
    "---\nversion: 2\ninteractions:\n- id: 0\n  request:\n    method: GET\n    url: u\n"
    "- id: 1\n  request:\n    method: GET\n    url: v\n    body: 'a\n\n- id: \"none'\n  response:\n    code: 200\n"
)


def test_a_last_entry_that_is_none_is_a_note() -> None:
    """Asked for before the entry in front of it, it raised IndexError when the walk had found fewer entries."""
    cassette = Cassette.of(source_of(_FALSE_LAST.encode()))
    assert len(cassette) == 3
    interaction = read_interaction(cassette, 2)
    assert interaction.kind is Kind.OTHER
    assert "part of another" in interaction.note
    assert len(cassette) == 2


def test_verifying_goes_on_where_the_walk_finds_fewer_entries() -> None:
    cassette = Cassette.of(source_of(_FALSE_LAST.encode()))
    cassette.verify(3)
    assert len(cassette) == 2


def test_an_anchor_in_another_entry_is_followed_and_its_entry_is_read_only() -> None:
    text = (
        "version: 2\ninteractions:\n- id: 0\n  request: &r {url: u, method: GET}\n  response: {code: 200}\n"
        "- id: 1\n  request: *r\n  response: {code: 201}\n"
    )
    cassette = cassette_of(text)
    request = cassette.interaction(1).request
    assert request is not None
    assert request.url == "u"
    with pytest.raises(EditError, match="anchor"):
        SetUrl(0, "x").exchange(cassette)
    ensure_editable(cassette, 1)


def test_an_alias_to_nothing_is_an_error_with_a_line() -> None:
    text = "version: 2\ninteractions:\n- id: 0\n  request: {url: *gone, method: GET}\n"
    request = read_interaction(cassette_of(text), 0).request
    assert request is not None
    assert request.url == ""


def test_a_body_that_is_no_utf8_is_shown_and_kept() -> None:
    data = GO_VCR_V2.encode().replace(b"body: abc", b"body: a\xffc")
    cassette = Cassette.of(source_of(data))
    response = cassette.interaction(1).response
    assert response is not None
    assert response.body.raw == b"a\xffc"
    cassette.apply(SetUrl(1, "x").exchange(cassette))
    assert b"body: a\xffc" in cassette.to_bytes()


def test_every_go_vcr_cassette_opens_and_comes_back_as_it_was(corpus: Path) -> None:
    opened = 0
    for path in sorted((corpus / "go-vcr-v2").rglob("*.yaml")):
        cassette = Cassette.open(path)
        assert cassette.format.name == "go-vcr v2"
        for position in range(len(cassette)):
            assert cassette.interaction(position).kind is Kind.HTTP
        assert cassette.to_bytes() == path.read_bytes()
        opened += 1
    assert opened > 150


def test_interactions_of_several_documents_are_all_there() -> None:
    cassette = cassette_of(f"{GO_VCR_V2}{GO_VCR_V2}")
    assert len(cassette) == 4
    assert [read_interaction(cassette, position).recorded_id for position in range(4)] == ["0", "1", "0", "1"]
    assert cassette.layout.exact


def test_opening_reports_progress_and_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(GO_VCR_V2)
    seen: list[float] = []
    Cassette.open(path, progress=seen.append)
    assert seen
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1

    def stop(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Cassette.open(path, progress=stop)


def test_lines_follow_edits() -> None:
    cassette = cassette_of(GO_VCR_V2)
    before = cassette.line_of(1)
    body = "one\ntwo\nthree\n"
    cassette.apply(SetBodyText(0, Side.RESPONSE, body).exchange(cassette))
    text = cassette.to_bytes().decode()
    assert cassette.line_of(1) == text[: text.index("    - id: 1")].count("\n") + 1 != before


def test_an_alias_in_a_flow_list_to_another_entry_is_noticed() -> None:
    """Only entries whose text has something like an alias are searched for one."""
    text = (
        "version: 2\ninteractions:\n- id: 0\n  request: {url: u, method: GET, body: &b x}\n  response: {code: 200}\n"
        "- id: 1\n  request: {url: y, method: GET, form: [*b]}\n  response: {code: 201}\n"
    )
    cassette = cassette_of(text)
    assert not cassette.layout.exact
    cassette.interaction(1)
    assert cassette.layout.links == {(1, "b"): 0}


def test_entries_that_each_refer_to_the_one_before_are_followed_so_far() -> None:
    """Each took a dozen calls inside of the last: RecursionError, or the square of their number."""
    lines = ["- request: {method: GET, uri: /, body: &a0 x}\n  response: {}\n"]
    lines += [
        f"- request: {{method: GET, uri: /{n}}}\n  response: {{}}\n  more: &a{n} [*a{n - 1}]\n"
        for n in range(1, 3000)
    ]
    cassette = Cassette.of(source_of(("interactions:\n" + "".join(lines)).encode()))
    with at_once():
        cassette.walk()
        assert len(cassette) == 3000
        for position in (2999, 1, 1500):
            request = cassette.interaction(position).request
            assert request is not None
            assert request.url == f"/{position}"


def test_an_alias_stands_for_what_its_anchor_holds_in_an_entry_before() -> None:
    text = (
        "interactions:\n- request: {method: GET, uri: &u /first, body: &b one}\n  response: {}\n"
        "- request: {method: GET, uri: *u, body: &c [*b]}\n  response: {}\n"
        "- request: {method: GET, uri: *u, body: *b}\n  response: {}\n"
    )
    cassette = Cassette.of(source_of(text.encode()))
    requests = [cassette.interaction(position).request for position in range(3)]
    assert [request.url for request in requests if request] == ["/first"] * 3
    assert requests[2] is not None
    assert requests[2].body.text == "one"


def test_a_chain_of_aliases_does_not_grow_with_the_entries_read_in_order() -> None:
    """What was read last was kept with all that stood behind it: 100,000 entries took minutes to be listed."""
    lines = ["- request: {method: GET, uri: /, body: &a0 x}\n  response: {}\n"]
    lines += [
        f"- request: {{method: GET, uri: /, body: &a{n} [*a{n - 1}]}}\n  response: {{}}\n"
        for n in range(1, 200)
    ]
    in_order = Cassette.of(source_of(("interactions:\n" + "".join(lines)).encode()))
    in_order.walk()
    bodies = [read_interaction(in_order, position) for position in range(200)]
    alone = Cassette.of(source_of(("interactions:\n" + "".join(lines)).encode()))
    alone.walk()
    for position in (199, 33, 32, 31, 1):
        assert read_interaction(alone, position) == bodies[position]
    assert max(_depth(entry.root) for position in range(200) for entry in in_order.group(position)) < 50


def _depth(node: AnyNode | None) -> int:
    """How deep a tree is nested, what aliases stand for included."""
    if isinstance(node, Alias):
        return _depth(node.target)
    if isinstance(node, Mapping):
        return 1 + max(map(_depth, [part for pair in node.pairs for part in pair]), default=0)
    return 1 + max(map(_depth, node.items), default=0) if isinstance(node, Sequence) else 0
