"""What differs in every two recordings of the same thing, and so says nothing: ids, dates, request ids.

Two texts that are equal once their noise is masked differ in noise alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MASK = "\0"
_LINES_AT_ONCE = 1000

_HEADERS = (
    "age|cf-ray|connection|content[-_]length|date|etag|expires|last-modified|openai-processing-ms|request-id|server-timing|"
    "set-cookie|traceparent|x-amzn-requestid|x-amz-cf-id|x-amz-date|x-cloud-trace-context|x-envoy-[\\w-]+|"
    "x-generation-id|x-github-request-id|[\\w-]*ratelimit[\\w-]*|retry-after|x-request-id|x-runtime|x-served-by|x-timer|"
    "anthropic-organization-id|openai-organization|nel|report-to|via|x-[\\w-]*(?:time|duration|latency)[\\w-]*"
)
# JSON members whose value is new in every answer, whatever it is.
_MEMBERS = (
    "id|created|created_at|created_time|updated_at|completed_at|request_id|responseId|response_id|item_id|"
    "message_id|thread_id|run_id|call_id|tool_call_id|tool_use_id|trace_id|x_request_id|system_fingerprint|"
    "createTime|obfuscation|encrypted_content|signature|thoughtSignature|total_duration|load_duration|"
    "prompt_eval_duration|eval_duration|queue_time|prompt_time|completion_time|total_time|latencyMs"
)
# A header in YAML: its name, and below it a list of values.
_LISTED = re.compile(rf"^([ \t]*(?:{_HEADERS}):[ \t]*\n)((?:[ \t]*- .*(?:\n|$))+)", re.I | re.M)
_ITEM = re.compile(r"^([ \t]*- ).*$", re.M)
_PATTERNS = (
    re.compile(rf"^(\s*(?:- )?(?:{_HEADERS}):).*$", re.I | re.M),
    re.compile(rf'("(?:{_MEMBERS})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)'),
    # The same within a double-quoted scalar.
    re.compile(rf'(\\"(?:{_MEMBERS})\\"\s*:\s*)(?:\\"[^"]*\\"|[-+.\w]+)'),
    # Headers as members of a JSON cassette.
    re.compile(rf'("(?:{_HEADERS})"\s*:\s*(?:\[\s*)?)"(?:[^"\\]|\\.)*"', re.I),
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I),
    re.compile(
        r"\b(?:gen|chatcmpl|cmpl|req|resp|msg|call|toolu|rs|fc|ws|run|step|thread|asst|file|batch)[-_][\w-]{8,}"
    ),
    re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"),
    re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    re.compile(r"\b1[5-9]\d{8}(?:\d{3})?\b"),
    re.compile(r"^(\s*duration: ).*$", re.M),
)


def masked(text: str) -> str:
    """`text` with every stretch of noise replaced by one mark."""
    text = _LISTED.sub(_masked_list, text)
    for pattern in _PATTERNS:
        text = pattern.sub(_masked_hit, text)
    return text


def masked_lines(lines: Sequence[str]) -> list[str]:
    """The lines, each masked as in the whole. Some thousands at a time, so that other threads get their turn."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        end = at + _LINES_AT_ONCE
        # The values of a header stay with its name.
        while end < len(lines) and lines[end].lstrip().startswith("- "):
            end += 1
        some, at = lines[at:end], end
        together = masked("\n".join(some)).split("\n")
        # Noise over a line's end would join two lines.
        result.extend(together if len(together) == len(some) else map(masked, some))
    return result


def is_noise(left: str, right: str) -> bool:
    """Whether two stretches differ, and differ in noise alone."""
    return left != right and masked(left) == masked(right)


def _masked_list(hit: re.Match[str]) -> str:
    return hit[1] + _ITEM.sub(_masked_hit, hit[2])


def _masked_hit(hit: re.Match[str]) -> str:
    """What stays of a hit: the name in front of the value, where the pattern has one."""
    return f"{hit[1]}{_MASK}" if hit.lastindex else _MASK
