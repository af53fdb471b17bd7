"""The first tab of answers without words: embeddings, pictures, sound, moderation, lists, errors.

A heading says what came; below it stand a table, the pictures that the recording holds, or the error's message
at large. Pictures are decoded in the background, and only ever from the recording's own bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from mimetypes import guess_extension
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPalette, QTextBlockFormat
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.document.tasks import Job, LatestOnly
from viewer.stream.resources import Embeddings, ErrorMessage, Images, Picture, Sound, Value
from viewer.stream.transcript import Media
from viewer.ui import figures
from viewer.ui.grid import bold, name, steps
from viewer.ui.icons import icon
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.pictures import bytes_of, decode_picture, size_of
from viewer.ui.result_content import Result, Tone, result_of
from viewer.ui.result_table import RowsTable
from viewer.ui.sparkline import Sparkline
from viewer.ui.text_flow import Card, TextFlow

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_LARGER = 3.0


class Shown(msgspec.Struct, frozen=True):
    """A picture as it is shown: decoded, None where it stands elsewhere or is broken, and what is said of it."""

    image: QImage | None
    line: str


class ResultView(QWidget):
    """Shows a response's value, with Copy and Save where they make sense."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._value: Value | None = None
        self._result = Result("")
        self._pictures: list[Shown] = []
        self._decoding = LatestOnly()
        self.title = QLabel(self)
        self.detail = QLabel(self)
        self.notice = NoticeBar(theme, self)
        self.page = TextFlow(theme, self)
        self.sparkline = Sparkline(theme, self)
        self.table = RowsTable(theme, self.tr("Values"), self)
        self.copy_button = QToolButton(self)
        self.save_button = QToolButton(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = self.page.theme = theme
        for part in (self.notice, self.sparkline, self.table):
            part.set_theme(theme)
        for button, picture in ((self.copy_button, "copy"), (self.save_button, "save")):
            button.setIcon(icon(picture, theme.dim, theme.disabled))
        _paint_text(self.detail, theme, Tone.NEUTRAL, is_dim=True)
        _paint_text(self.title, theme, self._result.tone)
        self._draw_page()

    def set_zoom(self, points: int) -> None:
        """Makes the page's text some points larger than usual."""
        if points != self.page.zoom:
            self.page.zoom = points
            self._draw_page()

    def show_value(self, value: Value | None) -> None:
        """Shows another value; pictures follow as soon as they are decoded."""
        self._value = value
        self._result = result_of(value, self.tr) if value is not None else Result("")
        self._pictures = []
        self._decoding.cancel()
        self.notice.clear()
        self._draw()
        sources = sources_of(value)
        if sources:
            self._decoding.run(
                _decoder(sources, self.tr("not in the recording")), self._decoded, self._failed
            )

    @property
    def is_decoding(self) -> bool:
        """Whether pictures are still to come."""
        return self._decoding.running

    def text(self) -> str:
        """What the page says, as text to copy."""
        return self.page.toPlainText().strip("\n\ufffc")

    # --- drawing

    def _draw(self) -> None:
        value, result = self._value, self._result
        self.title.setText(result.title)
        self.detail.setText(result.detail)
        self.detail.setVisible(bool(result.detail))
        _paint_text(self.title, self._theme, result.tone)
        is_vectors = isinstance(value, Embeddings)
        self.sparkline.setVisible(is_vectors)
        if isinstance(value, Embeddings):
            first = value.vectors[0].first
            self.sparkline.show_numbers(first, self.tr("The first {} numbers").format(len(first)))
        if result.table is not None:
            self.table.show_table(result.table)
        self._stack.setCurrentIndex(0 if result.table is not None else 1)
        self.copy_button.setVisible(value is not None)
        self.save_button.setVisible(isinstance(value, Sound) or any(data for _, data in sources_of(value)))
        self._draw_page()

    def _draw_page(self) -> None:
        """The error's message, or the pictures as far as they are decoded."""
        self.page.start_over()
        if isinstance(self._value, ErrorMessage):
            self._draw_error(self._value)
        for number, shown in enumerate(self._pictures):
            above = 5 if number else 0
            if shown.image is not None:
                block = self.page.block(above)
                block.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
                cursor = self.page.add_line([], block)
                self.page.insert_picture(cursor, f"image:{number}", shown.image)
                above = 1
            self.page.add_line([(shown.line, self.page.plain(self._theme.dim))], self.page.block(above))
        if isinstance(self._value, Images):
            for caption in self._value.captions:
                self.page.add_line([(caption, self.page.plain())], self.page.block(3))

    def _draw_error(self, value: ErrorMessage) -> None:
        page, card = self.page, self.page.new_card(Card(fill=self._theme.error_bg))
        large = page.plain(self._theme.error)
        large.setFontPointSize(large.fontPointSize() + _LARGER)
        message = value.message or self.tr("The response says nothing more.")
        page.add_line([(message, large)], page.block(2, card=card))
        for number, (label, fact) in enumerate(value.facts):
            runs = [(f"{label}  ", page.plain(self._theme.error)), (fact, page.code())]
            page.add_line(runs, page.block(3 if number == 0 else 0.5, card=card))

    # --- pictures

    @Slot(object)
    def _decoded(self, pictures: list[Shown]) -> None:
        self._pictures = pictures
        self._draw_page()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.notice.say(self.tr("The pictures cannot be shown: {}").format(error))

    # --- actions

    @Slot()
    def copy(self) -> None:
        """Puts the first picture, the selected lines of the table, or the text on the clipboard."""
        image = next((shown.image for shown in self._pictures if shown.image is not None), None)
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
        elif self._result.table is not None:
            self.table.copy_lines()
        else:
            QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def ask_to_save(self) -> None:
        """Asks where to, and saves the sound or the pictures: one into a file, several into a folder."""
        files = files_of(self._value)
        if len(files) == 1:
            path, _ = QFileDialog.getSaveFileName(self, self.tr("Save"), files[0][0])
            if path:
                self.save([(Path(path), files[0][1])])
            return
        folder = QFileDialog.getExistingDirectory(self, self.tr("Save Pictures into a Folder"))
        if folder:
            self.save([(Path(folder) / file, data) for file, data in files])

    def save(self, files: list[tuple[Path, bytes]]) -> None:
        """Writes files, none over one that the person did not name; says where that fails."""
        for path, data in files:
            try:
                with path.open("wb" if len(files) == 1 else "xb") as file:
                    file.write(data)
            except OSError as err:
                self.notice.say(self.tr("{} cannot be written: {}").format(path, err.strerror or err))
                return

    def _lay_out(self) -> None:
        for label in (self.title, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = bold(self.font())
        font.setPointSizeF(font.pointSizeF() + _LARGER)
        self.title.setFont(font)
        head = QHBoxLayout()
        head.setContentsMargins(steps(3.5), steps(3), steps(2), 0)
        head.addWidget(self.title, 1)
        name(self.copy_button, self.tr("Copy"))
        name(self.save_button, self.tr("Save to a file"))
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.ask_to_save)
        for button in (self.copy_button, self.save_button):
            button.setAutoRaise(True)
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.detail.setContentsMargins(steps(3.5), steps(0.5), steps(3.5), 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(head)
        layout.addWidget(self.detail)
        layout.addWidget(self._stack, 1)
        self._stack.addWidget(self._table_page())
        self._stack.addWidget(self.page)
        self.page.setAccessibleName(self.tr("Result"))
        self.setFocusProxy(self._stack)

    def _table_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout()
        row.setContentsMargins(steps(1), steps(2), steps(3.5), 0)
        row.addWidget(self.sparkline)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(steps(2.5), steps(2), 0, 0)
        layout.setSpacing(steps(2))
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        page.setFocusProxy(self.table)
        return page


def sources_of(value: Value | None) -> list[tuple[Media, bytes]]:
    """The pictures of a value with their bytes, b"" where those are not in the recording."""
    if isinstance(value, Picture):
        return [(Media(value.type), value.data)]
    return [(media, bytes_of(media)) for media in value.media] if isinstance(value, Images) else []


def files_of(value: Value | None) -> list[tuple[str, bytes]]:
    """What can be saved: names to propose, and bytes."""
    if isinstance(value, Sound):
        return [("sound" + _suffix(value.type), value.data)]
    held = [(media.type, data) for media, data in sources_of(value) if data]
    number = "-{}" if len(held) > 1 else ""
    return [(f"image{number.format(at)}{_suffix(kind)}", data) for at, (kind, data) in enumerate(held, 1)]


def _suffix(media_type: str) -> str:
    known = {"audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav"}
    return known.get(media_type) or guess_extension(media_type) or ""


def _decoder(sources: list[tuple[Media, bytes]], elsewhere: str) -> Callable[[Job], list[Shown]]:
    """Work for the background: decodes one picture after the other."""

    def decode(job: Job) -> list[Shown]:
        shown = []
        for media, data in sources:
            job.check()
            shown.append(_shown(media, data, elsewhere))
        return shown

    return decode


def _shown(media: Media, data: bytes, elsewhere: str) -> Shown:
    if not data:
        return Shown(None, f"{media.url or media.type} · {elsewhere}")
    wide, high = size_of(data)
    measured = [f"{wide} × {high}"] if wide and high else []
    return Shown(decode_picture(data), " · ".join([*measured, media.type, figures.size(len(data))]))


def _paint_text(label: QLabel, theme: Theme, tone: Tone, *, is_dim: bool = False) -> None:
    colors = {Tone.NEUTRAL: theme.dim if is_dim else theme.text, Tone.GOOD: theme.ok, Tone.BAD: theme.error}
    palette = QPalette(label.palette())
    palette.setColor(QPalette.ColorRole.WindowText, colors[tone])
    label.setPalette(palette)
