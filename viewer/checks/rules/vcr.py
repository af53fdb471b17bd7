"""Ruby's VCR and Betamax: when an interaction was recorded has to be there, in their own spelling.

Sources: VCR::HTTPInteraction.from_hash (lib/vcr/structs.rb) with Time.httpdate, betamax/cassette/interaction.py and
betamax/util.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from viewer.cassette.node import Mapping, Scalar, text_of
from viewer.cassette.patterns import regex
from viewer.checks.problem import Problem
from viewer.checks.rules.look import Look

_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TIME = r"\d\d:\d\d:\d\d"
# The three spellings of RFC 9110, section 5.6.7, as Ruby's Time.httpdate takes them.
_HTTP_DATE = regex(
    rf"(?i:(?:{_DAYS}), \d\d (?:{_MONTHS}) \d{{4}} {_TIME} GMT"
    rf"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-(?:{_MONTHS})-\d\d {_TIME} GMT"
    rf"|(?:{_DAYS}) (?:{_MONTHS}) [\d ]\d {_TIME} \d{{4}})\Z"
)


def http_date(look: Look) -> Iterator[Problem]:
    """Ruby's VCR raises where it is missing or no HTTP date."""
    node = look.node("recorded_at")
    if node is None:
        yield look.error("there is no recorded_at, without which VCR does not load the file")
    elif not _HTTP_DATE.match(text_of(node)):
        yield look.error(f"recorded_at is no HTTP date: {text_of(node)!r}; VCR does not load the file", node)


def iso_date(look: Look) -> Iterator[Problem]:
    """Betamax reads it as `%Y-%m-%dT%H:%M:%S` where a cassette is to be recorded again after some time."""
    node = look.node("recorded_at")
    try:
        datetime.strptime(text_of(node), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        said = f"recorded_at is {text_of(node)!r}" if node is not None else "there is no recorded_at"
        yield look.warning(f"{said}; Betamax wants 2013-08-31T00:44:51 where it records again by age", node)


def encoding(look: Look) -> Iterator[Problem]:
    """Betamax looks it up in the response's body, and fails without."""
    body = look.node("response", "body")
    if isinstance(body, Mapping) and body.get("encoding") is None:
        yield look.error("the response's body has no 'encoding', so Betamax cannot answer with it", body)
    elif isinstance(body, Scalar) and look.interaction.response is not None:
        yield look.error("the response's body is a bare string, which today's Betamax does not load", body)


def migrated(look: Look) -> Iterator[Problem]:
    """VCR 2 and later refuse the files of VCR 1."""
    if look.position == 0:
        yield look.error(
            "VCR 2 and later do not load this form; VCR 2's `rake vcr:migrate_cassettes` turns it into theirs"
        )
