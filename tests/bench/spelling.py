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
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import CORPUS
from viewer.cassette import json_text
from viewer.cassette.node import Scalar
from viewer.cassette.spelling import PLAIN_TAGS, choose_writer
from viewer.cassette.spelling.places import Found, scalars
from viewer.cassette.yaml_text import parse_all, resolved_tag

FORMATS = {
    "go-vcr-v1": "go-vcr v1",
    "go-vcr-v2": "go-vcr v2",
    "seed": "go-vcr v2",
    "vcrpy-yaml": "vcrpy",
    "vcrpy-gz": "vcrpy",
    "vcrpy-0x": "vcrpy",
    "vcrpy-json": "vcrpy",
    "pydantic-ai": "pydantic-ai",
    "ruby-vcr": "Ruby VCR",
    "ruby-vcr-json": "Ruby VCR",
    "r-vcr": "R vcr",
    "php-vcr": "php-vcr",
    "betamax-json": "Betamax",
    "polly-har": "Polly.js",
    "har": "HAR",
    "easyvcr-json": "EasyVCR",
    "exvcr-json": "ExVCR",
    "rvcr-json": "rvcr",
}
_BODY_KEYS = frozenset({"body", "string", "base64_string", "text", "raw_gzip", "Body"})
_STYLES = {"": "plain", "'": "single-quoted", '"': "double-quoted", "|": "literal", ">": "folded"}


@dataclass(slots=True)
class Row:
    """One line of the table."""

    same: int = 0
    misses: list[tuple[Path, str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.same + len(self.misses)


def style_of(found: Found) -> str:
    """The row a scalar counts in."""
    style = found.scalar.style
    lines = "multi-line " if style not in ("|", ">") and "\n" in found.text else ""
    tag = f"{found.scalar.tag} " if found.scalar.tag else ""
    return ("body: " if found.key in _BODY_KEYS else "") + tag + lines + _STYLES[style]


def read_text(path: Path) -> str:
    """The text of a cassette file, newlines as LF, without BOM."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")


def is_string(scalar: Scalar) -> bool:
    """Whether a scalar counts: numbers and their like are written as they are."""
    return bool(scalar.style or scalar.tag or resolved_tag(scalar) not in PLAIN_TAGS | {"merge"})


def measure_folder(folder: Path, format_name: str, table: dict[tuple[str, str], Row]) -> None:
    """Count one folder's files into `table`."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = read_text(path)
        is_json = text.lstrip()[:1] in ("{", "[")
        name = f"{format_name} JSON" if is_json else format_name
        writer = choose_writer(format_name, text)
        for root in [json_text.parse(text)] if is_json else parse_all(text):
            for found in scalars(text, root):
                if is_string(found.scalar):
                    spelled = writer.spell(found.scalar.value, found.tag, found.place)
                    count(table[name, style_of(found)], path, found.text, spelled)


def count(row: Row, path: Path, old: str, new: str) -> None:
    """Enter one scalar into its row."""
    if old == new:
        row.same += 1
    else:
        row.misses.append((path, old, new))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--format", default="")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    table: dict[tuple[str, str], Row] = defaultdict(Row)
    started = time.perf_counter()
    for folder, name in FORMATS.items():
        if options.format in ("", name):
            measure_folder(options.corpus / folder, name, table)
    for (name, style), row in sorted(table.items()):
        print(f"{name:14} {style:36} {row.same:7} of {row.total:7}  {100 * row.same / row.total:6.2f} %")
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
