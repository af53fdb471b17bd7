"""How things are shown: find, wrapping, text size and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from viewer.ui.theme import AppTheme, ThemeChoice

if TYPE_CHECKING:
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

    @Slot(int)
    def _set_zoom(self, steps: int) -> None:
        self._settings.zoom = max(_SMALLEST, min(_LARGEST, steps))
        for pane in self._window.panes:
            pane.set_zoom(self._settings.zoom)
