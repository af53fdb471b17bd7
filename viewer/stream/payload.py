"""The JSON inside events and bodies: decoding that forgives, careful access, and members as they are spelled.

msgspec decodes nearly everything, fast. What it refuses and Python's decoder reads (a lone `\\ud83d` escape
of an emoji cut between two events, NaN, raw control characters) goes the slow way; `json` is imported for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from math import isfinite
from typing import Any

import msgspec

from viewer.cassette.patterns import regex

JsonObject = dict[str, Any]

_decode = msgspec.json.Decoder().decode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode

_JSON = regex(r'[\ufeff \t\r\n]*[\[{"tfnNI0-9-]')


LARGE = 1 << 20
"""A longer text is decoded by parts: one call for ten megabytes holds the interpreter for a fifth of a second."""
_PART = 1 << 17
_FRONT = 1 << 14
"""So much of a long array tells what it is one of."""
# As Python's objects a member takes some 150 bytes, a list 60 and a number 30.
_MOST_MEMBERS = 2_000_000
_MOST_LISTS = 2_000_000
# The largest answer that is recorded as many items: 2,048 embeddings of 3,072 numbers each.
_MOST_ITEMS = 8_000_000


class PayloadError(ValueError):
    """A text that is no JSON; the message says where it stops making sense."""


def decode(text: str) -> Any:
    """The value of a JSON text; PayloadError where it has none."""
    try:
        return _decode(text) if len(text) < LARGE else _decode_in_parts(_modest(text))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        if not _JSON.match(text):
            raise PayloadError("it does not begin as JSON does") from None
        return _decode_slowly(text)


def _modest(text: str) -> bytes:
    """A large text to decode; PayloadError where its value would take gigabytes."""
    raw = text.encode()
    # What stands in strings counts as well: to tell it would take as long as decoding. Each takes some bytes at least.
    for sign, most, least, kind in (
        (b":", _MOST_MEMBERS, 5, "members"),
        (b"[", _MOST_LISTS, 2, "lists"),
        (b",", _MOST_ITEMS, 2, "items"),
    ):
        if len(raw) > most * least and raw.count(sign) > most:
            raise PayloadError(f"it holds more than {most:,} {kind}")
    return raw


def _decode_in_parts(raw: bytes | msgspec.Raw) -> Any:
    """As `_decode`, by calls so short that other threads get their turn between them."""
    return _in_parts(raw, lambda array: list(_elements_in_parts(array)))


def _in_parts(raw: bytes | msgspec.Raw, long_array: Callable[[bytes | msgspec.Raw], Any]) -> Any:
    """A value whose large mappings are decoded member by member, and each large array as `long_array` has it."""
    if len(raw) < _PART:
        return _decode(raw)
    start = memoryview(raw)[:64].tobytes().lstrip()
    if start.startswith(b"{"):
        return {name: _in_parts(member, long_array) for name, member in _members(raw).items()}
    return long_array(raw) if start.startswith(b"[") else _decode(raw)


def _elements_in_parts(raw: bytes | msgspec.Raw) -> Iterator[Any]:
    batch: list[msgspec.Raw] = []
    size = 0
    for element in _elements(raw):
        if len(element) < _PART:
            batch.append(element)
            size += len(element)
        if batch and (size >= _PART or len(element) >= _PART):
            yield from _decode(b"[" + b",".join(batch) + b"]")
            batch, size = [], 0
        if len(element) >= _PART:
            yield _decode_in_parts(element)
    yield from _decode(b"[" + b",".join(batch) + b"]")


def beginning(text: str) -> Any:
    """What a large JSON text is, told by how it begins: of long arrays only the first items; else as `decode`.

    All members of the outer objects are there, so what is told by their names is told right.
    """
    try:
        if len(text) >= _PART and text[:64].lstrip().startswith("[") and (front := _front(text[:_FRONT])):
            return _decode(front)
        return _in_parts(_modest(text), lambda array: _decode(_cut_short(array)))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return decode(text)


def _cut_short(raw: bytes | msgspec.Raw) -> bytes | msgspec.Raw:
    """The front of an array; all of it where that has none."""
    return _front(memoryview(raw)[:_FRONT].tobytes().decode("utf-8", "ignore")) or raw


def _front(head: str) -> bytes:
    """What an array begins with, cut at a comma and closed; nothing where there is none."""
    from viewer.cassette.json_scan import BrokenJsonError, Event, walk  # for large bodies

    closing: list[str] = []
    end, brackets = 0, ""
    with suppress(BrokenJsonError):
        for event, at, _ in walk(head):
            if event is Event.OPEN:
                closing.append("}" if head[at] == "{" else "]")
            elif event is Event.CLOSE:
                closing.pop()
            elif event is Event.COMMA:
                end, brackets = at, "".join(reversed(closing))
    return (head[:end] + brackets).encode() if brackets else b""


@cache
def _lenient() -> Callable[[str], Any]:
    from json import JSONDecoder

    return JSONDecoder(strict=False).decode


@cache
def _encoder(separators: tuple[str, str]) -> Callable[[object], str]:
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False, separators=separators).encode


def _dumps(value: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    return _encoder(separators)(value)


def _decode_slowly(text: str) -> Any:
    try:
        return _lenient()(text.strip("\ufeff \t\r\n"))
    except RecursionError as err:
        raise PayloadError("nested too deeply") from err
    except ValueError as err:
        raise PayloadError(str(err)) from err


def member_text(text: str, *path: str | int) -> str:
    """The raw JSON text of the member at `path`, as it is spelled; "" where there is none.

    Numbers keep their digits ("0.000022"). Where msgspec refuses the text, the member is written anew.
    """
    try:
        raw = text.encode()
        for step in path:
            raw = bytes(_members(raw)[step] if isinstance(step, str) else _elements(raw)[step])
        return raw.strip().decode()
    except (KeyError, IndexError):
        return ""
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return _member_slowly(text, path)


def _member_slowly(text: str, path: tuple[str | int, ...]) -> str:
    try:
        value = _decode_slowly(text)
        for step in path:
            value = value[step]
        return _dumps(value)
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def member_texts(text: str) -> dict[str, str]:
    """The members of an object, each as its raw JSON text; {} where `text` is no object."""
    try:
        return {name: bytes(raw).strip().decode() for name, raw in _members(text).items()}
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return _members_slowly(text)


def _members_slowly(text: str) -> dict[str, str]:
    try:
        value = _decode_slowly(text)
        return {str(name): _dumps(member) for name, member in value.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


def element_texts(text: str) -> list[str]:
    """The elements of an array, each as its raw JSON text; [] where `text` is no array."""
    if not text:
        return []
    try:
        return [bytes(raw).strip().decode() for raw in _elements(text)]
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return _elements_slowly(text)


def _elements_slowly(text: str) -> list[str]:
    try:
        value = _decode_slowly(text)
        return [_dumps(item) for item in value] if isinstance(value, list) else []
    except (ValueError, RecursionError):
        return []


def spell(value: object) -> str:
    """A decoded value as compact JSON text; a string as itself. For values that no text is left of."""
    if isinstance(value, str):
        return value
    try:
        return str(value) if type(value) is int else _dumps(value, (",", ":"))
    except (TypeError, ValueError, RecursionError):
        return str(type(value).__name__)


def is_said(value: Any) -> bool:
    """Whether a member holds anything: gateways send many that are null, or objects of nulls."""
    if isinstance(value, dict):
        return any(map(is_said, value.values()))
    return value is not None and value != "" and value != [] and value is not False


def mapping(value: object, *path: str) -> JsonObject:
    """The object at `path` below `value`, or {} where there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def sequence(value: object, *path: str) -> list[Any]:
    """The array at `path` below `value`, or [] where there is none."""
    for step in path:
        if not isinstance(value, dict):
            return []
        value = value.get(step)
    return value if isinstance(value, list) else []


def objects(value: object, *path: str) -> list[JsonObject]:
    """The objects in the array at `path`."""
    return [item for item in sequence(value, *path) if isinstance(item, dict)]


def string(value: object, *path: str) -> str:
    """The string at `path` below `value`, or "" where there is none."""
    for step in path:
        if not isinstance(value, dict):
            return ""
        value = value.get(step)
    return value if isinstance(value, str) else ""


def integer(value: object, *path: str) -> int | None:
    """The number at `path` as an int (Cohere counts 12.0 tokens), or None where there is none."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    if type(value) is int:
        return value
    if not isinstance(value, float):
        return None
    return int(value) if isfinite(value) else None
