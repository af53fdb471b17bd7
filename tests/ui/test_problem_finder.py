"""Looking for problems while the window stays free."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.document.cassettes import cassette_of, entry, text_of
from viewer.checks.problem import Problem
from viewer.document.document import CassetteDocument
from viewer.ui.problem_finder import ProblemFinder
from viewer.ui.theme import load_theme


def found_in(document: CassetteDocument, qtbot: QtBot) -> list[Problem]:
    finder = ProblemFinder(load_theme("light"))
    told: list[list[Problem]] = []
    finder.found.connect(told.append)
    finder.look_at(document)
    assert finder.is_busy
    qtbot.waitUntil(lambda: not finder.is_busy, timeout=20_000)
    finder.look_at(None)
    return told[-2]


def test_a_large_interaction_is_looked_at_in_the_background(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of 10 MB was parsed in the interface's thread, half a second after every edit."""
    monkeypatch.setattr("viewer.ui.problem_finder._LARGE", 0)
    document = CassetteDocument(cassette_of(text_of(2) + entry(2, method="''") + entry(3)))
    problems = found_in(document, qtbot)
    assert [problem.position for problem in problems] == [2]
    assert not document.cassette._groups


def test_a_large_file_is_not_walked_for_one_that_does_not_parse(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gigabyte was walked in the interface's thread, over again for each malformed entry."""
    monkeypatch.setattr("viewer.document.document._WALKED_AT_ONCE", 0)
    document = CassetteDocument(cassette_of(f"{text_of(1)}{entry(1, method='[')}{entry(2)}"))
    monkeypatch.setattr(document.cassette, "walk", lambda: pytest.fail("walked"))
    problems = found_in(document, qtbot)
    assert [problem.position for problem in problems] == [1]
    assert problems[0].line
