"""What a row of the tree says about an interaction, as a small value: a hundred thousand of them fit in memory."""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from viewer.cassette.model import Interaction, Kind, Request
from viewer.cassette.patterns import regex
from viewer.stream.reading import Reading, read
from viewer.stream.transcript import PartKind

# Where APIs name the model in the path: Gemini and Vertex, Bedrock, Azure's deployments.
_MODEL_IN_PATH = regex(r"/(?:models?|deployments)/([^/:?#]+(?::[\d]+(?=/|$))?)")
_NOTE = 300
# A longer stream than anybody recorded is assembled where it is shown; for its row as well it would be so twice.
_HUGE = 1 << 24
_ORIGIN = regex(r"(?:[a-zA-Z][\w+.-]*:)?//(?:[^/?#@]*@)?([^/?#]*)")


class Summary(msgspec.Struct, frozen=True, gc=False):
    """One row. `duration` is in seconds, `size` in bytes of the file.

    `events` counts those of a stream. `tokens` is None where the API counted none. `note` says why an entry is
    not shown as HTTP, or what the API's error was.
    """

    position: int
    kind: Kind = Kind.HTTP
    method: str = ""
    url: str = ""
    status: int | None = None
    reason: str = ""
    model: str = ""
    duration: float | None = None
    size: int = 0
    tokens: int | None = None
    events: int = 0
    has_stream: bool = False
    has_tool: bool = False
    note: str = ""

    @property
    def host(self) -> str:
        """The URL's host with its port, "" where the URL is a path alone."""
        return split_url(self.url)[0]

    @property
    def path(self) -> str:
        """The URL behind its host, query included."""
        return split_url(self.url)[1]

    @property
    def is_error(self) -> bool:
        """Whether the row needs a warning sign: it could not be read as HTTP."""
        return self.kind is Kind.OTHER and bool(self.note)

    @property
    def short_model(self) -> str:
        """The model without its owner: `kimi-k2-0905` of `moonshotai/kimi-k2-0905`."""
        return self.model.rpartition("/")[2] or self.model


@lru_cache(4096)
def split_url(url: str) -> tuple[str, str]:
    """A URL's host (with port), and what stands behind it; ("", url) where it has none."""
    origin = _ORIGIN.match(url)
    return (origin[1], url[origin.end() :]) if origin else ("", url)


def summarise(interaction: Interaction, size: int) -> Summary:
    """The row of an interaction whose entry takes `size` bytes."""
    request, response = interaction.request, interaction.response
    if request is None:
        return Summary(interaction.position, kind=interaction.kind, note=interaction.note, size=size)
    reading = read(request, response, duration=interaction.duration)
    is_huge = reading.has_stream and len(reading.content) > _HUGE
    told = _told_by_its_ends(reading) if is_huge else _told(reading)
    return Summary(
        interaction.position,
        kind=interaction.kind,
        method=intern(request.method),
        url=request.url,
        status=response.status if response else None,
        reason=intern(response.reason) if response else "",
        model=intern(model_of(request) or told.model),
        duration=interaction.duration,
        size=size,
        tokens=told.tokens,
        events=len(reading.events) if reading.has_stream else 0,
        has_stream=reading.has_stream,
        has_tool=told.has_tool,
        note=_one_line(interaction.note or told.error or ("" if response else "no response")),
    )


class _Told(NamedTuple):
    """What an answer says of itself."""

    model: str
    tokens: int | None
    has_tool: bool
    error: str


def _told(reading: Reading) -> _Told:
    transcript = reading.transcript
    has_tool = bool(transcript.of_kind(PartKind.TOOL_CALL))
    return _Told(transcript.model, transcript.usage.tokens, has_tool, transcript.error)


def _told_by_its_ends(reading: Reading) -> _Told:
    """The same of a stream that is not assembled for it."""
    short = reading.summary
    return _Told(short.model, short.tokens, short.has_tool_call, short.error)


def swells(interaction: Interaction, most: int) -> bool:
    """Whether a body takes more than `most` bytes once it is decompressed."""
    messages = (interaction.request, interaction.response)
    return any(message.body.swells(most) for message in messages if message is not None)


def _one_line(text: str) -> str:
    """A note as a row shows it; an API's error may be a page long."""
    return " ".join(text[:_NOTE].split())


class _Asked(msgspec.Struct):
    model: object = None


_asked = msgspec.json.Decoder(_Asked).decode


def model_of(request: Request) -> str:
    """The model that a request names, in its JSON body or in its path; "" where it names none."""
    content = request.body.content if request.body.raw else b""
    if content.lstrip()[:1] == b"{":
        try:
            model = _asked(content).model
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            model = None
        if isinstance(model, str) and model:
            return model
    named = _MODEL_IN_PATH.search(split_url(request.url)[1])
    return unquote(named[1]) if named else ""
