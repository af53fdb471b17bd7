"""Texts that writers and readers stumble over, for values that edits put in."""

from __future__ import annotations

from tests.fuzz.target import Choices

PIECES = (
    "", " ", "  ", "\n", "\n\n", "\t", "\r\n", "word", "lorem ipsum dolor sit amet ", "x" * 85, "#", " #", ": ", ":",
    "- ", "-", "---\n", "...\n", "'", '"', "\\", "{", "}", "[", "]", ",", "&a", "*a", "!", "!a", "|", ">", "%", "@",
    "`", "? ", "=", "<<", "~", "null", "yes", "12", "012", "0x1F", "1e3", ".inf", "1:30", "2001-12-14", "é", "\xa0",
    "\x85", "\u2028", "\ufeff", "\ufffe", "😀", "日本語", "\0", "\x1b", "\x7f", "\udc80", '{"a": 1, "b": [2, 3]}',
    "data: {}\n\n", "https://x.test/?a=1&b=%20", "gzip", "content-type: x", "\ud83d",
)  # fmt: skip


def text(choices: Choices) -> str:
    """A text of up to four pieces."""
    return "".join(PIECES[choices.number(len(PIECES))] for _ in range(choices.number(5)))
