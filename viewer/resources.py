"""Finds the files that travel with the program: icons, themes, the example cassette.

They stand in `resources/` at the top of a checkout and in `viewer/resources/` of an installed wheel.
`importlib.resources` knows the second place only, so both are looked at here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The path of the resource `name`, such as `icons/open.svg`.

    Raises FileNotFoundError, naming the place that was looked at: the installation is damaged then.
    """
    path = _root() / name
    if not path.exists():
        raise FileNotFoundError(f"no resource {name!r} in {path.parent}")
    return path


@cache
def _root() -> Path:
    # The wheel's place first: beside an installed package, another project may own a folder of that name.
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"
