"""Each recorder's rules: a good cassette has no problem, and each way to break one is told with its line."""

from __future__ import annotations

import json

import pytest

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.source import source_of
from viewer.checks.problem import Problem
from viewer.checks.replayability import problems

GO_VCR_V1 = """---
version: 1
interactions:
- request:
    body: ""
    form: {}
    headers:
      Accept:
      - '*/*'
    url: https://x.test/
    method: GET
  response:
    body: hi
    headers: {}
    status: 200 OK
    code: 200
    duration: ""
"""
VCRPY = """interactions:
- request:
    body: null
    headers:
      Accept: ['*/*']
    method: GET
    uri: https://x.test/
  response:
    body: {string: hi}
    headers: {}
    status: {code: 200, message: OK}
version: 1
"""
PYDANTIC_AI = """interactions:
- request:
    headers: {}
    method: POST
    uri: https://bedrock-runtime.us-east-1.amazonaws.com/model/x/converse
    parsed_body:
      a: 1
  response:
    headers:
      content-length:
      - '8'
    parsed_body:
      a: 1
    status: {code: 200, message: OK}
version: 1
"""
RUBY = """---
http_interactions:
- request:
    method: get
    uri: http://x.test/
    body:
      encoding: US-ASCII
      string: ''
    headers: {}
  response:
    status:
      code: 200
      message: OK
    headers: {}
    body:
      encoding: UTF-8
      string: hi
  recorded_at: Tue, 01 Nov 2011 04:58:44 GMT
recorded_with: VCR 6.3.1
"""
BETAMAX = json.dumps(
    {
        "http_interactions": [
            {
                "request": {
                    "body": {"string": "", "encoding": "utf-8"},
                    "headers": {},
                    "method": "GET",
                    "uri": "u",
                },
                "response": {
                    "body": {"string": "", "encoding": "utf-8"},
                    "headers": {},
                    "status": {"code": 200, "message": "OK"},
                },
                "recorded_at": "2013-08-31T00:44:51",
            }
        ],
        "recorded_with": "betamax/0.9.0",
    },
    indent=1,
)
POLLY = """log:
  _recordingName: a
  entries:
    - _id: 0053563c13b96bdde5d2dd349b7656d6
      _order: 0
      request: {method: GET, url: 'http://x.test/', headers: []}
      response: {status: 200, headers: [], content: {size: 0}}
    - _id: 0053563c13b96bdde5d2dd349b7656d6
      _order: 1
      request: {method: GET, url: 'http://x.test/', headers: []}
      response: {status: 200, headers: [], content: {size: 0}}
"""
PHP = """
-
    request:
        method: GET
        url: 'https://x.test/1'
    response:
        status:
            code: '200'
        body: "a
          b"
"""
GOOD = (GO_VCR_V2, GO_VCR_V1, VCRPY, PYDANTIC_AI, RUBY, BETAMAX, POLLY, PHP)


def found(text: str) -> list[Problem]:
    return list(problems(Cassette.of(source_of(text.encode()))))


@pytest.mark.parametrize("text", GOOD)
def test_a_good_cassette_has_no_problem(text: str) -> None:
    assert found(text) == []


CASES = [
    (GO_VCR_V1, "    code: 200", '    code: "200"', "response.code is no number"),
    (
        GO_VCR_V1,
        "      Accept:\n      - '*/*'",
        "      Accept: '*/*'",
        "Accept in request.headers is no list",
    ),
    (GO_VCR_V1, "version: 1", "version: 3", "this is version 3"),
    (GO_VCR_V1, "    form: {}", "    proto: HTTP/1.1\n    form: {}", "says version 1, but its entries"),
    (
        GO_VCR_V2,
        "        content_length: 7",
        "        content_length: seven",
        "request.content_length is no number",
    ),
    (
        GO_VCR_V2,
        "        method: POST",
        "        form:\n            a:\n                - b\n        method: POST",
        "form is not",
    ),
    (GO_VCR_V2, "duration: ", "duration: soon ", "is no duration of Go"),
    (VCRPY, "    body: null\n", "", "the request has no 'body'"),
    (VCRPY, "    headers: {}\n", "", "the response has no 'headers'"),
    (VCRPY, "    body: {string: hi}\n", "", "the response has no 'body'"),
    (VCRPY, "    status: {code: 200, message: OK}\n", "", "the response has no status"),
    (
        VCRPY,
        "body: null",
        "body: !!python/object/apply:os.system [x]",
        "refuses the tag !!python/object/apply:os.s",
    ),
    (PYDANTIC_AI, "'8'", "'9'", "content-length is 9, but parsed_body is loaded as 8 bytes"),
    (RUBY, "  recorded_at: Tue, 01 Nov 2011 04:58:44 GMT\n", "", "there is no recorded_at"),
    (RUBY, "Tue, 01 Nov 2011 04:58:44 GMT", "2011-11-01T04:58:44Z", "recorded_at is no HTTP date"),
    (
        BETAMAX,
        "2013-08-31T00:44:51",
        "2013-08-31T00:44:51Z",
        "recorded_at is '2013-08-31T00:44:51Z'; Betamax wants",
    ),
    (BETAMAX, '"recorded_at": "2013-08-31T00:44:51"', '"a": 1', "there is no recorded_at; Betamax wants"),
    (POLLY, "_order: 1", "_order: 0", "are those of entry 0"),
    (POLLY, "_order: 1", "_order: 3", "no entry has the same _id and 2"),
    (POLLY, "      _order: 1\n", "", "there is no _order"),
    (
        POLLY,
        "    - _id: 0053563c13b96bdde5d2dd349b7656d6\n      _order: 1",
        "    - _order: 1",
        "there is no _id",
    ),
    (PHP, "          b", "- b", "takes this line for the start of another record"),
]


@pytest.mark.parametrize(("text", "old", "new", "said"), CASES)
def test_what_would_not_replay_is_said(text: str, old: str, new: str, said: str) -> None:
    assert old in text
    broken = text.replace(old, new, 1)
    told = found(broken)
    assert [problem for problem in told if said in problem.message], told
    assert all(problem.line and problem.line <= broken.count("\n") + 1 for problem in told)


def test_the_line_is_that_of_the_value() -> None:
    broken = RUBY.replace("Tue, 01 Nov 2011 04:58:44 GMT", "yesterday")
    (problem,) = found(broken)
    assert problem.line is not None
    assert "yesterday" in broken.splitlines()[problem.line - 1]


def test_the_fix_of_a_tree_s_length() -> None:
    cassette = Cassette.of(source_of(PYDANTIC_AI.replace("'8'", "'9'").encode()))
    (problem,) = problems(cassette)
    assert problem.fix is not None
    cassette.apply(problem.fix.exchange(cassette))
    assert cassette.to_bytes().decode() == PYDANTIC_AI


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[{"request": {"uri": "u", "method": "GET"}, "response": {"status": {"code": 200}}}]',
            "vcr.migration",
        ),
        (
            "--- \n- !ruby/struct:VCR::HTTPInteraction \n  request: !ruby/struct:VCR::Request \n    uri: u\n",
            "VCR 2",
        ),
    ],
)
def test_forms_that_todays_recorders_refuse(text: str, said: str) -> None:
    assert any(said in problem.message for problem in found(text))


def test_two_requests_alike_of_another_recorder_are_no_problem() -> None:
    entry = RUBY[RUBY.index("- request") : RUBY.index("recorded_with")]
    assert found(RUBY.replace(entry, entry + entry)) == []
