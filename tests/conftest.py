"""What every test needs: no display, no home folder of the machine's, and the corpus where it is there."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real cassettes beside the checkout; a test that asks for it is skipped without it."""
    if not (CORPUS / "INDEX.tsv").exists():
        pytest.skip(f"no corpus at {CORPUS}")
    return CORPUS
