"""The bar that drives the replay: step, play, seek, speed; and one line of figures under it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QPalette, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.stream.timeline import TimeSource
from viewer.ui import figures
from viewer.ui.event_kinds import EventTint, event_tints, first_token_event
from viewer.ui.grid import icon_size, name, smaller, steps
from viewer.ui.icons import icon
from viewer.ui.own_keys import claim
from viewer.ui.player import SPEEDS, Player
from viewer.ui.replay_slider import UNITS, ReplaySlider
from viewer.ui.theme import Theme, fixed_font

if TYPE_CHECKING:
    from viewer.stream.reading import Reading

_IDLE_LIMITS = (0.5, 1.0, 2.0, 5.0)


class PlayButton(QAbstractButton):
    """The round button: a triangle, or two bars while it plays."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._playing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_playing(self, playing: bool) -> None:
        """Shows what a click would do."""
        self._playing = playing
        label = self.tr("Pause (Space)") if playing else self.tr("Play (Space)")
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.update()

    def sizeHint(self) -> QSize:
        """A circle of eight steps, and room for the ring of the focus."""
        return QSize(steps(9), steps(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the circle and the sign in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, center = self._theme, QPointF(self.width() / 2, self.height() / 2)
        radius = steps(7.5) / 2
        color = theme.accent if self.isEnabled() else theme.line
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color.darker(110) if self.isDown() else color)
        painter.drawEllipse(center, radius, radius)
        painter.setBrush(theme.on_accent)
        unit = radius / 3.75
        if self._playing:
            for x in (-1.35, 0.4):
                painter.drawRect(QRectF(center.x() + x * unit, center.y() - 1.4 * unit, unit, 2.8 * unit))
        else:
            points = ((-1.1, -1.6), (1.7, 0), (-1.1, 1.6))
            painter.drawPolygon(
                QPolygonF([QPointF(center.x() + x * unit, center.y() + y * unit) for x, y in points])
            )
        if self.hasFocus():
            painter.setPen(theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(center, radius + 2, radius + 2)


class QuietButton(QToolButton):
    """A flat button with an icon; Space presses it when it has the focus, before the replay takes the key."""

    def __init__(self, picture: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(icon_size())
        name(self, label)

    def set_theme(self, theme: Theme) -> None:
        """Draws the icon in another colour."""
        self.setIcon(icon(self._picture, theme.text, theme.disabled))

    def event(self, event: QEvent) -> bool:
        return claim(event, (Qt.Key.Key_Space,)) or super().event(event)


class ReplayBar(QWidget):
    """Drives a player and says where it stands."""

    def __init__(self, theme: Theme, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._player = player
        self._reading: Reading | None = None
        self._tints: list[EventTint] = []
        self._start = QuietButton("to-start", self.tr("To start (Home)"), self)
        self._back = QuietButton("step-back", self.tr("Step back (Left)"), self)
        self.play_button = PlayButton(theme, self)
        self._forward = QuietButton("step-forward", self.tr("Step forward (Right)"), self)
        self.slider = ReplaySlider(theme, self)
        self.slider.setAccessibleName(self.tr("Replay position"))
        self._time = QLabel(self)
        self._time.setAccessibleName(self.tr("Time"))
        self.speed_button = QPushButton(self)
        self._event = QLabel(self)
        self._first = QLabel(self)
        self._rate = QLabel(self)
        self._source = QLabel(self)
        self._make_menu()
        self._lay_out()
        self._connect()
        self.set_theme(theme)
        self.show_reading(None)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        for widget in (self._start, self._back, self.play_button, self._forward, self.slider):
            widget.set_theme(theme)
        for label in (self._time, self._event, self._first, self._rate, self._source):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            label.setFont(fixed_font() if label is self._time else smaller(self.font()))
        self.update()

    def show_reading(self, reading: Reading | None) -> None:
        """Shows another answer; the player has its timeline already."""
        self._reading = reading
        self._tints = event_tints(reading) if reading else []
        self._loaded()

    @property
    def tints(self) -> list[EventTint]:
        """The tint of each event."""
        return self._tints

    # --- following the player

    @Slot()
    def _loaded(self) -> None:
        self.slider.set_events(self._player.timeline, self._tints)
        self._show_figures()
        self._moved(self._player.seconds, self._player.event_index)
        self._fit_figures()

    @Slot(float, int)
    def _moved(self, seconds: float, event: int) -> None:
        self.slider.setValue(round(seconds * UNITS))
        duration = self._player.duration
        self._time.setText(f"{seconds:.2f} / {duration:.2f} s")
        self._event.setText(self.tr("event {} of {}").format(event + 1, self._player.event_count))

    @Slot(bool)
    def _playing_changed(self, playing: bool) -> None:
        self.play_button.set_playing(playing)

    @Slot(int)
    def _seek(self, value: int) -> None:
        self._player.seek_seconds(value / UNITS)

    @Slot(int)
    def _seek_by_keys(self, action: int) -> None:
        """Page keys and the wheel move the slider itself; the replay goes along."""
        self._seek(self.slider.sliderPosition())

    def _show_figures(self) -> None:
        """First token and tokens a second, by the recording's own times and not by the idle limit's."""
        self._first.setText("")
        self._rate.setText("")
        timeline = self._reading.timeline if self._reading and self._reading.has_stream else None
        source = timeline.source if timeline else TimeSource.RECORDED
        words = {TimeSource.ESTIMATED: self.tr("times estimated"), TimeSource.FIXED: self.tr("times unknown")}
        self._source.setText(words.get(source, ""))
        first = first_token_event(self._tints)
        if timeline is None or first is None or self._reading is None or source is TimeSource.FIXED:
            return
        begun = timeline.time_of(first)
        self._first.setText(self.tr("first token {}").format(figures.seconds(begun)))
        self._rate.setText(self._rate_text(self._reading, timeline.duration - begun))

    def _fit_figures(self) -> None:
        """Leaves out the rate, then the first token, where the line is too narrow; the time beside the slider too."""
        room = self.width() - 2 * _side()
        shown = [self._event, self._source]
        for label in (self._first, self._rate):
            shown.append(label)
            label.setVisible(bool(label.text()) and _width_of(shown) <= room)
        time = self._time.sizeHint().width() + self._controls.spacing()
        self._time.setVisible(self._controls_width() + time <= room)

    def _controls_width(self) -> int:
        """What the line of controls needs without the time.

        It asks the items: the layout hears of a label that was hidden just now with the next event only, and to
        invalidate it from a size hint would have everything laid out for ever.
        """
        items = map(self._controls.itemAt, range(self._controls.count()))
        others = [item for item in items if item is not None and item.widget() is not self._time]
        gaps = self._controls.spacing() * (sum(item.widget() is not None for item in others) - 1)
        return sum(item.minimumSize().width() for item in others) + gaps

    def _rate_text(self, reading: Reading, passed: float) -> str:
        if passed <= 0:
            return ""
        tokens = reading.transcript.usage.output
        if tokens:
            return self.tr("{} tok/s").format(_rounded(tokens / passed))
        characters = sum(len(part.text) for part in reading.transcript.parts)
        return self.tr("{} characters/s").format(_rounded(characters / passed)) if characters else ""

    # --- made once

    def _connect(self) -> None:
        player = self._player
        self._start.clicked.connect(player.seek_start)
        self._back.clicked.connect(player.step_back)
        self.play_button.clicked.connect(player.toggle)
        self._forward.clicked.connect(player.step_forward)
        self.slider.sliderMoved.connect(self._seek)
        self.slider.actionTriggered.connect(self._seek_by_keys)
        player.moved.connect(self._moved)
        player.loaded.connect(self._loaded)
        player.playing_changed.connect(self._playing_changed)
        self._playing_changed(False)

    def _make_menu(self) -> None:
        menu = QMenu(self)
        speeds = QActionGroup(self)
        for speed in reversed(SPEEDS):
            action = menu.addAction(self._speed_name(speed))
            action.setCheckable(True)
            action.setChecked(speed == self._player.speed)
            action.setData(speed)
            speeds.addAction(action)
        speeds.triggered.connect(self._set_speed)
        menu.addSeparator()
        loop = menu.addAction(self.tr("Loop"))
        loop.setCheckable(True)
        loop.toggled.connect(self._player.set_loops)
        limits = QActionGroup(self)
        submenu = menu.addMenu(self.tr("Longest Wait"))
        for limit in (None, *_IDLE_LIMITS):
            action = submenu.addAction(self.tr("As recorded") if limit is None else f"{limit:g} s")
            action.setCheckable(True)
            action.setChecked(limit is None)
            action.setData(limit)
            limits.addAction(action)
        limits.triggered.connect(self._set_limit)
        self._menu = menu
        self.speed_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.speed_button.setAutoDefault(False)
        self.speed_button.clicked.connect(self._open_menu)
        self._show_speed()
        name(self.speed_button, self.tr("Speed, loop, longest wait"))

    @Slot(QAction)
    def _set_speed(self, action: QAction) -> None:
        speed = float(action.data())
        self._player.set_speed(speed)
        self._show_speed()

    @Slot(QAction)
    def _set_limit(self, action: QAction) -> None:
        limit = action.data()
        self._player.set_idle_limit(None if limit is None else float(limit))

    @Slot()
    def _open_menu(self) -> None:
        button = self.speed_button
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _show_speed(self) -> None:
        self.speed_button.setText(f"{self._speed_name(self._player.speed)} ▾")
        width = self.speed_button.fontMetrics().horizontalAdvance(self.speed_button.text())
        self.speed_button.setFixedWidth(width + steps(6))

    def _speed_name(self, speed: float) -> str:
        return self.tr("Instant") if math.isinf(speed) else f"{speed:g}×"

    def _lay_out(self) -> None:
        self._controls = controls = QHBoxLayout()
        controls.setSpacing(steps(1))
        for widget in (self._start, self._back, self.play_button, self._forward):
            controls.addWidget(widget)
        controls.addWidget(self.slider, 1)
        controls.addWidget(self._time)
        controls.addSpacing(steps(1.5))
        controls.addWidget(self.speed_button)
        line = QHBoxLayout()
        line.setSpacing(_gap())
        for label in (self._event, self._first, self._rate):
            line.addWidget(label)
        line.addStretch(1)
        line.addWidget(self._source)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_side(), steps(1.5), _side(), steps(2.5))
        layout.setSpacing(steps(1))
        layout.addLayout(controls)
        layout.addLayout(line)

    def minimumSizeHint(self) -> QSize:
        """What the controls need: figures that do not fit are left out."""
        needed = max(self._controls_width(), _width_of([self._event, self._source]))
        return QSize(needed + 2 * _side(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the figures that fit."""
        super().resizeEvent(event)
        self._fit_figures()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line above the bar."""
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.line)


def _side() -> int:
    return steps(3.5)


def _gap() -> int:
    return steps(4)


def _width_of(labels: Sequence[QLabel]) -> int:
    """What these figures need beside each other."""
    widths = [label.sizeHint().width() for label in labels if label.text()]
    return sum(widths) + _gap() * (len(widths) + 1)  # the stretch between them is one more item of the line


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
