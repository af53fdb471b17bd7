"""The main window: the tree of interactions, the two panes, and what belongs to the files behind them.

The window shows; opening and closing is the workspace's, editing the document's. What the user asks of files
(open, save, close, reload) is in `file_commands.py`, of interactions in `interaction_commands.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QPalette
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from viewer.cassette.edits import Edit
from viewer.cassette.model import EditError, Interaction
from viewer.document.document import CassetteDocument
from viewer.document.workspace import Workspace
from viewer.stream import Reading, read
from viewer.ui.actions import ACTIONS, Menu, build_actions, paint_icons
from viewer.ui.file_commands import FileCommands
from viewer.ui.icons import app_icon
from viewer.ui.interaction_commands import InteractionCommands
from viewer.ui.interaction_tree import InteractionTree
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.problem_finder import ProblemFinder
from viewer.ui.request_pane import RequestPane
from viewer.ui.response_pane import ResponsePane
from viewer.ui.settings import Settings
from viewer.ui.status import StatusBar
from viewer.ui.theme import AppTheme, Theme, ThemeChoice
from viewer.ui.welcome import Welcome

if TYPE_CHECKING:
    from viewer.ui.error_page import ErrorPage


class MainWindow(QMainWindow):
    """The window with everything in it. `compare_requested` carries two recordings: paths, or open cassettes."""

    compare_requested = Signal(object, object)

    def __init__(self, settings: Settings, app_theme: AppTheme) -> None:
        super().__init__()
        self._settings = settings
        self._app_theme = app_theme
        self.workspace = Workspace(self)
        self.actions_by_name = build_actions(self)
        self.document: CassetteDocument | None = None
        self.position = 0
        self._shows_next = False
        # Made when something cannot be opened; most windows never need it.
        self.error_page: ErrorPage | None = None
        self.interaction: Interaction | None = None
        self.reading: Reading | None = None
        self._build(app_theme.theme)
        self.files = FileCommands(self, settings)
        self.commands = InteractionCommands(self)
        self._connect()
        self._restore()
        self._wear(app_theme.theme)
        self._show_page(self.welcome)
        self._update_actions()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Opens files and folders, and shows the first of them; a small file is there when this returns."""
        self._shows_next = bool(paths)
        self.workspace.open(paths)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown."""
        return not self.workspace.is_opening and not self.tree.model.is_working

    def select(self, document: CassetteDocument, position: int) -> None:
        """Selects an interaction, which shows it."""
        self.tree.select(document, position)

    def select_tab(self, name: str) -> bool:
        """Shows a pane's tab by its name, such as `response/events`; False where there is none."""
        side, _, tab = name.partition("/")
        pane = {"request": self.request_pane, "response": self.response_pane}.get(side)
        return pane is not None and pane.select_tab(tab)

    def edit(self, edit: Edit) -> bool:
        """Makes an edit in the current document; what speaks against it is shown where it was asked for."""
        if self.document is None:
            return False
        try:
            self.document.edit(edit)
        except EditError as err:
            self.notice.say(str(err))
            return False
        return True

    # --- building

    def _build(self, theme: Theme) -> None:
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.tree = InteractionTree(theme)
        self.request_pane = RequestPane(theme)
        self.response_pane = ResponsePane(theme)
        self.welcome = Welcome(theme)
        self.notice = NoticeBar(theme)
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._panes.addWidget(self.request_pane)
        self._panes.addWidget(self.response_pane)
        self._nothing = QLabel(self.tr("This cassette holds no interactions."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._pages = QStackedWidget()
        for page in (self.welcome, self._panes, self._nothing):
            self._pages.addWidget(page)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.tree)
        self._split.addWidget(self._pages)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        for splitter in (self._split, self._panes):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self._split, 1)
        self.setCentralWidget(whole)
        self._build_problems(theme)
        self.status = StatusBar(theme)
        self.setStatusBar(self.status)
        self._build_menus()
        self._build_toolbar()

    def _build_problems(self, theme: Theme) -> None:
        self.problems = ProblemFinder(theme, self)
        self._problems_dock = QDockWidget(self.tr("Problems"), self)
        self._problems_dock.setObjectName("problems")
        self._problems_dock.setWidget(self.problems.panel)
        self._problems_dock.hide()
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._problems_dock)

    def _build_menus(self) -> None:
        menus: dict[Menu, QMenu] = {menu: self.menuBar().addMenu(self.tr(menu.value)) for menu in Menu}
        group: dict[Menu, int] = {}
        for spec in ACTIONS:
            menu = menus[spec.menu]
            if group.get(spec.menu, spec.group) != spec.group:
                menu.addSeparator()
            group[spec.menu] = spec.group
            menu.addAction(self.actions_by_name[spec.name])
            if spec.name == "open_folder":
                self.recent_menu = menu.addMenu(self.tr("Open Recent"))
            elif spec.name == "reload":
                self.format_menu = menu.addMenu(self.tr("Read As"))
        themes = QActionGroup(self)
        for choice in ThemeChoice:
            themes.addAction(self.actions_by_name[f"theme_{choice.value}"])
        self.actions_by_name[f"theme_{self._app_theme.choice.value}"].setChecked(True)

    def _build_toolbar(self) -> None:
        self._toolbar = QToolBar(self.tr("Toolbar"))
        self._toolbar.setObjectName("toolbar")
        self._toolbar.setMovable(False)
        self._toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toolbar.toggleViewAction().setEnabled(False)
        # Icons as tall as the text's capitals with their ascenders, so that they read as part of it.
        self._toolbar.setIconSize(QSize(1, 1) * round(self.fontMetrics().height() * 1.15))
        group = 0
        for spec in sorted((spec for spec in ACTIONS if spec.toolbar), key=lambda spec: spec.toolbar):
            if group and spec.toolbar != group:
                self._toolbar.addSeparator()
            group = spec.toolbar
            self._toolbar.addAction(self.actions_by_name[spec.name])
        self.addToolBar(self._toolbar)

    def _connect(self) -> None:
        self.workspace.opened.connect(self._show_opened)
        self.workspace.failed.connect(self._show_failure)
        self.workspace.closed.connect(self._drop_closed)
        self.workspace.reloaded.connect(self._exchange_reloaded)
        self.workspace.progressed.connect(self.status.show_progress)
        self.workspace.changed_outside.connect(self.files.offer_reload)
        self.tree.current_changed.connect(self._show_interaction)
        self.tree.menu_requested.connect(self.commands.show_menu)
        for pane in (self.request_pane, self.response_pane):
            pane.edit_requested.connect(self._edit_from_pane)
            pane.undo_requested.connect(self.undo)
        self.welcome.open_requested.connect(self.files.open)
        self.welcome.example_requested.connect(self.files.open_example)
        self.welcome.recent_chosen.connect(self._open_recent)
        self.problems.chosen.connect(self._go_to_problem)
        self.problems.fix_requested.connect(self.edit)
        self.problems.found.connect(self.status.show_problems)
        self.status.problems_clicked.connect(self._problems_dock.show)
        self._app_theme.changed.connect(self._wear)
        self._connect_actions()

    def _connect_actions(self) -> None:
        actions = self.actions_by_name
        for name in ("open", "open_folder", "example", "save", "save_as", "reload", "close", "compare_files"):
            target = {"example": "open_example", "close": "close_current"}.get(name, name)
            actions[name].triggered.connect(getattr(self.files, target))
        actions["compare_saved"].triggered.connect(self.files.compare_saved)
        actions["quit"].triggered.connect(self.close)
        actions["undo"].triggered.connect(self.undo)
        actions["redo"].triggered.connect(self.redo)
        for name in ("delete", "duplicate", "move_up", "move_down"):
            actions[name].triggered.connect(getattr(self.commands, name))
        for name in ("copy_curl", "copy_markdown", "copy_answer", "copy_json"):
            actions[name].triggered.connect(getattr(self.commands, name))
        actions["find"].triggered.connect(self._find)
        actions["filter"].triggered.connect(self.tree.focus_filter)
        actions["problems"].toggled.connect(self._problems_dock.setVisible)
        self._problems_dock.visibilityChanged.connect(actions["problems"].setChecked)
        actions["wrap"].toggled.connect(self._set_wrap)
        actions["columns"].toggled.connect(self.tree.set_columns_shown)
        actions["zoom_in"].triggered.connect(self._zoom_in)
        actions["zoom_out"].triggered.connect(self._zoom_out)
        actions["zoom_reset"].triggered.connect(self._zoom_reset)
        for choice in ThemeChoice:
            actions[f"theme_{choice.value}"].triggered.connect(self._choose_theme)
        for name in ("play", "step_back", "step_forward", "to_start", "to_end"):
            actions[name].triggered.connect(getattr(self.response_pane, name))
        actions["keys"].triggered.connect(self.commands.show_keys)
        actions["about"].triggered.connect(self.commands.show_about)

    # --- documents come and go

    @Slot(object)
    def _show_opened(self, document: CassetteDocument) -> None:
        if document.path is not None:
            self._settings.add_recent(document.path)
        if document not in self.tree.model.documents:
            self._follow(document)
            self.tree.add_document(document)
        if self._shows_next:
            self._shows_next = False
            self._show_document(document)
        if not self.workspace.is_opening:
            self.status.end_progress()
        self.files.update_recent()

    def _show_document(self, document: CassetteDocument) -> None:
        """Shows the interaction of a document that was looked at last; a document without any by itself."""
        if document is self.document:
            self._show_page(self._panes)
            return
        if len(document) == 0:
            self.tree.select(document)
            return
        place = self._settings.place(document.path) if document.path else 0
        self.tree.select(document, min(place, len(document) - 1))

    def _follow(self, document: CassetteDocument) -> None:
        document.changed.connect(self._refresh)
        document.saved.connect(self._update_actions)
        document.modified_changed.connect(self._update_actions)
        document.undo_stack.indexChanged.connect(self._update_actions)

    @Slot(object, object)
    def _show_failure(self, path: Path, error: Exception) -> None:
        self.status.end_progress()
        if self.error_page is None:
            from viewer.ui.error_page import ErrorPage

            self.error_page = ErrorPage(self._app_theme.theme)
            self._pages.addWidget(self.error_page)
        self.error_page.show_error(path, error)
        self._show_page(self.error_page)

    @Slot(object)
    def _drop_closed(self, document: CassetteDocument) -> None:
        self.tree.remove_document(document)
        if document is self.document:
            self._clear()
        if not self.workspace.documents:
            self._show_page(self.welcome)

    @Slot(object, object)
    def _exchange_reloaded(self, old: CassetteDocument, new: CassetteDocument) -> None:
        was_current = old is self.document
        self._follow(new)
        if was_current:
            self.document = None
        self.tree.replace_document(old, new)
        if was_current and self.document is None:
            self._show_interaction(new, min(self.position, max(0, len(new) - 1)))
        self.notice.clear()

    def _clear(self) -> None:
        self.document, self.interaction, self.reading = None, None, None
        self.request_pane.clear()
        self.response_pane.clear()
        self.problems.look_at(None)
        self._update_actions()

    # --- showing

    @Slot(object, object)
    def _show_interaction(self, document: CassetteDocument | None, position: int | None) -> None:
        """Shows what the tree's cursor is on; on a cassette's own line, what was looked at last in it."""
        if document is None or (position is None and document is self.document):
            return
        if document is not self.document:
            self.document = document
            self.problems.look_at(document)
        if position is None:
            position = self._settings.place(document.path) if document.path else 0
        self.position = position
        if document.path is not None:
            self._settings.set_place(document.path, position)
        self._show_current()

    @Slot(object)
    def _refresh(self, _edit: Edit | None) -> None:
        """Shows the current interaction as it is now, after a change to a document."""
        if self.sender() is self.document:
            self._show_current()
        else:
            self._update_actions()

    def _show_current(self) -> None:
        document = self.document
        if document is None or len(document) == 0:
            self.interaction, self.reading = None, None
            self.request_pane.clear()
            self.response_pane.clear()
            if document is not None:
                self._show_page(self._nothing)
        else:
            self._show_page(self._panes)
            self.position = min(self.position, len(document) - 1)
            self._read_current(document)
        self._update_actions()

    def _read_current(self, document: CassetteDocument) -> None:
        interaction = document.interaction(self.position)
        self.interaction = interaction
        self.reading = read(
            interaction.request,
            interaction.response,
            duration=interaction.duration,
            chunk_times=interaction.chunk_times,
        )
        entry = document.cassette.entry_text(self.position)
        read_only = bool(document.cassette.format.read_only)
        for pane in (self.request_pane, self.response_pane):
            pane.show_interaction(interaction, self.reading, entry, read_only=read_only)

    @Slot(object)
    def _edit_from_pane(self, edit: Edit) -> None:
        document = self.document
        if document is None:
            return
        try:
            document.edit(edit)
        except EditError as err:
            pane = self.sender()
            if isinstance(pane, RequestPane | ResponsePane):
                pane.show_edit_error(f"{err.message} {err.remedy}".strip(), err.line, err.column)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.tree.setVisible(page is not self.welcome or bool(self.workspace.documents))
        if page is self.welcome:
            self.welcome.show_recent(self._settings.recent)

    @Slot(object)
    def _go_to_problem(self, problem: object) -> None:
        position = getattr(problem, "position", None)
        if self.document is not None and position is not None:
            self.tree.select(self.document, position)
            self.select_tab("request/yaml")

    # --- actions of the window itself

    @Slot()
    def undo(self) -> None:
        """Takes back the last edit of the current document."""
        if self.document is not None:
            self.document.undo_stack.undo()

    @Slot()
    def redo(self) -> None:
        """Makes the last edit that was taken back again."""
        if self.document is not None:
            self.document.undo_stack.redo()

    @Slot()
    def _find(self) -> None:
        pane = (
            self.request_pane
            if self.request_pane.isAncestorOf(self.focusWidget() or self)
            else self.response_pane
        )
        pane.find()

    @Slot(bool)
    def _set_wrap(self, wrap: bool) -> None:
        for pane in (self.request_pane, self.response_pane):
            pane.set_wrap(wrap)

    @Slot()
    def _zoom_in(self) -> None:
        self._set_zoom(self._settings.zoom + 1)

    @Slot()
    def _zoom_out(self) -> None:
        self._set_zoom(self._settings.zoom - 1)

    @Slot()
    def _zoom_reset(self) -> None:
        self._set_zoom(0)

    def _set_zoom(self, steps: int) -> None:
        self._settings.zoom = max(-6, min(16, steps))
        for pane in (self.request_pane, self.response_pane):
            pane.set_zoom(self._settings.zoom)

    @Slot()
    def _choose_theme(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            choice = ThemeChoice(action.objectName().removeprefix("theme_"))
            self._settings.theme = choice
            self._app_theme.choose(choice)

    @Slot(Path)
    def _open_recent(self, path: Path) -> None:
        self.open_paths([path])

    @Slot(object)
    def _wear(self, theme: Theme) -> None:
        paint_icons(self.actions_by_name, theme)
        for part in (
            self.tree,
            self.request_pane,
            self.response_pane,
            self.notice,
            self.problems,
            self.status,
        ):
            part.set_theme(theme)
        if self.error_page is not None:
            self.error_page.set_theme(theme)

    @Slot()
    def _update_actions(self, *_: object) -> None:
        document = self.document
        actions = self.actions_by_name
        stack = document.undo_stack if document else None
        actions["undo"].setEnabled(stack is not None and stack.canUndo())
        actions["redo"].setEnabled(stack is not None and stack.canRedo())
        undo, redo = (stack.undoText(), stack.redoText()) if stack else ("", "")
        actions["undo"].setToolTip(self.tr("Undo {0}").format(undo).strip())
        actions["redo"].setToolTip(self.tr("Redo {0}").format(redo).strip())
        actions["save"].setEnabled(document is not None and document.is_modified)
        for name in ("save_as", "reload", "close", "compare_saved", "find"):
            actions[name].setEnabled(document is not None)
        self.format_menu.setEnabled(document is not None)
        writable = document is not None and not document.cassette.format.read_only and len(document) > 0
        for name in ("delete", "duplicate", "move_up", "move_down"):
            actions[name].setEnabled(writable)
        asked = self.interaction is not None and self.interaction.request is not None
        for name in ("copy_curl", "copy_markdown", "copy_answer", "copy_json"):
            actions[name].setEnabled(asked)
        streams = self.reading is not None and self.reading.has_stream
        for name in ("play", "step_back", "step_forward", "to_start", "to_end"):
            actions[name].setEnabled(streams)
        self.status.show_document(document)
        self._title(document)

    def _title(self, document: CassetteDocument | None) -> None:
        if document is None:
            self.setWindowTitle("Cassette Viewer")
            self.setWindowModified(False)
            return
        name = document.path.name if document.path else self.tr("Untitled")
        self.setWindowTitle(f"{name}[*]")
        self.setWindowFilePath(str(document.path or ""))
        self.setWindowModified(document.is_modified)

    def _restore(self) -> None:
        geometry = self._settings.state("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(1280, 800)
        for name, splitter, sizes in (("split", self._split, [320, 960]), ("panes", self._panes, [480, 480])):
            state = self._settings.state(name)
            if state.isEmpty() or not splitter.restoreState(state):
                splitter.setSizes(sizes)
        if self._settings.zoom:
            self._set_zoom(self._settings.zoom)

    # --- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_close_all():
            event.ignore()
            return
        self.workspace.cancel()
        states: dict[str, QByteArray] = {
            "window": self.saveGeometry(),
            "split": self._split.saveState(),
            "panes": self._panes.saveState(),
        }
        for name, state in states.items():
            self._settings.set_state(name, state)
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)
