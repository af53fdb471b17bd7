"""What is said of answers without words: a heading, a line under it, and a table where there are many things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import Enum

import msgspec

from viewer.stream.resources import (
    Embeddings,
    ErrorMessage,
    Images,
    Listing,
    Moderation,
    Picture,
    Sound,
    Value,
)
from viewer.ui import figures
from viewer.ui.result_table import Table, shown_cell

_SHOWN_NUMBERS = 6
_Translate = Callable[[str], str]


class Tone(Enum):
    """Whether a heading is good or bad news."""

    NEUTRAL = "neutral"
    GOOD = "good"
    BAD = "bad"


class Result(msgspec.Struct, frozen=True):
    """A heading with its tone, the line under it, and the table, None where something else is shown."""

    title: str
    detail: str = ""
    tone: Tone = Tone.NEUTRAL
    table: Table | None = None


def result_of(value: Value, tr: _Translate) -> Result:
    """What is said of a value, in the person's language by `tr`."""
    match value:
        case ErrorMessage(status):
            title = tr("Error") if status is None else tr("Error {}").format(status)
            return Result(title, tone=Tone.BAD)
        case Embeddings():
            return _of_embeddings(value, tr)
        case Images(media):
            return Result(_counted(len(media), tr("1 image"), tr("{} images")))
        case Picture(media_type, data):
            return Result(tr("1 image"), f"{media_type} · {figures.size(len(data))}")
        case Sound():
            return _of_sound(value, tr)
        case Moderation():
            return _of_moderation(value, tr)
        case Listing():
            return _of_listing(value, tr)


def _of_embeddings(value: Embeddings, tr: _Translate) -> Result:
    vectors = value.vectors
    lengths = Counter(vector.length for vector in vectors)
    numbers = " / ".join(figures.number(length) for length in lengths)
    norms = [vector.norm for vector in vectors]
    norm = f"{min(norms):.4f}" if max(norms) - min(norms) < 5e-5 else f"{min(norms):.4f} – {max(norms):.4f}"
    rows = tuple(
        (
            str(index),
            str(vector.length),
            f"{vector.norm:.6f}",
            ", ".join(f"{number:.5g}" for number in vector.first[:_SHOWN_NUMBERS]) + " …",
        )
        for index, vector in enumerate(vectors)
    )
    return Result(
        _counted(len(vectors), tr("1 vector"), tr("{} vectors")),
        tr("{} dimensions · norm {}").format(numbers, norm),
        table=Table((tr("vector"), tr("dimensions"), tr("norm"), tr("begins with")), rows),
    )


def _of_listing(value: Listing, tr: _Translate) -> Result:
    if value.kind:
        rows = tuple((name, shown_cell(name.rpartition(".")[2], cell)) for name, cell in value.rows)
        return Result(value.kind, table=Table((), rows))
    title = _counted(len(value.rows), tr("1 in the list"), tr("{} in the list"))
    return Result(title, table=Table(value.columns, value.rows))


def _of_sound(value: Sound, tr: _Translate) -> Result:
    shape = value.shape
    length = tr("unknown length") if shape.seconds is None else figures.seconds(shape.seconds)
    known = [(tr("type"), value.type), (tr("length"), length)]
    if shape.rate is not None:
        known.append((tr("rate"), f"{figures.number(shape.rate)} Hz"))
    if shape.channels is not None:
        names = {1: tr("mono"), 2: tr("stereo")}
        known.append((tr("channels"), names.get(shape.channels, str(shape.channels))))
    known.append((tr("size"), figures.size(len(value.data))))
    return Result(tr("Sound, {}").format(length), table=Table((), tuple(known)))


def _of_moderation(value: Moderation, tr: _Translate) -> Result:
    """All verdicts in one table; the heading names what was flagged."""
    many = len(value.verdicts) > 1
    rows: list[tuple[str, ...]] = []
    marked: list[int] = []
    flagged: list[str] = []
    for number, verdict in enumerate(value.verdicts):
        for name, is_flagged, score in verdict.categories:
            if is_flagged:
                marked.append(len(rows))
                flagged.append(name)
            cells = (name, tr("flagged") if is_flagged else "", "" if score is None else f"{score:.6f}")
            rows.append((str(number), *cells) if many else cells)
    columns = (tr("category"), tr("verdict"), tr("score"))
    table = Table(
        (tr("input"), *columns) if many else columns, tuple(rows), frozenset(marked), meter=3 if many else 2
    )
    count = sum(verdict.flagged for verdict in value.verdicts)
    result = Result(tr("Not flagged"), tone=Tone.GOOD, table=table)
    if count:
        result = msgspec.structs.replace(
            result, title=tr("Flagged"), detail=", ".join(dict.fromkeys(flagged)), tone=Tone.BAD
        )
    if many:
        inputs = tr("{} of {} inputs flagged").format(count, len(value.verdicts))
        result = msgspec.structs.replace(result, detail=" · ".join(filter(None, (inputs, result.detail))))
    return result


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(figures.number(count))
