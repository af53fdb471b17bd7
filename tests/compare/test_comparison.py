"""Two recordings compared."""

from __future__ import annotations

from pathlib import Path

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.source import source_of
from viewer.compare.align import Pair
from viewer.compare.comparison import Comparison, Mark, compared
from viewer.compare.hunks import Change
from viewer.compare.views import View


def cassette_of(text: str) -> Cassette:
    return Cassette.of(source_of(text.encode()))


def comparison_of(left: str, right: str) -> Comparison:
    return Comparison(cassette_of(left), cassette_of(right))


def test_the_same_recording() -> None:
    comparison = comparison_of(GO_VCR_V2, GO_VCR_V2)
    assert comparison.pairs == [Pair(0, 0), Pair(1, 1)]
    assert [comparison.summary(pair).mark for pair in comparison.pairs] == [Mark.SAME, Mark.SAME]


def test_one_interaction_is_compared_with_one() -> None:
    """Two that are not alike stood each alone, with nothing beside them."""
    cassette = cassette_of(GO_VCR_V2)
    comparison = Comparison(cassette.excerpt(0), cassette.excerpt(1))
    assert comparison.pairs == [Pair(0, 0)]
    assert comparison.summary(comparison.pairs[0]).mark is Mark.CHANGED


def test_an_answer_and_a_header_that_differ() -> None:
    changed = GO_VCR_V2.replace('"content":"Ol"', '"content":"Oi"').replace(
        "- application/json\n        url", "- x\n        url"
    )
    comparison = comparison_of(GO_VCR_V2, changed)
    summary = comparison.summary(comparison.pairs[0])
    assert (summary.mark, summary.text) == (Mark.CHANGED, "answer differs · 1 header")
    sides = comparison.sides(comparison.pairs[0], View.ANSWER)
    assert (sides.left, sides.right) == ("Ol", "Oi")


def test_noise_alone_is_told_apart() -> None:
    changed = GO_VCR_V2.replace("duration: 1.5s", "duration: 3s")
    comparison = comparison_of(GO_VCR_V2, changed)
    assert comparison.summary(comparison.pairs[0]).mark is Mark.NOISE
    sides = comparison.sides(comparison.pairs[0], View.YAML)
    assert sides.differences() == []
    assert len(sides.differences(with_noise=True)) == 1


def test_one_side_alone() -> None:
    one = GO_VCR_V2[: GO_VCR_V2.index("    - id: 1")]
    comparison = comparison_of(GO_VCR_V2, one)
    assert comparison.summary(comparison.pairs[1]).mark is Mark.REMOVED
    assert comparison.texts(comparison.pairs[1], View.BODY) == ("abc", "")
    assert comparison_of(one, GO_VCR_V2).summary(Pair(None, 1)).mark is Mark.ADDED


def test_the_views_that_have_something_to_say() -> None:
    comparison = comparison_of(GO_VCR_V2, GO_VCR_V2)
    assert View.ANSWER in comparison.views(Pair(0, 0))
    assert comparison.figures(Pair(0, 0))[0] == ("Duration", "1.50 s", "1.50 s")


def test_a_noisy_block_is_muted_and_its_neighbour_is_not() -> None:
    sides = compared(
        '{\n  "id": "req_aaaaaaaaaa",\n  "x": 0,\n  "y": 1\n}',
        '{\n  "id": "req_bbbbbbbbbb",\n  "x": 0,\n  "y": 2\n}',
    )
    assert [hunk.change for hunk in sides.hunks].count(Change.CHANGED) == 2
    assert len(sides.muted) == 1
    assert len(sides.differences()) == 1


def test_real_re_recordings_are_paired_whole(corpus: Path) -> None:
    compared_files = 0
    for folder in sorted((corpus / "pairs").iterdir()):
        files = sorted(folder.glob("before*")) + sorted(folder.glob("after*")) if folder.is_dir() else []
        if len(files) != 2:
            continue
        left, right = (Cassette.open(path) for path in files)
        comparison = Comparison(left, right)
        assert sorted(p.left for p in comparison.pairs if p.left is not None) == list(range(len(left)))
        assert sorted(p.right for p in comparison.pairs if p.right is not None) == list(range(len(right)))
        for pair in comparison.pairs[:5]:
            assert comparison.summary(pair).text
            sides = comparison.sides(pair, View.BODY)
            assert sides.hunks[-1].left_end == sides.left.count("\n") + 1
        compared_files += 1
    assert compared_files > 20
