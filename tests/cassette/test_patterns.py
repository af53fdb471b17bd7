"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import at_once
from viewer.cassette import charset, layout, media_type
from viewer.cassette.families import go_vcr
from viewer.cassette.formats import httprr
from viewer.cassette.patterns import patterns_awaited, regex
from viewer.cassette.spelling import measure
from viewer.compare import noise
from viewer.document import row_text
from viewer.stream import markdown, sse

PACKAGE = Path(__file__).resolve().parents[2] / "viewer"


def test_it_is_not_compiled_before_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("x")


def test_a_package_waits_with_what_it_compiles_and_nothing_else_does() -> None:
    source = "import re\nbroken = re.compile('(')\nmatch = re.compile('(a+)b', re.I).match"
    plain = re.compile
    within: dict[str, Any] = {"__name__": "package.module"}
    with patterns_awaited("package"):
        exec(source, within)
        for name in ("packages", "other.package", "package_too"):
            with pytest.raises(re.error):
                exec(source, {"__name__": name})
    assert re.compile is plain
    assert within["match"]("xab") is None
    assert within["match"]("AAb").span(1) == (0, 2)
    with pytest.raises(re.error):
        within["broken"].sub("x", "y")


def test_importing_yaml_compiles_none_of_its_patterns() -> None:
    """Six milliseconds for a reader in Python that nothing here uses; its resolver is used, and still works."""
    script = (
        "import viewer.cassette.yaml_text, viewer.cassette.walk, viewer.cassette.tree_values, yaml\n"
        "print(isinstance(yaml.reader.Reader.NON_PRINTABLE, type(viewer.cassette.yaml_text._PROPERTY)))\n"
        "print(yaml.load('[1, 2.5, 2024-01-02, ~, yes, \\u00e4]', yaml.SafeLoader))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["True", "[1, 2.5, datetime.date(2024, 1, 2), None, True, 'ä']"]


def test_it_does_what_the_compiled_pattern_does() -> None:
    text, pattern, compiled = (
        "a1 B2 c3",
        regex(r"([a-z])(?P<digit>\d)", re.I),
        re.compile(r"([a-z])(\d)", re.I),
    )
    assert [found.span() for found in pattern.finditer(text)] == [
        hit.span() for hit in compiled.finditer(text)
    ]
    assert pattern.sub(r"\2\1", text) == compiled.sub(r"\2\1", text)
    assert pattern.split(text) == compiled.split(text)
    assert pattern.search(text, 3).start() == 3  # type: ignore[union-attr]
    assert pattern.fullmatch(text) is None
    assert pattern.groupindex["digit"] == 2
    assert (pattern.pattern, pattern.groups, pattern.flags & re.I) == (r"([a-z])(?P<digit>\d)", 2, re.I)


def test_bytes_are_taken_too() -> None:
    assert regex(rb"\d+").findall(b"1, 22") == [b"1", b"22"]


def test_a_method_is_fetched_once() -> None:
    pattern = regex("x")
    assert pattern.match is pattern.match


def patterns_given_to_re(source: str) -> list[str]:
    """Constants of a module that are made by `regex` and then handed to a function of `re`, which would fail."""
    tree = ast.parse(source)
    made = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "regex"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [
        node.args[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        if isinstance(node.args[0], ast.Name) and node.args[0].id in made
    ]


def test_none_is_given_to_a_function_of_re() -> None:
    assert patterns_given_to_re("import re\nX = regex('x')\nre.sub(X, '', 'x')") == ["X"]
    found = {str(path): patterns_given_to_re(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {}


# Each of these took the square, the cube or a power of two of the text's length.
HOSTILE = [
    (charset._DECLARED, "search", b"<meta charset" + b" " * 4000),
    (go_vcr._DURATION, "match", "7" * 20_000),
    (httprr._HEAD, "match", b"a\n" * 20_000),
    (layout._TOP_LIST, "match", b"# a comment\r\n" * 20_000),
    (layout._MARKER, "match", b"# a comment\r\n" * 20_000),
    (layout._MARKER, "match", b"\t\t\r\n" * 20_000),
    (media_type._SSE_START, "match", b"\r" * 20_000),
    (media_type._SSE_START, "match", b": a comment\n\n" * 5_000),
    (media_type._HTML, "match", b"<!-- a --> " * 5_000),
    (media_type._SVG, "match", b"<!-- a --> " * 5_000),
    (media_type._JSON_OBJECT, "match", b'{"' + b'\\"' * 30_000),
    (measure._JSON_STRING, "findall", '"\\' * 60_000),
    (noise._LISTED, "findall", "\n" + "ratelimit--" * 20_000),
    (row_text._VERSION, "fullmatch", "v" + "7" * 30_000 + "x"),
    (markdown._CLOSING_HASHES, "search", " " * 30_000 + "x"),
    (markdown._CLOSING_HASHES, "search", " #" * 15_000 + "x"),
    (sse._FIELD, "match", b" " * 30_000),
]


@pytest.mark.parametrize(("pattern", "method", "text"), HOSTILE)
def test_a_hostile_text_takes_no_longer_than_another(
    pattern: re.Pattern[Any], method: str, text: str | bytes
) -> None:
    with at_once():
        found = getattr(pattern, method)(text)
    assert found in (None, [], [""])


@pytest.mark.parametrize("text", ["--" * 20_000, '"id": "' + '"id":"\\' * 10_000, "ratelimit" * 20_000])
def test_noise_is_masked_in_hostile_texts(text: str) -> None:
    with at_once():
        assert noise.masked(text)
