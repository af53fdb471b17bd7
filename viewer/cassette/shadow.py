"""The text that libyaml is given in place of the real one, and the way from its values back to the real ones.

YAML refuses some characters that real files hold (controls, lone surrogates), and libyaml also refuses escaped
surrogate pairs, which JSON allows. A shadow has the same length as the text and holds U+FFFD in their place, so
every span is the same. Values are then restored from the text: the n-th U+FFFD of a value came from the n-th one
of its source.
"""

from __future__ import annotations

import re

from viewer.cassette.patterns import regex

# So many code points are looked through by one call, which holds the interpreter's lock.
_BLOCK = 1 << 20
_REPLACEMENT = "�"
# YAML 1.1, c-printable, less the line breaks and the tab that libyaml takes; U+FFFE, U+FFFF and surrogates are out.
_REFUSED = regex("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Behind a backslash that is itself escaped nothing is an escape, so pairs of them are taken first.
_SURROGATE_ESCAPE = regex(r"\\\\|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_REPLACED_ESCAPE = regex(r"\\\\|(\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\uFFFD)")
_ESCAPED_REPLACEMENT = r"\uFFFD"
_PLAIN_SOURCE = regex(f"{_REFUSED.pattern}|{_REPLACEMENT}")
_QUOTED_SOURCE = regex(
    rf"\\\\|(\\u(?:[dD][89a-fA-F][0-9a-fA-F]{{2}}|[fF]{{3}}[dD])|\\U0000[fF]{{3}}[dD]|{_PLAIN_SOURCE.pattern})"
)


def shadow_of(text: str) -> str:
    """`text` with every character that YAML refuses replaced by U+FFFD; `text` itself where there is none."""
    if len(text) <= _BLOCK:
        return _shadow_of_block(text)
    blocks = (text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK))
    shadow = "".join([_shadow_of_block(block) for block in blocks])
    return text if shadow == text else shadow


def refused_characters(text: str) -> set[str]:
    """The characters of `text` that YAML refuses."""
    return set(_REFUSED.findall(text))


def _shadow_of_block(text: str) -> str:
    # YAML takes all that Python calls printable, and Python tells it three times as fast as the pattern.
    return text if text.replace("\n", " ").isprintable() else _REFUSED.sub(_REPLACEMENT, text)


def without_surrogate_escapes(shadow: str) -> str:
    r"""`shadow` with every `\ud83d`-like escape replaced by `\uFFFD`, of the same length."""
    return _SURROGATE_ESCAPE.sub(lambda hit: _ESCAPED_REPLACEMENT if len(hit[0]) > 2 else hit[0], shadow)


def restored(value: str, source: str, style: str) -> str:
    """The value that `source`, a scalar's own text in the real file, means; `value` is what its shadow means."""
    if style == '"':
        return _refill(value, [_meaning(hit[1]) for hit in _QUOTED_SOURCE.finditer(source) if hit[1]])
    value = _refill(value, _PLAIN_SOURCE.findall(source))
    if _ESCAPED_REPLACEMENT not in value:
        return value
    # Outside double quotes an escape is plain text; one that the shadow changed is put back.
    escapes = iter([hit[1] for hit in _REPLACED_ESCAPE.finditer(source) if hit[1]])
    return _REPLACED_ESCAPE.sub(lambda hit: next(escapes, hit[0]) if hit[1] else hit[0], value)


def _refill(value: str, originals: list[str]) -> str:
    fill = iter(originals)
    refilled = re.sub(_REPLACEMENT, lambda hit: next(fill, hit[0]), value)
    # Two escaped halves of one pair, as JSON writes an emoji, are one character.
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", _joined, refilled)


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _meaning(source: str) -> str:
    return chr(int(source[2:], 16)) if len(source) > 1 else source
