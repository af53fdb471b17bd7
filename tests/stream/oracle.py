"""Answers put together a second way, from the raw payloads, sharing no code with the program.

Plain loops over split lines and json.loads: slow, unforgiving and short. What it says of a body is compared
with the transcript: text, reasoning and refusals as one string each, tool calls as (name, decoded arguments).
"""

from __future__ import annotations

import base64
import json
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """What an answer says, without its events."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    finish: Any = ""
    output_tokens: int | None = None
    has_error: bool = False


def payloads_of(body: bytes) -> list[tuple[str, Any]]:
    """(event name, payload) of each event, whatever frames them."""
    if body[:1] == b"\x00":
        return list(_aws(body))
    text = body.decode("utf-8", "replace").replace("\r\n", "\n").strip()
    try:
        whole = json.loads(text)
    except ValueError:
        pass
    else:
        return [("", item) for item in whole] if isinstance(whole, list) else [("", whole)]
    if text.startswith("{"):
        return [("", json.loads(line)) for line in text.split("\n") if line.strip()]
    return list(_sse(text))


def _sse(text: str) -> Any:
    for block in text.split("\n\n"):
        name = "".join(line[6:].strip() for line in block.split("\n") if line.startswith("event:"))
        data = "\n".join(line[5:].strip() for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            yield name, json.loads(data)


def _aws(body: bytes) -> Any:
    while body:
        total, length = struct.unpack(">II", body[:8])
        headers, payload = body[12 : 12 + length], body[12 + length : total - 4]
        name = ""
        while headers:
            size = headers[0]
            key = headers[1 : 1 + size].decode()
            (value_size,) = struct.unpack(">H", headers[2 + size : 4 + size])
            value = headers[4 + size : 4 + size + value_size].decode()
            name = value if key in (":event-type", ":exception-type") else name
            headers = headers[4 + size + value_size :]
        data = json.loads(payload)
        yield name, json.loads(base64.b64decode(data["bytes"])) if "bytes" in data else data
        body = body[total:]


def answer_of(body: bytes) -> Answer | None:
    """The answer in `body`, None where its shape is none of the oracle's."""
    payloads = payloads_of(body)
    shape = _shape(payloads)
    return _READERS[shape](payloads) if shape else None


def _shape(payloads: list[tuple[str, Any]]) -> str:
    for name, payload in payloads:
        if not isinstance(payload, dict):
            return ""
        kind = str(payload.get("type", ""))
        if "choices" in payload and any("text" in c for c in payload["choices"]):
            return "completions"
        if "choices" in payload and str(payload.get("object", "chat.completion")).startswith("chat."):
            return "chat"
        if kind in ("message_start", "message") and ("message" in payload or "content" in payload):
            return "anthropic"
        if kind.startswith("response.") or payload.get("object") == "response":
            return "responses"
        if "candidates" in payload:
            return "gemini"
        if name == "messageStart" or "stopReason" in payload:
            return "converse"
        if kind == "message-start" or ("message" in payload and "finish_reason" in payload):
            return "cohere"
        if "done" in payload and ("message" in payload or "response" in payload):
            return "ollama"
    return ""


def _arguments(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text


def _completions(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    for _, payload in payloads:
        for choice in payload.get("choices", []):
            if choice.get("index", 0) == 0:
                answer.text += choice.get("text") or ""
                answer.finish = choice.get("finish_reason") or answer.finish
    return answer


def _chat(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    calls: dict[Any, list[str]] = defaultdict(lambda: ["", ""])
    is_stream = len(payloads) > 1
    for _, payload in payloads:
        answer.has_error |= bool(payload.get("error"))
        usage = payload.get("usage") or (payload.get("x_groq") or {}).get("usage") or {}
        answer.output_tokens = usage.get("completion_tokens", answer.output_tokens)
        for choice in payload.get("choices") or []:
            if choice.get("index", 0) != 0:
                continue
            answer.finish = choice.get("finish_reason") or answer.finish
            names = ("delta", "message") if is_stream else ("message", "delta")
            said: dict[str, Any] = next((choice[name] for name in names if choice.get(name)), {})
            _add_chat(said, answer, calls)
    answer.calls = [(name, _arguments(text)) for name, text in calls.values()]
    return answer


def _add_chat(said: dict[str, Any], answer: Answer, calls: dict[Any, list[str]]) -> None:
    content = said.get("content") or ""
    if isinstance(content, list):
        answer.reasoning += "".join(
            thought["text"] for item in content if item["type"] == "thinking" for thought in item["thinking"]
        )
        content = "".join(item.get("text", "") for item in content if item["type"] == "text")
    answer.text += content
    reasoning = said.get("reasoning_content") or said.get("reasoning")
    if not reasoning:
        details = said.get("reasoning_details") or []
        reasoning = "".join(item.get("text") or item.get("summary") or "" for item in details)
    answer.reasoning += reasoning
    answer.refusal += said.get("refusal") or ""
    for position, call in enumerate(said.get("tool_calls") or []):
        entry = calls[call.get("index", position)]
        entry[0] = entry[0] or call["function"].get("name") or ""
        entry[1] += call["function"].get("arguments") or ""
    if said.get("function_call"):
        calls["function"][0] += said["function_call"].get("name") or ""
        calls["function"][1] += said["function_call"].get("arguments") or ""


def _anthropic(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    blocks: dict[int, dict[str, Any]] = {}
    for _, payload in payloads:
        kind = payload.get("type")
        if kind == "message":
            blocks = dict(enumerate(payload["content"]))
            answer.finish = payload["stop_reason"] or ""
            answer.output_tokens = payload["usage"]["output_tokens"]
        elif kind == "content_block_start":
            blocks[payload["index"]] = dict(payload["content_block"], json="")
        elif kind == "content_block_delta":
            block, delta = blocks[payload["index"]], payload["delta"]
            for source, target in (("text", "text"), ("thinking", "thinking"), ("partial_json", "json")):
                block[target] = (block.get(target) or "") + delta.get(source, "")
        elif kind == "message_delta":
            answer.finish = payload["delta"]["stop_reason"] or ""
            answer.output_tokens = payload["usage"]["output_tokens"]
        elif kind == "error":
            answer.has_error = True
    for block in blocks.values():
        if block["type"] == "text":
            answer.text += block["text"]
        elif block["type"] == "thinking":
            answer.reasoning += block["thinking"]
        elif block["type"].endswith("tool_use"):
            answer.calls.append((block["name"], _arguments(block.get("json")) or block["input"]))
    return answer


def _responses(payloads: list[tuple[str, Any]]) -> Answer:
    """From the last response object, which repeats everything; from the `done` items where it has none."""
    ends = [payload.get("response", payload) for _, payload in payloads]
    end = next((item for item in reversed(ends) if isinstance(item, dict) and "output" in item), {})
    items = end.get("output") or [
        payload["item"] for _, payload in payloads if payload.get("type") == "response.output_item.done"
    ]
    answer = Answer(has_error=bool(end.get("error")) or any(p.get("type") == "error" for _, p in payloads))
    details = end.get("incomplete_details") or {}
    answer.finish = details.get("reason") or end.get("status") or ""
    answer.output_tokens = (end.get("usage") or {}).get("output_tokens")
    for item in items:
        for content in item.get("content") or [] if item["type"] == "message" else []:
            answer.text += content.get("text") or ""
            answer.refusal += content.get("refusal") or ""
        if item["type"] == "reasoning":
            pieces = (item.get("summary") or []) + (item.get("content") or [])
            answer.reasoning += "".join(piece["text"] for piece in pieces)
        if item["type"] == "function_call":
            answer.calls.append((item["name"], _arguments(item["arguments"])))
    return answer


def _gemini(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    for _, payload in payloads:
        usage = payload.get("usageMetadata") or {}
        answer.output_tokens = usage.get("candidatesTokenCount", answer.output_tokens)
        for candidate in payload.get("candidates") or []:
            if candidate.get("index", 0) != 0:
                continue
            answer.finish = candidate.get("finishReason") or answer.finish
            answer.finish = "STOP" if answer.finish == 1 else answer.finish  # Vertex's enum as a number
            failed = candidate.get("finishReason") not in ("STOP", "MAX_TOKENS")
            answer.has_error |= failed and "finishMessage" in candidate
            for part in (candidate.get("content") or {}).get("parts") or []:
                if part.get("thought"):
                    answer.reasoning += part.get("text", "")
                else:
                    answer.text += part.get("text", "")
                if "functionCall" in part:
                    answer.calls.append((part["functionCall"]["name"], part["functionCall"].get("args", {})))
    return answer


def _converse(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    calls: dict[int, list[str]] = {}
    for name, payload in payloads:
        if "output" in payload:
            _add_converse(payload, answer)
        if name == "contentBlockStart" and "toolUse" in payload["start"]:
            calls[payload["contentBlockIndex"]] = [payload["start"]["toolUse"]["name"], ""]
        if name == "contentBlockDelta":
            delta = payload["delta"]
            answer.text += delta.get("text", "")
            answer.reasoning += delta.get("reasoningContent", {}).get("text", "")
            if "toolUse" in delta:
                calls[payload["contentBlockIndex"]][1] += delta["toolUse"]["input"]
        answer.finish = payload.get("stopReason", answer.finish)
        answer.output_tokens = payload.get("usage", {}).get("outputTokens", answer.output_tokens)
    answer.calls += [(name, _arguments(text)) for name, text in calls.values()]
    return answer


def _add_converse(payload: dict[str, Any], answer: Answer) -> None:
    for block in payload["output"]["message"]["content"]:
        answer.text += block.get("text", "")
        answer.text += "".join(p["text"] for p in block.get("citationsContent", {}).get("content", []))
        answer.reasoning += block.get("reasoningContent", {}).get("reasoningText", {}).get("text", "")
        if "toolUse" in block:
            answer.calls.append((block["toolUse"]["name"], block["toolUse"]["input"]))


def _cohere(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    calls: dict[int, list[str]] = {}
    for _, payload in payloads:
        message = payload.get("message") or (payload.get("delta") or {}).get("message") or {}
        contents = message.get("content") or []
        for content in contents if isinstance(contents, list) else [contents]:
            answer.text += content.get("text", "")
            answer.reasoning += content.get("thinking", "")
        answer.reasoning += message.get("tool_plan") or ""
        found = message.get("tool_calls") or []
        for place, call in enumerate(found if isinstance(found, list) else [found]):
            entry = calls.setdefault(payload.get("index", place), ["", ""])
            entry[0] += call["function"].get("name", "")
            entry[1] += call["function"].get("arguments", "")
        usage = payload.get("usage") or (payload.get("delta") or {}).get("usage") or {}
        answer.output_tokens = usage.get("tokens", {}).get("output_tokens", answer.output_tokens)
        finish = payload.get("finish_reason") or (payload.get("delta") or {}).get("finish_reason")
        answer.finish = finish or answer.finish
    answer.calls = [(name, _arguments(text)) for name, text in calls.values()]
    return answer


def _ollama(payloads: list[tuple[str, Any]]) -> Answer:
    answer = Answer()
    for _, payload in payloads:
        message = payload.get("message") or {}
        answer.text += message.get("content") or payload.get("response") or ""
        answer.reasoning += message.get("thinking") or payload.get("thinking") or ""
        for call in message.get("tool_calls") or []:
            answer.calls.append((call["function"]["name"], call["function"]["arguments"]))
        answer.finish = payload.get("done_reason") or answer.finish
        answer.output_tokens = payload.get("eval_count", answer.output_tokens)
    return answer


_READERS = {
    "completions": _completions,
    "chat": _chat,
    "anthropic": _anthropic,
    "responses": _responses,
    "gemini": _gemini,
    "converse": _converse,
    "cohere": _cohere,
    "ollama": _ollama,
}
