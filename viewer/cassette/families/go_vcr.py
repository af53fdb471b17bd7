"""What both versions of go-vcr's format share (pkg/cassette/cassette.go, v1 to v4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from viewer.cassette.families.go_form import Reading, body_form, follow_form, post_form
from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.formats.base import Group
from viewer.cassette.node import AnyNode, Scalar, find, text_of
from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.model import Request

_LONGEST = 100
_DURATION = regex(r"(\d++(?:\.\d*+)?|\.\d++)(ns|us|µs|μs|ms|s|m|h)")
# A header's name (RFC 9110, section 5.6.2); Go leaves anything else as it is.
_TOKEN = regex(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def go_duration(text: str) -> float | None:
    """The seconds that a Go duration such as "1m2.5s" means (time.ParseDuration); None where it is none."""
    # time.Duration's own limit is 290 years, in nanoseconds 19 digits.
    if len(text) > _LONGEST or not re.fullmatch(rf"(?:{_DURATION.pattern})+", text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


class GoVcr(TreeFormat):
    """What both versions of go-vcr's format share."""

    status = ("code",)
    reason = ("status",)
    protocol = ("proto",)
    # What `form` may have been read from.
    form_readings: ClassVar[tuple[Reading, ...]] = (post_form, body_form)

    def read_reason(self, response: AnyNode) -> str:
        status = text_of(find(response, "status"))
        code, _, phrase = status.partition(" ")
        return phrase if code.isdigit() else status

    def duration(self, group: Group) -> float | None:
        seconds = go_duration(text_of(find(group[0].root, "response", "duration")))
        return seconds or None

    def write_status(self, editor: EntryEditor, response: AnyNode, code: int, reason: str) -> None:
        from viewer.cassette.families.tree_editing import set_at
        from viewer.cassette.new_text import Text

        set_at(editor, response, ("code",), Text(str(code), "int"))
        old = text_of(find(response, "status"))
        has_code = old.partition(" ")[0].isdigit()
        set_at(editor, response, ("status",), Text(f"{code} {reason}".rstrip() if has_code else reason))

    def write_url(self, editor: EntryEditor, request: AnyNode, value: str) -> None:
        old = self.read_url(request)
        super().write_url(editor, request, value)
        # v3 and v4 record `http.Request.Host`, the URL's own unless the client set another.
        host = find(request, "host")
        if isinstance(host, Scalar) and host.value and host.value == _host(old):
            editor.set(host, _host(value))

    def follow_request(self, editor: EntryEditor, node: AnyNode, old: Request, new: Request) -> None:
        follow_form(editor, node, old, new, self.form_readings)

    def header_name(self, name: str) -> str:
        """Go's own spelling: `http.Header.Get` finds no other, and requests are matched by it."""
        if not _TOKEN.fullmatch(name):
            return name
        return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def _host(url: str) -> str:
    """The URL's host with its port, as `url.URL.Host` has it; "" where it is no URL."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
