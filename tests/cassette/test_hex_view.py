"""The hex dump."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.hex_view import hex_line_count, hex_lines


def test_a_line_has_offset_bytes_and_characters() -> None:
    assert hex_lines(b"Hello, world\n\x00\xffAZ", 0, 9) == [
        "00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 0a 00 ff 41  Hello, world...A",
        "00000010  5a                                                Z",
    ]


@given(st.binary(max_size=100), st.integers(0, 8), st.integers(0, 8))
def test_slices_are_those_of_the_whole(content: bytes, start: int, count: int) -> None:
    whole = hex_lines(content, 0, 100)
    assert len(whole) == hex_line_count(content)
    assert hex_lines(content, start, count) == whole[start : start + count]
    assert b"".join(bytes.fromhex(re.sub(r"\s", "", line[10:58])) for line in whole) == content
