"""The window that shows two recordings side by side: their pairs at the left, what differs in one at the right.

The window asks its session, which computes in the background, and shows what comes back. Walking from one
difference to the next goes within a pair first, then on to the next pair that differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.compare.comparison import Mark, PairSummary
from viewer.compare.views import View
from viewer.ui.bars import finish_toolbar
from viewer.ui.compare.actions import ACTIONS, Menu, build_actions, paint_icons
from viewer.ui.compare.figures_line import FiguresLine
from viewer.ui.compare.find import FindField
from viewer.ui.compare.line_splitter import LineSplitter
from viewer.ui.compare.names import names_of, path_of
from viewer.ui.compare.pair_list import PairList
from viewer.ui.compare.recording import Recording
from viewer.ui.compare.session import CompareSession, Opening, Walk
from viewer.ui.compare.side_by_side import SideBySide
from viewer.ui.compare.status import CompareStatus
from viewer.ui.compare.work_page import WorkPage
from viewer.ui.error_page import ErrorPage
from viewer.ui.grid import steps
from viewer.ui.icons import app_icon
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.pane_tabs import FlatTabBar, Line, Tab, entry_title

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent

    from viewer.ui.compare.presentation import Presentation
    from viewer.ui.settings import Settings
    from viewer.ui.theme import AppTheme, Theme

_TITLES = {
    View.ANSWER: "Answer",
    View.REQUEST: "Request",
    View.BODY: "Body",
    View.HEADERS: "Headers",
}


class CompareWindow(QMainWindow):
    """Two recordings side by side."""

    def __init__(self, settings: Settings, app_theme: AppTheme) -> None:
        super().__init__()
        self._settings = settings
        self._recordings: tuple[Recording, Recording] | None = None
        self._opening: Opening | None = None
        self._shown: Presentation | None = None
        self._wanted: int | None = None
        self._resume: int | None = None
        self._outcome = ""
        self._choice: View | None = None
        # Prose wraps; where lines have a form of their own, that is kept until somebody wants it otherwise.
        self._wrapped_views = {View.ANSWER}
        self._enters_backwards = False
        self._seeks_first = False
        self.session = CompareSession(self)
        self.actions_by_name = build_actions(self)
        self._app_theme = app_theme
        self._build(app_theme.theme)
        self._connect()
        self._restore()
        self._wear(app_theme.theme)

    def compare(self, left: Recording, right: Recording) -> None:
        """Compares two recordings: files, open cassettes as they are now, or one interaction of such with another."""
        self._recordings = (left, right)
        self._shown, self._opening, self._wanted, self._resume = None, None, None, None
        self._outcome = ""
        names = names_of(left, right)
        for heading, name, recording in zip(self.panes.headings, names, (left, right), strict=True):
            heading.set_name(name, str(path_of(recording) or ""))
            heading.set_note("")
        self.setWindowTitle(self.tr("{0} ↔ {1}").format(*names))
        self.notice.clear()
        self.status.end_work()
        self.pairs.model.set_comparison(None)
        self.work.begin(self.tr("Comparing {0} and {1} …").format(*names))
        self._pages.setCurrentWidget(self.work)
        self._update_actions()
        self.session.open(left, right)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown, the summaries of all pairs included."""
        return not self.session.is_working

    @property
    def failures(self) -> Sequence[tuple[Path, Exception]]:
        """The recordings that could not be opened, and why."""
        return self._opening.failures if self._opening else ()

    @property
    def tabs(self) -> list[str]:
        """The names of the tabs offered now."""
        return [view.value for view in self._shown.views] if self._shown else []

    @property
    def tab(self) -> str:
        """The name of the tab shown, "" for none."""
        return self._shown.view.value if self._shown else ""

    def select_pair(self, index: int) -> None:
        """Shows a pair, counted from 0. Raises IndexError where there is none."""
        if not 0 <= index < len(self.pairs.model.lines):
            raise IndexError(index)
        self._seeks_first = False
        self._show(index, self._choice)

    def select_tab(self, name: str) -> bool:
        """Shows a tab by its name; False where the pair has nothing to say there."""
        if self._wanted is None or name not in [view.value for view in self._wanted_views()]:
            return False
        self._choice = View(name)
        self._seeks_first = False
        self._show(self._wanted, self._choice)
        return True

    def _wanted_views(self) -> Sequence[View]:
        """The views of the pair that was asked for, which may still be on its way."""
        if self._shown is not None and self._shown.index == self._wanted:
            return self._shown.views
        return [] if self._wanted is None else self.session.views(self._wanted)

    # --- building

    def _build(self, theme: Theme) -> None:
        self.setWindowIcon(app_icon())
        self.pairs = PairList(theme)
        self.notice = NoticeBar(theme)
        # Its own, not that of what it lies on.
        self.notice.setBackgroundRole(self.notice.palette().ColorRole.Window)
        self.tab_bar = FlatTabBar(theme)
        self.tab_bar.setAccessibleName(self.tr("What is compared"))
        self._tab_line = Line(theme)
        self.panes = SideBySide(theme)
        self.figures = FiguresLine(theme)
        self.find_field = FindField(self.panes)
        self.work = WorkPage()
        # One for each recording that cannot be opened; they stand as the recordings would.
        self.error_pages = (ErrorPage(theme), ErrorPage(theme))
        self._errors = LineSplitter(theme)
        for page in self.error_pages:
            self._errors.addWidget(page)
        self.status = CompareStatus(theme)
        self.setStatusBar(self.status)
        right = QWidget()
        right.setAutoFillBackground(True)
        right.setBackgroundRole(right.palette().ColorRole.Base)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.notice, self.tab_bar, self._tab_line):
            column.addWidget(part)
        column.addWidget(self.panes, 1)
        column.addWidget(self.figures)
        self._split = LineSplitter(theme)
        self._split.addWidget(self.pairs)
        self._split.addWidget(right)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([steps(75), steps(245)])
        self._pages = QStackedWidget()
        for whole in (self.work, self._split, self._errors):
            self._pages.addWidget(whole)
        self.setCentralWidget(self._pages)
        self._build_menus()
        self._build_toolbar()

    def _build_menus(self) -> None:
        menus: dict[Menu, QMenu] = {menu: self.menuBar().addMenu(self.tr(menu.value)) for menu in Menu}
        groups: dict[Menu, int] = {}
        for spec in ACTIONS:
            if groups.setdefault(spec.menu, spec.group) != spec.group:
                menus[spec.menu].addSeparator()
            groups[spec.menu] = spec.group
            menus[spec.menu].addAction(self.actions_by_name[spec.name])

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Toolbar"))
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setIconSize(QSize(steps(4), steps(4)))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name, text in (("previous", self.tr("Previous")), ("next", self.tr("Next"))):
            self.actions_by_name[name].setIconText(text)
            bar.addAction(self.actions_by_name[name])
        bar.addSeparator()
        self._tell_muted(0)
        bar.addAction(self.actions_by_name["mute"])
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        self.find_field.setTextMargins(steps(1), 0, steps(1), 0)
        self.find_field.setFixedWidth(steps(65))
        self.find_field.setMinimumHeight(self.fontMetrics().height() + steps(3))
        bar.addWidget(self.find_field)
        finish_toolbar(bar)
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumHeight(steps(7))
        self.addToolBar(bar)

    def _connect(self) -> None:
        session, actions = self.session, self.actions_by_name
        session.opened.connect(self._take)
        session.summarised.connect(self._take_summaries)
        session.finished.connect(self._tell_outcome)
        session.shown.connect(self._take_shown)
        session.walked.connect(self._take_walk)
        session.failed.connect(self._tell_failure)
        session.progressed.connect(self.work.set_progress)
        session.progressed.connect(self.status.set_progress)
        self.pairs.chosen.connect(self.select_pair)
        self.tab_bar.currentChanged.connect(self._choose_tab)
        self.panes.zoom_changed.connect(self._keep_zoom)
        self.panes.find_requested.connect(self.find_field.open)
        self.find_field.told.connect(self.status.tell_found)
        self.work.cancelled.connect(self._cancel)
        self.work.again_wanted.connect(self.again)
        self.status.cancelled.connect(self._cancel)
        self._app_theme.changed.connect(self._wear)
        for name in ("swap", "again", "close", "copy", "next", "previous", "next_pair", "previous_pair"):
            actions[name].triggered.connect(getattr(self, name))
        actions["find"].triggered.connect(self.find_field.open)
        actions["find_next"].triggered.connect(self.find_field.find_next)
        actions["find_previous"].triggered.connect(self.find_field.find_previous)
        actions["filter"].triggered.connect(self.pairs.filter_field.setFocus)
        actions["keys"].triggered.connect(self.show_keys)
        actions["next_tab"].triggered.connect(self.next_tab)
        actions["previous_tab"].triggered.connect(self.previous_tab)
        actions["mute"].setChecked(True)
        actions["mute"].toggled.connect(self._mute)
        actions["wrap"].toggled.connect(self._wrap)
        for name, step in (("zoom_in", 1), ("zoom_out", -1), ("zoom_reset", 0)):
            actions[name].setData(step)
            actions[name].triggered.connect(self._zoom)

    # --- what a person asks for

    @Slot()
    def swap(self) -> None:
        """Puts the right recording at the left, and the left one at the right."""
        if self._recordings:
            resume, (left, right) = self._wanted, self._recordings
            self.compare(right, left)
            self._resume = resume

    @Slot()
    def again(self) -> None:
        """Reads both files anew and compares them."""
        if self._recordings:
            resume = self._wanted
            self.compare(*self._recordings)
            self._resume = resume

    @Slot()
    def copy(self) -> None:
        """Copies what is selected in the field or the text that is in use."""
        field = next(
            (field for field in (self.find_field, self.pairs.filter_field) if field.hasFocus()), None
        )
        (field or self.panes.active).copy()

    @Slot()
    def next(self) -> None:
        """Goes to the next difference, in this pair or another."""
        self._step(forwards=True)

    @Slot()
    def previous(self) -> None:
        """Goes to the difference before, in this pair or another."""
        self._step(forwards=False)

    @Slot()
    def next_pair(self) -> None:
        """Shows the next pair."""
        self._step_pair(1)

    @Slot()
    def previous_pair(self) -> None:
        """Shows the pair before."""
        self._step_pair(-1)

    @Slot()
    def next_tab(self) -> None:
        """Shows the next tab, behind the last one the first."""
        self._step_tab(1)

    @Slot()
    def previous_tab(self) -> None:
        """Shows the tab before."""
        self._step_tab(-1)

    @Slot()
    def show_keys(self) -> None:
        """Lists the keys."""
        from viewer.ui.keys_dialog import COMPARE_KEYS, show_keys

        show_keys(COMPARE_KEYS, self.actions_by_name.values(), self)

    def _step(self, *, forwards: bool) -> None:
        shown = self._shown
        if shown is None or self.session.is_showing:
            return
        if self.panes.go_to(self.panes.current + (1 if forwards else -1), sideways=True):
            self._tell_place()
            return
        self.status.begin_work()
        self.session.walk(shown.index, shown.view, forwards=forwards, mute=self._mutes)

    def _step_pair(self, step: int) -> None:
        if self._shown is not None and 0 <= self._shown.index + step < len(self.pairs.model.lines):
            self.select_pair(self._shown.index + step)

    def _step_tab(self, step: int) -> None:
        if self._shown is not None:
            names = self.tabs
            self.select_tab(names[(names.index(self.tab) + step) % len(names)])

    @property
    def _mutes(self) -> bool:
        return self.actions_by_name["mute"].isChecked()

    @Slot()
    def _mute(self) -> None:
        if self._shown is not None:
            self._show(self._shown.index, self._shown.view)

    @Slot(bool)
    def _wrap(self, wraps: bool) -> None:
        """Wraps the lines of this view from now on, or lets them run on."""
        if self._shown is not None:
            (self._wrapped_views.add if wraps else self._wrapped_views.discard)(self._shown.view)
            self.panes.show_presentation(self._shown, wrap=wraps, keep_place=True)

    def _check_silently(self, name: str, checked: bool) -> None:
        """Ticks an action for what is so already."""
        action = self.actions_by_name[name]
        action.blockSignals(True)
        action.setChecked(checked)
        action.blockSignals(False)

    @Slot(int)
    def _choose_tab(self, index: int) -> None:
        if 0 <= index < len(self.tabs):
            self.select_tab(self.tabs[index])

    @Slot()
    def _zoom(self) -> None:
        action = self.sender()
        self.panes.zoom(action.data())  # type: ignore[attr-defined]

    @Slot(int)
    def _keep_zoom(self, points: int) -> None:
        self._settings.zoom = points

    @Slot()
    def _cancel(self) -> None:
        """Ends what is being computed. Recordings not opened yet can be compared again."""
        self.status.end_work()
        if self.session.comparison is not None:
            self.session.cancel_showing()
            return
        self.session.cancel()
        self.work.show_cancelled(self.tr("The comparison was cancelled."))

    # --- what comes back

    @Slot(object)
    def _take(self, opening: Opening) -> None:
        self.work.end()
        self._opening = opening
        if opening.comparison is None:
            self._show_failures(opening)
            return
        self.pairs.model.set_comparison(opening.comparison)
        self.status.tell_pairs(self.pairs.model.lines)
        self._pages.setCurrentWidget(self._split)
        self._update_actions()
        if self.pairs.model.lines:
            # The first difference may be far from the first pair; the first pair is there meanwhile.
            self._seeks_first = self._resume is None
            self._show(min(self._resume or 0, len(self.pairs.model.lines) - 1), self._choice)
        self.pairs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, index: int, view: View | None) -> None:
        self._wanted = index
        self.pairs.select(index)
        self.status.begin_work()
        self.session.show(index, view, mute=self._mutes)

    @Slot(object)
    def _take_shown(self, shown: Presentation) -> None:
        before, self._shown = self._shown, shown
        same = before is not None and (before.index, before.view) == (shown.index, shown.view)
        self.status.end_work()
        self._show_tabs(shown)
        wraps = shown.view in self._wrapped_views
        self.panes.show_presentation(shown, wrap=wraps, keep_place=same)
        self._check_silently("wrap", wraps)
        self.figures.set_figures(shown.figures)
        for heading, day in zip(self.panes.headings, shown.days, strict=True):
            heading.set_note(self.tr("recorded {0}").format(day) if day else "")
        self._tell_notes()
        self._tell_muted(len(shown.arrangement.muted))
        if not same:
            self.panes.go_to(self.panes.stop_count - 1 if self._enters_backwards else 0)
        self._enters_backwards = False
        self._tell_place()
        self._seeks_first = self._seeks_first and not shown.arrangement.stops
        if self._seeks_first and not shown.arrangement.stops:
            self.status.begin_work()
            self.session.walk(shown.index, shown.view, forwards=True, mute=self._mutes)

    @Slot(object)
    def _take_walk(self, found: Walk | None) -> None:
        self.status.end_work()
        sought, self._seeks_first = self._seeks_first, False
        if found is None:
            if not sought:
                self.status.showMessage(self.tr("There is no further difference."), 4000)
            return
        self._enters_backwards = not found.forwards
        self._show(found.index, found.view)

    @Slot(int, object)
    def _take_summaries(self, first: int, summaries: list[PairSummary]) -> None:
        self.pairs.model.set_summaries(first, summaries)
        self.status.tell_pairs(self.pairs.model.lines)

    @Slot()
    def _tell_outcome(self) -> None:
        """Every pair is looked at: says so where nothing differs."""
        marks = {line.summary.mark for line in self.pairs.model.lines if line.summary}
        if not marks:
            self._outcome = self.tr("Neither recording holds an interaction.")
        elif self._opening is not None and self._opening.are_identical:
            self._outcome = self.tr("The two recordings are identical, byte for byte.")
        elif marks == {Mark.SAME}:
            self._outcome = self.tr("All interactions are the same.")
        elif marks <= {Mark.SAME, Mark.NOISE}:
            self._outcome = self.tr("The recordings differ in noise only: in ids, dates and the like.")
        self._tell_notes()

    def _tell_place(self) -> None:
        if self._shown is not None:
            self.status.tell_place(
                self.panes.current, self.panes.stop_count, len(self._shown.arrangement.muted)
            )

    def _tell_muted(self, count: int) -> None:
        self.actions_by_name["mute"].setIconText(
            self.tr("Mute noise · {0} muted").format(count) if count else self.tr("Mute noise")
        )

    def _tell_notes(self) -> None:
        """What could not be read in one of the two interactions, else what is to be said of all of them."""
        notes = [
            f"{heading.name}: {note}"
            for heading, note in zip(
                self.panes.headings, self._shown.notes if self._shown else (), strict=False
            )
            if note
        ]
        if notes:
            self.notice.say("\n".join(notes))
        elif self._outcome:
            self.notice.say(self._outcome, error=False)
        else:
            self.notice.clear()

    def _show_tabs(self, shown: Presentation) -> None:
        self.tab_bar.blockSignals(True)
        self.tab_bar.set_tabs([Tab(view.value, self._title(view)) for view in shown.views])
        self.tab_bar.setCurrentIndex(shown.views.index(shown.view) if shown.views else -1)
        self.tab_bar.blockSignals(False)

    def _title(self, view: View) -> str:
        comparison = self.session.comparison
        if view is View.YAML and comparison is not None:
            return entry_title(comparison.left.layout.syntax, comparison.right.layout.syntax)
        return self.tr(_TITLES[view])

    def _show_failures(self, opening: Opening) -> None:
        for index, page in enumerate(self.error_pages):
            page.setVisible(index < len(opening.failures))
            if index < len(opening.failures):
                page.show_error(*opening.failures[index])
        self._errors.setSizes([self.width()] * 2)
        self._pages.setCurrentWidget(self._errors)
        self.status.place.setText("")
        self.status.pairs.setText("")
        self._update_actions()

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        self.status.end_work()
        self.work.show_cancelled(f"{type(error).__name__}: {error}")
        if self.session.comparison is not None:
            self.notice.say(f"{type(error).__name__}: {error}")

    def _update_actions(self) -> None:
        is_open = self.session.comparison is not None
        for name in (
            "next",
            "previous",
            "next_pair",
            "previous_pair",
            "next_tab",
            "previous_tab",
            "mute",
            "find",
        ):
            self.actions_by_name[name].setEnabled(is_open)
        self.find_field.setEnabled(is_open)

    @Slot(object)
    def _wear(self, theme: Theme) -> None:
        for part in (
            self._split,
            self.pairs,
            self.notice,
            self.tab_bar,
            self._tab_line,
            self.panes,
            self.figures,
            self._errors,
            *self.error_pages,
            self.status,
        ):
            part.set_theme(theme)
        paint_icons(self.actions_by_name, theme)

    def _restore(self) -> None:
        geometry: QByteArray = self._settings.state("compare/window")
        if geometry.isEmpty():
            self.resize(steps(320), steps(200))
        else:
            self.restoreGeometry(geometry)
        self._split.restoreState(self._settings.state("compare/split"))
        if self._settings.zoom:
            self.panes.set_zoom(self._settings.zoom)

    # --- Qt overrides

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._app_theme.show_on(self.devicePixelRatio())
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.session.cancel()
        self._settings.set_state("compare/window", self.saveGeometry())
        self._settings.set_state("compare/split", self._split.saveState())
        super().closeEvent(event)
