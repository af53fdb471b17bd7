"""php-vcr: its reader of YAML takes each line that begins with `-` for a new record (src/VCR/Storage/Yaml.php)."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.cassette.layout import Syntax
from viewer.checks.problem import Problem, Severity
from viewer.checks.rules.look import Look


def dashes(look: Look) -> Iterator[Problem]:
    """The list has to stand in the first column, and nothing else there may begin with a dash."""
    if look.cassette.layout.syntax is not Syntax.YAML:
        return
    first = look.cassette.line_of(look.position)
    lines = look.group[0].text.splitlines()
    if lines and not lines[0].startswith("-"):
        yield look.error("the list is indented, so php-vcr finds no record in it")
    for number, line in enumerate(lines[1:], first + 1):
        if line.startswith("-"):
            text = "php-vcr takes this line for the start of another record"
            yield Problem(text, Severity.ERROR, look.position, number)
