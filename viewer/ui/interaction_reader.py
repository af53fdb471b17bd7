"""Reads the interaction that the window shows: a usual one at once, a large one in the background.

Ten megabytes take a third of a second to parse, decode and lay out, in which the window would not answer. So a
worker does all of it, pretty JSON included, and the panes find it done. Whoever selects another interaction
meanwhile cancels that.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.cassette.model import ParseError
from viewer.document.summary import swells
from viewer.document.tasks import LatestOnly
from viewer.stream import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.cassette.formats.base import Group
    from viewer.cassette.model import Interaction
    from viewer.document.document import CassetteDocument
    from viewer.document.tasks import Job
    from viewer.stream import Reading
    from viewer.ui.body_content import BodyContent

# An entry of so many bytes is read within a frame or two.
_AT_ONCE = 1 << 18
# As is a body that takes so many bytes once it is decompressed.
_CONTENT_AT_ONCE = 1 << 19
# Reading an entry of so many bytes takes long enough for the faults of mapped memory to be felt.
_HUGE = 1 << 22
# Behind so many milliseconds somebody who waits wants to know what for.
_PATIENCE = 100


class ReadInteraction(msgspec.Struct, frozen=True):
    """An interaction with what the panes show of it; `entry_text` is its own text in the file.

    The contents are those of the bodies, of large ones alone.
    """

    interaction: Interaction
    reading: Reading
    entry_text: str
    request_content: BodyContent | None = None
    response_content: BodyContent | None = None


class _Misread(msgspec.Struct, frozen=True):
    """An entry that does not parse alone: the document knows what that means."""

    entry_text: str
    error: ParseError


class InteractionReader(QObject):
    """Reads one interaction at a time; the latest that was asked for counts.

    Signals:
        arrived(ReadInteraction): a large one has been read.
        kept_waiting(): it takes long enough to say so.
    """

    arrived = Signal(object)
    kept_waiting = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest = LatestOnly()
        self._asked: tuple[CassetteDocument, int] | None = None
        self._waiting = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._waiting.timeout.connect(self.kept_waiting)

    @property
    def is_busy(self) -> bool:
        """Whether one is still to arrive."""
        return self._latest.running

    def read(self, document: CassetteDocument, position: int) -> ReadInteraction | None:
        """The interaction; None where it is large: it arrives later."""
        self.cancel()
        cassette = document.cassette
        size = cassette.size(position)
        if size <= _AT_ONCE:
            found = document.interaction(position)
            if not swells(found, _CONTENT_AT_ONCE):
                return _read(found, cassette.entry_text(position))
        if size > _HUGE:
            from viewer.document.large_blocks import keep_large_blocks  # few cassettes have such entries

            keep_large_blocks()
        self._asked = document, position
        op = partial(
            _read_ahead,
            cassette.group_reader(position),
            partial(cassette.format.read, position=position),
            cassette.text_reader(position),
        )
        self._latest.run(op, self._take, self._fail)
        self._waiting.start()
        return None

    @Slot()
    def cancel(self) -> None:
        """Nothing is wanted any more."""
        self._latest.cancel()
        self._waiting.stop()
        self._asked = None

    def _take(self, found: ReadInteraction | _Misread) -> None:
        asked = self._asked
        self.cancel()
        if isinstance(found, ReadInteraction):
            self.arrived.emit(found)
        elif asked is not None:
            document, position = asked
            self.arrived.emit(_read(document.misread(position, found.error), found.entry_text))

    def _fail(self, error: Exception) -> None:
        raise error


def _read(interaction: Interaction, entry_text: str) -> ReadInteraction:
    reading = read(
        interaction.request,
        interaction.response,
        duration=interaction.duration,
        chunk_times=interaction.chunk_times,
    )
    return ReadInteraction(interaction, reading, entry_text)


def _read_ahead(
    parse: Callable[[], Group],
    interpret: Callable[[Group], Interaction],
    text_reader: Callable[[], str],
    job: Job,
) -> ReadInteraction | _Misread:
    """Reads all that a pane may show first; in a worker."""
    from viewer.ui.body_content import content_of  # small interactions come without

    try:
        group = parse()
        interaction = interpret(group)
    except ParseError as err:
        return _Misread(text_reader(), err)
    # The same text, not another ten megabytes of it.
    entry_text = "".join([entry.text for entry in group])
    found = _read(interaction, entry_text)
    job.check()
    found.reading.read_ahead()
    job.check()
    asked, answered = found.interaction.request, found.interaction.response
    return ReadInteraction(
        found.interaction,
        found.reading,
        entry_text,
        content_of(asked.body) if asked else None,
        content_of(answered.body) if answered else None,
    )
