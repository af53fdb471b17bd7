"""A cassette's texts where Qt would take them for markup: tool tips and message boxes.

`<img src="file:///…">` in a URL or a header would be read from the disk as soon as the pointer rests on it.
"""

from __future__ import annotations

from PySide6.QtGui import Qt

# A tool tip of a megabyte takes seconds to lay out, and fits no screen.
_LONGEST = 2000


def shortened(text: str) -> str:
    """As much of a text as anybody reads on one line: Qt measures all that it is given before it cuts it off."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def plain(text: str) -> str:
    """What shows `text` as it is, as far as a person would read it."""
    shown = shortened(text)
    return str(Qt.convertFromPlainText(shown)) if Qt.mightBeRichText(shown) else shown
