"""Which writer spelled a file: by its format, with settings measured from its text."""

from __future__ import annotations

from viewer.cassette.spelling import measure
from viewer.cassette.spelling.base import Writer
from viewer.cassette.spelling.go_yaml import go_yaml_v2, go_yaml_v3, go_yaml_v4


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


_WRITERS = {"go-vcr v1": _go_vcr_v1, "go-vcr v2": _go_vcr_v2}
