"""Our style: edges and focus can be seen in both themes, and painting anything with it is safe."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QSplitter,
    QTableWidget,
    QTabWidget,
    QToolBar,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from viewer.ui.theme import Theme, apply_theme, load_theme


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    before = qapp.palette()
    worn = load_theme(request.param)
    apply_theme(qapp, worn)
    yield worn
    qapp.setPalette(before)


def colors(widget: QWidget) -> set[str]:
    """Every colour that occurs in the widget as painted now."""
    image: QImage = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def shown(widget: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(120, 40)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.clearFocus()
    return widget


def with_focus(widget: QWidget, qtbot: QtBot) -> QWidget:
    shown(widget, qtbot)
    widget.activateWindow()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.mark.parametrize("kind", [QLineEdit, QPushButton, QPlainTextEdit, QComboBox, QCheckBox])
def test_focus_is_seen(kind: Callable[[], QWidget], theme: Theme, qtbot: QtBot) -> None:
    widget = with_focus(kind(), qtbot)
    assert theme.accent.name() in colors(widget)
    widget.clearFocus()
    assert theme.accent.name() not in colors(widget)


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_fields_have_the_line_colour_around_them(
    kind: Callable[[], QWidget], theme: Theme, qtbot: QtBot
) -> None:
    image = shown(kind(), qtbot).grab().toImage()
    middle = image.height() // 2
    edge = [image.pixelColor(x, middle) for x in (0, image.width() - 1)]
    assert edge == [theme.line, theme.line]


def test_a_field_without_a_frame_has_no_edge(theme: Theme, qtbot: QtBot) -> None:
    field = QLineEdit()
    field.setFrame(False)
    assert colors(shown(field, qtbot)) == {theme.pane.name()}


def test_buttons_have_no_coloured_pictures(theme: Theme, qtbot: QtBot) -> None:
    """Those of Qt's dialogs had Fusion's own, in green and red."""
    picture = QPixmap(16, 16)
    picture.fill("#ff00ff")
    assert "#ff00ff" not in colors(shown(QPushButton(QIcon(picture), "Save"), qtbot))


def test_a_tool_button_that_is_on_has_the_accents_background(theme: Theme, qtbot: QtBot) -> None:
    button = QToolButton()
    button.setCheckable(True)
    button.setAutoRaise(True)
    shown(button, qtbot)
    assert theme.accent_bg.name() not in colors(button)
    button.setChecked(True)
    assert theme.accent_bg.name() in colors(button)


@pytest.mark.parametrize("across", [Qt.Orientation.Horizontal, Qt.Orientation.Vertical])
@pytest.mark.parametrize("width", [1, 5])
def test_parts_of_a_splitter_have_a_line_between_them(
    across: Qt.Orientation, width: int, theme: Theme, qtbot: QtBot
) -> None:
    """A handle of one pixel had the window's colour, next to nothing beside the pane's."""
    splitter = QSplitter(across)
    splitter.setHandleWidth(width)
    for _ in range(2):
        part = QWidget()
        part.setAutoFillBackground(True)
        splitter.addWidget(part)
    assert theme.line.name() in colors(shown(splitter, qtbot))


def test_the_thumb_of_a_scroll_bar_stands_out(theme: Theme, qtbot: QtBot) -> None:
    bar = QScrollBar(Qt.Orientation.Horizontal)
    bar.setRange(0, 100)
    bar.setPageStep(50)
    shown(bar, qtbot)
    track = theme.pane
    assert any(abs(QColor(color).lightness() - track.lightness()) > 30 for color in colors(bar))


def many_widgets() -> list[QWidget]:
    """One of each kind that the program's windows and Qt's own dialogs are made of."""
    menu = QMenu()
    menu.addAction("Open")
    menu.addSeparator()
    menu.addMenu("Recent").addAction("a.yaml")
    window = QMainWindow()
    window.menuBar().addMenu("&File").addAction("Quit")
    bar = QToolBar()
    window.addToolBar(bar)
    bar.addAction("Save")
    bar.addSeparator()
    window.statusBar().showMessage("ready")
    tabs = QTabWidget()
    tabs.addTab(QWidget(), "Body")
    table = QTableWidget(3, 2)
    table.setCurrentCell(1, 1)
    tristate = QCheckBox("some")
    tristate.setCheckState(Qt.CheckState.PartiallyChecked)
    editable = QComboBox()
    editable.setEditable(True)
    flat = QPushButton("flat")
    flat.setFlat(True)
    radio = QRadioButton("one")
    radio.setChecked(True)
    plain: list[QWidget] = [QSlider(), QSpinBox(), QProgressBar(), QGroupBox("group"), QTreeWidget()]
    return [
        menu,
        window,
        tabs,
        table,
        tristate,
        editable,
        flat,
        radio,
        QHeaderView(Qt.Orientation.Vertical),
        *plain,
    ]


@pytest.mark.usefixtures("theme")
def test_every_kind_of_widget_is_painted(qtbot: QtBot) -> None:
    """An exception in a style's method does not reach the caller; pytest-qt turns it into a failure."""
    for widget in many_widgets():
        qtbot.addWidget(widget)
        for enabled in (True, False):
            widget.setEnabled(enabled)
            assert len(colors(widget)) >= 1


@pytest.mark.usefixtures("theme")
def test_painting_many_times_leaves_nothing_behind(qtbot: QtBot) -> None:
    button = QPushButton("again")
    shown(button, qtbot)
    button.grab()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(2000):
        button.event(QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
        button.grab()
        button.event(QEvent(QEvent.Type.Leave))
    gc.collect()
    assert len(gc.get_objects()) - before < 200
