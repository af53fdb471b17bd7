"""A cassette to edit, with what its recorder should answer afterwards."""

from __future__ import annotations

import http
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.recorders.exchange import Answer, Call, Pairs
from tests.recorders.judge import Judge
from tests.recorders.roster import Recorder
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import Edit
from viewer.cassette.formats.base import Side
from viewer.cassette.headers import Headers
from viewer.cassette.model import Interaction, Request, Response
from viewer.cassette.structure import MoveInteraction


@dataclass(frozen=True, slots=True)
class Tape:
    """A cassette file with the calls that its recorder answers from it, and these answers."""

    path: Path
    calls: tuple[Call, ...]
    answers: tuple[Answer, ...]
    strict: bool


class Take:
    """One cassette, edited: `calls` and `answers` say what is expected of the recorder, and `check` asks it.

    They stand in the order in which the calls are made; `position` finds the interaction of one in the file. The
    number of edits that were replayed is added to the only item of `tally`.
    """

    def __init__(self, recorder: Recorder, judge: Judge, tape: Tape, folder: Path, tally: list[int]) -> None:
        self.recorder = recorder
        self.judge = judge
        self.strict = tape.strict
        self.calls = list(tape.calls)
        self.answers = list(tape.answers)
        self.cassette = Cassette.open(tape.path)
        self._edits = 0
        self._tally = tally
        self._tape = tape
        self._only: int | None = None
        self._positions = _positions(self.cassette, tape.calls)
        self._file = folder / f"edited{tape.path.suffix}"

    # --- reading

    def position(self, at: int) -> int:
        """The position in the file of the interaction that answered a call before anything was edited."""
        return self._positions[at]

    def request(self, at: int) -> Request:
        """The request as the program reads it."""
        request = self._interaction(at).request
        assert request is not None
        return request

    def response(self, at: int) -> Response:
        """The response as the program reads it."""
        response = self._interaction(at).response
        assert response is not None
        return response

    def headers(self, at: int, side: Side) -> Headers:
        """The headers of one side."""
        return self.request(at).headers if side is Side.REQUEST else self.response(at).headers

    def header_index(self, at: int, side: Side, name: str, value: str | None = None) -> int:
        """The index of a header line by its name, and by its value where that is given."""
        return next(
            index
            for index, header in enumerate(self.headers(at, side))
            if header.name.lower() == name.lower() and value in (None, header.value)
        )

    def address(self, at: int) -> str:
        """Scheme and host of the recorded URL; R's vcr leaves out the port."""
        parts = urlsplit(self.request(at).url)
        return f"{parts.scheme}://{parts.netloc}"

    # --- editing, and what is expected

    def apply(self, edit: Edit) -> None:
        """Makes an edit."""
        self.cassette.apply(edit.exchange(self.cassette))
        self._edits += 1

    def move(self, at: int, to: int) -> None:
        """Moves an interaction to another position in the file."""
        here = self._positions[at]
        self.apply(MoveInteraction(here, to))
        order = list(range(len(self.cassette)))
        order.insert(to, order.pop(here))
        self._positions = [order.index(position) for position in self._positions]

    def expect_call(
        self,
        at: int,
        *,
        method: str | None = None,
        url: str | None = None,
        headers: Pairs | None = None,
        body: bytes | None = None,
    ) -> None:
        """The recorder is to find a changed request, where the recorded one is what it goes by."""
        if self.recorder.finds_by_request:
            old = self.calls[at]
            self.calls[at] = Call(
                method or old.method,
                url or old.url,
                old.headers if headers is None else headers,
                old.body if body is None else body,
            )

    def expect_status(self, at: int, code: int, reason: str | None = None) -> None:
        """The recorder is to give this status, with its standard reason unless another is given."""
        phrase = http.HTTPStatus(code).phrase if reason is None else reason
        self.answers[at] = replace(self.answers[at], status=code, reason=phrase)

    def expect_body(self, at: int, body: bytes) -> None:
        """The recorder is to give this body, and its length."""
        self.answers[at] = self.answers[at].with_body(body)

    def expect_only(self, *wanted: int) -> None:
        """Only these calls are to be answered."""
        self.calls = [self.calls[at] for at in wanted]
        self.answers = [self.answers[at] for at in wanted]

    def expect_again(self, call: Call, answer: Answer) -> None:
        """One more call is to be answered, behind the others."""
        self.calls.append(call)
        self.answers.append(answer)

    # --- asking the recorder

    def ask_only(self, at: int) -> None:
        """Only this call is to be made, where the others would take too long."""
        self._only = at

    def check(self) -> None:
        """The recorder answers each call as expected, in the order of the calls."""
        asked = self._asked()
        found = self.replayed([self.calls[at] for at in asked])
        for at, answer in zip(asked, found, strict=True):
            assert self._seen(answer) == self._seen(self.answers[at]), self.calls[at]
        self.count()

    def count(self) -> None:
        """Counts the edits made until now as replayed."""
        self._tally[0] += self._edits
        self._edits = 0

    def refuses(self, *calls: Call) -> None:
        """The recorder answers none of these calls, each the first of a session."""
        for call in calls:
            assert self.replayed([call])[0].error, f"{call.method} {call.url} was answered"

    def replayed(self, calls: Sequence[Call]) -> list[Answer]:
        """What the recorder answers from the file as it stands now."""
        self._file.write_bytes(self.cassette.to_bytes())
        return self.judge.replay(self._file, calls, strict=self.strict)

    def _seen(self, answer: Answer) -> Answer:
        """What of an answer can be compared; a recorder's own words for "not found" cannot."""
        if answer.error:
            return Answer(error="none")
        reason = answer.reason if self.recorder.tells_reason else ""
        return replace(answer, reason=reason)

    def _asked(self) -> list[int]:
        """The calls to make: of a slow recorder only those of which something changed, and the same calls again."""
        everything = list(range(len(self.calls)))
        if self._only is not None:
            return [self._only]
        if not self.recorder.slow or len(self.calls) != len(self._tape.calls):
            return everything
        old = zip(self._tape.calls, self._tape.answers, strict=True)
        changed = {
            pair[0]
            for pair, before in zip(zip(self.calls, self.answers, strict=True), old, strict=True)
            if pair != before
        }
        return [at for at in everything if self.calls[at] in changed] or everything

    def _interaction(self, at: int) -> Interaction:
        return self.cassette.interaction(self._positions[at])


def _positions(cassette: Cassette, calls: Iterable[Call]) -> list[int]:
    """For each call the position of its interaction: the first one left with its method, path and query."""
    left = [(position, cassette.interaction(position).request) for position in range(len(cassette))]
    found = []
    for call in calls:
        entry = next(
            entry
            for entry in left
            if entry[1] is not None and _place(entry[1].method, entry[1].url) == _place(call.method, call.url)
        )
        left.remove(entry)
        found.append(entry[0])
    return found


def _place(method: str, url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """What is the same in a call and its recording, whose address and order of the query may differ."""
    parts = urlsplit(url)
    return method, parts.path, sorted(parse_qsl(parts.query, keep_blank_values=True))
