"""What the program remembers between two runs: window, splitters, recent files, choices, the place in each file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from viewer.ui.theme import ThemeChoice

_MOST_RECENT = 12
_MOST_PLACES = 200


class Settings:
    """Reads and writes the user's settings; everything has a default, and a damaged value is that default."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("cassette-viewer", "cassette-viewer")
        self._places: dict[str, int] = {}

    @property
    def recent(self) -> list[Path]:
        """The files opened last, the newest first."""
        return [Path(name) for name in self._texts("recent")]

    def add_recent(self, path: Path) -> None:
        """Puts a file in front of the recent ones."""
        name = str(path.absolute())
        names = [name, *(other for other in self._texts("recent") if other != name)]
        self._store.setValue("recent", names[:_MOST_RECENT])

    def forget_recent(self) -> None:
        """Empties the list of recent files."""
        self._store.remove("recent")

    @property
    def theme(self) -> ThemeChoice:
        """The theme that was chosen."""
        try:
            return ThemeChoice(self._store.value("theme", ThemeChoice.SYSTEM.value))
        except ValueError:
            return ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice.value)

    @property
    def zoom(self) -> int:
        """How many steps the text is larger than usual."""
        return self._number("zoom", 0)

    @zoom.setter
    def zoom(self, steps: int) -> None:
        self._store.setValue("zoom", steps)

    @property
    def columns_shown(self) -> bool:
        """Whether interactions are listed in columns."""
        return self._number("columns_shown", 0) == 1

    @columns_shown.setter
    def columns_shown(self, shown: bool) -> None:
        self._store.setValue("columns_shown", int(shown))

    def state(self, name: str) -> QByteArray:
        """A window's or splitter's saved state; empty where there is none."""
        value = self._store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_state(self, name: str, state: QByteArray) -> None:
        """Keeps a window's or splitter's state."""
        self._store.setValue(f"state/{name}", state)

    def place(self, path: Path) -> int:
        """The interaction that was selected last in a file."""
        name = str(path.absolute())
        if name in self._places:
            return self._places[name]
        for entry in self._texts("places"):
            position, _, other = entry.partition(" ")
            if other == name and position.isdecimal():
                return int(position)
        return 0

    def set_place(self, path: Path, position: int) -> None:
        """Remembers the interaction that is selected in a file, until `keep_places`.

        Each change of the store is written, and waits for the disk; a row is selected with each key.
        """
        name = str(path.absolute())
        self._places.pop(name, None)
        self._places[name] = position

    def keep_places(self) -> None:
        """Has the places that were remembered written."""
        if not self._places:
            return
        others = [entry for entry in self._texts("places") if entry.partition(" ")[2] not in self._places]
        newest = [f"{position} {name}" for name, position in reversed(self._places.items())]
        self._places.clear()
        self._store.setValue("places", [*newest, *others][:_MOST_PLACES])

    def _texts(self, key: str) -> list[str]:
        # QSettings gives a list of one text as that text.
        value = self._store.value(key, [])
        if isinstance(value, str):
            return [value]
        return [str(item) for item in value] if isinstance(value, list) else []

    def _number(self, key: str, default: int) -> int:
        try:
            return int(self._store.value(key, default))  # type: ignore[call-overload, no-any-return]
        except (TypeError, ValueError):
            return default
