"""Undo and redo bring every text back; the net edits of any typing rebuild its result."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view.buffer import TextBuffer
from viewer.ui.code_view.history import Change, History, net_edits

TEXTS = st.text(alphabet="abc\n🎉", max_size=30)
EDITS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 10), st.text(alphabet="abX\n", max_size=6), st.booleans()),
    max_size=15,
)


def make(buffer: TextBuffer, change: Change) -> None:
    buffer.replace(change.start, change.start + len(change.removed), change.inserted)


def rebuilt(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


@given(TEXTS, EDITS)
def test_net_edits_rebuild_the_text(text: str, edits: list[tuple[int, int, str, bool]]) -> None:
    buffer, history = TextBuffer(text), History()
    states = [text]
    for start, length, new, joins in edits:
        start = min(start, len(buffer))
        end = min(start + length, len(buffer))
        change = Change(start, buffer.slice(start, end), new)
        make(buffer, change)
        history.record(change, joins=joins)
        states.append(buffer.text())
        net = net_edits(text, history.changes(), buffer)
        assert rebuilt(text, net) == buffer.text()
        assert all(before[1] < behind[0] for before, behind in pairwise(net))
    last = buffer.text()
    while history.can_undo:
        for change in history.undo():
            make(buffer, change)
        assert buffer.text() in states
    assert buffer.text() == text
    assert net_edits(text, history.changes(), buffer) == []
    while history.can_redo:
        for change in history.redo():
            make(buffer, change)
    assert buffer.text() == last


def test_typed_and_deleted_again_is_no_edit() -> None:
    buffer = TextBuffer("abc")
    changes = [Change(1, "", "x"), Change(1, "x", "")]
    for change in changes:
        make(buffer, change)
    assert net_edits("abc", changes, buffer) == []


def test_a_typed_word_is_one_small_change() -> None:
    history = History()
    for at, char in enumerate("word"):
        history.record(Change(at, "", char), joins=True)
    assert history.undo() == [Change(0, "word", "")]


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History()
    history.record(Change(0, "", "a"))
    history.undo()
    history.record(Change(0, "", "b"))
    assert not history.can_redo
