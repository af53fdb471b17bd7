"""Inputs to begin from: the tests' own samples, and at run time the corpus where it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.cassette.formats.test_detect import FILES
from tests.cassette.samples import GO_VCR_V2
from tests.document.cassettes import text_of
from tests.fuzz.samples import samples
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.model import CassetteError
from viewer.cassette.source import source_of
from viewer.cassette.structure import DeleteInteractions
from viewer.stream import read

WORDS = (
    "interactions:", "http_interactions:", "- request:", "  response:", "    method: ", "    uri: ", "url: ", "body: ",
    "string: ", "headers: ", "status: ", "code: ", "message: ", "base64_string: ", "!!binary ", "!binary |-", "|\n",
    ">-\n", "parsed_body: ", "version: 1", "version: 2", "recorded_with: ", '"request": {', '"response": {',
    '"headers"',
    '"method"', '"uri"', '"url"', '"body"', '"string"', '"content"', '"text"', '"encoding"', '"base64"', '"status"',
    '"log"', '"entries"', '"interactions"', "&a ", "*a", "<<: ", "\\n", "\\u00e9", "\\ud83d", "---\n", "...\n", "- ",
    "? ", ": ", "{}", "[]", "null", "~", "\r\n", "\xef\xbb\xbf", "httprr trace v1\n", "raw_gzip", "postData",
)  # fmt: skip
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
_TAILS = (b"\0" * 24, bytes(range(24)), bytes(range(255, 231, -1)), bytes(7 * n % 256 for n in range(24)))
_LARGEST = 3000
# So many of one format or provider are enough.
_ENOUGH = 25


def files(format_name: str) -> Iterator[bytes]:
    """Cassettes of a format, each with some choices behind it."""
    for number, data in enumerate(_all()[format_name]):
        yield data + _TAILS[number % len(_TAILS)]


def every_file() -> Iterator[bytes]:
    """Cassettes of every format."""
    for name in _all():
        yield from files(name)


def of_corpus(target: str) -> Iterator[bytes]:
    """What the corpus has for a target: cassettes cut down to two small interactions, or answers and requests."""
    taken: Counter[str] = Counter()
    for name, provider, data in sorted(_corpus(), key=lambda found: len(found[2])):
        kind = f"reading-{_slug(provider)}" if provider else f"cassette-{_slug(name)}"
        if target not in (kind, kind.partition("-")[0]) or taken[kind] >= _ENOUGH:
            continue
        taken[kind] += 1
        yield data + (bytes(8) if provider else _TAILS[len(data) % len(_TAILS)])


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


@cache
def _corpus() -> list[tuple[str, str, bytes]]:
    """(format, "", cassette) and (format, provider, answer and request) of everything small in the corpus."""
    found: list[tuple[str, str, bytes]] = []
    paths = [path for path in CORPUS.rglob("*") if path.is_file()] if CORPUS.exists() else []
    for path in sorted(paths):
        if path.stat().st_size < 200_000 and path.suffix not in (".md", ".tsv"):
            try:
                cassette = Cassette.of(source_of(path.read_bytes()))
            except CassetteError:
                continue
            found += [(cassette.format.name, provider, data) for provider, data in _exchanges(cassette)]
            found += [(cassette.format.name, "", data) for data in _reduced(cassette)]
    return found


def _exchanges(cassette: Cassette) -> Iterator[tuple[str, bytes]]:
    for position in range(min(len(cassette), 3)):
        interaction = read_interaction(cassette, position)
        reading = read(interaction.request, interaction.response)
        if interaction.request and reading.provider_name and len(reading.content) < _LARGEST:
            asked = interaction.request.body.content
            yield reading.provider_name, reading.content + b"\xff\xfd" + asked[:_LARGEST]


@cache
def _all() -> dict[str, list[bytes]]:
    own = {
        name: [text.encode() if isinstance(text, str) else text for text in texts]
        for name, texts in FILES.items()
    }
    for name, whole in samples().items():
        own[name] += whole
    own["go-vcr v2"] += [GO_VCR_V2.encode(), text_of(3).encode()]
    return own


def _reduced(cassette: Cassette) -> Iterator[bytes]:
    order = sorted(range(len(cassette)), key=cassette.size)
    with suppress(CassetteError):
        if order[2:]:
            cassette.apply(DeleteInteractions(tuple(order[2:])).exchange(cassette))
    reduced = cassette.to_bytes()
    if len(reduced) <= _LARGEST:
        yield reduced
