"""What requests of all APIs have in common: tools with a schema, parameters, media inline or by URL."""

from __future__ import annotations

from viewer.stream.payload import (
    decode,
    element_texts,
    mapping,
    member_text,
    member_texts,
    string,
)
from viewer.stream.transcript import Media, Part, PartKind, Tool

Facts = tuple[tuple[str, str], ...]

_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema", "parameter_definitions")


def parameters_of(text: str, *shown: str) -> tuple[tuple[str, str], ...]:
    """The members of a request that are not `shown` elsewhere, each as it is spelled."""
    return tuple((name, value) for name, value in member_texts(text).items() if name not in shown)


def tools_of(text: str, *names: str) -> tuple[Tool, ...]:
    """The tools in the request's arrays called `names`."""
    texts = (item for name in names for item in element_texts(member_text(text, name)))
    return tuple(tool_of(item) for item in texts)


def tool_of(text: str) -> Tool:
    """One tool: OpenAI's (also without `function`), Anthropic's, Bedrock's `toolSpec`, Cohere's, built-in ones."""
    tool = decode(text)
    for wrapper in ("function", "custom", "toolSpec"):
        if mapping(tool, wrapper):
            tool, text = mapping(tool, wrapper), member_text(text, wrapper)
    schema = next((name for name in _SCHEMAS if name in tool), "") if isinstance(tool, dict) else ""
    shown = member_text(text, schema) if schema else ""
    shown = member_text(shown, "json") or shown if schema == "inputSchema" else shown
    name = string(tool, "name") or string(tool, "type") or next(iter(tool), "")
    return Tool(name, string(tool, "description"), shown if schema else text)


def media_of_url(url: str, kind: str) -> Media:
    """Media at a URL; a `data:` URL is taken apart into its type and base64."""
    head, comma, data = url.partition(",")
    if head.startswith("data:") and comma:
        return Media(head.removeprefix("data:").partition(";")[0] or kind, data)
    return Media(kind, url=url)


def media_part(media_type: str, base64: str = "", url: str = "", name: str = "") -> Part:
    """An image, sound or file, its kind told by its media type."""
    major = media_type.partition("/")[0]
    kind = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}.get(major, PartKind.FILE)
    return Part(kind, name=name, media=Media(media_type, base64, url, name))


def result_parts(
    text: str, media: list[Part], *, name: str = "", call_id: str = "", facts: Facts = ()
) -> list[Part]:
    """What a tool gave: its words, or a picture in their place; and whatever it shows beside that."""
    shown = None if text or not media else media[0].media
    result = Part(PartKind.TOOL_RESULT, text, name, call_id, shown, facts)
    return [result, *(media if shown is None else media[1:])]
