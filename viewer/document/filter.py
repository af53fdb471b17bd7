"""The words of the filter field: what they ask, and which interactions answer.

    status:500 method:post host:openrouter model:kimi has:stream has:tool body:text  free words

A word with a `-` before it keeps what does not match; "quoted words" are one word. All words must match. Case
does not count. A status is its beginning, so `status:4`, `status:4xx` and `status:429` all ask for a 429.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.cassette.model import Interaction, Request, Response
    from viewer.document.summary import Summary


class Field(Enum):
    """What a word asks about; the value is its prefix in the field."""

    ANY = ""
    STATUS = "status"
    METHOD = "method"
    HOST = "host"
    PATH = "path"
    MODEL = "model"
    HAS = "has"
    BODY = "body"


_WORD = regex(r'(?P<not>-?)(?:(?P<field>[a-zA-Z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S*))')
_PREFIXES = {field.value: field for field in Field if field.value}


class Word(msgspec.Struct, frozen=True):
    """One word. `text` is in lower case; `is_negated` turns it round."""

    field: Field
    text: str
    is_negated: bool = False

    def matches(self, row: Summary) -> bool:
        """Whether a row matches; never asked of BODY, which a row does not know."""
        return _TESTS[self.field](row, self.text) is not self.is_negated

    def matches_body(self, interaction: Interaction) -> bool:
        """Whether one of the bodies holds the text."""
        messages = (interaction.request, interaction.response)
        return any(_holds(message, self.text) for message in messages) is not self.is_negated


class Query(msgspec.Struct, frozen=True):
    """A parsed filter. One without words matches everything."""

    words: tuple[Word, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def body_words(self) -> tuple[Word, ...]:
        """The words that need the bodies, which rows do not hold."""
        return tuple(word for word in self.words if word.field is Field.BODY)

    @property
    def row_words(self) -> tuple[Word, ...]:
        """The words that a row can answer."""
        return tuple(word for word in self.words if word.field is not Field.BODY)

    def matches(self, row: Summary) -> bool:
        """Whether a row matches, as far as its words go that a row can answer."""
        return all(word.matches(row) for word in self.words if word.field is not Field.BODY)

    def matches_bodies(self, interaction: Interaction) -> bool:
        """Whether the bodies match the words that ask about them."""
        return all(word.matches_body(interaction) for word in self.body_words)

    def likely_in(self, entry: str) -> bool:
        """Whether an entry's text looks as if it will match: what to read first, and no more than that."""
        text = entry.lower()
        return all(
            word.text.rstrip("x") in text
            for word in self.words
            if word.field is not Field.HAS and not word.is_negated
        )

    def narrows(self, other: Query) -> bool:
        """Whether this query can match only what `other` matched, so that the others need not be asked again."""
        return all(any(_narrows(word, before) for word in self.words) for before in other.words)


def parse(text: str) -> Query:
    """The query that a filter field's text means; unknown prefixes are part of a free word."""
    words = (_word(hit) for hit in _WORD.finditer(text) if hit[0])
    return Query(tuple(word for word in words if word.text))


def _word(hit: re.Match[str]) -> Word:
    text = hit["quoted"] if hit["quoted"] is not None else hit["plain"]
    field = _PREFIXES.get((hit["field"] or "").lower())
    if field is None:
        prefix = f"{hit['field']}:" if hit["field"] else ""
        return Word(Field.ANY, f"{prefix}{text}".lower(), bool(hit["not"]))
    return Word(field, text.lower(), bool(hit["not"]))


def _narrows(word: Word, before: Word) -> bool:
    """Every test below holds for a longer text only where it holds for the text's beginning."""
    if word == before:
        return True
    same = word.field is before.field and not word.is_negated and not before.is_negated
    return same and word.text.startswith(before.text)


def _matches_any(row: Summary, text: str) -> bool:
    return (
        text in row.url.lower()
        or text in row.model.lower()
        or row.method.lower().startswith(text)
        or str(row.status).startswith(text)
        or text in row.reason.lower()
        or text in row.note.lower()
    )


def _matches_status(row: Summary, text: str) -> bool:
    status = "none" if row.status is None else str(row.status)
    return status.startswith(text.rstrip("x"))


def _matches_has(row: Summary, text: str) -> bool:
    return any(name.startswith(text) and has(row) for name, has in HAS.items())


# What `has:` knows; no two begin alike, so that one letter of them is enough.
HAS: dict[str, Callable[[Summary], bool]] = {
    "stream": lambda row: row.has_stream,
    "tool": lambda row: row.has_tool,
    "error": lambda row: row.is_error or (row.status is not None and row.status >= 400),
    "model": lambda row: bool(row.model),
}

_TESTS: dict[Field, Callable[[Summary, str], bool]] = {
    Field.ANY: _matches_any,
    Field.STATUS: _matches_status,
    Field.METHOD: lambda row, text: row.method.lower().startswith(text),
    Field.HOST: lambda row, text: text in row.host.lower(),
    Field.PATH: lambda row, text: text in row.path.lower(),
    Field.MODEL: lambda row, text: text in row.model.lower(),
    Field.HAS: _matches_has,
}


def _holds(message: Request | Response | None, text: str) -> bool:
    return message is not None and text in (message.body.text or "").lower()
