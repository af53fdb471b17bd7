"""How things are shown: find, wrapping, text size and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from viewer.ui.theme import AppTheme, ThemeChoice

if TYPE_CHECKING:
    from viewer.ui.code_view import CodeView
    from viewer.ui.main_window import MainWindow
    from viewer.ui.message_pane import MessagePane
    from viewer.ui.settings import Settings

_SMALLEST, _LARGEST = -6, 16


class ViewCommands(QObject):
    """The commands of the View menu, and Find, for one window."""

    def __init__(self, window: MainWindow, settings: Settings, theme: AppTheme) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._theme = theme
        for pane in window.panes:
            pane.zoomed.connect(self._set_zoom)
        if settings.zoom:
            self._set_zoom(settings.zoom)

    @Slot()
    def find(self) -> None:
        """Opens the find bar of the pane that has the cursor; the response's where none has."""
        self._pane().find()

    @Slot()
    def edit(self) -> None:
        """Begins an edit of what has the cursor; of the body, or what else is shown of it, where nothing has."""
        focused = self._window.focusWidget()
        begin = getattr(focused, "begin_edit", None)
        if begin is not None:
            begin()
        elif not isinstance(focused, QLineEdit):
            self._pane().begin_edit()

    @Slot()
    def save_body(self) -> None:
        """Asks where to, and saves the body of the pane that has the cursor; the response's where none has."""
        self._pane().save_body()

    @Slot()
    def toggle_wrap(self) -> None:
        """Wraps the lines of texts such as that which has the cursor, or lets them run on."""
        pane = self._pane()
        text, wraps = pane.text, not pane.wraps(pane.text)
        for each in self._window.panes:
            each.set_wrap(text, wraps)
        self.show_wrap()

    @Slot()
    def show_wrap(self) -> None:
        """Ticks the action where the text that it would change is wrapped."""
        pane = self._pane()
        self._window.actions_by_name["wrap"].setChecked(pane.wraps(pane.text))

    @Slot()
    def fold_block(self) -> None:
        """Folds the block in which the caret is, of the text that has it."""
        if (text := self._text()) is not None:
            text.fold_block()

    @Slot()
    def unfold_block(self) -> None:
        """Shows the block again that is folded in the caret's line."""
        if (text := self._text()) is not None:
            text.unfold_block()

    @Slot()
    def fold_level(self) -> None:
        """Folds the blocks of the level that the action is named for."""
        action, text = self.sender(), self._text()
        if not isinstance(action, QAction) or text is None:
            return
        if not text.fold_level(int(action.objectName().removeprefix("fold_level_"))):
            said = self.tr("This level has very many blocks: the first of them are folded")
            self._window.statusBar().showMessage(said, 5000)

    @Slot()
    def unfold_all(self) -> None:
        """Shows every line again."""
        if (text := self._text()) is not None:
            text.unfold_all()

    @Slot()
    def zoom_in(self) -> None:
        """Makes all texts larger."""
        self._set_zoom(self._settings.zoom + 1)

    @Slot()
    def zoom_out(self) -> None:
        """Makes all texts smaller."""
        self._set_zoom(self._settings.zoom - 1)

    @Slot()
    def zoom_reset(self) -> None:
        """Gives all texts their usual size."""
        self._set_zoom(0)

    @Slot()
    def choose_theme(self) -> None:
        """Wears the theme that the action is named for."""
        action = self.sender()
        if isinstance(action, QAction):
            choice = ThemeChoice(action.objectName().removeprefix("theme_"))
            self._settings.theme = choice
            self._theme.choose(choice)

    def _pane(self) -> MessagePane:
        window = self._window
        focused = window.focusWidget()
        in_request = focused is not None and window.request_pane.isAncestorOf(focused)
        alone = window.response_pane.isHidden()
        return window.request_pane if in_request or alone else window.response_pane

    def _text(self) -> CodeView | None:
        """The text that has the cursor, else the one that is shown."""
        focused: Any = self._window.focusWidget()  # the start does without the class of texts
        text: CodeView | None = focused if hasattr(focused, "fold_level") else self._pane().shown_text()
        return text

    @Slot(int)
    def _set_zoom(self, steps: int) -> None:
        self._settings.zoom = max(_SMALLEST, min(_LARGEST, steps))
        for pane in self._window.panes:
            pane.set_zoom(self._settings.zoom)
