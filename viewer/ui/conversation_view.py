"""What a request asked, message by message: blocks by role, tool calls as cards, tools and parameters folded.

Long conversations are drawn in slices, the start at once; of a very long text only its beginning, until the
person asks for more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer, QUrl, Slot
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.stream.transcript import Conversation, Message, Part, PartKind
from viewer.ui import figures
from viewer.ui.line_styles import JsonStyle, PlainStyle
from viewer.ui.part_text import PartText
from viewer.ui.text_flow import Card, TextFlow
from viewer.ui.transcript_sections import shown_facts

if TYPE_CHECKING:
    from viewer.cassette.json_pretty import Pretty
    from viewer.ui.theme import Theme

_SLICE = 0.008
_FIRST_SLICE = 0.04
# Characters of one text that are shown at once, and by how many times more at each request.
_SHOWN = 20_000
_MORE = 10


class _Fold(msgspec.Struct, frozen=True):
    """A section that is folded until somebody asks."""

    key: str
    title: str
    lines: tuple[tuple[str, str], ...]


class ConversationView(QWidget):
    """Shows a conversation. Text can be selected across messages."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._conversation: Conversation | None = None
        self._unfolded: set[str] = set()
        self._lengths: dict[str, int] = {}
        self._work: Iterator[None] | None = None
        self._gap = 0.0
        self.page = TextFlow(theme, self)
        self.page.setAccessibleName(self.tr("Conversation"))
        self.page.anchorClicked.connect(self._follow_link)
        self._later = QTimer(self, singleShot=True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.setFocusProxy(self.page)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.page.theme = theme
        self._draw_anew()

    def set_zoom(self, points: int) -> None:
        """Makes text some points larger than usual."""
        if points != self.page.zoom:
            self.page.zoom = points
            self._draw_anew()

    def set_conversation(self, conversation: Conversation | None) -> None:
        """Shows another conversation from its start."""
        self._conversation = conversation
        self._unfolded.clear()
        self._lengths.clear()
        self._draw_anew()
        self.page.verticalScrollBar().setValue(0)

    def _draw_anew(self) -> None:
        place = self.page.verticalScrollBar().value()
        self.page.start_over()
        self._work = self._draw(self._conversation) if self._conversation else None
        self._run(perf_counter() + _FIRST_SLICE)
        self.page.verticalScrollBar().setValue(place)

    @Slot()
    def _go_on(self) -> None:
        self._run(perf_counter() + _SLICE)

    def _run(self, until: float) -> None:
        """Draws until the time is up; the rest later."""
        edit = QTextCursor(self.page.document())
        edit.beginEditBlock()
        while self._work is not None and perf_counter() < until:
            if next(self._work, self) is self:
                self._work = None
        edit.endEditBlock()
        if self._work is not None:
            self._later.start()

    @Slot(QUrl)
    def _follow_link(self, target: QUrl) -> None:
        kind, key = target.scheme(), target.path()
        if kind == "fold":
            self._unfolded ^= {key}
        elif kind == "more":
            self._lengths[key] = self._lengths.get(key, _SHOWN) * _MORE
        self._draw_anew()

    # --- drawing, a piece at each step

    def _draw(self, conversation: Conversation) -> Iterator[None]:
        for number, message in enumerate(conversation.messages):
            yield from self._draw_message(number, message)
        for note in conversation.notes:
            self.page.add_line([(f"▲ {note}", self.page.plain(self._theme.warning))], self.page.block(3))
        for fold in self._folds(conversation):
            self._draw_fold(fold)
            yield

    def _draw_message(self, number: int, message: Message) -> Iterator[None]:
        parts = enumerate(message.parts)
        for kind, group in groupby(parts, key=lambda item: _family(message, item[1])):
            members = list(group)
            label = self._label(message, kind, len(members))
            self.page.add_line(
                [(label, self.page.label())], self.page.block(3 if self.page.document().isEmpty() else 5)
            )
            for place, (index, part) in enumerate(members):
                # The first card stands close to the label, the others apart from the card before.
                self._gap = 0.0 if place == 0 else 2.0
                self._draw_part(f"{number}.{index}", message, part)
                yield

    def _label(self, message: Message, kind: PartKind, count: int) -> str:
        role = message.role or self.tr("message")
        if kind is PartKind.TOOL_CALL:
            calls = self.tr("tool calls") if count > 1 else self.tr("tool call")
            return f"{role} · {calls}"
        if kind is PartKind.TOOL_RESULT:
            return self.tr("tool result")
        if kind is PartKind.REASONING:
            return f"{role} · " + self.tr("reasoning")
        return f"{role} · {message.name}" if message.name else role

    def _draw_part(self, key: str, message: Message, part: Part) -> None:
        if part.kind is PartKind.TOOL_CALL:
            self._draw_call(part)
        elif _family(message, part) is PartKind.TOOL_RESULT:
            self._draw_result(key, part)
        elif part.media is not None and not part.text:
            self._draw_media(key, part, self.page.new_card(Card(fill=self._theme.block)))
        else:
            self._draw_text(key, part)

    def _draw_call(self, part: Part) -> None:
        from viewer.ui.arguments import ShownArguments

        card = self.page.new_card(Card(border=self._theme.line))
        name = self.page.plain()
        name.setFontWeight(600)
        runs = [(part.name or "…", name)]
        if part.call_id:
            runs.append((f" {part.call_id}", self.page.plain(self._theme.dim)))
        self.page.add_line(runs, self.page.block(3.5 + self._gap, card=card))
        shown = ShownArguments(part.text)
        if shown.text:
            self._text(shown.text[:_SHOWN], JsonStyle(self.page, above=0.5, card=card))

    def _draw_result(self, key: str, part: Part) -> None:
        card = self.page.new_card(Card(fill=self._theme.block))
        heading = " · ".join(filter(None, (part.name, part.call_id, *shown_facts(part))))
        if heading:
            dim = self.page.plain(self._theme.dim)
            self.page.add_line([(heading, dim)], self.page.block(3 + self._gap, card=card))
        made = (
            _pretty(part.text) if part.text.lstrip()[:1] in ("{", "[") and len(part.text) < _SHOWN else None
        )
        if part.media is not None and not part.text:
            self._draw_media(key, part, card)
            return
        above = 0.5 if heading else 3 + self._gap
        if made is not None and made.error is None:
            self._text(made.text, JsonStyle(self.page, above=above, card=card))
        else:
            style = PlainStyle(self.page, self.page.code(), above=above, card=card)
            self._cut_text(key, part.text, style, card)

    def _draw_text(self, key: str, part: Part) -> None:
        is_reasoning = part.kind is PartKind.REASONING
        theme = self._theme
        card = self.page.new_card(Card(fill=theme.reasoning_bg if is_reasoning else theme.block))
        color = (
            theme.reasoning if is_reasoning else theme.error if part.kind is PartKind.ERROR else theme.text
        )
        above = 3 + self._gap
        title = _title(part)
        if title:
            dim = self.page.plain(theme.dim)
            self.page.add_line([(title, dim)], self.page.block(above, card=card))
            above = 0.5
        if part.text or not title:
            style = PlainStyle(self.page, self.page.plain(color), above=above, card=card)
            self._cut_text(key, part.text, style, card)

    def _draw_media(self, key: str, part: Part, card: int) -> None:
        from viewer.ui.pictures import picture_of

        media = part.media
        assert media is not None
        known = filter(None, (media.type or part.kind.value, media.name, media.url[:300]))
        cursor = self.page.add_line(
            [(" · ".join(known), self.page.plain(self._theme.dim))], self.page.block(3 + self._gap, card=card)
        )
        picture = picture_of(media)
        if picture is not None:
            block = self.page.block(1, card=card)
            block.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
            cursor.insertBlock(block)
            self.page.insert_picture(cursor, f"picture:{key}", picture)

    def _cut_text(self, key: str, text: str, style: PlainStyle, card: int) -> None:
        """A text up to what was asked for, and a link to more."""
        shown = self._lengths.get(key, _SHOWN)
        self._text(text[:shown], style)
        if len(text) > shown:
            rest = self.tr("Show more: {} characters are left").format(figures.number(len(text) - shown))
            self.page.add_line(
                [(rest, self.page.link(f"more:{key}", self._theme.accent))], self.page.block(1, card=card)
            )

    # --- folded sections

    def _folds(self, conversation: Conversation) -> Iterator[_Fold]:
        tools = conversation.tools
        if tools:
            names = ", ".join(tool.name for tool in tools[:12]) + (", …" if len(tools) > 12 else "")
            lines: list[tuple[str, str]] = []
            for tool in tools:
                lines.append((tool.name, tool.description))
                lines.append(("", tool.schema))
            yield _Fold("tools", self.tr("Tools ({}): {}").format(len(tools), names), tuple(lines))
        if conversation.parameters:
            summary = _summary(conversation.parameters)
            title = self.tr("Parameters: {}").format(summary) if summary else self.tr("Parameters")
            yield _Fold("parameters", title, conversation.parameters)

    def _draw_fold(self, fold: _Fold) -> None:
        is_open = fold.key in self._unfolded
        sign = "▾ " if is_open else "▸ "
        link = self.page.link(f"fold:{fold.key}", self._theme.dim)
        self.page.add_line(
            [(sign + fold.title, link)], self.page.block(7 if self._is_first_fold(fold) else 2.5)
        )
        if not is_open:
            return
        card = self.page.new_card(Card(border=self._theme.line))
        first = True
        for name, value in fold.lines:
            if fold.key == "parameters" or name:
                self._named(name, value, card, as_json=fold.key == "parameters", first=first)
            elif value:
                made = _pretty(value)
                self._text(made.text if made else value, JsonStyle(self.page, above=1, card=card))
            first = False

    def _is_first_fold(self, fold: _Fold) -> bool:
        return fold.key == "tools" or not (self._conversation and self._conversation.tools)

    def _named(self, name: str, value: str, card: int, *, as_json: bool, first: bool) -> None:
        strong = self.page.plain()
        strong.setFontWeight(600)
        runs: list[tuple[str, QTextCharFormat]] = [(name + "  ", strong)]
        if as_json and len(value) <= 60:
            runs.append((value, self.page.code()))
        elif not as_json:
            runs.append((value, self.page.plain(self._theme.dim)))
        self.page.add_line(runs, self.page.block(4 if first else 2, card=card))
        if as_json and len(value) > 60:
            made = _pretty(value[:_SHOWN])
            self._text(made.text if made else value[:_SHOWN], JsonStyle(self.page, above=0.5, card=card))

    def _text(self, text: str, style: PlainStyle | JsonStyle) -> None:
        cursor = self.page.add_block(QTextBlockFormat())
        PartText(self.page, cursor, text, style).show(len(text))


def _title(part: Part) -> str:
    """What stands over a text that is no plain one: a document's name, a kind of its own, a secret's."""
    named = part.name if part.kind in (PartKind.FILE, PartKind.OTHER) else ""
    is_told = part.kind is PartKind.FILE or (part.kind is PartKind.REASONING and not part.text)
    facts = shown_facts(part) if is_told else []
    return " · ".join(filter(None, (named, *facts)))


def _pretty(text: str) -> Pretty | None:
    from viewer.cassette.json_pretty import pretty  # no plain conversation needs it

    return pretty(text)


def _family(message: Message, part: Part) -> PartKind:
    """Under which label a part stands: text, pictures and files of a message stand under its role."""
    if part.kind in (PartKind.TOOL_CALL, PartKind.REASONING):
        return part.kind
    if part.kind is PartKind.TOOL_RESULT or message.role in ("tool", "function"):
        return PartKind.TOOL_RESULT
    return PartKind.TEXT


def _summary(parameters: tuple[tuple[str, str], ...]) -> str:
    """Parameters in one line: `max_tokens 4000 · stream · provider`; what is false or null is left out."""
    known = []
    for name, value in parameters:
        if value == "true" or value[:1] in ("{", "["):
            known.append(name)
        elif value not in ("false", "null"):
            plain = value.strip('"')
            known.append(f"{name} {plain if len(plain) <= 24 else plain[:23] + '…'}")
    return " · ".join(known)
