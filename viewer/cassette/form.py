"""Form bodies (`application/x-www-form-urlencoded`): fields with their places, and a changed field back.

Clients spell the same value in several ways (`+` or `%20`, `%7E` or `~`), and go-vcr compares bodies byte by
byte: so an edit replaces the span of one name or value, in the way its neighbours are escaped.
"""

from __future__ import annotations

import re

import msgspec

from viewer.cassette.charset import decode_bytes, encode_text
from viewer.cassette.patterns import regex

_PAIR = regex(r"[^&]+")
_ESCAPE = regex(rb"%([0-9a-fA-F]{2})")
# What no client escapes (RFC 3986, section 2.3); `~` and `*` differ between them.
_ALWAYS_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")


class FormItem(msgspec.Struct, frozen=True):
    """A field of a form: its decoded name and value, and their spans in the text.

    A field without `=` has an empty value; its span is then at the end of its name.
    """

    name: str
    value: str
    name_span: tuple[int, int]
    value_span: tuple[int, int]


def form_items(text: str) -> tuple[FormItem, ...]:
    """The fields of a form body, in order, duplicates included."""
    return tuple(_item(match) for match in _PAIR.finditer(text))


def with_value(text: str, item: FormItem, value: str) -> str:
    """`text` with another value for `item`; nothing else changes."""
    start, end = item.value_span
    equals = "=" if text[start - 1 : start] != "=" and start == item.name_span[1] else ""
    return f"{text[:start]}{equals}{escaped(value, text)}{text[end:]}" if value != item.value else text


def with_name(text: str, item: FormItem, name: str) -> str:
    """`text` with another name for `item`; nothing else changes."""
    start, end = item.name_span
    return f"{text[:start]}{escaped(name, text)}{text[end:]}" if name != item.name else text


def escaped(value: str, like: str) -> str:
    """`value` escaped as the text `like` is: its way with blanks, its hex digits' case, and what it leaves plain."""
    blank = "%20" if "%20" in like and "+" not in like else "+"
    is_lower = bool(re.search(r"%(?:[a-f][0-9a-f]|[0-9][a-f])", like))
    plain = _ALWAYS_PLAIN | (set(like) & set("~*!'()/:,;@$[]"))
    return "".join(blank if c == " " else c if c in plain else _percent(c, is_lower) for c in value)


def _percent(character: str, is_lower: bool) -> str:
    digits = "%02x" if is_lower else "%02X"
    return "".join("%" + digits % byte for byte in encode_text(character))


def _item(match: re.Match[str]) -> FormItem:
    name, equals, value = match[0].partition("=")
    start = match.start()
    name_end = start + len(name)
    value_start = name_end + len(equals)
    return FormItem(_decoded(name), _decoded(value), (start, name_end), (value_start, match.end()))


def _decoded(spelling: str) -> str:
    raw = encode_text(spelling.replace("+", " "))
    return decode_bytes(_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw))
