"""A tool call's arguments as a card shows them: pretty JSON without the outermost braces."""

from __future__ import annotations

_LONGEST = 200_000
_BLANKS = frozenset(" \t\r\n")


class ShownArguments:
    """Arguments made readable; places in the recorded text and in the shown one are told from each other.

    Both differ in blanks alone, beside the braces, so places agree by counting what is not blank.
    """

    def __init__(self, recorded: str) -> None:
        self.recorded = recorded
        self.text = recorded
        self._hidden = 0
        from viewer.cassette.json_pretty import pretty  # with the first tool call

        made = pretty(recorded) if len(recorded) <= _LONGEST else None
        if made is not None:
            self.text = made.text
            if not made.error and made.text.startswith("{\n") and made.text.endswith("\n}"):
                self.text = "\n".join(line[2:] for line in made.text[2:-2].split("\n"))
                self._hidden = 1

    def to_shown(self, offset: int) -> int:
        """Where a character of the recorded text is shown."""
        return _behind(self.text, _solid(self.recorded[:offset]) - self._hidden)

    def to_recorded(self, offset: int) -> int:
        """Which character of the recorded text is shown here."""
        return _behind(self.recorded, _solid(self.text[:offset]) + self._hidden)


def _solid(text: str) -> int:
    return sum(1 for character in text if character not in _BLANKS)


def _behind(text: str, count: int) -> int:
    """The place of the first character that is not blank behind `count` others."""
    for index, character in enumerate(text):
        if character not in _BLANKS:
            if count <= 0:
                return index
            count -= 1
    return len(text)
