"""Every real cassette: the right format, as many interactions as there are, and what an independent reader finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cassette.formats.independent import READERS, Expected, Message, index, read
from viewer.cassette.cassette import Cassette
from viewer.cassette.model import Interaction, Kind, ParseError, Request, Response

NAMES = {
    "go-vcr-v1": {"go-vcr v1"},
    "go-vcr-v2": {"go-vcr v2"},
    "seed": {"go-vcr v2"},
    "vcrpy-yaml": {"vcrpy"},
    "vcrpy-json": {"vcrpy JSON"},
    "vcrpy-gz": {"langchain"},
    "vcrpy-0x": {"vcrpy 0.x"},
    # Its cassettes without any JSON body are vcrpy's to the last byte.
    "pydantic-ai": {"pydantic-ai", "vcrpy"},
    "ruby-vcr": {"Ruby VCR"},
    "ruby-vcr-json": {"Ruby VCR JSON"},
    "betamax-json": {"Betamax"},
    "rvcr-json": {"rvcr"},
    "r-vcr": {"R vcr"},
    "har": {"HAR"},
    "polly-har": {"Polly.js"},
    "php-vcr": {"php-vcr"},
    "easyvcr-json": {"EasyVCR"},
    "exvcr-json": {"ExVCR"},
    "httprr": {"httprr"},
}


def files(corpus: Path, folder: str) -> list[Path]:
    return sorted(path for path in (corpus / folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", NAMES)
def test_a_format_opens_whole(corpus: Path, folder: str) -> None:
    counts = index(corpus)
    for path in files(corpus, folder):
        cassette = Cassette.open(path)
        row = counts.get(str(path.relative_to(corpus)))
        assert cassette.format.name in NAMES[folder], path
        if cassette.format.name == "vcrpy":
            assert b" parsed_body:" not in path.read_bytes(), path
        if row:
            assert len(cassette) == int(row["interactions"]), path
        assert cassette.to_bytes() == path.read_bytes(), path
        compare(cassette, read(path.read_bytes(), folder), path)


def test_pairs_open(corpus: Path) -> None:
    folders = {name: folder for folder, names in NAMES.items() for name in names if folder != "seed"}
    folders["vcrpy"] = "vcrpy-yaml"
    for path in files(corpus, "pairs"):
        if path.name == "INDEX.tsv":
            continue
        cassette = Cassette.open(path)
        assert cassette.to_bytes() == path.read_bytes(), path
        compare(cassette, read(path.read_bytes(), folders[cassette.format.name]), path)


@pytest.mark.parametrize(
    ("name", "line", "column"),
    [("NetworkSecurityGroupTest.test_open_ports.json", 48, 51), ("brokenfile.har", 5, 1)],
)
def test_broken_files_say_where(corpus: Path, name: str, line: int, column: int) -> None:
    (path,) = (corpus / "malformed").rglob(name)
    with pytest.raises(ParseError) as caught:
        Cassette.open(path)
    assert (caught.value.path, caught.value.line, caught.value.column) == (path, line, column)


def test_no_file_of_the_index_is_left_out(corpus: Path) -> None:
    assert {row["format"] for row in index(corpus).values()} <= NAMES.keys() | {"malformed"}
    assert READERS.keys() | {"httprr"} == NAMES.keys()


def compare(cassette: Cassette, expected: list[Expected | None], path: Path) -> None:
    assert len(cassette) == len(expected), path
    for position, wanted in enumerate(expected):
        found = cassette.interaction(position)
        if wanted is None:
            assert found.kind in (Kind.GRPC, Kind.WEBSOCKET), path
            assert found.note, path
        else:
            compare_interaction(found, wanted, f"{path}, interaction {position}")


def compare_interaction(found: Interaction, wanted: Expected, where: str) -> None:
    assert found.kind is Kind.HTTP, where
    assert found.request is not None, where
    assert (found.request.method, found.request.url) == wanted.request.first, where
    compare_message(found.request, wanted.request, where)
    assert (found.response is None) == (wanted.response is None), where
    if found.response is not None and wanted.response is not None:
        assert (found.response.status,) == wanted.response.first, where
        compare_message(found.response, wanted.response, where)


def compare_message(found: Request | Response, wanted: Message, where: str) -> None:
    headers = [(header.name, header.value) for header in found.headers]
    # A mapping's duplicate keys are all shown, where a loader keeps the last.
    assert [pair for pair in wanted.headers if pair not in headers] == [], where
    assert len(headers) == len(wanted.headers), where
    assert found.body.raw == wanted.body, where
