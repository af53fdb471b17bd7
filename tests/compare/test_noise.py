"""What is noise, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.compare import noise
from viewer.compare.noise import is_noise, masked, masked_lines


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ('  "id": "gen-1758698568-tDDR",', '  "id": "gen-1773932873-cZ28",'),
        ('  "created": 1758698568,', '  "created": 1773932873,'),
        ("Date: Tue, 19 Aug 2025 11:31:16 GMT", "Date: Wed, 20 Aug 2025 01:02:03 GMT"),
        ("Cf-Ray: 8a1b-FRA", "Cf-Ray: 9c2d-AMS"),
        ('{"t": "2025-01-02T03:04:05Z"}', '{"t": "2026-01-02T03:04:05.123+01:00"}'),
        ("see 6f1c2a34-1111-2222-3333-444455556666", "see 0f1c2a34-9111-2222-3333-444455556666"),
        ("X-Ratelimit-Remaining-Tokens: 10", "X-Ratelimit-Remaining-Tokens: 20"),
        ("        duration: 1.5s", "        duration: 2s"),
        ("Openai-Processing-Ms:\n- '236'\n- '1'\nServer:", "Openai-Processing-Ms:\n- '282'\n- '2'\nServer:"),
        ("            Date:\n                - x", "            Date:\n                - y"),
        ('"Date": [\n  "x"\n]', '"Date": [\n  "y"\n]'),
        (r'body: "{\"id\":\"abc\",\"n\":1}"', r'body: "{\"id\":\"def\",\"n\":1}"'),
        ("-----RubyMultipartPost-aa97bf580a1160eac8b6", "-----RubyMultipartPost-810e8740356594ea6c1d"),
        ("multipart/form-data; boundary=abc", "multipart/form-data; boundary=def"),
    ],
)
def test_what_is_new_in_every_recording(left: str, right: str) -> None:
    assert is_noise(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ('  "content": "Olá!"', '  "content": "Oi!"'),
        ('  "id": "gen-1758698568-tDDR", "x": 1', '  "id": "gen-1773932873-cZ28", "x": 2'),
        ("Content-Type: text/plain", "Content-Type: text/html"),
        ('  "completion_tokens": 4', '  "completion_tokens": 6'),
        ("Date: x", "Dates: x"),
        ("Date:\n- x\nServer:\n- a", "Date:\n- x\nServer:\n- b"),
    ],
)
def test_what_is_a_difference(left: str, right: str) -> None:
    assert not is_noise(left, right)


def test_equal_texts_do_not_differ_in_noise() -> None:
    assert not is_noise("Date: x", "Date: x")


@given(
    st.lists(st.sampled_from(["Date:", "- a", "- b", '"id": "x",', "", "plain", "1758698568"]), max_size=1000)
)
def test_lines_are_masked_as_in_the_whole(lines: list[str]) -> None:
    assert masked_lines(lines) == (masked("\n".join(lines)).split("\n") if lines else [])


_MEMBERS = st.sampled_from(
    [
        '"id":"a,{b"', '"created":1758698568', '"n":["gen-12345678",1]', '"id": "x\\",y"', '"content":"Olá, you"',
        r'\"id\":\"abc\",\"n\":1', "<p>2025-01-02T03:04:05Z</p>", "Tue, 19 Aug 2025 11:31:16 GMT",
        '"date": [ "x" ]', "\nDate: a, b", "6f1c2a34-1111-2222-3333-444455556666",
    ]
)  # fmt: skip


@given(st.lists(_MEMBERS, max_size=60), st.sampled_from([",", ", ", "},{"]))
def test_a_long_line_is_masked_in_parts_as_in_the_whole(members: list[str], between: str) -> None:
    """One line of 10 MB kept other threads waiting for a third of a second."""
    text = between.join(members)
    expected = masked(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noise, "_AT_ONCE", 10)
        assert masked(text) == expected


def test_no_part_of_a_long_line_is_long() -> None:
    line = ",".join(f'{{"id":"gen-{number}","text":"Olá"}}' for number in range(40_000))
    parts = list(noise._parts(line, lambda: None))
    assert "".join(parts) == line
    assert max(map(len, parts)) <= 2 * noise._AT_ONCE
