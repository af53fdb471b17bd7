"""The recovery journal: written, read, cut short, damaged, carried out again."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import Edit, SetBodyText, SetEntryText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.journal import (
    VERSION,
    CarriedOut,
    JournalError,
    JournalVersionError,
    Replacing,
    Walked,
    baseline_of,
    digest_of,
    frame,
    parse_journal,
    title,
)
from viewer.cassette.journal_file import JournalWriter, Orphan, orphans
from viewer.cassette.pieces import Exchange, Patch, Piece, PieceKind, Splice
from viewer.cassette.rebuild import rebuild
from viewer.cassette.row_record import RowRecord
from viewer.cassette.storage import save, state_of
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(GO_VCR_V2)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recovery"


class Journalled:
    """A cassette with a journal, as a document keeps it."""

    def __init__(self, path: Path, folder: Path, *, row: bool = False) -> None:
        self.cassette = Cassette.open(path)
        self.folder = folder
        self.begin(row=row)

    def begin(self, *, row: bool) -> None:
        self.writer = JournalWriter(
            self.folder,
            baseline_of(
                self.cassette,
                state=self.cassette.source.state,
                program="test",
                digest=digest_of(self.cassette.pieces.chunks()),
                row=RowRecord.of(self.cassette.pieces) if row else None,
            ),
        )

    def edit(self, edit: Edit) -> Exchange:
        exchange = edit.exchange(self.cassette)
        self.carry_out(edit, exchange)
        return exchange

    def carry_out(self, edit: Edit, exchange: Exchange) -> None:
        self.cassette.apply(exchange)
        self.writer.append(CarriedOut.of(edit.label, edit.position, exchange))

    @property
    def journal(self) -> Path:
        assert self.writer.path is not None
        return self.writer.path


@pytest.fixture
def journalled(file: Path, folder: Path) -> Journalled:
    return Journalled(file, folder)


def only_orphan(folder: Path) -> Orphan:
    (orphan,) = orphans(folder)
    return orphan


def test_what_was_edited_is_rebuilt(journalled: Journalled, file: Path, folder: Path) -> None:
    journalled.edit(SetUrl(0, "https://elsewhere/é\U0001f600"))
    journalled.edit(DuplicateInteraction(0))
    exchange = journalled.edit(DeleteInteractions((2,)))
    journalled.carry_out(DeleteInteractions((2,)), exchange.inverse())
    journalled.writer.sync()
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    journal = orphan.read()
    assert (journal.cassette_path, journal.count, journal.is_damaged) == (file, 4, False)
    rebuilt = rebuild(journal)
    assert rebuilt.is_same_file
    assert rebuilt.cassette.to_bytes() == journalled.cassette.to_bytes()
    orphan.remove()
    assert list(folder.iterdir()) == []


def test_a_journal_is_private(journalled: Journalled) -> None:
    journalled.edit(SetUrl(0, "https://secret/"))
    assert stat.S_IMODE(journalled.journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journalled.folder.stat().st_mode) == 0o700
    journalled.writer.abandon()


def test_a_journal_whose_program_lives_is_no_orphan(journalled: Journalled, folder: Path) -> None:
    journalled.edit(SetUrl(0, "x:/"))
    # Locks belong to an open file, so another one here stands for another program.
    assert list(orphans(folder)) == []
    journalled.writer.abandon()
    held = only_orphan(folder)
    assert list(orphans(folder)) == [], "whoever offers it has it alone"
    held.release()
    only_orphan(folder).release()


def test_a_program_that_dies_lets_its_journal_go(file: Path, folder: Path) -> None:
    script = f"""
import os
from pathlib import Path
from tests.cassette.test_journal import Journalled, SetUrl
journalled = Journalled(Path({str(file)!r}), Path({str(folder)!r}))
journalled.edit(SetUrl(1, "https://changed/"))
os._exit(3)
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=False)
    assert done.returncode == 3
    orphan = only_orphan(folder)
    interaction = rebuild(orphan.read()).cassette.interaction(1)
    assert interaction.request is not None
    assert interaction.request.url == "https://changed/"
    orphan.release()


def test_a_removed_journal_takes_no_more(journalled: Journalled, folder: Path) -> None:
    journalled.edit(SetUrl(0, "x:/"))
    journalled.writer.remove()
    journalled.writer.append(Walked())
    journalled.writer.sync()
    assert list(folder.iterdir()) == []


def test_every_cut_gives_the_records_before_it(journalled: Journalled) -> None:
    journalled.writer.flush()
    beginning = journalled.journal.stat().st_size
    journalled.edit(SetUrl(0, "https://one/"))
    first = journalled.journal.stat().st_size
    journalled.edit(SetUrl(0, "https://two/"))
    data = journalled.journal.read_bytes()
    journalled.writer.abandon()
    for cut in range(len(data)):
        if cut < beginning:
            with pytest.raises(JournalError, match="beginning"):
                parse_journal(data[:cut])
            continue
        journal = parse_journal(data[:cut])
        assert journal.count == (1 if cut >= first else 0)
        assert not journal.is_damaged
    assert parse_journal(data).count == 2


@settings(max_examples=200)
@given(at=st.integers(0, 1 << 20), flip=st.integers(1, 255))
def test_a_damaged_byte_is_noticed(at: int, flip: int) -> None:
    data = bytearray(SAMPLE)
    at %= len(data)
    data[at] ^= flip
    try:
        journal = parse_journal(bytes(data))
    except JournalError:
        return
    whole = parse_journal(SAMPLE)
    assert journal.changes == whole.changes[: len(journal.changes)]
    assert len(journal.changes) < len(whole.changes)


def test_blocks_that_never_reached_the_disk_are_an_end() -> None:
    journal = parse_journal(SAMPLE + bytes(4096))
    assert journal.changes == parse_journal(SAMPLE).changes
    assert not journal.is_damaged


def test_records_behind_a_damaged_one_are_told_to_be_missing() -> None:
    data = bytearray(SAMPLE)
    data[len(SAMPLE) - len(RECORDS[-1]) - 1] ^= 1
    journal = parse_journal(bytes(data))
    assert len(journal.changes) == len(RECORDS) - 2
    assert journal.is_damaged


def test_a_record_whose_text_is_no_utf8_is_a_damaged_one() -> None:
    """Its checksum may be right all the same; it raised UnicodeDecodeError."""
    record = frame(CarriedOut("Change URL", 0, ()))[8:].replace(b"URL", b"U\xffL")
    journal = parse_journal(SAMPLE + struct.pack("<II", len(record), zlib.crc32(record)) + record + bytes(9))
    assert journal.changes == parse_journal(SAMPLE).changes


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"", JournalError, "beginning"),
        (b"something else\n", JournalError, "no recovery journal"),
        (title(), JournalError, "beginning"),
        (title() + frame(Walked()), JournalError, "beginning"),
        (title(VERSION + 1) + b"whatever", JournalVersionError, f"version {VERSION + 1}"),
        (title()[:-1] + b"x\n", JournalError, "no recovery journal"),
    ],
)
def test_what_is_no_journal_is_refused_and_kept(
    folder: Path, data: bytes, kind: type[JournalError], said: str
) -> None:
    folder.mkdir(parents=True)
    path = folder / "x.journal"
    path.write_bytes(data)
    orphan = only_orphan(folder)
    with pytest.raises(kind, match=said) as caught:
        orphan.read()
    assert caught.value.path == path
    orphan.release()
    assert path.read_bytes() == data


def test_a_file_that_changed_meanwhile_is_told_and_may_still_fit(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    journalled.edit(SetUrl(1, "https://changed/"))
    journalled.writer.abandon()
    file.write_text(GO_VCR_V2.replace("duration: 1.5s", "duration: 1.75s"))
    orphan = only_orphan(folder)
    rebuilt = rebuild(orphan.read())
    assert not rebuilt.is_same_file
    expected = file.read_bytes().replace(b"https://api.example.com/v1/models", b"https://changed/")
    assert rebuilt.cassette.to_bytes() == expected
    orphan.release()


@pytest.mark.parametrize(
    "theirs",
    [
        GO_VCR_V2.replace("/v1/models", "/v2/models"),
        GO_VCR_V2.replace("    - id: 1\n", "    - id: 1\n      note: x\n"),
        GO_VCR_V2[: GO_VCR_V2.index("    - id: 1")],
    ],
    ids=["another text there", "moved", "gone"],
)
def test_changes_that_do_not_fit_are_refused(
    journalled: Journalled, file: Path, folder: Path, theirs: str
) -> None:
    journalled.edit(SetUrl(1, "https://changed/"))
    journalled.writer.abandon()
    file.write_text(theirs)
    orphan = only_orphan(folder)
    with pytest.raises(JournalError, match="do not fit"):
        rebuild(orphan.read())
    assert file.read_text() == theirs
    orphan.release()


def test_an_insertion_into_another_file_has_to_leave_an_entry(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    """Nothing tells that an insertion stands right but what comes of it."""
    text = journalled.cassette.entry_text(1)
    at = text.index("abc")
    journalled.carry_out(SetUrl(1, ""), Exchange((Patch(2, at, "", "x: {"),)))
    journalled.writer.abandon()
    file.write_text(GO_VCR_V2.replace("body: abc", "'body': abc"))
    orphan = only_orphan(folder)
    with pytest.raises(JournalError, match="do not fit"):
        rebuild(orphan.read())
    orphan.release()


def test_a_row_that_opening_would_not_find_is_in_the_journal(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    """A text with an entry's marker in it is one piece while it is edited, and two once the file is opened."""
    text = journalled.cassette.entry_text(1)
    journalled.edit(SetEntryText(1, text.replace("body: abc", 'body: "a\n    - id: 7"')))
    save(journalled.cassette.chunks(), file)
    journalled.writer.remove()
    assert len(Cassette.open(file).pieces) == len(journalled.cassette.pieces) + 1
    journalled.begin(row=True)
    journalled.edit(SetBodyText(1, Side.RESPONSE, "changed"))
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert rebuild(orphan.read()).cassette.to_bytes() == journalled.cassette.to_bytes()
    orphan.release()


def test_rows_found_again_are_found_again(file: Path, folder: Path) -> None:
    marked = GO_VCR_V2.replace("body: abc", 'body: "a\n    - id: 7"')
    file.write_text(marked)
    journalled = Journalled(file, folder)
    assert len(journalled.cassette) == 3
    journalled.edit(SetUrl(0, "https://first/"))
    journalled.cassette.walk()
    journalled.writer.append(Walked())
    assert len(journalled.cassette) == 2
    journalled.edit(SetBodyText(1, Side.RESPONSE, "changed"))
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert rebuild(orphan.read()).cassette.to_bytes() == journalled.cassette.to_bytes()
    orphan.release()


def test_a_save_that_was_done_before_the_program_died_is_known(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    journalled.edit(SetUrl(0, "https://changed/"))
    save(
        journalled.cassette.chunks(),
        file,
        about_to_replace=lambda state: journalled.writer.append(Replacing(os.fsencode(file), state)),
    )
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert orphan.read().is_saved()
    orphan.release()
    file.write_text(GO_VCR_V2)
    assert not orphan.read().is_saved()


def test_a_save_is_known_when_the_machine_has_started_anew(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    """The same disk may have another number then."""
    journalled.edit(SetUrl(0, "https://changed/"))
    state = state_of(file)
    assert state is not None
    journalled.writer.append(Replacing(os.fsencode(file), msgspec.structs.replace(state, device=77)))
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert orphan.read().is_saved()
    orphan.release()


def test_a_save_that_was_not_done_is_not_taken_for_one(
    journalled: Journalled, file: Path, folder: Path
) -> None:
    journalled.edit(SetUrl(0, "https://changed/"))
    state = state_of(file)
    assert state is not None
    journalled.writer.append(Replacing(os.fsencode(file), type(state)(state.device, state.inode + 1, 1, 1)))
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert not orphan.read().is_saved()
    orphan.release()


def test_what_could_not_be_written_is_written_with_the_next_record(
    journalled: Journalled, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journalled.edit(SetUrl(0, "https://one/"))
    write = os.write

    def half(descriptor: int, data: memoryview) -> int:
        write(descriptor, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("viewer.cassette.journal_file.os.write", half)
    with pytest.raises(OSError, match="No space"):
        journalled.edit(SetUrl(0, "https://two/"))
    torn = parse_journal(journalled.journal.read_bytes())
    assert (torn.count, torn.is_damaged) == (1, False)
    monkeypatch.undo()
    journalled.edit(SetUrl(0, "https://three/"))
    journalled.writer.abandon()
    orphan = only_orphan(folder)
    assert orphan.read().count == 3
    assert rebuild(orphan.read()).cassette.to_bytes() == journalled.cassette.to_bytes()
    orphan.release()


def test_a_folder_that_cannot_be_made_is_an_error_and_tried_again(file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("in the way")
    journalled = Journalled(file, blocked)
    with pytest.raises(OSError, match="File exists"):
        journalled.edit(SetUrl(0, "https://one/"))
    blocked.unlink()
    journalled.writer.flush()
    journalled.writer.abandon()
    orphan = only_orphan(blocked)
    assert orphan.read().count == 1
    orphan.release()


_TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["\udcff\udc80", "é", "\ud83d"])
_PIECE = st.builds(Piece, st.sampled_from(PieceKind), st.binary(max_size=20))
_PATCH = st.builds(Patch, st.integers(0, 1 << 40), st.integers(0, 1 << 40), _TEXT, _TEXT)
_SPLICE = st.builds(
    Splice,
    st.integers(0, 1 << 40),
    st.lists(_PIECE, max_size=3).map(tuple),
    st.lists(_PIECE, max_size=3).map(tuple),
)


@given(st.lists(_PATCH | _SPLICE, max_size=5).map(tuple).map(Exchange))
def test_every_exchange_survives_its_record(exchange: Exchange) -> None:
    record = CarriedOut.of("Change", 3, exchange)
    journal = parse_journal(title() + BASELINE + frame(record))
    assert journal.changes == (record,)
    assert isinstance(journal.changes[0], CarriedOut)
    assert journal.changes[0].exchange() == exchange


def _sample() -> tuple[bytes, list[bytes]]:
    cassette = Cassette.of(Cassette.open(_example()).source, Path("/x/two.yaml"))
    baseline = frame(baseline_of(cassette, state=None, program="1", digest=b"d" * 32, row=None))
    steps = (Patch(1, 2, "old", "new"), Splice(1, (), (Piece(PieceKind.ENTRY, b"x"),)))
    return baseline, [frame(CarriedOut.of("Change", n, Exchange(steps))) for n in range(4)]


def _example() -> Path:
    from viewer.resources import resource

    return resource("examples/say-hi-in-portuguese.yaml")


BASELINE, RECORDS = _sample()
SAMPLE = title() + BASELINE + b"".join(RECORDS)
