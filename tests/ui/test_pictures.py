from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from viewer.stream.transcript import Media
from viewer.ui.pictures import decode_picture, picture_of


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def test_a_picture_inside_the_recording_is_shown() -> None:
    encoded = base64.b64encode(png(3, 2)).decode()
    for media in (Media("image/png", encoded), Media("image", url=f"data:image/png;base64,{encoded}")):
        picture = picture_of(media)
        assert picture is not None
        assert (picture.width(), picture.height()) == (3, 2)


def test_a_picture_elsewhere_is_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(3, 2))
    for url in ("https://e.test/a.png", (tmp_path / "a.png").as_uri(), str(tmp_path / "a.png"), "data:,x"):
        assert picture_of(Media("image/png", url=url)) is None


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert decode_picture(data) is None
    assert picture_of(Media("image/png", base64.b64encode(data).decode())) is None


def test_a_very_large_picture_is_made_smaller() -> None:
    picture = decode_picture(png(5000, 100))
    assert picture is not None
    assert picture.width() == 2048


def _png(width: int, height: int, rows: int) -> bytes:
    """A PNG that claims a size and holds so many rows of zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" * (width + 1)) * rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    """A quarter of a megabyte took half a gigabyte and a second of the interface's thread."""
    for width, height, rows in ((60_000, 60_000, 1), (8_000, 8_000, 8_000), (2**31 - 1, 2**31 - 1, 0)):
        assert decode_picture(_png(width, height, rows)) is None
    shown = decode_picture(_png(5_000, 3_000, 3_000))
    assert shown is not None
    assert shown.width() == 2048
