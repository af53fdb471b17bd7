"""The pictures in a page of text: never wider than the page, also when that becomes narrower."""

from __future__ import annotations

from PySide6.QtGui import QImage, QTextCursor, QTextImageFormat
from PySide6.QtWidgets import QTextEdit

from viewer.ui.grid import steps

# Left of a picture and right of it, for the page's margin and that of a card.
_BESIDE = 13
_NARROWEST = 20


class FlowPictures:
    """Pictures by the names that they have in the page's document."""

    def __init__(self, page: QTextEdit) -> None:
        self._page = page
        self._pictures: dict[str, QImage] = {}
        self._places: dict[str, QTextCursor] = {}
        self._room = self._measured()

    def insert(self, cursor: QTextCursor, name: str, picture: QImage) -> None:
        """Puts a picture where the cursor is."""
        self._pictures[name] = picture
        cursor.insertImage(self._format(name))
        place = QTextCursor(cursor)
        place.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
        self._places[name] = place

    def get(self, name: str) -> QImage:
        """The picture; none of any size where there is none of that name."""
        return self._pictures.get(name, QImage())

    def fit(self) -> None:
        """Gives each the width that the page has for it now."""
        room = self._measured()
        if room == self._room:
            return
        self._room = room
        for name, place in self._places.items():
            character = QTextCursor(place)
            character.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
            # Of a part that was drawn anew, something else may stand there.
            if character.charFormat().toImageFormat().name() == name:
                character.setCharFormat(self._format(name))

    def clear(self) -> None:
        """Lets go of all."""
        self._pictures.clear()
        self._places.clear()

    def _format(self, name: str) -> QTextImageFormat:
        picture, image = self._pictures[name], QTextImageFormat()
        image.setName(name)
        if picture.width() > self._room:
            image.setWidth(self._room)
            image.setHeight(picture.height() * self._room / picture.width())
        return image

    def _measured(self) -> int:
        # As if the scroll bar were there: a picture whose width made it come and go would flicker for ever.
        bar = self._page.verticalScrollBar().sizeHint().width()
        return max(steps(_NARROWEST), self._page.maximumViewportSize().width() - bar - steps(_BESIDE))
