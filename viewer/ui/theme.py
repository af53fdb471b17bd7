"""The program's colours and fonts: two themes of our own, chosen by the person or by the system.

Start-up: `AppTheme(app, choice)` loads the theme's TOML file from `resources/themes`, puts our style and a
palette on the application, and from then on says `changed` whenever another theme holds. Widgets that paint
with more than the palette's colours are given the `Theme` and take the next one from that signal. There is no
style sheet.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from viewer.resources import resource
from viewer.ui.icons import see_ratio
from viewer.ui.style import FlatStyle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_Group = QPalette.ColorGroup
_Role = QPalette.ColorRole


class Theme(msgspec.Struct, frozen=True, eq=False):
    """Named colours. A name ending in `_bg` is the background that goes with the text colour of that name.

    Two themes are equal when they are the same object: `load_theme` gives one object a name.
    """

    name: str
    dark: bool
    # surfaces
    window: QColor
    pane: QColor
    block: QColor
    line: QColor
    # text
    text: QColor
    dim: QColor
    # the one accent: selection, current tab, links, the play button
    accent: QColor
    accent_bg: QColor
    on_accent: QColor
    # meanings
    ok: QColor
    ok_bg: QColor
    error: QColor
    error_bg: QColor
    warning: QColor
    reasoning: QColor
    reasoning_bg: QColor
    # highlighted code
    string: QColor
    number: QColor
    key: QColor
    keyword: QColor
    # two recordings compared
    removed_word: QColor
    added_word: QColor
    on_word: QColor
    marker: QColor

    @property
    def disabled(self) -> QColor:
        """Text and icons of what cannot be used now; half-way to the surface, as text of no use may be."""
        return mix(self.dim, self.window, 0.45)


class ThemeChoice(Enum):
    """What the person chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class AppTheme(QObject):
    """The theme that the application wears.

    Signals:
        changed(Theme): another theme holds, or has to be drawn for another screen; the application's palette is set
            already.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._theme = _chosen_theme(choice)
        self._wear()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """The theme that holds now."""
        return self._theme

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Wears the theme of `choice` from now on."""
        self._choice = choice
        self._change_to(_chosen_theme(choice))

    def show_on(self, ratio: float) -> None:
        """A window is on a screen of this device pixel ratio: icons are drawn anew where that is the first one."""
        if see_ratio(ratio):
            self.changed.emit(self._theme)

    @Slot(Qt.ColorScheme)
    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._change_to(theme_of(scheme))

    def _change_to(self, theme: Theme) -> None:
        if theme is not self._theme:
            self._theme = theme
            self._wear()
            self.changed.emit(theme)

    def _wear(self) -> None:
        apply_theme(self._app, self._theme)


@cache
def load_theme(name: str) -> Theme:
    """The theme in `resources/themes/<name>.toml`.

    Raises FileNotFoundError for an unknown name, ValueError where the file's colours are not those of Theme.
    """
    values = read_values(resource(f"themes/{name}.toml").read_text(encoding="utf-8"))
    dark = values.pop("dark", False)
    colors = {key: QColor(value) for key, value in values.items()}
    wanted = set(Theme.__struct_fields__) - {"name", "dark"}
    if wrong := (wanted ^ colors.keys()) | {key for key, color in colors.items() if not color.isValid()}:
        raise ValueError(f"theme {name!r}: wrong or missing colours: {', '.join(sorted(wrong))}")
    return Theme(name=name, dark=bool(dark), **colors)


def read_values(text: str) -> dict[str, str | bool]:
    """The values of a theme's file: texts and truths, each on a line of its own, whatever table it stands in.

    This is the little of TOML that themes are written in; `tomllib` reads all of it, and takes 4 ms of the start to
    be imported. Raises ValueError for what else a line may hold.
    """
    values: dict[str, str | bool] = {}
    for line in map(str.strip, text.splitlines()):
        if not line or line[0] in "#[":
            continue
        key, _, value = line.partition("=")
        word = value.partition(" #")[0].strip()
        if word in ("true", "false"):
            values[key.strip()] = word == "true"
        elif len(word) > 1 and word[0] == word[-1] == '"' and not set('"\\') & set(word[1:-1]):
            values[key.strip()] = word[1:-1]
        else:
            raise ValueError(f"no line of a theme: {line}")
    return values


def theme_of(scheme: Qt.ColorScheme) -> Theme:
    """The theme for a system's colour scheme; light where the system says nothing (offscreen, bare X)."""
    return load_theme("dark" if scheme == Qt.ColorScheme.Dark else "light")


def system_theme() -> Theme:
    """The theme for the colour scheme that the system has now."""
    return theme_of(QGuiApplication.styleHints().colorScheme())


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Puts our style (Fusion, drawn flat) and the palette of `theme` on the application."""
    if not isinstance(app.style(), FlatStyle):
        app.setStyle(FlatStyle())
    app.setPalette(palette(theme))


def palette(theme: Theme) -> QPalette:
    """The theme's colours in Qt's roles, all of them set, so that the platform's own never show through."""
    result = QPalette()
    for role, color in _role_colors(theme).items():
        result.setColor(_Group.All, role, color)
    for role in (
        _Role.WindowText,
        _Role.Text,
        _Role.ButtonText,
        _Role.HighlightedText,
        _Role.PlaceholderText,
    ):
        result.setColor(_Group.Disabled, role, theme.disabled)
    result.setColor(_Group.Disabled, _Role.Highlight, theme.line)
    result.setColor(_Group.Disabled, _Role.Accent, theme.disabled)
    return result


def interface_font() -> QFont:
    """The system's interface font at its size."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)


def fixed_font() -> QFont:
    """The system's fixed font for bodies and code, one point smaller than the interface font."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    interface = interface_font()
    if interface.pointSizeF() > 0:
        font.setPointSizeF(interface.pointSizeF() - 1)
    else:  # a platform that measures its fonts in pixels
        font.setPixelSize(interface.pixelSize() - 1)
    return font


def mix(color: QColor, other: QColor, amount: float) -> QColor:
    """`color` moved towards `other` by `amount`, from 0 (color) to 1 (other)."""
    keep = 1 - amount
    return QColor.fromRgbF(
        color.redF() * keep + other.redF() * amount,
        color.greenF() * keep + other.greenF() * amount,
        color.blueF() * keep + other.blueF() * amount,
    )


def _chosen_theme(choice: ThemeChoice) -> Theme:
    return system_theme() if choice is ThemeChoice.SYSTEM else load_theme(choice.value)


def _role_colors(theme: Theme) -> dict[QPalette.ColorRole, QColor]:
    # FlatStyle draws edges in Mid, thumbs of scroll bars in Dark, marks in Shadow, what is hovered in Midlight.
    return {
        _Role.Window: theme.window,
        _Role.WindowText: theme.text,
        _Role.Base: theme.pane,
        _Role.AlternateBase: theme.block,
        _Role.Text: theme.text,
        _Role.PlaceholderText: theme.dim,
        _Role.Button: theme.window,
        _Role.ButtonText: theme.text,
        _Role.BrightText: theme.on_accent,
        _Role.Highlight: theme.accent_bg,
        _Role.HighlightedText: theme.text,
        _Role.Accent: theme.accent,
        _Role.Link: theme.accent,
        _Role.LinkVisited: theme.keyword,
        _Role.ToolTipBase: theme.pane,
        _Role.ToolTipText: theme.text,
        _Role.Light: mix(theme.window, theme.pane, 0.5),
        _Role.Midlight: mix(theme.line, theme.window, 0.5),
        _Role.Mid: theme.line,
        _Role.Dark: mix(theme.line, theme.dim, 0.25),
        _Role.Shadow: mix(theme.line, theme.dim, 0.5),
    }
