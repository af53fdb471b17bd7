"""The actions of the comparison window as data: menus, toolbar and shortcuts read the same list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from viewer.ui.icons import icon

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_K = QKeySequence.StandardKey


class Menu(Enum):
    """The menus, in their order."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class CompareAction:
    """One action; `group` parts its menu by lines."""

    name: str
    text: str
    menu: Menu
    group: int
    shortcuts: tuple[str | QKeySequence.StandardKey, ...] = ()
    icon: str = ""
    checkable: bool = False


ACTIONS = (
    CompareAction("swap", "&Swap Sides", Menu.FILE, 0, ("Ctrl+Shift+X",)),
    CompareAction("again", "Compare &Again", Menu.FILE, 0, (_K.Refresh,), "reload"),
    CompareAction("close", "&Close", Menu.FILE, 1, (_K.Close, "Ctrl+W")),
    CompareAction("copy", "&Copy", Menu.EDIT, 0, (_K.Copy,), "copy"),
    CompareAction("find", "&Find", Menu.EDIT, 1, (_K.Find,), "find"),
    CompareAction("find_next", "Find &Next", Menu.EDIT, 1, (_K.FindNext,)),
    CompareAction("find_previous", "Find &Previous", Menu.EDIT, 1, (_K.FindPrevious,)),
    CompareAction("filter", "Fi&lter Pairs", Menu.EDIT, 1, ("Ctrl+L",)),
    CompareAction("previous", "&Previous Difference", Menu.VIEW, 0, ("F7", "Alt+Up"), "up"),
    CompareAction("next", "&Next Difference", Menu.VIEW, 0, ("F8", "Alt+Down"), "down"),
    CompareAction("previous_pair", "P&revious Pair", Menu.VIEW, 0, ("Alt+PgUp",)),
    CompareAction("next_pair", "Ne&xt Pair", Menu.VIEW, 0, ("Alt+PgDown",)),
    CompareAction("previous_tab", "Pre&vious Tab", Menu.VIEW, 1, ("Ctrl+PgUp",)),
    CompareAction("next_tab", "Next &Tab", Menu.VIEW, 1, ("Ctrl+PgDown",)),
    CompareAction("mute", "&Mute Noise", Menu.VIEW, 2, ("Ctrl+M",), checkable=True),
    CompareAction("wrap", "&Wrap Lines", Menu.VIEW, 2, ("Alt+Z",), checkable=True),
    CompareAction("zoom_in", "&Larger Text", Menu.VIEW, 3, (_K.ZoomIn, "Ctrl+=")),
    CompareAction("zoom_out", "&Smaller Text", Menu.VIEW, 3, (_K.ZoomOut,)),
    CompareAction("zoom_reset", "&Usual Text Size", Menu.VIEW, 3, ("Ctrl+0",)),
    CompareAction("keys", "&Keyboard", Menu.HELP, 0, (_K.HelpContents,)),
)


def build_actions(owner: QObject) -> dict[str, QAction]:
    """An action for each of ACTIONS, by name; connected to nothing yet."""
    actions = {}
    for spec in ACTIONS:
        action = QAction(QCoreApplication.translate("CompareActions", spec.text), owner)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        action.setShortcuts(list(dict.fromkeys(_sequences(spec.shortcuts))))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        actions[spec.name] = action
    return actions


def paint_icons(actions: Mapping[str, QAction], theme: Theme) -> None:
    """Gives the actions their icons in the colours of a theme."""
    for spec in ACTIONS:
        if spec.icon:
            actions[spec.name].setIcon(icon(spec.icon, theme.text, theme.disabled))


def _sequences(shortcuts: tuple[str | QKeySequence.StandardKey, ...]) -> list[QKeySequence]:
    found: list[QKeySequence] = []
    for shortcut in shortcuts:
        if isinstance(shortcut, str):
            found.append(QKeySequence(shortcut))
        else:
            found.extend(QKeySequence.keyBindings(shortcut))
    return found
