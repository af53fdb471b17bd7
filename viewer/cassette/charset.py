"""Bytes to text and back: BOM, declared charset, detection, and strings whose file held invalid bytes."""

from __future__ import annotations

import codecs
import re

import msgspec

from viewer.cassette.patterns import regex

# The longer marks first: UTF-32-LE's begins with UTF-16-LE's.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = regex(r"""charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE)
_DECLARED = regex(
    rb"""(?:<meta\s[^>]{0,200}?charset|<\?xml\s[^>]{0,200}?encoding|@charset)\s*+=?\s*+["']?\s*+([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
# What hardly any text holds: controls other than tab, the line ends, form feed and escape.
_CONTROLS = bytes((*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_MAX_CONTROLS = 0.02
_MAX_HIGH_BYTES = 0.3
# A lone surrogate in three bytes, without U+DC80 to U+DCFF, which stand for invalid bytes. A lead byte ED
# never follows inside another sequence, so a search by bytes finds no false one.
_SURROGATE = regex(rb"\xed[\xa0-\xb1\xb4-\xbf][\x80-\xbf]")
_INVALID = regex("[\udc80-\udcff]")
_MULTIBYTE = regex(r"[^\x00-\x7f\udc80-\udcff]")
# The charsets that text may be taken for without a word from anybody.
EIGHT_BIT = ("latin-1", "cp1252")
# Codecs of Python's that are no charsets, or that no server means. ASCII is read as UTF-8, so that any
# character can be typed.
_NO_CHARSETS = {
    "ascii",
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "mbcs",
    "oem",
}


class Text(msgspec.Struct, frozen=True):
    """Decoded text with what is needed to encode it again; `is_exact` where no byte was invalid."""

    text: str
    charset: str
    bom: bytes = b""
    is_exact: bool = True

    def encode(self, text: str) -> bytes:
        """The bytes of `text`; raises UnicodeEncodeError where the charset lacks a character."""
        if self.charset == "utf-8":
            return self.bom + encode_text(text)
        return self.bom + text.encode(self.charset)


def decode_text(content: bytes, content_type: str = "") -> Text | None:
    """`content` as text, or None where it is binary.

    In this order: a BOM; the charset that the header or the document names; UTF-8; UTF-16 and UTF-32 by their
    zero bytes; UTF-8 with a few invalid bytes; Latin-1 (or cp1252) where most bytes are ASCII. Text that is valid
    UTF-8 beyond ASCII is UTF-8 whatever is declared: recorders re-encode bodies and keep the headers. So is JSON
    in ASCII, which RFC 8259 knows in no other charset.
    """
    for bom, name in _BOMS:
        if content.startswith(bom):
            return _exact(content[len(bom) :], name, bom)
    declared = _declared(content, content_type)
    if b"\0" in content:
        return _wide(content, declared)
    if len(content) - len(content.translate(None, _CONTROLS)) > _MAX_CONTROLS * len(content):
        return None
    is_open = "json" not in content_type.lower() if content.isascii() else not _exact(content, "utf-8")
    if declared and declared != "utf-8" and is_open:
        found = _exact(content, declared)
        if found:
            return found
    return _exact(content, "utf-8") or _damaged(content) or _western(content)


def encode_text(value: str) -> bytes:
    """The bytes of a string that a recorder wrote: UTF-8, in which `decode_bytes` gives `value` back.

    U+DC80 to U+DCFF stand for bytes that were invalid in the file; other lone surrogates come from escapes
    like `"\\ud83d"` and are encoded as three bytes, as JavaScript's and Python's `surrogatepass` do.
    """
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        pass
    return b"".join(
        part.encode("utf-8", "surrogateescape" if "\udc80" <= part[0] <= "\udcff" else "surrogatepass")
        for part in re.findall("[\udc80-\udcff]+|[^\udc80-\udcff]+", value)
    )


def decode_bytes(raw: bytes) -> str:
    """The string whose bytes are `raw`, whatever they are; `encode_text` is the way back."""
    pieces: list[str] = []
    start = 0
    for match in _SURROGATE.finditer(raw):
        pieces.append(raw[start : match.start()].decode("utf-8", "surrogateescape"))
        pieces.append(match[0].decode("utf-8", "surrogatepass"))
        start = match.end()
    pieces.append(raw[start:].decode("utf-8", "surrogateescape"))
    return "".join(pieces)


def _declared(content: bytes, content_type: str) -> str:
    """Python's name of the charset that the header or the document's head names, else ""."""
    header = _HEADER.search(content_type)
    inside = None if header else _DECLARED.search(content[:_DECLARED_WITHIN])
    name = header[1] if header else inside[1].decode("ascii", "replace") if inside else ""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return "" if codec.name.replace("-", "_") in _NO_CHARSETS else codec.name


def _exact(content: bytes, charset: str, bom: bytes = b"") -> Text | None:
    """The text, if the charset gives the same bytes back: stateful ones need not."""
    try:
        text = content.decode(charset)
        return Text(text, charset, bom) if charset == "utf-8" or text.encode(charset) == content else None
    except (UnicodeError, LookupError):  # LookupError: base64, rot13 and other codecs that give no text
        return None


def _wide(content: bytes, declared: str) -> Text | None:
    """UTF-16 or UTF-32 without a BOM: the zero bytes of its ASCII characters stand all in one place."""
    if declared.startswith(("utf-16", "utf-32")):
        return _exact(content, declared if declared[-2:] in ("le", "be") else f"{declared}-be")
    head = content[:4000]
    zeros = [head[index::4].count(0) * 4 / len(head) > 0.6 for index in range(4)]
    name = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }.get((zeros[0], zeros[1], zeros[2], zeros[3]))
    found = _exact(content, name) if name else None
    return (
        found
        if found and found.text.isprintable() | bool(found.text.split()) and "\0" not in found.text
        else None
    )


def _damaged(content: bytes) -> Text | None:
    """UTF-8 that was cut, or that holds half surrogate pairs: more good sequences than bad bytes."""
    text = decode_bytes(content)
    invalid = len(_INVALID.findall(text))
    good = len(_MULTIBYTE.findall(text))
    return Text(text, "utf-8", is_exact=False) if good > invalid else None


def _western(content: bytes) -> Text | None:
    high = len(re.findall(rb"[\x80-\xff]", content))
    if high > _MAX_HIGH_BYTES * len(content):
        return None
    windows = _exact(content, "cp1252") if re.search(rb"[\x80-\x9f]", content) else None
    return windows or _exact(content, "latin-1")
