"""What both versions of go-vcr's format share (pkg/cassette/cassette.go, v1 to v4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from viewer.cassette.entry_editor import EntryEditor, Text
from viewer.cassette.families.tree_editing import set_at
from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.formats.base import Group, Side
from viewer.cassette.node import AnyNode, Mapping, find, followed, text_of
from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.cassette.body import Body

_DURATION = regex(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def go_duration(text: str) -> float | None:
    """The seconds that a Go duration such as "1m2.5s" means (time.ParseDuration); None where it is none."""
    if not re.fullmatch(rf"(?:{_DURATION.pattern})+", text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


class GoVcr(TreeFormat):
    """What both versions of go-vcr's format share."""

    status = ("code",)
    reason = ("status",)
    protocol = ("proto",)

    def read_reason(self, response: AnyNode) -> str:
        status = text_of(find(response, "status"))
        code, _, phrase = status.partition(" ")
        return phrase if code.isdigit() else status

    def duration(self, group: Group) -> float | None:
        seconds = go_duration(text_of(find(group[0].root, "response", "duration")))
        return seconds or None

    def write_status(self, editor: EntryEditor, response: AnyNode, code: int, reason: str) -> None:
        set_at(editor, response, ("code",), Text(str(code), "int"))
        old = text_of(find(response, "status"))
        has_code = old.partition(" ")[0].isdigit()
        set_at(editor, response, ("status",), Text(f"{code} {reason}".rstrip() if has_code else reason))

    def write_body(self, editor: EntryEditor, node: AnyNode, side: Side, body: Body, raw: bytes) -> None:
        super().write_body(editor, node, side, body, raw)
        if side is Side.REQUEST:
            _follow_form(editor, node, body, raw)


def _follow_form(editor: EntryEditor, request: AnyNode, old: Body, raw: bytes) -> None:
    """Keeps `form`, the body's parsed form, in step with a form body, where it was before (http.Request.Form)."""
    form = followed(find(request, "form"))
    if not isinstance(form, Mapping) or not form.pairs or _as_form(form) != _parsed_form(old.raw or b""):
        return
    new = _parsed_form(raw)
    for at in reversed(range(len(form.pairs))):
        key = text_of(form.pairs[at][0])
        if key not in new:
            editor.remove_pair(form, at)
    for key, values in sorted(new.items()):
        if key not in _as_form(form):
            editor.insert_pair(form, len(form.pairs), key, [Text(value) for value in values])
        elif _as_form(form)[key] != values:
            _set_values(editor, form, key, values)


def _set_values(editor: EntryEditor, form: Mapping, key: str, values: list[str]) -> None:
    items = getattr(followed(form.get(key)), "items", [])
    if len(items) == len(values):
        for item, value in zip(items, values, strict=True):
            if text_of(item) != value:
                editor.set(item, value)
        return
    at = next(i for i, (name, _) in enumerate(form.pairs) if text_of(name) == key)
    editor.remove_pair(form, at)
    editor.insert_pair(form, at + 1, key, [Text(value) for value in values])


def _as_form(form: Mapping) -> dict[str, list[str]]:
    return {
        key: [text_of(item) for item in getattr(followed(value), "items", [])] for key, value in form.items()
    }


def _parsed_form(raw: bytes) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            raw.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape"
        )
    except ValueError:
        return form
    for key, value in pairs:
        form.setdefault(key, []).append(value)
    return form
