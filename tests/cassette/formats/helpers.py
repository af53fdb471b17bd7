"""Opening and editing small cassettes written in a test."""

from __future__ import annotations

from typing import Any

from tests.cassette.formats.independent import entries, load
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import Edit
from viewer.cassette.model import Interaction, Request, Response
from viewer.cassette.source import source_of


def cassette_of(text: str | bytes) -> Cassette:
    """A cassette with these contents."""
    return Cassette.of(source_of(text.encode() if isinstance(text, str) else text))


def format_of(text: str | bytes) -> str:
    """The name of the format that a file's contents show."""
    return cassette_of(text).format.name


def both(interaction: Interaction) -> tuple[Request, Response]:
    """Request and response of an interaction that has both."""
    assert interaction.request is not None
    assert interaction.response is not None
    return interaction.request, interaction.response


def edited(text: str | bytes, edit: Edit) -> str:
    """The text after an edit; undoing it must give the old bytes."""
    cassette = cassette_of(text)
    before = cassette.to_bytes()
    exchange = edit.exchange(cassette)
    cassette.apply(exchange)
    result = cassette.to_bytes()
    cassette.apply(exchange.inverse())
    assert cassette.to_bytes() == before
    return result.decode()


def loaded(text: str, position: int = 0) -> Any:
    """An entry as PyYAML or json has it."""
    return entries(load(text.encode()))[position]


def changed(old: str, new: str) -> tuple[str, str]:
    """What is left of two texts without the lines that both begin and end with."""
    before, after = old.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return "\n".join(before), "\n".join(after)
