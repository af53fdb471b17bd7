"""Bytes of a file as a cassette of each format: it opens or says why not, is read, edited, undone, and kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.fuzz import seeds
from tests.fuzz.target import Choices, Target, ensure
from tests.fuzz.texts import text
from tests.fuzz.trees import ensure_same_values, is_sound
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetEntryText,
    SetHeader,
    SetMethod,
    SetRecordedLength,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.formats.registry import formats
from viewer.cassette.model import CassetteError, Interaction, Request, Response
from viewer.cassette.pieces import Exchange
from viewer.cassette.source import source_of
from viewer.cassette.structure import (
    DeleteInteractions,
    DuplicateInteraction,
    InsertInteraction,
    MoveInteraction,
    texts_of,
)
from viewer.checks.replayability import problems
from viewer.document.row_text import kind_text, second_line, spoken
from viewer.document.summary import summarise

_CHOICES = 24
_SIDES = tuple(Side)
# Kind, messages, recorded id, and whether there is a note.
Shown = tuple[object, object, str, bool]
# So many interactions of a file are read and compared.
_READ = 20
_MOST_EDITS = 4


def check(data: bytes, format_name: str = "") -> None:
    """Opens the file, as the format that it shows or as the one named, and edits it."""
    choices = Choices(data, _CHOICES)
    raw = choices.rest
    try:
        format_ = next((found for found in formats() if found.name == format_name), None)
        cassette = Cassette.of(source_of(raw), format_=format_)
    except CassetteError as err:
        ensure(str(err), "an error says something")
        return
    ensure(cassette.to_bytes() == raw, "an unedited file keeps its bytes")
    shown(cassette)
    ensure(cassette.to_bytes() == raw, "reading changes nothing")
    ensure_same_values(cassette)
    before = shown(cassette)
    list(problems(cassette))
    exchanges = list(_edits(cassette, choices))
    for exchange in reversed(exchanges):
        cassette.apply(exchange.inverse())
    ensure(cassette.to_bytes() == raw, "undoing everything gives the original", raw, cassette.to_bytes())
    ensure(shown(cassette) == before, "undoing everything shows the original")


def shown(cassette: Cassette) -> list[Shown]:
    """What the window shows of each interaction, as comparable values."""
    found: list[Shown] = []
    # The rows may be found anew on the way, and be fewer.
    while len(found) < min(len(cassette), _READ):
        found.append(_values(read_interaction(cassette, len(found))))
    return found[: len(cassette)]


def _values(interaction: Interaction) -> Shown:
    asked, answered = interaction.request, interaction.response
    messages: list[object] = []
    if asked is not None:
        messages += [asked.method, asked.url, _message(asked)]
    if answered is not None:
        messages += [answered.status, answered.reason, _message(answered)]
    row = summarise(interaction, 1000)
    second_line(row), spoken(row), kind_text(row)
    return interaction.kind, messages, interaction.recorded_id, bool(interaction.note)


def _message(message: Request | Response) -> object:
    body = message.body
    return tuple(message.headers), body.raw, body.text, body.media_type, body.note


def _edits(cassette: Cassette, choices: Choices) -> Iterator[Exchange]:
    """Makes edits as long as there are choices, and yields what each did."""
    sound = is_sound(cassette)
    for _ in range(_MOST_EDITS):
        if not (choices.left and len(cassette)):
            return
        layout = cassette.layout
        before = cassette.to_bytes()
        edit = _edit(cassette, choices)
        try:
            exchange = edit.exchange(cassette)
        except (CassetteError, UnicodeEncodeError):
            ensure(cassette.to_bytes() == before, "a refused edit changes nothing")
            if cassette.layout is not layout:
                return  # The rows were found again: a document drops its undo stack then.
            continue
        if cassette.layout is not layout:
            # The exchange was made in the new row.
            layout = cassette.layout
        cassette.apply(exchange)
        yield exchange
        _ensure_kept(cassette, edit, sound)


def _ensure_kept(cassette: Cassette, edit: Edit, sound: bool) -> None:
    """What is in memory is what the saved file will hold."""
    saved = cassette.to_bytes()
    seen = shown(cassette)
    if not sound:
        return  # What no loader takes as it is cannot be asked to load.
    try:
        again = Cassette.of(source_of(saved), format_=cassette.format)
    except CassetteError as err:
        raise AssertionError(f"the saved file does not open after {edit}: {err}\n{saved!r}") from err
    ensure(
        shown(again) == seen, "the saved file shows what the window shows", edit, seen, shown(again), saved
    )
    ensure_same_values(again)


def _edit(cassette: Cassette, choices: Choices) -> Edit:
    position = choices.number(min(len(cassette), _READ))
    side = _SIDES[choices.number(2)]
    kind = choices.number(15)
    match kind:
        case 0:
            return SetMethod(position, text(choices))
        case 1 | 2:
            return SetUrl(position, text(choices))
        case 3:
            return SetStatus(position, choices.number(700), text(choices) if choices.number(2) else None)
        case 4:
            return AddHeader(position, side, text(choices), text(choices))
        case 5:
            return SetHeader(position, side, choices.number(3), text(choices), text(choices))
        case 6:
            return RemoveHeader(position, side, choices.number(3))
        case 7 | 8:
            return SetBodyText(position, side, text(choices), keep_codings=bool(choices.number(2)))
        case 9:
            return SetBodyContent(position, side, text(choices).encode("utf-8", "surrogatepass"))
        case 10:
            return SetRecordedLength(position, side, choices.number(100))
        case 11:
            return DeleteInteractions((position,))
        case 12:
            return DuplicateInteraction(position)
        case 13:
            return MoveInteraction(position, choices.number(min(len(cassette), _READ)))
        case _:
            return _entry_edit(cassette, position, choices)


def _entry_edit(cassette: Cassette, position: int, choices: Choices) -> Edit:
    try:
        texts = texts_of(cassette, position)
    except CassetteError:
        return SetEntryText(position, text(choices))
    if choices.number(2):
        return InsertInteraction(choices.number(len(cassette) + 1), texts)
    entry = texts[0]
    start = choices.number(len(entry) + 1)
    return SetEntryText(position, entry[:start] + text(choices) + entry[start + choices.number(4) :])


def _targets() -> Iterator[Target]:
    yield Target("cassette", check, seeds.every_file, seeds.WORDS, 5000)
    for format_ in formats():
        name = format_.name
        yield Target(
            "cassette-" + name.lower().replace(" ", "-"),
            partial(check, format_name=name),
            partial(seeds.files, name),
            seeds.WORDS,
        )


TARGETS = tuple(_targets())
