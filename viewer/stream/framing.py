"""Which framing a body has, and its events: by its first bytes, its headers and its URL together."""

from __future__ import annotations

from viewer.stream import sse
from viewer.stream.event import Event, Framing


def framing_of(content: bytes, content_type: str, path: str = "") -> Framing:
    """How `content` is divided. Headers lie (recorders redact and rewrite them), so bytes come first."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return Framing.NONE
    if head[:1] in b"{[":
        return Framing.JSON
    return Framing.SSE if sse.looks_like_sse(head) else Framing.NONE


def decode(content: bytes, framing: Framing) -> list[Event]:
    """The events of `content`."""
    if framing is Framing.SSE:
        return sse.decode(content)
    if framing is Framing.JSON:
        return [Event(0, 0, len(content), content.decode("utf-8", "replace"))]
    return []
