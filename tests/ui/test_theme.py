"""Both themes: legible, complete, and changed live."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.resources import resource
from viewer.ui.style import FlatStyle
from viewer.ui.theme import (
    AppTheme,
    Theme,
    ThemeChoice,
    fixed_font,
    interface_font,
    load_theme,
    mix,
    palette,
    read_values,
    system_theme,
)

THEMES = ["light", "dark"]

TEXTS = [
    "text",
    "dim",
    "accent",
    "ok",
    "error",
    "warning",
    "reasoning",
    "string",
    "number",
    "key",
    "keyword",
]
SURFACES = ["window", "pane", "block", "accent_bg", "ok_bg", "error_bg", "reasoning_bg"]
PAIRS = [(text, surface) for text in TEXTS for surface in SURFACES] + [
    ("on_accent", "accent"),
    ("on_word", "removed_word"),
    ("on_word", "added_word"),
]

# The table of interface.md, in its order.
PALETTE = """
window pane line text dim accent accent_bg ok ok_bg error error_bg string number key keyword reasoning reasoning_bg
#f6f6f7 #ffffff #dcdde1 #1d2129 #596170 #2459bd #e4edfc #15693e #dcf3e6 #a8241c #fbe3e1 #0a6b42 #8a4200 #2b4fa8 #6f37a3 #73591a #fbf4df
#1f2126 #26292f #383c45 #e4e6eb #a9b1bf #84b0ff #2c3d5e #69d19b #1f3d2e #ff9a92 #4a2523 #7fd6a8 #f0b072 #9db9ff #d0a4f2 #e5c97a #3a3420
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _own_palette(qapp: QApplication) -> Iterator[None]:
    before = qapp.palette()
    yield
    qapp.setPalette(before)


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_text_is_legible(name: str, text: str, surface: str) -> None:
    theme = load_theme(name)
    assert contrast(getattr(theme, text), getattr(theme, surface)) >= 4.5


@pytest.mark.parametrize("row", [0, 1])
def test_colours_are_those_of_the_design(row: int) -> None:
    names, *rows = (line.split() for line in PALETTE.strip().splitlines())
    theme = load_theme(THEMES[row])
    assert [getattr(theme, name).name() for name in names] == rows[row]


def test_every_colour_is_tested_as_text_or_surface() -> None:
    tested = {name for pair in PAIRS for name in pair}
    no_text = {"name", "dark", "line", "marker"}
    assert set(Theme.__struct_fields__) == tested | no_text


def test_an_unknown_theme_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"themes/solarized\.toml"):
        load_theme("solarized")


@pytest.mark.parametrize("name", THEMES)
def test_palette_sets_every_role_in_every_group(name: str) -> None:
    ours = palette(load_theme(name))
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for role in QPalette.ColorRole:
            if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
                assert ours.isBrushSet(group, role), (group, role)


@pytest.mark.parametrize("name", THEMES)
def test_selected_text_is_legible_also_in_a_window_without_focus(name: str) -> None:
    ours = palette(load_theme(name))
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        text = ours.color(group, QPalette.ColorRole.HighlightedText)
        assert contrast(text, ours.color(group, QPalette.ColorRole.Highlight)) >= 4.5


def test_bare_x_and_offscreen_get_the_light_theme(qapp: QApplication) -> None:
    if qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown:
        assert system_theme() is load_theme("light")


def test_choosing_changes_palette_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    app_theme = AppTheme(qapp, ThemeChoice.LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#f6f6f7"

    with qtbot.waitSignal(app_theme.changed) as changed:
        app_theme.choose(ThemeChoice.DARK)

    assert changed.args == [load_theme("dark")]
    assert app_theme.theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#1f2126"


def test_follows_the_system_live(qapp: QApplication, qtbot: QtBot) -> None:
    app_theme = AppTheme(qapp, ThemeChoice.SYSTEM)
    hints = qapp.styleHints()

    with qtbot.waitSignal(app_theme.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert app_theme.theme is load_theme("dark")

    with qtbot.waitSignal(app_theme.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert app_theme.theme is load_theme("light")


def test_a_chosen_theme_stays_when_the_system_changes(qapp: QApplication, qtbot: QtBot) -> None:
    app_theme = AppTheme(qapp, ThemeChoice.LIGHT)
    with qtbot.assertNotEmitted(app_theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert app_theme.theme is load_theme("light")


def test_wears_our_style_and_no_style_sheet(qapp: QApplication) -> None:
    AppTheme(qapp, ThemeChoice.DARK)
    worn = qapp.style()
    assert isinstance(worn, FlatStyle)
    AppTheme(qapp, ThemeChoice.LIGHT)
    assert qapp.style() is worn
    assert qapp.styleSheet() == ""


@pytest.mark.usefixtures("qapp")
def test_fixed_font_is_one_step_smaller() -> None:
    fixed, interface = fixed_font(), interface_font()
    assert (interface.pointSizeF() - fixed.pointSizeF() == 1) or (
        interface.pixelSize() - fixed.pixelSize() == 1
    )


def test_mix_goes_from_one_colour_to_the_other() -> None:
    black, white = QColor("black"), QColor("white")
    assert mix(black, white, 0).name() == "#000000"
    assert mix(black, white, 0.5).name() == "#808080"
    assert mix(black, white, 1).name() == "#ffffff"


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_read_as_the_toml_it_is(name: str) -> None:
    text = resource(f"themes/{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    assert read_values(text) == {"dark": table["dark"], **table["colors"]}


@pytest.mark.parametrize(
    "line", ["a", "a = 1", "a = '#fff'", 'a = "#fff', 'a = "\\u0041"', 'a = ["#fff"]', "a ="]
)
def test_what_is_no_line_of_a_theme_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no line of a theme"):
        read_values(line)
