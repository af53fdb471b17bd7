"""Whatever an entry holds, and whichever format it is taken for, it is read; at worst there is a note."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cassette.formats.independent import load
from tests.cassette.formats.test_detect import FILES
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Format, Side
from viewer.cassette.formats.registry import formats
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of

KEYS = st.sampled_from([
    "request", "response", "method", "uri", "url", "headers", "body", "string", "base64_string", "encoding", "data",
    "status", "code", "status_code", "message", "parsed_body", "content", "postData", "text", "params", "name", "value",
    "mimeType", "raw_gzip", "Request", "Response", "Body", "kind", "direction", "id", "_id", "_order", "size",
    "_eventSourceMessages", "_webSocketMessages", "startedDateTime", "time", "duration", "content_length", "form",
])  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-9, 999)
    | st.sampled_from(["", "x", "200 OK", "e30=", '["ab"]', "~"])
)
TREES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
MESSAGES = st.dictionaries(KEYS, TREES, max_size=6)


def entry_of(asked: Any, answered: Any, more: dict[str, Any]) -> dict[str, Any]:
    return {"request": asked, "response": answered, **more}


ENTRIES = st.builds(entry_of, MESSAGES, MESSAGES, MESSAGES)
WRITERS: dict[str, Callable[[Any], str]] = {
    "JSON on a line": json.dumps,
    "JSON over lines": lambda value: json.dumps(value, indent=2),
    "YAML": lambda value: yaml.safe_dump(value),
}

EDITS: list[Edit] = [
    SetMethod(0, "PUT"),
    SetUrl(0, "https://x.test/"),
    SetStatus(0, 500),
    *(AddHeader(0, side, "X", "1") for side in Side),
    *(SetHeader(0, side, 0, "Y", "2") for side in Side),
    *(RemoveHeader(0, side, 0) for side in Side),
    *(SetBodyText(0, side, '{"a": 1}') for side in Side),
]


@settings(max_examples=150, deadline=None)
@given(ENTRIES, st.sampled_from(formats()), st.sampled_from(list(WRITERS)))
def test_any_entry_is_read_and_edited_or_refused(entry: Any, format_: Format, writer: str) -> None:
    text = WRITERS[writer]({"interactions": [entry]}).encode()
    cassette = Cassette.of(source_of(text), format_=format_)
    assert cassette.interaction(0).position == 0
    for edit in EDITS:
        try:
            exchange = edit.exchange(cassette)
        except EditError:
            continue
        cassette.apply(exchange)
        load(cassette.to_bytes())
        cassette.interaction(0)
        cassette.apply(exchange.inverse())
        assert cassette.to_bytes() == text


@pytest.mark.parametrize("format_", formats(), ids=lambda format_: format_.name)
def test_a_file_taken_for_another_format_is_read(format_: Format) -> None:
    for texts in FILES.values():
        for text in texts:
            data = text.encode() if isinstance(text, str) else text
            cassette = Cassette.of(source_of(data), format_=format_)
            for position in range(len(cassette)):
                cassette.interaction(position)
