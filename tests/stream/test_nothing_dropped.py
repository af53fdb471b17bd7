"""Every event, item, block and part that the vendors' SDKs declare, with every member filled: nothing is lost.

The SDKs' own types (`pip install .[oracles]`; skipped without them) say what an API may send. Each text of such a
value is a mark, which has to be found in the transcript again: as text, name, fact or media. `_ASIDE` are the
members that say nothing of the answer: ids of its pieces, echoes of the request, padding.
"""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stream.made_values import Maker, members
from tests.stream.samples import reading, sse
from viewer.stream import Reading
from viewer.stream.transcript import PartKind

_ASIDE = {
    "id",
    "item_id",
    "created_by",
    "obfuscation",
    "encrypted_index",
    "fingerprint",
    "system_fingerprint",
}
_ASIDE |= {
    "created_at",
    "inference_geo",
    "generation_id",
    "response_id",
    "thread_id",
    "run_id",
    "assistant_id",
}
_ASIDE |= {"metadata", "message_id", "instructions", "tool_choice", "attachments", "tool_resources"}

RESPONSES = "https://api.openai.com/v1/responses"
ANTHROPIC = "https://api.anthropic.com/v1/messages"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse"
CHAT = "https://api.openai.com/v1/chat/completions"
THREADS = "https://api.openai.com/v1/threads/t/runs"
COHERE_2 = "https://api.cohere.com/v2/chat"
COHERE_1 = "https://api.cohere.com/v1/chat"
OLLAMA = "http://localhost:11434/api/chat"


def kind_of(path: str) -> Any:
    """A type of an SDK by `module:name`, or the test is skipped."""
    module, _, name = path.partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(importlib.import_module(module), name)
        except ImportError:
            pytest.skip(f"{module} is not installed")


def lost(found: Reading, maker: Maker, *aside: str) -> list[str]:
    """The members whose marks are nowhere in the transcript."""
    said = "\n".join(_said(found))
    return [
        ".".join(path)
        for mark, path in maker.marks.items()
        if mark not in said and not {*path} & {*_ASIDE, *aside}
    ]


def _said(found: Reading) -> Iterator[str]:
    transcript = found.transcript
    yield from (transcript.model, transcript.id, transcript.finish_reason, transcript.error)
    yield from (message.role for message in transcript.messages)
    for part in transcript.parts:
        yield from (part.text, part.name, part.call_id)
        yield from (text for fact in part.facts for text in fact)
        if part.media is not None:
            yield from (part.media.type, part.media.base64, part.media.url, part.media.name)


def check(label: str, url: str, payload: dict[str, Any], maker: Maker, *aside: str) -> None:
    """The payload as the only event of a stream is read, wholly, and as what it is."""
    found = reading(url, sse(payload))
    assert lost(found, maker, *aside) == [], label
    assert found.notes == (), label
    assert not any(part.name == label for part in found.transcript.parts if part.kind is PartKind.OTHER), (
        f"{label} is not known"
    )


def test_every_event_of_openai_responses() -> None:
    """`ResponseStreamEvent`. The events that carry the whole response echo the request."""
    echoes = {"tools", "prompt", "conversation", "user", "safety_identifier", "prompt_cache_key", "output"}
    echoes |= {"prompt_cache_options", "previous_response_id", "reasoning", "input_transformations"}
    echoes |= {"misalignment", "background"}
    seen = 0
    for kind in members(kind_of("openai.types.responses:ResponseStreamEvent")):
        maker = Maker()
        event = maker.model(kind)
        if "item" in event:
            continue  # the next test's
        for name in (
            ("output", "error") if event["type"].endswith(("created", "queued", "in_progress")) else ()
        ):
            event.get("response", {}).pop(name, None)
        if event["type"].endswith("part.added"):
            event["part"]["text"] = ""
            maker.marks = {mark: path for mark, path in maker.marks.items() if path[0] != "part"}
        gone = ("error", "moderation") if event["type"].endswith(("created", "queued", "in_progress")) else ()
        check(event["type"], RESPONSES, event, maker, *echoes, *gone)
        seen += 1
    assert seen > 45


def test_every_item_of_openai_responses() -> None:
    """`ResponseOutputItem`, done without a delta before it."""
    seen = 0
    for kind in members(kind_of("openai.types.responses:ResponseOutputItem")):
        maker = Maker()
        item = maker.model(kind)
        if item["type"] == "computer_call":
            del item["action"]  # what `actions` was before there could be several
            maker.marks = {mark: path for mark, path in maker.marks.items() if path[0] != "action"}
        event = {"type": "response.output_item.done", "output_index": 0, "item": item}
        check("response.output_item.done", RESPONSES, event, maker, "moderation_details", "svg_usage")
        seen += 1
    assert seen > 20


def test_every_block_and_delta_of_anthropic() -> None:
    """`BetaContentBlock`, `BetaRawContentBlockDelta`, `BetaTextCitation`, and the events around them."""
    package = "anthropic.types.beta."
    seen = 0
    for kind in members(kind_of(package + "beta_content_block:BetaContentBlock")):
        maker = Maker()
        event = {"type": "content_block_start", "index": 0, "content_block": maker.model(kind)}
        check("content_block_start", ANTHROPIC, event, maker)
        seen += 1
    for kind in members(kind_of(package + "beta_raw_content_block_delta:BetaRawContentBlockDelta")):
        maker = Maker()
        event = {"type": "content_block_delta", "index": 0, "delta": maker.model(kind)}
        check("content_block_delta", ANTHROPIC, event, maker)
        seen += 1
    for kind in members(kind_of(package + "beta_text_citation:BetaTextCitation")):
        maker = Maker()
        delta = {"type": "citations_delta", "citation": maker.model(kind)}
        check("citation", ANTHROPIC, {"type": "content_block_delta", "index": 0, "delta": delta}, maker)
        seen += 1
    for name in ("beta_raw_message_start_event", "beta_raw_message_delta_event"):
        maker = Maker()
        title = "".join(word.capitalize() for word in name.split("_"))
        check(name, ANTHROPIC, maker.model(kind_of(f"{package}{name}:{title}")), maker)
    assert seen > 20


def test_every_part_of_gemini() -> None:
    """`Part`: one after the other, each alone."""
    part = kind_of("google.genai.types:Part")
    seen = 0
    for name, field in part.model_fields.items():
        maker, shown = Maker(), field.alias or name
        value = {shown: maker.value(field.annotation, (shown,))}
        if name in ("text", "thought", "thought_signature"):
            value = {"text": "said", **value}
        if name == "function_call":
            del value[shown]["partialArgs"]
        payload = {"candidates": [{"content": {"role": "model", "parts": [value]}}]}
        check(name, GEMINI, payload, maker, "partialArgs")
        seen += 1
    assert seen > 12


def test_everything_beside_geminis_parts() -> None:
    """`Candidate`, `GroundingChunk`, the prompt's feedback."""
    seen = 0
    silent = ("finish_message", "content", "grounding_metadata")
    for name, field in kind_of("google.genai.types:Candidate").model_fields.items():
        if name in silent:
            continue
        maker, shown = Maker(), field.alias or name
        payload = {"candidates": [{shown: maker.value(field.annotation, (shown,))}]}
        check(name, GEMINI, payload, maker, "license", "continuationToken")
        seen += 1
    for name, field in kind_of("google.genai.types:GroundingChunk").model_fields.items():
        maker, shown = Maker(), field.alias or name
        chunk = {shown: maker.value(field.annotation, (shown,))}
        payload = {
            "candidates": [{"groundingMetadata": {"groundingChunks": [chunk], "webSearchQueries": ["q"]}}]
        }
        beside = {"domain", "imageUri", "placeAnswerSources", "placeId", "route", "ragChunk", "documentName"}
        beside |= {"customMetadata", "fileSearchStore", "mediaId"}
        check(name, GEMINI, payload, maker, *beside)
        seen += 1
    maker = Maker()
    feedback = maker.model(kind_of("google.genai.types:GenerateContentResponsePromptFeedback"))
    check("promptFeedback", GEMINI, {"promptFeedback": feedback}, maker)
    assert seen > 10


@pytest.mark.parametrize("name", ["ChatCompletionChunk", "ChatCompletion"])
def test_everything_of_a_chat_completion(name: str) -> None:
    """Text, refusal, calls of functions and custom tools, annotations, sound, logprobs."""
    maker = Maker()
    payload = maker.model(kind_of(f"openai.types.chat:{name}"))
    check(name, CHAT, payload, maker)


def test_every_event_of_cohere() -> None:
    """Both versions' streams."""
    seen = 0
    for kind in members(kind_of("cohere.v2.types.v2chat_stream_response:V2ChatStreamResponse")):
        maker = Maker()
        check("v2", COHERE_2, maker.model(kind), maker, "prompt")
        seen += 1
    for kind in members(kind_of("cohere.types.streamed_chat_response:StreamedChatResponse")):
        maker = Maker()
        event = maker.model(kind)
        if event.get("event_type") != "debug":
            repeated = ("response", "search_query", "connector", "document_ids", "tool_call_delta", "text")
            check("v1", COHERE_1, event, maker, *repeated)
            seen += 1
    assert seen > 15


def test_every_event_of_the_assistants() -> None:
    """`AssistantStreamEvent`; and the contents and calls of the deltas."""
    seen = 0
    for kind in members(kind_of("openai.types.beta:AssistantStreamEvent")):
        maker = Maker()
        data = maker.value(kind.model_fields["data"].annotation)
        name = kind.model_fields["event"].annotation.__args__[0]
        found = reading(THREADS, f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        assert lost(found, maker, "misalignment") == [], name
        seen += 1
    for kind in members(kind_of("openai.types.beta.threads:MessageContentDelta")):
        maker = Maker()
        delta = {"content": [maker.model(kind)]}
        check("content", THREADS, {"id": "m", "object": "thread.message.delta", "delta": delta}, maker)
    for kind in members(kind_of("openai.types.beta.threads.runs:ToolCallDelta")):
        maker = Maker()
        details = {"type": "tool_calls", "tool_calls": [maker.model(kind)]}
        payload = {"id": "s", "object": "thread.run.step.delta", "delta": {"step_details": details}}
        check("call", THREADS, payload, maker, "file_search")
    assert seen > 20


@pytest.mark.parametrize("name", ["ChatResponse", "GenerateResponse"])
def test_everything_of_ollama(name: str) -> None:
    """A line with everything in it."""
    maker = Maker()
    line = maker.model(kind_of(f"ollama:{name}"))
    message = line.get("message", {})
    message["images"] = [image["value"] for image in message.get("images", ())]  # the SDK wraps them
    check(name, OLLAMA, line, maker)
