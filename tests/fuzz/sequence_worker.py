"""Sequences of steps for some seconds: `python -m tests.fuzz.sequence_worker --work FOLDER --seconds N`."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.counts import Count
from tests.fuzz.findings import Findings

# So many sequences are made between two looks at the clock.
_AT_ONCE = 20


def main() -> None:
    """Makes sequences until the time is over; those that fail are kept as the steps that Hypothesis prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.sequence_worker")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication

    from tests.fuzz.sequences import SETTINGS, CassetteMachine

    application = QCoreApplication([])
    count = Count(arguments.work / "counts" / "sequences")
    findings = Findings(arguments.work / "findings" / "sequences")

    class Counting(CassetteMachine):
        def teardown(self) -> None:
            count.add(self.steps)
            super().teardown()

    once = settings(SETTINGS, max_examples=_AT_ONCE, phases=[Phase.generate], derandomize=False)
    end = time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        try:
            run_state_machine_as_test(Counting, settings=once)
        except Exception as err:  # whatever it is, it is what we are looking for
            findings.keep("\n".join(getattr(err, "__notes__", ())).encode("utf-8", "backslashreplace"), err)
    application.shutdown()


if __name__ == "__main__":
    main()
