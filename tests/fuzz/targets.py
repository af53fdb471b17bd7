"""Every target by its name."""

from __future__ import annotations

from tests.fuzz import bodies, cassette_files, journals, languages, readings

TARGETS = {
    target.name: target
    for module in (bodies, languages, journals, cassette_files, readings)
    for target in module.TARGETS
}
