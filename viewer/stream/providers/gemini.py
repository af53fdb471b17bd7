"""Gemini `generateContent` and `streamGenerateContent`, on the Gemini API and on Vertex.

https://ai.google.dev/api/generate-content. Every chunk has the shape of a whole answer: candidates with
parts. A function call comes whole, its arguments an object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    decode,
    element_texts,
    integer,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import media_part, parameters_of, tool_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter, Facts
from viewer.stream.providers.logprobs import of_candidate, tell_logprobs
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Tool, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_SHAPE = {"candidates", "usageMetadata", "promptFeedback"}
_PATHS = ("generateContent", "streamGenerateContent", "countTokens")
_FINISHED = {"STOP", "MAX_TOKENS"}
_REFUSED = ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE")
"""How the reasons end that are the service's refusals; those of images have a word before it."""
_PART = {"text", "thought", "thoughtSignature", "functionCall", "functionResponse", "executableCode"}
_PART |= {
    "codeExecutionResult",
    "inlineData",
    "inline_data",
    "fileData",
    "file_data",
    "toolCall",
    "toolResponse",
}
"""Members of a part that are read here; what others hold is kept as it is."""
_SEARCHED = ("webSearchQueries", "imageSearchQueries", "retrievalQueries")
_REASONS = (
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
)
"""Vertex's enum in order of its numbers, which answers asked for with `$alt=json;enum-encoding=int` hold."""
_TEXT = PartKind.TEXT  # an enum's member takes as long to look up as a call
_SILENT = frozenset(("candidates", "usageMetadata", "responseId", "createTime", "modelVersion"))


class Gemini:
    """Reads Gemini's content generation."""

    name = "Gemini"

    def fit(self, clue: Clue) -> int:
        """Answers are candidates; errors are known by the method's name in the path."""
        if any(isinstance(payload, dict) and _SHAPE & payload.keys() for payload in clue.payloads):
            return SURE
        return LIKELY + 10 if any(method in clue.path for method in _PATHS) else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk or the whole answer."""
        if isinstance(payload, list):  # errors of a stream come as an array of one
            for item in payload:
                self.read(item, event, out)
            return
        if not isinstance(payload, dict):
            return
        get = payload.get
        model, identity = get("modelVersion") or get("model"), get("responseId")
        if (model, identity) != out.said:  # every chunk says them
            out.start(
                model=model if isinstance(model, str) else "",
                id=identity if isinstance(identity, str) else "",
            )
        candidates = get("candidates")
        if type(candidates) is list:
            text = event.data
            texts = element_texts(member_text(text, "candidates")) if '"functionCall"' in text else ()
            for position, candidate in enumerate(candidates):
                _read_candidate(candidate, position, texts[position] if position < len(texts) else "", out)
        is_counted = "usageMetadata" in payload
        if is_counted:
            out.usage(_read_usage(payload))
        if len(payload) > (candidates is not None) + is_counted + (model is not None) + (
            identity is not None
        ):
            _read_beside_candidates(payload, out)
        if not out.has_written and _SILENT & payload.keys():
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """System instruction, contents, tools and parameters of a request."""
        messages = []
        for name in ("systemInstruction", "system_instruction"):
            if payload.get(name):
                messages.append(Message("system", tuple(_asked_parts(payload[name]))))
        contents = payload.get("contents")
        for content in contents if isinstance(contents, list) else [contents] if contents else []:
            role = {"model": "assistant", "function": "tool"}.get(string(content, "role"), "user")
            messages.append(Message(role, tuple(_asked_parts(content))))
        shown = ("systemInstruction", "system_instruction", "contents", "tools", "model")
        return Conversation(
            tuple(messages),
            _tools(text),
            parameters_of(text, *shown),
            string(payload, "model").removeprefix("models/"),
            self.name,
        )


def _read_beside_candidates(payload: Any, out: DeltaWriter) -> None:
    if "modelStatus" in payload:
        out.rest("model status", string(payload, "modelStatus", "message") or spell(payload["modelStatus"]))
    blocked = string(payload, "promptFeedback", "blockReason") if "promptFeedback" in payload else ""
    if blocked:
        out.append(PartKind.REFUSAL, string(payload, "promptFeedback", "blockReasonMessage") or blocked)
        out.finish(blocked)
        _read_ratings(mapping(payload, "promptFeedback"), 0, out)
    if "totalTokens" in payload:
        out.usage(_read_usage(payload))
    error = mapping(payload, "error") if "error" in payload else {}
    if error:
        status = string(error, "status")
        out.error(string(error, "message") or spell(error), (("status", status),) if status else ())


def _read_candidate(candidate: Any, position: int, text: str, out: DeltaWriter) -> None:
    """A candidate; `text` is its JSON where it may hold function calls."""
    index = candidate.get("index", position)
    choice = index if type(index) is int else position
    content = candidate.get("content") or {}
    if content.get("role") == "model":
        out.start_assistant(choice)
    texts = element_texts(member_text(text, "content", "parts")) if text else ()
    for place, part in enumerate(content.get("parts") or ()):
        said = part.get("text")
        if len(part) == 1 and type(said) is str:
            out.append(_TEXT, said, choice)
        else:
            _read_part(part, texts[place] if place < len(texts) else "", choice, out)
    if len(candidate) > ("content" in candidate) + ("index" in candidate):
        _read_beside_content(candidate, choice, out)


def _read_beside_content(candidate: JsonObject, choice: int, out: DeltaWriter) -> None:
    if (
        "groundingMetadata" in candidate
        or "citationMetadata" in candidate
        or "urlContextMetadata" in candidate
    ):
        _read_sources(candidate, choice, out)
    if "logprobsResult" in candidate:
        tell_logprobs(of_candidate(mapping(candidate, "logprobsResult")), out, choice)
    if "safetyRatings" in candidate:
        _read_ratings(candidate, choice, out)
    if "finishReason" in candidate:
        _read_finish(candidate, choice, out)


def _read_finish(candidate: JsonObject, choice: int, out: DeltaWriter) -> None:
    reason = _reason(candidate["finishReason"])
    if not reason:
        return
    out.finish(reason, choice)
    message = string(candidate, "finishMessage")
    if message and reason not in _FINISHED:
        out.error(message, (("reason", reason),))
    elif reason.endswith(_REFUSED):
        out.append(PartKind.REFUSAL, reason, choice)


def _read_ratings(holder: JsonObject, choice: int, out: DeltaWriter) -> None:
    """What the safety filters stopped; harmless ratings are not told."""
    for rating in objects(holder, "safetyRatings"):
        if rating.get("blocked") is True:
            category, chance = string(rating, "category"), string(rating, "probability")
            out.rest("safety", f"{category} {chance}".strip(), choice)


def _read_sources(candidate: JsonObject, choice: int, out: DeltaWriter) -> None:
    """Pages, documents and places that the answer rests on; every chunk may repeat those of the ones before."""
    grounding = mapping(candidate, "groundingMetadata")
    for source in objects(grounding, "groundingChunks"):
        _read_source(next((held for held in source.values() if isinstance(held, dict)), {}), choice, out)
    for name in _SEARCHED:
        for query in sequence(grounding, name):
            if out.first(("query", choice, name, spell(query))):
                out.rest("searched for", spell(query), choice)
    for name in ("citationSources", "citations"):
        for source in objects(candidate, "citationMetadata", name):
            url = string(source, "uri")
            title = string(source, "title") or string(source, "license")
            out.cite(("citation", choice, url, title), title, url, choice)
    for page in objects(candidate, "urlContextMetadata", "urlMetadata"):
        url, status = string(page, "retrievedUrl"), string(page, "urlRetrievalStatus")
        shown = status.removeprefix("URL_RETRIEVAL_STATUS_").lower()
        out.cite(("page", choice, url), f"read: {shown}" if shown else "read", url, choice)


def _read_source(source: JsonObject, choice: int, out: DeltaWriter) -> None:
    url = string(source, "uri") or string(source, "sourceUri") or string(source, "imageUri")
    title, text = string(source, "title"), string(source, "text") or string(source, "ragChunk", "text")
    facts: Facts = (("url", url),) if url else ()
    key = ("citation", choice, url, title, text)
    out.once(key, PartKind.CITATION, text, name=title, facts=facts, choice=choice, aside=True)


def _reason(value: Any) -> str:
    """A finish reason by name; by number where it was sent so."""
    if type(value) is int:
        return _REASONS[value] if 0 <= value < len(_REASONS) else str(value)
    return value if isinstance(value, str) else ""


def _read_part(part: JsonObject, text: str, choice: int, out: DeltaWriter) -> None:
    signature = string(part, "thoughtSignature")
    if isinstance(part.get("text"), str):
        kind = PartKind.REASONING if part.get("thought") is True else PartKind.TEXT
        out.append(kind, part["text"], choice)
        if signature:
            out.mark(kind, (("signature", signature),), choice)
    for found in _parts_of_part(part, text):
        if found.kind is PartKind.AUDIO and found.media is not None and found.media.base64:
            key = ("sound", choice, found.media.type)  # speech is streamed in pieces
            out.block(key, found.kind, media=found.media, choice=choice, aside=True)
            continue
        _write(found, choice, out)


def _write(found: Part, choice: int, out: DeltaWriter) -> None:
    name, call_id, facts = found.name, found.call_id, found.facts
    if found.kind is PartKind.TOOL_CALL and not name:  # arguments that go on
        out.block(("call", choice), found.kind, found.text, call_id=call_id, facts=facts, choice=choice)
        return
    if found.kind is PartKind.TOOL_CALL:
        out.leave(("call", choice))
        out.block(
            ("call", choice), found.kind, found.text, name=name, call_id=call_id, facts=facts, choice=choice
        )
        return
    out.part(
        found.kind, found.text, name=name, call_id=call_id, facts=facts, media=found.media, choice=choice
    )


def _parts_of_part(part: JsonObject, text: str) -> list[Part]:
    """What a part holds beside text. `text` is its JSON, where arguments are taken from as spelled."""
    found: list[Part] = []
    signature = string(part, "thoughtSignature")
    facts: Facts = (("signature", signature),) if signature else ()
    if isinstance(part.get("functionCall"), dict):
        call = part["functionCall"]
        arguments = member_text(text, "functionCall", "args") or _arguments(call)
        found.append(
            Part(PartKind.TOOL_CALL, arguments, string(call, "name"), string(call, "id"), facts=facts)
        )
    if isinstance(part.get("functionResponse"), dict):
        answer = part["functionResponse"]
        result = spell(answer.get("response", ""))
        found.append(Part(PartKind.TOOL_RESULT, result, string(answer, "name"), string(answer, "id")))
        for piece in objects(answer, "parts"):
            found += _parts_of_part(piece, "")
    if isinstance(part.get("toolCall"), dict):
        call = part["toolCall"]
        name, call_id = string(call, "toolType") or "tool", string(call, "id")
        facts = (("kind", "toolCall"), *facts)
        found.append(Part(PartKind.TOOL_CALL, _arguments(call), name, call_id, facts=facts))
    if isinstance(part.get("toolResponse"), dict):
        answer = part["toolResponse"]
        result = spell(answer.get("response", ""))
        found.append(Part(PartKind.TOOL_RESULT, result, string(answer, "toolType"), string(answer, "id")))
    if isinstance(part.get("executableCode"), dict):
        code = string(part, "executableCode", "code")
        language = string(part, "executableCode", "language").lower()
        facts = (("kind", "executableCode"), ("language", language), *facts)
        found.append(Part(PartKind.TOOL_CALL, code, "code execution", facts=facts))
    if isinstance(part.get("codeExecutionResult"), dict):
        result = string(part, "codeExecutionResult", "output")
        outcome = string(part, "codeExecutionResult", "outcome")
        failed = (("outcome", outcome),) if outcome and outcome != "OUTCOME_OK" else ()
        found.append(Part(PartKind.TOOL_RESULT, result, "code execution", facts=failed))
    for inline in ("inlineData", "inline_data"):
        if isinstance(part.get(inline), dict):
            media_type = string(part, inline, "mimeType") or string(part, inline, "mime_type")
            name = string(part, inline, "displayName")
            found.append(media_part(media_type, string(part, inline, "data"), name=name))
    for file in ("fileData", "file_data"):
        if isinstance(part.get(file), dict):
            media_type = string(part, file, "mimeType") or string(part, file, "mime_type")
            url = string(part, file, "fileUri") or string(part, file, "file_uri")
            found.append(media_part(media_type, url=url, name=string(part, file, "displayName")))
    if not part.keys() <= _PART:
        found += [Part(PartKind.OTHER, spell(part[name]), name) for name in part.keys() - _PART]
    return found


def _arguments(call: JsonObject) -> str:
    """A call's arguments where no text is left of them; those that come in pieces a line each."""
    if "partialArgs" in call:
        return "".join(f"{spell(piece)}\n" for piece in objects(call, "partialArgs"))
    if "name" not in call and "args" not in call:
        return ""
    return spell(call.get("args") or {})


def _asked_parts(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)]
    found: list[Part] = []
    parts = content.get("parts") if isinstance(content, dict) else []
    for part in parts if isinstance(parts, list) else [parts]:
        if not isinstance(part, dict):
            continue
        if string(part, "text"):
            kind = PartKind.REASONING if part.get("thought") is True else PartKind.TEXT
            found.append(Part(kind, string(part, "text")))
        found += _parts_of_part(part, "")
    return found


def _tools(text: str) -> tuple[Tool, ...]:
    tools: list[Tool] = []
    for item in element_texts(member_text(text, "tools")):
        declared = member_text(item, "functionDeclarations") or member_text(item, "function_declarations")
        tools += [tool_of(function) for function in element_texts(declared)]
        if not declared:
            built_in = decode(item)
            name = next(iter(built_in), "") if isinstance(built_in, dict) else ""
            tools.append(Tool(name, schema=item))
    return tuple(tools)


def _read_usage(payload: JsonObject) -> Usage:
    counted = payload.get("usageMetadata")
    get = counted.get if type(counted) is dict else payload.get
    input_, output, total = get("promptTokenCount"), get("candidatesTokenCount"), get("totalTokenCount")
    cached, reasoning = get("cachedContentTokenCount"), get("thoughtsTokenCount")
    return Usage(
        input_ if type(input_) is int else integer(input_),
        output if type(output) is int else integer(output),
        total if type(total) is int else integer(payload.get("totalTokens") if total is None else total),
        None if cached is None else integer(cached),
        reasoning=None if reasoning is None else integer(reasoning),
    )
