"""Files that could not be opened beside others: named in a notice, each a click away from what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from viewer.cassette.model import CassetteError

if TYPE_CHECKING:
    from viewer.ui.notice_bar import NoticeBar

# So many files have a button of their own; more would push the sentence off the bar.
_MOST_BUTTONS = 4


class Unopened:
    """What failed since files were last asked for. A file asked for alone needs no notice: its error is the answer."""

    def __init__(self, notice: NoticeBar, show: Callable[[Path, Exception], None]) -> None:
        self._notice = notice
        self._show = show
        self._alone: Path | None = None
        self._failed: dict[Path, Exception] = {}

    def begin(self, asked: Sequence[Path]) -> None:
        """Other files are asked for."""
        if self._failed:
            self._failed = {}
            self._notice.clear()
        self._alone = asked[0] if len(asked) == 1 else None

    def is_alone(self, path: Path) -> bool:
        """Whether nothing but this file was asked for."""
        return path == self._alone

    def add(self, path: Path, error: Exception) -> None:
        """Names a file in the notice, with those that failed before."""
        self._failed[path] = error
        shown = list(self._failed.items())[:_MOST_BUTTONS]
        answers = [(path.name, partial(self._show, path, error)) for path, error in shown]
        self._notice.say(self._sentence(), answers=(*answers, (_tr("Hide"), self._notice.clear)))

    def _sentence(self) -> str:
        if len(self._failed) > 1:
            return _tr("{0} files could not be opened.").format(len(self._failed))
        ((path, error),) = self._failed.items()
        return _tr("{0} could not be opened: {1}").format(path.name, _told(error))


def _told(error: Exception) -> str:
    if not isinstance(error, CassetteError):
        return f"{type(error).__name__}: {error}"
    return f"line {error.line}: {error.message}" if error.line else error.message


def _tr(text: str) -> str:
    return QCoreApplication.translate("Unopened", text)
