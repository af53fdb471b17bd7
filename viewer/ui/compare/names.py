"""What two recordings are called, so that they can be told apart."""

from __future__ import annotations

from pathlib import Path

from viewer.ui.compare.recording import Excerpt, Recording


def names_of(left: Recording, right: Recording) -> tuple[str, str]:
    """A name for each: the file's; with its folders as far as they are needed to tell the two apart.

    An open cassette beside its own file on disk is "(open)"; one interaction of a cassette has its number.
    """
    if isinstance(left, Excerpt) and isinstance(right, Excerpt):
        names = _file_names(left.cassette, right.cassette)
        if left.cassette is right.cassette:
            names = (path.name if (path := left.cassette.path) else "untitled",) * 2
        return f"{names[0]} #{left.position}", f"{names[1]} #{right.position}"
    return _file_names(left, right)


def _file_names(left: Recording, right: Recording) -> tuple[str, str]:
    paths = path_of(left), path_of(right)
    if paths[0] is None or paths[1] is None:
        return tuple(path.name if path else "untitled" for path in paths)  # type: ignore[return-value]
    first, second = (path.absolute() for path in (paths[0], paths[1]))
    if first != second:
        return _apart(first, second)
    open_, saved = f"{first.name} (open)", first.name
    return (
        saved if isinstance(left, Path) else open_,
        saved if isinstance(right, Path) else open_,
    )


def path_of(recording: Recording) -> Path | None:
    """Where a recording is, if it is in a file."""
    if isinstance(recording, Excerpt):
        return recording.cassette.path
    return recording if isinstance(recording, Path) else recording.path


def _apart(left: Path, right: Path) -> tuple[str, str]:
    """The last parts of two paths, as many as it takes until they differ."""
    for count in range(1, max(len(left.parts), len(right.parts)) + 1):
        names = "/".join(left.parts[-count:]), "/".join(right.parts[-count:])
        if names[0] != names[1]:
            return names
    return left.name, right.name
