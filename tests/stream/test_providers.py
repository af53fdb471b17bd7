"""Each API's answers and requests, on small samples of our own; the corpus test has the real ones."""

from __future__ import annotations

import json

import pytest

from tests.stream import samples
from tests.stream.samples import CHAT, Sample, chat_chunk, reading, sse, wrapped_for_bedrock
from tests.stream.test_framing import message
from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Response
from viewer.stream import read
from viewer.stream.event import Framing
from viewer.stream.providers.registry import providers
from viewer.stream.transcript import Message, Part, PartKind, Transcript

_NAMES = {sample.name: sample for sample in samples.ALL}


def kinds(transcript: Transcript) -> list[tuple[PartKind, str]]:
    """(kind, text) of each part."""
    return [(part.kind, part.text) for part in transcript.parts]


@pytest.mark.parametrize("sample", samples.ALL, ids=list(_NAMES))
def test_the_same_answer_of_every_api(sample: Sample) -> None:
    """All samples think "Hm", say "Olá!" and call add with {"a":1}."""
    transcript = sample.read().transcript
    parts = {part.kind: part for part in transcript.parts}
    assert parts[PartKind.REASONING].text == "Hm"
    assert parts[PartKind.TEXT].text == "Olá!"
    call = parts[PartKind.TOOL_CALL]
    assert (call.name, json.loads(call.arguments)) == ("add", {"a": 1})
    assert transcript.finish_reason
    assert transcript.messages[0].role == "assistant"
    assert not transcript.notes
    if sample is not CHAT:
        assert (transcript.usage.input, transcript.usage.output) == (5, 9)


@pytest.mark.parametrize("sample", samples.ALL, ids=list(_NAMES))
def test_the_same_request_of_every_api(sample: Sample) -> None:
    """All samples ask "Hi" under the system prompt "S"."""
    conversation = sample.read().conversation
    assert conversation is not None
    assert [(item.role, item.text) for item in conversation.messages] == [("system", "S"), ("user", "Hi")]


@pytest.mark.parametrize("sample", samples.ALL, ids=list(_NAMES))
def test_each_character_knows_its_event(sample: Sample) -> None:
    """Every character of every part came with an event whose deltas hold it."""
    found = sample.read()
    for index, part in enumerate(found.transcript.parts):
        for offset, char in enumerate(part.text):
            event = part.event_at(offset)
            assert event is not None
            span = part.span_of(event)
            assert span is not None
            brought = "".join(delta.text for delta in found.deltas_of(event) if delta.part == index)
            assert part.text[slice(*span)] == brought
            assert char == brought[offset - span[0]]


def test_names_of_providers_differ() -> None:
    """A person chooses by them."""
    assert len({provider.name for provider in providers()}) == len(list(providers()))


def test_emoji_cut_between_two_payloads() -> None:
    """Half a surrogate pair waits for its other half, and comes with it."""
    body = (
        sse(chat_chunk({"content": "a\ud83d"}), chat_chunk({"content": "\ude00b"}))
        .replace("\ud83d".encode("utf-8", "surrogatepass"), b"\\ud83d")
        .replace("\ude00".encode("utf-8", "surrogatepass"), b"\\ude00")
    )
    found = CHAT.read(body)
    assert found.transcript.text == "a😀b"
    assert [delta.text for delta in found.deltas if delta.part == 0] == ["a", "😀b"]
    assert found.transcript.parts[0].event_at(1) == 1


def test_half_an_emoji_alone() -> None:
    """A half whose other half never comes is shown as U+FFFD."""
    body = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n'
    assert CHAT.read(body).transcript.text == "a\ufffd"


def test_cost_keeps_its_spelling() -> None:
    """0.000022 is never 2.2e-05."""
    chunk = json.dumps(chat_chunk({}) | {"usage": {"prompt_tokens": 1, "cost": 0}})
    body = "data: " + chunk.replace('"cost": 0', '"cost":0.000022') + "\n\n"
    assert CHAT.read(body.encode()).transcript.usage.cost == "0.000022"


def test_arguments_keep_their_spelling() -> None:
    """Arguments sent as an object are taken from the text: 1.0 stays 1.0, spaces stay."""
    body = (
        b'{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"x": 1.0,  "y":1e3}}}]}}]}'
    )
    (call,) = reading("https://x/v1beta/models/g:generateContent", body).transcript.parts
    assert call.arguments == '{"x": 1.0,  "y":1e3}'


def test_several_choices() -> None:
    """Each choice is a message of its own."""
    body = sse(
        chat_chunk({"content": "a"}),
        chat_chunk({"content": "x"}, index=1),
        chat_chunk({"content": "b"}),
        chat_chunk({}, "stop", index=1),
    )
    messages = CHAT.read(body).transcript.messages
    assert [(item.index, item.text, item.finish_reason) for item in messages] == [
        (0, "ab", ""),
        (1, "x", "stop"),
    ]


def test_error_in_the_middle_of_a_stream() -> None:
    """What came before it stays; the error is a part of its own."""
    body = sse(chat_chunk({"content": "So"}), {"error": {"message": "Overloaded", "code": 502}})
    transcript = CHAT.read(body).transcript
    assert kinds(transcript) == [(PartKind.TEXT, "So"), (PartKind.ERROR, "Overloaded")]
    assert transcript.error == "Overloaded"


def test_unknown_events_are_kept() -> None:
    """An event of a type that nobody knows is "other", with its name."""
    body = samples.ANTHROPIC.body + b'event: novelty\ndata: {"type":"novelty"}\n\n'
    found = samples.ANTHROPIC.read(body)
    (delta,) = found.deltas_of(found.events[-1].index)
    assert (delta.kind, delta.name) == (PartKind.OTHER, "novelty")
    assert found.transcript.parts[delta.part].text == '{"type":"novelty"}\n'


def test_mistral_and_perplexity() -> None:
    """Typed content; messages beside deltas; sources listed in every chunk, counted once."""
    thinking = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
        {"type": "text", "text": "So"},
    ]
    assert kinds(CHAT.read(sse(chat_chunk({"content": thinking}))).transcript) == [
        (PartKind.REASONING, "Hm"),
        (PartKind.TEXT, "So"),
    ]
    chunks = [chat_chunk({"content": word}, citations=["https://a.example"]) for word in ("So", " it")]
    for chunk, text in zip(chunks, ("So", "So it"), strict=True):
        chunk["choices"][0]["message"] = {"role": "assistant", "content": text}
    transcript = CHAT.read(sse(*chunks)).transcript
    assert transcript.text == "So it"
    assert [part.fact("url") for part in transcript.of_kind(PartKind.CITATION)] == ["https://a.example"]


def test_anthropic_inside_bedrock() -> None:
    """InvokeModelWithResponseStream wraps Anthropic's events; the transcript is the same."""
    payloads = [line[6:] for line in samples.ANTHROPIC.body.split(b"\n") if line.startswith(b"data: ")]
    body = b"".join(message(wrapped_for_bedrock(payload), event_type="chunk") for payload in payloads)
    found = reading("https://bedrock-runtime.x.amazonaws.com/model/a/invoke-with-response-stream", body)
    assert found.framing is Framing.EVENT_STREAM
    assert kinds(found.transcript) == kinds(samples.ANTHROPIC.read().transcript)


def test_exception_in_an_event_stream() -> None:
    """Bedrock's exceptions are errors with their type."""
    body = message(b'{"message":"Slow down"}', message_type="exception", exception_type="throttlingException")
    transcript = reading("https://bedrock-runtime.x.amazonaws.com/model/a/converse-stream", body).transcript
    assert transcript.error == "Slow down"
    assert transcript.parts[0].fact("type") == "throttlingException"


def test_gemini_array_stream() -> None:
    """Without `alt=sse` the chunks are items of an array."""
    payloads = [line[6:].strip() for line in samples.GEMINI.body.split(b"\n") if line.startswith(b"data: ")]
    found = samples.GEMINI.read(b"[" + b",\r\n".join(payloads) + b"]")
    assert found.framing is Framing.JSON_ARRAY
    assert kinds(found.transcript) == kinds(samples.GEMINI.read().transcript)


def test_text_generation_of_hugging_face() -> None:
    """Tokens of a stream; the last one's whole text is not said again."""
    body = sse(
        {"token": {"text": "Ol", "special": False}, "generated_text": None},
        {
            "token": {"text": "á", "special": False},
            "generated_text": "Olá",
            "details": {"finish_reason": "length"},
        },
    )
    transcript = reading("https://x.endpoints.huggingface.cloud/generate_stream", body).transcript
    assert (transcript.text, transcript.finish_reason) == ("Olá", "length")
    whole = reading("https://api-inference.huggingface.co/models/x", b'[{"generated_text":"Ol\xc3\xa1"}]')
    assert whole.transcript.text == "Olá"


def test_other_models_of_bedrock() -> None:
    """Titan, Llama and Mistral each have a shape of their own."""
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/x/invoke"
    titan = b'{"inputTextTokenCount":3,"results":[{"tokenCount":2,"outputText":"Hi","completionReason":"FINISH"}]}'
    llama = b'{"generation":"Hi","prompt_token_count":3,"generation_token_count":2,"stop_reason":"stop"}'
    mistral = b'{"outputs":[{"text":"Hi","stop_reason":"stop"}]}'
    for body in (titan, llama, mistral):
        transcript = reading(url, body).transcript
        assert transcript.text == "Hi"
        assert transcript.finish_reason
    assert reading(url, titan).transcript.usage.tokens == 5


def test_cohere_version_1() -> None:
    """NDJSON with `event_type`; a tool call's parameters as spelled."""
    lines = [
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Olá"},
        {"event_type": "tool-calls-generation", "tool_calls": [{"name": "f", "parameters": {"x": 1}}]},
        {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": {"text": "Olá"}},
    ]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    transcript = reading("https://api.cohere.com/v1/chat", body).transcript
    assert kinds(transcript) == [(PartKind.TEXT, "Olá"), (PartKind.TOOL_CALL, '{"x": 1}')]
    assert transcript.finish_reason == "COMPLETE"


def test_legacy_completions() -> None:
    """Text beside the choice, and a list of prompts."""
    body = sse({"object": "text_completion", "model": "m", "choices": [{"index": 0, "text": "Olá"}]})
    found = reading("https://api.openai.com/v1/completions", body, b'{"prompt":["a","b"],"model":"m"}')
    assert found.transcript.text == "Olá"
    assert found.conversation is not None
    assert [item.text for item in found.conversation.messages] == ["a", "b"]


def test_refusals() -> None:
    """A refusal is a part of its own, in chat and in Responses."""
    assert kinds(CHAT.read(sse(chat_chunk({"refusal": "No"}))).transcript) == [(PartKind.REFUSAL, "No")]
    body = sse({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": "No"})
    assert kinds(samples.RESPONSES.read(body).transcript) == [(PartKind.REFUSAL, "No")]


def test_images_tools_and_results_of_a_chat_request() -> None:
    """Everything a chat request can hold, as parts; parameters as they are spelled."""
    asked = {
        "model": "m",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is it?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                ],
            },
            {"role": "assistant", "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "t", "content": "42"},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    }
    text = json.dumps(asked)[:-1] + ', "temperature": 0.70}'
    conversation = reading(CHAT.url, CHAT.body, text.encode()).conversation
    assert conversation is not None
    user, assistant, tool = conversation.messages
    assert [part.kind for part in user.parts] == [PartKind.TEXT, PartKind.IMAGE]
    assert user.parts[1].media is not None
    assert (user.parts[1].media.type, user.parts[1].media.base64) == ("image/png", "AAAA")
    assert assistant == Message("assistant", (Part(PartKind.TOOL_CALL, "{}", "f", "t"),))
    assert tool.parts == (Part(PartKind.TOOL_RESULT, "42", call_id="t"),)
    assert [(item.name, item.schema) for item in conversation.tools] == [("f", '{"type": "object"}')]
    assert conversation.parameters == (("temperature", "0.70"),)


def test_a_gateway_that_speaks_anthropics_dialect() -> None:
    """The body's shape decides, whatever the host."""
    assert (
        reading("https://proxy.example/anything", samples.ANTHROPIC.body).provider_name
        == "Anthropic Messages"
    )


def test_chosen_by_a_person() -> None:
    """A provider that was chosen is used although it does not fit."""
    chosen = read(None, Response(200, "OK", Headers(), Body(CHAT.body)), provider="Gemini")
    assert chosen.provider_name == "Gemini"
    assert chosen.transcript.text == ""
