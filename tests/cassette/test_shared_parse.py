"""A large entry is parsed once for all threads that want it at the same time."""

from __future__ import annotations

from threading import Barrier, Condition, Event, Thread
from typing import Any

import pytest

from viewer.cassette import cassette as cassettes
from viewer.cassette import shared_parse
from viewer.cassette.cassette import Cassette
from viewer.cassette.model import ParseError
from viewer.cassette.source import source_of
from viewer.cassette.tree import parse_entry

ENTRY = "- request: {method: GET, uri: /}\n  response: {body: {string: %s}}\n"


class Parses:
    """The texts that are parsed; each takes until so many threads wait for what another one does."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.expected = 0
        self._waiting = 0
        self._changed = Condition()

    def expect(self, waiting: int) -> None:
        self.seen.clear()
        self.expected = waiting

    def note_waiting(self) -> None:
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()

    def parse(self, text: str, *args: Any) -> Any:
        self.seen.append(text)
        with self._changed:
            self._changed.wait_for(lambda: self._waiting >= self.expected, 10)
        return parse_entry(text, *args)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Parses:
    found = Parses()

    class Awaited(Event):
        def wait(self, timeout: float | None = None) -> bool:
            found.note_waiting()
            return super().wait(timeout)

    monkeypatch.setattr(cassettes, "WORTH_SHARING", 0)
    monkeypatch.setattr(shared_parse, "Event", Awaited)
    monkeypatch.setattr(shared_parse, "parse_entry", found.parse)
    return found


def results_of(cassette: Cassette, positions: list[int]) -> list[object]:
    """What reading interactions in a thread each gives: the body, or the error's message."""
    results: list[object] = [None] * len(positions)
    start = Barrier(len(positions))

    def read(index: int, position: int) -> None:
        reader = cassette.reader(position)
        start.wait()
        try:
            response = reader().response
            results[index] = response.body.text if response else None
        except ParseError as err:
            results[index] = err.message

    threads = [Thread(target=read, args=pair) for pair in enumerate(positions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return results


def test_who_comes_later_has_the_same_tree(parses: Parses) -> None:
    """The row, the panes and the search for problems each parsed an entry of 120 MB: two gigabytes."""
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a").encode()))
    parses.expect(waiting=1)
    assert results_of(cassette, [0, 0]) == ["a", "a"]
    assert len(parses.seen) == 1
    assert not shared_parse._running


def test_other_entries_are_parsed_beside_it(parses: Parses) -> None:
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a" + ENTRY % "b").encode()))
    parses.expect(waiting=2)
    assert results_of(cassette, [0, 1, 0, 1]) == ["a", "b", "a", "b"]
    assert len(parses.seen) == 2


def test_all_are_told_what_is_wrong(parses: Parses) -> None:
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a" + ENTRY % '"').encode()))
    parses.expect(waiting=1)
    first, second = results_of(cassette, [1, 1])
    assert first == second
    assert "unexpected end" in str(first)
    assert len(parses.seen) == 1
    assert not shared_parse._running
