"""Polly.js: an entry is found by `_id` and `_order`, and by nothing else (packages/@pollyjs/persister/src/index.js)."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.cassette.node import text_of
from viewer.checks.problem import Problem, Severity
from viewer.checks.rules.look import Look


def found_by(look: Look) -> Iterator[Problem]:
    """Both have to be there; entries of one `_id` are counted from 0, so that a gap hides what is behind it."""
    name, order = look.node("_id"), look.node("_order")
    if name is None or not text_of(name):
        yield look.error("there is no _id, so Polly.js never finds this entry")
        return
    if not text_of(order).isdecimal():
        yield look.error("there is no _order, so Polly.js never finds this entry", name)
        return
    key = (text_of(name), str(int(text_of(order))))
    first = look.seen.setdefault(key, look.position)
    if first != look.position:
        yield look.error(
            f"_id and _order are those of entry {first}, so Polly.js never finds this one", order
        )


def gaps(look: Look) -> Iterator[Problem]:
    """Told at the end of the file, since some versions write the entries of one `_id` in another order."""
    if look.position != len(look.cassette) - 1:
        return
    for (name, order), position in look.seen.items():
        if order != "0" and (name, str(int(order) - 1)) not in look.seen:
            text = f"_order is {order}, but no entry has the same _id and {int(order) - 1}"
            line = look.cassette.line_of(position)
            yield Problem(text, Severity.WARNING, position, line)
