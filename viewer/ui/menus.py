"""Menus that last as long as what they stand in."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar


def add_menu(parent: QMenuBar | QMenu, title: str) -> QMenu:
    """A menu at the end of another one, or of the menu bar.

    WORKAROUND: a menu that `addMenu(title)` makes belongs to its Python wrapper in PySide6 6.11.3, and is deleted
    with it by the next garbage collection; one that is made with its parent belongs to that.
    """
    menu = QMenu(title, parent)
    parent.addMenu(menu)
    return menu
