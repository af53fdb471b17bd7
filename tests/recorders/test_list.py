"""After interactions were deleted, inserted, copied and moved the recorder replays those that are there, in order."""

from __future__ import annotations

import random

import pytest

from tests.recorders.conftest import NewTake
from tests.recorders.exchange import Answer
from tests.recorders.server import CHAT, FORM, PAGE_1, PAGE_2, PLAIN
from tests.recorders.take import Take
from viewer.cassette.edits import AddHeader, SetBodyText, SetStatus, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.structure import (
    DeleteInteractions,
    DuplicateInteraction,
    InsertInteraction,
    MoveInteraction,
    texts_of,
)


def test_deleted(take: Take) -> None:
    gone = take.calls[CHAT]
    take.apply(DeleteInteractions((take.position(CHAT),)))
    take.expect_only(*(at for at in range(len(take.calls)) if at != CHAT))
    take.check()
    take.refuses(gone)


def test_first_of_two_answers_deleted(take: Take) -> None:
    """The second answer is the first one now, and there is no second one."""
    page = take.calls[PAGE_2]
    take.apply(DeleteInteractions((take.position(PAGE_1),)))
    take.expect_only(*range(1, len(take.calls)))
    take.expect_again(page, Answer(error="no more"))
    take.check()


@pytest.mark.parametrize("kept", [CHAT, PLAIN])
def test_all_but_one_deleted(take: Take, kept: int) -> None:
    here = take.position(kept)
    gone = tuple(position for position in range(len(take.cassette)) if position != here)
    take.apply(DeleteInteractions(gone))
    take.expect_only(kept)
    take.check()


def test_duplicated(take: Take) -> None:
    take.apply(DuplicateInteraction(take.position(PLAIN)))
    take.expect_again(take.calls[PLAIN], take.answers[PLAIN])
    take.check()


def test_copy_with_another_answer(take: Take) -> None:
    position = take.position(PLAIN)
    take.apply(DuplicateInteraction(position))
    take.apply(SetBodyText(position + 1, Side.RESPONSE, "the second time\n"))
    take.apply(SetStatus(position + 1, 200))
    take.expect_again(take.calls[PLAIN], take.answers[PLAIN])
    take.expect_body(-1, b"the second time\n")
    take.expect_status(-1, 200)
    take.check()


@pytest.mark.parametrize("backwards", [False, True])
def test_moved(take: Take, backwards: bool) -> None:
    """Two answers to the same request change places, except where an order is recorded beside them."""
    first, second = take.position(PAGE_1), take.position(PAGE_2)
    take.apply(MoveInteraction(second, first) if backwards else MoveInteraction(first, second))
    if take.recorder.finds_by_request:
        take.answers[PAGE_1], take.answers[PAGE_2] = take.answers[PAGE_2], take.answers[PAGE_1]
    take.check()


def test_every_place(new_take: NewTake) -> None:
    """Wherever an interaction stands, its recorder finds it."""
    for to in (0, 3, len(new_take().cassette) - 1):
        take = new_take()
        take.apply(MoveInteraction(take.position(FORM), to))
        take.check()


def test_inserted_from_another_cassette(new_take: NewTake) -> None:
    other, take = new_take(), new_take()
    url = other.address(PLAIN) + "/inserted"
    position = other.position(PLAIN)
    if other.recorder.finds_by_request:
        other.apply(SetUrl(position, url))
    other.apply(SetBodyText(position, Side.RESPONSE, "inserted\n"))
    other.apply(AddHeader(position, Side.RESPONSE, "X-Inserted", "1"))
    other.expect_call(PLAIN, url=url)
    other.expect_body(PLAIN, b"inserted\n")
    answer = other.answers[PLAIN].with_header("x-inserted", "1")
    take.apply(InsertInteraction(0, texts_of(other.cassette, position)))
    take.expect_again(other.calls[PLAIN], answer)
    take.check()


def test_emptied_and_filled_again(take: Take) -> None:
    texts = texts_of(take.cassette, take.position(CHAT))
    take.apply(DeleteInteractions(tuple(range(len(take.cassette)))))
    take.refuses(take.calls[CHAT])
    take.apply(InsertInteraction(0, texts))
    take.expect_only(CHAT)
    take.check()


@pytest.mark.parametrize("seed", range(3))
def test_many_edits_one_after_the_other(take: Take, seed: int) -> None:
    draw = random.Random(seed)
    # Moving one of the two pages over the other would change which comes first.
    movable = [at for at in range(len(take.calls)) if at not in (PAGE_1, PAGE_2)]
    for number in range(12):
        at = draw.choice(movable)
        what = draw.choice(("move", "header", "status"))
        if what == "move":
            take.move(at, draw.randrange(len(take.cassette)))
        elif what == "header":
            take.apply(AddHeader(take.position(at), Side.RESPONSE, f"X-N{number}", str(seed)))
            take.answers[at] = take.answers[at].with_header(f"x-n{number}", str(seed))
        else:
            take.apply(SetStatus(take.position(at), 400 + number))
            take.expect_status(at, 400 + number)
    take.check()
