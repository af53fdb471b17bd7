"""The menu bar and the toolbar, made from the list of actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from viewer.ui.actions import ACTIONS, Menu
from viewer.ui.grid import steps
from viewer.ui.later import after_first_paint
from viewer.ui.theme import ThemeChoice
from viewer.ui.tool_buttons import forget_repeats


class FilledMenus(msgspec.Struct, frozen=True):
    """The menus that are filled when they are needed (recent files, formats to read a file as, columns), and View."""

    recent: QMenu
    formats: QMenu
    columns: QMenu
    view: QMenu


def build_menus(window: QMainWindow, actions: Mapping[str, QAction], choice: ThemeChoice) -> FilledMenus:
    """Gives the window its menus; `choice` is the theme that is ticked."""
    bar = window.menuBar()
    menus = {menu: bar.addMenu(_translated(menu.value)) for menu in Menu}
    filled: dict[str, QMenu] = {}
    group: dict[Menu, int] = {}
    for spec in ACTIONS:
        menu = menus[spec.menu]
        if group.get(spec.menu, spec.group) != spec.group:
            menu.addSeparator()
        group[spec.menu] = spec.group
        menu.addAction(actions[spec.name])
        if spec.name in _FOLLOWED_BY:
            filled[spec.name] = menu.addMenu(_translated(_FOLLOWED_BY[spec.name]))
    themes = QActionGroup(window)
    for theme in ThemeChoice:
        themes.addAction(actions[f"theme_{theme.value}"])
    actions[f"theme_{choice.value}"].setChecked(True)
    return FilledMenus(filled["open_folder"], filled["reload"], filled["columns"], menus[Menu.VIEW])


def build_toolbar(window: QMainWindow, actions: Mapping[str, QAction]) -> None:
    """Gives the window its toolbar."""
    bar = QToolBar(_translated("Toolbar"))
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.toggleViewAction().setEnabled(False)
    # Icons as tall as the text's capitals with their ascenders, so that they read as part of it.
    bar.setIconSize(QSize(1, 1) * round(window.fontMetrics().height() * 1.15))
    group = 0
    for spec in sorted((spec for spec in ACTIONS if spec.toolbar), key=lambda spec: spec.toolbar):
        if group and spec.toolbar != group:
            bar.addSeparator()
        group = spec.toolbar
        bar.addAction(actions[spec.name])
    finish_toolbar(bar)
    window.addToolBar(bar)


def finish_toolbar(bar: QToolBar) -> None:
    """Gives a toolbar with all its actions the grid's distances: Fusion sets buttons edge to edge."""
    layout = bar.layout()
    if layout is not None:
        layout.setContentsMargins(steps(1), steps(0.5), steps(2), steps(1.5))
        layout.setSpacing(steps(1))
    # The bar's height and not that of each button: PySide would look for their class among all others.
    bar.setMinimumHeight(steps(9))
    after_first_paint(bar, partial(forget_repeats, bar))


# Menus that stand behind an action.
_FOLLOWED_BY = {"open_folder": "Open &Recent", "reload": "Rea&d As", "columns": "C&olumns"}


def _translated(text: str) -> str:
    return QCoreApplication.translate("Bars", text)
