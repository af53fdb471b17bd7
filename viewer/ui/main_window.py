"""The main window: the tree of interactions, the two panes, and what belongs to the files behind them.

The window shows; opening and closing is the workspace's, editing the document's. What the user asks of files
(open, save, close, reload) is in `file_commands.py`, of interactions in `interaction_commands.py`, of the way
things are shown in `view_commands.py`; which of it can be asked now is in `action_states.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.cassette.model import EditError, Interaction, Kind
from viewer.document.workspace import Workspace
from viewer.ui.action_states import update_states
from viewer.ui.actions import build_actions, paint_icons
from viewer.ui.bars import build_menus, build_toolbar
from viewer.ui.file_commands import FileCommands
from viewer.ui.grid import steps
from viewer.ui.icons import app_icon
from viewer.ui.interaction_commands import InteractionCommands
from viewer.ui.interaction_reader import InteractionReader, ReadInteraction
from viewer.ui.interaction_tree import InteractionTree
from viewer.ui.notice_bar import Answer, NoticeBar
from viewer.ui.problem_finder import ProblemFinder
from viewer.ui.request_pane import RequestPane
from viewer.ui.response_pane import ResponsePane
from viewer.ui.status import StatusBar
from viewer.ui.theme import AppTheme, Theme, ThemeChoice
from viewer.ui.unopened import Unopened
from viewer.ui.view_commands import ViewCommands

if TYPE_CHECKING:
    from viewer.cassette.edits import Edit
    from viewer.document.document import CassetteDocument
    from viewer.stream import Reading
    from viewer.ui.editor import Editor
    from viewer.ui.error_page import ErrorPage
    from viewer.ui.settings import Settings
    from viewer.ui.welcome import Welcome


class MainWindow(QMainWindow):
    """The window with everything in it.

    Signals:
        compare_requested(Path | Cassette, Path | Cassette): two recordings, on disk or open.
        given_up(): the window closes; whatever is unsaved in it was given up when the user was asked.
    """

    compare_requested = Signal(object, object)
    given_up = Signal()

    def __init__(self, settings: Settings, app_theme: AppTheme) -> None:
        super().__init__()
        self._settings = settings
        self._app_theme = app_theme
        self.workspace = Workspace(self)
        self._reader = InteractionReader(self)
        self.actions_by_name = build_actions(self)
        self.document: CassetteDocument | None = None
        self.position = 0
        self._shows_next = False
        self._asked: set[Path] = set()
        # Made when something cannot be opened; most windows never need it.
        self.error_page: ErrorPage | None = None
        self.interaction: Interaction | None = None
        # What the panes show, which is not yet what is selected while a large interaction is being read.
        self._shown: CassetteDocument | None = None
        self._shown_position = 0
        self._is_leaving = False
        self.reading: Reading | None = None
        self._build(app_theme.theme)
        self._unopened = Unopened(self.notice, self._show_error)
        self.files = FileCommands(self, settings)
        self.commands = InteractionCommands(self)
        self.views = ViewCommands(self, settings, app_theme)
        self._connect()
        self._restore()
        paint_icons(self.actions_by_name, app_theme.theme)
        self._update_actions()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Opens files and folders, and shows the first of them; a small file is there when this returns."""
        self._shows_next = bool(paths)
        self._asked.update(paths)
        for folder in filter(Path.is_dir, paths):
            self._remember(folder)
        self._unopened.begin(paths)
        self.workspace.open(paths)

    @cached_property
    def welcome(self) -> Welcome:
        """The page of a window that shows no cassette; made when there is none."""
        from viewer.ui.welcome import Welcome

        page = Welcome(self._app_theme.theme)
        page.open_requested.connect(self.files.open)
        page.example_requested.connect(self.files.open_example)
        page.recent_chosen.connect(self._open_recent)
        self._pages.addWidget(page)
        return page

    @cached_property
    def editor(self) -> Editor:
        """What makes edits; made with the first."""
        from viewer.ui.editor import Editor

        editor = Editor(self)
        editor.begun.connect(self._hold_panes)
        editor.kept_waiting.connect(self.status.show_work)
        editor.ended.connect(self._end_edit)
        return editor

    @property
    def is_editing(self) -> bool:
        """Whether an edit is being made in the background."""
        return "editor" in self.__dict__ and self.editor.is_busy

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown."""
        is_busy = self.workspace.is_opening or self._reader.is_busy or self.is_editing
        return not is_busy and not self.tree.model.is_working

    @property
    def panes(self) -> tuple[RequestPane, ResponsePane]:
        """The two panes."""
        return self.request_pane, self.response_pane

    def select(self, document: CassetteDocument, position: int) -> None:
        """Selects an interaction, which shows it."""
        self.tree.select(document, position)

    def select_tab(self, name: str) -> bool:
        """Shows a pane's tab by its name, such as `response/events`; False where there is none."""
        side, _, tab = name.partition("/")
        pane = {"request": self.request_pane, "response": self.response_pane}.get(side)
        return pane is not None and pane.select_tab(tab)

    def edit(self, edit: Edit, made: Callable[[], object] = lambda: None) -> None:
        """Makes an edit in the current document, then calls `made`; what speaks against it is said above the panes."""
        if self.document is not None:
            self.editor.make(self.document, edit, self._say_refused, made)

    @Slot()
    def end_progress(self) -> None:
        """Something has ended: shows no progress any more, unless there is more under way."""
        is_working = self.workspace.is_opening or self._reader.is_busy or self.is_editing
        if not is_working and not self.files.is_saving:
            self.status.end_progress()

    @Slot()
    def stop(self) -> None:
        """Stops what the status bar shows the progress of."""
        self.workspace.cancel()
        if self.is_editing:
            self.editor.stop()
        if self._reader.is_busy:
            self._reader.cancel()
            self._leave_shown()
            self._shown = None
            for pane in self.panes:
                pane.show_waiting(self.tr("Reading was stopped."))
        self.end_progress()

    def commit_typed(self) -> None:
        """Makes an edit of what is being typed, as leaving the field would; what is refused stays in the field."""
        for pane in self.panes:
            pane.commit()

    def add_bar(self, bar: QWidget) -> None:
        """Puts a bar above everything else in the window."""
        self._bars.insertWidget(0, bar)

    # --- building

    def _build(self, theme: Theme) -> None:
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.tree = InteractionTree(theme)
        self.request_pane = RequestPane(theme)
        self.response_pane = ResponsePane(theme)
        self.notice = NoticeBar(theme)
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._panes.addWidget(self.request_pane)
        self._panes.addWidget(self.response_pane)
        self._nothing = QLabel(self.tr("This cassette holds no interactions."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._pages = QStackedWidget()
        for page in (self._panes, self._nothing):
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
        self._bars = column
        column.addWidget(self.notice)
        column.addWidget(self._split, 1)
        self.setCentralWidget(whole)
        self.problems = ProblemFinder(theme, self)
        self.status = StatusBar(theme)
        self.setStatusBar(self.status)
        menus = build_menus(self, self.actions_by_name, self._app_theme.choice)
        self.recent_menu, self.format_menu, self.columns_menu = menus.recent, menus.formats, menus.columns
        self.view_menu = menus.view
        self.columns_menu.setEnabled(False)
        build_toolbar(self, self.actions_by_name)

    @cached_property
    def _problems_dock(self) -> QDockWidget:
        """Where problems are listed; made when somebody looks."""
        dock = QDockWidget(self.tr("Problems"), self)
        dock.setObjectName("problems")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setTitleBarWidget(self.problems.panel.title)
        dock.setWidget(self.problems.panel)
        self.problems.panel.hide_requested.connect(dock.hide)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        dock.visibilityChanged.connect(self.actions_by_name["problems"].setChecked)
        return dock

    def _connect(self) -> None:
        self.workspace.opened.connect(self._show_opened)
        self.workspace.failed.connect(self._show_failure)
        self.workspace.closed.connect(self._drop_closed)
        self.workspace.reloaded.connect(self._exchange_reloaded)
        self.workspace.progressed.connect(self.status.show_progress)
        self.workspace.rested.connect(self.end_progress)
        self.workspace.about_to_reload.connect(self._commit_typed_into)
        self.workspace.changed_outside.connect(self.files.offer_reload)
        self.workspace.deleted_outside.connect(self.files.tell_deleted)
        self.tree.current_changed.connect(self._show_interaction)
        self._reader.arrived.connect(self._show_arrived)
        self._reader.kept_waiting.connect(self._say_reading)
        self.tree.menu_requested.connect(self.commands.show_menu)
        self.tree.activated.connect(self._enter_panes)
        self.tree.selection_changed.connect(self.commands.update_states)
        self.tree.view.delete_requested.connect(self.actions_by_name["delete"].trigger)
        for pane in self.panes:
            pane.edit_requested.connect(self._edit_from_pane)
            pane.undo_requested.connect(self.undo)
            pane.redo_requested.connect(self.redo)
        self.problems.chosen.connect(self._go_to_problem)
        self.problems.fix_requested.connect(self.edit)
        self.problems.found.connect(self.status.show_problems)
        self.status.problems_clicked.connect(self._open_problems)
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
        actions["compare_selected"].triggered.connect(self.commands.compare)
        actions["find"].triggered.connect(self.views.find)
        actions["edit"].triggered.connect(self.views.edit)
        actions["save_body"].triggered.connect(self.views.save_body)
        actions["filter"].triggered.connect(self.tree.focus_filter)
        actions["problems"].toggled.connect(self._show_problems)
        actions["problems"].triggered.connect(self._enter_problems)
        actions["wrap"].triggered.connect(self.views.toggle_wrap)
        self.view_menu.aboutToShow.connect(self.views.show_wrap)
        for name in ("fold_block", "unfold_block", "unfold_all"):
            actions[name].triggered.connect(getattr(self.views, name))
        for level in (1, 2, 3):
            actions[f"fold_level_{level}"].triggered.connect(self.views.fold_level)
        actions["columns"].toggled.connect(self.tree.set_columns_shown)
        actions["columns"].toggled.connect(self.columns_menu.setEnabled)
        self.columns_menu.aboutToShow.connect(self._fill_columns)
        actions["zoom_in"].triggered.connect(self.views.zoom_in)
        actions["zoom_out"].triggered.connect(self.views.zoom_out)
        actions["zoom_reset"].triggered.connect(self.views.zoom_reset)
        for choice in ThemeChoice:
            actions[f"theme_{choice.value}"].triggered.connect(self.views.choose_theme)
        for name in ("play", "step_back", "step_forward", "to_start", "to_end"):
            actions[name].triggered.connect(getattr(self.response_pane, name))
        actions["keys"].triggered.connect(self.commands.show_keys)
        actions["about"].triggered.connect(self.commands.show_about)

    @Slot()
    def _fill_columns(self) -> None:
        self.tree.view.fill_columns_menu(self.columns_menu)

    @Slot(bool)
    def _show_problems(self, shown: bool) -> None:
        if shown or "_problems_dock" in self.__dict__:
            self._problems_dock.setVisible(shown)

    @Slot()
    def _open_problems(self) -> None:
        self._problems_dock.show()

    @Slot(bool)
    def _enter_problems(self, shown: bool) -> None:
        """The keyboard goes along to the panel that was asked for."""
        if shown:
            self.problems.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- documents come and go

    @Slot(object)
    def _show_opened(self, document: CassetteDocument) -> None:
        if document.path in self._asked:
            self._remember(document.path)
        if document not in self.tree.model.documents:
            self._follow(document)
            self.tree.add_document(document)
        if self._shows_next:
            self._shows_next = False
            self._show_document(document)

    def _remember(self, path: Path) -> None:
        """Puts what was asked for among the recent files; what stands in a folder is not asked for by itself."""
        self._asked.discard(path)
        self._settings.add_recent(path)
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
        """A file asked for alone takes the page; one of several does only as long as none is shown."""
        is_alone = self._unopened.is_alone(path) and self.workspace.document_of(path) is None
        if not is_alone:
            self._unopened.add(path, error)
        if is_alone or self._shows_next:
            self._show_error(path, error)

    def _show_error(self, path: Path, error: Exception) -> None:
        if self.error_page is None:
            from viewer.ui.error_page import ErrorPage

            self.error_page = ErrorPage(self._app_theme.theme)
            self._pages.addWidget(self.error_page)
        self.error_page.show_error(path, error)
        self._show_page(self.error_page)

    @Slot(object)
    def _drop_closed(self, document: CassetteDocument) -> None:
        if self.is_editing:
            self.editor.forget(document)
        self.tree.remove_document(document)
        self._settings.keep_places()
        if document is self.document:
            self._clear()
        elif document is self._shown:
            # Another one's interaction is being read; what was typed into this one is closed with it.
            self._shown = None
            self._say_reading()
        if not self.workspace.documents:
            self._show_welcome()

    @Slot(object, object)
    def _exchange_reloaded(self, old: CassetteDocument, new: CassetteDocument) -> None:
        was_current = old is self.document
        if self.is_editing:
            self.editor.forget(old)
        if old is self._shown:
            self._shown = None
        self._follow(new)
        if was_current:
            self.document = None
        self.tree.replace_document(old, new)
        if was_current and self.document is None:
            self._show_interaction(new, min(self.position, max(0, len(new) - 1)))
        self.notice.clear()

    @Slot(object)
    def _commit_typed_into(self, document: CassetteDocument) -> None:
        if document is self._shown:
            self.commit_typed()

    def _clear(self) -> None:
        self._reader.cancel()
        self.document, self._shown, self.interaction, self.reading = None, None, None, None
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
            self._reader.cancel()
            self._leave_shown()
            self._shown = None
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
        found = self._reader.read(document, self.position)
        if found is None:
            self.interaction, self.reading = None, None
            self._hold_panes(document)
        else:
            self._show_read(found)

    @Slot(object)
    def _show_read(self, found: ReadInteraction) -> None:
        document = self.document
        if document is None:
            return
        if self._shown is not document or self._shown_position != found.interaction.position:
            self._leave_shown()
        self._shown_position = found.interaction.position
        self._shown, self.interaction, self.reading = document, found.interaction, found.reading
        read_only = bool(document.cassette.format.read_only)
        # What is no HTTP is one text, which stands in one pane.
        self.response_pane.setVisible(found.interaction.kind is Kind.HTTP)
        contents = found.request_content, found.response_content
        for pane, content in zip(self.panes, contents, strict=True):
            pane.show_interaction(
                found.interaction,
                found.reading,
                found.entry_text,
                syntax=document.cassette.layout.syntax,
                read_only=read_only,
                content=content,
            )

    @Slot(object)
    def _show_arrived(self, found: ReadInteraction) -> None:
        self._show_read(found)
        self._update_actions()
        self.end_progress()

    @Slot()
    def _enter_panes(self) -> None:
        """Enter in the list leads to the answer."""
        (self.request_pane if self.response_pane.isHidden() else self.response_pane).enter()

    @Slot()
    def _say_reading(self) -> None:
        """Shows that it takes a while; what was edited stays to be seen until it is read again."""
        self.status.show_work()
        if self._shown is not self.document or self._shown_position != self.position:
            self._leave_shown()
            for pane in self.panes:
                pane.show_waiting(self.tr("Reading …"))

    @Slot(object)
    def _hold_panes(self, document: CassetteDocument) -> None:
        """Nobody shall type into what is about to be replaced."""
        if document is self._shown:
            for pane in self.panes:
                pane.hold()
        self._update_actions()

    @Slot(object)
    def _end_edit(self, document: CassetteDocument) -> None:
        if document is self.document and not self._reader.is_busy:
            for pane in self.panes:
                pane.release()
        self._update_actions()
        self.end_progress()

    @Slot(object)
    def _edit_from_pane(self, edit: Edit) -> None:
        # What was typed belongs to what is shown: choosing another cassette leaves the field, which commits it.
        document, pane = self._shown, self.sender()
        if document is not None and isinstance(pane, RequestPane | ResponsePane):
            refused = partial(self._refuse_edit, pane, document, edit)
            self.editor.make(document, edit, refused, self._show_unchanged)

    def _refuse_edit(
        self, pane: RequestPane | ResponsePane, document: CassetteDocument, edit: Edit, error: EditError
    ) -> None:
        """Says what speaks against an edit from a pane: there, where what was typed can be mended.

        Where something else is shown by now the pane must not have it again, or it would be made of that.
        """
        is_shown = document is self._shown and edit.position == self._shown_position
        if is_shown and not self._is_leaving:
            pane.refuse_edit(error)
            return
        pane.release()
        name = document.path.name if document.path else self.tr("the unnamed cassette")
        what = self.tr("What was typed into interaction {} of {} was not taken: {}")
        why = EditError(error.message, line=error.line, column=error.column)
        # Imported with the first edit that is refused; the start does without.
        from viewer.cassette.edits import SetBodyText, SetEntryText

        answers: tuple[Answer, ...] = ((self.tr("Hide"), self.notice.clear),)
        if isinstance(edit, SetBodyText | SetEntryText):
            copy = partial(QGuiApplication.clipboard().setText, edit.text)
            answers = ((self.tr("Copy What Was Typed"), copy), *answers)
        self.notice.say(what.format(edit.position, name, why), answers=answers)

    def _leave_shown(self) -> None:
        """Ends what is being typed, before something else is shown."""
        # An edit of what is shown shows it anew on the way.
        was_leaving, self._is_leaving = self._is_leaving, True
        for pane in self.panes:
            pane.commit()
        self._is_leaving = was_leaving

    def _show_unchanged(self) -> None:
        """Where nothing was changed after all, what was typed is no longer shown."""
        if self.request_pane.is_held and not self._reader.is_busy:
            self._show_current()

    def _say_refused(self, error: EditError) -> None:
        self.notice.say(str(error))

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.tree.setVisible(bool(self.workspace.documents))

    def _show_welcome(self) -> None:
        self._show_page(self.welcome)
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
            self.editor.go(self.document, back=True, refused=self._say_refused)

    @Slot()
    def redo(self) -> None:
        """Makes the last edit that was taken back again."""
        if self.document is not None:
            self.editor.go(self.document, back=False, refused=self._say_refused)

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
        if "welcome" in self.__dict__:
            self.welcome.set_theme(theme)

    @Slot()
    def _update_actions(self, *_: object) -> None:
        update_states(self.actions_by_name, self.document, self.interaction, self.reading)
        self.commands.update_states()
        self.format_menu.setEnabled(self.document is not None)
        self.status.show_document(self.document)
        self._title(self.document)

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
        for name, splitter, sizes in (
            ("split", self._split, [steps(80), steps(240)]),
            ("panes", self._panes, [steps(120), steps(120)]),
        ):
            state = self._settings.state(name)
            if state.isEmpty() or not splitter.restoreState(state):
                splitter.setSizes(sizes)
        self.tree.view.set_columns_state(self._settings.state("columns"))
        self.actions_by_name["columns"].setChecked(self._settings.columns_shown)

    # --- Qt

    def event(self, event: QEvent) -> bool:
        """Ctrl+S saves what is being typed too, also where there was nothing to save before it."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._app_theme.show_on(self.devicePixelRatio())
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Save)
        ):
            self.commit_typed()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        # Not before: what was asked for is open by now, unless it is large.
        if not self.workspace.documents and self._pages.currentWidget() is self._panes:
            self._show_welcome()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_close_all():
            event.ignore()
            return
        self.workspace.cancel()
        states: dict[str, QByteArray] = {
            "window": self.saveGeometry(),
            "split": self._split.saveState(),
            "panes": self._panes.saveState(),
            "columns": self.tree.view.columns_state(),
        }
        self._settings.keep_places()
        self._settings.columns_shown = self.tree.view.columns_shown
        for name, state in states.items():
            self._settings.set_state(name, state)
        self.given_up.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays wherever it means nothing else, so in the list too."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat()
        if event.key() == Qt.Key.Key_Space and plain and self.actions_by_name["play"].isEnabled():
            self.response_pane.play()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)
