"""Text that was UTF-8 and once decoded in another code page: "OlÃ¡!" (Latin-1), "Olรก!" (TIS-620).

A text counts as garbled only where every stretch beyond ASCII, put back into the code page's bytes, is valid
UTF-8: chance hardly ever does that to real text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from viewer.cassette.patterns import regex

_BEYOND_ASCII = regex(r"[^\x00-\x7f]+")
_CHARSETS = ("cp1252", "latin-1", "tis-620", "cp1250", "cp1251", "mac-roman", "cp437", "koi8-r")
_UNLIKELY = {"Cc", "Cn", "Co", "Cs"}
_ROUNDS = 3
_PROOF = 3
"""Repaired characters that prove a text in an alphabet of its own garbled; fewer may be a short word."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A garbled text made right, and the code page it was once decoded in."""

    text: str
    charset: str


def repair(text: str) -> Repair | None:
    """The text as it was meant, None where it seems right as it is. Garbled twice, it is repaired twice."""
    found: Repair | None = None
    for _ in range(_ROUNDS):
        better = _once(found.text, (found.charset,)) if found else _once(text, _CHARSETS)
        if better is None:
            break
        found = better
    return found


def _once(text: str, charsets: tuple[str, ...]) -> Repair | None:
    runs = set(_BEYOND_ASCII.findall(text))
    if not runs:
        return None
    for charset in charsets:
        meant = _meant(runs, _table(charset))
        if meant and _is_convincing(meant, text, charset):
            return Repair(_replaced(text, meant), charset)
    return None


def _replaced(text: str, meant: dict[str, str]) -> str:
    return _BEYOND_ASCII.sub(lambda match: meant[match[0]], text)


def _meant(runs: set[str], table: dict[str, int]) -> dict[str, str] | None:
    """What each run was in UTF-8, None as soon as one was not."""
    meant = {}
    for run in runs:
        try:
            meant[run] = bytes(map(table.__getitem__, run)).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            return None
        if any(unicodedata.category(char) in _UNLIKELY for char in meant[run]):
            return None
    return meant


def _is_convincing(meant: dict[str, str], text: str, charset: str) -> bool:
    """Whether it cannot be text of the code page's own letters, as a short word or "CAFÉ…" can."""
    if any("\u0180" <= char <= "\u036f" for run in meant.values() for char in run):
        return False  # rare letters, which capitals before punctuation turn into
    if charset in ("cp1252", "latin-1"):
        return True
    if charset == "cp437":
        return all(any("\u2500" <= char <= "\u25ff" for char in run) for run in meant)
    if sum(len(run) for run in meant.values()) >= _PROOF:
        return True
    if charset == "mac-roman":
        return False
    return any(re.search(rf"[A-Za-z]{re.escape(run)}|{re.escape(run)}[A-Za-z]", text) for run in meant)


@cache
def _table(charset: str) -> dict[str, int]:
    """The byte of each character above ASCII; a byte that the code page leaves open stands for itself."""
    table = {}
    for byte in range(0x80, 0x100):
        try:
            char = bytes([byte]).decode(charset)
        except UnicodeDecodeError:
            char = chr(byte)
        table[char] = byte
    return table
