"""What go-vcr records of a request twice follows an edit, or go-vcr v4 would no longer find the request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cassette.formats.helpers import edited, loaded
from viewer.cassette.edits import AddHeader, Edit, SetBodyText, SetHeader, SetMethod, SetUrl
from viewer.cassette.formats.base import Side

V4 = """---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        content_length: 19
        host: x.test:8080
        body: grant=code&scope=x+y
        form:
            grant:
                - code
            scope:
                - x y
                - all
        headers:
            Content-Type:
                - application/x-www-form-urlencoded
        url: http://x.test:8080/token?scope=all
        method: POST
      response:
        content_length: 2
        body: ok
        headers: {}
        status: 200 OK
        code: 200
        duration: 1ms
"""
V1 = """---
version: 1
interactions:
- request:
    body: a=1&b=2
    form:
      a:
      - "1"
      b:
      - "2"
    headers:
      Content-Type:
      - application/x-www-form-urlencoded
    url: http://x.test/token?scope=all
    method: POST
  response:
    body: ok
    headers: {}
    status: 200 OK
    code: 200
    duration: ""
"""
FORM: dict[str, Any] = {"grant": ["code"], "scope": ["x y", "all"]}


def request_after(text: str, edit: Edit) -> dict[str, Any]:
    """The first request after an edit, as PyYAML has it."""
    request: dict[str, Any] = loaded(edited(text, edit))["request"]
    return request


@pytest.mark.parametrize(
    ("edit", "form"),
    [
        (SetUrl(0, "http://x.test:8080/t?scope=all&new=%C3%A9"), {**FORM, "new": ["é"]}),
        (SetUrl(0, "http://x.test:8080/t?scope=some"), {"grant": ["code"], "scope": ["x y", "some"]}),
        (SetUrl(0, "http://x.test:8080/t"), {"grant": ["code"], "scope": ["x y"]}),
        (SetBodyText(0, Side.REQUEST, "scope=1&z="), {"scope": ["1", "all"], "z": [""]}),
        (SetBodyText(0, Side.REQUEST, ""), {"scope": ["all"]}),
        (SetMethod(0, "GET"), {"scope": ["all"]}),
        (SetHeader(0, Side.REQUEST, 0, "Content-Type", "text/plain"), {"scope": ["all"]}),
        (SetHeader(0, Side.REQUEST, 0, "Content-Type", "application/x-www-form-urlencoded; a=b"), FORM),
        (AddHeader(0, Side.RESPONSE, "Content-Type", "text/plain"), FORM),
    ],
)
def test_the_form_of_v4_has_the_fields_of_the_body_and_of_the_query(edit: Edit, form: dict[str, Any]) -> None:
    """The query's fields were left as they were, so go-vcr v4 answered "requested interaction not found"."""
    assert request_after(V4, edit)["form"] == form


def test_a_form_that_empties() -> None:
    """Several removals from one mapping did not fit together, and the edit failed."""
    assert request_after(V1, SetBodyText(0, Side.REQUEST, ""))["form"] == {}
    assert request_after(V1, SetBodyText(0, Side.REQUEST, "c=3"))["form"] == {"c": ["3"]}


def test_the_form_of_v1_leaves_out_the_query() -> None:
    assert request_after(V1, SetUrl(0, "http://x.test/?c=3"))["form"] == {"a": ["1"], "b": ["2"]}


def test_a_form_that_agreed_with_nothing_is_left_alone() -> None:
    text = V4.replace("- all\n", "- other\n")
    assert request_after(text, SetUrl(0, "http://x.test:8080/?c=3"))["form"]["scope"] == ["x y", "other"]


def test_a_form_appears_where_an_empty_one_was_left_out() -> None:
    """charm's x/vcr leaves out empty keys."""
    text = V4[: V4.index("        form:")] + V4[V4.index("        headers:") :]
    text = text.replace("grant=code&scope=x+y", "'{}'").replace("?scope=all", "")
    text = text.replace("x-www-form-urlencoded", "json")
    assert "form" not in request_after(text, SetBodyText(0, Side.REQUEST, "{}x"))
    assert request_after(text, SetUrl(0, "http://x.test:8080/?alt=sse"))["form"] == {"alt": ["sse"]}


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://other.test/a", "other.test"), ("http://u:p@other.test:1/", "other.test:1"), ("/a", "")],
)
def test_the_host_follows_the_url(url: str, host: str) -> None:
    """It stayed, so go-vcr v4 answered "requested interaction not found"."""
    assert request_after(V4, SetUrl(0, url))["host"] == host


@pytest.mark.parametrize("host", ['""', "proxy.test"])
def test_a_host_of_its_own_stays(host: str) -> None:
    text = V4.replace("host: x.test:8080", f"host: {host}")
    assert request_after(text, SetUrl(0, "https://other.test/"))["host"] == host.strip('"')


def test_header_names_are_spelled_as_go_does() -> None:
    """`http.Header.Get` does not find `x-new`, and no Go client sends it."""
    assert "X-New" in request_after(V4, AddHeader(0, Side.REQUEST, "x-new", "1"))["headers"]
    assert "Etag" in request_after(V4, SetHeader(0, Side.REQUEST, 0, "ETag", "1"))["headers"]
    recorded = V4.replace("Content-Type:", "no token:", 1)
    assert "no token" in request_after(recorded, SetHeader(0, Side.REQUEST, 0, "no token", "1"))["headers"]
