"""go-vcr (pkg/cassette/cassette.go): what its YAML decoder takes, and what v4's default matcher compares.

Go's decoder refuses a string for a number and a single value for a list, which hand-edited files often have.
"""

from __future__ import annotations

from collections.abc import Iterator

from viewer.cassette.edits import SetRecordedLength
from viewer.cassette.families.go_form import body_form, post_form, whole_form
from viewer.cassette.families.go_vcr import go_duration
from viewer.cassette.formats.base import Side
from viewer.cassette.formats.detect import probe_of
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, followed, text_of
from viewer.cassette.yaml_text import resolved_tag
from viewer.checks.problem import Problem
from viewer.checks.rules.look import Look

_NUMBERS = (("response", "code"), ("request", "content_length"), ("response", "content_length"))
_LISTS = (("request", "headers"), ("response", "headers"), ("request", "form"))


def types(look: Look) -> Iterator[Problem]:
    """Numbers have to be numbers, and values of headers and form fields lists, or the whole file does not load."""
    for path in _NUMBERS:
        node = look.node(*path)
        if isinstance(node, Scalar) and resolved_tag(node) not in ("int", "null"):
            yield look.error(f"{'.'.join(path)} is no number, so go-vcr cannot load the file", node)
    for path in _LISTS:
        owner = look.node(*path)
        for name, value in owner.items() if isinstance(owner, Mapping) else ():
            if isinstance(followed(value), Scalar) and not _is_null(value):
                yield look.error(
                    f"{name} in {'.'.join(path)} is no list, so go-vcr cannot load the file", value
                )


def version(look: Look) -> Iterator[Problem]:
    """The modules v3 and v4 load version 2 alone; v1 and v2 know nothing that only they write."""
    if look.position:
        return
    written = probe_of(look.cassette.source.data, look.cassette.layout).text("version")
    if written not in ("", "1"):
        yield look.error(f"go-vcr loads versions 1 and 2, and this is version {written}")
    elif look.node("request", "proto") is not None:
        said = "says version 1" if written else "has no version"
        yield look.error(
            f"the file {said}, but its entries are those of version 2, which go-vcr wants to be told"
        )


def _is_null(node: AnyNode) -> bool:
    target = followed(node)
    return isinstance(target, Scalar) and resolved_tag(target) == "null"


def duration(look: Look) -> Iterator[Problem]:
    """v3 and v4 decode it as a time.Duration."""
    node = look.node("response", "duration")
    if (
        isinstance(node, Scalar)
        and resolved_tag(node) not in ("int", "null")
        and go_duration(node.value) is None
    ):
        yield look.error(f"{node.value!r} is no duration of Go, so go-vcr cannot load the file", node)


def request_length(look: Look) -> Iterator[Problem]:
    """v4's default matcher compares content_length with the request that is made."""
    request = look.interaction.request
    node = look.node("request", "content_length")
    if request is None or request.body.is_absent or not isinstance(node, Scalar):
        return
    length = len(request.body.raw or b"")
    if not node.value.isdecimal() or int(node.value) == length:
        return
    difference = int(node.value) - length
    size = "large" if difference > 0 else "small"
    yield look.warning(
        f"content_length of request {look.position} is {abs(difference)} too {size}",
        node,
        SetRecordedLength(look.position, Side.REQUEST, length),
    )


def form(look: Look) -> Iterator[Problem]:
    """v4's default matcher compares the form that Go parses from the request."""
    request, node = look.interaction.request, look.node("request", "form")
    if request is None or not isinstance(node, Mapping) or not node.pairs:
        return
    recorded = {
        name: [text_of(item) for item in value.items]
        for name, values in node.items()
        if isinstance(value := followed(values), Sequence)
    }
    if recorded not in [reading(request) for reading in (whole_form, post_form, body_form)]:
        yield look.warning(
            "form is not what the request's body and URL hold, so go-vcr v4 finds no match", node
        )
