"""A document: every edit is one step of undo, says what happened, and leaves the rest alone."""

from __future__ import annotations

import gc
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from weakref import ref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.document.cassettes import cassette, cassette_of, entry, text_of
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import Edit, SetBodyText, SetEntryText, SetMethod, SetStatus, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError, Kind, ParseError, SaveError
from viewer.cassette.pieces import Exchange, Patch, Piece, PieceKind, Splice
from viewer.cassette.source import source_of
from viewer.cassette.storage import ChangedOnDiskError
from viewer.document.document import CassetteDocument
from viewer.document.row_changes import RowChange

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """Notes a document's signals in the order they come."""

    def __init__(self, document: CassetteDocument) -> None:
        self.events: list[tuple[str, object]] = []
        document.about_to_change.connect(lambda edit: self.events.append(("about_to_change", edit)))
        document.changed.connect(lambda edit: self.events.append(("changed", edit)))
        document.rows_changed.connect(lambda rows: self.events.append(("rows_changed", rows)))
        document.rows_reset.connect(lambda: self.events.append(("rows_reset", None)))
        document.saved.connect(lambda: self.events.append(("saved", None)))
        document.modified_changed.connect(lambda modified: self.events.append(("modified", modified)))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]


@dataclass(frozen=True)
class Typing:
    """An edit that types into the URL, merged with the one before it."""

    position: int
    value: str
    label = "Typing"

    @property
    def merge_key(self) -> Hashable:
        return ("url", self.position)

    def reach(self, cassette: Cassette) -> int:
        return 0

    def exchange(self, cassette: Cassette) -> Exchange:
        return SetUrl(self.position, self.value).exchange(cassette)


@dataclass(frozen=True)
class Delete:
    """An edit that takes interactions out."""

    position: int
    count: int = 1
    label = "Delete"

    def reach(self, cassette: Cassette) -> int:
        return 0

    def exchange(self, cassette: Cassette) -> Exchange:
        at = cassette.pieces.entries()[self.position]
        removed = tuple(cassette.pieces.piece(at + number) for number in range(self.count))
        return Exchange((Splice(at, removed, ()),))


@dataclass(frozen=True)
class Insert:
    """An edit that puts an interaction in."""

    position: int
    text: str
    label = "Insert"

    def reach(self, cassette: Cassette) -> int:
        return 0

    def exchange(self, cassette: Cassette) -> Exchange:
        entries = cassette.pieces.entries()
        at = entries[self.position] if self.position < len(entries) else entries[-1] + 1
        return Exchange((Splice(at, (), (Piece(PieceKind.ENTRY, self.text.encode()),)),))


@dataclass(frozen=True)
class Unpatched:
    """An edit that replaces a text by the same."""

    position: int = 0
    label = "Nothing"

    def reach(self, cassette: Cassette) -> int:
        return 0

    def exchange(self, cassette: Cassette) -> Exchange:
        return Exchange((Patch(cassette.pieces.entries()[0], 0, " ", " "),))


@pytest.fixture
def document() -> CassetteDocument:
    return CassetteDocument(cassette(4))


def test_an_edit_is_told_before_and_after(document: CassetteDocument) -> None:
    heard = Heard(document)
    edit = SetMethod(1, "DELETE")
    assert document.edit(edit)
    assert heard.events == [
        ("about_to_change", edit),
        ("changed", edit),
        ("modified", True),
    ]
    request = document.interaction(1).request
    assert request is not None
    assert request.method == "DELETE"
    assert document.summary(1).method == "DELETE"


def test_undo_and_redo_tell_the_same_edit(document: CassetteDocument) -> None:
    before = document.cassette.to_bytes()
    edit = SetStatus(2, 429)
    document.edit(edit)
    after = document.cassette.to_bytes()
    heard = Heard(document)
    document.undo_stack.undo()
    assert document.cassette.to_bytes() == before
    document.undo_stack.redo()
    assert document.cassette.to_bytes() == after
    assert [event for event in heard.events if event[0] == "changed"] == [("changed", edit)] * 2
    assert document.undo_stack.undoText() == "Change Status"


@pytest.mark.parametrize("edit", [SetMethod(0, "GET"), Unpatched()])
def test_an_edit_without_effect_pushes_nothing(document: CassetteDocument, edit: Edit) -> None:
    assert not document.edit(edit)
    assert document.undo_stack.count() == 0
    assert not document.is_modified


def test_a_refused_edit_leaves_everything(document: CassetteDocument) -> None:
    heard = Heard(document)
    before = document.cassette.to_bytes()
    with pytest.raises(EditError):
        document.edit(SetStatus(0, 7))
    with pytest.raises(EditError):
        document.edit(SetEntryText(0, "    - {"))
    assert document.cassette.to_bytes() == before
    assert document.undo_stack.count() == 0
    assert heard.events == []


def test_an_edit_of_a_malformed_entry_is_refused_in_the_same_way() -> None:
    """An edit asks for the entry's tree, which raises ParseError; callers catch EditError alone."""
    document = CassetteDocument(cassette_of(f"{text_of(1)}{entry(1, method='[')}"))
    with pytest.raises(EditError) as caught:
        document.edit(SetMethod(1, "PUT"))
    assert caught.value.line


def test_typing_in_one_field_is_one_step(document: CassetteDocument) -> None:
    before = document.cassette.to_bytes()
    for url in ("https://a/", "https://ab/", "https://abc/"):
        document.edit(Typing(0, url))
    document.edit(Typing(1, "https://x/"))
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.cassette.to_bytes() == before
    document.undo_stack.redo()
    assert document.summary(0).url == "https://abc/"


def test_other_edits_do_not_merge(document: CassetteDocument) -> None:
    document.edit(SetUrl(0, "https://a/"))
    document.edit(SetUrl(0, "https://b/"))
    assert document.undo_stack.count() == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.builds(SetMethod, st.integers(0, 3), st.sampled_from(["GET", "PUT", "PATCH"])),
            st.builds(SetStatus, st.integers(0, 3), st.integers(100, 599)),
            st.builds(SetBodyText, st.integers(0, 3), st.sampled_from(list(Side)), st.text(max_size=20)),
        ),
        max_size=8,
    ),
    st.lists(st.booleans(), max_size=30),
)
def test_any_way_through_the_stack_gives_the_bytes_of_its_place(edits: list[Edit], way: list[bool]) -> None:
    document = CassetteDocument(cassette(4))
    states = [document.cassette.to_bytes()]
    for edit in edits:
        try:
            changed = document.edit(edit)
        except EditError:
            continue
        if changed:
            states.append(document.cassette.to_bytes())
    stack = document.undo_stack
    assert stack.count() == len(states) - 1
    for forward in way:
        if forward:
            stack.redo()
        else:
            stack.undo()
        assert document.cassette.to_bytes() == states[stack.index()]
    document.close()


def test_a_closed_document_is_freed_at_once() -> None:
    """Qt's stack held its commands, and they the document, in a circle that no collector could see."""
    document = CassetteDocument(cassette(2))
    document.edit(SetMethod(0, "PATCH"))
    document.summary(1)
    freed = ref(document)
    document.close()
    gc.disable()
    try:
        del document
        assert freed() is None
    finally:
        gc.enable()


# --- rows that come and go


def test_deleting_and_undoing_move_the_rows(document: CassetteDocument) -> None:
    urls = [document.summary(position).url for position in range(4)]
    heard = Heard(document)
    document.edit(Delete(1, 2))
    assert ("rows_changed", (RowChange(1, 2, 0),)) in heard.events
    assert heard.names.index("rows_changed") < heard.names.index("changed")
    assert [document.summary(position).url for position in range(2)] == [urls[0], urls[3]]
    document.undo_stack.undo()
    assert ("rows_changed", (RowChange(1, 0, 2),)) in heard.events
    assert [document.summary(position).url for position in range(4)] == urls
    assert [document.summary(position).position for position in range(4)] == [0, 1, 2, 3]


def test_an_inserted_row_stands_where_it_was_put(document: CassetteDocument) -> None:
    heard = Heard(document)
    document.edit(Insert(4, entry(9)))
    assert ("rows_changed", (RowChange(4, 0, 1),)) in heard.events
    assert document.summary(4).path == "/v1/things/9"


def test_what_is_known_of_a_row_follows_it_until_it_is_read_again(document: CassetteDocument) -> None:
    document.summary(3)
    document.edit(Delete(0))
    known = document.summaries.peek(2)
    assert known is not None
    assert (known.position, known.path) == (2, "/v1/things/3")


# --- saving


def test_saving_marks_clean_and_undo_marks_modified(tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    path.write_text(text_of(2))
    document = CassetteDocument(Cassette.open(path))
    heard = Heard(document)
    document.edit(SetMethod(0, "PATCH"))
    document.save()
    assert path.read_bytes() == document.cassette.to_bytes()
    assert not document.is_modified
    document.undo_stack.undo()
    assert document.is_modified
    assert heard.names == [
        "about_to_change",
        "changed",
        "modified",
        "modified",
        "saved",
        "about_to_change",
        "changed",
        "modified",
    ]
    document.save()
    assert path.read_text() == text_of(2)


def test_saving_elsewhere_moves_the_document(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(text_of(1))
    document = CassetteDocument(Cassette.open(old))
    document.edit(SetMethod(0, "PATCH"))
    document.save(new)
    assert document.path == new
    assert old.read_text() == text_of(1)
    document.edit(SetMethod(0, "PUT"))
    document.save()
    assert b"method: PUT" in new.read_bytes()


def test_a_file_changed_by_somebody_else_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    path.write_text(text_of(1))
    document = CassetteDocument(Cassette.open(path))
    document.edit(SetMethod(0, "PATCH"))
    path.write_text("recorded again\n")
    with pytest.raises(ChangedOnDiskError):
        document.save()
    assert path.read_text() == "recorded again\n"
    assert document.is_modified
    document.save(overwrite=True)
    assert b"method: PATCH" in path.read_bytes()


def test_a_document_without_a_file_says_so(document: CassetteDocument) -> None:
    with pytest.raises(SaveError):
        document.save()


# --- entries that do not parse


def test_a_malformed_entry_is_a_note_with_its_line() -> None:
    document = CassetteDocument(cassette_of(f"{text_of(2)}{entry(2, method='[')}"))
    interaction = document.interaction(2)
    assert interaction.kind is Kind.OTHER
    assert "line" in interaction.note
    assert document.summary(2).is_error
    assert document.summary(2).note.startswith("line ")
    assert document.summary(0).method == "GET"


# A quoted scalar whose line looks like the next entry: only the whole file's events can tell.
_FALSE_MARKER = entry(1).replace("body of 1", '"a\n\n    - id: no entry"')


def test_a_wrong_split_is_found_out_and_the_rows_told(qtbot: QtBot) -> None:
    document = CassetteDocument(cassette_of(f"{text_of(1)}{_FALSE_MARKER}{entry(2)}"))
    assert len(document) == 4
    heard = Heard(document)
    interaction = document.interaction(1)
    qtbot.waitUntil(lambda: len(document) == 3)
    assert heard.events == [("rows_reset", None), ("changed", None)]
    assert interaction.response is not None
    assert interaction.response.body.text == "a\n- id: no entry"


def test_a_large_file_is_walked_in_the_background(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.document.document._WALKED_AT_ONCE", 0)
    document = CassetteDocument(cassette_of(f"{text_of(1)}{_FALSE_MARKER}{entry(2)}"))
    with qtbot.waitSignal(document.rows_reset):
        assert document.interaction(1).kind is Kind.OTHER
    assert len(document) == 3
    assert document.summary(2).path == "/v1/things/2"


def test_undo_survives_a_new_split_behind_it(qtbot: QtBot) -> None:
    document = CassetteDocument(cassette_of(f"{text_of(1)}{_FALSE_MARKER}{entry(2)}"))
    before = document.cassette.to_bytes()
    document.edit(SetMethod(0, "PATCH"))
    document.interaction(1)
    qtbot.waitUntil(lambda: len(document) == 3)
    document.undo_stack.undo()
    assert document.cassette.to_bytes() == before


def test_undo_that_no_longer_fits_is_dropped_but_not_the_edit(qtbot: QtBot) -> None:
    document = CassetteDocument(cassette_of(f"{text_of(1)}{_FALSE_MARKER}{entry(2)}"))
    document.edit(SetMethod(3, "PATCH"))
    assert len(document) == 4
    document.interaction(1)
    assert len(document) == 3
    assert document.undo_stack.count() == 0
    assert document.is_modified
    assert b"PATCH" in document.cassette.to_bytes()
    assert document.summary(2).method == "PATCH"


def test_what_a_worker_could_not_read_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken entry of 128 MB of JSON was read a second time in the interface's thread: five seconds."""
    good = b'{"request": {"method": "GET", "uri": "/"},\n "response": '
    deep = good + b"[" * 3000 + b"]" * 3000 + b"}"
    data = b'{"interactions": [\n' + good + b'{"status": {"code": 200}}},\n' + deep + b"]}"
    document = CassetteDocument(Cassette.of(source_of(data)))
    with pytest.raises(ParseError) as caught:
        document.cassette.reader(1)()
    monkeypatch.setattr(Cassette, "interaction", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(Cassette, "reader", lambda *_: pytest.fail("read again"))
    found = document.misread(1, caught.value)
    assert found.kind is Kind.OTHER
    assert found.note.startswith("line 5: ")
    document.close()
