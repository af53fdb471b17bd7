"""An interaction by its number, as `-i` gives it."""

from __future__ import annotations

from viewer.cassette.cassette import Cassette
from viewer.cassette.model import EditError
from viewer.cli.progress import Progress

_STEP = 200


def ensure_there(cassette: Cassette, position: int) -> None:
    """Makes sure that the entries up to this one are entries, so that its number is right, and that it is there.

    Raises EditError where there is no such interaction, ParseError where the file is malformed before it.
    """
    with Progress("counting") as progress:
        for count in range(_STEP, min(position, len(cassette)), _STEP):
            cassette.verify(count)
            progress(count / position)
        cassette.verify(position + 1)
    if not 0 <= position < len(cassette):
        raise EditError(
            f"there is no interaction {position}; there are {len(cassette)}",
            path=cassette.path,
            remedy="Count them from 0." if len(cassette) else "",
        )
