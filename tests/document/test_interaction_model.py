"""The list's lines: under Qt's model tester while cassettes are opened, edited, filtered, sorted and closed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from weakref import ref

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.document.cassettes import METHODS, STATUSES, cassette, cassette_of, entry, text_of
from tests.document.test_document import Delete, Insert
from viewer.cassette.edits import Edit, SetMethod, SetStatus
from viewer.cassette.structure import (
    DeleteInteractions,
    DuplicateInteraction,
    DuplicateInteractions,
    InsertInteraction,
    MoveInteraction,
    MoveInteractions,
)
from viewer.document.document import CassetteDocument
from viewer.document.interaction_model import CassetteLine, Column, InteractionModel, Place, Role
from viewer.document.summaries import LARGE
from viewer.document.summary import Summary

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def model() -> Iterator[InteractionModel]:
    """A model whose every signal is checked by Qt against what it answers."""
    model = InteractionModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    for document in model.documents:
        model.remove(document)
        document.close()
    tester.deleteLater()


def add(model: InteractionModel, count: int) -> CassetteDocument:
    document = CassetteDocument(cassette(count))
    model.add(document)
    return document


def lines(model: InteractionModel) -> list[int | None]:
    """What stands on each line: a position, or None for a cassette."""
    places = [model.place(line) for line in range(model.rowCount())]
    assert all(place is not None for place in places)
    return [place.position for place in places if place]


def settle(qtbot: QtBot, model: InteractionModel) -> None:
    qtbot.waitUntil(lambda: not model.is_working)


def paths(model: InteractionModel, document: CassetteDocument) -> list[str]:
    """The paths of a document's lines, read now where they were not."""
    places = [model.place(line) for line in range(model.rowCount())]
    shown = [place.position for place in places if place and place.document is document]
    return [document.summary(position).path for position in shown if position is not None]


def text(model: InteractionModel, line: int, column: int = 0) -> str:
    return str(model.index(line, column).data())


# --- lines


def test_cassettes_with_their_interactions_below(model: InteractionModel) -> None:
    first, second = add(model, 2), add(model, 1)
    assert lines(model) == [None, 0, 1, None, 0]
    assert model.place(4) == Place(second, 0)
    assert model.line_of(first, 1) == 2
    assert model.line_of(second) == 3
    assert model.heads() == [0, 3]
    assert model.documents == (first, second)


def test_an_empty_cassette_has_its_own_line_alone(model: InteractionModel) -> None:
    document = add(model, 0)
    assert lines(model) == [None]
    model.set_open(document, False)
    model.set_open(document, True)
    assert lines(model) == [None]


def test_beyond_the_lines_there_is_nothing(model: InteractionModel) -> None:
    assert model.rowCount() == 0
    assert model.place(0) is None
    document = add(model, 1)
    assert model.place(2) is None
    assert model.place(-1) is None
    assert model.line_of(document, 5) is None
    assert model.index(7, 0).data() is None
    assert model.rowCount(model.index(0, 0)) == 0


def test_a_closed_cassette_hides_its_lines(model: InteractionModel) -> None:
    first, second = add(model, 3), add(model, 2)
    model.set_open(first, False)
    assert lines(model) == [None, None, 0, 1]
    assert model.line_of(first, 1) is None
    assert model.line_of(second, 1) == 3
    first.edit(Delete(0))
    model.set_open(first)
    assert lines(model) == [None, 0, 1, None, 0, 1]


def test_removing_a_document_takes_its_lines(model: InteractionModel) -> None:
    first, second = add(model, 3), add(model, 2)
    model.remove(first)
    assert model.documents == (second,)
    assert lines(model) == [None, 0, 1]
    first.edit(SetMethod(0, "PATCH"))
    first.close()
    assert text(model, 1, Column.METHOD) == "GET"


def test_a_model_is_freed_at_once_with_all_it_holds() -> None:
    """Deleting rows later crashed: their last breath freed the model, which deleted them again."""
    model = InteractionModel()
    document = add(model, 3)
    document.edit(SetMethod(0, "PATCH"))
    model.set_filter("post")
    freed = [ref(one) for one in (model, document)]
    model.remove(document)
    gc.disable()
    try:
        del model, document
        assert [one() for one in freed] == [None, None]
    finally:
        gc.enable()


# --- what lines show


def test_columns(model: InteractionModel) -> None:
    document = add(model, 2)
    size = document.cassette.size(1)
    document.summary(1)
    shown = [text(model, 2, column) for column in Column]
    assert shown == [
        "1",
        "POST",
        "host1.example.com/v1/things/1",
        "404",
        "model-1",
        "1.00 s",
        f"{size} B",
        "",
    ]
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in Column]
    assert titles == ["#", "Method", "Path", "Status", "Model", "Time", "Size", "Tokens"]


def test_roles(model: InteractionModel) -> None:
    document = add(model, 1)
    head, line = model.index(0, 0), model.index(1, 0)
    assert head.data(Role.SUMMARY) is None
    assert line.data(Role.CASSETTE) is None
    assert isinstance(line.data(Role.SUMMARY), Summary)
    assert head.data(Role.CASSETTE) == CassetteLine("untitled", True, False, False, False, 1, 1)
    assert line.data(Qt.ItemDataRole.ToolTipRole) == "https://host0.example.com/v1/things/0"
    assert "GET" in line.data(Qt.ItemDataRole.AccessibleTextRole)
    document.edit(SetMethod(0, "PATCH"))
    assert head.data(Role.CASSETTE).is_modified


def test_nothing_is_read_before_it_is_asked_for(model: InteractionModel) -> None:
    document = add(model, 200)
    assert document.summaries.known == 0
    model.index(150, 0).data()
    assert document.summaries.known == 1


def test_what_is_asked_for_at_once_beyond_the_slice_arrives(qtbot: QtBot, model: InteractionModel) -> None:
    document = add(model, 100)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    missing = [line for line in range(1, 101) if model.index(line, 0).data(Role.SUMMARY) is None]
    assert len(missing) < 100
    qtbot.waitUntil(lambda: document.summaries.known == 100)
    assert all(any(first <= line <= last for first, last in told) for line in missing)
    assert all(isinstance(model.index(line, 0).data(Role.SUMMARY), Summary) for line in missing)


def test_a_large_entry_is_read_by_a_worker(qtbot: QtBot, model: InteractionModel) -> None:
    large = entry(1).replace("body of 1", f"body of {'x' * LARGE}")
    document = CassetteDocument(cassette_of(f"{text_of(1)}{large}"))
    model.add(document)
    assert isinstance(model.index(1, 0).data(Role.SUMMARY), Summary)
    assert model.index(2, 0).data(Role.SUMMARY) is None
    assert text(model, 2) == "1"
    qtbot.waitUntil(lambda: isinstance(model.index(2, 0).data(Role.SUMMARY), Summary))


def test_a_malformed_entry_is_a_line_with_a_note(qtbot: QtBot, model: InteractionModel) -> None:
    document = CassetteDocument(cassette_of(f"{text_of(1)}{entry(1, method='[')}{entry(2)}"))
    model.add(document)
    model.index(2, 0).data(Role.SUMMARY)
    qtbot.waitUntil(lambda: isinstance(model.index(2, 0).data(Role.SUMMARY), Summary))
    assert model.index(2, 0).data(Role.SUMMARY).is_error
    qtbot.waitUntil(lambda: text(model, 3, Column.METHOD) == "PUT")


# --- edits


def test_an_edit_shows_in_its_line(qtbot: QtBot, model: InteractionModel) -> None:
    document = add(model, 3)
    assert text(model, 2, Column.STATUS) == "404"
    told: list[QModelIndex] = []
    model.dataChanged.connect(lambda first, last: told.append(first))
    document.edit(SetStatus(1, 201))
    assert told
    qtbot.waitUntil(lambda: text(model, 2, Column.STATUS) == "201")
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: text(model, 2, Column.STATUS) == "404")
    document.undo_stack.redo()
    qtbot.waitUntil(lambda: text(model, 2, Column.STATUS) == "201")


def test_interactions_come_and_go(model: InteractionModel) -> None:
    first, second = add(model, 4), add(model, 1)
    before = paths(model, first)
    for edit, left in ((Delete(1, 2), [0, 3]), (Insert(1, entry(2)), [0, 2, 3]), (Delete(0), [2, 3])):
        first.edit(edit)
        assert paths(model, first) == [before[i] for i in left]
        assert lines(model) == [None, *range(len(left)), None, 0]
    while first.undo_stack.canUndo():
        first.undo_stack.undo()
    assert paths(model, first) == before
    assert model.place(5) == Place(second)


@pytest.mark.parametrize("words", ["", "method:get"])
@pytest.mark.parametrize(
    "edit",
    [
        DeleteInteractions((0, 2, 5)),
        DuplicateInteraction(3),
        MoveInteraction(1, 4),
        MoveInteraction(5, 0),
        DuplicateInteractions((1, 3, 5)),
        MoveInteractions((0, 1, 4), 1),
        MoveInteractions((1, 2, 5), -1),
        DeleteInteractions(tuple(range(0, 24, 2))),
        DuplicateInteractions(tuple(range(1, 24, 2))),
        InsertInteraction(6, (entry(1),)),
    ],
)
def test_every_edit_of_the_list_keeps_lines_and_cassette_in_step(
    qtbot: QtBot, model: InteractionModel, words: str, edit: Edit
) -> None:
    document = add(model, 24)
    model.set_filter(words)
    settle(qtbot, model)
    before, order = lines(model), paths(model, document)
    document.edit(edit)
    settle(qtbot, model)
    assert len(document) == len(document.cassette)
    if not words:
        assert lines(model) == [None, *range(len(document))]
    document.undo_stack.undo()
    settle(qtbot, model)
    assert paths(model, document)[: len(order)] == order if not words else set(before) <= set(lines(model))
    document.undo_stack.redo()
    model.set_filter("")
    assert lines(model) == [None, *range(len(document))]


def test_many_changes_are_told_as_one(model: InteractionModel) -> None:
    """Deleting each second of five thousand took a minute, since a view looked at its selection after each."""
    document = add(model, 200)
    told: list[None] = []
    model.replaced.connect(lambda: told.append(None))
    document.edit(DeleteInteractions(tuple(range(0, 200, 2))))
    assert len(told) == 1
    assert lines(model) == [None, *range(100)]
    assert paths(model, document)[:3] == [f"/v1/things/{number}" for number in (1, 3, 5)]


def test_a_new_split_gives_new_lines(qtbot: QtBot, model: InteractionModel) -> None:
    false_marker = entry(1).replace("body of 1", '"a\n\n    - id: no entry"')
    document = CassetteDocument(cassette_of(f"{text_of(1)}{false_marker}{entry(2)}"))
    model.add(document)
    assert model.rowCount() == 5
    for line in range(1, 5):
        model.index(line, 0).data(Role.SUMMARY)
    qtbot.waitUntil(lambda: model.rowCount() == 4)
    assert [path[-1] for path in paths(model, document)] == ["0", "1", "2"]


# --- filter


@pytest.mark.parametrize("read_before", [True, False])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("method:post", range(1, 50, 3)),
        ("status:404 host:host1", [p for p in range(50) if p % 3 == 1 and p % 2 == 1]),
        ("-status:200", [p for p in range(50) if p % 3]),
        ("model:model-3", range(3, 50, 5)),
        ('body:"of 17"', [17]),
        ("method:get body:4", [p for p in range(50) if p % 3 == 0 and ("4" in str(p) or p % 5 == 4)]),
        ("-body:body", []),
        ("nowhere", []),
    ],
)
def test_a_filter(
    qtbot: QtBot, model: InteractionModel, read_before: bool, words: str, expected: list[int]
) -> None:
    document = add(model, 50)
    if read_before:
        for position in range(50):
            document.summary(position)
    model.set_filter(words)
    settle(qtbot, model)
    assert lines(model) == [None, *expected]
    head = model.index(0, 0).data(Role.CASSETTE)
    assert (head.shown, head.total, head.is_filtered, head.is_working) == (len(expected), 50, True, False)
    model.set_filter("")
    assert lines(model) == [None, *range(50)]


def test_a_filter_typed_letter_by_letter(qtbot: QtBot, model: InteractionModel) -> None:
    add(model, 60)
    for typed in (
        "m",
        "me",
        "method:p",
        "method:po",
        "method:po status:4",
        "method:po",
        "things/4",
        "",
        "status:5",
    ):
        model.set_filter(typed)
    settle(qtbot, model)
    assert lines(model) == [None, *range(2, 60, 3)]
    model.set_filter("status:5 things/1")
    settle(qtbot, model)
    assert lines(model) == [None, *(p for p in range(2, 60, 3) if str(p).startswith("1"))]


def test_large_entries_are_searched_too(qtbot: QtBot, model: InteractionModel) -> None:
    large = entry(1).replace("body of 1", f"needle {'x' * LARGE}")
    model.add(CassetteDocument(cassette_of(f"{text_of(1)}{large}{entry(2)}")))
    model.set_filter("body:needle")
    settle(qtbot, model)
    assert lines(model) == [None, 1]


def test_edits_under_a_filter(qtbot: QtBot, model: InteractionModel) -> None:
    """An edited interaction stays in sight though it matches no more; a new one is in sight at once."""
    document = add(model, 9)
    model.set_filter("status:404")
    settle(qtbot, model)
    document.edit(SetStatus(4, 200))
    assert lines(model) == [None, 1, 4, 7]
    qtbot.waitUntil(lambda: text(model, 2, Column.STATUS) == "200")
    document.edit(Delete(2, 2))
    assert lines(model) == [None, 1, 2, 5]
    document.edit(Insert(2, entry(0)))
    assert lines(model) == [None, 1, 2, 3, 6]
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert lines(model) == [None, 1, 2, 3, 4, 7]


def test_a_filter_holds_for_a_cassette_that_is_opened_later(qtbot: QtBot, model: InteractionModel) -> None:
    model.set_filter("method:put")
    add(model, 6)
    settle(qtbot, model)
    assert lines(model) == [None, 2, 5]


def test_a_malformed_entry_does_not_stop_a_filter(qtbot: QtBot, model: InteractionModel) -> None:
    document = CassetteDocument(cassette_of(f"{text_of(2)}{entry(2, method='[')}{entry(4)}"))
    model.add(document)
    model.set_filter("method:post")
    settle(qtbot, model)
    assert lines(model) == [None, 1, 3]


def test_closing_while_a_filter_works_ends_its_work(qtbot: QtBot, model: InteractionModel) -> None:
    document = add(model, 500)
    model.set_filter("nowhere")
    assert model.is_working
    model.remove(document)
    document.close()
    assert not model.is_working
    known = document.summaries.known
    qtbot.wait(30)
    assert document.summaries.known == known


def test_keys_in_the_filter_of_100000(qtbot: QtBot) -> None:
    """What an earlier key left to be done is given up; the rows of the last one come in slices."""
    model = InteractionModel()
    document = add(model, 100_000)
    for position in range(len(document)):
        status = STATUSES[position % 3]
        document.summaries._take(Summary(position, status=status, url=f"https://a/v1/{position}"))
    for typed in ("s", "status:4", "status:4 12", ""):
        model.set_filter(typed)
    model.set_filter("status:4 12")
    assert model.is_working
    settle(qtbot, model)
    assert model.shown == sum(p % 3 == 1 and "12" in str(p) for p in range(100_000))
    model.remove(document)
    document.close()


# --- order


@pytest.mark.parametrize(
    ("column", "key"),
    [
        (Column.NUMBER, lambda p: p),
        (Column.METHOD, lambda p: METHODS[p % 3]),
        (Column.STATUS, lambda p: STATUSES[p % 3]),
        (Column.DURATION, lambda p: 1000 - p),
        (Column.MODEL, lambda p: p % 5),
        (Column.TOKENS, lambda p: 0),
    ],
)
def test_an_order(qtbot: QtBot, model: InteractionModel, column: Column, key: Callable[[int], int]) -> None:
    document = add(model, 20)
    model.sort(column, Qt.SortOrder.AscendingOrder)
    settle(qtbot, model)
    assert lines(model) == [None, *sorted(range(20), key=key)]
    model.sort(column, Qt.SortOrder.DescendingOrder)
    settle(qtbot, model)
    assert lines(model) == [None, *sorted(range(20), key=key, reverse=True)]
    assert all(
        model.line_of(document, place.position) == line
        for line in range(1, 21)
        if (place := model.place(line))
    )
    model.set_filter("status:404")
    settle(qtbot, model)
    assert lines(model) == [None, *sorted(range(1, 20, 3), key=key, reverse=True)]
    document.edit(Delete(0))
    settle(qtbot, model)
    assert len(lines(model)) == 8
    model.set_filter("")
    model.sort(Column.NUMBER)
    assert lines(model) == [None, *range(19)]
