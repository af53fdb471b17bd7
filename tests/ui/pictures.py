"""Pictures made here, for tests."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter


def png(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF2459BD)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())
