"""Freed memory goes back to the system."""

from __future__ import annotations

import platform
import sys

import pytest

from viewer.document.freed_memory import give_back


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has to be asked")
def test_what_is_free_between_what_is_used_is_given_back() -> None:
    parts = [bytes(100_000) for _ in range(200)]
    kept = parts[::2]
    del parts
    assert give_back()
    assert len(kept) == 100


def test_elsewhere_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not give_back()
