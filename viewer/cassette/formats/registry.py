"""Every format, in the order in which a file is offered to them: the first that recognises it has it.

The order is part of the rules: vcrpy writes `version: 1` as go-vcr v1 does, so who looks for more goes first.
"""

from __future__ import annotations

from viewer.cassette.formats.base import Format, Probe
from viewer.cassette.formats.betamax import Betamax
from viewer.cassette.formats.easyvcr import EasyVcr
from viewer.cassette.formats.exvcr import ExVcr
from viewer.cassette.formats.go_vcr_v1 import GoVcrV1
from viewer.cassette.formats.go_vcr_v2 import GoVcrV2
from viewer.cassette.formats.har import Har
from viewer.cassette.formats.httprr import Httprr
from viewer.cassette.formats.langchain import Langchain
from viewer.cassette.formats.php_vcr import PhpVcr
from viewer.cassette.formats.polly import Polly
from viewer.cassette.formats.pydantic_ai import PydanticAi
from viewer.cassette.formats.r_vcr import RVcr
from viewer.cassette.formats.ruby_vcr import RubyVcrJson, RubyVcrYaml
from viewer.cassette.formats.ruby_vcr_1 import RubyVcr1
from viewer.cassette.formats.rvcr import Rvcr
from viewer.cassette.formats.vcrpy_json import VcrpyJson
from viewer.cassette.formats.vcrpy_old import VcrpyOld
from viewer.cassette.formats.vcrpy_yaml import VcrpyYaml

FORMATS: tuple[Format, ...] = (
    Httprr(),
    Polly(),
    Har(),
    # JSON and YAML with `http_interactions`: by the tool's name, then by what only one of them writes.
    Betamax(),
    Rvcr(),
    RVcr(),
    RubyVcrYaml(),
    RubyVcrJson(),
    # `interactions`
    GoVcrV2(),
    GoVcrV1(),
    PydanticAi(),
    VcrpyYaml(),
    VcrpyJson(),
    Langchain(),
    # a list at the top
    RubyVcr1(),
    EasyVcr(),
    ExVcr(),
    VcrpyOld(),
    PhpVcr(),
)


def recognise(probe: Probe) -> Format | None:
    """The format of a file, None where no recorder is known that writes such."""
    return next((format_ for format_ in FORMATS if format_.recognises(probe)), None)


def by_name(name: str) -> Format:
    """The format of this name; raises KeyError where there is none."""
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise KeyError(name)
