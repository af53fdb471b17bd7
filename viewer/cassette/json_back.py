"""The way back from the pretty view: an edited pretty text changes the recorded text's tokens, not its blanks.

Pretty-printing changes blanks between tokens alone, so both texts hold the same tokens in the same order, and
the same characters other than blanks. That makes the way back cheap:

1. The lines that differ between the pretty text and its edited version are found by comparing from both ends.
   A line break is always between tokens (see json_scan.py), so whole lines hold whole tokens.
2. Their place in the recorded text: the last character in front of them that is no blank, say a comma, is the
   n-th comma of the pretty text, hence the n-th of the recorded one.
3. Only the tokens between are compared. Each keeps the blanks that stood around it; those of a new one are
   measured from its neighbours, see json_blanks.py.
"""

from __future__ import annotations

from viewer.cassette.json_blanks import BlankChooser
from viewer.cassette.json_scan import split_blanks
from viewer.cassette.shared_ends import shared_back, shared_front

_BLANKS = " \t\r\n"
# Lines around the change that are read too, as patterns for the blanks of new tokens.
_CONTEXT_LINES = 60
# Beyond this, tens of thousands of tokens, comparing takes seconds: then tokens are the same by their number
# (all of one word replaced), or all new.
_MAX_PAIRS = 10_000_000_000


def unpretty(original: str, pretty_original: str, edited: str) -> str:
    """`original` with the tokens in which `edited` differs from `pretty_original`; nothing else changes.

    `pretty_original` is the text that `pretty(original)` gave; ValueError where it is not. Edited blanks do not
    count, except around what is no JSON.
    """
    if edited == pretty_original:
        return original
    if not edited.strip(_BLANKS):
        return ""
    start, pretty_end, edited_end = _changed_lines(pretty_original, edited)
    original_start = _behind_same(pretty_original, 0, start, original, 0)
    original_end = _in_front_of_same(pretty_original, start, pretty_end, original, original_start)
    merged = _merge(
        original[original_start:original_end], pretty_original[start:pretty_end], edited[start:edited_end]
    )
    return original[:original_start] + merged + original[original_end:]


def _changed_lines(old: str, new: str) -> tuple[int, int, int]:
    """Start, end in `old` and end in `new` of the lines that differ, with some lines of context around."""
    start = shared_front(old, new)
    kept = shared_back(old, new, min(len(old), len(new)) - start)
    end = len(old) - kept
    for _ in range(_CONTEXT_LINES):
        start = max(old.rfind("\n", 0, start), 0)
        end = found if (found := old.find("\n", end + 1)) >= 0 else len(old)
    return start, end, end + len(new) - len(old)


def _behind_same(shown: str, shown_start: int, position: int, original: str, original_start: int) -> int:
    """The place in `original` behind the character that stands, blanks aside, in front of `position` in `shown`.

    Both texts are the same from their starts on, blanks aside.
    """
    last = len(shown[shown_start:position].rstrip(_BLANKS)) + shown_start - 1
    if last < shown_start:
        return original_start
    character = shown[last]
    return _nth(original, character, shown.count(character, shown_start, last + 1), original_start) + 1


def _in_front_of_same(shown: str, shown_start: int, position: int, original: str, original_start: int) -> int:
    """The place in `original` of the character that is, blanks aside, the next at `position` in `shown`."""
    following = position
    while following < len(shown) and shown[following] in _BLANKS:
        following += 1
    if following == len(shown):
        return len(original)
    return _behind_same(shown, shown_start, following + 1, original, original_start) - 1


def _nth(text: str, character: str, number: int, low: int) -> int:
    """The place of the `number`-th such character from `low` on; by halves, since only counting is fast."""
    high = len(text)
    while high - low > 1:
        middle = (low + high) // 2
        count = text.count(character, low, middle)
        if count >= number:
            high = middle
        else:
            number -= count
            low = middle
    return low


def _merge(original: str, shown: str, edited: str) -> str:
    tokens, blanks = split_blanks(original)
    if tokens != split_blanks(shown)[0]:
        raise ValueError("The pretty text is not that of the original.")
    wanted, typed = split_blanks(edited)
    chooser = BlankChooser(tokens, blanks, wanted, typed, _partners(tokens, wanted))
    merged = "".join(piece for pair in zip(chooser.chosen(), [*wanted, ""], strict=True) for piece in pair)
    # Tokens that are no JSON may run into their neighbours; as they were typed, they do not.
    return merged if split_blanks(merged)[0] == wanted else edited


def _partners(old: list[str], new: list[str]) -> list[int]:
    """For each new token the index of the old one that it is, or whose place it takes; -1 for one more."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    kept = 0
    while kept < min(len(old), len(new)) - start and old[-1 - kept] == new[-1 - kept]:
        kept += 1
    old_end, new_end = len(old) - kept, len(new) - kept
    partners = [*range(start), *[-1] * (new_end - start), *range(old_end, len(old))]
    if (old_end - start) * (new_end - start) > _MAX_PAIRS:
        return [*range(len(old))] if len(old) == len(new) else partners
    # Loaded with the first edit: it takes longer than opening a cassette.
    from rapidfuzz.distance import Levenshtein

    for step in Levenshtein.opcodes(old[start:old_end], new[start:new_end]):
        for offset in range(step.dest_end - step.dest_start):
            before, after = start + step.src_start + offset, start + step.dest_start + offset
            if step.tag == "equal" or (
                step.tag == "replace" and _is_value(old[before]) and _is_value(new[after])
            ):
                partners[after] = before
    return partners


def _is_value(token: str) -> bool:
    return token not in "{}[],:"
