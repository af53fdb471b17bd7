"""The fields of a URL's query and of a form body, decoded for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.charset import decode_bytes
from viewer.cassette.form import form_items

if TYPE_CHECKING:
    from viewer.cassette.model import Request

Fields = tuple[tuple[str, str], ...]

# Nobody reads a table of more; the URL, or the body, has them all.
_MOST_FIELDS = 5000


def query_fields(url: str) -> Fields:
    """The names and values of the query, in order; () where the URL has none, or more than anybody reads."""
    return _fields(url.partition("#")[0].partition("?")[2])


def form_fields(request: Request) -> Fields:
    """The names and values of a form body, url-encoded or multipart; files by their name and size."""
    body = request.body
    if body.media_type == "application/x-www-form-urlencoded":
        return _fields(body.text or "")
    fields = []
    for part in body.parts():
        size = part.end - part.start
        if part.filename:
            fields.append((part.name, f"{part.filename} ({size} bytes)"))
        else:
            fields.append((part.name, decode_bytes(body.content[part.start : part.end])))
    return tuple(fields)


def _fields(text: str) -> Fields:
    if text.count("&") >= _MOST_FIELDS:
        return ()
    return tuple((item.name, item.value) for item in form_items(text))


def split_url(url: str) -> tuple[str, str]:
    """A URL cut before its path: what names the host, and the rest."""
    scheme = url.find("://")
    start = scheme + 3 if scheme >= 0 else 0
    ends = [place for mark in "/?#" if (place := url.find(mark, start)) >= 0]
    cut = min(ends) if ends else len(url)
    return url[:cut], url[cut:]
