"""Figures and names of a row as people read them; the same in the list, its columns and to a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.model import Kind
from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.document.summary import Summary

COLUMN_TITLES = ("#", "Method", "Path", "Status", "Model", "Time", "Size", "Tokens")

_VERSION = regex(r"v\d++(?:\.\d++)?(?:alpha|beta)?\d*+")


def column_text(row: Summary, column: int) -> str:
    """The text of one column, counted as in COLUMN_TITLES."""
    match column:
        case 0:
            return str(row.position)
        case 1:
            return row.method or row.kind.value
        case 2:
            return f"{row.host}{row.path}" if row.url else row.note
        case 3:
            return str(row.status) if row.status is not None else ""
        case 4:
            return row.model
        case 5:
            return duration_text(row.duration)
        case 6:
            return size_text(row.size)
        case _:
            return str(row.tokens) if row.tokens is not None else ""


def duration_text(seconds: float | None) -> str:
    """`1.43 s`, `12 ms`, `2:05 min`; "" where none was recorded."""
    if seconds is None:
        return ""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 99.5:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min"


def size_text(size: int) -> str:
    """`640 B`, `2.9 kB`, `18 MB`, in thousands."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5 or unit == "GB":
            break
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"


def short_path(path: str) -> str:
    """The path behind its API version, which says most in a narrow list: `chat/completions`."""
    plain, mark, query = path.partition("?")
    parts = [part for part in plain.split("/") if part]
    for at, part in enumerate(parts[:-1]):
        if _VERSION.fullmatch(part):
            parts = parts[at + 1 :]
            break
    return f"{'/'.join(parts) or '/'}{mark}{query}"


def kind_text(row: Summary) -> str:
    """What an answer is: its error, `tool call`, `stream, 41 events`."""
    if row.note:
        return row.note
    if row.has_tool:
        return "tool call"
    return f"stream, {row.events} event{'' if row.events == 1 else 's'}" if row.has_stream else ""


def other_text(row: Summary) -> str:
    """What an entry is that is no HTTP, beside the name of its kind: `message, received`."""
    text = row.note.removeprefix(f"A {row.kind.value} ")
    return text.removesuffix("shown as text.").rstrip(",; ")


def second_line(row: Summary) -> str:
    """Model, kind and tokens: `kimi-k2-0905 · stream, 41 events · 187 tok`; without a model host and size."""
    if row.kind is not Kind.HTTP:
        return size_text(row.size)
    parts = [row.short_model, kind_text(row)]
    if row.tokens is not None:
        parts.append(f"{row.tokens} tok")
    if not row.model:
        parts = [row.host, *parts, size_text(row.size)]
    return " · ".join(part for part in parts if part)


def spoken(row: Summary) -> str:
    """The whole row as one sentence, for screen readers."""
    parts = [f"{row.position}", row.method, short_path(row.path) if row.url else "", row.host]
    if row.status is not None:
        parts.append(f"{row.status} {row.reason}".strip())
    parts += [duration_text(row.duration), second_line(row)]
    return ", ".join(part for part in parts if part)
