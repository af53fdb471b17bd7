"""Pictures that a recording itself holds. Nothing is loaded from the network or from the disk."""

from __future__ import annotations

import base64
import binascii

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from viewer.stream.transcript import Media

_LARGEST = 2048
# SVG stays text here: a picture of a recording must not be able to refer to anything.
_FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"gif", b"bmp", b"webp", b"ico", b"pbm", b"pgm", b"ppm"})


def picture_of(media: Media | None) -> QImage | None:
    """The picture inside a message, None where there is none or where it stands elsewhere."""
    if media is None:
        return None
    encoded = media.base64
    if not encoded and media.url.startswith("data:"):
        head, _, encoded = media.url.partition(",")
        if not head.endswith(";base64"):
            return None
    if not encoded:
        return None
    try:
        return decode_picture(base64.b64decode(encoded))
    except (binascii.Error, ValueError):
        return None


def decode_picture(data: bytes) -> QImage | None:
    """The picture that bytes are, made smaller where it is very large; None where they are none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    if reader.format().data() not in _FORMATS:
        return None
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _LARGEST:
        reader.setScaledSize(size.scaled(QSize(_LARGEST, _LARGEST), Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture
