"""When an interaction was recorded, as far as the recording says so."""

from __future__ import annotations

from email.utils import parsedate

from viewer.cassette.model import Interaction
from viewer.cassette.patterns import regex

_ISO_DATE = regex(r"\s*(\d{4}-\d\d-\d\d)\b")


def recording_date(interaction: Interaction) -> str:
    """The day as "2025-09-24": the recorder's own, else that of the response's Date header; "" without one."""
    response = interaction.response
    header = response.headers.get("Date") if response else ""
    return _day(interaction.recorded_at) or _day(header)


def _day(text: str) -> str:
    """The day of an ISO date or of an HTTP date (RFC 9110, 5.6.7), "" for anything else."""
    if found := _ISO_DATE.match(text):
        return found[1]
    parts = parsedate(text)
    return f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}" if parts else ""
