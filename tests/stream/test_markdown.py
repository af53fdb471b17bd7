from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import at_once
from viewer.stream.markdown import Fence, LineKind, Style, parse_line

_MARKS = st.text(alphabet="ab *_`~[]()#->|\\1. é😀\t", max_size=60)


def shown(text: str) -> str:
    return "".join(text[run.start : run.end] for run in parse_line(text).runs)


def styled(text: str, style: Style) -> list[str]:
    return [text[run.start : run.end] for run in parse_line(text).runs if style in run.style]


@pytest.mark.parametrize(
    ("text", "seen", "style", "marked"),
    [
        ("a **bold** word", "a bold word", Style.BOLD, ["bold"]),
        ("a *slanted* word", "a slanted word", Style.ITALIC, ["slanted"]),
        ("a _slanted_ word", "a slanted word", Style.ITALIC, ["slanted"]),
        ("call `f(**x)` now", "call f(**x) now", Style.CODE, ["f(**x)"]),
        ("``a ` b``", "a ` b", Style.CODE, ["a ` b"]),
        ("~~gone~~", "gone", Style.STRIKE, ["gone"]),
        ("see [the page](https://e.test/a_(b)) there", "see the page there", Style.LINK, ["the page"]),
        ("**bold *both***", "bold both", Style.ITALIC, ["both"]),
        ("**40 °C** (104 °F)", "40 °C (104 °F)", Style.BOLD, ["40 °C"]),
    ],
)
def test_markup_is_hidden_and_what_it_marks_is_styled(
    text: str, seen: str, style: Style, marked: list[str]
) -> None:
    assert shown(text) == seen
    assert styled(text, style) == marked


@pytest.mark.parametrize(
    "text",
    ["snake_case_name", "2 * 3 * 4", "a ** b", "**open", "`open", "[no](link", "5 ~ 6", "a_b_c d"],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert shown(text) == text


def test_escapes() -> None:
    assert shown(r"\*not slanted\* and \a") == r"*not slanted* and \a"


@pytest.mark.parametrize(
    ("text", "kind", "level", "marker"),
    [
        ("## Title ##", LineKind.HEADING, 2, ""),
        ("- item", LineKind.ITEM, 0, "•"),
        ("  * deeper", LineKind.ITEM, 1, "•"),
        ("12. numbered", LineKind.ITEM, 0, "12."),
        ("> said", LineKind.QUOTE, 0, ""),
        ("---", LineKind.RULE, 0, ""),
        ("| a | b |", LineKind.TABLE, 0, ""),
        ("#hashtag", LineKind.TEXT, 0, ""),
        ("-5 degrees", LineKind.TEXT, 0, ""),
    ],
)
def test_kinds_of_lines(text: str, kind: LineKind, level: int, marker: str) -> None:
    line = parse_line(text)
    assert (line.kind, line.level, line.marker) == (kind, level, marker)


def test_a_fence_holds_code_until_it_is_closed() -> None:
    opening = parse_line("```python")
    assert (opening.kind, opening.fence) == (LineKind.FENCE, Fence("```", "python"))
    inside = parse_line("**x** = 1", opening.fence)
    assert (inside.kind, inside.fence) == (LineKind.CODE, opening.fence)
    closing = parse_line("```", inside.fence)
    assert (closing.kind, closing.fence) == (LineKind.FENCE, None)


@given(_MARKS)
def test_runs_are_in_order_and_inside_the_line(text: str) -> None:
    at = 0
    for run in parse_line(text).runs:
        assert at <= run.start <= run.end <= len(text)
        at = run.end


@pytest.mark.parametrize("part", ["**", "* ", "a_", "_a ", "`", "[", "[](", "~~a", "``a` ", "*_", "> "])
@pytest.mark.parametrize("start", ["", "# ", "- "])
def test_markup_that_nothing_closes_takes_no_time(start: str, part: str) -> None:
    """A line of two thousand characters took half a second, and a page has thousands of them."""
    line = start + part * (2000 // len(part)) + "x" + part[::-1] * 100
    with at_once():
        for _ in range(60):
            parse_line(line)


def test_words_with_underscores_are_words_however_many() -> None:
    line = "snake_case_name " * 200 + "**bold**"
    assert parse_line(line).runs[-1].style is Style.BOLD
