"""Which writer spelled a file: by its format, with settings measured from its text."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.cassette.spelling import measure
from viewer.cassette.spelling.base import Writer
from viewer.cassette.spelling.go_yaml import go_yaml_v2, go_yaml_v3, go_yaml_v4
from viewer.cassette.spelling.libyaml import UNLIMITED, Emitter
from viewer.cassette.spelling.psych import Era, Psych
from viewer.cassette.spelling.pyyaml import PyYaml
from viewer.cassette.spelling.r_yaml import RYaml


def choose_writer(format_name: str, sample: str) -> Writer:
    """The writer of a cassette of that format; `sample` is the file's text, or any part of it.

    Raises KeyError for a format whose writer is not known.
    """
    return _WRITERS[format_name](sample)


def _go_vcr_v2(sample: str) -> Writer:
    step = measure.widest_step(sample, 4)
    if step == 2:
        return go_yaml_v4(step=step)
    return go_yaml_v3(step=step, round_up=measure.narrowest_step(sample, step) < step)


def _go_vcr_v1(sample: str) -> Writer:
    # go-vcr 2.1 and later write the old version with go-yaml v3.
    step = measure.widest_step(sample, 2)
    return go_yaml_v2() if step == 2 else _go_vcr_v2(sample)


def _vcrpy(sample: str) -> Writer:
    return measure.fitting(_pyyaml_candidates(sample, width=80, literal=False), sample)


def _pydantic_ai(sample: str) -> Writer:
    return measure.fitting(_pyyaml_candidates(sample, width=120, literal=True), sample)


def _pyyaml_candidates(sample: str, *, width: int, literal: bool) -> Iterator[Writer]:
    """PyYAML as the recorder sets it up, then with what a project may have changed."""
    step = measure.step(sample, 2)
    unicode = literal or not sample.isascii()
    for folding in (width, 80 if width != 80 else 120, UNLIMITED):
        for pure in (False, True):
            emitter = Emitter(step=step, width=folding, unicode=unicode, pure=pure)
            yield PyYaml(emitter, literal=literal)
            yield PyYaml(emitter, literal=not literal)


def _ruby_vcr(sample: str) -> Writer:
    return measure.fitting(_psych_candidates(), sample)


def _psych_candidates() -> Iterator[Writer]:
    for width in (80, UNLIMITED):
        emitter = Emitter(width=width, unicode=True)
        yield Psych(Era.V3_0, emitter, binary_width=0)
        for era in reversed(Era):
            yield Psych(era, emitter)


def _r_vcr(sample: str) -> Writer:
    step = measure.step(sample, 2)
    widths = (80, UNLIMITED)
    return measure.fitting([RYaml(Emitter(step=step, width=width, unicode=True)) for width in widths], sample)


_WRITERS = {
    "go-vcr v1": _go_vcr_v1,
    "go-vcr v2": _go_vcr_v2,
    "vcrpy": _vcrpy,
    "pydantic-ai": _pydantic_ai,
    "Ruby VCR": _ruby_vcr,
    "R vcr": _r_vcr,
}
