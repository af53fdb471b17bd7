"""OpenAI Chat Completions and the many services that speak it, streamed (`delta`) and whole (`message`).

https://platform.openai.com/docs/api-reference/chat-streaming. What the dialects add beside the choices:
`citations` and `search_results` (Perplexity, xAI), `x_groq`, `timings` (llama.cpp), content filters (Azure);
what they add to a message is read by `openai_chat_message`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    decode,
    element_texts,
    is_said,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, POSSIBLE, SURE, Clue, DeltaWriter
from viewer.stream.providers.logprobs import of_choice, tell_logprobs
from viewer.stream.providers.openai_chat_message import read_message
from viewer.stream.providers.openai_messages import message_of
from viewer.stream.providers.openai_usage import read_usage, usage_of_timings
from viewer.stream.transcript import Conversation, Media, Message, Part, PartKind

if TYPE_CHECKING:
    from viewer.stream.event import Event

_COMMON = {"index", "delta", "message", "finish_reason", "native_finish_reason", "logprobs"}
_CHOICE = _COMMON | {"error"}
_CHOICE |= {"content_filter_results", "content_filter_result", "seed", "stop_reason", "matched_stop"}
_CHOICE |= {"content_filter_offsets", "token_ids", "text", "hidden_states", "finish_details"}
"""Members of a choice that are read here, or say nothing of the answer. Others are kept as they are."""
_PLAIN = {"id", "object", "created", "model", "choices", "system_fingerprint", "service_tier", "provider"}
_PLAIN |= {"obfuscation"}
"""Members of most chunks, beside which nothing is to be read."""
_KNOWN = ("error", "usage", "search_results", "citations", "timings", "prompt_filter_results")


class OpenAIChat:
    """Reads chat completions of every dialect."""

    name = "OpenAI Chat Completions"

    def fit(self, clue: Clue) -> int:
        """Chunks say what they are; errors and odd gateways are known by their path."""
        if any(string(payload, "object").startswith("chat.") for payload in clue.payloads):
            return SURE
        choices = [choice for payload in clue.payloads for choice in objects(payload, "choices")]
        if any("delta" in choice or "message" in choice for choice in choices):
            return SURE - 10
        if "choices" in clue.first and "completions" in clue.path:
            return LIKELY + 10
        if clue.path.endswith("/chat/completions"):
            return LIKELY
        return POSSIBLE if "messages" in clue.request and "model" in clue.request else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk, or the whole answer; an error may stand in either's place."""
        if not isinstance(payload, dict):
            return
        if "choices" not in payload and not any(name in payload for name in _KNOWN):
            if string(payload, "object") == "error" or string(payload, "type") == "error":
                _read_error(payload, out)
            return
        out.start(model=string(payload, "model"), id=string(payload, "id"))
        for position, choice in enumerate(sequence(payload, "choices")):
            if isinstance(choice, dict):
                _read_choice(choice, position, event, out)
        if not payload.keys() <= _PLAIN:
            _read_beside_choices(payload, event, out)
        if not out.has_written:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Messages, tools and parameters of a request."""
        messages = [message_of(decode(item)) for item in element_texts(member_text(text, "messages"))]
        if "prompt" in payload and not messages:
            messages = [Message("user", (Part(PartKind.TEXT, spell(payload["prompt"])),))]
        return Conversation(
            tuple(messages),
            tools_of(text, "tools", "functions"),
            parameters_of(text, "messages", "tools", "functions", "model", "prompt"),
            string(payload, "model"),
            self.name,
        )


def _read_choice(choice: JsonObject, position: int, event: Event, out: DeltaWriter) -> None:
    index = choice.get("index", position)
    number = index if type(index) is int else position
    body = _said(choice, out)
    if isinstance(body, dict):
        read_message(body, number, out)
    reason = choice.get("finish_reason")
    if isinstance(reason, str):
        out.finish(reason, number)
    if choice.get("logprobs"):
        tell_logprobs(of_choice(mapping(choice, "logprobs")), out, number)
    if not choice.keys() <= _COMMON:
        _read_beside_message(choice, number, out)


def _read_beside_message(choice: JsonObject, number: int, out: DeltaWriter) -> None:
    if "error" in choice:
        _read_error(choice["error"], out)
    if "content_filter_results" in choice:
        _read_filters(mapping(choice, "content_filter_results"), out, number)
    for name, value in choice.items():
        if name not in _CHOICE and is_said(value):
            out.rest(name, value, number)


def _said(choice: JsonObject, out: DeltaWriter) -> Any:
    """The choice's delta or message. Perplexity sends both: a stream's message repeats all that came before,
    a whole answer's delta is empty."""
    delta, message = choice.get("delta"), choice.get("message")
    if not message or not isinstance(delta, dict):
        return delta or message
    is_empty = not any(is_said(value) for name, value in delta.items() if name != "role")
    return message if is_empty and not out.has_parts else delta


def _read_filters(results: JsonObject, out: DeltaWriter, choice: int = 0) -> None:
    """Azure's content filters; those that found nothing are not told."""
    for name, result in results.items():
        if mapping(result).get("filtered") is True or mapping(result).get("detected") is True:
            out.rest("content filter", f"{name} {string(result, 'severity')}".strip(), choice)


def _read_beside_choices(payload: JsonObject, event: Event, out: DeltaWriter) -> None:
    if "citations" in payload or "search_results" in payload:
        _read_sources(payload, out)
    usage = payload.get("usage")
    if isinstance(usage, dict):
        out.usage(read_usage(usage, event.data, "usage"))
    elif "x_groq" in payload:
        out.usage(read_usage(mapping(payload, "x_groq", "usage"), event.data, "x_groq", "usage"))
        _read_error(mapping(payload, "x_groq").get("error"), out)
    elif "timings" in payload:
        out.usage(usage_of_timings(mapping(payload, "timings")))
    if "prompt_filter_results" in payload:
        for result in objects(payload, "prompt_filter_results"):
            _read_filters(mapping(result, "content_filter_results"), out)
    if is_said(payload.get("moderation")):
        out.rest("moderation", payload["moderation"])
    if "images" in payload or "related_questions" in payload:
        _read_perplexity(payload, out)
    if "error" in payload:
        _read_error(payload["error"], out)


def _read_sources(payload: JsonObject, out: DeltaWriter) -> None:
    """What an answer's [1] and [2] mean: URLs, with titles where they are searched for."""
    found = objects(payload, "search_results")
    titles = {string(item, "url"): string(item, "title") for item in found}
    urls = [
        cited if isinstance(cited, str) else string(cited, "url") for cited in sequence(payload, "citations")
    ]
    for number, url in enumerate(urls or titles, 1):
        out.cite(("citation", number), f"[{number}] {titles.get(url, '')}".rstrip(), url)


def _read_perplexity(payload: JsonObject, out: DeltaWriter) -> None:
    for image in objects(payload, "images"):
        url = string(image, "image_url")
        title, page = string(image, "title"), string(image, "origin_url")
        facts = (("page", page),) if page else ()
        media = Media("image", url=url)
        out.once(("image", url), PartKind.IMAGE, name=title, facts=facts, media=media, aside=True)
    if is_said(payload.get("related_questions")):
        out.rest("related questions", "\n".join(map(spell, sequence(payload, "related_questions"))))


def _read_error(error: Any, out: DeltaWriter) -> None:
    if isinstance(error, str) and error:
        out.error(error)
    elif isinstance(error, dict) and error:
        names = ("type", "code", "param")
        facts = tuple((name, spell(error[name])) for name in names if error.get(name) is not None)
        out.error(string(error, "message") or spell(error.get("message") or error), facts)
