"""The form that go-vcr keeps beside a request, which is what Go parses of it (`http.Request.ParseForm`).

go-vcr v3 and v4 record `Form`: the fields of a form body, then those of the URL's query. v1 and v2 record
`PostForm`, which leaves out the query. v4's default matcher compares the form, so it follows what it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from viewer.cassette.node import AnyNode, Mapping, Sequence, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.model import Request
    from viewer.cassette.new_text import New

Form = dict[str, list[str]]
Reading = Callable[["Request"], Form]

_MEDIA_TYPE = "application/x-www-form-urlencoded"
# The methods whose bodies ParseForm reads.
_WITH_BODY = ("POST", "PUT", "PATCH")


def whole_form(request: Request) -> Form:
    """What Go calls `Form`."""
    form = post_form(request)
    for name, values in _fields(_query(request.url)).items():
        form.setdefault(name, []).extend(values)
    return form


def post_form(request: Request) -> Form:
    """What Go calls `PostForm`."""
    media_type = request.headers.get("content-type").partition(";")[0].strip().lower()
    return body_form(request) if request.method in _WITH_BODY and media_type == _MEDIA_TYPE else {}


def body_form(request: Request) -> Form:
    """The fields of the body whatever the headers say: projects' hooks take headers out of cassettes."""
    return _fields((request.body.raw or b"").decode("utf-8", "surrogateescape"))


def follow_form(
    editor: EntryEditor, node: AnyNode, old: Request, new: Request, readings: tuple[Reading, ...]
) -> None:
    """Changes the form under a request's node to that of the new request, by the first reading that gave the old."""
    from viewer.cassette.new_text import Text

    recorded = followed(find(node, "form"))
    current = _recorded(recorded)
    reading = next((reading for reading in readings if reading(old) == current), None)
    if reading is None or reading(new) == current or not isinstance(node, Mapping):
        return
    form = reading(new)
    if isinstance(recorded, Mapping) and _shape(form) == _shape(current):
        _set_values(editor, recorded, form)
        return
    # Go writes the keys of a map in order.
    tree: New = tuple((name, [Text(value) for value in form[name]]) for name in sorted(form))
    editor.set_pair(node, "form", tree, after="body")


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _fields(text: str) -> Form:
    form: Form = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="surrogateescape"):
        form.setdefault(name, []).append(value)
    return form


def _recorded(node: AnyNode | None) -> Form:
    """The form in the file; none at all where there is no such key."""
    if not isinstance(node, Mapping):
        return {}
    return {name: [text_of(item) for item in _items(value)] for name, value in node.items()}


def _items(node: AnyNode | None) -> list[AnyNode]:
    values = followed(node)
    return values.items if isinstance(values, Sequence) else []


def _shape(form: Form) -> dict[str, int]:
    return {name: len(values) for name, values in form.items()}


def _set_values(editor: EntryEditor, node: Mapping, form: Form) -> None:
    for name, values in form.items():
        for item, value in zip(_items(node.get(name)), values, strict=True):
            if text_of(item) != value:
                editor.set(item, value)
