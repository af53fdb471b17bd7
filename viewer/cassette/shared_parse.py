"""A large entry is parsed once for all who want its tree at the same time.

Whoever selects an interaction sets off three threads that want it: its row's, the panes', and the one that looks for
problems. Three trees of an entry of 120 MB took the time of three and two gigabytes. Trees are read, never changed,
so they can have the same one; it is kept no longer than anybody waits for it.
"""

from __future__ import annotations

from threading import Event, Lock

from viewer.cassette.layout import Layout
from viewer.cassette.node import AnyNode
from viewer.cassette.pieces import decode
from viewer.cassette.tree import parse_entry

# Below this there is little to gain: some twenty milliseconds.
WORTH_SHARING = 1 << 20


class _Parse:
    """An entry that a thread is parsing; `error` is what came instead of a result."""

    def __init__(self, data: bytes, layout: Layout) -> None:
        self.data = data
        self.way = layout.syntax, layout.flow
        self.done = Event()
        self.result: tuple[str, AnyNode] | None = None
        self.error: BaseException | None = None


_lock = Lock()
_running: list[_Parse] = []


def parse_shared(data: bytes, layout: Layout) -> tuple[str, AnyNode]:
    """The text and the tree of an entry in a file without links; waits where another thread is at the same one.

    Raises what `parse_entry` does.
    """
    mine = _Parse(data, layout)
    with _lock:
        other = next((parse for parse in _running if parse.way == mine.way and parse.data == data), None)
        if other is None:
            _running.append(mine)
    if other is None:
        return _parse(mine, layout)
    other.done.wait()
    if other.error is not None:
        raise other.error
    assert other.result is not None
    return other.result


def _parse(mine: _Parse, layout: Layout) -> tuple[str, AnyNode]:
    try:
        text = decode(mine.data)
        mine.result = text, parse_entry(text, layout)
        return mine.result
    except BaseException as err:
        mine.error = err
        raise
    finally:
        with _lock:
            _running.remove(mine)
        mine.done.set()
