"""A part of a scalar means what libyaml makes of it, or nothing is said of it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.scalar_parts import meaning_of

_SIGNS = ["a", "n", "u0041", "x41", ",", ":", "#", "- ", "-", ".", "'", "''", '"', "\\", "é", "😀"]
_BREAKS = ["\n", "\n  ", "\n\n  ", " \n  ", "\t\n   ", "\\\n  ", "\\\n  \\ ", "\n---", "\n...", "\r\n  "]
_ESCAPES = [f"\\{letter}" for letter in '0abtnvfre "/\\N_LP'] + [
    f"\\{kind}{number:0{digits}x}"
    for kind, digits in (("x", 2), ("u", 4), ("U", 8))
    for number in (0, 0x0A, 0x22, 0x41, 0x5C, 0x85, 0xE9, 0x2028, 0x1F600)
    if number < 16**digits
]
PARTS = st.lists(st.sampled_from([*_SIGNS, *_BREAKS, *_ESCAPES]), max_size=8).map("".join)
FRAMES = {'"': '"x,{},x"', "'": "'x,{},x'", "|": "|\n  x,{},x"}


@pytest.mark.parametrize("style", FRAMES)
@given(part=PARTS)
def test_a_part_means_what_libyaml_makes_of_it(style: str, part: str) -> None:
    meaning = meaning_of(f",{part},", style, 2)
    if meaning is None:
        return
    text = "k: " + FRAMES[style].format(part)
    assert yaml.load(text, yaml.CSafeLoader) == {"k": f"x{meaning}x"}


@pytest.mark.parametrize("part", ["\\U0000005Cn", "\\U0000005Cu0041", "\\U00000022", "\\x5cn", "\\\\x41"])
def test_an_escape_is_not_made_of_what_escapes_mean(part: str) -> None:
    """A backslash that was written with eight digits began an escape of JSON's."""
    meaning = meaning_of(f",{part},", '"', 0)
    assert meaning in (None, yaml.load(f'",{part},"', yaml.CSafeLoader))


def test_what_recorders_write_has_a_meaning() -> None:
    assert meaning_of(r"a\n\U0001F600\xE9\_\\x41" + "\\\n    \\ b\n    c", '"', 0) == "a\n😀é\xa0\\x41 b c"
    assert meaning_of("it''s\n    two\n\n    lines", "'", 0) == "it's two\nlines"
    assert meaning_of("one\r\n    two\r\n\r\n      more", "|", 4) == "one\ntwo\n\n  more"
