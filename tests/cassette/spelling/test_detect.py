"""The writer of a file, found from the file: its version and settings show in its own scalars."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from viewer.cassette.spelling import Place
from viewer.cassette.spelling.detect import choose_json_writer, choose_writer
from viewer.cassette.spelling.go_yaml import GoYaml
from viewer.cassette.spelling.libyaml import UNLIMITED
from viewer.cassette.spelling.psych import Era, Psych
from viewer.cassette.spelling.pyyaml import PyYaml

BODY = json.dumps({f"key {n}": "some words, é and more" for n in range(9)}, ensure_ascii=False)
ENTRIES = [
    {
        "request": {"body": BODY, "headers": {"Accept": ["*/*"]}, "uri": "http://localhost/"},
        "response": {"code": n},
    }
    for n in range(4)
]
CASSETTE = {"interactions": ENTRIES, "version": 1}


def dumped(dumper: Any = yaml.CDumper, **settings: Any) -> str:
    return str(yaml.dump(CASSETTE, Dumper=dumper, default_flow_style=False, **settings))


def pyyaml(sample: str) -> PyYaml:
    writer = choose_writer("vcrpy", sample)
    assert isinstance(writer, PyYaml)
    return writer


def go_yaml(name: str, sample: str) -> GoYaml:
    writer = choose_writer(name, sample)
    assert isinstance(writer, GoYaml)
    return writer


@pytest.mark.parametrize("width", [80, 120, 1 << 30])
def test_width(width: int) -> None:
    found = pyyaml(dumped(width=width)).emitter.width
    assert found == (width if width <= 120 else UNLIMITED)


@pytest.mark.parametrize("unicode", [False, True])
def test_escaping_of_what_is_not_ascii(unicode: bool) -> None:
    assert pyyaml(dumped(allow_unicode=unicode)).emitter.unicode is unicode


@pytest.mark.parametrize("dumper", [yaml.Dumper, yaml.CDumper])
def test_the_dumper_in_python_and_the_one_in_c(dumper: type[yaml.Dumper]) -> None:
    assert pyyaml(dumped(dumper)).emitter.pure is (dumper is yaml.Dumper)


def test_indentation() -> None:
    assert pyyaml(dumped(indent=4)).emitter.step == 4


def test_double_quotes_of_a_formatter() -> None:
    sample = "interactions:\n- request:\n    body: ''\n    length: '12'\n    uri: 'a: b'\n".replace("'", '"')
    assert pyyaml(sample).spell("12", "", Place(4, 10)) == '"12"'


@pytest.mark.parametrize("cut", [90, 700, 1500])
def test_a_sample_may_end_anywhere(cut: int) -> None:
    text = dumped(allow_unicode=True, width=120)
    assert pyyaml(text[:cut] + "\n").spell("plain", "", Place(4, 10)) == "plain"


def test_one_entry_larger_than_the_sample() -> None:
    """The head of the entry must do: there is no second one to cut before."""
    head = "interactions:\n- request:\n    headers:\n      A:\n      - '1'\n      - '2'\n    body: "
    assert pyyaml(head.replace("'", '"') + "x" * 300_000).spell("12", "", Place(6, 8, in_list=True)) == '"12"'


def test_go_vcr_v2_of_each_indentation() -> None:
    wide = (
        "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        headers:\n            Accept:\n"
    )
    writer = go_yaml("go-vcr v2", wide)
    assert (writer.version, writer.emitter.step, writer.emitter.round_up) == (3, 4, True)
    seed = "---\nversion: 2\ninteractions:\n  - id: 0\n    request:\n        headers:\n            Accept:\n"
    writer = go_yaml("go-vcr v2", seed)
    assert (writer.version, writer.emitter.step, writer.emitter.round_up) == (3, 4, False)
    narrow = "---\nversion: 2\ninteractions:\n- id: 0\n  request:\n    headers:\n      Accept:\n      - a\n"
    assert go_yaml("go-vcr v2", narrow).version == 4


def test_go_vcr_v1_folds_and_its_late_releases_do_not() -> None:
    old = "---\nversion: 1\ninteractions:\n- request:\n    body: ''\n    headers:\n      Accept:\n"
    assert go_yaml("go-vcr v1", old).version == 2
    late = "---\nversion: 1\ninteractions:\n    - request:\n        body: ''\n        headers:\n            Accept:\n"
    assert go_yaml("go-vcr v1", late).version == 3


def test_go_vcr_written_by_goccy() -> None:
    sample = '---\nversion: 2\ninteractions:\n- id: 0\n  request:\n    body: "{\\"a\\": 1}\\n"\n'
    assert choose_writer("go-vcr v2", sample).spell('{"b": 2}\n', "", Place(4, 10)) == '"{\\"b\\": 2}\\n"'


def test_the_era_of_psych() -> None:
    sample = "---\nhttp_interactions:\n- request:\n    method: get\n    body:\n      string: ! '{\"a\": 1}'\n"
    writer = choose_writer("Ruby VCR", sample)
    assert isinstance(writer, Psych)
    assert writer.era is Era.V1_2
    assert writer.spell("a: b", "", Place(6, 14)) == "! 'a: b'"


@pytest.mark.parametrize(
    ("sample", "value", "text"),
    [
        ('{"a": "caf\\u00e9"}', "é", '"\\u00e9"'),
        ('{"a": "café"}', "é", '"é"'),
        ('{"a": "\\u003cb\\u003e"}', "<", '"\\u003c"'),
        ('{"a": "http:\\/\\/x"}', "/", '"\\/"'),
        ('{"a": "\\u0022b\\u0022"}', '"', '"\\u0022"'),
        ('{"a": "café", "b": "cut of', "é", '"é"'),
    ],
)
def test_json_libraries_by_what_they_escape(sample: str, value: str, text: str) -> None:
    assert choose_writer("vcrpy", sample).spell(value, "", Place(0, 6, flow=1)) == text


@pytest.mark.parametrize(
    "sample", ["", '{"a": "\\x"}', '["\\u12"', "a: b: c", "a: \udc80", "\0", "[" * 5000, '- "open']
)
def test_broken_text_tells_nothing_and_does_no_harm(sample: str) -> None:
    assert choose_writer("vcrpy", sample).spell("plain", "", Place(2, 5)) in ("plain", '"plain"')


def test_json_where_nothing_shows_is_the_recorder_s_own() -> None:
    assert choose_json_writer("Betamax", "{}").quoted("é") == '"\\u00e9"'
    assert choose_json_writer("Polly.js", "{}").quoted("é") == '"é"'


def test_an_unknown_format_takes_what_fits() -> None:
    sample = "a:\n- b: ! 'c: d'\n"
    assert choose_writer("something else", sample).spell("e: f", "", Place(2, 5)) == "! 'e: f'"
