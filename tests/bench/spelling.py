"""Re-spells every string scalar of every corpus file and counts what comes out identical.

    python -m tests.bench.spelling [--format NAME] [--misses N] [CORPUS]

The writer is given value, tag and place, never the old spelling. The table has a row for each format and
style; bodies are counted apart. `--misses` lists up to N misses of each row, with their files.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import CORPUS
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.spelling import PLAIN_TAGS, Place, Writer, choose_writer
from viewer.cassette.yaml_text import parse_all, resolved_tag

YAML_FORMATS = {
    "go-vcr-v1": "go-vcr v1",
    "go-vcr-v2": "go-vcr v2",
    "seed": "go-vcr v2",
    "vcrpy-yaml": "vcrpy",
    "vcrpy-gz": "vcrpy",
    "vcrpy-0x": "vcrpy",
    "pydantic-ai": "pydantic-ai",
    "ruby-vcr": "Ruby VCR",
    "r-vcr": "R vcr",
    "php-vcr": "php-vcr",
}
_BODY_KEYS = frozenset({"body", "string", "base64_string", "text", "raw_gzip"})
_STYLES = {"": "plain", "'": "single-quoted", '"': "double-quoted", "|": "literal", ">": "folded"}


@dataclass(slots=True)
class Row:
    """One line of the table."""

    same: int = 0
    misses: list[tuple[Path, str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.same + len(self.misses)


@dataclass(frozen=True, slots=True)
class Found:
    """A scalar of a file with its place and its text, a tag included."""

    scalar: Scalar
    place: Place
    text: str
    is_body: bool

    @property
    def style(self) -> str:
        """The row it counts in."""
        several = self.scalar.style not in ("|", ">") and "\n" in self.text
        lines = "multi-line " if several else ""
        tagged = f"{self.scalar.tag} " if self.scalar.tag else ""
        return ("body: " if self.is_body else "") + tagged + lines + _STYLES[self.scalar.style]


def read_text(path: Path) -> str:
    """The text of a cassette file, newlines as LF, without BOM."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")


def scalars(text: str) -> Iterator[Found]:
    """Every scalar of a YAML text."""
    for root in parse_all(text):
        yield from _walk(text, root, Place(0, 0), key="")


def _walk(text: str, node: AnyNode, owner: Place, key: str) -> Iterator[Found]:
    if isinstance(node, Scalar):
        yield _found(text, node, owner, key)
    elif isinstance(node, Mapping):
        yield from _walk_mapping(text, node, owner)
    elif isinstance(node, Sequence):
        for item in node.items:
            if node.flow:
                place = Place(owner.indent, 0, flow=owner.flow + 1, in_list=owner.in_list)
            else:
                marker = text.rfind("-", 0, _first(item))
                place = Place(_column(text, marker), 0, in_list=True)
            yield from _walk(text, item, place, key)


def _walk_mapping(text: str, node: Mapping, owner: Place) -> Iterator[Found]:
    for name, value in node.pairs:
        if node.flow:
            place = Place(owner.indent, 0, flow=owner.flow + 1, in_list=owner.in_list)
        else:
            place = Place(_column(text, _first(name)), 0)
        yield from _walk(text, name, Place(place.indent, 0, True, place.flow, place.in_list), "")
        yield from _walk(text, value, place, name.value if isinstance(name, Scalar) else "")


def _found(text: str, node: Scalar, owner: Place, key: str) -> Found:
    start = _first(node)
    place = Place(owner.indent, _column(text, start), owner.is_key, owner.flow, owner.in_list)
    written = f"{node.tag} {text[node.start : node.end]}" if node.tag else text[node.start : node.end]
    return Found(node, place, written, key in _BODY_KEYS)


def _first(node: AnyNode) -> int:
    """Where a node begins, its tag included."""
    if isinstance(node, Mapping) and not node.flow and node.pairs:
        return _first(node.pairs[0][0])
    return node.start - len(node.tag) - 1 if node.tag and isinstance(node, Scalar) else node.start


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset) - 1


def respell(found: Found, writer: Writer) -> str:
    """What the writer makes of a scalar's value, tag and place."""
    tag = found.scalar.tag or resolved_tag(found.scalar)
    if not found.scalar.tag and tag not in PLAIN_TAGS:
        tag = ""
    return writer.spell(found.scalar.value, tag, found.place)


def is_string(scalar: Scalar) -> bool:
    """Whether a scalar counts: numbers and their like are written as they are."""
    return bool(scalar.style or scalar.tag or resolved_tag(scalar) not in PLAIN_TAGS | {"merge"})


def measure_yaml(folder: Path, format_name: str, table: dict[tuple[str, str], Row]) -> None:
    """Count one folder's files into `table`."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = read_text(path)
        if text[:1] in "{[":
            continue
        writer = choose_writer(format_name, text)
        for found in scalars(text):
            if not is_string(found.scalar):
                continue
            row = table[format_name, found.style]
            spelled = respell(found, writer)
            if spelled == found.text:
                row.same += 1
            else:
                row.misses.append((path, found.text, spelled))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--format", default="")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    table: dict[tuple[str, str], Row] = defaultdict(Row)
    started = time.perf_counter()
    for folder, name in YAML_FORMATS.items():
        if options.format in ("", name):
            measure_yaml(options.corpus / folder, name, table)
    for (name, style), row in sorted(table.items()):
        print(f"{name:12} {style:36} {row.same:7} of {row.total:7}  {100 * row.same / row.total:6.2f} %")
        for path, old, new in row.misses[: options.misses]:
            print(f"    {path.relative_to(options.corpus)}")
            print(f"      is   {_around(old, new)}\n      ours {_around(new, old)}")
    print(f"{time.perf_counter() - started:.1f} s")


def _around(text: str, other: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other))
    )
    return f"@{at} of {len(text)}: {text[:20]!r} … {text[max(0, at - 40) : at + 40]!r}"


if __name__ == "__main__":
    main()
