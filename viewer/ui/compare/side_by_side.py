"""Two texts beside each other, scrolled as one, with the overview of their differences at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from viewer.document.plain_text import plain
from viewer.ui.compare.arrangement import Stop, arrange
from viewer.ui.compare.line_splitter import LineSplitter
from viewer.ui.compare.overview import Overview
from viewer.ui.compare.side_view import SideView
from viewer.ui.grid import bold, steps

if TYPE_CHECKING:
    from viewer.ui.compare.presentation import Presentation
    from viewer.ui.theme import Theme

_LARGEST_WRAPPED = 200_000
_MOST_LINES_WRAPPED = 3_000
_ZOOMS = range(-4, 17)


class SideBySide(QWidget):
    """Both sides of a pair under a view; one of the differences is the current one, unless there is none.

    Signals:
        zoom_changed(int): the text is so many points larger than usual.
        find_requested(): a context menu's Find was chosen.
    """

    zoom_changed = Signal(int)
    find_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left = SideView(theme)
        self.right = SideView(theme)
        self.headings = Heading(theme), Heading(theme)
        self.overview = Overview(theme)
        self._splitter = LineSplitter(theme)
        self._shown: Presentation | None = None
        self._wraps = False
        self._stops: list[Stop] = []
        self._current = -1
        self._zoom = 0
        self._follows = False
        self._active = self.left
        self._build()
        self._connect()

    @property
    def views(self) -> tuple[SideView, SideView]:
        """Left and right."""
        return self.left, self.right

    @property
    def active(self) -> SideView:
        """The side that had the focus last."""
        for view in self.views:
            if view.hasFocus():
                self._active = view
        return self._active

    def set_active(self, view: SideView) -> None:
        """Makes a side the one where finding goes on, though the focus is elsewhere."""
        self._active = view

    @property
    def current(self) -> int:
        """The index of the current difference, -1 where there is none."""
        return self._current

    @property
    def stop_count(self) -> int:
        """How many differences there are."""
        return len(self._stops)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        for part in (*self.views, *self.headings, self.overview, self._splitter):
            part.set_theme(theme)

    def show_presentation(
        self, presentation: Presentation, *, wrap: bool = False, keep_place: bool = False
    ) -> None:
        """Shows a pair; with `keep_place`, which fits the same text, where it was scrolled to.

        Texts that are too large to lay out as a whole do not wrap.
        """
        self._shown = presentation
        self._follows = False
        place = [bar.value() for bar in self._bars(self.left)]
        contents = presentation.left, presentation.right
        for view, content in zip(self.views, contents, strict=True):
            view.show_content(content, keep_place=keep_place)
        self._follows = True
        self._wraps = wrap and not any(_is_large(content.text) for content in contents)
        for view in self.views:
            view.set_wrap(self._wraps)
        current = self._current if keep_place else -1
        self._arrange()
        for bar, value in zip(self._bars(self.left), place if keep_place else (0, 0), strict=True):
            bar.setValue(value)
        self._follow_vertical(self.left.verticalScrollBar().value())
        self._mark_current(min(current, len(self._stops) - 1))

    @Slot()
    def _arrange(self) -> None:
        """Puts lines that belong together beside each other, as they wrap now."""
        shown = self._shown
        if shown is None:
            return
        arrangement = shown.arrangement
        if self._wraps:
            heights = self.left.line_heights(), self.right.line_heights()
            arrangement = arrange(shown.hunks, mute=shown.mute, heights=heights)
        self.left.set_fillers(arrangement.left)
        self.right.set_fillers(arrangement.right)
        self._stops = arrangement.stops
        self.overview.set_stops(arrangement.stops, arrangement.muted, arrangement.rows)
        self._mark_current(min(self._current, len(self._stops) - 1))
        self._show_bars()
        self._show_view()

    def _mark_current(self, index: int) -> None:
        """Marks a difference, -1 for none, as the current one."""
        self._current = index
        stop = self._stops[index] if index >= 0 else None
        for view in self.views:
            view.set_stop(stop)
        self.overview.set_current(stop)

    def go_to(self, index: int, *, sideways: bool = False) -> bool:
        """Makes a difference the current one and scrolls to it; False where there is none of that index.

        With `sideways` also to where in a long line it is; a text that is shown first begins with its lines.
        """
        if not 0 <= index < len(self._stops):
            return False
        self._mark_current(index)
        stop = self._stops[index]
        self.left.show_rows(stop.row, stop.rows)
        for view in self.views:
            line = view.line_at_row(stop.row)
            start = view.page.buffer.line_start(line)
            view.select(start, start, reveal=False)
        if sideways and not self._wraps:
            self._show_first_word(stop)
        return True

    def _show_first_word(self, stop: Stop) -> None:
        """Scrolls sideways to the first changed word of a difference, which may stand far out in a long line."""
        shown = self._shown
        if shown is None:
            return
        for view, content in zip(self.views, (shown.left, shown.right), strict=True):
            start = view.page.buffer.line_start(view.line_at_row(stop.row))
            end = view.page.buffer.line_start(view.line_at_row(stop.row + stop.rows))
            words = [mark.start for mark in content.marks if start <= mark.start < max(end, start + 1)]
            if words:
                view.show_sideways(min(words))
                return
        self.left.horizontalScrollBar().setValue(0)

    def set_zoom(self, points: int) -> None:
        """Shows both texts so many points larger than usual."""
        self._zoom = min(max(points, _ZOOMS[0]), _ZOOMS[-1])
        for view in self.views:
            view.set_zoom(self._zoom)
        self._arrange()
        self._follow_vertical(self.left.verticalScrollBar().value())

    @Slot(int)
    def zoom(self, step: int) -> None:
        """Larger by a step, smaller by one, or the usual size for 0."""
        self.set_zoom(self._zoom + step if step else 0)
        self.zoom_changed.emit(self._zoom)

    def _build(self) -> None:
        # The right side's bar scrolls both; a second one would say the same.
        self.left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setAccessibleName(self.tr("Left text"))
        self.right.setAccessibleName(self.tr("Right text"))
        splitter = self._splitter
        for view, heading in zip(self.views, self.headings, strict=True):
            column = QWidget()
            layout = QVBoxLayout(column)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
            layout.addWidget(heading)
            layout.addWidget(view, 1)
            column.setMinimumWidth(steps(30))
            splitter.addWidget(column)
        splitter.setSizes([1_000_000, 1_000_000])
        self.overview.set_top(self.headings[0].sizeHint().height() + self.left.row_height // 3)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(splitter, 1)
        row.addWidget(self.overview)

    def _connect(self) -> None:
        self._rearrange = QTimer(self, singleShot=True, interval=0)
        self._rearrange.timeout.connect(self._arrange)
        for view in self.views:
            view.rewrapped.connect(self._rearrange.start)
            view.zoom_wanted.connect(self.zoom)
            view.find_requested.connect(self.find_requested)
            view.horizontalScrollBar().rangeChanged.connect(self._show_bars)
            view.horizontalScrollBar().valueChanged.connect(self._follow_horizontal)
            view.verticalScrollBar().valueChanged.connect(self._follow_vertical)
            view.verticalScrollBar().rangeChanged.connect(self._show_view)
        self.overview.row_wanted.connect(self._center_row)

    @staticmethod
    def _bars(view: SideView) -> tuple[QScrollBar, QScrollBar]:
        return view.verticalScrollBar(), view.horizontalScrollBar()

    @Slot(int)
    def _follow_vertical(self, value: int) -> None:
        self._follow(value, [view.verticalScrollBar() for view in self.views])
        self._show_view()

    @Slot(int)
    def _follow_horizontal(self, value: int) -> None:
        self._follow(value, [view.horizontalScrollBar() for view in self.views])

    def _follow(self, value: int, bars: list[QScrollBar]) -> None:
        """Scrolls both sides to a value, as far as each one goes."""
        if self._follows:
            self._follows = False
            for bar in bars:
                bar.setValue(value)
            self._follows = True

    @Slot()
    def _show_bars(self) -> None:
        """Both sides have a horizontal bar, or none has: their views are of one height then."""
        needed = any(view.horizontalScrollBar().maximum() > 0 for view in self.views)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        for view in self.views:
            if view.horizontalScrollBarPolicy() != policy:
                view.setHorizontalScrollBarPolicy(policy)

    @Slot()
    def _show_view(self) -> None:
        self.overview.set_view(*self.left.rows_in_view())

    @Slot(float)
    def _center_row(self, row: float) -> None:
        fitting = self.left.rows_in_view()[1]
        self.left.verticalScrollBar().setValue(round((row - fitting / 2) * self.left.row_height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_view()


def _is_large(text: str) -> bool:
    return len(text) > _LARGEST_WRAPPED or text.count("\n") > _MOST_LINES_WRAPPED


class Heading(QWidget):
    """The name of a file over its pane, and when it was recorded at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ""
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_name(self, name: str, path: str) -> None:
        """Shows a file's name; its whole path is the tool tip."""
        self._name = name
        self.setToolTip(plain(path))
        self._tell()

    def set_note(self, note: str) -> None:
        """Says something about what the pane shows."""
        self._note = note
        self._tell()

    @property
    def name(self) -> str:
        """The name shown."""
        return self._name

    @property
    def note(self) -> str:
        """The note shown."""
        return self._note

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._name}, {self._note}" if self._note else self._name)
        self.update()

    # --- Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(steps(30), self.fontMetrics().height() + steps(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.pane)
            painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.line)
            area = self.rect().adjusted(steps(3.5), 0, -steps(3.5), -1)
            name_font = bold(self.font())
            name = QFontMetrics(name_font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, area.width())
            painter.setFont(name_font)
            painter.setPen(self._theme.text)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            taken = QFontMetrics(name_font).horizontalAdvance(name) + steps(3)
            # Half a date tells nothing: the note is there whole, or not at all.
            if self.fontMetrics().horizontalAdvance(self._note) <= area.width() - taken:
                painter.setFont(self.font())
                painter.setPen(self._theme.dim)
                painter.drawText(
                    area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._note
                )
