"""What happens to an exception that nobody caught: it is told, in full, and the program goes on."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6 import QtWidgets  # whose message box is loaded when there is something to tell
from PySide6.QtCore import QCoreApplication, QTimer


def install_excepthook() -> None:
    """Shows uncaught exceptions in a window, and prints them as Python does."""
    sys.excepthook = _tell


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(kind, error, trace)
    if issubclass(kind, KeyboardInterrupt) or QCoreApplication.instance() is None:
        return
    import traceback

    report = "".join(traceback.format_exception(kind, error, trace))
    # Not from inside the slot that failed: the message's own event loop would run on top of it.
    QTimer.singleShot(0, lambda: _show(report))


def _show(report: str) -> None:
    box = QtWidgets.QMessageBox()
    box.setIcon(QtWidgets.QMessageBox.Icon.Critical)
    box.setWindowTitle("Cassette Viewer")
    box.setText("Something went wrong in Cassette Viewer itself. Your file on disk is unchanged.")
    box.setInformativeText(
        "The details help to mend it. You can go on; save a copy under another name if in doubt."
    )
    box.setDetailedText(report)
    box.exec()
