"""A body that the recorder keeps as a tree in the cassette instead of as a string."""

from __future__ import annotations

import json
from functools import cached_property

from viewer.cassette.body import Body, encode_text


class ParsedBody(Body, frozen=True):
    """A body whose tree stands in the file; `raw` is what the recorder's loader dumps it to.

    Python's `json.dumps` escapes everything beyond ASCII, which nobody wants to read: `text` has the characters
    themselves, and means the same.
    """

    @cached_property
    def _readable(self) -> str:
        return json.dumps(json.loads(self.raw or b"null"), ensure_ascii=False)

    @property
    def text(self) -> str:
        """The tree as JSON on one line, with the characters themselves."""
        return self._readable

    def encode(self, text: str, *, keep_codings: bool = True) -> bytes:
        """The bytes of `text`; the format makes a tree of them, and its loader's spelling of that."""
        return (self.raw or b"") if text == self.text else encode_text(text)


class UnreadableBody(Body, frozen=True):
    """A body whose tree cannot be shown; `reason` is a sentence that says why."""

    reason: str = ""

    @property
    def note(self) -> str:
        """Why there is nothing to see."""
        return self.reason
