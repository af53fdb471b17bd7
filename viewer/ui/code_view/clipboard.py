"""Text on its way through the clipboard and drags, unharmed.

Qt drops lone surrogates on the way from a str to a QString, so they travel as bytes of our own beside the text.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData

_EXACT = "application/x-cassette-viewer-text"


def to_mime(text: str) -> QMimeData:
    """The text as data for the clipboard."""
    data = QMimeData()
    try:
        text.encode()
    except UnicodeEncodeError:
        data.setData(_EXACT, text.encode("utf-8", "surrogatepass"))
        text = text.encode("utf-8", "replace").decode()
    data.setText(text)
    return data


def from_mime(data: QMimeData) -> str:
    """The text that clipboard data holds, as it was copied; "" where there is none."""
    if data.hasFormat(_EXACT):
        return bytes(data.data(_EXACT).data()).decode("utf-8", "surrogatepass")
    return data.text() if data.hasText() else ""
