"""A body: pretty or as recorded, edited in place, found in, copied and saved; pictures, parts and bytes too.

An edit in the pretty view changes only the tokens edited: what else the body holds, white space included,
stays as it was recorded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.cassette.body import Body
from viewer.cassette.edits import SetBodyText, SetPrettyText
from viewer.cassette.json_back import unpretty
from viewer.ui import figures
from viewer.ui.body_content import BodyContent, BodyKind, content_of, text_content
from viewer.ui.code_panel import CodePanel
from viewer.ui.code_view import JsonHighlighter, Mark, MarkKind, PlainHighlighter
from viewer.ui.grid import icon_size, name, smaller, steps
from viewer.ui.icons import icon
from viewer.ui.picture_view import PictureView
from viewer.ui.pictures import decode_picture

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Side
    from viewer.cassette.multipart import Part
    from viewer.ui.theme import Theme

_NO_BODY = Body()
# What was typed into a longer pretty view is found by whoever makes the edit, in the background.
_UNPRETTY_AT_ONCE = 1 << 18


class BodyView(QWidget):
    """Shows one message's body.

    Signals:
        edit_requested(object): a SetBodyText.
        offset_activated(int): the person put the caret at this character of the body's text as recorded.
    """

    edit_requested = Signal(object)
    offset_activated = Signal(int)

    def __init__(self, theme: Theme, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._position = -1
        self._body = _NO_BODY
        self._content = BodyContent(BodyKind.ABSENT)
        self._whole_content: BodyContent | None = None
        self._parts: tuple[Part, ...] = ()
        self._read_only = True
        self._is_pretty = True
        self._typed: tuple[str, str] | None = None
        self._marked: int | None = None
        self._asked: tuple[str, str] | None = None
        self.panel = CodePanel(theme, self.tr("Body"), self)
        self._picture = PictureView(theme, self)
        self._caption = QLabel(self)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._part_box = QComboBox(self)
        self.pretty_button = _button("", self.tr("Show JSON pretty, or as it was recorded"), checkable=True)
        self.pretty_button.setText("{ }")
        self.wrap_button = _button("wrap", self.tr("Wrap lines"), checkable=True)
        self._find_button = _button("find", self.tr("Find (Ctrl+F)"))
        self._copy_button = _button("copy", self.tr("Copy body"))
        self._save_button = _button("save", self.tr("Save body to a file"))
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.panel.set_theme(theme)
        self._picture.set_theme(theme)
        for button, picture in self._pictured():
            button.setIcon(icon(picture, theme.dim, theme.disabled))

    def show_body(
        self, position: int, body: Body, *, read_only: bool, content: BodyContent | None = None
    ) -> None:
        """Shows the body of an interaction's message; the same one, changed, keeps its place.

        `content` is what `content_of(body)` gives, where somebody has asked that already.
        """
        view = self.panel.view
        place = view.first_visible_line if position == self._position else 0
        # Whoever typed here goes on here; elsewhere the caret of another cassette's body means nothing.
        caret = view.position if position == self._position and view.hasFocus() else 0
        self._position, self._body, self._read_only = position, body, read_only
        self._whole_content = content
        self._parts = body.parts()
        self._typed = self._asked = self._marked = None
        self._offer_parts()
        self._draw()
        if caret:
            view.blockSignals(True)  # nobody chose this place
            view.select(caret, caret, reveal=False)
            view.blockSignals(False)
        if place:
            view.scroll_to_line(place)

    def set_read_only(self, read_only: bool) -> None:
        """Lets what is shown be edited, or not."""
        self._read_only = read_only
        self.panel.view.set_read_only(read_only or not self._is_editable())

    def set_pretty(self, is_pretty: bool) -> None:
        """Shows JSON pretty, or as it was recorded."""
        self.pretty_button.setChecked(is_pretty)

    def set_wrap(self, wraps: bool) -> None:
        """Wraps lines or lets them run on."""
        self.wrap_button.setChecked(wraps)

    @Slot()
    def open_find_bar(self) -> None:
        """Opens the find bar."""
        self.panel.open_find_bar()

    def mark_range(self, span: tuple[int, int] | None) -> None:
        """Marks characters of the text as recorded (what an event is made of), where that is what is shown."""
        view = self.panel.view
        if span is None or self._shows_pretty() or view.is_editing:
            self._marked = None
            view.set_marks(())
            return
        self._marked = span[0]
        view.set_marks([Mark(span[0], span[1], MarkKind.EVENT)])
        self._show_marked()

    def _show_marked(self) -> None:
        """Brings what is marked into view, unless the person is in the text; that is no choice of a place."""
        view = self.panel.view
        if self._marked is not None and self.isVisible() and not view.hasFocus():
            view.blockSignals(True)
            view.show_offset(self._marked)
            view.blockSignals(False)

    def show_error(self, message: str, line: int | None) -> bool:
        """Says what is wrong with what was just typed and goes on editing it; False where nothing was typed."""
        if self._typed is None:
            return False
        original, typed = self._typed
        self._typed = None
        self.panel.retry(original, typed)
        self.panel.mark_error(line, message)
        return True

    # --- showing

    def _draw(self) -> None:
        shown = self._shown_body()
        ready = self._whole_content if shown is self._body else None
        self._content = ready or content_of(shown)
        picture = self._decoded_picture(shown)
        self._show_caption(picture)
        if picture is not None:
            self._picture.set_pixmap(picture)
            self._stack.setCurrentIndex(1)
        else:
            self._stack.setCurrentIndex(0)
            self._show_text()
        has_text = self._content.kind in (BodyKind.JSON, BodyKind.TEXT)
        self.pretty_button.setVisible(self._content.pretty is not None)
        self.wrap_button.setVisible(has_text)
        self._find_button.setVisible(picture is None)

    def _decoded_picture(self, shown: Body) -> QPixmap | None:
        if self._content.kind not in (BodyKind.PICTURE, BodyKind.BINARY):
            return None
        image = decode_picture(shown.content)
        return QPixmap.fromImage(image) if image is not None else None

    def _show_text(self) -> None:
        view, content = self.panel.view, self._content
        is_json = content.kind is BodyKind.JSON
        view.set_highlighter(JsonHighlighter() if is_json else PlainHighlighter())
        view.set_line_numbers(content.kind in (BodyKind.JSON, BodyKind.TEXT))
        self._wrap()
        view.set_folding(is_json)
        view.set_text(self._shown_text())
        view.set_read_only(self._read_only or not self._is_editable())
        self._show_mistake()

    def _is_editable(self) -> bool:
        kinds = (BodyKind.JSON, BodyKind.TEXT, BodyKind.EMPTY)
        return self._content.kind in kinds and not self._shows_part()

    def _shown_text(self) -> str:
        pretty = self._content.pretty
        return pretty if self._shows_pretty() and pretty is not None else self._content.text

    def _shows_pretty(self) -> bool:
        return self._is_pretty and self._content.pretty is not None

    def _show_mistake(self) -> None:
        """Broken JSON and undecodable bytes are marked, and shown as far as they go."""
        self.panel.clear_error()
        error = self._content.error if self._shows_pretty() else self._content.error_in_text()
        if error is not None:
            place = self.tr("line {}, column {}").format(error.line, error.column)
            self.panel.mark_error(error.line, f"{place}: {error.message}")
        elif self._body.note:
            self.panel.notice.say(self._body.note)

    def _show_caption(self, picture: QPixmap | None) -> None:
        body = self._body
        words = [body.media_type or self._content.kind.value]
        if body.is_absent:
            words = [self.tr("no body recorded")]
        else:
            words.append(figures.size(len(body.content)))
        if picture is not None:
            words.append(f"{picture.width()} × {picture.height()}")
        words += body.codings
        if body.charset and body.charset.lower().replace("_", "-") not in ("utf-8", "ascii", "us-ascii"):
            words.append(body.charset)
        if body.recorded_as != "text":
            words.append(body.recorded_as)
        self._caption.setText(" · ".join(words))

    def _offer_parts(self) -> None:
        self._part_box.blockSignals(True)
        self._part_box.clear()
        if self._parts:
            self._part_box.addItem(self.tr("Whole body"))
        for part in self._parts:
            title = part.filename or part.name or part.headers.get("content-type") or self.tr("part")
            self._part_box.addItem(f"{title} · {figures.size(part.end - part.start)}")
        self._part_box.setCurrentIndex(1 if self._parts and self._body.is_binary else 0)
        self._part_box.blockSignals(False)
        self._part_box.setVisible(bool(self._parts))

    def _shows_part(self) -> bool:
        return self._part_box.currentIndex() > 0

    def _shown_body(self) -> Body:
        """The whole body, or the part of it that was chosen."""
        if not self._shows_part():
            return self._body
        part = self._parts[self._part_box.currentIndex() - 1]
        return Body(self._body.content[part.start : part.end], part.headers)

    # --- editing

    @Slot(str)
    def _committed(self, text: str) -> None:
        original = self._shown_text()
        if self._shows_pretty() and len(text) > _UNPRETTY_AT_ONCE:
            edit: SetBodyText = SetPrettyText(self._position, self._side, text, shown=original)
        else:
            edit = SetBodyText(self._position, self._side, self._recorded(text))
            if edit.text == self._content.text:
                self._draw()
                return
        if self._body.codings:
            self._ask_about_codings(original, text, edit)
        else:
            self._request(original, text, edit)

    def _recorded(self, typed: str) -> str:
        """The recorded text with the tokens changed that were typed over in the pretty view."""
        if not self._shows_pretty():
            return typed
        return unpretty(self._content.text, self._content.pretty or "", typed)

    def _ask_about_codings(self, original: str, typed: str, edit: SetBodyText) -> None:
        codings = " + ".join(self._body.codings)
        plain = msgspec.structs.replace(edit, keep_codings=False)
        self.panel.notice.say(
            self.tr("This body is stored compressed ({}).").format(codings),
            error=False,
            answers=(
                (self.tr("Keep Compressed"), lambda: self._request(original, typed, edit)),
                (self.tr("Store Plain"), lambda: self._request(original, typed, plain)),
                (self.tr("Revert"), self._draw),
            ),
        )

    def _request(self, original: str, typed: str, edit: SetBodyText) -> None:
        self._typed = (original, typed)
        self.panel.notice.clear()
        self.edit_requested.emit(edit)

    @Slot()
    def _check(self) -> None:
        """While it is typed, broken JSON is said to be broken; it may be kept."""
        if self._content.kind is not BodyKind.JSON or len(self._content.text) > 1_000_000:
            return
        now = text_content(self.panel.view.text(), is_json=True)
        error = now.error_in_text()
        if error is None:
            self.panel.clear_error()
        else:
            place = self.tr("line {}, column {}").format(error.line, error.column)
            self.panel.mark_error(error.line, f"{place}: {error.message}")

    # --- actions

    @Slot(bool)
    def _set_pretty(self, is_pretty: bool) -> None:
        self.panel.view.commit()
        self._is_pretty = is_pretty
        self._show_text()

    @Slot()
    def _wrap(self) -> None:
        """Wraps text where that is wanted; the columns of bytes stay in their line."""
        has_lines = self._content.kind not in (BodyKind.BINARY, BodyKind.PICTURE)
        self.panel.view.set_wrap(has_lines and self.wrap_button.isChecked())

    @Slot()
    def copy_body(self) -> None:
        """Puts the body on the clipboard: text as it is shown, a picture as a picture."""
        if self._stack.currentIndex() == 1:
            QGuiApplication.clipboard().setPixmap(self._picture.pixmap())
        else:
            QGuiApplication.clipboard().setText(self._shown_text())

    @Slot()
    def ask_to_save(self) -> None:
        """Asks where to, and saves the decoded body."""
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save Body"), "body" + self._suffix())
        if path:
            self.save_body(Path(path))

    def save_body(self, path: Path) -> None:
        """Writes the body's content (the part's, where one is shown) to a file; says so where that fails."""
        try:
            path.write_bytes(self._shown_body().content)
        except OSError as err:
            self.panel.notice.say(self.tr("{} cannot be written: {}").format(path, err.strerror or err))

    def _suffix(self) -> str:
        suffixes = {
            "application/json": ".json",
            "text/event-stream": ".txt",
            "text/html": ".html",
            "image/png": ".png",
            "image/jpeg": ".jpg",
            "audio/mpeg": ".mp3",
            "application/pdf": ".pdf",
        }
        return suffixes.get(self._body.media_type, ".txt" if self._body.text is not None else ".bin")

    @Slot(int)
    def _caret_moved(self, offset: int) -> None:
        view = self.panel.view
        if not self._shows_pretty() and not view.is_editing and view.hasFocus():
            self.offset_activated.emit(offset)

    # --- made once

    def _pictured(self) -> tuple[tuple[QToolButton, str], ...]:
        return (
            (self.wrap_button, "wrap"),
            (self._find_button, "find"),
            (self._copy_button, "copy"),
            (self._save_button, "save"),
        )

    def _connect(self) -> None:
        self.pretty_button.setChecked(True)
        self.wrap_button.setChecked(True)
        self.pretty_button.toggled.connect(self._set_pretty)
        self.wrap_button.toggled.connect(self._wrap)
        self._find_button.clicked.connect(self.panel.open_find_bar)
        self._copy_button.clicked.connect(self.copy_body)
        self._save_button.clicked.connect(self.ask_to_save)
        self._part_box.currentIndexChanged.connect(self._draw)
        self.panel.view.edit_committed.connect(self._committed)
        self.panel.view.edit_reverted.connect(self._show_mistake)
        self.panel.view.edited.connect(self._check)
        self.panel.view.cursor_moved.connect(self._caret_moved)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.panel)
        self._stack.addWidget(self._picture)
        self._caption.setFont(smaller(self.font()))
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        name(self._part_box, self.tr("Part of the body"))
        bar = QHBoxLayout()
        bar.setContentsMargins(steps(3.5), steps(1), steps(2), steps(0.5))
        bar.setSpacing(steps(0.5))
        bar.addWidget(self._caption, 1)
        bar.addWidget(self._part_box)
        for button in (self.pretty_button, *(pair[0] for pair in self._pictured())):
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)
        self.setFocusProxy(self.panel)

    # --- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Comes to what was marked while nobody looked."""
        super().showEvent(event)
        self._show_marked()


def _button(picture: str, label: str, *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(icon_size())
    name(button, label)
    return button
