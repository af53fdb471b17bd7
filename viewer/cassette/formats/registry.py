"""Every format, in the order in which a file is offered to them: the first that recognises it has it.

The order is part of the rules: vcrpy writes `version: 1` as go-vcr v1 does, so who looks for more goes first.
A format is imported when a file is offered to it, and a file is offered first to those whose list of
interactions stands where its own does, so that opening one imports one or a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain

from viewer.cassette.formats.base import Format, Probe


def recognise(probe: Probe) -> Format | None:
    """The format of a file, None where no recorder is known that writes such."""
    likely = _BY_PATH.get(probe.layout.path, _at_the_top)
    others = (family for family in _FAMILIES if family is not likely)
    for format_ in chain(likely(), *(family() for family in others)):
        if format_.recognises(probe):
            return _known(format_)
    return None


@cache
def formats() -> tuple[Format, ...]:
    """Every format."""
    return tuple(_known(format_) for family in _FAMILIES for format_ in family())


def by_name(name: str) -> Format:
    """The format of this name; raises KeyError where there is none."""
    for format_ in formats():
        if format_.name == name:
            return format_
    raise KeyError(name)


def _under_log() -> Iterator[Format]:
    from viewer.cassette.formats.polly import Polly

    yield Polly()
    from viewer.cassette.formats.har import Har

    yield Har()


def _under_http_interactions() -> Iterator[Format]:
    """By the tool's name, then by what only one of them writes."""
    from viewer.cassette.formats.betamax import Betamax

    yield Betamax()
    from viewer.cassette.formats.rvcr import Rvcr

    yield Rvcr()
    from viewer.cassette.formats.r_vcr import RVcr

    yield RVcr()
    from viewer.cassette.formats.ruby_vcr import RubyVcrJson, RubyVcrYaml

    yield RubyVcrYaml()
    yield RubyVcrJson()


def _under_interactions() -> Iterator[Format]:
    from viewer.cassette.formats.go_vcr_v2 import GoVcrV2

    yield GoVcrV2()
    from viewer.cassette.formats.go_vcr_v1 import GoVcrV1

    yield GoVcrV1()
    from viewer.cassette.formats.pydantic_ai import PydanticAi

    yield PydanticAi()
    from viewer.cassette.formats.vcrpy_yaml import VcrpyYaml

    yield VcrpyYaml()
    from viewer.cassette.formats.vcrpy_json import VcrpyJson

    yield VcrpyJson()


def _under_requests() -> Iterator[Format]:
    from viewer.cassette.formats.langchain import Langchain

    yield Langchain()


def _at_the_top() -> Iterator[Format]:
    from viewer.cassette.formats.httprr import Httprr

    yield Httprr()
    from viewer.cassette.formats.ruby_vcr_1 import RubyVcr1

    yield RubyVcr1()
    from viewer.cassette.formats.easyvcr import EasyVcr

    yield EasyVcr()
    from viewer.cassette.formats.exvcr import ExVcr

    yield ExVcr()
    from viewer.cassette.formats.vcrpy_old import VcrpyOld

    yield VcrpyOld()
    from viewer.cassette.formats.php_vcr import PhpVcr

    yield PhpVcr()


_Family = Callable[[], Iterator[Format]]

_BY_PATH: dict[tuple[str, ...], _Family] = {
    ("log", "entries"): _under_log,
    ("http_interactions",): _under_http_interactions,
    ("interactions",): _under_interactions,
    ("requests",): _under_requests,
}
_FAMILIES: tuple[_Family, ...] = (*_BY_PATH.values(), _at_the_top)
_instances: dict[str, Format] = {}


def _known(format_: Format) -> Format:
    """The one instance of a format."""
    return _instances.setdefault(format_.name, format_)
