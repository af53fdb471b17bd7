"""The panel of problems in its window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QListWidget, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from viewer.cassette.edits import SetUrl
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


def test_a_problem_is_fixed_by_keys_alone(qtbot: QtBot) -> None:
    """None was current at first, and the button did nothing."""
    panel = ProblemsPanel(load_theme("light"))
    qtbot.addWidget(panel)
    fix = SetUrl(0, "https://other.test/")
    panel.show_problems([Problem("wrong", Severity.ERROR, fix=fix), Problem("odd", Severity.WARNING)])
    panel.show()
    asked: list[object] = []
    panel.fix_requested.connect(asked.append)
    button = panel.findChild(QPushButton)
    assert button is not None
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert asked == [fix]
    panel.show_problems([Problem("odd", Severity.WARNING)])
    assert not button.isEnabled()
    panel.show_problems([])
    assert not button.isEnabled()
