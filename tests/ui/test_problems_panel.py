"""The panel of problems in its window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QListWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from viewer.checks.problem import Problem, Severity
from viewer.ui.problems_panel import ProblemsPanel
from viewer.ui.theme import load_theme


def test_it_leaves_most_of_a_small_window_to_the_panes(qtbot: QtBot) -> None:
    """It took half of a window of six hundred lines."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    panel = ProblemsPanel(load_theme("light"))
    panel.show_problems([])
    dock = QDockWidget("Problems")
    dock.setWidget(panel)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    window.resize(900, 600)
    window.show()
    assert dock.height() < 200


def test_escape_asks_to_hide_it(qtbot: QtBot) -> None:
    """It hid itself, and left the empty frame around it."""
    panel = ProblemsPanel(load_theme("light"))
    qtbot.addWidget(panel)
    panel.show_problems([Problem("long " * 60, Severity.ERROR)])
    panel.show()
    asked: list[bool] = []
    panel.hide_requested.connect(lambda: asked.append(True))
    problems = panel.findChild(QListWidget)
    assert problems is not None
    QTest.keyClick(problems, Qt.Key.Key_Escape)
    assert asked == [True]
    assert panel.isVisible()
