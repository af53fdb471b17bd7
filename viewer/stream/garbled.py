"""Text that was UTF-8 and once decoded in another code page: "OlÃ¡!" (Latin-1), "Olรก!" (TIS-620).

A text counts as garbled only where every stretch beyond ASCII, put back into the code page's bytes, is valid
UTF-8: chance hardly ever does that to real text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import msgspec

from viewer.cassette.patterns import regex

_BEYOND_ASCII = regex(r"[^\x00-\x7f]+")
# Escapes behind an even number of backslashes, and those of them that stand for more than ASCII.
_ESCAPES = regex(r"(?<!\\)(?:\\\\)*(?:\\u[0-9a-fA-F]{4})+")
_BEYOND_ASCII_ESCAPES = regex(r"(?:\\u(?!00[0-7])[0-9a-fA-F]{4})+")
_CHARSETS = ("cp1252", "latin-1", "tis-620", "cp1250", "cp1251", "mac-roman", "cp437", "koi8-r")
_NAMES = {
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "mac-roman": "Mac Roman",
}
_UNLIKELY = {"Cc", "Cn", "Co", "Cs"}
_ROUNDS = 3
_SHORTEST = 2
"""UTF-8 has at least two bytes for what is beyond ASCII, which make as many characters. "Olá" needs no table."""
_PROOF = 3
"""Repaired characters that prove a text in an alphabet of its own garbled; fewer may be a short word."""


class Repair(msgspec.Struct, frozen=True):
    """A garbled text made right, the code page it was once decoded in, and how many times over."""

    text: str
    charset: str
    rounds: int = 1

    @property
    def code_page(self) -> str:
        """The code page as people know it."""
        return _NAMES.get(self.charset, self.charset.upper())


def repair(text: str) -> Repair | None:
    """The text as it was meant, None where it seems right as it is. Garbled twice, it is repaired twice."""
    found: Repair | None = None
    for _ in range(_ROUNDS):
        better = _once(found.text, (found.charset,)) if found else _once(text, _CHARSETS)
        if better is None:
            break
        found = msgspec.structs.replace(better, rounds=found.rounds + 1) if found else better
    return found


def repair_body(body: str, found: Repair) -> str:
    """A JSON body with its texts made right as `found` was; what is right already stays as it is.

    A character may stand there itself or as an escape (`\\u00c3\\u00a1`), and is repaired to the same.
    """
    table = _table(found.charset)
    for _ in range(found.rounds):
        body = _BEYOND_ASCII.sub(lambda run: _meant_run(run[0], table) or run[0], body)
        body = _ESCAPES.sub(lambda run: _repaired_escapes(run[0], table), body)
    return body


def _repaired_escapes(run: str, table: dict[str, int]) -> str:
    """A run of escapes repaired; those of ASCII and the backslashes around them keep their spelling."""
    return _BEYOND_ASCII_ESCAPES.sub(lambda part: _repaired_escape(part[0], table), run)


def _repaired_escape(run: str, table: dict[str, int]) -> str:
    units = b"".join(bytes.fromhex(unit)[::-1] for unit in run.split("\\u")[1:])
    meant = _meant_run(units.decode("utf-16-le", "surrogatepass"), table)
    if meant is None:
        return run
    encoded = meant.encode("utf-16-be")
    spelled = "".join(f"\\u{encoded[at]:02x}{encoded[at + 1]:02x}" for at in range(0, len(encoded), 2))
    return spelled if run == run.lower() else spelled.upper().replace("\\U", "\\u")


def _once(text: str, charsets: tuple[str, ...]) -> Repair | None:
    runs = set(_BEYOND_ASCII.findall(text))
    if not runs or len(min(runs, key=len)) < _SHORTEST:
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
        repaired = _meant_run(run, table)
        if repaired is None:
            return None
        meant[run] = repaired
    return meant


def _meant_run(run: str, table: dict[str, int]) -> str | None:
    try:
        meant = bytes(map(table.__getitem__, run)).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return None if any(unicodedata.category(char) in _UNLIKELY for char in meant) else meant


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
