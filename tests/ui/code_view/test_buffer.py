"""The buffer against a plain str, which can do the same, only slowly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view import buffer as buffer_module
from viewer.ui.code_view.buffer import TextBuffer

ODD = "a\n\r\n\u2028\u0085\u00a0\ufeff\x00\ud800é你🎉\t "
TEXTS = st.text(alphabet=ODD, max_size=120)
EDITS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60), TEXTS), max_size=12)


@pytest.fixture(params=[3, 16_384], autouse=True)
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of three characters bring every edge; the real size brings the usual case."""
    monkeypatch.setattr(buffer_module, "CHUNK", request.param)


def assert_same(buffer: TextBuffer, text: str) -> None:
    lines = text.split("\n")
    assert buffer.text() == text
    assert len(buffer) == len(text)
    assert buffer.line_count == len(lines)
    assert [buffer.line_text(line) for line in range(len(lines))] == lines
    for offset in range(0, len(text) + 1, 7):
        assert buffer.line_at(offset) == text.count("\n", 0, offset)
        assert buffer.slice(offset, offset + 9) == text[offset : offset + 9]


@given(TEXTS, EDITS)
def test_edits_as_a_str_does(text: str, edits: list[tuple[int, int, str]]) -> None:
    buffer = TextBuffer(text)
    assert_same(buffer, text)
    for start, length, new in edits:
        start = min(start, len(text))
        end = min(start + length, len(text))
        assert buffer.replace(start, end, new) == text[start:end]
        text = text[:start] + new + text[end:]
        assert_same(buffer, text)


@given(TEXTS, st.integers(0, 130), st.integers(1, 40))
def test_windows_cover_the_text_and_end_with_lines(text: str, start: int, size: int) -> None:
    windows = list(TextBuffer(text).windows(start, size))
    assert "".join(part for _, part in windows) == text[start:]
    at = start
    for offset, part in windows[:-1]:
        assert offset == at
        assert part.endswith("\n") or (len(part) == size and "\n" not in part)
        at += len(part)


def test_unedited_text_is_the_very_str() -> None:
    text = "é" * 100_000
    assert TextBuffer(text).text() is text


def test_range_outside_is_an_error() -> None:
    with pytest.raises(IndexError):
        TextBuffer("abc").replace(2, 5, "")


def test_ten_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer_module, "CHUNK", 16_384)
    buffer = TextBuffer('      "key": 123,\n' * 600_000)
    for step in range(100):
        at = buffer.line_start(6_000 * step) + 3
        buffer.replace(at, at, "x")
        assert buffer.line_at(at) == 6_000 * step
