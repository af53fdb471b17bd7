"""What would not replay, and the fix of what can be fixed safely."""

from __future__ import annotations

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.source import source_of
from viewer.checks.problem import Severity
from viewer.checks.replayability import problems


def cassette_of(text: str) -> Cassette:
    return Cassette.of(source_of(text.encode()))


def test_a_good_cassette_has_no_problem() -> None:
    assert list(problems(cassette_of(GO_VCR_V2))) == []


def test_a_wrong_request_length_and_its_fix() -> None:
    cassette = cassette_of(GO_VCR_V2.replace("content_length: 7", "content_length: 5"))
    (problem,) = problems(cassette)
    assert problem.message == "content_length of request 0 is 2 too small"
    assert problem.severity is Severity.WARNING
    assert problem.fix is not None
    cassette.apply(problem.fix.exchange(cassette))
    assert cassette.to_bytes().decode() == GO_VCR_V2


def test_an_unknown_length_is_no_problem() -> None:
    assert list(problems(cassette_of(GO_VCR_V2.replace("content_length: 7", "content_length: -1")))) == []


def test_a_malformed_entry_is_an_error_on_its_line() -> None:
    text = GO_VCR_V2.replace("        method: POST", "        method: a: b")
    (problem,) = problems(cassette_of(text))
    assert problem.severity is Severity.ERROR
    assert problem.line == text.splitlines().index("        method: a: b") + 1


def test_what_matching_needs() -> None:
    text = GO_VCR_V2.replace("        method: GET\n", "").replace(
        "        url: https://api.example.com/v1/models\n", ""
    )
    assert [problem.message for problem in problems(cassette_of(text))] == [
        "the request has no method, so it never matches",
        "the request has no URL, so it never matches",
    ]
