"""The recorders that judge, with their settings, and how their drivers are started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.recorders.judge import MissingRecorderError
from tests.recorders.server import BYTES, GZIP, SCRIPT

DRIVERS = Path(__file__).parent / "drivers"
_CHECKOUT = DRIVERS.parents[2]
# Where Debian's packages of Go libraries stand.
_GO_PATH = "/usr/share/gocode"

# The command of a driver; the folder is for what has to be built, and is shared by the session's workers.
Start = Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Recorder:
    """A recorder in one of its ways to write cassettes.

    `format` is what the program has to call them, `folder` where the corpus has such files. `finds_by_request`
    says whether the recorded request decides what is replayed, `strict` whether headers and bodies can count in
    that, `tells_reason` whether the client gets the reason phrase. `scenes` is how many of the script it can
    record. A `slow` one is asked for changed answers only. `extra` ones may be missing anywhere.
    """

    name: str
    format: str
    suffix: str
    start: Start
    driver: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    folder: str = ""
    finds_by_request: bool = True
    strict: bool = True
    tells_reason: bool = True
    scenes: int = len(SCRIPT)
    slow: bool = False
    extra: bool = False


def _python(recorder: str) -> Start:
    return lambda folder: [sys.executable, "-m", "tests.recorders.drivers.python_recorders", recorder]


def _program(interpreter: str, script: str, *arguments: str) -> Start:
    return lambda folder: [interpreter, str(DRIVERS / script), *arguments]


def _go(name: str, package: str) -> Start:
    def command(folder: Path) -> list[str]:
        if not (Path(_GO_PATH) / "src" / package).is_dir():
            raise MissingRecorderError(f"there is no {package} in {_GO_PATH}/src")
        if shutil.which("go") is None:
            raise MissingRecorderError("go is not installed")
        return [str(_built(name, folder))]

    return command


def _built(name: str, folder: Path) -> Path:
    """A Go driver, compiled once in a session however many workers ask for it."""
    program = folder / name
    with _locked(folder / "go.lock"):
        if not program.exists():
            sources = [DRIVERS / f"{name}.go", DRIVERS / "protocol.go"]
            env = {**os.environ, "GOPATH": _GO_PATH, "GOFLAGS": "", "GO111MODULE": "off"}
            env["GOCACHE"] = str(folder / "go-cache")
            built = subprocess.run(
                ["go", "build", "-o", program, *sources], env=env, capture_output=True, text=True, check=False
            )
            # A driver of ours that does not compile is no missing recorder.
            assert built.returncode == 0, built.stderr
    return program


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Windows has no such module, and none of Debian's packages.
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def environment() -> dict[str, str]:
    """What drivers run with: the checkout on Python's path, UTF-8, and no proxy to ask."""
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    kept = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
    return {**kept, "PYTHONPATH": str(_CHECKOUT), "LC_ALL": "C.UTF-8", "RUBYOPT": "-W0"}


RECORDERS = (
    Recorder("vcrpy", "vcrpy", ".yaml", _python("vcrpy"), "vcrpy", folder="vcrpy-yaml"),
    Recorder(
        "vcrpy JSON",
        "vcrpy JSON",
        ".json",
        _python("vcrpy"),
        "vcrpy",
        {"serializer": "json"},
        "vcrpy-json",
        scenes=GZIP,
    ),
    Recorder(
        "vcrpy with pydantic-ai's rules",
        "pydantic-ai",
        ".yaml",
        _python("vcrpy"),
        "vcrpy",
        {"serializer": "pydantic-ai"},
        "pydantic-ai",
    ),
    Recorder(
        "Betamax", "Betamax", ".json", _python("betamax"), "betamax", folder="betamax-json", scenes=BYTES
    ),
    Recorder(
        "Betamax, exact bytes", "Betamax", ".json", _python("betamax"), "betamax", {"exact_bytes": True}
    ),
    Recorder("Ruby VCR", "Ruby VCR", ".yml", _program("ruby", "ruby_vcr.rb"), "Ruby VCR", folder="ruby-vcr"),
    Recorder(
        "Ruby VCR, exact bytes",
        "Ruby VCR",
        ".yml",
        _program("ruby", "ruby_vcr.rb"),
        "Ruby VCR",
        {"exact_bytes": True},
    ),
    Recorder(
        "Ruby VCR JSON",
        "Ruby VCR JSON",
        ".json",
        _program("ruby", "ruby_vcr.rb", "json"),
        "",
        {"serializer": "json"},
        "ruby-vcr-json",
        scenes=GZIP,
    ),
    Recorder(
        "go-vcr v1", "go-vcr v1", ".yaml", _go("go_vcr_v1", "github.com/dnaeon/go-vcr"), folder="go-vcr-v1"
    ),
    Recorder("go-vcr v2", "go-vcr v2", ".yaml", _go("go_vcr_v2", "gopkg.in/yaml.v3"), folder="go-vcr-v2"),
    Recorder(
        "R vcr",
        "R vcr",
        ".yml",
        _program("Rscript", "r_vcr.R"),
        folder="r-vcr",
        tells_reason=False,
        slow=True,
        extra=True,
    ),
    Recorder(
        "Polly.js",
        "Polly.js",
        ".har",
        _program("node", "polly.mjs"),
        finds_by_request=False,
        strict=False,
        tells_reason=False,
        extra=True,
    ),
)
