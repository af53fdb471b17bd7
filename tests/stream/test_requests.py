"""What requests of each API hold beside plain text, as the messages that people read."""

from __future__ import annotations

import json
from typing import Any

from tests.stream.samples import ANTHROPIC, CHAT, COHERE, CONVERSE, GEMINI, OLLAMA, RESPONSES, Sample, reading
from viewer.stream.transcript import Conversation, PartKind

Turns = list[tuple[str, list[tuple[PartKind, str, str]]]]

TEXT, REASONING, CALL = PartKind.TEXT, PartKind.REASONING, PartKind.TOOL_CALL
RESULT, IMAGE, FILE, OTHER = PartKind.TOOL_RESULT, PartKind.IMAGE, PartKind.FILE, PartKind.OTHER
PNG = "data:image/png;base64,AAAA"


def asked(sample: Sample, request: Any) -> Conversation:
    """The conversation of a request to the sample's API."""
    found = reading(sample.url, sample.body, json.dumps(request).encode()).conversation
    assert found is not None
    assert not found.notes
    return found


def turns(conversation: Conversation) -> Turns:
    """(role, [(kind, name, text)]) of each message."""
    return [
        (message.role, [(part.kind, part.name, part.text) for part in message.parts])
        for message in conversation.messages
    ]


def test_chat() -> None:
    """Developer prompts, media of every kind, reasoning given back, custom calls, results with pictures."""
    conversation = asked(
        CHAT,
        {
            "model": "m",
            "messages": [
                {"role": "developer", "content": "D"},
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": PNG}},
                        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
                        {
                            "type": "file",
                            "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA"},
                        },
                        {"type": "video_url", "video_url": {"url": "https://v.example"}},
                        {"type": "document_url", "document_url": "https://d.example", "document_name": "D"},
                        {"type": "novel", "x": 1},
                    ],
                },
                {
                    "role": "assistant",
                    "reasoning_details": [
                        {"type": "reasoning.text", "text": "Hm", "signature": "sig"},
                        {"type": "reasoning.encrypted", "data": "secret"},
                    ],
                    "tool_calls": [
                        {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                        {"id": "2", "type": "custom", "custom": {"name": "sql", "input": "SELECT"}},
                    ],
                },
                {
                    "role": "tool",
                    "tool_call_id": "1",
                    "content": [
                        {"type": "text", "text": "42"},
                        {"type": "image_url", "image_url": {"url": PNG}},
                    ],
                },
            ],
            "tools": [{"type": "custom", "custom": {"name": "sql", "description": "Asks"}}],
        },
    )
    assert turns(conversation) == [
        ("developer", [(TEXT, "", "D")]),
        (
            "user",
            [
                (IMAGE, "", ""),
                (PartKind.AUDIO, "", ""),
                (FILE, "a.pdf", ""),
                (FILE, "", ""),
                (FILE, "D", ""),
                (OTHER, "novel", '{"type":"novel","x":1}'),
            ],
        ),
        ("assistant", [(REASONING, "", "Hm"), (CALL, "f", "{}"), (CALL, "sql", "SELECT")]),
        ("tool", [(RESULT, "", "42"), (IMAGE, "", "")]),
    ]
    thought = conversation.messages[2].parts[0]
    assert thought.facts == (("signature", "sig"), ("encrypted", "secret"))
    assert [(tool.name, tool.description) for tool in conversation.tools] == [("sql", "Asks")]


def test_responses() -> None:
    """Items of every kind: reasoning, calls, what came of them, pictures, approvals, references."""
    conversation = asked(
        RESPONSES,
        {
            "model": "gpt",
            "previous_response_id": "r0",
            "instructions": "I",
            "input": [
                {"role": "developer", "content": [{"type": "input_text", "text": "D"}]},
                {"role": "user", "content": [{"type": "input_image", "image_url": PNG}]},
                {"role": "user", "content": [{"type": "input_file", "filename": "a.pdf", "file_data": "AA"}]},
                {
                    "type": "reasoning",
                    "summary": [{"type": "summary_text", "text": "Hm"}],
                    "encrypted_content": "x",
                },
                {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
                {
                    "type": "function_call_output",
                    "call_id": "1",
                    "output": [{"type": "input_image", "image_url": PNG}],
                },
                {"type": "custom_tool_call", "call_id": "2", "name": "sql", "input": "SELECT"},
                {"type": "shell_call", "call_id": "3", "action": {"commands": ["ls", "pwd"]}},
                {"type": "shell_call_output", "call_id": "3", "output": [{"stdout": "a", "stderr": "b"}]},
                {
                    "type": "apply_patch_call",
                    "call_id": "4",
                    "operation": {"type": "update_file", "path": "p", "diff": "+x"},
                },
                {
                    "type": "code_interpreter_call",
                    "id": "5",
                    "code": "1",
                    "outputs": [{"type": "logs", "logs": "L"}],
                },
                {"type": "mcp_approval_response", "approval_request_id": "6", "approve": True},
                {"type": "image_generation_call", "id": "7", "result": "AAAA"},
                {"type": "item_reference", "id": "8"},
            ],
        },
    )
    assert turns(conversation) == [
        ("system", [(TEXT, "", "I")]),
        ("developer", [(TEXT, "", "D")]),
        ("user", [(IMAGE, "", "")]),
        ("user", [(FILE, "a.pdf", "")]),
        ("assistant", [(REASONING, "", "Hm")]),
        ("assistant", [(CALL, "f", "{}")]),
        ("tool", [(RESULT, "", "")]),
        ("assistant", [(CALL, "sql", "SELECT")]),
        ("assistant", [(CALL, "shell_call", "ls\npwd")]),
        ("tool", [(RESULT, "", "a\nb")]),
        ("assistant", [(CALL, "apply_patch_call", "+x")]),
        ("assistant", [(CALL, "code_interpreter_call", "1"), (RESULT, "code_interpreter_call", "L")]),
        ("tool", [(RESULT, "mcp_approval_response", "approve: true")]),
        ("assistant", [(IMAGE, "", "")]),
        ("user", [(OTHER, "item_reference", '{"type":"item_reference","id":"8"}')]),
    ]
    assert conversation.messages[6].parts[0].media is not None
    assert conversation.parameters == (("previous_response_id", '"r0"'),)


def test_anthropic() -> None:
    """Documents of each source, found texts, results with several pictures, prefill."""
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
    text = {"type": "text", "text": "T"}
    conversation = asked(
        ANTHROPIC,
        {
            "model": "claude",
            "system": [{"type": "text", "text": "S", "cache_control": {"type": "ephemeral"}}],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "document", "title": "D", "source": {"type": "text", "data": "words"}},
                        {"type": "document", "source": {"type": "url", "url": "https://d.example"}},
                        {
                            "type": "document",
                            "title": "B",
                            "source": {"type": "content", "content": [text, image]},
                        },
                        {"type": "image", "source": {"type": "file", "file_id": "f1"}},
                        {
                            "type": "search_result",
                            "source": "https://s.example",
                            "title": "F",
                            "content": [text],
                        },
                        {"type": "container_upload", "file_id": "f2"},
                    ],
                },
                {
                    "role": "assistant",
                    "content": [
                        {"type": "redacted_thinking", "data": "x"},
                        {"type": "server_tool_use", "id": "1", "name": "web_fetch", "input": {"a": 1}},
                        {
                            "type": "web_fetch_tool_result",
                            "tool_use_id": "1",
                            "content": {"type": "e", "error_code": "no"},
                        },
                    ],
                },
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "2", "content": [image, image]}],
                },
                {"role": "assistant", "content": "{"},
            ],
            "mcp_servers": [],
        },
    )
    assert turns(conversation) == [
        ("system", [(TEXT, "", "S")]),
        (
            "user",
            [
                (FILE, "D", "words"),
                (FILE, "", ""),
                (FILE, "B", "T"),
                (IMAGE, "", ""),
                (IMAGE, "f1", ""),
                (FILE, "F", "T"),
                (FILE, "f2", ""),
            ],
        ),
        (
            "assistant",
            [
                (REASONING, "", ""),
                (CALL, "web_fetch", '{"a":1}'),
                (RESULT, "", '{"type":"e","error_code":"no"}'),
            ],
        ),
        ("user", [(RESULT, "", ""), (IMAGE, "", "")]),
        ("assistant", [(TEXT, "", "{")]),
    ]


def test_gemini() -> None:
    """Files, calls and what came of them, code, a cache."""
    conversation = asked(
        GEMINI,
        {
            "cachedContent": "cachedContents/x",
            "contents": [
                {
                    "role": "user",
                    "parts": [{"fileData": {"mimeType": "video/mp4", "fileUri": "gs://v"}}, {"text": "?"}],
                },
                {
                    "role": "model",
                    "parts": [{"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "s"}],
                },
                {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"r": 2}}}]},
            ],
            "tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "f"}]}],
        },
    )
    assert turns(conversation) == [
        ("user", [(FILE, "", ""), (TEXT, "", "?")]),
        ("assistant", [(CALL, "f", '{"a":1}')]),
        ("user", [(RESULT, "f", '{"r":2}')]),
    ]
    assert [tool.name for tool in conversation.tools] == ["googleSearch", "f"]
    assert conversation.parameters == (("cachedContent", '"cachedContents/x"'),)


def test_converse() -> None:
    """Guarded text, found texts, results with pictures, cache points."""
    conversation = asked(
        CONVERSE,
        {
            "system": [{"guardContent": {"text": {"text": "G"}}}],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"document": {"format": "txt", "name": "D", "source": {"text": "words"}}},
                        {"searchResult": {"source": "s", "title": "F", "content": [{"text": "T"}]}},
                        {"cachePoint": {"type": "default"}},
                        {
                            "toolResult": {
                                "toolUseId": "1",
                                "status": "success",
                                "content": [
                                    {"json": {"a": 1}},
                                    {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
                                ],
                            }
                        },
                    ],
                },
                {"role": "assistant", "content": [{"reasoningContent": {"redactedContent": "x"}}]},
            ],
        },
    )
    assert turns(conversation) == [
        ("system", [(TEXT, "", "G")]),
        (
            "user",
            [
                (FILE, "D", "words"),
                (FILE, "F", "T"),
                (OTHER, "cachePoint", '{"cachePoint":{"type":"default"}}'),
                (RESULT, "", '{"a":1}'),
                (IMAGE, "", ""),
            ],
        ),
        ("assistant", [(REASONING, "", "")]),
    ]


def test_cohere_and_ollama() -> None:
    """Version 1's history and results; pictures and thoughts of a local model."""
    conversation = asked(
        COHERE._replace(url="https://api.cohere.com/v1/chat"),
        {
            "message": "Hi",
            "preamble": "S",
            "chat_history": [{"role": "CHATBOT", "message": "Yes?"}],
            "tool_results": [{"call": {"name": "f"}, "outputs": [{"a": 1}]}],
        },
    )
    assert turns(conversation) == [
        ("system", [(TEXT, "", "S")]),
        ("assistant", [(TEXT, "", "Yes?")]),
        ("user", [(TEXT, "", "Hi")]),
        ("tool", [(RESULT, "f", '[{"a":1}]')]),
    ]
    conversation = asked(
        OLLAMA,
        {
            "messages": [
                {"role": "user", "content": "?", "images": ["AAAA"]},
                {
                    "role": "assistant",
                    "thinking": "Hm",
                    "tool_calls": [{"function": {"name": "f", "arguments": {}}}],
                },
                {"role": "tool", "tool_name": "f", "content": "42"},
            ],
        },
    )
    assert turns(conversation) == [
        ("user", [(TEXT, "", "?"), (IMAGE, "", "")]),
        ("assistant", [(REASONING, "", "Hm"), (CALL, "f", "{}")]),
        ("tool", [(RESULT, "f", "42")]),
    ]
