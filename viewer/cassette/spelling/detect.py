"""Which writer spelled a file: the recorder's, with settings measured from the file's own text.

Each recorder has one writer, but versions and settings differ by project; a few projects hand the file to
another writer, or to a formatter, afterwards. So a recorder gives candidates, the usual one first, and the
one that spells the file's own scalars best is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from viewer.cassette.spelling import json_writers, measure
from viewer.cassette.spelling.base import Writer
from viewer.cassette.spelling.go_yaml import go_yaml_v2, go_yaml_v3, go_yaml_v4
from viewer.cassette.spelling.goccy import Goccy
from viewer.cassette.spelling.js_yaml import JsYaml
from viewer.cassette.spelling.json_writers import JSON_WRITERS, JsonStrings
from viewer.cassette.spelling.libyaml import UNLIMITED, Emitter
from viewer.cassette.spelling.psych import Era, Psych
from viewer.cassette.spelling.pyyaml import PyYaml
from viewer.cassette.spelling.r_yaml import RYaml
from viewer.cassette.spelling.symfony import Symfony

T = TypeVar("T")
Candidates = Callable[[str], Iterator[Writer]]


def choose_writer(format_name: str, sample: str) -> Writer:
    """The writer of a cassette of that format; `sample` is the file's text, or any part of it.

    A sample that begins with a bracket is JSON whatever the format's name. For a name that is not known every
    writer is tried.
    """
    if sample.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return choose_json_writer(format_name, sample)
    return choose_yaml_writer(format_name, sample)


def choose_yaml_writer(format_name: str, sample: str) -> Writer:
    """The YAML library that wrote a cassette of that format; the sample may begin with a bracket, in flow style."""
    return measure.fitting(_named(_CANDIDATES, format_name, _any_writer)(sample), sample)


def choose_json_writer(format_name: str, sample: str) -> JsonStrings:
    """The JSON library that wrote a cassette of that format, or a body (under any other name)."""
    usual = _named(_JSON_WRITERS, format_name, json_writers.JAVASCRIPT)
    return measure.fitting_json((usual, *JSON_WRITERS), sample)


def _named(table: Mapping[str, T], name: str, default: T) -> T:
    """The entry whose key `name` starts with."""
    return next(
        (value for key, value in table.items() if name.casefold().startswith(key.casefold())), default
    )


def _go_vcr_v2(sample: str) -> Iterator[Writer]:
    if sample.startswith("interactions:"):
        # go-vcr writes `---` and the version first: these keys were sorted by Python.
        yield from _pyyaml(sample, width=80, literal=True)
    step = measure.widest_step(sample, 4)
    if step == 2:
        yield go_yaml_v4(step=step)
    yield go_yaml_v3(step=step, round_up=measure.narrowest_step(sample, step) < step)
    yield Goccy()


def _go_vcr_v1(sample: str) -> Iterator[Writer]:
    # go-vcr 2.1 and later write the old version with go-yaml v3.
    if measure.widest_step(sample, 2) > 2:
        yield from _go_vcr_v2(sample)
        return
    yield go_yaml_v2()
    yield go_yaml_v2(width=UNLIMITED)


def _vcrpy(sample: str) -> Iterator[Writer]:
    return _pyyaml(sample, width=80, literal=False)


def _pydantic_ai(sample: str) -> Iterator[Writer]:
    return _pyyaml(sample, width=120, literal=True)


def _pyyaml(sample: str, *, width: int, literal: bool) -> Iterator[Writer]:
    """PyYAML as the recorder sets it up, then with what a project may have changed."""
    step = measure.step(sample, 2)
    unicode = literal or not sample.isascii()
    for folding in (width, 80 if width != 80 else 120, UNLIMITED):
        for pure in (False, True):
            emitter = Emitter(step=step, width=folding, unicode=unicode, pure=pure)
            yield PyYaml(emitter, literal=literal)
            yield PyYaml(emitter, literal=not literal)
            yield PyYaml(replace(emitter, prefer_double=True), literal=literal)


def _ruby_vcr(sample: str) -> Iterator[Writer]:
    for width in (80, UNLIMITED):
        emitter = Emitter(width=width, unicode=True)
        yield Psych(Era.V3_0, emitter, binary_width=0)
        for era in reversed(Era):
            yield Psych(era, emitter)


def _r_vcr(sample: str) -> Iterator[Writer]:
    step = measure.step(sample, 2)
    for width in (80, UNLIMITED):
        yield RYaml(Emitter(step=step, width=width, unicode=True))


def _polly(sample: str) -> Iterator[Writer]:
    step = measure.step(sample, 2)
    yield JsYaml(step=step)
    yield JsYaml(step=step, width=None)


def _php_vcr(sample: str) -> Iterator[Writer]:
    yield Symfony()


def _any_writer(sample: str) -> Iterator[Writer]:
    for candidates in (_vcrpy, _go_vcr_v2, _ruby_vcr, _r_vcr, _polly, _php_vcr):
        yield from candidates(sample)


_CANDIDATES: dict[str, Candidates] = {
    "go-vcr v1": _go_vcr_v1,
    "go-vcr v2": _go_vcr_v2,
    "vcrpy": _vcrpy,
    "vcrpy 0.x": _vcrpy,
    "pydantic-ai": _pydantic_ai,
    "langchain": _vcrpy,
    "Ruby VCR": _ruby_vcr,
    "R vcr": _r_vcr,
    "Polly.js": _polly,
    "php-vcr": _php_vcr,
}
_JSON_WRITERS = {
    "vcrpy": json_writers.PYTHON_ASCII,
    "vcrpy JSON": json_writers.PYTHON_ASCII,
    "vcrpy 0.x": json_writers.PYTHON_ASCII,
    "Betamax": json_writers.PYTHON_ASCII,
    "Ruby VCR": json_writers.RUBY,
    "Ruby VCR JSON": json_writers.RUBY,
    "R vcr": json_writers.JSONLITE,
    "EasyVCR": json_writers.NEWTONSOFT,
    "ExVCR": json_writers.ELIXIR,
}
