"""Asks a recorder's driver to record and to replay.

A driver is a program in the recorder's own language. It prints one line of JSON when it is ready,
`{"version": …}`, and then for each line that it reads, a job, one line of what came of it:

- a job: `{"do": "record" or "replay", "cassette": PATH, "strict": BOOL, "calls": [CALL…], …}`; with `strict` it
  compares headers and bodies too, where the recorder can be told to; other keys are the recorder's own settings
- a call: `{"method", "url", "headers": [[NAME, VALUE]…], "body": BASE64 or null}`
- what came of it: `{"answers": [ANSWER…]}`, or `{"error": TEXT}` where the cassette cannot be loaded
- an answer: `{"status", "reason", "headers": [[NAME, VALUE]…], "body": BASE64}`, or `{"error": TEXT}`
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

from tests.recorders.exchange import Answer, Call

# A driver that has nothing to say for so long (seconds) hangs; R takes long to start.
_PATIENCE = 120


class MissingRecorderError(Exception):
    """The recorder, or the language that it is written in, is not installed."""


class ReplayError(Exception):
    """The recorder could not load or save the cassette at all."""


class Driver:
    """A running driver; raises MissingRecorderError at the start where its recorder is not there."""

    def __init__(self, command: Sequence[str], notes: Path, env: dict[str, str] | None = None) -> None:
        self._notes = notes
        try:
            with notes.open("w") as stderr:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=env
                )
        except FileNotFoundError as err:
            raise MissingRecorderError(f"{command[0]} is not installed") from err
        try:
            self.version = str(self._line()["version"])
        except (ValueError, KeyError) as err:
            self.close()
            raise MissingRecorderError(self._last_words()) from err

    def ask(self, job: dict[str, Any]) -> list[Answer]:
        """The answers to a job's calls; raises ReplayError where the recorder refuses the cassette."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        found = self._line()
        if found.get("error"):
            raise ReplayError(found["error"])
        return [Answer.of_json(answer) for answer in found["answers"]]

    def close(self) -> None:
        """Ends the driver, which stops when nothing more can come."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        # Reading has no time-out, but ends when the driver does.
        patience = Timer(_PATIENCE, self._process.kill)
        patience.start()
        line = self._process.stdout.readline()
        patience.cancel()
        patience.join()
        try:
            return dict(json.loads(line))
        except ValueError as err:
            raise ValueError(f"the driver said {line[:200]!r}; {self._last_words()}") from err

    def _last_words(self) -> str:
        """What the driver wrote about its end: the line that names the error, or the last one."""
        lines = [
            line.strip() for line in self._notes.read_text(errors="replace").splitlines() if line.strip()
        ]
        named = [line for line in lines if "rror" in line]
        return (named or lines or ["no word why"])[-1]


class Judge:
    """One recorder with its settings."""

    def __init__(self, driver: Driver, settings: dict[str, Any]) -> None:
        self._driver = driver
        self._settings = settings

    @property
    def version(self) -> str:
        """The recorder's own name and version."""
        return self._driver.version

    def record(self, cassette: Path, calls: Iterable[Call]) -> list[Answer]:
        """Has the calls made for real and written to a new cassette."""
        return self._ask("record", cassette, calls, strict=False)

    def replay(self, cassette: Path, calls: Iterable[Call], *, strict: bool) -> list[Answer]:
        """What the recorder answers to these calls, in one session, from the cassette alone."""
        return self._ask("replay", cassette, calls, strict=strict)

    def _ask(self, what: str, cassette: Path, calls: Iterable[Call], *, strict: bool) -> list[Answer]:
        told = [call.as_json() for call in calls]
        job = {"do": what, "cassette": str(cassette), "strict": strict, "calls": told, **self._settings}
        return self._driver.ask(job)
