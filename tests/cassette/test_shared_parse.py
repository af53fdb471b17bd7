"""A large entry is parsed once for all threads that want it at the same time."""

from __future__ import annotations

from threading import Barrier, Event, Thread
from typing import Any

import pytest

from viewer.cassette import cassette as cassettes
from viewer.cassette import shared_parse
from viewer.cassette.cassette import Cassette
from viewer.cassette.model import ParseError
from viewer.cassette.source import source_of
from viewer.cassette.tree import parse_entry

ENTRY = "- request: {method: GET, uri: /}\n  response: {body: {string: %s}}\n"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are parsed; each takes until somebody else wants one."""
    seen: list[str] = []
    waiting = Event()

    class Awaited(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.set()
            return super().wait(timeout)

    def slow(text: str, *args: Any) -> Any:
        seen.append(text)
        waiting.wait(5)
        return parse_entry(text, *args)

    monkeypatch.setattr(cassettes, "WORTH_SHARING", 0)
    monkeypatch.setattr(shared_parse, "Event", Awaited)
    monkeypatch.setattr(shared_parse, "parse_entry", slow)
    return seen


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


def test_who_comes_later_has_the_same_tree(parses: list[str]) -> None:
    """The row, the panes and the search for problems each parsed an entry of 120 MB: two gigabytes."""
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a").encode()))
    parses.clear()
    assert results_of(cassette, [0, 0]) == ["a", "a"]
    assert len(parses) == 1
    assert not shared_parse._running


def test_other_entries_are_parsed_beside_it(parses: list[str]) -> None:
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a" + ENTRY % "b").encode()))
    parses.clear()
    assert results_of(cassette, [0, 1, 0, 1]) == ["a", "b", "a", "b"]
    assert len(parses) == 2


def test_all_are_told_what_is_wrong(parses: list[str]) -> None:
    cassette = Cassette.of(source_of(("interactions:\n" + ENTRY % "a" + ENTRY % '"').encode()))
    parses.clear()
    first, second = results_of(cassette, [1, 1])
    assert first == second
    assert "unexpected end" in str(first)
    assert len(parses) == 1
    assert not shared_parse._running
