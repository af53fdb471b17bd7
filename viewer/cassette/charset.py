"""Bytes to text and back: BOM, declared charset, detection, and strings whose file held invalid bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# The longer marks first: UTF-32-LE's begins with UTF-16-LE's.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""(?:<meta[^>]+charset|<\?xml[^>]+encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
# What no text holds: controls other than tab, the line ends, form feed and escape.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# A lone surrogate in three bytes, without U+DC80 to U+DCFF, which stand for invalid bytes. A lead byte ED
# never follows inside another sequence, so a search by bytes finds no false one.
_SURROGATE = re.compile(rb"\xed[\xa0-\xb1\xb4-\xbf][\x80-\xbf]")
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text with what is needed to encode it again."""

    text: str
    charset: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """The bytes of `text`; raises UnicodeEncodeError where the charset lacks a character."""
        if self.charset == "utf-8":
            return self.bom + encode_text(text)
        return self.bom + text.encode(self.charset)


def decode_text(content: bytes, content_type: str = "", media_type: str = "") -> Text | None:
    """`content` as text, or None where it is binary."""
    for bom, name in _BOMS:
        if content.startswith(bom):
            return _try(content[len(bom) :], name, bom)
    return None if _CONTROLS.search(content[:_HEAD]) else _try(content, "utf-8")


def _try(content: bytes, charset: str, bom: bytes = b"") -> Text | None:
    try:
        return Text(content.decode(charset), charset, bom)
    except (UnicodeDecodeError, LookupError):
        return None


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
        part.encode("utf-8", "surrogateescape" if _is_escape(part) else "surrogatepass")
        for part in re.findall("[\udc80-\udcff]+|[^\udc80-\udcff]+", value)
    )


def _is_escape(part: str) -> bool:
    return "\udc80" <= part[:1] <= "\udcff"


def decode_bytes(raw: bytes) -> str:
    """The string whose bytes are `raw`, whatever they are; `encode_text` is the way back."""
    return raw.decode("utf-8", "surrogateescape") if not _SURROGATE.search(raw) else _decode_surrogates(raw)


def _decode_surrogates(raw: bytes) -> str:
    pieces: list[str] = []
    start = 0
    for match in _SURROGATE.finditer(raw):
        pieces.append(raw[start : match.start()].decode("utf-8", "surrogateescape"))
        pieces.append(match[0].decode("utf-8", "surrogatepass"))
        start = match.end()
    pieces.append(raw[start:].decode("utf-8", "surrogateescape"))
    return "".join(pieces)
