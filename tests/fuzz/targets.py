"""Every target by its name."""

from __future__ import annotations

from tests.fuzz import bodies, cassette_files, journals, languages, lists, readings

FAMILIES = {
    "files as each format, with edits": cassette_files.TARGETS,
    "bodies: framings, codings, charsets, parts, forms": bodies.TARGETS,
    "texts: JSON, YAML, Markdown, garbled ones, two compared": languages.TARGETS,
    "recovery journals": journals.TARGETS,
    "cassettes compared, rows filtered": lists.TARGETS,
    "answers and requests of each provider": readings.TARGETS,
}
TARGETS = {target.name: target for targets in FAMILIES.values() for target in targets}
