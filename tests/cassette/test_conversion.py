"""An interaction of each format inserted into a cassette of each other: independent readers find what was there."""

from __future__ import annotations

import pytest

from tests.cassette.formats.independent import READERS, entries, load
from tests.cassette.formats.test_har import POLLY_YAML, har
from tests.cassette.formats.test_http_interactions import R_NEW, R_OLD, RUBY, RUBY_1, with_body
from tests.cassette.formats.test_read_only import PHP
from tests.cassette.formats.test_vcrpy import HTTPX, LANGCHAIN, OLD, YAML
from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.conversion import converted
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of
from viewer.cassette.structure import InsertInteraction

TARGETS = {
    "go-vcr-v2": GO_VCR_V2,
    "vcrpy-yaml": YAML,
    "vcrpy-gz": LANGCHAIN,
    "ruby-vcr": RUBY,
    "ruby-vcr-json": with_body({"encoding": "UTF-8", "string": "x"}, "VCR 6.2.0"),
    "betamax-json": with_body({"encoding": "utf-8", "string": "x"}, "betamax/0.8.1"),
    "r-vcr": R_OLD,
    "har": har({"mimeType": "text/plain", "text": "x"}),
    "polly-har": POLLY_YAML,
}
SOURCES = [*TARGETS.values(), OLD, HTTPX, R_NEW, PHP, RUBY_1]


def cassette_of(text: str) -> Cassette:
    return Cassette.of(source_of(text.encode()))


@pytest.mark.parametrize("format_", TARGETS)
@pytest.mark.parametrize("source", SOURCES, ids=lambda text: cassette_of(text).format.name)
def test_everything_the_model_knows_comes_along(format_: str, source: str) -> None:
    interaction = cassette_of(source).interaction(0)
    target = cassette_of(TARGETS[format_])
    before = target.to_bytes()
    texts = converted(interaction, target)
    exchange = InsertInteraction(1, texts).exchange(target)
    target.apply(exchange)
    found = READERS[format_](entries(load(target.to_bytes()))[1])
    assert found is not None
    assert interaction.request is not None
    assert interaction.response is not None
    assert found.response is not None
    assert found.request.first == (interaction.request.method, interaction.request.url)
    assert found.response.first == (interaction.response.status,)
    for message, wanted in ((found.request, interaction.request), (found.response, interaction.response)):
        # go-vcr and Ruby's VCR spell names in one way.
        assert sorted((name.lower(), value) for name, value in message.headers) == sorted(
            (header.name.lower(), header.value) for header in wanted.headers
        )
        assert (message.body or b"") == (wanted.body.raw or b"")
    target.apply(exchange.inverse())
    assert target.to_bytes() == before


def test_what_the_other_format_cannot_hold_is_said() -> None:
    with pytest.raises(EditError, match="no URL of http"):
        converted(cassette_of(YAML).interaction(0), cassette_of(OLD))


def test_an_empty_cassette_has_no_form_to_take() -> None:
    with pytest.raises(EditError, match="no interaction to take the form from"):
        converted(cassette_of(YAML).interaction(0), cassette_of("interactions: []\n"))
