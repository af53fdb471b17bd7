"""Every target by its name."""

from __future__ import annotations

from tests.fuzz import bodies, cassette_files, journals, languages, lists, readings

TARGETS = {
    target.name: target
    for module in (bodies, languages, journals, lists, cassette_files, readings)
    for target in module.TARGETS
}
