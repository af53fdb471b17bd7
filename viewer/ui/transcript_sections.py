"""The sections of a transcript: how each part of an answer looks, and how it grows while it plays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor

from viewer.stream.transcript import Part, PartKind
from viewer.ui import figures
from viewer.ui.grid import steps
from viewer.ui.line_styles import JsonStyle, LineStyle, MarkdownStyle, PlainStyle
from viewer.ui.part_text import PartText
from viewer.ui.text_flow import Card, TextFlow

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from viewer.ui.theme import Theme


SECRET = ("signature", "encrypted", "redacted", "extra content")
"""Facts that are long and say nothing to people."""
_LONGEST_FACT = 200


class Words(msgspec.Struct, frozen=True):
    """What sections say beside what was recorded, in the person's language."""

    reasoning: str
    refusal: str
    result: str
    other: str


Runs = list[tuple[str, QTextCharFormat]]


class Section:
    """One part on the page: a heading where it has one, and its text as far as it is shown.

    `folded` sections show their heading alone. Places in the part's text are code points.
    """

    def __init__(self, flow: TextFlow, part: Part, index: int) -> None:
        self.flow = flow
        self.part = part
        self.index = index
        self.folded = False
        self._begin: QTextCursor | None = None
        self._heading_end: QTextCursor | None = None
        self._body: PartText | None = None
        self._target = 0

    # --- what kinds of parts differ in

    def heading(self) -> tuple[Runs, QTextBlockFormat] | None:
        """The runs and the block of the heading."""
        return None

    def style(self) -> LineStyle:
        """How the text's lines look."""
        return PlainStyle(self.flow, self.flow.plain(), above=2)

    def body_text(self) -> str:
        """The text to show, the part's own unless it is made readable."""
        return self.part.text

    def to_body(self, offset: int) -> int:
        """Where a character of the part stands in the body's text."""
        return offset

    def from_body(self, offset: int) -> int:
        """Which character of the part stands here in the body's text."""
        return offset

    # --- the same for all

    @property
    def begin(self) -> int:
        """The document's position of the section's first block."""
        assert self._begin is not None
        return self._begin.position()

    def open(self, cursor: QTextCursor) -> None:
        """Begins the section in the empty block of `cursor`."""
        self._begin = QTextCursor(cursor.block())
        self._begin.setKeepPositionOnInsert(True)
        made = self.heading()
        if made is None:
            self._body = PartText(self.flow, cursor, self.body_text(), self.style())
            return
        runs, block = made
        cursor.setBlockFormat(block)
        for text, text_format in runs:
            cursor.insertText(text, text_format)
        self._heading_end = QTextCursor(cursor)
        self._heading_end.setKeepPositionOnInsert(True)

    def length_at(self, event: int) -> int:
        """How much of the part's text had come when `event` had played."""
        run = bisect_right(self.part.events, event)
        return self.part.offsets[run] if run < len(self.part.offsets) else len(self.part.text)

    def show(self, length: int, until: float | None = None) -> bool:
        """Shows the part's first `length` characters; False where the time `until` came first."""
        self._target = length
        if self.folded:
            return True
        if self._body is None and (length or not self.part.text):
            self._open_body()
        return self._body is None or self._body.show(self.to_body(length), until)

    def set_folded(self, folded: bool) -> None:
        """Folds or unfolds the text under the heading."""
        self.folded = folded
        self._rewrite_heading()
        if folded:
            self._close_body()
        else:
            self.show(self._target)

    def end_position(self) -> int:
        """The document's position behind what is shown."""
        if self._body is not None:
            return self._body.end_position()
        assert self._heading_end is not None
        return self._end_of_heading()

    def offset_at(self, position: int) -> int | None:
        """The character of the part's text at a position of the document, None outside of it."""
        if self._body is None or not self._body.contains(position):
            return None
        return self.from_body(self._body.offset_at(position))

    def span_of(self, event: int) -> tuple[int, int] | None:
        """The document's positions of what `event` brought, as far as it is shown; the heading of what is folded."""
        first = bisect_left(self.part.events, event)
        behind = bisect_right(self.part.events, event)
        if first == behind:
            return None
        if self.folded:
            return self.begin, self._end_of_heading()
        if self._body is None:
            return None
        start = self.part.offsets[first]
        end = self.part.offsets[behind] if behind < len(self.part.offsets) else len(self.part.text)
        start, end = self.to_body(start), self.to_body(end)
        if start >= self._body.shown:
            return None
        return self._body.position_of(start), self._body.position_of(min(end, self._body.shown))

    def last_event(self, event: int) -> int:
        """The last event up to `event` that added to this part, -1 for none."""
        run = bisect_right(self.part.events, event) - 1
        return self.part.events[run] if run >= 0 else -1

    def _open_body(self) -> None:
        cursor = QTextCursor(self.flow.document())
        cursor.setPosition(self._end_of_heading())
        cursor.insertBlock()
        self._body = PartText(self.flow, cursor, self.body_text(), self.style())

    def _close_body(self) -> None:
        """Takes the text away, the heading stays."""
        if self._body is None or self._heading_end is None:
            return
        cursor = QTextCursor(self.flow.document())
        cursor.setPosition(self._end_of_heading())
        cursor.setPosition(self._body.end_position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._body = None

    def _end_of_heading(self) -> int:
        assert self._begin is not None
        block = self._begin.block()
        return block.position() + block.length() - 1

    def _rewrite_heading(self) -> None:
        made = self.heading()
        if made is None or self._begin is None:
            return
        cursor = QTextCursor(self._begin.block())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        for text, text_format in made[0]:
            cursor.insertText(text, text_format)


class AnswerSection(Section):
    """Text of the answer, as Markdown or as it is."""

    def __init__(self, flow: TextFlow, part: Part, index: int, *, markdown: bool) -> None:
        super().__init__(flow, part, index)
        self._markdown = markdown

    def style(self) -> LineStyle:
        above = 4 if self.index else 2  # below a card, which reaches over its last line
        if self._markdown:
            return MarkdownStyle(self.flow, self.flow.theme, above=above)
        return PlainStyle(self.flow, self.flow.plain(), above=above)


class FoldedSection(Section):
    """A card whose text is folded until somebody asks: a heading to click, and dim words beside it."""

    def __init__(
        self, flow: TextFlow, part: Part, index: int, title: str, detail: str, *, folded: bool, card: Card
    ) -> None:
        super().__init__(flow, part, index)
        self.folded = folded
        self._title = title
        self._detail = detail
        self._card = flow.new_card(card)

    def color(self) -> QColor:
        """The colour of the heading."""
        return self.flow.theme.dim

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        target = f"fold:{self.index}"
        sign = "▸ " if self.folded else "▾ "
        runs = [(sign + self._title, self.flow.link(target, self.color()))]
        if self._detail:
            runs.append((f" · {self._detail}", self.flow.link(target, self.color())))
        return runs, self.flow.block(5 if self.index else 2, card=self._card, below=4)

    def style(self) -> LineStyle:
        return PlainStyle(self.flow, self.flow.code(), card=self._card)


class ReasoningSection(FoldedSection):
    """What the model thought, in amber."""

    def color(self) -> QColor:
        return self.flow.theme.reasoning

    def style(self) -> LineStyle:
        return PlainStyle(self.flow, self.flow.plain(self.color()), card=self._card)


class ToolCallSection(Section):
    """A bordered card: the tool's name, the call's id, the arguments; pretty as soon as they are whole."""

    def __init__(self, flow: TextFlow, part: Part, index: int) -> None:
        super().__init__(flow, part, index)
        self._card = flow.new_card(Card(border=flow.theme.line))
        from viewer.ui.arguments import ShownArguments

        self._whole = ShownArguments(part.text)
        self._is_whole = False

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        name = self.flow.plain()
        name.setFontWeight(600)
        runs = [(self.part.name or "…", name)]
        beside = " · ".join(filter(None, (self.part.call_id, *shown_facts(self.part))))
        if beside:
            runs.append((f" {beside}", self.flow.plain(self.flow.theme.dim)))
        return runs, self.flow.block(5.5, card=self._card, below=0)

    def style(self) -> LineStyle:
        return JsonStyle(self.flow, above=0.5, card=self._card)

    def body_text(self) -> str:
        return self._whole.text if self._is_whole else self.part.text

    def to_body(self, offset: int) -> int:
        if not self._is_whole:
            return offset
        return len(self._whole.text) if offset >= len(self.part.text) else self._whole.to_shown(offset)

    def from_body(self, offset: int) -> int:
        return self._whole.to_recorded(offset) if self._is_whole else offset

    def show(self, length: int, until: float | None = None) -> bool:
        whole = length >= len(self.part.text)
        if whole != self._is_whole:
            self._close_body()
            self._is_whole = whole
        return super().show(length, until)


class ResultSection(ToolCallSection):
    """What a tool gave, where that is JSON: under a label, pretty as soon as it is whole."""

    def __init__(self, flow: TextFlow, part: Part, index: int, label: str) -> None:
        super().__init__(flow, part, index)
        self._label = label
        self._card = flow.new_card(Card(fill=flow.theme.block))

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        return _label_runs(self.flow, self.part, self._label), self.flow.block(4)

    def style(self) -> LineStyle:
        return JsonStyle(self.flow, above=3.5, card=self._card)


class LabelledSection(Section):
    """A small label over a text: refusals and tool results."""

    def __init__(
        self, flow: TextFlow, part: Part, index: int, label: str, style: Callable[[TextFlow], LineStyle]
    ) -> None:
        super().__init__(flow, part, index)
        self._label = label
        self._style = style

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        return _label_runs(self.flow, self.part, self._label), self.flow.block(4)

    def style(self) -> LineStyle:
        return self._style(self.flow)


class FactSection(Section):
    """A line that is there whole or not at all: a citation, a file, a picture."""

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        dim = self.flow.plain(self.flow.theme.dim)
        runs: Runs = [(f"{self.part.kind.value}  ", dim)]
        title = self.part.name or (self.part.media.name if self.part.media else "")
        if title:
            runs.append((f"{title}  ", self.flow.plain()))
        if self.part.media and self.part.media.url:
            runs.append((self.part.media.url[:500] + "  ", dim))
        if self.part.kind is PartKind.AUDIO and self.part.media and self.part.media.base64:
            size = figures.size(len(self.part.media.base64) * 3 // 4)
            runs.append((f"{self.part.media.type} · {size}  ", dim))
        runs += [(f"{label} {value[:500]}  ", dim) for label, value in self.part.facts]
        return runs, self.flow.block(4 if self.index else 2)

    def show(self, length: int, until: float | None = None) -> bool:
        if not self.part.text:
            return True
        return super().show(length, until)

    def open(self, cursor: QTextCursor) -> None:
        from viewer.ui.pictures import picture_of

        super().open(cursor)
        picture = picture_of(self.part.media)
        if picture is not None:
            block = cursor.blockFormat()
            block.setLineHeight(steps(1), QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
            block.setBottomMargin(self.flow.block(0, below=2).bottomMargin())
            cursor.setBlockFormat(block)
            cursor.insertText("\u2028")
            self.flow.insert_picture(cursor, f"part:{self.index}", picture)


class QuoteSection(FactSection):
    """A citation with the words that it quotes: a card, so that nobody takes them for the answer."""

    def __init__(self, flow: TextFlow, part: Part, index: int) -> None:
        super().__init__(flow, part, index)
        self._card = flow.new_card(Card(fill=flow.theme.block))

    def heading(self) -> tuple[Runs, QTextBlockFormat]:
        runs, _ = super().heading()
        return runs, self.flow.block(5, card=self._card, below=0)

    def style(self) -> LineStyle:
        return PlainStyle(self.flow, self.flow.plain(self.flow.theme.dim), above=0.5, card=self._card)


def make_section(
    flow: TextFlow, part: Part, index: int, words: Words, *, detail: str, markdown: bool, folded: bool
) -> Section:
    """The section for a part of a transcript; `detail` stands beside the reasoning's heading."""
    theme: Theme = flow.theme
    if part.kind is PartKind.TEXT:
        return AnswerSection(flow, part, index, markdown=markdown)
    if part.kind is PartKind.REASONING:
        card = Card(fill=theme.reasoning_bg)
        return ReasoningSection(flow, part, index, words.reasoning, detail, folded=folded, card=card)
    if part.kind is PartKind.TOOL_CALL:
        return ToolCallSection(flow, part, index)
    if part.kind is PartKind.REFUSAL:
        return LabelledSection(
            flow, part, index, words.refusal, lambda flow: PlainStyle(flow, flow.plain(theme.error), above=1)
        )
    if part.kind is PartKind.ERROR:
        shown = flow.new_card(Card(fill=theme.error_bg))
        style = PlainStyle(flow, flow.plain(theme.error), above=6 if index else 4, card=shown)
        return _Unlabelled(flow, part, index, style)
    if part.kind is PartKind.CITATION and part.text:
        return QuoteSection(flow, part, index)
    if part.kind in (PartKind.CITATION, PartKind.IMAGE, PartKind.AUDIO, PartKind.FILE):
        return FactSection(flow, part, index)
    if part.kind is PartKind.TOOL_RESULT and part.text[:1] in ("{", "["):
        return ResultSection(flow, part, index, words.result)
    if part.kind is PartKind.TOOL_RESULT:
        code = _CodeCard(flow.new_card(Card(fill=theme.block)))
        return LabelledSection(flow, part, index, words.result, code)
    card = Card(fill=theme.block)
    return FoldedSection(flow, part, index, words.other, part.name, folded=folded, card=card)


def _label_runs(flow: TextFlow, part: Part, label: str) -> Runs:
    """A label, and beside it in the words of the recording what the part is called."""
    beside = " · ".join(filter(None, (part.name, *shown_facts(part))))
    runs: Runs = [(label, flow.label())]
    return [*runs, (f"  {beside}", flow.plain(flow.theme.dim))] if beside else runs


def shown_facts(part: Part) -> list[str]:
    """The facts worth a word beside a heading: a kind by itself, secrets by their names alone."""
    words = []
    for label, value in part.facts:
        if label == "kind":
            words += [value] if value != part.name else []
        elif label in SECRET or value == "true":
            words.append(label)
        else:
            words.append(f"{label} {value[:_LONGEST_FACT]}")
    return words


class _CodeCard:
    """Makes the style of words as they are, in a card."""

    def __init__(self, card: int) -> None:
        self._card = card

    def __call__(self, flow: TextFlow) -> LineStyle:
        return PlainStyle(flow, flow.code(), above=3.5, card=self._card)


class _Unlabelled(Section):
    """A text in a style of its own."""

    def __init__(self, flow: TextFlow, part: Part, index: int, style: LineStyle) -> None:
        super().__init__(flow, part, index)
        self._style = style

    def style(self) -> LineStyle:
        return self._style
