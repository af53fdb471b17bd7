"""Files that the corpus lacks: each opens, keeps its bytes, and takes an edit that an independent loader finds."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest
import yaml
import zstandard

from tests.cassette.formats.helpers import both, cassette_of, edited, loaded
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import AddHeader, Edit, RemoveHeader, SetBodyText, SetHeader, SetStatus, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction, MoveInteraction

ENTRY = "- request:\n    method: GET\n    uri: u\n    body: b\n  response:\n    status: {code: 200, message: OK}\n"


def vcrpy(*entries: str) -> str:
    return "interactions:\n" + "".join(entries) + "version: 1\n"


def urls(cassette: Cassette) -> list[str]:
    return [both(cassette.interaction(position))[0].url for position in range(len(cassette))]


def test_anchors_in_one_entry() -> None:
    text = vcrpy(
        "- request:\n    method: GET\n    uri: &u u\n    headers: {Referer: *u}\n  response:\n"
        "    status: {code: 200, message: OK}\n    headers: {Location: *u}\n",
        ENTRY,
    )
    request, response = both(cassette_of(text).interaction(0))
    assert (request.headers.get("referer"), response.headers.get("location")) == ("u", "u")
    # The anchor's value is that of its aliases: they change with it, as they would in an editor.
    new = edited(text, SetUrl(0, "v"))
    assert loaded(new)["response"]["headers"] == {"Location": "v"}
    with pytest.raises(EditError, match="alias"):
        SetHeader(0, Side.RESPONSE, 0, "Location", "x").exchange(cassette_of(text))


def test_an_anchor_used_in_a_later_entry() -> None:
    shared = "- request: &r\n    method: GET\n    uri: u\n  response:\n    status: {code: 200, message: OK}\n"
    later = "- request: *r\n  response:\n    status: {code: 201, message: Created}\n"
    text = vcrpy(shared, later)
    assert urls(cassette_of(text)) == ["u", "u"]
    cassette = cassette_of(text)
    cassette.interaction(1)
    with pytest.raises(EditError, match="read-only"):
        SetUrl(0, "v").exchange(cassette)


SHARING = """---
http_interactions:
- request:
    method: post
    uri: http://x.test/1
    body: &1
      encoding: UTF-8
      string: asked
    headers: &2
      Accept:
      - "*/*"
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {encoding: UTF-8, string: &3 told}
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
- request:
    method: post
    uri: http://x.test/2
    body: *1
    headers: *2
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {encoding: UTF-8, string: *3}
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
recorded_with: VCR 6.0.0
"""
THROUGH_ALIASES = [
    SetBodyText(1, Side.REQUEST, "other"),
    SetBodyText(1, Side.RESPONSE, "other"),
    SetHeader(1, Side.REQUEST, 0, "Accept", "text/html"),
    AddHeader(1, Side.REQUEST, "B", "c"),
    RemoveHeader(1, Side.REQUEST, 0),
]


@pytest.mark.parametrize("edit", THROUGH_ALIASES, ids=lambda edit: type(edit).__name__)
def test_an_alias_leads_no_edit_into_another_interaction(edit: Edit) -> None:
    """The place of the value in its own entry was taken for one in the entry with the alias."""
    cassette = cassette_of(SHARING)
    request, response = both(cassette.interaction(1))
    assert (request.body.text, response.body.text) == ("asked", "told")
    with pytest.raises(EditError, match="alias"):
        edit.exchange(cassette)
    assert cassette.to_bytes().decode() == SHARING
    assert edited(SHARING, SetUrl(1, "http://new/")) == SHARING.replace("http://x.test/2", "http://new/")


def test_whoever_is_referred_to_is_read_only_from_the_first() -> None:
    """It was only once a later interaction, which has the alias, had been read."""
    with pytest.raises(EditError, match="read-only"):
        SetBodyText(0, Side.REQUEST, "other").exchange(cassette_of(SHARING))


@pytest.mark.parametrize(
    "edit",
    [
        DeleteInteractions((0,)),
        DuplicateInteraction(0),
        DuplicateInteraction(1),
        MoveInteraction(0, 1),
        MoveInteraction(1, 0),
    ],
    ids=str,
)
def test_the_list_stays_where_interactions_refer_to_each_other(edit: Edit) -> None:
    """An alias was left without its anchor, or in front of it, where no interaction had been read yet."""
    with pytest.raises(EditError, match="anchors in each other"):
        edit.exchange(cassette_of(SHARING))


def test_a_tree_behind_an_alias_is_written_in_its_place() -> None:
    side = "    headers: {}\n    method: POST\n    uri: u\n    parsed_body: "
    answer = "  response:\n    headers: {}\n    status: {code: 200, message: OK}\n"
    text = (
        f"interactions:\n- request:\n{side}&a\n      x: 1\n{answer}- request:\n{side}*a\n{answer}version: 1\n"
    )
    new = edited(text, SetBodyText(1, Side.REQUEST, '{"y": 2}'))
    assert loaded(new, 0)["request"]["parsed_body"] == {"x": 1}
    assert loaded(new, 1)["request"]["parsed_body"] == {"y": 2}


def test_merged_headers() -> None:
    text = (
        "base: &h\n  Accept: ['*/*']\ninteractions:\n- request:\n    method: GET\n    uri: u\n"
        "    headers: *h\n  response:\n    status: {code: 200, message: OK}\nversion: 1\n"
    )
    cassette = cassette_of(text)
    assert cassette.to_bytes().decode() == text
    assert both(cassette.interaction(0))[0].url == "u"


def test_several_documents() -> None:
    text = vcrpy(ENTRY) + "---\n" + vcrpy(ENTRY.replace("uri: u", "uri: v"))
    cassette = cassette_of(text)
    assert urls(cassette) == ["u", "v"]
    new = edited(text, SetUrl(1, "w"))
    first, second = yaml.safe_load_all(new)
    assert first["interactions"][0]["request"]["uri"] == "u"
    assert second["interactions"][0]["request"]["uri"] == "w"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    data = mark + vcrpy(ENTRY.replace("uri: u", "uri: 日本")).encode(encoding)
    cassette = cassette_of(data)
    assert urls(cassette) == ["日本"]
    assert cassette.to_bytes() == data
    cassette.apply(SetUrl(0, "é").exchange(cassette))
    text = cassette.to_bytes().decode("utf-16")
    assert loaded(text)["request"]["uri"] == "é"


def test_cr_only() -> None:
    text = vcrpy(ENTRY, ENTRY.replace("uri: u", "uri: v")).replace("\n", "\r")
    assert urls(cassette_of(text)) == ["u", "v"]
    new = edited(text, SetUrl(1, "w"))
    assert new == text.replace("uri: v", "uri: w")


@pytest.mark.parametrize("odd", ["\0", "\x01", "\u2028", "\x85", "\ufffe", "\ufeff", "\x7f"])
def test_odd_characters(odd: str) -> None:
    text = vcrpy(ENTRY.replace("uri: u", f'uri: "a{odd}b"'), ENTRY)
    cassette = cassette_of(text)
    if odd not in "\u2028\x85":
        assert urls(cassette) == [f"a{odd}b", "u"]
    assert cassette.to_bytes().decode() == text
    new = edited(text, SetStatus(0, 500))
    assert new == text.replace("code: 200, message: OK", "code: 500, message: Internal Server Error", 1)


def test_invalid_utf_8() -> None:
    data = vcrpy(ENTRY).encode().replace(b"body: b", b"body: b\xff\xfe")
    cassette = cassette_of(data)
    assert both(cassette.interaction(0))[0].body.raw == b"b\xff\xfe"
    cassette.apply(SetUrl(0, "v").exchange(cassette))
    assert cassette.to_bytes() == data.replace(b"uri: u", b"uri: v")


@pytest.mark.parametrize("name", ["zstd", "deflate"])
def test_codings(name: str) -> None:
    packed = zstandard.compress(b'{"a":1}') if name == "zstd" else zlib.compress(b'{"a":1}')
    text = vcrpy(
        "- request:\n    method: GET\n    uri: u\n  response:\n    status: {code: 200, message: OK}\n"
        f"    headers:\n      Content-Encoding: [{name}]\n    body:\n      string: "
        + yaml.dump(packed).replace("\n", "\n        ").rstrip()
        + "\n"
    )
    body = both(cassette_of(text).interaction(0))[1].body
    assert (body.text, body.codings) == ('{"a":1}', (name,))
    kept = loaded(edited(text, SetBodyText(0, Side.RESPONSE, '{"a":2}')))["response"]
    unpack = zstandard.decompress if name == "zstd" else zlib.decompress
    assert unpack(kept["body"]["string"]) == b'{"a":2}'
    plain = loaded(edited(text, SetBodyText(0, Side.RESPONSE, '{"a":2}', keep_codings=False)))["response"]
    assert plain["body"]["string"] in ('{"a":2}', b'{"a":2}')
    assert not plain["headers"]


def test_duplicate_keys() -> None:
    text = vcrpy(
        "- request:\n    method: GET\n    uri: old\n    uri: u\n    headers:\n      A: [1]\n      A: [2]\n"
        "  response:\n    status: {code: 200, message: OK}\n"
    )
    request, _ = both(cassette_of(text).interaction(0))
    assert request.url == "u"
    assert [header.value for header in request.headers] == ["1", "2"]
    new = edited(text, SetUrl(0, "v"))
    assert new == text.replace("uri: u", "uri: v")
    assert edited(text, SetHeader(0, Side.REQUEST, 0, "A", "3")).count("A: ") == 2


def test_duplicate_keys_in_json() -> None:
    text = '{"interactions": [{"request": {"uri": "old", "uri": "u", "method": "GET"}, "response": {}}], "version": 1}'
    assert edited(text, SetUrl(0, "v")) == text.replace('"u"', '"v"')


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_list_marker_inside_a_quoted_scalar(quote: str) -> None:
    trap = f"uri: {quote}u\n\n- request:\n\n    uri: x{quote}"
    text = vcrpy(ENTRY.replace("uri: u", trap), ENTRY.replace("uri: u", "uri: v"))
    cassette = cassette_of(text)
    assert len(cassette) == 2
    assert urls(cassette) == ["u\n- request:\nuri: x", "v"]
    assert loaded(edited(text, DeleteInteractions((0,))))["request"]["uri"] == "v"


def test_a_list_marker_inside_a_later_quoted_scalar() -> None:
    trap = ENTRY.replace("uri: u", 'uri: "a\n\n- request: b"')
    text = vcrpy(ENTRY, trap, ENTRY.replace("uri: u", "uri: v"))
    cassette = cassette_of(text)
    cassette.verify(3)
    assert urls(cassette) == ["u", "a\n- request: b", "v"]
    assert cassette.to_bytes().decode() == text


def test_flow_lists() -> None:
    entry = "{{request: {{method: GET, uri: {}}}, response: {{status: {{code: 200}}}}}}"
    text = f"version: 1\ninteractions: [{entry.format('u')},\n  {entry.format('v')}]\n"
    assert urls(cassette_of(text)) == ["u", "v"]
    assert edited(text, SetUrl(1, "w")) == text.replace("uri: v", "uri: w")
    assert loaded(edited(text, SetUrl(1, "a, b")), 1)["request"]["uri"] == "a, b"


def test_a_file_in_flow_style_alone() -> None:
    text = "{version: 1, interactions: [{request: {method: GET, uri: u}, response: {status: {code: 200}}}]}\n"
    assert cassette_of(text).format.name == "vcrpy"
    assert loaded(edited(text, SetUrl(0, "w")).replace("{version", "---\n{version"))["request"]["uri"] == "w"


def test_unknown_tags_and_complex_keys_stay() -> None:
    text = vcrpy(
        "- request:\n    method: GET\n    uri: !weird u\n    headers:\n"
        "      ? !!python/object/apply:multidict._multidict.istr\n      - Accept\n      : - '*/*'\n      X: ['1']\n"
        "  response:\n    status: {code: 200, message: OK}\n  !mine extra: [1, {a: b}]\n"
    )
    request, _ = both(cassette_of(text).interaction(0))
    assert [(header.name, header.value) for header in request.headers] == [("Accept", "*/*"), ("X", "1")]
    assert edited(text, SetStatus(0, 201)) == text.replace(
        "code: 200, message: OK", "code: 201, message: Created"
    )
    assert edited(text, SetHeader(0, Side.REQUEST, 0, "Accept", "a/b")) == text.replace("'*/*'", "a/b")


def test_lone_surrogates_in_json() -> None:
    request_text = '{"method": "GET", "uri": "u\\ud83d", "body": "\\ud83d"}'
    text = f'{{"interactions": [{{"request": {request_text}, "response": {{}}}}], "version": 1}}'
    request, _ = both(cassette_of(text).interaction(0))
    assert request.url == "u\ud83d"
    assert edited(text, SetUrl(0, "v")) == text.replace("u\\ud83d", "v")


def test_deep_nesting_is_no_crash() -> None:
    deep = "[" * 800 + "]" * 800
    text = vcrpy(ENTRY.replace("body: b", f"body: {{a: {deep}}}"))
    assert both(cassette_of(text).interaction(0))[0].url == "u"


def test_a_compressed_body_in_yaml_flow_style_stays_compressed() -> None:
    """Flow style was taken for JSON, which has no tag for bytes."""
    packed = base64.b64encode(gzip.compress(b"old", mtime=0)).decode()
    text = (
        "{interactions: [{request: {body: null, headers: {}, method: GET, uri: 'http://h/'}, "
        f'response: {{body: {{string: !!binary "{packed}"}}, headers: {{}}, status: {{code: 200, message: OK}}}}}}], '
        "version: 1}\n"
    )
    cassette = Cassette.of(source_of(text.encode()))
    cassette.apply(SetBodyText(0, Side.RESPONSE, "new").exchange(cassette))
    loaded = yaml.safe_load(cassette.to_bytes().decode())["interactions"][0]["response"]["body"]["string"]
    assert gzip.decompress(loaded) == b"new"


def test_a_null_that_is_tagged_is_no_body() -> None:
    text = "interactions:\n- request: {body: !!null 'null', headers: {}, method: GET, uri: http://h/}\nversion: 1\n"
    request = Cassette.of(source_of(text.encode())).interaction(0).request
    assert request is not None
    assert request.body.is_absent
