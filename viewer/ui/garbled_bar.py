"""The thin bar over an answer that was once decoded in another code page: show it repaired, repair the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from viewer.ui.notice_bar import Answer, NoticeBar

if TYPE_CHECKING:
    from viewer.stream.garbled import Repair


class GarbledBar(NoticeBar):
    """Says what happened to the text, and offers what was meant.

    Signals:
        switched(bool): the person wants to see the repaired text (True), or the recorded one.
        repair_requested(): the recording itself is to be repaired.
    """

    switched = Signal(bool)
    repair_requested = Signal()

    _repair: Repair | None = None
    _is_repaired = False
    _read_only = True

    def show_repair(self, repair: Repair | None, *, read_only: bool) -> None:
        """Offers a repair of the text now shown as recorded, or goes out of sight."""
        self._repair, self._read_only = repair, read_only
        self._is_repaired = False
        self._offer()

    @Slot()
    def switch(self) -> None:
        """Changes between the recorded and the repaired text."""
        self._is_repaired = not self._is_repaired
        self._offer()
        self.switched.emit(self._is_repaired)

    @Slot()
    def _ask(self) -> None:
        self.repair_requested.emit()

    def _offer(self) -> None:
        if self._repair is None:
            self.clear()
            return
        page = self._repair.code_page
        if self._is_repaired:
            said = self.tr("Shown as it was meant; recorded as decoded from {}.").format(page)
        else:
            said = self.tr("This text was decoded as {}.").format(page)
        label = self.tr("Show as Recorded") if self._is_repaired else self.tr("Show Repaired")
        answers: tuple[Answer, ...] = ((label, self.switch),)
        if not self._read_only:
            answers += ((self.tr("Repair Recording"), self._ask),)
        self.say(said, error=False, answers=answers)
