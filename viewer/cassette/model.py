"""What a cassette holds, as values: interactions, requests, responses, headers, and what can go wrong.

Nothing here knows a file format or Qt. Values are frozen; a change to the file gives new ones.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.body import Body
from viewer.cassette.headers import Header, Headers

if TYPE_CHECKING:
    from viewer.cassette.source import FileState

__all__ = [
    "Body",
    "CassetteError",
    "ChunkTime",
    "EditError",
    "Header",
    "Headers",
    "Interaction",
    "Kind",
    "ParseError",
    "ReadError",
    "Request",
    "Response",
    "SaveError",
    "TooLargeError",
    "UnknownFormatError",
]


class CassetteError(Exception):
    """Something about a cassette that the user has to know, with its place and a remedy.

    `line` and `column` count from 1, in the file (None where no place can be named).
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        column: int | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.remedy = remedy

    def __str__(self) -> str:
        place = str(self.path) if self.path else ""
        if self.line is not None:
            place += f"{', ' if place else ''}line {self.line}"
            if self.column is not None:
                place += f", column {self.column}"
        text = f"{place}: {self.message}" if place else self.message
        if not self.remedy:
            return text
        return f"{text}{'' if text.endswith(('.', '?', '!', ':')) else '.'} {self.remedy}"


class ReadError(CassetteError):
    """The file cannot be read at all (missing, a directory, no permission, truncated gzip)."""


class ParseError(CassetteError):
    """The file, or one entry of it, is not well-formed YAML or JSON."""


class TooLargeError(ParseError):
    """An entry holds more than is read of one; nothing is known to be wrong with it, nor with where it ends."""


class UnknownFormatError(CassetteError):
    """The file is well-formed but no cassette of a known recorder."""


class EditError(CassetteError):
    """An edit that cannot be made; the cassette is unchanged."""


class SaveError(CassetteError):
    """Saving failed; the file on disk is the old one, whole, but for UnconfirmedError."""


class UnconfirmedError(SaveError):
    """The new file stands there, in the state `state`, but the disk did not say that it will stay."""

    def __init__(self, path: Path, state: FileState, err: OSError) -> None:
        super().__init__(
            f"The file is replaced, but the disk does not confirm it: {err.strerror or err}.",
            path=path,
            remedy="Save a copy on another disk with Save As.",
        )
        self.state = state


class Kind(Enum):
    """What an entry of a cassette is; only HTTP ones have a request."""

    HTTP = "HTTP"
    GRPC = "gRPC"
    WEBSOCKET = "WebSocket"
    OTHER = "other"


class Request(msgspec.Struct, frozen=True):
    """A recorded request. `method` is in capitals whatever the recorder writes; `url` is as recorded."""

    method: str
    url: str
    headers: Headers
    body: Body
    protocol: str = ""


class Response(msgspec.Struct, frozen=True):
    """A recorded response. `status` is None where the recorder wrote none (a failed connection)."""

    status: int | None
    reason: str
    headers: Headers
    body: Body
    protocol: str = ""


class ChunkTime(msgspec.Struct, frozen=True):
    """When a part of the response's content arrived: `offset` bytes of content had come by `seconds`."""

    offset: int
    seconds: float


class Interaction(msgspec.Struct, frozen=True):
    """One request with its response.

    `position` counts from 0 in the file; `recorded_id` is the file's own number or key, where it has one.
    `duration` is in seconds. `recorded_at` is the recorder's own text. `chunk_times` are there only where
    the recorder kept them. `note` says why an entry is not shown as HTTP, or what could not be read.
    """

    position: int
    kind: Kind
    request: Request | None
    response: Response | None
    recorded_id: str = ""
    duration: float | None = None
    recorded_at: str = ""
    chunk_times: tuple[ChunkTime, ...] = msgspec.field(default=())
    note: str = ""
