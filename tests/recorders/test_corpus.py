"""Edits of cassettes that other projects recorded, and of the repository's own: their recorder replays them.

What the recorder answers from the unedited file is what it should answer from the edited one, but for the edit.
A file that its recorder does not replay as it is (old tags, an odd matcher of the project's own) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cassette.samples import GO_VCR_V2
from tests.recorders.exchange import Call
from tests.recorders.judge import Judge, ReplayError
from tests.recorders.roster import Recorder
from tests.recorders.take import Take, Tape
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.edits import AddHeader, SetBodyText, SetMethod, SetStatus, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.model import Request
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction, MoveInteraction

# Of each recorder so many files are edited, chosen for variety; larger ones only take longer.
FILES = 6
LARGEST = 60_000
EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"

NewTakeOf = Callable[[Tape], Take]


@pytest.fixture
def new_take_of(recorder: Recorder, judge: Judge, tmp_path: Path, tally: list[int]) -> NewTakeOf:
    return lambda tape: Take(recorder, judge, tape, tmp_path, tally)


def tapes(paths: list[Path], recorder: Recorder, judge: Judge) -> Iterator[Tape]:
    """The cassettes that the recorder replays whole, matched as strictly as it can be."""
    for path in paths:
        calls = calls_of(path)
        for strict in (True, False) if calls else ():
            try:
                answers = judge.replay(path, calls, strict=strict)
            except ReplayError:
                continue
            if not any(answer.error for answer in answers):
                yield Tape(path, tuple(calls), tuple(answers), strict)
                break


def calls_of(path: Path) -> list[Call]:
    """The requests of a cassette as its client made them; none where it holds anything else."""
    cassette = Cassette.open(path)
    requests = [read_interaction(cassette, position).request for position in range(len(cassette))]
    return [call_of(request) for request in requests if request is not None] if all(requests) else []


def call_of(request: Request) -> Call:
    headers = tuple((header.name, header.value) for header in request.headers)
    return Call(request.method, request.url, headers, request.body.raw or None)


@pytest.fixture
def found(recorder: Recorder, judge: Judge, corpus: Path, tmp_path: Path) -> list[Tape]:
    """Cassettes of the corpus, copied."""
    if not recorder.folder:
        pytest.skip("another way of this recorder to write has the corpus's files")
    paths = sorted(path for path in (corpus / recorder.folder).rglob("*") if path.is_file())
    paths = [path for path in paths if path.stat().st_size <= LARGEST]
    copies = []
    files = 2 if recorder.slow else FILES
    for number, path in enumerate(paths[:: max(1, len(paths) // (2 * files))]):
        # Betamax and VCR find a cassette by its name and their own suffix.
        copies.append(tmp_path / f"{number}{recorder.suffix}")
        copies[-1].write_bytes(path.read_bytes())
    chosen = list(tapes(copies, recorder, judge))[:files]
    assert chosen, "the recorder replays none of its files"
    return chosen


def test_edits_of_the_corpus(found: list[Tape], new_take_of: NewTakeOf) -> None:
    for tape in found:
        for at in sorted({0, len(tape.calls) - 1}):
            check_messages(tape, at, new_take_of)
            check_list(tape, at, new_take_of)


def test_edits_of_the_samples(
    recorder: Recorder, judge: Judge, tmp_path: Path, new_take_of: NewTakeOf
) -> None:
    if recorder.format != "go-vcr v2":
        pytest.skip("the repository's samples are go-vcr's")
    sample = tmp_path / "sample.yaml"
    sample.write_text(GO_VCR_V2)
    paths = [sample, *sorted(EXAMPLES.glob("*.yaml"))]
    found = list(tapes(paths, recorder, judge))
    assert len(found) == len(paths)
    for tape in found:
        check_messages(tape, 0, new_take_of)
        check_list(tape, 0, new_take_of)


def check_messages(tape: Tape, at: int, new_take_of: NewTakeOf) -> None:
    """Status, headers, both bodies, method and URL of one interaction, one after the other."""
    for change in (change_status, change_headers, change_response_body, change_request):
        take = new_take_of(tape)
        change(take, at)
        take.check()


def change_status(take: Take, at: int) -> None:
    take.apply(SetStatus(take.position(at), 503))
    # The oldest files of Betamax have no reason, and it makes up one of its own.
    recorded = take.response(at).reason
    take.expect_status(at, 503, None if recorded else take.replayed(take.calls)[at].reason)


def change_headers(take: Take, at: int) -> None:
    take.apply(AddHeader(take.position(at), Side.RESPONSE, "X-Edited", "a: 'b'"))
    take.answers[at] = take.answers[at].with_header("x-edited", "a: 'b'")


def change_response_body(take: Take, at: int) -> None:
    body = take.response(at).body
    if body.text is None or take.calls[at].method == "HEAD" or take.answers[at].status in (204, 304):
        return
    text = json.dumps({"edited": 'é "1"'}) if body.recorded_as == "tree" else 'edited: "é"\n\n'
    take.apply(SetBodyText(take.position(at), Side.RESPONSE, text, keep_codings=False))
    answer = take.replayed(take.calls)[at]
    if body.recorded_as != "tree":
        assert answer.body == text.encode(body.charset)
    assert json.loads(answer.body) == json.loads(text) if body.recorded_as == "tree" else answer.body
    take.expect_body(at, answer.body)
    take.answers[at] = take.answers[at].without_header("content-encoding")


def change_request(take: Take, at: int) -> None:
    """A request that nothing else in the cassette is like."""
    url = take.address(at) + "/edited?by=the&program=1"
    take.apply(SetUrl(take.position(at), url))
    take.expect_call(at, url=url)
    # requests would add a `Content-Length: 0` to another method without a body.
    if take.calls[at].body:
        take.apply(SetMethod(take.position(at), "PUT"))
        take.expect_call(at, method="PUT")


def check_list(tape: Tape, at: int, new_take_of: NewTakeOf) -> None:
    """One interaction deleted, copied, and moved to the other end."""
    keys = [call if tape.strict else (call.method, call.url) for call in tape.calls]
    take = new_take_of(tape)
    take.apply(DeleteInteractions((take.position(at),)))
    take.expect_only(*(other for other in range(len(tape.calls)) if other != at))
    if keys.count(keys[at]) == 1:
        take.check()
    take = new_take_of(tape)
    take.apply(DuplicateInteraction(take.position(at)))
    take.expect_again(take.calls[at], take.answers[at])
    if keys.count(keys[at]) == 1:
        take.check()
    take = new_take_of(tape)
    take.apply(MoveInteraction(take.position(at), len(take.cassette) - 1 - take.position(at)))
    if keys.count(keys[at]) == 1:
        take.check()
