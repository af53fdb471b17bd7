"""Which format a file is, by its content alone: one case a rule, and the traps."""

from __future__ import annotations

import gzip
import zlib

import pytest

from tests.cassette.formats.helpers import cassette_of, format_of
from viewer.cassette.formats.registry import by_name, formats
from viewer.cassette.model import ParseError, UnknownFormatError

GO_1 = "- request:\n    url: u\n    method: GET\n  response:\n    code: 200\n"
PY = "- request:\n    uri: u\n    method: GET\n  response:\n    status: {code: 200}\n"
RUBY = "- request:\n    uri: u\n    method: get\n  response:\n    status:\n      code: 200\n"

FILES: dict[str, list[str | bytes]] = {
    "httprr": ["httprr trace v1\n"],
    "go-vcr v2": [
        "---\nversion: 2\ninteractions:\n" + GO_1,
        "---\ninteractions:\n" + GO_1 + "version: 2\n",
        "---\nversion: 2\ninteractions: []\n",
        "version: 2\ninteractions:\n" + PY,
    ],
    "go-vcr v1": [
        "---\nversion: 1\ninteractions:\n" + GO_1,
        "---\nversion: 1\ninteractions:\n- request:\n    form: {}\n    method: GET\n  response: {}\n",
        "---\nversion: 1\ninteractions: []\n",
    ],
    "vcrpy": [
        "interactions:\n" + PY + "version: 1\n",
        "version: 1\ninteractions:\n" + PY,
        "---\nversion: 1\ninteractions:\n" + PY,
        "interactions: []\nversion: 1\n",
        "interactions: {}\n",
        # Text in a body is not a key of the file.
        "interactions:\n- request:\n    uri: u\n    body: |\n      version: 2\n      parsed_body: 1\nversion: 1\n",
        gzip.compress(f"interactions:\n{PY}version: 1\n".encode(), mtime=0),
    ],
    "langchain": [
        "requests:\n- method: GET\n  uri: u\nresponses:\n- status: {code: 200}\n",
        "requests: []\nresponses: []\n",
    ],
    "vcrpy JSON": [
        '{"version": 1, "interactions": [{"request": {"uri": "u"}}]}',
        '{"interactions": []}',
        "{}",
    ],
    "vcrpy 0.x": ['[{"request": {"uri": "u"}}]', '[{"request": {"host": "h", "path": "/"}}]', "[]", PY],
    "pydantic-ai": [
        "interactions:\n- request:\n    uri: u\n    parsed_body: {a: 1}\n  response: {}\nversion: 1\n",
        "interactions:\n" + PY + "- request:\n    uri: u\n    parsed_body:\n      a: 1\nversion: 1\n",
        "version: 1\ninteractions:\n- request_sample:\n    json: {}\n",
        "version: 1\ninteractions:\n- kind: message\n  direction: sent\n  data: {}\n",
        "version: 1\ninteractions: []\n",
    ],
    "Ruby VCR": [
        "---\nhttp_interactions:\n" + RUBY + "recorded_with: VCR 6.3.1\n",
        "---\nhttp_interactions:\n" + RUBY,
        "---\nhttp_interactions: []\nrecorded_with: VCR 6.3.1\n",
        zlib.compress(f"---\nhttp_interactions:\n{RUBY}recorded_with: VCR 6.3.1\n".encode()),
    ],
    "Ruby VCR JSON": [
        '{"http_interactions":[{"request":{"uri":"u"}}],"recorded_with":"VCR 2.4.0"}',
        '{"http_interactions":[]}',
    ],
    "Ruby VCR 1.x": [
        "--- \n- !ruby/struct:VCR::HTTPInteraction \n  request: !ruby/struct:VCR::Request \n    uri: u\n"
    ],
    "R vcr": [
        "http_interactions:\n" + RUBY + "recorded_with: VCR-vcr/2.0.0\n",
        "http_interactions:\n" + RUBY + "  recorded_with: vcr/1.6.0, webmockr/1.0.0\n",
        "http_interactions:\n- request:\n    uri: u\n  response:\n    status: 200\n",
        "http_interactions:\n- request:\n    uri: u\n  response:\n    status:\n      status_code: '200'\n",
    ],
    "Betamax": [
        '{"http_interactions": [{"request": {"uri": "u"}}], "recorded_with": "betamax/0.8.1"}',
        '{"recorded_with": "betamax", "http_interactions": []}',
        '{"http_interactions": [{"request": {"uri": "u"}, "response": {"url": "u"}}]}',
    ],
    "rvcr": ['{"http_interactions": [{"request": {"uri": "u"}}], "recorded_with": "rVCR 0.1.0"}'],
    "HAR": [
        '{"log": {"entries": [{"request": {"url": "u"}}]}}',
        '{"log": {"version": "1.2", "entries": []}}',
    ],
    "Polly.js": [
        '{"log": {"version": "1.2", "entries": [], "_recordingName": "x"}}',
        '{"log": {"entries": [{"_id": "0053563c13b96bdde5d2dd349b7656d6", "request": {}}]}}',
        "log:\n  _recordingName: x\n  entries:\n    - _id: a\n      request: {url: u}\n",
        "log:\n  _recordingName: x\n  entries: []\n",
    ],
    "php-vcr": ["\n-\n    request:\n        method: GET\n        url: u\n    response:\n        body: x\n"],
    "EasyVCR": [
        '[{"Duration": 1, "RecordedAt": "x", "Request": {}}]',
        '[{"recordedAt": "x", "request": {}}]',
    ],
    "ExVCR": [
        '[{"request": {"url": "u", "options": []}, "response": {"type": "ok"}}]',
        '[{"request": {"url": "u"}, "response": {"status_code": 200}}]',
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FILES.items() for text in texts])
def test_the_format_of_a_file(name: str, text: str | bytes) -> None:
    assert format_of(text) == name


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("Ruby VCR 1.x", "httprr")])
def test_newlines_and_marks_change_nothing(name: str) -> None:
    for text in FILES[name]:
        if isinstance(text, str):
            assert format_of(text.replace("\n", "\r\n")) == name
            assert format_of(b"\xef\xbb\xbf" + text.encode()) == name
            assert format_of(gzip.compress(text.encode())) == name
            assert format_of(text.encode("utf-16")) == name


def test_every_format_is_found_and_named_once() -> None:
    assert {format_.name for format_ in formats()} == FILES.keys()
    assert len({format_.name for format_ in formats()}) == len(formats())
    assert all(by_name(format_.name) is format_ for format_ in formats())


def test_a_late_key_is_found() -> None:
    body = "x" * 200_000
    text = f"interactions:\n- request:\n    body: {body}\n    uri: u\n  response: {{}}\nversion: 1\n"
    assert format_of(text) == "vcrpy"


@pytest.mark.parametrize("text", ["a: 1\n", "- 1\n- 2\n", '{"a": [1]}', "[1, 2]", '{"log": {"a": 1}}', '"x"'])
def test_what_is_no_cassette(text: str) -> None:
    with pytest.raises(UnknownFormatError):
        cassette_of(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"interactions": [\n  {"request": }\n]}', 2, 15),
        ('[{"request": {"uri": "u"}}', 1, 27),
        ('{"interactions": [],\n "version" 1}', 2, 12),
        ("interactions:\n- request: {a\n", 3, 1),
        ("httprr trace v1\nno lengths\n", 2, 1),
        ("httprr trace v1\n5 5\nshort", 2, 1),
    ],
)
def test_broken_files_say_where(text: str, line: int, column: int) -> None:
    with pytest.raises(ParseError) as caught:
        cassette_of(text)
    assert (caught.value.line, caught.value.column) == (line, column)
