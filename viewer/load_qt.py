"""Loads the libraries of the window as quickly as they can be; nothing else may have imported PySide before it.

WORKAROUND, five times, for what PySide and its support module shiboken do in every process:

- shiboken carries 130 kB of Python source in a zip inside its library, and compiles them (its signature_bootstrap.py):
  a tenth of the start. Python keeps what it compiles of modules; here the same is done for these, beside those of
  shiboken6 and by the same rules. Where that cannot be written or does not fit, they are compiled as ever.
- It reads the source of each module that is imported, to see whether that wants `from __feature__`
  (https://doc.qt.io/qtforpython-6/developer/feature-motivation.html). No module here does, and reading them all
  takes another tenth.
- It imports what it needs to write stub files, to unpack its zip and to tell of its own errors.
- It compiles regular expressions for that; `textwrap` and, behind msgspec and `uuid`, `platform` compile more.
- The enumerations of a class are made when it is first named, all of them: a fifth of the start (`quick_enums`).
"""

from __future__ import annotations

import builtins
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import MAGIC_NUMBER, cache_from_source, find_spec, source_hash
from pathlib import Path
from types import CodeType
from typing import Any

from viewer.awaited_modules import modules_awaited
from viewer.cassette.patterns import patterns_awaited
from viewer.quick_enums import make_enums_quickly

_Kept = dict[str, tuple[bytes, CodeType]]
"""By file name: a hash of the source, and what it was compiled to."""
_THEIRS = ("signature_bootstrap.py", "shibokensupport/")
_UNUSED = frozenset({"argparse", "bz2", "logging", "lzma", "shutil", "tempfile", "traceback"})
_OF_UNUSED_PATTERNS = ("platform", "shibokensupport", "textwrap")


def load_qt() -> None:
    """Imports PySide6.QtCore, and msgspec; takes PySide's wrapper off `import`.

    Enumerations are made in another way from here on, until `quick_enums.make_enums_as_ever`.
    """
    if hasattr(sys, "setdlopenflags"):
        sys.setdlopenflags(os.RTLD_LAZY)
    make_enums_quickly()
    plain = getattr(builtins, "__orig_import__", builtins.__import__)
    with modules_awaited(_UNUSED), compiled_once(_place()), patterns_awaited(*_OF_UNUSED_PATTERNS):
        import msgspec  # noqa: F401
        import PySide6.QtCore  # noqa: F401

    # What PySide wrapped is called by nobody now, but kept under that name.
    builtins.__import__ = builtins.__orig_import__ = plain  # type: ignore[attr-defined]


@contextmanager
def compiled_once(path: Path | None) -> Iterator[None]:
    """While this lasts, what shiboken compiles is taken from the file at `path`, and written there where it is new."""
    kept = _read(path)
    known = dict(kept)
    plain = builtins.compile

    def compile_or_take(source: Any, filename: Any, mode: str, *rest: Any, **named: Any) -> Any:
        if rest or named or mode != "exec" or not isinstance(source, bytes) or not _is_shiboken(filename):
            return plain(source, filename, mode, *rest, **named)
        fingerprint = source_hash(source)
        found = kept.get(filename)
        if found is None or found[0] != fingerprint:
            found = kept[filename] = fingerprint, plain(source, filename, mode)
        return found[1]

    builtins.compile = compile_or_take
    try:
        yield
    finally:
        builtins.compile = plain
    if path is not None and kept != known and not sys.dont_write_bytecode:
        _write(path, kept)


def _is_shiboken(filename: object) -> bool:
    return isinstance(filename, str) and filename.startswith(_THEIRS)


def _place() -> Path | None:
    """Where Python would keep it, were it a module of the package."""
    found = find_spec("shiboken6")
    if found is None or found.origin is None:
        return None
    return Path(cache_from_source(str(Path(found.origin).with_name("shibokensupport.py"))))


def _read(path: Path | None) -> _Kept:
    """What was kept; nothing where it is damaged, or another Python's."""
    if path is None:
        return {}
    with suppress(OSError, EOFError, ValueError, TypeError):
        data = path.read_bytes()
        if data.startswith(MAGIC_NUMBER):
            kept: _Kept = marshal.loads(data[len(MAGIC_NUMBER) :])
            return kept if isinstance(kept, dict) else {}
    return {}


def _write(path: Path, kept: _Kept) -> None:
    """Replaces the file in one go: another start may be reading it."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_bytes(MAGIC_NUMBER + marshal.dumps(kept))
        unfinished.replace(path)
