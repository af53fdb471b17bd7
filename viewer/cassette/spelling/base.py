"""What every spelling needs: the place of a scalar, the protocol of a writer, and the tags.

A spelling is the text that a recorder's own writer would put into the file for a value at a place. It never
looks at how the scalar is spelled now: what stands there is what the measurement compares with.
"""

from __future__ import annotations

import base64
import binascii
from typing import Protocol

import msgspec

PLAIN_TAGS = frozenset({"int", "float", "bool", "null"})
BINARY_TAGS = frozenset({"!!binary", "!binary"})


class Place(msgspec.Struct, frozen=True):
    """Where a scalar stands, in columns counted from 0.

    `indent` is the column of what owns the scalar: the key of its block mapping pair (also for the key
    itself), or the `-` of its block list. `column` is where the first character of the spelled text goes, a
    tag included. `in_list` is true for a direct item of a block list. `flow` counts the `{…}` and `[…]`
    around the scalar, from the innermost block collection on: 0 in block style; `indent` is still that of the
    block owner.
    """

    indent: int
    column: int
    is_key: bool = False
    flow: int = 0
    in_list: bool = False


class Writer(Protocol):
    """A recorder's writer with its settings."""

    @property
    def name(self) -> str:
        """What to call it, settings left out: "go-yaml v3"."""

    def spell(self, value: str, tag: str, place: Place) -> str:
        """The text of a scalar from its first character (a tag is part of it) to its end.

        `tag` is "" for a string that must load as a string; "!!binary", "!binary" or "!" as the file has it;
        or one of PLAIN_TAGS, for which `value` is written as it is. For the two binary tags `value` is base64
        text in any line lengths; it is wrapped anew. Other tags are kept before the value, which is spelled
        as a string.

        Continuation lines are joined by "\\n", each with its indentation. A block scalar (the text then
        starts with `|` or `>`, behind a tag) ends behind its last line's "\\n", exactly as node.py defines
        its span; every other text ends with its own last character.
        """


def is_block(spelled: str) -> bool:
    """Whether a spelled text is a block scalar: no other ends with a newline."""
    return spelled.endswith("\n")


def decoded_base64(text: str) -> bytes | None:
    """The bytes that base64 text stands for, or None where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def wrapped_base64(text: str, width: int) -> str:
    """Base64 text in lines of `width` characters, each ended by a newline (0: one line, without one)."""
    data = decoded_base64(text)
    joined = "".join(text.split()) if data is None else base64.b64encode(data).decode("ascii")
    if not width:
        return joined
    return "".join(f"{joined[start : start + width]}\n" for start in range(0, len(joined), width))
