"""The program's actions as data: menus, the toolbar and shortcuts read the same list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from viewer.ui.icons import icon
from viewer.ui.later import after_first_paint

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

Shortcut = QKeySequence.StandardKey | str | None


class Menu(Enum):
    """The menus of the main window, in their order."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    REPLAY = "&Replay"
    COMPARE = "&Compare"
    HELP = "&Help"


class ActionSpec(msgspec.Struct, frozen=True):
    """One action: the name that the code knows it by, what it is called, where it stands, and its key.

    `group` parts a menu by lines; `toolbar` tells the group in the toolbar, 0 where it is not there, and `short`
    what it is called there, where that is another name.
    """

    name: str
    text: str
    menu: Menu
    group: int
    shortcut: Shortcut = None
    icon: str = ""
    toolbar: int = 0
    checkable: bool = False
    short: str = ""


# Plus without Shift, and what Redo is called elsewhere.
_ALSO = {"zoom_in": ("Ctrl+=",), "redo": ("Ctrl+Y",)}

_K = QKeySequence.StandardKey

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", "&Open…", Menu.FILE, 0, _K.Open, "open", 1),
    ActionSpec("open_folder", "Open &Folder…", Menu.FILE, 0),
    ActionSpec("example", "Open the &Example", Menu.FILE, 0),
    ActionSpec("save", "&Save", Menu.FILE, 1, _K.Save, "save", 1),
    ActionSpec("save_as", "Save &As…", Menu.FILE, 1, _K.SaveAs),
    ActionSpec("save_body", "Save &Body…", Menu.FILE, 1),
    ActionSpec("reload", "Re&load", Menu.FILE, 1, _K.Refresh, "reload"),
    ActionSpec("close", "&Close Cassette", Menu.FILE, 2, _K.Close),
    ActionSpec("quit", "&Quit", Menu.FILE, 3, _K.Quit),
    ActionSpec("undo", "&Undo", Menu.EDIT, 0, _K.Undo, "undo", 2),
    ActionSpec("redo", "&Redo", Menu.EDIT, 0, _K.Redo, "redo", 2),
    ActionSpec("edit", "&Edit in Place", Menu.EDIT, 1, "F2", "edit"),
    ActionSpec("delete", "De&lete Interaction", Menu.EDIT, 1, "Ctrl+Backspace", "delete"),
    ActionSpec("duplicate", "&Duplicate Interaction", Menu.EDIT, 1, "Ctrl+D", "duplicate"),
    ActionSpec("move_up", "Move U&p", Menu.EDIT, 1, "Alt+Up", "up"),
    ActionSpec("move_down", "Move Do&wn", Menu.EDIT, 1, "Alt+Down", "down"),
    ActionSpec("copy_curl", "&Copy as cURL", Menu.EDIT, 2, "Ctrl+Shift+C", "copy"),
    ActionSpec("copy_markdown", "Copy Conversation as &Markdown", Menu.EDIT, 2),
    ActionSpec("copy_answer", "Copy &Answer", Menu.EDIT, 2, "Ctrl+Shift+A"),
    ActionSpec("copy_json", "Copy Interaction as &JSON", Menu.EDIT, 2),
    ActionSpec("find", "&Find in Body", Menu.EDIT, 3, _K.Find, "find", 3, short="Find"),
    ActionSpec("filter", "F&ilter Interactions", Menu.EDIT, 3, "Ctrl+L"),
    ActionSpec("problems", "&Problems", Menu.VIEW, 0, "Ctrl+Shift+M", "warning", 4, checkable=True),
    ActionSpec("columns", "Interactions in &Columns", Menu.VIEW, 0, checkable=True),
    ActionSpec("wrap", "&Wrap Lines", Menu.VIEW, 0, "Alt+Z", "wrap", checkable=True),
    ActionSpec("fold_block", "Fold &Block", Menu.VIEW, 1, "Ctrl+Shift+["),
    ActionSpec("unfold_block", "Unfold Bloc&k", Menu.VIEW, 1, "Ctrl+Shift+]"),
    ActionSpec("fold_level_1", "Fold Level &1", Menu.VIEW, 1, "Alt+1"),
    ActionSpec("fold_level_2", "Fold Level &2", Menu.VIEW, 1, "Alt+2"),
    ActionSpec("fold_level_3", "Fold Level &3", Menu.VIEW, 1, "Alt+3"),
    ActionSpec("unfold_all", "Unfold &All", Menu.VIEW, 1, "Alt+0"),
    ActionSpec("zoom_in", "&Larger Text", Menu.VIEW, 2, _K.ZoomIn),
    ActionSpec("zoom_out", "&Smaller Text", Menu.VIEW, 2, _K.ZoomOut),
    ActionSpec("zoom_reset", "&Usual Text Size", Menu.VIEW, 2, "Ctrl+0"),
    ActionSpec("theme_system", "&Theme of the System", Menu.VIEW, 3, checkable=True),
    ActionSpec("theme_light", "Li&ght Theme", Menu.VIEW, 3, checkable=True),
    ActionSpec("theme_dark", "&Dark Theme", Menu.VIEW, 3, checkable=True),
    ActionSpec("play", "&Play or Pause", Menu.REPLAY, 0, "Ctrl+Space", "play"),
    ActionSpec("step_back", "P&revious Event", Menu.REPLAY, 0, "Ctrl+Left", "step-back"),
    ActionSpec("step_forward", "&Next Event", Menu.REPLAY, 0, "Ctrl+Right", "step-forward"),
    ActionSpec("to_start", "&Back to the Start", Menu.REPLAY, 0, "Ctrl+Home", "to-start"),
    ActionSpec("to_end", "To the &End", Menu.REPLAY, 0, "Ctrl+End", "to-end"),
    ActionSpec("compare_files", "&Compare…", Menu.COMPARE, 0, "Ctrl+Shift+D", "compare", 3),
    ActionSpec("compare_selected", "Compare &Selected", Menu.COMPARE, 0, "Ctrl+Shift+E"),
    ActionSpec("compare_saved", "Compare with the File on &Disk", Menu.COMPARE, 0),
    ActionSpec("keys", "&Keyboard", Menu.HELP, 0, _K.HelpContents),
    ActionSpec("about", "&About Cassette Viewer", Menu.HELP, 1),
)


def build_actions(owner: QObject) -> dict[str, QAction]:
    """An action for each of ACTIONS, by name; connected to nothing yet."""
    actions = {}
    for spec in ACTIONS:
        action = QAction(_translated(spec.text), owner)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        if spec.short:
            action.setIconText(_translated(spec.short))
        # A menu shows a check mark or an icon, not both.
        action.setIconVisibleInMenu(not spec.checkable)
        if isinstance(spec.shortcut, QKeySequence.StandardKey):
            also = [QKeySequence(keys) for keys in _ALSO.get(spec.name, ())]
            action.setShortcuts(list(dict.fromkeys(QKeySequence.keyBindings(spec.shortcut) + also)))
        elif spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        actions[spec.name] = action
    return actions


def paint_icons(actions: Mapping[str, QAction], theme: Theme) -> None:
    """Gives the actions their icons in the colours of a theme: the toolbar's now, those in menus alone soon."""
    with_icon = [spec for spec in ACTIONS if spec.icon]
    _paint((spec for spec in with_icon if spec.toolbar), actions, theme)
    rest = [spec for spec in with_icon if not spec.toolbar]
    # Nobody opens a menu before the first paint, which need not wait for twenty drawings then.
    after_first_paint(actions[rest[0].name], partial(_paint, rest, actions, theme))


def _paint(specs: Iterable[ActionSpec], actions: Mapping[str, QAction], theme: Theme) -> None:
    for spec in specs:
        actions[spec.name].setIcon(icon(spec.icon, theme.text, theme.disabled))


def _translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
