"""vcrpy (vcr/serialize.py, vcr/request.py, vcr/stubs), and pydantic-ai's rules on top of it."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.cassette.body import TREE
from viewer.cassette.edits import SetHeader
from viewer.cassette.formats.base import Side
from viewer.cassette.model import Kind
from viewer.cassette.node import AnyNode, Mapping, Sequence, followed, nodes
from viewer.cassette.patterns import regex
from viewer.checks.problem import Problem
from viewer.checks.rules.look import Look

_AWS = regex(r"\Ahttps?://[^/]*\.amazonaws\.com(?:\.cn)?(?:[:/]|\Z)")
_REQUEST_KEYS = ("method", "uri", "body", "headers")
# What `_CassetteLoader` of vcr/serializers/yamlserializer.py constructs beside YAML's own.
_TAGS = (
    "!!python/str",
    "!!python/unicode",
    "!!python/tuple",
    "!!python/object/new:_io.BytesIO",
    "!!python/object/apply:builtins.iter",
)


def keys(look: Look) -> Iterator[Problem]:
    """The request's keys are the arguments of a constructor; of the response, three keys are read."""
    if look.interaction.kind is not Kind.HTTP:
        return
    request, response = look.side(Side.REQUEST), look.side(Side.RESPONSE)
    if isinstance(request, Mapping):
        names = [name for name, _ in request.items()]
        for key in _REQUEST_KEYS:
            if key not in names and not (key == "body" and "parsed_body" in names):
                yield look.error(f"the request has no {key!r}, so vcrpy cannot load the file", request)
    if isinstance(response, Mapping):
        for key in ("headers", "body"):
            if response.get(key) is None and not _is_read_without(response, key):
                yield look.error(f"the response has no {key!r}, so vcrpy cannot answer with it", response)


def _is_read_without(response: Mapping, key: str) -> bool:
    """Older recordings of httpx have `content` and `status_code`; a serializer may keep the body as a tree."""
    others = ("content", "parsed_body", "status_code")
    return key == "body" and any(response.get(other) is not None for other in others)


def tags(look: Look) -> Iterator[Problem]:
    """Today's vcrpy loads nothing but plain values, so that a cassette cannot run code."""
    for entry in look.group:
        for node in nodes(entry.root):
            if node.tag.startswith("!!python/") and node.tag not in _TAGS:
                yield look.warning(f"today's vcrpy refuses the tag {node.tag}", node)
                return


def tree_length(look: Look) -> Iterator[Problem]:
    """A tree is dumped again when it is loaded, and AWS's client (botocore) compares the length with the header."""
    request, response = look.interaction.request, look.interaction.response
    node = look.side(Side.RESPONSE)
    if request is None or response is None or not isinstance(node, Mapping):
        return
    if response.body.recorded_as != TREE or not _AWS.search(request.url):
        return
    length = len(response.body.raw or b"")
    for index, header in enumerate(response.headers):
        if header.name.lower() == "content-length" and header.value.strip() != str(length):
            yield look.warning(
                f"content-length is {header.value.strip()}, but parsed_body is loaded as {length} bytes",
                _value_of(node, header.name),
                SetHeader(look.position, Side.RESPONSE, index, header.name, str(length)),
            )


def _value_of(message: Mapping, name: str) -> AnyNode | None:
    headers = followed(message.get("headers"))
    value = followed(headers.get(name)) if isinstance(headers, Mapping) else None
    return value.items[0] if isinstance(value, Sequence) and value.items else value


def migrated(look: Look) -> Iterator[Problem]:
    """vcrpy 1.0 and later refuse the form before it."""
    if look.position == 0:
        yield look.error(
            "vcrpy 1.0 and later do not load this form; `python -m vcr.migration` turns it into theirs"
        )
