"""Pictures that a recording itself holds. Nothing is loaded from the network or from the disk."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

if TYPE_CHECKING:
    from viewer.stream.transcript import Media

_LARGEST = 2048
# All but JPEG are read whole before they are made smaller, at eight bytes a pixel: a PNG of a quarter of a megabyte
# may be one of 64 million pixels. A screen of 6,016 x 3,384 is one of 20 million.
_MOST_PIXELS = 24_000_000
_SCALED_WHILE_READ = frozenset({b"jpeg", b"jpg"})
# SVG stays text here: a picture of a recording must not be able to refer to anything.
_FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"gif", b"bmp", b"webp", b"ico", b"pbm", b"pgm", b"ppm"})


def picture_of(media: Media | None) -> QImage | None:
    """The picture inside a message, None where there is none or where it stands elsewhere."""
    data = bytes_of(media) if media is not None else b""
    return decode_picture(data) if data else None


def bytes_of(media: Media) -> bytes:
    """What a message holds of a picture, sound or file; b"" where that stands elsewhere or is broken."""
    encoded = media.base64
    if not encoded and media.url.startswith("data:"):
        head, _, encoded = media.url.partition(",")
        if not head.endswith(";base64"):
            return b""
    try:
        return base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return b""


def decode_picture(data: bytes) -> QImage | None:
    """The picture that bytes are, made smaller where it is very large; None where they are none."""
    buffer = _buffer(data)
    reader = _reader(buffer)
    if reader is None:
        return None
    size = reader.size()
    if size.width() * size.height() > _MOST_PIXELS and reader.format().data() not in _SCALED_WHILE_READ:
        return None
    if size.isValid() and max(size.width(), size.height()) > _LARGEST:
        reader.setScaledSize(size.scaled(QSize(_LARGEST, _LARGEST), Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture


def size_of(data: bytes) -> tuple[int, int]:
    """The width and height that a picture says it has, 0 and 0 where it is none."""
    buffer = _buffer(data)
    reader = _reader(buffer)
    size = reader.size() if reader is not None else QSize()
    return (size.width(), size.height()) if size.isValid() else (0, 0)


def _buffer(data: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def _reader(buffer: QBuffer) -> QImageReader | None:
    """What reads the picture in a buffer, which it does not keep; Qt's limit of 256 MB for a picture holds."""
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    return reader if reader.format().data() in _FORMATS else None
