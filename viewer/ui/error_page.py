"""What is shown in place of a cassette that cannot be opened: what is wrong, where, and the file as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pygments.lexers.data import JsonLexer, YamlLexer
from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from viewer.cassette.model import CassetteError, UnknownFormatError
from viewer.cassette.pieces import decode
from viewer.cassette.source import read_front
from viewer.ui.code_view import DARK, LIGHT, CodeView, LexerHighlighter, LineMark

if TYPE_CHECKING:
    from pygments.lexer import Lexer

    from viewer.ui.theme import Theme

_MOST = 1 << 24


class ErrorPage(QWidget):
    """A message with the file's text below it, at the line where the error is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        self._title.setFont(font)
        self._folder = QLabel()
        self._folder.setTextFormat(Qt.TextFormat.PlainText)
        self._folder.setWordWrap(True)
        self._folder.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._folder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._message.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open = QPushButton(self.tr("Open in the Text Editor"))
        self._open.clicked.connect(self._open_outside)
        self._text = CodeView()
        self._rest = QWidget()  # where there is no text to show, the message stays at the top
        self._text.setAccessibleName(self.tr("Text of the file"))
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        box = QVBoxLayout()
        box.setContentsMargins(24, 24, 24, 16)
        box.setSpacing(8)
        box.addWidget(self._title)
        box.addWidget(self._folder)
        box.addWidget(self._message)
        box.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(box)
        whole.addWidget(self._text, 1)
        whole.addWidget(self._rest, 1)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wears another theme."""
        self._text.set_colors(DARK if theme.dark else LIGHT)

    def show_error(self, path: Path, error: Exception) -> None:
        """Tells why `path` could not be opened."""
        self._path = path
        self._title.setText(self.tr("{0} could not be opened").format(path.name or self.tr("The file")))
        self._folder.setText(self.tr("in {0}").format(path.absolute().parent))
        self._message.setText(_told(error))
        text = _text_of(path)
        self._open.setVisible(text is not None)
        self._text.setVisible(bool(text))
        self._rest.setHidden(bool(text))
        if not text:
            return
        line = _line_of(error)
        self._text.set_highlighter(LexerHighlighter(_lexer_of(text)))
        self._text.set_text(text)
        if line:
            self._text.set_line_marks({line - 1: LineMark.REMOVED})
            self._text.show_offset(_offset_of_line(text, line))

    @Slot()
    def _open_outside(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))


def _line_of(error: Exception) -> int | None:
    """The line where the mistake is; a file that is something else altogether has none."""
    is_placed = isinstance(error, CassetteError) and not isinstance(error, UnknownFormatError)
    return error.line if is_placed else None  # type: ignore[attr-defined]


def _told(error: Exception) -> str:
    if isinstance(error, CassetteError):
        line = _line_of(error)
        place = f"Line {line}" if line else ""
        if place and error.column:
            place += f", column {error.column}"
        return "\n".join(
            part for part in (f"{place}: {error.message}" if place else error.message, error.remedy) if part
        )
    return f"{type(error).__name__}: {error}"


def _text_of(path: Path) -> str | None:
    """The file as text, as far as it is shown; None where it cannot be read."""
    try:
        return decode(read_front(path, _MOST))
    except CassetteError:
        return None


def _offset_of_line(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _lexer_of(text: str) -> Lexer:
    return JsonLexer() if text.lstrip()[:1] in ("{", "[") else YamlLexer()
