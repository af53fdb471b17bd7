"""What differs in every two recordings of the same thing, and so says nothing: ids, dates, request ids.

Two texts that are equal once their noise is masked differ in noise alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from viewer.cassette.patterns import regex

_MASK = "\0"
_LINES_AT_ONCE = 400
# So many characters are searched by one call of each pattern: a line of 10 MB would hold the interpreter's lock for a
# third of a second.
_AT_ONCE = 1 << 17
# Where a longer text is cut: between members or items of JSON (also within a double-quoted scalar), and in front of a
# tag. No noise reaches over such a place.
_CUT = regex(r',(?:(?<=[}\]],)(?=\s*+[{\[])|(?=\s*+\\?"[^"\\]{1,80}+\\?"\s*+:))|(?=<)')

_HEADERS = (
    "age|cf-ray|connection|content[-_]length|date|etag|expires|last-modified|openai-processing-ms|request-id|server-timing|"
    "set-cookie|traceparent|x-amzn-requestid|x-amz-cf-id|x-amz-date|x-cloud-trace-context|x-envoy-[\\w-]++|"
    "x-generation-id|x-github-request-id|(?=[\\w-]{0,60}ratelimit)[\\w-]++|retry-after|x-request-id|x-runtime|"
    "x-served-by|x-timer|anthropic-organization-id|openai-organization|nel|report-to|via|"
    "(?=x-[\\w-]{0,60}(?:time|duration|latency))[\\w-]++"
)
# JSON members whose value is new in every answer, whatever it is.
_MEMBERS = (
    "id|created|created_at|created_time|updated_at|completed_at|request_id|responseId|response_id|item_id|"
    "message_id|thread_id|run_id|call_id|tool_call_id|tool_use_id|trace_id|x_request_id|system_fingerprint|"
    "createTime|obfuscation|encrypted_content|signature|thoughtSignature|total_duration|load_duration|"
    "prompt_eval_duration|eval_duration|queue_time|prompt_time|completion_time|total_time|latencyMs"
)
# Each pattern begins with one fixed character, or has a sign (the first of the two) that does: looking for that
# is many times faster than trying the pattern at every place. The text begins with a newline, so that a line's
# beginning is one.
# A header in YAML: its name, and below it a list of values.
_LISTED = regex(rf"\n([ \t]*(?:{_HEADERS}):[ \t]*)((?:\n[ \t]*- .*)+)", re.I)
_ITEM = regex(r"\n([ \t]*- ).*")
_LINE = regex(rf"\n([ \t]*(?:- )?(?:{_HEADERS}|duration):).*", re.I)
_PATTERNS = (
    (None, re.compile(rf'"((?:{_MEMBERS})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)')),
    # The same within a double-quoted scalar.
    (None, re.compile(rf'\\"((?:{_MEMBERS})\\"\s*:\s*)(?:\\"[^"]*\\"|[-+.\w]+)')),
    # Headers as members of a JSON cassette.
    (None, re.compile(rf'"((?:{_HEADERS})"\s*:\s*(?:\[\s*)?)"(?:[^"\\]|\\.)*"', re.I)),
    (
        re.compile(r"-[0-9a-f]{4}-[0-9a-f]{4}-", re.I),
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I),
    ),
    (
        re.compile(r"[_-][\w-]{8}"),
        re.compile(
            r"\b(?:gen|chatcmpl|cmpl|req|resp|msg|call|toolu|rs|fc|ws|run|step|thread|asst|file|batch)[-_][\w-]{8,}"
        ),
    ),
    (
        re.compile(r":\d\d:\d\d"),
        re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"),
    ),
    (
        re.compile(r":\d\d:\d\d"),
        re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    ),
    # The boundaries of multipart bodies (RFC 2046, 5.1.1), which clients make up anew each time.
    (None, re.compile(r"""-(?<!--)-++[A-Za-z]{0,40}?-*+[0-9A-Fa-f]{16,}""")),
    (None, re.compile(r"""b(?<!\wb)oundary=[^\s;"']+""")),
    (None, re.compile(r"1(?<!\w1)[5-9]\d{8}(?:\d{3})?\b")),
)


def masked(text: str, check: Callable[[], None] = lambda: None) -> str:
    """`text` with every stretch of noise replaced by one mark; `check` is called now and then, and may raise."""
    text = _LINE.sub(_masked_hit, _LISTED.sub(_masked_list, f"\n{text}"))
    return "".join([_masked_part(part) for part in _parts(text, check)])[1:]


def _parts(text: str, check: Callable[[], None]) -> Iterator[str]:
    """A long text in parts, which no noise is in two of."""
    start = 0
    while len(text) - start > 2 * _AT_ONCE:
        check()
        cut = _CUT.search(text, start + _AT_ONCE)
        if cut is None:
            break
        yield text[start : cut.end()]
        start = cut.end()
    yield text[start:]


def _masked_part(text: str) -> str:
    for sign, pattern in _PATTERNS:
        if sign is None or sign.search(text):
            text = pattern.sub(_masked_hit, text)
    return text


def masked_lines(lines: Sequence[str], check: Callable[[], None] = lambda: None) -> list[str]:
    """The lines, each masked as in the whole.

    It takes some at a time, so that other threads get their turn, and calls `check` in between, which may raise.
    """
    result: list[str] = []
    at = 0
    while at < len(lines):
        check()
        end = at + _LINES_AT_ONCE
        # The values of a header stay with its name.
        while end < len(lines) and lines[end].lstrip().startswith("- "):
            end += 1
        some, at = lines[at:end], end
        together = masked("\n".join(some), check).split("\n")
        # Noise over a line's end would join two lines.
        result.extend(together if len(together) == len(some) else map(masked, some))
    return result


def is_noise(left: str, right: str) -> bool:
    """Whether two stretches differ, and differ in noise alone."""
    return left != right and masked(left) == masked(right)


def _masked_list(hit: re.Match[str]) -> str:
    return f"\n{hit[1]}{_ITEM.sub(_masked_hit, hit[2])}"


def _masked_hit(hit: re.Match[str]) -> str:
    """What stays of a hit: the name in front of the value, where the pattern has one, with what leads to it."""
    return f"{hit[0][: hit.start(1) - hit.start()]}{hit[1]}{_MASK}" if hit.lastindex else _MASK
