"""PyYAML, the writer of vcrpy, and as pydantic-ai sets it up.

A string that its resolver would take for another type is single-quoted, any other is plain where it may be;
then single quotes, then double ones. Binary data is a literal block of base64 in lines of 76. vcrpy takes the
dumper in C where it is built in, else the one in Python; they differ in how they fold double quotes and in
characters beyond U+FFFF. pydantic-ai writes strings with newlines as literal blocks, 120 columns wide.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from yaml.resolver import Resolver

from viewer.cassette.spelling.base import BINARY_TAGS, PLAIN_TAGS, Place, wrapped_base64
from viewer.cassette.spelling.libyaml import Emitter, Style

_BASE64_WIDTH = 76


class PyYaml(msgspec.Struct, frozen=True):
    """PyYAML with its settings; `literal` is pydantic-ai's way with newlines."""

    emitter: Emitter
    literal: bool = False

    @property
    def name(self) -> str:
        return "PyYAML"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        wish = Style.PLAIN
        if tag in BINARY_TAGS:
            value, wish = wrapped_base64(value, _BASE64_WIDTH), Style.LITERAL
        elif self.literal and "\n" in value:
            wish = Style.LITERAL
        prefix = f"{tag} " if tag else ""
        plain = not tag and reads_as_string(value)
        style = self.emitter.select(wish, value, place, plain_is_string=plain)
        return prefix + self.emitter.write(style, value, place, place.column + len(prefix))


@cache
def _patterns() -> dict[str | None, list[tuple[str, Any]]]:
    return dict(Resolver.yaml_implicit_resolvers)


def reads_as_string(text: str) -> bool:
    """Whether PyYAML reads plain `text` as a string (its implicit resolvers)."""
    return not any(pattern.match(text) for _, pattern in _patterns().get(text[:1], []))
