"""The flat tabs of a pane: an accent line under the current one, and small counts beside the names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from viewer.cassette.layout import Syntax
from viewer.ui.grid import bold, smaller, steps
from viewer.ui.own_keys import claim

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Tab(msgspec.Struct, frozen=True):
    """A tab: `name` for the program, `title` for the person, `count` beside it where it is not None.

    One that `is_empty` is there to be filled, and not shown before it is asked for.
    """

    name: str
    title: str
    count: int | None = None
    is_empty: bool = False


def entry_title(*syntaxes: Syntax) -> str:
    """The title of what shows entries as they stand in their files, which are of these syntaxes."""
    if set(syntaxes) in ({Syntax.YAML}, {Syntax.JSON}):
        return syntaxes[0].value
    return QCoreApplication.translate("PaneTabs", "Text")


class FlatTabBar(QTabBar):
    """A tab bar drawn as text on the pane. Arrows, Home and End move while it has the focus.

    Signals:
        entered(): Down or Enter ask for the page below.
    """

    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs: list[Tab] = []
        self._widths: dict[Tab, int] = {}
        self._shows_focus = False
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_tabs(self, tabs: list[Tab]) -> None:
        """Shows other tabs, the first being current."""
        if tabs == self._tabs:
            return  # Qt would lay out the whole window again
        self._tabs = list(tabs)
        self._widths.clear()
        while self.count() > len(tabs):
            self.removeTab(self.count() - 1)
        while self.count() < len(tabs):
            self.addTab("")
        for index, tab in enumerate(tabs):
            self.setTabText(index, tab.title)
            title = tab.title if tab.count is None else f"{tab.title} ({tab.count})"
            self.setAccessibleTabName(index, title)

    def set_count(self, name: str, count: int | None) -> None:
        """Changes the number beside a tab."""
        for index, tab in enumerate(self._tabs):
            if tab.name == name and tab.count != count:
                self._tabs[index] = msgspec.structs.replace(tab, count=count)
                self.setTabText(index, tab.title)

    def tabSizeHint(self, index: int) -> QSize:
        """The title, its count, and air at each side."""
        width = self._text_width(self._tabs[index]) if index < len(self._tabs) else 0
        return QSize(width + 2 * self._air(), QFontMetrics(self.font()).height() + steps(3.5))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs are never squeezed."""
        return self.tabSizeHint(index)

    def minimumSizeHint(self) -> QSize:
        """The pane may be narrower than the tabs; they scroll then."""
        return QSize(steps(20), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws titles, counts, the accent line, and a frame where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._clear_of_buttons())
        hovered = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index, tab in enumerate(self._tabs):
            self._paint_tab(painter, tab, self.tabRect(index), index == self.currentIndex(), index == hovered)

    def _paint_tab(self, painter: QPainter, tab: Tab, area: QRect, current: bool, hovered: bool) -> None:
        theme, font = self._theme, bold(self.font()) if current else self.font()
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.text if current or hovered else theme.dim)
        base = area.center().y() + (metrics.ascent() - metrics.descent()) // 2
        left = area.left() + self._air()
        painter.drawText(left, base, tab.title)
        if tab.count is not None:
            painter.setFont(self._count_font())
            painter.setPen(theme.dim)
            painter.drawText(
                left + metrics.horizontalAdvance(tab.title) + self._count_gap(), base, str(tab.count)
            )
        if current:
            thick = max(2, steps(0.5))
            painter.fillRect(area.left(), area.bottom() + 1 - thick, area.width(), thick, theme.accent)
            if self._shows_focus and self.hasFocus():
                painter.setPen(theme.accent)
                painter.drawRoundedRect(area.adjusted(2, 3, -3, -thick - 3), steps(1), steps(1))

    def event(self, event: QEvent) -> bool:
        """Claims the keys that move between tabs before the replay takes them."""
        return claim(event, _OWN_KEYS) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other widths."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widths.clear()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A frame shows where the keyboard is, if the keyboard brought it there."""
        mouse_like = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        self._shows_focus = event.reason() not in (*mouse_like, Qt.FocusReason.OtherFocusReason)
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End lead to the first and the last tab; Qt has the arrows."""
        self._shows_focus = True
        if event.key() == Qt.Key.Key_Home:
            self.setCurrentIndex(0)
        elif event.key() == Qt.Key.Key_End:
            self.setCurrentIndex(self.count() - 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _air(self) -> int:
        """Two and a half steps; down to half of that where the tabs would have to scroll otherwise."""
        spare = self.width() - sum(map(self._text_width, self._tabs))
        return max(steps(1.25), min(steps(2.5), spare // max(1, 2 * len(self._tabs))))

    def _text_width(self, tab: Tab) -> int:
        """The width of a title, bold as the current one's, and of its count; asked for many times a paint."""
        if tab not in self._widths:
            self._widths[tab] = self._measure(tab)
        return self._widths[tab]

    def _measure(self, tab: Tab) -> int:
        width = QFontMetrics(bold(self.font())).horizontalAdvance(tab.title)
        if tab.count is not None:
            width += self._count_gap() + QFontMetrics(self._count_font()).horizontalAdvance(str(tab.count))
        return width

    def _clear_of_buttons(self) -> QRect:
        """Where tabs are drawn: up to the buttons that scroll them, which Qt lays on top."""
        buttons = [button.x() for button in self.findChildren(QToolButton) if button.isVisible()]
        return QRect(0, 0, min([self.width(), *buttons]), self.height())

    def _count_gap(self) -> int:
        return steps(1)

    def _count_font(self) -> QFont:
        return smaller(self.font())


class PaneTabs(QWidget):
    """Tabs over their pages. A page is a widget of the caller's; which tabs are there changes all the time.

    The person's last choice is kept: where the tab exists, it is current again.

    Signals:
        current_changed(str): another tab is shown, named here; "" for none.
    """

    current_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[str, QWidget] = {}
        self._promised: dict[str, Callable[[], QWidget]] = {}
        self._names: list[str] = []
        self._choice = ""
        self._tools: dict[str, QWidget] = {}
        self.bar = FlatTabBar(theme, self)
        self._stack = QStackedWidget(self)
        self._line = Line(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        # The first title is in line with what stands below.
        self._row.setContentsMargins(steps(1), 0, steps(2), 0)
        self._row.addWidget(self.bar, 1)
        layout.addLayout(self._row)
        layout.addWidget(self._line)
        layout.addWidget(self._stack, 1)
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.currentChanged.connect(self._show_current)
        self.bar.tabBarClicked.connect(self._remember)
        self.bar.entered.connect(self.enter)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self.bar.set_theme(theme)
        self._line.set_theme(theme)

    def add_page(self, name: str, page: QWidget) -> None:
        """Gives a page for the tab `name`; it is shown when a tab of that name is current."""
        self._pages[name] = page
        self._stack.addWidget(page)

    def promise_page(self, name: str, make: Callable[[], QWidget]) -> None:
        """Has the page for the tab `name` made when that tab is current for the first time."""
        self._promised[name] = make

    def add_tool(self, name: str, tool: QWidget) -> None:
        """Puts a tool at the right of the tabs, seen while the tab `name` is current."""
        self._tools[name] = tool
        self._row.addWidget(tool)
        tool.hide()

    def set_tabs(self, tabs: list[Tab]) -> None:
        """Offers these tabs: the person's last choice is current, else the first that is not empty."""
        self._names = [tab.name for tab in tabs]
        self.bar.blockSignals(True)
        self.bar.set_tabs(tabs)
        first = next((tab.name for tab in tabs if not tab.is_empty), next(iter(self._names), ""))
        wanted = self._choice if self._choice in self._names else first
        self.bar.setCurrentIndex(self._names.index(wanted) if wanted else -1)
        self.bar.blockSignals(False)
        self.setVisible(bool(tabs))
        self._show_current()

    def names(self) -> list[str]:
        """The tabs offered now."""
        return list(self._names)

    @property
    def current(self) -> str:
        """The tab shown, "" where there is none."""
        index = self.bar.currentIndex()
        return self._names[index] if 0 <= index < len(self._names) else ""

    def select(self, name: str) -> bool:
        """Shows a tab, and prefers it from now on; False where it is not offered now."""
        self._choice = name
        if name not in self._names:
            return False
        self.bar.setCurrentIndex(self._names.index(name))
        return True

    @Slot()
    def enter(self) -> None:
        """Takes the keyboard to the page that is shown, to the titles where there is none."""
        page = self._stack.currentWidget() if self.current else None
        (page or self.bar).setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(int)
    def _remember(self, index: int) -> None:
        if 0 <= index < len(self._names):
            self._choice = self._names[index]

    @Slot()
    def _show_current(self) -> None:
        name = self.current
        for owner, tool in self._tools.items():
            tool.setVisible(owner == name)
        if name:
            if name in self._promised:
                self.add_page(name, self._promised.pop(name)())
            if self.bar.hasFocus():
                self._choice = name
            self._stack.setCurrentWidget(self._pages[name])
            self._thread(name)
        self.current_changed.emit(name)

    def _thread(self, name: str) -> None:
        """Has the keyboard come from the tabs to their tool, then to the page; Qt puts what is made late last."""
        last: QWidget = self.bar
        tool = self._tools.get(name)
        for widget in ([tool] if tool else []) + _taking_focus(self._pages[name]):
            self.setTabOrder(last, widget)
            last = widget


def _taking_focus(page: QWidget) -> list[QWidget]:
    """The page and what is in it, as far as the Tab key goes there, in the order of its parts.

    WORKAROUND: PySide takes what `nextInFocusChain` returns for a child of what it was asked of, and forgets it with
    that: once a button of a notice is deleted, the window's menus count as deleted. So the chain is not walked.
    """
    # A menu is a child too, but in a window of its own.
    parts = [page, *filter(page.isAncestorOf, page.findChildren(QWidget))]
    return list(filter(_wants_focus, parts))


def _wants_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


class Line(QWidget):
    """A line of one pixel in the theme's line colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(1)

    def set_theme(self, theme: Theme) -> None:
        """Draws in another colour."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills itself."""
        QPainter(self).fillRect(self.rect(), self._theme.line)
