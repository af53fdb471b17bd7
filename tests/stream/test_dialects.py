"""Who speaks what, and what each dialect adds: small streams as the services document them, by URL and shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stream.samples import chat_chunk, reading, sse, wrapped_for_bedrock
from tests.stream.test_framing import message
from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Request, Response
from viewer.stream import Reading, read
from viewer.stream.providers.base import Provider
from viewer.stream.transcript import PartKind, Usage

Parts = list[tuple[PartKind, str, str]]

TEXT, REASONING, CALL = PartKind.TEXT, PartKind.REASONING, PartKind.TOOL_CALL
RESULT, CITATION, IMAGE = PartKind.TOOL_RESULT, PartKind.CITATION, PartKind.IMAGE
OTHER, ERROR, REFUSAL, FILE = PartKind.OTHER, PartKind.ERROR, PartKind.REFUSAL, PartKind.FILE


def parts_of(found: Reading) -> Parts:
    """(kind, name, text) of each part."""
    return [(part.kind, part.name, part.text) for part in found.transcript.parts]


def ndjson(*lines: Any) -> bytes:
    """Lines of JSON."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def aws(*payloads: tuple[str, Any]) -> bytes:
    """An AWS event stream of named payloads."""
    return b"".join(message(json.dumps(payload).encode(), event_type=name) for name, payload in payloads)


def invoked(*payloads: Any) -> bytes:
    """What InvokeModelWithResponseStream sends of a model's own chunks."""
    wrapped = (wrapped_for_bedrock(json.dumps(payload).encode()) for payload in payloads)
    return b"".join(message(payload, event_type="chunk") for payload in wrapped)


CHAT_URL = "https://openrouter.ai/api/v1/chat/completions"


def test_openrouters_reasoning_images_and_files() -> None:
    """Encrypted details and signatures are facts of the reasoning; text is said once under its three names."""
    detail = {"type": "reasoning.text", "text": "Hm", "signature": "sig", "format": "anthropic"}
    found = reading(
        CHAT_URL,
        sse(
            chat_chunk({"reasoning": "Hm", "reasoning_details": [detail]}),
            chat_chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": "secret"}]}),
            chat_chunk({"content": "Here"}),
            chat_chunk({"images": [{"image_url": {"url": "data:image/png;base64,AAAA"}}]}),
            chat_chunk(
                {
                    "annotations": [
                        {"type": "url_citation", "url_citation": {"title": "P", "url": "https://p.example"}},
                        {
                            "type": "file",
                            "file": {"name": "a.pdf", "content": [{"type": "text", "text": "F"}]},
                        },
                    ]
                }
            ),
        ),
    )
    assert parts_of(found) == [
        (REASONING, "", "Hm"),
        (TEXT, "", "Here"),
        (IMAGE, "", ""),
        (CITATION, "P", ""),
        (FILE, "a.pdf", "F"),
    ]
    thought = found.transcript.parts[0]
    assert (thought.fact("signature"), thought.fact("encrypted")) == ("sig", "secret")


def test_an_error_in_the_middle() -> None:
    """OpenRouter puts it beside the choices, whose reason is "error"."""
    error = {"code": 502, "message": "Provider disconnected"}
    body = sse(chat_chunk({"content": "So "}), chat_chunk({"content": ""}, "error", error=error))
    found = reading(CHAT_URL, b": OPENROUTER PROCESSING\n\n" + body)
    assert parts_of(found) == [(TEXT, "", "So "), (ERROR, "", "Provider disconnected")]
    assert found.transcript.finish_reason == "error"


@pytest.mark.parametrize(
    "payload",
    [
        {"object": "error", "message": "No such model", "type": "NotFoundError", "code": 404},
        {"error": {"message": "No such model", "type": "x"}},
        {"error": "No such model"},
    ],
    ids=["vllm", "openai", "plain"],
)
def test_errors_instead_of_chunks(payload: dict[str, Any]) -> None:
    """However a gateway puts them."""
    assert parts_of(reading("http://localhost:8000/v1/chat/completions", sse(payload))) == [
        (ERROR, "", "No such model")
    ]


def test_calls_that_a_gateway_counts_all_as_the_first() -> None:
    """Gemini's compatible endpoint numbers parallel calls 0 each; their ids, or names, tell them apart."""

    def call(name: str, call_id: str) -> dict[str, Any]:
        function = {"name": name, "arguments": '{"x":1}'}
        return chat_chunk({"tool_calls": [{"index": 0, "id": call_id, "function": function}]})

    for first, second in (("a", "b"), ("", "")):
        found = reading(CHAT_URL, sse(call("add", first), call("mul", second)))
        assert parts_of(found) == [(CALL, "add", '{"x":1}'), (CALL, "mul", '{"x":1}')]


def test_custom_tools_and_groqs_own() -> None:
    """A custom tool's input is no JSON; a tool that the service ran has its result beside it."""
    custom = {"index": 0, "id": "c", "type": "custom", "custom": {"name": "sql", "input": "SELECT"}}
    ran = {"index": 0, "type": "search", "arguments": '{"q":1}', "output": "found"}
    found = reading(
        "https://api.groq.com/openai/v1/chat/completions",
        sse(
            chat_chunk({"tool_calls": [custom]}),
            chat_chunk({"tool_calls": [{"index": 0, "custom": {"input": " 1"}}]}),
            chat_chunk({"executed_tools": [ran]}),
            chat_chunk({}, "stop", x_groq={"usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
        ),
    )
    assert parts_of(found) == [
        (CALL, "sql", "SELECT 1"),
        (CALL, "search", '{"q":1}'),
        (RESULT, "search", "found"),
    ]
    assert (found.transcript.usage.input, found.transcript.usage.output) == (1, 2)


def test_mistrals_parts() -> None:
    """Thinking, references and text flow in one list."""
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
    content = [thinking, {"type": "text", "text": "So"}, {"type": "reference", "reference_ids": [1, 2]}]
    found = reading("https://api.mistral.ai/v1/chat/completions", sse(chat_chunk({"content": content})))
    assert parts_of(found) == [(REASONING, "", "Hm"), (TEXT, "", "So"), (CITATION, "1, 2", "")]


def test_perplexitys_sources() -> None:
    """Numbers get their titles; the newer stream's own kinds of chunks are chat, too."""
    page = {"title": "A page", "url": "https://p.example"}
    chunk = chat_chunk({"content": "So [1]"}) | {"object": "chat.completion.done"}
    chunk |= {"citations": ["https://p.example"], "search_results": [page], "related_questions": ["Why?"]}
    found = reading("https://api.perplexity.ai/chat/completions", sse(chunk))
    assert parts_of(found) == [
        (TEXT, "", "So [1]"),
        (CITATION, "[1] A page", ""),
        (OTHER, "related questions", "Why?\n"),
    ]


def test_azures_filters_and_documents() -> None:
    """Filters that found nothing are not told."""
    document = {"title": "Doc", "content": "words", "url": "https://d.example"}
    chunk = chat_chunk({"content": "So", "context": {"citations": [document], "intent": '["why"]'}})
    chunk["choices"][0]["content_filter_results"] = {"hate": {"filtered": False, "severity": "safe"}}
    last = chat_chunk({}, "content_filter")
    last["choices"][0]["content_filter_results"] = {"violence": {"filtered": True, "severity": "high"}}
    found = reading(
        "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1", sse(chunk, last)
    )
    assert parts_of(found) == [
        (TEXT, "", "So"),
        (CITATION, "Doc", "words"),
        (OTHER, "intent", '["why"]\n'),
        (OTHER, "content filter", "violence high\n"),
    ]


def test_sound_in_pieces() -> None:
    """Pieces of base64, each padded by itself, are one sound; its words are text."""
    body = sse(*(chat_chunk({"audio": {"data": data, "transcript": "Hi"}}) for data in ("aGk=", "IQ==")))
    (text, sound) = reading(CHAT_URL, body).transcript.parts
    assert text.text == "HiHi"
    assert sound.media is not None
    assert sound.media.base64 == "aGkh"


def test_what_nobody_knows_is_kept() -> None:
    """A member of a delta that no service is known to send stands beside the answer, which flows on."""
    found = reading(
        CHAT_URL, sse(chat_chunk({"content": "a", "novel": {"x": 1}}), chat_chunk({"content": "b"}))
    )
    assert parts_of(found) == [(TEXT, "", "ab"), (OTHER, "novel", '{"x":1}\n')]


def test_logprobs_stand_beside_the_text() -> None:
    """A line for each token, with what else was likely; the text is not cut by them."""

    def chunk(token: str) -> dict[str, Any]:
        made = chat_chunk({"content": token})
        others = [{"token": token, "logprob": 0.0}, {"token": "x", "logprob": -2.302585093}]
        made["choices"][0]["logprobs"] = {
            "content": [{"token": token, "logprob": 0.0, "top_logprobs": others}]
        }
        return made

    found = reading(CHAT_URL, sse(chunk("a"), chunk("b")))
    assert parts_of(found) == [
        (TEXT, "", "ab"),
        (OTHER, "logprobs", "“a” 100.0%   “x” 10.0%\n“b” 100.0%   “x” 10.0%\n"),
    ]


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 4}, Usage(input=9, cached=4)),
        ({"prompt_tokens": 9, "cached_tokens": 4}, Usage(input=9, cached=4)),
        ({"prompt_tokens": 9, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 1}, None),
        ({"completion_tokens": 2, "reasoning_tokens": 1}, Usage(output=2, reasoning=1)),
        ({"completion_tokens": 2, "cost": {"total_cost": 0.5}}, Usage(output=2, cost="0.5")),
        ({"completion_tokens": 2, "cost_in_usd_ticks": 37756000}, Usage(output=2, cost="0.0037756")),
    ],
    ids=["deepseek", "moonshot", "litellm", "perplexity", "perplexity cost", "xai"],
)
def test_usage_in_other_words(usage: dict[str, Any], expected: Usage | None) -> None:
    """The dialects' names for the same counts."""
    found = reading(CHAT_URL, sse(chat_chunk({"content": "a"}, usage=usage))).transcript.usage
    assert found == (expected or Usage(input=9, cached=4, cache_written=1))


@pytest.mark.parametrize(
    ("told", "cost"), [("", "0.00031"), ("0.5", "0.5")], ids=["alone", "the body's first"]
)
def test_litellm_tells_the_cost_in_a_header(told: str, cost: str) -> None:
    """Only where the answer itself does not say."""
    usage = {"completion_tokens": 2} | ({"cost": float(told)} if told else {})
    body = sse(chat_chunk({"content": "a"}, usage=usage))
    headers = Headers.of([("x-litellm-response-cost", "0.00031")])
    found = read(
        Request("POST", "http://localhost:4000/chat/completions", Headers(), Body(b"{}")),
        Response(200, "OK", headers, Body(body, headers)),
    )
    assert found.transcript.usage == Usage(output=2, cost=cost)


def test_llamas_timings_count_tokens() -> None:
    """llama.cpp sends them where usage was not asked for."""
    timings = {"cache_n": 62, "prompt_n": 22, "predicted_n": 7}
    found = reading(
        "http://localhost:8080/v1/chat/completions", sse(chat_chunk({"content": "a"}, timings=timings))
    )
    assert found.transcript.usage == Usage(input=84, output=7, cached=62)


def test_gemini_beyond_text() -> None:
    """Code and its outcome, images, speech in pieces, pages read, places, safety."""
    found = reading(
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/models/g:streamGenerateContent",
        sse(
            {
                "candidates": [
                    {"content": {"parts": [{"executableCode": {"language": "PYTHON", "code": "1/0"}}]}}
                ]
            },
            {
                "candidates": [
                    {
                        "content": {
                            "parts": [
                                {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}},
                                {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
                                {"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "aGk="}},
                                {"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "IQ=="}},
                                {"fileData": {"mimeType": "application/pdf", "fileUri": "gs://f"}},
                            ]
                        },
                        "urlContextMetadata": {
                            "urlMetadata": [
                                {
                                    "retrievedUrl": "https://u.example",
                                    "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS",
                                }
                            ]
                        },
                        "groundingMetadata": {
                            "groundingChunks": [{"maps": {"uri": "https://m.example", "title": "A place"}}]
                        },
                    }
                ]
            },
            {
                "candidates": [
                    {"finishReason": "SAFETY", "safetyRatings": [{"category": "C", "blocked": True}]}
                ]
            },
            end="\r\n",
        ),
    )
    assert parts_of(found) == [
        (CALL, "code execution", "1/0"),
        (RESULT, "code execution", "no"),
        (IMAGE, "", ""),
        (PartKind.AUDIO, "", ""),
        (FILE, "", ""),
        (CITATION, "A place", ""),
        (CITATION, "read: success", ""),
        (OTHER, "safety", "C\n"),
        (REFUSAL, "", "SAFETY"),
    ]
    assert found.transcript.parts[1].fact("outcome") == "OUTCOME_FAILED"
    sound = found.transcript.parts[3].media
    assert sound is not None
    assert sound.base64 == "aGkh"


def test_converses_rarer_messages() -> None:
    """Redacted reasoning, a tool that Bedrock runs, places of citations, a guardrail, an exception."""
    found = reading(
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
        aws(
            ("messageStart", {"role": "assistant"}),
            (
                "contentBlockDelta",
                {"contentBlockIndex": 0, "delta": {"reasoningContent": {"redactedContent": "x"}}},
            ),
            ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "So"}}),
            (
                "contentBlockDelta",
                {
                    "contentBlockIndex": 1,
                    "delta": {
                        "citation": {
                            "title": "D",
                            "sourceContent": [{"text": "q"}],
                            "location": {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}},
                        }
                    },
                },
            ),
            (
                "contentBlockStart",
                {
                    "contentBlockIndex": 2,
                    "start": {"toolResult": {"toolUseId": "t", "type": "nova_grounding"}},
                },
            ),
            ("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolResult": [{"json": {"a": 1}}]}}),
            ("messageStop", {"stopReason": "guardrail_intervened"}),
            ("metadata", {"usage": {"inputTokens": 1}, "trace": {"guardrail": {"action": "BLOCKED"}}}),
        )
        + message(
            b'{"message":"Too many requests"}',
            message_type="exception",
            exception_type="throttlingException",
        )
        + message(b"", message_type="error", error_code="Internal", error_message="Oh no"),
    )
    assert parts_of(found) == [
        (REASONING, "", ""),
        (TEXT, "", "So"),
        (CITATION, "D", "q"),
        (RESULT, "nova_grounding", '{"a":1}'),
        (OTHER, "trace", '{"guardrail":{"action":"BLOCKED"}}\n'),
        (ERROR, "", "Too many requests"),
        (ERROR, "", "Oh no"),
    ]
    assert found.transcript.parts[2].fact("pages") == "1–2"
    assert not found.notes


def test_coheres_older_streams() -> None:
    """Version 1 with searches and calls in pieces; and generate."""
    found = reading(
        "https://api.cohere.com/v1/chat",
        ndjson(
            {"event_type": "stream-start", "generation_id": "g"},
            {"event_type": "search-queries-generation", "search_queries": [{"text": "why"}]},
            {"event_type": "search-results", "documents": [{"id": "d", "title": "T"}]},
            {"event_type": "tool-calls-chunk", "text": "Plan"},
            {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "name": "add"}},
            {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "parameters": '{"a":1}'}},
            {
                "event_type": "tool-calls-generation",
                "text": "Plan",
                "tool_calls": [{"name": "add", "parameters": {"a": 1}}],
            },
            {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": {"text": ""}},
        ),
    )
    assert parts_of(found) == [
        (CALL, "search", "why"),
        (RESULT, "T", '{"id":"d","title":"T"}'),
        (REASONING, "", "Plan"),
        (CALL, "add", '{"a":1}'),
    ]
    found = reading(
        "https://api.cohere.com/v1/generate",
        ndjson(
            {"text": "Ol", "is_finished": False},
            {"text": "á", "is_finished": False},
            {"is_finished": True, "finish_reason": "COMPLETE", "response": {"id": "g", "generations": []}},
        ),
    )
    assert parts_of(found) == [(TEXT, "", "Olá")]
    assert found.transcript.finish_reason == "COMPLETE"


def test_text_generation_with_details() -> None:
    """The prompt's length, the likeliest tokens, the other sequences."""
    stream = sse(
        {
            "token": {"text": "Ol", "logprob": 0.0, "special": False},
            "top_tokens": [{"text": "x", "logprob": 0.0}],
        },
        {
            "token": {"text": "</s>", "special": True},
            "generated_text": "Ol",
            "details": {"finish_reason": "eos_token", "generated_tokens": 2, "input_length": 5},
        },
    )
    found = reading("http://tgi:8080/generate_stream", stream)
    assert parts_of(found) == [(TEXT, "", "Ol"), (OTHER, "logprobs", "“Ol” 100.0%   “x” 100.0%\n")]
    assert found.transcript.usage == Usage(input=5, output=2)
    whole = {
        "generated_text": "A",
        "details": {
            "finish_reason": "length",
            "generated_tokens": 1,
            "prefill": [{"text": "p"}],
            "best_of_sequences": [{"generated_text": "B", "finish_reason": "length"}],
        },
    }
    found = reading("http://tgi:8080/generate", json.dumps(whole).encode())
    assert [message.text for message in found.transcript.messages] == ["A", "B"]


def test_an_assistants_interpreter() -> None:
    """Its code, logs and images, and an error of the run."""

    def step(**call: Any) -> dict[str, Any]:
        calls = [{"index": 0, "type": "code_interpreter", "code_interpreter": call}]
        details = {"type": "tool_calls", "tool_calls": calls}
        return {"id": "s", "object": "thread.run.step.delta", "delta": {"step_details": details}}

    image = {"index": 1, "type": "image", "image": {"file_id": "file-1"}}
    found = reading(
        "https://api.openai.com/v1/threads/t/runs",
        sse(
            step(input="print(1)"),
            step(outputs=[{"index": 0, "type": "logs", "logs": "1\n"}, image]),
            {
                "id": "m",
                "object": "thread.message.delta",
                "delta": {"content": [{"index": 0, "type": "refusal", "refusal": "No"}]},
            },
        )
        + b'event: error\ndata: {"message":"Server error","code":"server_error"}\n\n',
    )
    assert parts_of(found) == [
        (CALL, "code_interpreter", "print(1)"),
        (RESULT, "code_interpreter", "1\n"),
        (IMAGE, "file-1", ""),
        (REFUSAL, "", "No"),
        (ERROR, "", "Server error"),
    ]


def test_speakers_are_told_apart() -> None:
    """A diarised transcription names them; segments of plain ones have their times."""
    segments = [
        {"id": str(i), "speaker": s, "start": i, "end": i + 1, "text": "Hi"} for i, s in enumerate("AB")
    ]
    whole = {"task": "transcribe", "text": "Hi Hi", "segments": segments, "duration": 2.0}
    found = reading("https://api.openai.com/v1/audio/transcriptions", json.dumps(whole).encode())
    assert found.transcript.text == "A: Hi\nB: Hi\n"


def test_an_image_on_its_way_is_one_image() -> None:
    """Partial images give way to the whole one."""
    partial = {"type": "response.image_generation_call.partial_image", "output_index": 0}
    item = {"type": "image_generation_call", "result": "CCCC", "output_format": "webp"}
    found = reading(
        "https://api.openai.com/v1/responses",
        sse(
            *(partial | {"partial_image_b64": data} for data in ("AAAA", "BBBB")),
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": {"status": "completed", "output": [item]}},
        ),
    )
    (image,) = found.transcript.parts
    assert image.media is not None
    assert (image.media.type, image.media.base64) == ("image/webp", "CCCC")
    assert [len(found.deltas_of(index)) for index in range(3)] == [1, 1, 1]


def test_a_realtime_connection() -> None:
    """Two answers of one connection, each counted from 0; sound in pieces with its words; what was heard."""

    def answer(number: int, *words: str) -> list[dict[str, Any]]:
        place = {"response_id": f"r{number}", "output_index": 0, "content_index": 0}
        content = [{"type": "output_audio", "transcript": "".join(words)}]
        item = {"type": "message", "role": "assistant", "content": content}
        response = {
            "id": f"r{number}",
            "object": "realtime.response",
            "status": "completed",
            "output": [item],
        }
        return [
            {"type": "response.created", "response": {"id": f"r{number}"}},
            *({"type": "response.output_audio_transcript.delta", "delta": word, **place} for word in words),
            *({"type": "response.output_audio.delta", "delta": data, **place} for data in ("aGk=", "IQ==")),
            {"type": "response.output_audio_transcript.done", "transcript": "".join(words), **place},
            {"type": "response.done", "response": response},
        ]

    heard = {
        "type": "conversation.item.input_audio_transcription.completed",
        "item_id": "i",
        "transcript": "Hey",
    }
    found = reading(
        "wss://api.openai.com/v1/realtime?model=gpt-realtime",
        ndjson(
            {"type": "session.created", "session": {"id": "s", "model": "gpt-realtime"}},
            {"type": "input_audio_buffer.speech_started"},
            heard,
            *answer(1, "Ol", "á"),
            {"type": "rate_limits.updated", "rate_limits": []},
            *answer(2, "Bye"),
        ),
    )
    assert found.provider_name == "OpenAI Responses"
    assert found.transcript.model == "gpt-realtime"
    assert parts_of(found) == [
        (OTHER, "heard", "Hey"),
        (TEXT, "", "Olá"),
        (PartKind.AUDIO, "", ""),
        (TEXT, "", "Bye"),
        (PartKind.AUDIO, "", ""),
    ]
    assert not any(delta.kind is OTHER for delta in found.deltas if delta.name != "heard")


SAID = {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]}
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
ANTHROPIC = {"id": "m", "type": "message", "model": "c", "stop_reason": "end_turn", **SAID}
COMPLETION = {"id": "c", "object": "chat.completion", "model": "m", "choices": [CHOICE]}
OUTPUT = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}]
RESPONSE = {"id": "r", "object": "response", "status": "completed", "output": OUTPUT}
CANDIDATES = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}, "finishReason": "STOP"}]
}
CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
    "stopReason": "end_turn",
}
AWS = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
CLOUDFLARE = "https://gateway.ai.cloudflare.com/v1/account/gateway"
VERTEX = "https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers"


@pytest.mark.parametrize(
    ("url", "answer", "expected"),
    [
        ("http://localhost:4000/v1/messages", ANTHROPIC, "Anthropic Messages"),
        (f"{CLOUDFLARE}/anthropic/v1/messages", ANTHROPIC, "Anthropic Messages"),
        (f"{VERTEX}/anthropic/models/claude:rawPredict", ANTHROPIC, "Anthropic Messages"),
        (f"{AWS}anthropic.claude-3/invoke", ANTHROPIC, "Anthropic Messages"),
        ("https://proxy.corp.example/llm", ANTHROPIC, "Anthropic Messages"),
        (f"{CLOUDFLARE}/openai/chat/completions", COMPLETION, "OpenAI Chat Completions"),
        (f"{CLOUDFLARE}/workers-ai/v1/chat/completions", COMPLETION, "OpenAI Chat Completions"),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions",
            COMPLETION,
            "OpenAI Chat Completions",
        ),
        (f"{VERTEX}/mistralai/models/mistral:rawPredict", COMPLETION, "OpenAI Chat Completions"),
        (
            "https://us-south.ml.cloud.ibm.com/ml/v1/text/chat",
            {"choices": [CHOICE]},
            "OpenAI Chat Completions",
        ),
        ("https://api.ai21.com/studio/v1/chat/completions", COMPLETION, "OpenAI Chat Completions"),
        (f"{AWS}ai21.jamba/invoke", {"choices": [CHOICE]}, "OpenAI Chat Completions"),
        ("http://localhost:4000/responses", RESPONSE, "OpenAI Responses"),
        ("https://x.openai.azure.com/openai/v1/responses", RESPONSE, "OpenAI Responses"),
        (f"{VERTEX}/google/models/g:generateContent", CANDIDATES, "Gemini"),
        (f"{CLOUDFLARE}/google-ai-studio/v1/models/g:generateContent", CANDIDATES, "Gemini"),
        (f"{AWS}amazon.nova-pro/invoke", CONVERSED, "Bedrock Converse"),
        (
            f"{CLOUDFLARE}/aws-bedrock/bedrock-runtime/us-east-1/model/m/converse",
            CONVERSED,
            "Bedrock Converse",
        ),
        (f"{AWS}meta.llama3/invoke", {"generation": "Hi", "stop_reason": "stop"}, "Bedrock InvokeModel"),
        (
            f"{AWS}mistral.m/invoke",
            {"outputs": [{"text": "Hi", "stop_reason": "stop"}]},
            "Bedrock InvokeModel",
        ),
        (
            f"{AWS}amazon.titan/invoke",
            {"inputTextTokenCount": 1, "results": [{"outputText": "Hi", "completionReason": "FINISH"}]},
            "Bedrock InvokeModel",
        ),
        (
            f"{AWS}ai21.j2/invoke",
            {"completions": [{"data": {"text": "Hi"}, "finishReason": {"reason": "endoftext"}}]},
            "Bedrock InvokeModel",
        ),
        (
            f"{AWS}cohere.command-text/invoke",
            {"generations": [{"text": "Hi", "finish_reason": "COMPLETE"}]},
            "Bedrock InvokeModel",
        ),
        (
            f"{AWS}cohere.command-r/invoke",
            {"text": "Hi", "generation_id": "g", "finish_reason": "COMPLETE"},
            "Cohere Chat",
        ),
        (
            "http://gateway:9000/v2/chat",
            {"id": "k", "finish_reason": "COMPLETE", "message": SAID},
            "Cohere Chat",
        ),
        (
            "https://us-south.ml.cloud.ibm.com/ml/v1/text/generation",
            {"model_id": "m", "results": [{"generated_text": "Hi", "stop_reason": "eos_token"}]},
            "Bedrock InvokeModel",
        ),
        (
            "http://llm.internal/api/chat",
            {"model": "q", "message": {"role": "assistant", "content": "Hi"}, "done": True},
            "Ollama",
        ),
        ("http://llm.internal/api/generate", {"model": "q", "response": "Hi", "done": True}, "Ollama"),
        ("https://api-inference.huggingface.co/models/m", [{"generated_text": "Hi"}], "Hugging Face TGI"),
        (
            "http://localhost:8080/completion",
            {"content": "Hi", "stop": True, "tokens_predicted": 1, "stop_type": "eos"},
            "OpenAI Completions",
        ),
        ("http://vllm/v1/completions", {"choices": [{"index": 0, "text": "Hi"}]}, "OpenAI Completions"),
    ],
)
def test_gateways_and_hosts(url: str, answer: Any, expected: str) -> None:
    """The answer's shape decides, whatever the host; all say "Hi"."""
    found = reading(url, json.dumps(answer).encode())
    assert found.provider_name == expected
    assert found.transcript.text == "Hi"
    assert not found.notes


@pytest.mark.parametrize(
    ("chunks", "text", "finish"),
    [
        ([{"generation": "H"}, {"generation": "i", "stop_reason": "stop"}], "Hi", "stop"),
        (
            [
                {"outputs": [{"text": "Hi", "stop_reason": None}]},
                {"outputs": [{"text": "", "stop_reason": "stop"}]},
            ],
            "Hi",
            "stop",
        ),
        ([{"outputText": "Hi", "index": 0, "completionReason": "FINISH"}], "Hi", "FINISH"),
        (
            [{"contentBlockDelta": {"delta": {"text": "Hi"}}}, {"messageStop": {"stopReason": "end_turn"}}],
            "Hi",
            "end_turn",
        ),
        (
            [
                {"event_type": "text-generation", "text": "Hi"},
                {"event_type": "stream-end", "finish_reason": "COMPLETE"},
            ],
            "Hi",
            "COMPLETE",
        ),
        (
            [{"is_finished": False, "text": "Hi"}, {"is_finished": True, "finish_reason": "COMPLETE"}],
            "Hi",
            "COMPLETE",
        ),
        (
            [
                {"choices": [{"index": 0, "delta": {"content": "Hi"}}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            ],
            "Hi",
            "stop",
        ),
        ([{"choices": [{"index": 0, "text": "Hi", "stop_reason": "stop"}]}], "Hi", "stop"),
    ],
    ids=["llama", "mistral", "titan", "nova", "command-r", "command", "jamba", "deepseek"],
)
def test_bedrocks_models_streamed(chunks: list[Any], text: str, finish: str) -> None:
    """InvokeModelWithResponseStream wraps each model's own chunks; the last may carry Amazon's counts."""
    metrics = {"inputTokenCount": 3, "outputTokenCount": 4}
    chunks = [*chunks[:-1], chunks[-1] | {"amazon-bedrock-invocationMetrics": metrics}]
    found = reading(AWS + "some.model/invoke-with-response-stream", invoked(*chunks))
    assert found.transcript.text == text
    assert found.transcript.finish_reason == finish
    assert not found.notes
    assert (found.transcript.usage.input, found.transcript.usage.output) == (3, 4)


def test_a_provider_that_fails_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its event is kept as it is, with a note that says why; what it could read stays."""
    from viewer.stream.providers.openai_chat import OpenAIChat

    reads: Any = OpenAIChat.read

    def failing(self: Provider, payload: Any, event: Any, out: Any) -> None:
        if event.index == 1:
            raise KeyError("novel")
        reads(self, payload, event, out)

    monkeypatch.setattr(OpenAIChat, "read", failing)
    found = reading(CHAT_URL, sse(chat_chunk({"content": "a"}), {"x": 1}, chat_chunk({"content": "b"})))
    assert parts_of(found) == [(TEXT, "", "ab"), (OTHER, "", '{"x": 1}\n')]
    assert found.notes == ("Event 1: OpenAI Chat Completions cannot read it: KeyError: 'novel'.",)
