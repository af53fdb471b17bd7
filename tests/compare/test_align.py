"""Pairs of interactions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.body import Body
from viewer.cassette.headers import Headers
from viewer.cassette.model import Interaction, Kind, Request
from viewer.compare.align import Pair, align, signature

signatures = st.lists(st.sampled_from(["GET h/a", "GET h/b", "POST h/c", "POST other/long/path"]), max_size=8)


@given(signatures, signatures)
def test_every_interaction_is_in_exactly_one_pair(left: list[str], right: list[str]) -> None:
    pairs = align(left, right)
    assert sorted(pair.left for pair in pairs if pair.left is not None) == list(range(len(left)))
    assert sorted(pair.right for pair in pairs if pair.right is not None) == list(range(len(right)))
    for pair in pairs:
        if pair.moved:
            assert pair.left is not None
            assert pair.right is not None
            assert left[pair.left] == right[pair.right]


@given(signatures)
def test_a_recording_is_paired_with_itself_in_order(left: list[str]) -> None:
    assert align(left, left) == [Pair(at, at) for at in range(len(left))]


def test_insertion_move_and_change_of_path() -> None:
    assert align(["GET h/a", "GET h/b"], ["GET h/a", "POST x/new", "GET h/b"]) == [
        Pair(0, 0),
        Pair(None, 1),
        Pair(1, 2),
    ]
    assert Pair(0, 1, moved=True) in align(["GET h/a", "POST h/cc"], ["POST h/cc", "GET h/a"]) or Pair(
        1, 0, moved=True
    ) in align(["GET h/a", "POST h/cc"], ["POST h/cc", "GET h/a"])
    assert align(["GET h/items/1"], ["GET h/items/2"]) == [Pair(0, 0)]


def test_what_makes_an_interaction_the_same_one() -> None:
    request = Request("GET", "https://h:8/p?q=1#f", Headers(), Body(None))
    assert signature(Interaction(0, Kind.HTTP, request, None)) == "GET h:8/p"
    broken = Request("GET", "http://[", Headers(), Body(None))
    assert signature(Interaction(0, Kind.HTTP, broken, None)) == "GET http://["
    assert signature(Interaction(0, Kind.GRPC, None, None)) == "gRPC"


def test_thousands_that_have_no_like_are_left_alone_soon() -> None:
    """Each was weighed against each, which took half a minute; a neighbour that is alike is still found."""
    left = [f"POST h{number}.x/{number * 7919}/old" for number in range(5_000)]
    right = [f"GET g{number}/{number * 104_729}" for number in range(5_000)]
    pairs = align(["GET h/items/1", *left], ["GET h/items/2", *right])
    assert pairs[0] == Pair(0, 0)
    assert sum(pair.left is not None for pair in pairs) == 5_001
    assert sum(pair.right is not None for pair in pairs) == 5_001
