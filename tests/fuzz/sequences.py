"""Sequences of edits, undos, redos, saves, reloads and crashes on cassettes of every format that can be written.

Hypothesis chooses the steps. After each the cassette is held against a model (the bytes of every state that undo
and redo can reach), against itself opened anew, and against a reader that shares no code with the program.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.cassette.formats.independent import Expected, read
from tests.cassette.formats.test_corpus import compare
from tests.fuzz.cassette_files import Shown, shown
from tests.fuzz.samples import READERS, samples
from tests.fuzz.target import ensure
from tests.fuzz.texts import PIECES
from viewer.cassette.cassette import Cassette
from viewer.cassette.conversion import converted
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetEntryText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.journal import CarriedOut, Journal, baseline_of, digest_of
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError, Interaction, Request, Response
from viewer.cassette.pieces import Exchange
from viewer.cassette.rebuild import rebuild
from viewer.cassette.row_record import RowRecord
from viewer.cassette.source import source_of
from viewer.cassette.structure import (
    DeleteInteractions,
    DuplicateInteraction,
    InsertInteraction,
    MoveInteraction,
    texts_of,
)
from viewer.document.document import CassetteDocument

# By short names, which Hypothesis prints.
_SAMPLES = {
    f"{name}, {number}": (name, data)
    for name, texts in samples().items()
    for number, data in enumerate(texts)
}
_WHOLE = [piece for piece in PIECES if not any("\ud800" <= character <= "\udfff" for character in piece)]
TEXTS = st.lists(st.sampled_from(_WHOLE), max_size=4).map("".join) | st.text(max_size=12)
WORDS = st.sampled_from(
    ["a", "X-New", "Content-Type", "Set-Cookie", "x", "1", "~", "yes", "é", "a b", "a:", "#"]
)
POSITIONS = st.integers(0, 5)
SIDES = st.sampled_from(list(Side))


class CassetteMachine(RuleBasedStateMachine):
    """One document that steps are made on, on a file of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="sequences-")
        self.path = Path(self._folder.name) / "cassette"
        self.steps = 0
        # The state, if there is one, whose interactions are whatever was typed.
        self.odd = -1

    @initialize(sample=st.sampled_from(list(_SAMPLES)))
    def start(self, sample: str) -> None:
        self.format, data = _SAMPLES[sample]
        self.path.write_bytes(data)
        self._open()

    def _open(self) -> None:
        self.document = CassetteDocument(Cassette.open(self.path))
        ensure(self.document.cassette.format.name == self.format, "the format stays", self.format)
        ensure(self.cassette.to_bytes() == self.path.read_bytes(), "an unedited file keeps its bytes")
        self.document.carried_out.connect(self._note)
        self._forget()

    def _forget(self) -> None:
        """What was done before cannot be undone any more."""
        self.states = [self.cassette.to_bytes()]
        self._begin_journal()

    def _begin_journal(self) -> None:
        row = RowRecord.of(self.cassette.pieces)
        digest = digest_of([self.cassette.pieces.whole()])
        self._baseline = baseline_of(self.cassette, state=None, program="", digest=digest, row=row)
        self._changes: list[CarriedOut] = []
        self._layout = self.cassette.layout

    def _note(self, edit: Edit, exchange: Exchange) -> None:
        self._changes.append(CarriedOut.of(edit.label, edit.position, exchange))

    @property
    def cassette(self) -> Cassette:
        return self.document.cassette

    def teardown(self) -> None:
        if hasattr(self, "document"):
            while self.document.undo_stack.canUndo():
                self.document.undo()
            ensure(self.cassette.to_bytes() == self.states[0], "undoing everything gives the original")
            self.document.close()
        self._folder.cleanup()

    # --- steps

    def _edit(self, edit: Edit) -> bool:
        """Makes an edit; False where it was refused or changed nothing."""
        self.steps += 1
        before = self.cassette.to_bytes()
        index = self.document.undo_stack.index()
        try:
            is_done = self.document.edit(edit)
        except EditError as err:
            note(f"refused: {err}")
            ensure(self.cassette.to_bytes() == before, "a refused edit changes nothing", edit)
            is_done = False
        if self.document.undo_stack.index() == index + is_done and len(self.states) > index:
            if is_done:
                self.states[index + 1 :] = [self.cassette.to_bytes()]
                self.odd = -1
        else:
            self._forget()  # The rows were found anew.
        return is_done

    def _edit_one(self, edit: Edit) -> Interaction | None:
        """Makes an edit of one interaction, which has to leave the others alone."""
        assume(edit.position < len(self.cassette))
        count = len(self.cassette)
        before = shown(self.cassette)
        if not self._edit(edit) or len(self.cassette) != count:
            return None
        after = shown(self.cassette)
        before[edit.position] = after[edit.position]
        ensure(after == before, "an edit changes one interaction alone", edit)
        return self.cassette.interaction(edit.position)

    @rule(position=POSITIONS, value=st.sampled_from(["GET", "post", "PATCH", "é", "1", "null", "a b"]))
    def set_method(self, position: int, value: str) -> None:
        found = self._edit_one(SetMethod(position, value))
        ensure(not found or _request(found).method == value.upper(), "the method is the new one", found)

    @rule(position=POSITIONS, value=TEXTS)
    def set_url(self, position: int, value: str) -> None:
        found = self._edit_one(SetUrl(position, value))
        ensure(not found or _request(found).url == value, "the URL is the new one", value, found)

    @rule(position=POSITIONS, code=st.integers(90, 1000), reason=st.none() | TEXTS)
    def set_status(self, position: int, code: int, reason: str | None) -> None:
        found = self._edit_one(SetStatus(position, code, reason))
        ensure(not found or _response(found).status == code, "the status is the new one", found)

    @rule(position=POSITIONS, side=SIDES, name=WORDS | TEXTS, value=TEXTS)
    def add_header(self, position: int, side: Side, name: str, value: str) -> None:
        found = self._edit_one(AddHeader(position, side, name, value))
        if found:
            pairs = [(header.name.lower(), header.value) for header in _message(found, side).headers]
            ensure((name.lower(), value) in pairs, "the header is there", name, value, pairs)

    @rule(position=POSITIONS, side=SIDES, index=st.integers(0, 6), name=WORDS | TEXTS, value=TEXTS)
    def set_header(self, position: int, side: Side, index: int, name: str, value: str) -> None:
        found = self._edit_one(SetHeader(position, side, index, name, value))
        if found:
            pairs = [(header.name.lower(), header.value) for header in _message(found, side).headers]
            ensure((name.lower(), value) in pairs, "the header is there", name, value, pairs)

    @rule(position=POSITIONS, side=SIDES, index=st.integers(0, 6))
    def remove_header(self, position: int, side: Side, index: int) -> None:
        count = self._headers(position, side)
        found = self._edit_one(RemoveHeader(position, side, index))
        ensure(not found or len(_message(found, side).headers) == count - 1, "one header went", found)

    def _headers(self, position: int, side: Side) -> int:
        if position >= len(self.cassette):
            return 0
        interaction = self.cassette.interaction(position)
        message = interaction.request if side is Side.REQUEST else interaction.response
        return len(message.headers) if message else 0

    @rule(position=POSITIONS, side=SIDES, text=TEXTS, keep=st.booleans())
    def set_body_text(self, position: int, side: Side, text: str, keep: bool) -> None:
        assume(not text.startswith("\ufeff"))
        found = self._edit_one(SetBodyText(position, side, text, keep))
        if found and self.format != "pydantic-ai":
            body = _message(found, side).body
            ensure(body.text == text or body.is_binary, "the text is the new one", text, body)

    @rule(
        position=POSITIONS,
        side=SIDES,
        value=st.dictionaries(
            st.sampled_from("abc"), st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
        ),
    )
    def set_body_json(self, position: int, side: Side, value: Any) -> None:
        found = self._edit_one(SetBodyText(position, side, json.dumps(value)))
        if found:
            text = _message(found, side).body.text
            ensure(text is not None and json.loads(text) == value, "the JSON is the new one", value, text)

    @rule(position=POSITIONS, side=SIDES, content=st.binary(max_size=12))
    def set_body_content(self, position: int, side: Side, content: bytes) -> None:
        self._edit_one(SetBodyContent(position, side, content))

    @rule(position=POSITIONS, at=st.integers(0, 400), typed=TEXTS, gone=st.integers(0, 5))
    def type_in_the_entry(self, position: int, at: int, typed: str, gone: int) -> None:
        assume(position < len(self.cassette))
        text = self.cassette.entry_text(position)
        at %= len(text) + 1
        if self._edit(SetEntryText(position, text[:at] + typed + text[at + gone :])):
            # It may be anything now that the file's language allows.
            ensure(loads(self.cassette), "an entry's new text can be loaded", typed)
            self.odd = self.document.undo_stack.index()
            self.document.undo()

    @rule(positions=st.sets(POSITIONS, min_size=1, max_size=3))
    def delete(self, positions: set[int]) -> None:
        before = shown(self.cassette)
        if self._edit(DeleteInteractions(tuple(sorted(positions)))):
            kept = [values for position, values in enumerate(before) if position not in positions]
            ensure(_without_ids(shown(self.cassette)) == _without_ids(kept), "the others stay", positions)

    @rule(position=POSITIONS)
    def duplicate(self, position: int) -> None:
        before = shown(self.cassette)
        if self._edit(DuplicateInteraction(position)):
            before.insert(position, before[position])
            ensure(_without_ids(shown(self.cassette)) == _without_ids(before), "there is a copy", position)

    @rule(position=POSITIONS, to=POSITIONS)
    def move(self, position: int, to: int) -> None:
        before = shown(self.cassette)
        if self._edit(MoveInteraction(position, to)):
            before.insert(to, before.pop(position))
            ensure(_without_ids(shown(self.cassette)) == _without_ids(before), "the order is the new one", to)

    @rule(at=POSITIONS, sample=st.sampled_from(list(_SAMPLES)), position=st.integers(0, 2))
    def insert(self, at: int, sample: str, position: int) -> None:
        """From another cassette, whatever its format."""
        assume(at <= len(self.cassette) < 8)
        format_, data = _SAMPLES[sample]
        other = Cassette.of(source_of(data))
        interaction = other.interaction(position)
        try:
            texts = (
                texts_of(other, position)
                if format_ == self.format and len(self.cassette) == 0
                else converted(interaction, self.cassette)
            )
        except EditError as err:
            note(f"refused: {err}")
            return
        if self._edit(InsertInteraction(at, texts)):
            request = _request(self.cassette.interaction(at))
            wanted = _request(interaction)
            ensure((request.method, request.url) == (wanted.method, wanted.url), "it is the same", request)

    @rule()
    def undo(self) -> None:
        self.document.undo()

    @rule(count=st.integers(1, 20))
    def undo_some(self, count: int) -> None:
        for _ in range(count):
            self.document.undo()

    @precondition(lambda self: self.document.undo_stack.index() + 1 != self.odd)
    @rule()
    def redo(self) -> None:
        self.document.redo()

    @rule()
    def save(self) -> None:
        self.document.save()
        ensure(self.path.read_bytes() == self.cassette.to_bytes(), "the file holds what was saved")
        ensure(not self.document.is_modified, "what is saved is not modified")
        self._begin_journal()

    @rule()
    def reload(self) -> None:
        """Opens the file again, as it was saved last."""
        self.document.close()
        self._open()

    @precondition(lambda self: self._layout is self.cassette.layout)
    @rule()
    def crash(self) -> None:
        """What a journal of all exchanges since the last save makes of the file."""
        journal = Journal(self._baseline, tuple(self._changes), self._baseline.digest)
        rebuilt = rebuild(journal)
        ensure(rebuilt.is_same_file, "the journal knows its file")
        ensure(
            rebuilt.cassette.to_bytes() == self.cassette.to_bytes(), "a journal gives back what was edited"
        )

    # --- what always holds

    @invariant()
    def is_the_state_of_its_place(self) -> None:
        index = self.document.undo_stack.index()
        ensure(self.cassette.to_bytes() == self.states[index], "every way to a state gives its bytes", index)

    @invariant()
    def opens_anew_as_it_is_shown(self) -> None:
        again = Cassette.of(source_of(self.cassette.to_bytes()), format_=self.cassette.format)
        ensure(shown(again) == shown(self.cassette), "the saved file shows what the window shows")

    @invariant()
    def others_read_what_is_shown(self) -> None:
        compare(self.cassette, expected(self.cassette.to_bytes(), READERS[self.format]), self.path)


def loads(cassette: Cassette) -> bool:
    """Whether PyYAML or json takes the file as it stands."""
    text = cassette.pieces.whole().decode("utf-8")
    if cassette.layout.syntax is Syntax.JSON:
        json.loads(text)
    else:
        yaml.compose(text, Loader=yaml.CSafeLoader)
    return True


def expected(data: bytes, reader: str) -> list[Expected | None]:
    """What the independent reader finds."""
    try:
        return read(data, reader)
    except json.JSONDecodeError:
        return read(b"---\n" + data, reader)  # YAML in flow style


def _without_ids(values: list[Shown]) -> list[tuple[object, object]]:
    return [(kind, messages) for kind, messages, *_ in values]


def _request(interaction: Interaction) -> Request:
    assert interaction.request is not None
    return interaction.request


def _response(interaction: Interaction) -> Response:
    assert interaction.response is not None
    return interaction.response


def _message(interaction: Interaction, side: Side) -> Request | Response:
    return _request(interaction) if side is Side.REQUEST else _response(interaction)


SETTINGS = settings(
    deadline=None, suppress_health_check=list(HealthCheck), stateful_step_count=15, database=None
)
