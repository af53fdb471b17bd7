"""Inputs that broke a rule: one for each place where it broke, the smallest that came."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

_UNUSUAL = re.compile(r"[^\w.-]+")


class Findings:
    """Keeps inputs in `folder`, each with what it raised beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes, error: BaseException) -> None:
        """Keeps an input, unless a smaller one of the same kind is there."""
        path = self.folder / name_of(error)
        if path.exists() and path.stat().st_size <= len(data):
            return
        path.write_bytes(data)
        path.with_name(path.name + ".txt").write_text(
            "".join(traceback.format_exception(error)), "utf-8", "backslashreplace"
        )


def name_of(error: BaseException) -> str:
    """A name for the kind of a failure: its type, where it was raised, and the rule that broke."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/viewer/" in frame.filename]
    places = [f"{Path(frame.filename).stem}.{frame.name}" for frame in (ours or frames)[-2:]]
    rule = str(error).split("\n", 1)[0] if isinstance(error, AssertionError) else ""
    readable = _UNUSUAL.sub("-", "-".join([type(error).__name__, *places[-1:], rule]))[:70]
    digest = blake2b("\n".join([type(error).__name__, *places, rule[:40]]).encode(), digest_size=4)
    return f"{readable}-{digest.hexdigest()}"


def failure_of(check: Callable[[bytes], None], data: bytes) -> str:
    """The kind of failure that an input makes, "" where every rule holds."""
    try:
        check(data)
    except Exception as err:  # any of them
        return name_of(err)
    return ""


def minimised(check: Callable[[bytes], None], data: bytes, tries: int = 20_000) -> bytes:
    """A smaller input that fails in the same way: stretches taken out, then bytes made plain."""
    kind = failure_of(check, data)
    size = max(1, len(data) // 2)
    while size and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            shorter = data[:at] + data[at + size :]
            tries -= 1
            if failure_of(check, shorter) == kind:
                data = shorter
            else:
                at += size
        size //= 2
    for at in range(len(data)):
        for plain in (b"\0", b"a", b" "):
            plainer = data[:at] + plain + data[at + 1 :]
            tries -= 1
            if (
                tries > 0
                and data[at : at + 1] not in (b"\0", b"a", b" ")
                and failure_of(check, plainer) == kind
            ):
                data = plainer
                break
    return data
