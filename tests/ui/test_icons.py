"""Every icon is well-formed, takes the colour it is given, and is sharp on dense screens."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage

from viewer.ui import icons
from viewer.ui.icons import app_icon, icon, pixmap, see_ratio

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem != "cassette-viewer")

RED, GREY = QColor("#c00000"), QColor("#808080")

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def _screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A usual screen and a dense one."""
    monkeypatch.setattr(icons, "_ratios", {1.0, 2.0})


def opaque_colors(image: QImage) -> set[str]:
    """The colours of the pixels that nothing shines through."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def inked_edges(image: QImage) -> bool:
    """Whether the outermost pixels are touched: what is drawn there is likely cut off."""
    last = image.width() - 1
    border = [(x, y) for x in range(last + 1) for y in range(last + 1) if not (0 < x < last and 0 < y < last)]
    return any(image.pixelColor(x, y).alpha() > 40 for x, y in border)


@pytest.mark.parametrize("name", NAMES)
def test_file_has_no_colour_of_its_own(name: str) -> None:
    root = ElementTree.parse(FOLDER / f"{name}.svg").getroot()
    assert root.get("viewBox") == "0 0 24 24"
    paints = {element.get(attribute) for element in root.iter() for attribute in ("fill", "stroke")}
    assert paints <= {None, "none", "currentColor"}


@pytest.mark.parametrize("name", NAMES)
def test_icon_is_drawn_in_the_colour_given(name: str) -> None:
    image = icon(name, RED).pixmap(QSize(24, 24), 2.0).toImage()
    assert opaque_colors(image) == {RED.name()}
    assert not inked_edges(image)


def test_disabled_icon_has_its_own_colour() -> None:
    both = icon("save", RED, GREY)
    assert opaque_colors(both.pixmap(QSize(24, 24), 2.0, QIcon.Mode.Normal).toImage()) == {RED.name()}
    assert opaque_colors(both.pixmap(QSize(24, 24), 2.0, QIcon.Mode.Disabled).toImage()) == {GREY.name()}


def test_an_icon_of_a_selected_line_keeps_its_colour() -> None:
    """Qt mixed it with the colour of the selection."""
    image = icon("warning", RED).pixmap(QSize(24, 24), 2.0, QIcon.Mode.Selected).toImage()
    assert opaque_colors(image) == {RED.name()}


@pytest.mark.parametrize(("size", "ratio"), [(16, 1.0), (16, 1.25), (20, 1.75), (24, 2.0), (16, 3.0)])
def test_icon_is_rendered_for_the_screen_and_not_scaled(
    size: int, ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icons, "_ratios", {1.0})
    assert see_ratio(ratio) == (ratio != 1.0)
    assert not see_ratio(ratio)
    sizes = icon("find", RED).availableSizes()
    assert QSize(1, 1) * round(size * ratio) in sizes
    assert QSize(size, size) in sizes


def test_pixmap_has_the_size_of_the_screen() -> None:
    drawn = pixmap("find", RED, 18, 1.5)
    assert (drawn.width(), drawn.devicePixelRatio()) == (27, 1.5)
    assert RED.name() in opaque_colors(drawn.toImage())


def test_the_same_icon_is_rendered_once() -> None:
    assert icon("find", RED).cacheKey() == icon("find", QColor(RED)).cacheKey()


def test_unknown_icon_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nonsense\.svg"):
        icon("nonsense", RED)


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256])
def test_app_icon_is_drawn_at_every_size(size: int) -> None:
    assert app_icon().pixmap(QSize(size, size), 1.0).width() == size


def test_app_icon_has_its_colours() -> None:
    assert len(opaque_colors(app_icon().pixmap(QSize(128, 128), 1.0).toImage())) > 4
