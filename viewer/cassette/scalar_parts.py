"""What a part of a long YAML scalar means, told without reading it character by character.

Only what is neutral has a meaning here: whoever reads the scalar is in the same state behind the part as before it.
Within single quotes that is text without a quote of its own (pairs of them are one), within double quotes what a string
of JSON may hold once lines are joined, within a literal block lines that are set in as the block is.
"""

from __future__ import annotations

import re

import msgspec

from viewer.cassette.patterns import regex

_decode = msgspec.json.Decoder(str).decode

# Line breaks of YAML 1.1 that are none in JSON.
_RARE_BREAKS = ("\x85", "\u2028", "\u2029")
# A document ends at such a line, even amid a value.
_DOCUMENT_ENDS = ("\n---", "\n...")
# A break that means a blank, as nearly all do: nothing blank is in front of it, nor another break behind it.
_FOLD = regex(r"\n(?<![ \t]\n)[ \t]*+(?!\n|---|\.\.\.)")
_INDENT = regex("\n[ \t]*+")
_TRAILING = regex("(?<![ \t])[ \t]++\n")
_ONE_BREAK = regex("(?<!\n)\n(?!\n)")
_MORE_BREAKS = regex("\n(\n++)")
# The same within double quotes, where a break behind a backslash means nothing; that may be escaped itself.
_BACKSLASHES = r"(?<=[^\\]{0}\n)|(?<=[^\\]{0}\\\\\n)|(?<=[^\\]{0}\\\\\\\\\n)"
_QUOTED_FOLD = regex(rf"\n(?<![ \t]\n)(?:{_BACKSLASHES.format('')})[ \t]*+(?!\n|---|\.\.\.)")
_ESCAPED_BREAK = regex(rf"\\\n(?:{_BACKSLASHES.format(chr(92) * 2)})[ \t]*+(?!\n|---|\.\.\.)")
_BYTE = regex(r"\\x(?<!\\\\x)")
# Eight digits are for what has more than four; a backslash written so would begin an escape of JSON's.
_ODD_ESCAPE = regex(r"\\(?:[\\ _]|U(00(?:0[1-9a-fA-F]|10)[0-9a-fA-F]{4}))")
_ODD_ESCAPES = {"\\\\": "\\\\", "\\ ": " ", "\\_": "\xa0"}
# A line that is set in less than its block, and is not blank.
_STRAY = regex("\n(?![\n\0])")


def meaning_of(source: str, style: str, indent: int) -> str | None:
    """What a stretch means that begins and ends amid a line of a scalar; None where libyaml has to be asked.

    `style` is that of the scalar, `indent` says how far the lines of a block are set in.
    """
    if any(sign in source for sign in _RARE_BREAKS):
        return None
    if "\r" in source:
        source = source.replace("\r\n", "\n")
        if "\r" in source:
            return None
    # A control that YAML refuses stands for something below.
    if "\0" in source:
        return None
    if style == "|":
        return _literal(source, indent)
    return _single_quoted(source) if style == "'" else _double_quoted(source)


def _double_quoted(source: str) -> str | None:
    meaning = _json_string(source)
    if meaning is not None:
        return meaning
    # As PyYAML and libyaml write it: in lines, and with escapes that JSON has not.
    if "\n" in source:
        source = _QUOTED_FOLD.sub(" ", _ESCAPED_BREAK.sub("", source))
    source = _BYTE.sub(r"\\u00", source)
    meaning = _json_string(source)
    return meaning if meaning is not None else _json_string(_ODD_ESCAPE.sub(_in_json, source))


def _in_json(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _ODD_ESCAPES[escape[0]]


def _json_string(source: str) -> str | None:
    try:
        return _decode(f'"{source}"')
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def _single_quoted(source: str) -> str | None:
    if "'" in source:
        source = source.replace("''", "\0")
        if "'" in source:
            return None
        source = source.replace("\0", "'")
    if "\n" not in source:
        return source
    folded = _FOLD.sub(" ", source)
    if "\n" not in folded:
        return folded
    if any(end in source for end in _DOCUMENT_ENDS):
        return None
    if " \n" in source or "\t\n" in source:
        source = _TRAILING.sub("\n", source)
    source = _INDENT.sub("\n", source)
    if "\n\n" not in source:
        return source.replace("\n", " ")
    return _MORE_BREAKS.sub(r"\1", _ONE_BREAK.sub(" ", source))


def _literal(source: str, indent: int) -> str | None:
    if "\n" not in source:
        return source
    lines = source.replace("\n" + " " * indent, "\0")
    return None if _STRAY.search(lines) else lines.replace("\0", "\n")
