"""What a row says of an entry."""

from __future__ import annotations

import pytest

from viewer.cassette.model import Kind
from viewer.document.row_text import other_text
from viewer.document.summary import Summary


@pytest.mark.parametrize(
    ("kind", "note", "said"),
    [
        (Kind.WEBSOCKET, "A WebSocket message, received; shown as text.", "message, received"),
        (Kind.GRPC, "A gRPC call with its answer, shown as text.", "call with its answer"),
        (Kind.GRPC, "Something else.", "Something else."),
    ],
)
def test_what_is_no_http_is_told_in_a_few_words(kind: Kind, note: str, said: str) -> None:
    """The words that say what kind it is stood there twice, and hid those that tell rows apart."""
    assert other_text(Summary(0, kind=kind, note=note)) == said
