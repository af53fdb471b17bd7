"""A first view of answers without words: embeddings, pictures, sound, moderation, lists, errors."""

from __future__ import annotations

from functools import singledispatchmethod

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.stream.resources import (
    Embeddings,
    ErrorMessage,
    Images,
    Listing,
    Moderation,
    Picture,
    Sound,
    Value,
)
from viewer.ui import figures
from viewer.ui.pictures import decode_picture, picture_of
from viewer.ui.text_flow import Card, TextFlow
from viewer.ui.theme import Theme

# Rows of lists and vectors that are written out.
_ROWS = 200


class ValueView(QWidget):
    """Shows what a response holds where that is no text of a model."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._value: Value | None = None
        self.page = TextFlow(theme, self)
        self.page.setAccessibleName(self.tr("Answer"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.setFocusProxy(self.page)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.page.theme = theme
        self.show_value(self._value)

    def show_value(self, value: Value | None) -> None:
        """Shows another value."""
        self._value = value
        self.page.start_over()
        if value is not None:
            self._draw(value)

    @singledispatchmethod
    def _draw(self, value: object) -> None:
        raise TypeError(type(value))

    @_draw.register
    def _(self, value: ErrorMessage) -> None:
        card = self.page.new_card(Card(fill=self._theme.error_bg))
        large = self.page.plain(self._theme.error)
        large.setFontPointSize(large.fontPointSize() + 4)
        if value.status is not None:
            self.page.add_line(
                [(self.tr("Error {}").format(value.status), large)], self.page.block(4, card=card)
            )
        block = self.page.block(1 if value.status is not None else 4, card=card)
        self.page.add_line([(value.message, self.page.plain(self._theme.error))], block)

    @_draw.register
    def _(self, value: Embeddings) -> None:
        self._title(self.tr("{} vector(s)").format(len(value.vectors)))
        for number, vector in enumerate(value.vectors[:_ROWS]):
            facts = self.tr("{} numbers, norm {:.4f}").format(vector.length, vector.norm)
            first = ", ".join(f"{number:.6g}" for number in vector.first)
            self._row(f"{number}", f"{facts}   [{first}, …]")

    @_draw.register
    def _(self, value: Images) -> None:
        for number, media in enumerate(value.media):
            picture = picture_of(media)
            if picture is not None:
                cursor = self.page.add_line([], self.page.block(3))
                cursor.insertImage(self.page.add_picture(f"image:{number}", picture))
            else:
                self._row(media.type, media.url or self.tr("a picture that cannot be shown"))
        for caption in value.captions:
            self.page.add_line([(caption, self.page.plain(self._theme.dim))], self.page.block(2))

    @_draw.register
    def _(self, value: Picture) -> None:
        picture = decode_picture(value.data)
        if picture is not None:
            cursor = self.page.add_line([], self.page.block(2))
            cursor.insertImage(self.page.add_picture("image", picture))
        self._row(value.type, figures.size(len(value.data)))

    @_draw.register
    def _(self, value: Sound) -> None:
        seconds = value.shape.seconds
        length = self.tr("length unknown") if seconds is None else figures.seconds(seconds)
        self._title(self.tr("Sound"))
        self._row(value.type, f"{length} · {figures.size(len(value.data))}")

    @_draw.register
    def _(self, value: Moderation) -> None:
        for verdict in value.verdicts:
            self._title(self.tr("Flagged") if verdict.flagged else self.tr("Not flagged"))
            for name, flagged, score in verdict.categories:
                said = self.tr("yes") if flagged else self.tr("no")
                self._row(name, said if score is None else f"{said}   {score:.6f}")

    @_draw.register
    def _(self, value: Listing) -> None:
        self._title(self.tr("{} in the list").format(len(value.rows)))
        for row in value.rows[:_ROWS]:
            rest = "   ".join(
                f"{name} {cell}" for name, cell in zip(value.columns[1:], row[1:], strict=False) if cell
            )
            self._row(row[0] if row else "", rest)
        if len(value.rows) > _ROWS:
            rest = self.tr("{} more are in the body").format(len(value.rows) - _ROWS)
            self.page.add_line([(rest, self.page.plain(self._theme.dim))], self.page.block(2))

    def _title(self, text: str) -> None:
        self.page.add_line([(text, self.page.label())], self.page.block(3))

    def _row(self, name: str, value: str) -> None:
        strong = self.page.plain()
        strong.setFontWeight(600)
        self.page.add_line(
            [(f"{name}   ", strong), (value, self.page.code(self._theme.dim))], self.page.block(1)
        )
