"""From the command line to the program: what is asked for, and who does it.

Starting goes in this order: arguments; a running program, if there is one, gets the files, and this one ends before
it has loaded any Qt; else Qt, and `viewer.app` with the rest. Whoever starts waits for every module, so what a
plain start does not need is imported in functions.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.awaited_modules import modules_awaited

# pathlib has urllib.parse import it, for the addresses of hosts.
with modules_awaited({"ipaddress"}):
    from viewer.options import read_options

if TYPE_CHECKING:
    from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments (those of the process without them); returns its exit status."""
    options = read_options(sys.argv[1:] if arguments is None else arguments)
    if options.screenshot:
        # A picture needs no display, and none may be there.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    else:
        if not options.diff and not options.new_instance and _handed_over(options.files):
            return 0
        # Next to nothing of what a start makes is garbage; looking for it again and again takes 10 ms.
        gc.disable()
    from viewer.load_qt import load_qt

    load_qt()
    from viewer.app import run

    return run(options)


def _handed_over(files: Sequence[Path]) -> bool:
    """Whether a program that is running has taken the files."""
    from viewer.ui.single_instance import hand_over

    return hand_over({"open": [str(path.absolute()) for path in files]})
