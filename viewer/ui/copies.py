"""What copying one interaction or several gives: the text for each of the ways to copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.cassette.model import Interaction
    from viewer.document.tasks import Job
    from viewer.stream.reading import Reading


class Copy(Enum):
    """What is wanted of an interaction."""

    CURL = auto()
    MARKDOWN = auto()
    ANSWER = auto()
    JSON = auto()


def copied(what: Copy, found: Sequence[tuple[Interaction, Reading]]) -> str:
    """The text to copy; what has no request, or no answer, is left out where that is wanted."""
    from viewer.stream.exports import as_curl, as_json, as_markdown  # with the first copy

    match what:
        case Copy.CURL:
            requests = (interaction.request for interaction, _ in found)
            return "\n\n".join(as_curl(request) for request in requests if request is not None)
        case Copy.MARKDOWN:
            return "\n".join(as_markdown(reading.conversation, reading.transcript) for _, reading in found)
        case Copy.ANSWER:
            return "\n\n".join(reading.transcript.text for _, reading in found)
        case Copy.JSON:
            return as_json(*(interaction for interaction, _ in found))


def read_all(readers: Sequence[Callable[[], Interaction]], job: Job) -> list[tuple[Interaction, Reading]]:
    """What interactions say, in any thread; raises ParseError for one that cannot be read."""
    from viewer.stream import read

    found = []
    for read_one in readers:
        job.check()
        interaction = read_one()
        found.append((interaction, read(interaction.request, interaction.response)))
    return found
