"""The menu of the right mouse button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView

_Key = QKeySequence.StandardKey


def context_menu(view: CodeView) -> QMenu:
    """A menu of what can be done with the view now."""
    menu = QMenu(view)
    editing, selected = view.is_editing, view.has_selection
    if editing:
        _add(menu, view.tr("&Undo"), view.undo, _Key.Undo)
        _add(menu, view.tr("&Redo"), view.redo, _Key.Redo)
        menu.addSeparator()
        _add(menu, view.tr("Cu&t"), view.cut, _Key.Cut, enabled=selected)
    _add(menu, view.tr("&Copy"), view.copy, _Key.Copy, enabled=selected)
    if editing:
        _add(menu, view.tr("&Paste"), view.paste, _Key.Paste)
    _add(menu, view.tr("Select &All"), view.select_all, _Key.SelectAll)
    menu.addSeparator()
    if not editing and not view.is_read_only:
        _add(menu, view.tr("&Edit"), view.begin_edit, "F2")
    _add(menu, view.tr("&Find…"), view.find_requested.emit, _Key.Find)
    wrap = menu.addAction(view.tr("&Wrap Lines"))
    wrap.setCheckable(True)
    wrap.setChecked(view.wraps)
    wrap.toggled.connect(view.set_wrap)
    if view.gutter.folding:
        _add_folding(menu, view)
    return menu


def _add_folding(menu: QMenu, view: CodeView) -> None:
    menu.addSeparator()
    _add(menu, view.tr("Fold &Block"), view.fold_block, "Ctrl+Shift+[", enabled=view.fold_line is not None)
    for level in (1, 2, 3):
        _add(menu, view.tr("Fold Level &{0}").format(level), partial(view.fold_level, level), f"Alt+{level}")
    _add(menu, view.tr("Unf&old All"), view.unfold_all, "Alt+0", enabled=bool(view.page.folds))


def _add(
    menu: QMenu,
    text: str,
    action: Callable[[], object],
    keys: QKeySequence.StandardKey | str = _Key.UnknownKey,
    *,
    enabled: bool = True,
) -> None:
    added = menu.addAction(text)
    added.setShortcut(QKeySequence(keys))
    added.setEnabled(enabled)
    added.triggered.connect(action)
