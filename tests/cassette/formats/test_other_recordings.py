"""Cassettes as other versions and other languages write them: told, read, kept, and edited where that may be.

Written from the recorders' sources and documentation; one entry each, with what tells the versions apart.
"""

# ruff: noqa: W291 - Syck puts a blank behind each key

from __future__ import annotations

import json
import zlib

import pytest

from tests.cassette.formats.helpers import cassette_of, edited
from viewer.cassette.edits import AddHeader, SetBodyText, SetStatus, SetUrl
from viewer.cassette.formats.base import Side

Row = tuple[str, str, int | None, bytes | None]
CASES: dict[str, tuple[str | bytes, str, list[Row]]] = {}


def case(name: str, data: str | bytes, format_: str, *rows: Row) -> None:
    CASES[name] = (data, format_, list(rows))


# fmt: off
case(
    "syck",
    """--- 
http_interactions: 
- request: 
    method: get
    uri: http://example.com/
    body: 
      string: ""
    headers: {}

  response: 
    status: 
      code: 200
      message: OK
    headers: 
      Content-Type: 
      - text/plain
    body: 
      string: "\\xE2\\x9C\\x93 ok"
    http_version: 
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
recorded_with: VCR 2.0.0
""",
    "Ruby VCR",
    ('GET', 'http://example.com/', 200, b'\xc3\xa2\xc2\x9c\xc2\x93 ok'),
)
case(
    "ruby anchors",
    """---
http_interactions:
- request:
    method: get
    uri: http://example.com/
    body: &1
      encoding: US-ASCII
      string: ''
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: &2
      encoding: UTF-8
      string: hi
    http_version: null
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
- request:
    method: get
    uri: http://example.com/2
    body: *1
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: *2
    http_version: null
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
recorded_with: VCR 4.0.0
""",
    "Ruby VCR",
    ('GET', 'http://example.com/', 200, b'hi'),
    ('GET', 'http://example.com/2', 200, b'hi'),
)
case(
    "erb",
    """---
http_interactions:
- request:
    method: post
    uri: http://<%= host %>/<%= path %>?a=b
    body:
      encoding: UTF-8
      string: '{"key":"<%= api_key %>"}'
    headers:
      Authorization: [ "Bearer <%= ENV['X'] %>" ]
  response:
    status: {code: 200, message: ! 'OK'}
    headers: {}
    body: {encoding: ASCII-8BIT, string: !binary "aGk="}
  recorded_at: Tue, 25 Sep 2012 04:58:44 GMT
recorded_with: VCR 3.0.3
""",
    "Ruby VCR",
    ('POST', 'http://<%= host %>/<%= path %>?a=b', 200, b'hi'),
)
case(
    "ruby 1.x",
    """--- 
- !ruby/struct:VCR::HTTPInteraction 
  request: !ruby/struct:VCR::Request 
    method: :post
    uri: http://example.com:80/foo
    body: a=b
    headers: 
      content-type: 
      - application/x-www-form-urlencoded
  response: !ruby/struct:VCR::Response 
    status: !ruby/struct:VCR::ResponseStatus 
      code: 200
      message: OK
    headers: 
      content-type: 
      - text/html
    body: Hello
    http_version: "1.1"
""",
    "Ruby VCR 1.x",
    ('POST', 'http://example.com:80/foo', 200, b'Hello'),
)
case(
    "php json",
    json.dumps([{'request': {'method': 'GET', 'url': 'http://x/', 'headers': {'Host': 'x'}},
  'response': {'status': {'http_version': '1.1', 'code': '200', 'message': 'OK'},
               'headers': {'A': 'b'},
               'body': 'hi'},
  'index': 0}]),
    "php-vcr",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "php old status",
    """
-
    request:
        method: GET
        url: 'http://x/'
        headers:
            Host: x
    response:
        status: 200
        headers:
            A: b
        body: hi
""",
    "php-vcr",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "easyvcr java",
    json.dumps([{'duration': 12,
  'httpElapsedTime': 3,
  'recordedAt': 1655000000,
  'request': {'body': 'a', 'headers': {'A': ['b']}, 'method': 'POST', 'uri': 'http://x/'},
  'response': {'body': 'hi',
               'headers': {'C': ['d']},
               'httpVersion': '1.1',
               'status': {'code': 200, 'message': 'OK'},
               'uri': 'http://x/'}}]),
    "EasyVCR",
    ('POST', 'http://x/', 200, b'hi'),
)
case(
    "easyvcr py",
    json.dumps([{'duration': 0.3,
  'recorded_at': '2022-06-13T11:34:57',
  'request': {'body': None, 'headers': {'A': 'b'}, 'method': 'GET', 'uri': 'http://x/'},
  'response': {'body': 'hi', 'headers': {}, 'status': {'code': 200, 'message': 'OK'}}}]),
    "EasyVCR",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "easyvcr go",
    json.dumps([{'recordedAt': '2022',
  'duration': 3,
  'request': {'method': 'GET', 'uri': 'http://x/', 'headers': {'A': ['b']}, 'body': ''},
  'response': {'status': {'code': 200, 'message': '200 OK'},
               'headers': {'C': ['d']},
               'body': 'hi',
               'httpVersion': 'HTTP/1.1'}}]),
    "EasyVCR",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "easyvcr empty times",
    json.dumps([{'Duration': 0,
  'RecordedAt': '0001-01-01T00:00:00',
  'Request': {'Body': None,
              'BodyContentType': 0,
              'Method': 'GET',
              'RequestHeaders': None,
              'ContentHeaders': None,
              'Uri': 'http://x/'},
  'Response': {'Body': '{}',
               'HttpVersion': {'Major': 1, 'Minor': 1},
               'ResponseHeaders': {},
               'ContentHeaders': {},
               'Status': {'Code': 200, 'Message': 'OK'}}}]),
    "EasyVCR",
    ('GET', 'http://x/', 200, b'{}'),
)
case(
    "exvcr httpc",
    json.dumps([{'request': {'body': '',
              'headers': [],
              'method': 'get',
              'options': {'httpc_options': [], 'http_options': []},
              'request_body': '',
              'url': 'http://x/'},
  'response': {'binary': False,
               'body': 'hi',
               'headers': {'a': 'b'},
               'status_code': ['HTTP/1.1', 200, 'OK'],
               'type': 'ok'}}]),
    "ExVCR",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "exvcr custom",
    json.dumps([{'request': {'url': '~r/http.+/'},
  'response': {'body': 'x', 'headers': {'Content-Type': 'text/html'}, 'status_code': 200}}]),
    "ExVCR",
    ('', '~r/http.+/', 200, b'x'),
)
case(
    "exvcr ref error",
    json.dumps([{'request': {'body': '',
              'headers': {},
              'method': 'get',
              'options': [],
              'request_body': '',
              'url': 'http://x/'},
  'response': {'binary': False, 'body': 'econnrefused', 'headers': [], 'status_code': None, 'type': 'error'}}]),
    "ExVCR",
    ('GET', 'http://x/', None, None),
)
case(
    "exvcr list headers",
    json.dumps([{'request': {'body': '{}',
              'headers': [['A', 'b']],
              'method': 'post',
              'options': [],
              'request_body': '{}',
              'url': 'http://x/'},
  'response': {'binary': False,
               'body': 'hi',
               'headers': [['c', 'd'], ['c', 'e']],
               'status_code': 201,
               'type': 'ok'}}]),
    "ExVCR",
    ('POST', 'http://x/', 201, b'hi'),
)
case(
    "betamax old",
    json.dumps({'http_interactions': [{'request': {'body': '', 'headers': {'A': 'b'}, 'method': 'GET', 'uri': 'http://x/'},
                        'response': {'body': 'hi',
                                     'encoding': 'utf-8',
                                     'headers': {'c': ['d']},
                                     'status_code': 200,
                                     'url': 'http://x/'},
                        'recorded_at': '2013-08-31T00:44:51'}],
 'recorded_with': 'betamax'}),
    "Betamax",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "vcrpy base64_string",
    json.dumps({'version': 1,
 'interactions': [{'request': {'method': 'GET', 'uri': 'http://x/', 'body': None, 'headers': {}},
                   'response': {'body': {'string': '', 'base64_string': 'aGk='},
                                'headers': {},
                                'status': {'code': 200, 'message': 'OK'}}}]}),
    "vcrpy JSON",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "vcrpy null string",
    """interactions:
- request: {method: GET, uri: 'http://x/', body: null, headers: {}}
  response:
    body:
      string: null
    headers: {}
    status: {code: 204, message: No Content}
    protocol: null
version: 1
""",
    "vcrpy",
    ('GET', 'http://x/', 204, None),
)
case(
    "vcrpy metadata",
    """interactions:
- request: {method: GET, uri: 'http://x/', body: null, headers: {}}
  response: {body: {string: a}, headers: {}, status: {code: 200, message: OK}}
metadata:
- a
version: 1
""",
    "vcrpy",
    ('GET', 'http://x/', 200, b'a'),
)
case(
    "vcrpy python tags",
    """interactions:
- request:
    body: !!python/unicode 'a'
    headers: !!python/object/new:vcr.request.HeadersDict {}
    method: !!python/str GET
    uri: !!python/unicode 'http://x/'
  response:
    body: {string: !!python/unicode 'hi'}
    headers:
      a: !!python/tuple [b]
    status: {code: 200, message: !!python/str OK}
version: 1
""",
    "vcrpy",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "vcrpy bytesio",
    """interactions:
- request:
    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple
      - !!binary |
        aGk=
      - 0
      - null
    headers: {}
    method: POST
    uri: http://x/
  response:
    body: {string: hi}
    headers: {}
    status: {code: 200, message: OK}
version: 1
""",
    "vcrpy",
    ('POST', 'http://x/', 200, b'hi'),
)
case(
    "R 0.x",
    """http_interactions:
- request:
    method: get
    uri: https://eu.httpbin.org/get
    body:
      encoding: ''
      string: ''
    headers:
      User-Agent: libcurl/7.54.0 r-curl/3.2 crul/0.5.2
  response:
    status:
      status_code: '200'
      message: OK
      explanation: Request fulfilled, document follows
    headers:
      status: HTTP/1.1 200 OK
      server: gunicorn/19.8.1
    body:
      encoding: UTF-8
      file: no
      string: "{}\\n"
  recorded_at: 2018-04-12 19:12:51 GMT
  recorded_with: vcr/0.1.0, webmockr/0.2.6, crul/0.5.2
""",
    "R vcr",
    ('GET', 'https://eu.httpbin.org/get', 200, b'{}\n'),
)
case(
    "R json",
    json.dumps({'http_interactions': [{'request': {'method': 'get',
                                    'uri': 'http://x/',
                                    'body': {'encoding': '', 'string': ''},
                                    'headers': {'A': 'b'}},
                        'response': {'status': {'status_code': '200', 'message': 'OK'},
                                     'headers': {'c': 'd'},
                                     'body': {'encoding': 'UTF-8', 'file': False, 'string': 'hi'}},
                        'recorded_at': '2021-01-01 00:00:00',
                        'recorded_with': 'vcr/0.6.0, webmockr/0.7.4'}]}),
    "R vcr",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "R empty2",
    """http_interactions: []
recorded_with: VCR-vcr/2.0.0
""",
    "R vcr",
)
case(
    "har playwright",
    json.dumps({'log': {'version': '1.2',
         'creator': {'name': 'Playwright', 'version': '1.40'},
         'browser': {'name': 'chromium', 'version': '1'},
         'pages': [{'startedDateTime': '2024-01-01T00:00:00.000Z',
                    'id': 'page@1',
                    'title': '',
                    'pageTimings': {}}],
         'entries': [{'startedDateTime': '2024-01-01T00:00:00.000Z',
                      'time': 1.5,
                      'request': {'method': 'GET',
                                  'url': 'http://x/',
                                  'httpVersion': 'HTTP/1.1',
                                  'cookies': [],
                                  'headers': [{'name': 'A', 'value': 'b'}],
                                  'queryString': [],
                                  'headersSize': -1,
                                  'bodySize': -1},
                      'response': {'status': 200,
                                   'statusText': 'OK',
                                   'httpVersion': 'HTTP/1.1',
                                   'cookies': [],
                                   'headers': [],
                                   'content': {'size': -1, 'mimeType': 'text/html', '_file': 'abc.html'},
                                   'headersSize': -1,
                                   'bodySize': -1,
                                   'redirectURL': ''},
                      'cache': {},
                      'timings': {'send': -1, 'wait': -1, 'receive': -1},
                      'pageref': 'page@1',
                      '_monotonicTime': 1}]}}),
    "HAR",
    ('GET', 'http://x/', 200, None),
)
case(
    "har aborted",
    json.dumps({'log': {'entries': [{'request': {'method': 'GET', 'url': 'http://x/', 'headers': []},
                      'response': {'status': 0,
                                   'statusText': '',
                                   'headers': [],
                                   'content': {'size': 0, 'mimeType': 'x-unknown'},
                                   '_error': 'net::ERR_ABORTED'}}]}}),
    "HAR",
    ('GET', 'http://x/', 0, None),
)
case(
    "har ws",
    json.dumps({'log': {'entries': [{'_resourceType': 'websocket',
                      '_webSocketMessages': [{'type': 'send', 'time': 1.0, 'opcode': 1, 'data': 'hi'}],
                      'request': {'method': 'GET', 'url': 'wss://x/', 'headers': []},
                      'response': {'status': 101,
                                   'statusText': 'Switching Protocols',
                                   'headers': [],
                                   'content': {'size': 0, 'mimeType': 'x-unknown'}}}]}}),
    "HAR",
    ('GET', 'wss://x/', 101, None),
)
case(
    "har BOM charles",
    b"\xef\xbb\xbf" + json.dumps({'log': {'version': '1.2',
         'creator': {'name': 'Charles Proxy', 'version': '4'},
         'entries': [{'startedDateTime': '2024-01-01T00:00:00.000+01:00',
                      'time': 3,
                      'request': {'method': 'POST',
                                  'url': 'http://x/',
                                  'headers': [],
                                  'postData': {'mimeType': 'application/x-www-form-urlencoded',
                                               'params': [{'name': 'a', 'value': 'b c'}]}},
                      'response': {'_charlesStatus': 'COMPLETE',
                                   'status': 200,
                                   'statusText': 'OK',
                                   'headers': [],
                                   'content': {'size': 2,
                                               'mimeType': 'image/png',
                                               'text': 'aGk=',
                                               'encoding': 'base64'}}}]}}).encode(),
    "HAR",
    ('POST', 'http://x/', 200, b'hi'),
)
case(
    "har missing",
    json.dumps({'log': {'entries': [{'request': {'method': 'GET', 'url': 'http://x/'},
                      'response': {'status': '200', 'content': {}}},
                     {'request': {'method': 'GET', 'url': 'http://y/', 'headers': []}}]}}),
    "HAR",
    ('GET', 'http://x/', 200, None),
    ('GET', 'http://y/', None, None),
)
case(
    "go v1 empty code",
    """---
version: 1
interactions:
- request:
    body: ""
    form:
      a:
      - b
    headers:
      Accept:
      - '*/*'
    url: http://x/
    method: POST
  response:
    body: |
      hi
    headers:
      A:
      - b
    status: 200 OK
    code: 200
    duration: 1.2s
""",
    "go-vcr v1",
    ('POST', 'http://x/', 200, b'hi\n'),
)
case(
    "go v2 null lists",
    """---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 0
        transfer_encoding: []
        trailer:
            X-T: [a]
        host: x
        remote_addr: ""
        request_uri: ""
        body: ""
        form: {}
        headers: {}
        url: http://x/
        method: GET
      response:
        proto: HTTP/2.0
        proto_major: 2
        proto_minor: 0
        transfer_encoding: [chunked]
        trailer: {}
        content_length: -1
        uncompressed: true
        body: |-
            hi
        headers: {}
        status: 200 OK
        code: 200
        duration: 1m2.5s
""",
    "go-vcr v2",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "json-ish in yaml v2",
    json.dumps({'version': 2,
 'interactions': [{'id': 0,
                   'request': {'method': 'GET', 'url': 'http://x/', 'headers': {'A': ['b']}, 'body': ''},
                   'response': {'body': 'hi',
                                'headers': {},
                                'status': '200 OK',
                                'code': 200,
                                'duration': '1s'}}]}),
    "go-vcr v2",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "zz",
    zlib.compress(b"---\nhttp_interactions: []\nrecorded_with: VCR 6.0.0\n"),
    "Ruby VCR",
)
case(
    "ruby nil list",
    """---
http_interactions:
recorded_with: VCR 6.0.0
""",
    "Ruby VCR",
)
case(
    "vcrpy nil list",
    """interactions:
version: 1
""",
    "vcrpy",
)
case(
    "polly old headers",
    json.dumps({'log': {'_recordingName': 'x',
         'creator': {'comment': 'persister:fs', 'name': 'Polly.JS', 'version': '1.0'},
         'entries': [{'_id': '00000000000000000000000000000000',
                      '_order': 0,
                      'cache': {},
                      'request': {'bodySize': 0,
                                  'cookies': [],
                                  'headers': [{'_fromType': 'array', 'name': 'accept', 'value': '*/*'}],
                                  'headersSize': 1,
                                  'httpVersion': 'HTTP/1.1',
                                  'method': 'GET',
                                  'queryString': [],
                                  'url': 'http://x/'},
                      'response': {'bodySize': 2,
                                   'content': {'mimeType': 'text/plain', 'size': 2, 'text': 'hi'},
                                   'cookies': [],
                                   'headers': [{'name': 'set-cookie', 'value': ['a', 'b']}],
                                   'headersSize': 1,
                                   'httpVersion': 'HTTP/1.1',
                                   'redirectURL': '',
                                   'status': 200,
                                   'statusText': 'OK'},
                      'startedDateTime': '2018-01-01T00:00:00.000Z',
                      'time': 3,
                      'timings': {}}],
         'pages': [],
         'version': '1.2'}}),
    "Polly.js",
    ('GET', 'http://x/', 200, b'hi'),
)
case(
    "rvcr",
    json.dumps({'http_interactions': [{'request': {'body': {'encoding': None, 'string': 'a'},
                                    'headers': {'a': ['b']},
                                    'method': 'post',
                                    'uri': 'http://x/'},
                        'response': {'body': {'encoding': 'utf-8', 'string': 'hi'},
                                     'headers': {},
                                     'http_version': '1.1',
                                     'status': {'code': 200, 'message': 'OK'}},
                        'recorded_at': 'Tue, 01 Nov 2011 04:58:44 GMT'}],
 'recorded_with': 'rVCR 0.2.1'}),
    "rvcr",
    ('POST', 'http://x/', 200, b'hi'),
)
# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_it_is_told_read_and_kept(name: str) -> None:
    data, format_, rows = CASES[name]
    cassette = cassette_of(data)
    assert cassette.format.name == format_
    found: list[Row] = []
    for position in range(len(cassette)):
        interaction = cassette.interaction(position)
        request, response = interaction.request, interaction.response
        assert request is not None
        status, body = (response.status, response.body.raw) if response else (None, None)
        found.append((request.method, request.url, status, body))
    assert found == rows
    assert cassette.to_bytes() == (data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize("name", CASES)
def test_an_edit_comes_back_and_leaves_the_rest(name: str) -> None:
    data, format_, rows = CASES[name]
    cassette = cassette_of(data)
    if cassette.format.read_only or not rows or rows[-1][2] is None or isinstance(data, bytes):
        return
    at = len(rows) - 1
    for edit in (SetUrl(at, "http://new/"), SetStatus(at, 418), AddHeader(at, Side.RESPONSE, "X-New", "1")):
        again = cassette_of(edited(data, edit))
        assert again.format.name == format_
        for position in range(at):
            assert again.entry_text(position) == cassette.entry_text(position)
    request = cassette_of(edited(data, SetUrl(at, "http://new/"))).interaction(at).request
    assert request is not None
    assert request.url == "http://new/"
    response = cassette_of(edited(data, SetStatus(at, 418))).interaction(at).response
    assert response is not None
    assert response.status == 418
    if "*2" not in data:
        response = (
            cassette_of(edited(data, SetBodyText(at, Side.RESPONSE, "x: y\n"))).interaction(at).response
        )
        assert response is not None
        assert response.body.raw == b"x: y\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("har aborted", "net::ERR_ABORTED"),
        ("har playwright", "abc.html"),
        ("har ws", "WebSocket"),
        ("exvcr ref error", "econnrefused"),
    ],
)
def test_notes_say_what_is_missing(name: str, said: str) -> None:
    assert said in cassette_of(CASES[name][0]).interaction(0).note
