"""Every format in every style that a YAML or JSON library, a formatter or a person may give it.

One value a format, with contents that look like structure, is written in many ways. Each file has to be told for what
it is, to mean what PyYAML or json makes of it, to keep its bytes, and to take edits after which a loader finds the
new value and nothing else changed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cassette.formats.independent import Expected, Message, read
from tests.cassette.formats.test_corpus import compare
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.source import source_of
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction, MoveInteraction

# fmt: off
TRAP = (
    "- request:\n    uri: x\n- id: 1\n\ninteractions:\n  version: 2\n\t tab: 'it''s' \"q\" \\n #no\n\n\n"
    "  é 日本 😀 \n"
)
# fmt: on
LONG = '{"text": "' + 'word, it\'s a \\"word\\": ' * 9 + 'é", "url": "https://x.test/a?b=c&d=%20"}'


def go_vcr(version: int) -> Any:
    def entry(number: int, body: str) -> Any:
        found: dict[str, Any] = {
            "request": {"body": body, "form": {}, "headers": {"Accept": ["*/*"], "X-A": ["1", "b: c"]},
                        "url": f"https://x.test/{number}?a=b#c", "method": "POST"},
            "response": {"body": TRAP + body, "headers": {"Content-Type": ["text/plain; charset=utf-8"]},
                         "status": "200 OK", "code": 200, "duration": "1.5s"},
        }  # fmt: skip
        if version == 1:
            return found
        length = len(body.encode())
        return {
            "id": number,
            "request": {"proto": "HTTP/1.1", "proto_major": 1, "content_length": length, "trailer": {},
                        "host": "x.test", "transfer_encoding": [], **found["request"]},
            "response": {"proto": "HTTP/2.0", "content_length": -1, "uncompressed": True, **found["response"]},
        }  # fmt: skip

    return {"version": version, "interactions": [entry(0, ""), entry(1, LONG), entry(2, "a: b\n")]}


def vcrpy(**more: Any) -> Any:
    def entry(number: int, body: str | None) -> Any:
        return {
            "request": {"body": body, "headers": {"Accept": ["*/*"], "User-Agent": ["a: b #c"]}, "method": "PUT",
                        "uri": f"http://x.test/{number}?q=ü"},
            "response": {"body": {"string": TRAP}, "headers": {"Set-Cookie": ["a=1", "b=2; p='x'"]},
                         "status": {"code": 201, "message": "Created"}},
        }  # fmt: skip

    entries = [entry(0, None), entry(1, LONG), entry(2, "")]
    entries[1]["response"]["body"]["string"] = ""
    return {"interactions": entries, "version": 1, **more}


def vcrpy_old() -> Any:
    return vcrpy()["interactions"]


def langchain() -> Any:
    entries = vcrpy()["interactions"]
    return {
        "requests": [one["request"] for one in entries],
        "responses": [one["response"] for one in entries],
    }


def pydantic_ai() -> Any:
    value = vcrpy()
    tree = {
        "a": [1, 2.5, None, True, {"b": TRAP}],
        "empty": [],
        "none": {},
        "text": LONG,
        "yes": "no",
        "number": "1",
    }
    for entry in value["interactions"]:
        del entry["request"]["body"], entry["response"]["body"]
        entry["request"]["parsed_body"] = tree
        entry["response"]["parsed_body"] = {**tree, "id": 1}
    return value


def ruby_vcr(name: str, **body: str) -> Any:
    def entry(number: int, text: str) -> Any:
        return {
            "request": {"method": "post", "uri": f"http://x.test/{number}", "headers": {"Accept": ["*/*"]},
                        "body": {"encoding": "UTF-8", "string": text}},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {"Content-Type": ["text/plain"]},
                         "body": {"encoding": "UTF-8", "string": TRAP + text}, "http_version": None},
            "recorded_at": "Tue, 01 Nov 2011 04:58:44 GMT",
        }  # fmt: skip

    return {"http_interactions": [entry(0, ""), entry(1, LONG), entry(2, "x")], "recorded_with": name}


def r_vcr() -> Any:
    value = ruby_vcr("VCR-vcr/2.0.0")
    for entry in value["http_interactions"]:
        entry["response"]["status"] = 200
        entry["response"]["headers"] = {"content-type": "text/plain", "x": "a: b"}
        entry["request"]["headers"] = {"Accept": "*/*"}
    return value


def har(**more: Any) -> Any:
    def entry(number: int, text: str) -> Any:
        asked = {"method": "POST", "url": f"https://x.test/{number}", "httpVersion": "HTTP/1.1", "cookies": [],
                 "headers": [{"name": "Accept", "value": "*/*"}, {"name": "B", "value": "c: d"}], "queryString": [],
                 "postData": {"mimeType": "application/json", "text": text}, "headersSize": -1,
                 "bodySize": -1}  # fmt: skip
        answered = {"status": 200, "statusText": "OK", "httpVersion": "h2", "cookies": [], "redirectURL": "",
                    "headers": [{"name": "content-type", "value": "text/plain"}], "headersSize": -1, "bodySize": 5,
                    "content": {"size": len(TRAP.encode()), "mimeType": "text/plain", "text": TRAP}}  # fmt: skip
        return {"startedDateTime": "2024-01-02T03:04:05.678Z", "time": 12.5, "request": asked, "response": answered,
                "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 2}, **more.get("entry", {})}  # fmt: skip

    entries = [entry(number, text) for number, text in enumerate(("", LONG, "a"))]
    if "_recordingName" in more:
        for number, one in enumerate(entries):
            one.update({"_id": "0053563c13b96bdde5d2dd349b7656d" + str(number), "_order": 0})
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [], "entries": entries}
    return {"log": {**log, **more}}


def php_vcr() -> Any:
    value = []
    for number, one in enumerate(go_vcr(1)["interactions"]):
        asked = {
            "method": "POST",
            "url": one["request"]["url"],
            "headers": {"Host": "x.test", "Accept": "*/*"},
        }
        status = {"http_version": "1.1", "code": "200", "message": "OK"}
        answered = {"status": status, "headers": {"A": "b", "Set-Cookie": ["a", "b"]}, "body": TRAP}
        value.append(
            {"request": {**asked, "body": one["request"]["body"]}, "response": answered, "index": number}
        )
    return value


def exvcr() -> Any:
    def entry(number: int, text: str) -> Any:
        return {
            "request": {"body": text, "headers": {"A": "b"}, "method": "post", "options": [], "request_body": "",
                        "url": f"http://x.test/{number}"},
            "response": {"binary": False, "body": TRAP, "headers": {"C": "d"}, "status_code": 200, "type": "ok"},
        }  # fmt: skip

    return [entry(0, ""), entry(1, LONG)]


def easyvcr() -> Any:
    asked = {
        "Body": LONG,
        "ContentHeaders": {},
        "Method": "POST",
        "RequestHeaders": {"A": "b"},
        "Uri": "http://x.test/",
    }
    answered = {"Body": TRAP, "ContentHeaders": {"C": "d"}, "HttpVersion": "1.1", "ResponseHeaders": {"E": "f"},
                "Status": {"Code": 200, "Message": "OK"}}  # fmt: skip
    return [
        {"Duration": 298, "RecordedAt": "2022-06-13T11:34:57-06:00", "Request": asked, "Response": answered}
    ] * 2


def _unshared(value: Any) -> Any:
    """The value without two places that are one object, for which PyYAML would write an anchor."""
    return json.loads(json.dumps(value))


VALUES: dict[str, tuple[str, Any, str]] = {
    "go-vcr v1": ("go-vcr-v1", go_vcr(1), "yaml"),
    "go-vcr v2": ("go-vcr-v2", go_vcr(2), "yaml"),
    "vcrpy": ("vcrpy-yaml", vcrpy(), "yaml"),
    "vcrpy JSON": ("vcrpy-json", vcrpy(), "json"),
    "langchain": ("vcrpy-gz", langchain(), "yaml"),
    "pydantic-ai": ("pydantic-ai", pydantic_ai(), "yaml"),
    "Ruby VCR": ("ruby-vcr", ruby_vcr("VCR 6.3.1"), "yaml"),
    "Ruby VCR JSON": ("ruby-vcr-json", ruby_vcr("VCR 2.4.0"), "json"),
    "Betamax": ("betamax-json", ruby_vcr("betamax/0.9.0"), "json"),
    "rvcr": ("rvcr-json", ruby_vcr("rVCR 0.1.5"), "json"),
    "R vcr": ("r-vcr", r_vcr(), "both"),
    "HAR": ("har", har(), "json"),
    "Polly.js": ("polly-har", har(_recordingName="a/b"), "both"),
    "php-vcr": ("php-vcr", php_vcr(), "both"),
    "ExVCR": ("exvcr-json", exvcr(), "json"),
    "EasyVCR": ("easyvcr-json", easyvcr(), "json"),
    "vcrpy 0.x": ("vcrpy-0x", vcrpy_old(), "both"),
}


class _Indented(yaml.SafeDumper):
    """Indents lists in mappings, as go-yaml, prettier and ruamel can."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _dumper(base: type = yaml.SafeDumper, **options: Any) -> Callable[[Any], str]:
    def dump(value: Any) -> str:
        return str(yaml.dump(value, Dumper=base, sort_keys=False, **options))

    return dump


class _Literal(_Indented):
    """Multi-line strings as literal blocks, which PyYAML allows for text without trailing blanks alone."""


_Literal.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, "|" if "\n" in text else None
    ),
)
_PLAIN = _dumper()


def _by_lines(change: Callable[[int, str], str]) -> Callable[[Any], str]:
    return lambda value: "".join(
        change(at, line) for at, line in enumerate(_PLAIN(value).splitlines(keepends=True))
    )


YAML_STYLES: dict[str, Callable[[Any], str]] = {
    "PyYAML": _PLAIN,
    "C": _dumper(yaml.CSafeDumper, width=100),
    "sorted": lambda value: str(yaml.safe_dump(value)),
    "unicode, wide": _dumper(width=10_000, allow_unicode=True),
    "narrow": _dumper(width=20),
    "indented lists": _dumper(_Indented),
    "indented lists by 4": _dumper(_Indented, indent=4),
    "indent 3": _dumper(indent=3),
    "indent 8": _dumper(_Indented, indent=8),
    "all in double quotes": _dumper(default_style='"'),
    "all in single quotes": _dumper(default_style="'"),
    "literal blocks": _dumper(_Literal, allow_unicode=True),
    "leaves in flow style": _dumper(default_flow_style=None),
    "flow style": _dumper(default_flow_style=True),
    "flow style on one line": _dumper(default_flow_style=True, width=10**9),
    "canonical": _dumper(canonical=True),
    "document start": _dumper(explicit_start=True),
    "document end": _dumper(explicit_start=True, explicit_end=True),
    "YAML directive": _dumper(explicit_start=True, version=(1, 1)),
    "a comment in front": lambda value: "# recorded by hand\n\n" + _PLAIN(value),
    "a comment behind": lambda value: _PLAIN(value) + "# end\n\n",
    "start with a comment": lambda value: "--- # recorded\n" + _PLAIN(value),
    "start with a blank": lambda value: "--- \n" + _PLAIN(value),
    "two starts": lambda value: "---\n\n" + _PLAIN(value) + "\n\n",
    "no final newline": lambda value: _PLAIN(value).rstrip("\n"),
    "blanks behind keys": lambda value: _PLAIN(value).replace(":\n", ": \n"),
    "comments behind keys": lambda value: _PLAIN(value).replace("s:\n", "s:  # here\n"),
    "comments between entries": lambda value: _PLAIN(value).replace("\n- ", "\n# next\n- "),
    "indented comments": lambda value: _PLAIN(value).replace("\n- ", "\n\n    # next: one\n\n- "),
    "wide markers": _dumper(indent=2),
    "JSON": lambda value: "---\n" + json.dumps(value, indent=2, ensure_ascii=False),
}
JSON_STYLES: dict[str, Callable[[Any], str]] = {
    "one line": json.dumps,
    "compact": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "indent 0": lambda value: json.dumps(value, indent=0),
    "indent 1": lambda value: json.dumps(value, indent=1, ensure_ascii=False),
    "indent 2, sorted": lambda value: json.dumps(value, indent=2, sort_keys=True),
    "indent 4": lambda value: json.dumps(value, indent=4) + "\n",
    "tabs": lambda value: json.dumps(value, indent="\t", ensure_ascii=False) + "\n\n",
    "blanks around": lambda value: "\n \t" + json.dumps(value, indent=4, separators=(" ,", " : ")) + " \n\n",
}
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "zlib": lambda text: zlib.compress(text.encode()),
}


def _styles(syntax: str) -> Iterator[tuple[str, Callable[[Any], str]]]:
    if syntax != "json":
        yield from ((f"YAML, {name}", style) for name, style in YAML_STYLES.items())
    if syntax != "yaml":
        yield from ((f"JSON, {name}", style) for name, style in JSON_STYLES.items())


CASES = [
    pytest.param(name, style, id=f"{name}: {how}")
    for name, (_, _, syntax) in VALUES.items()
    for how, style in _styles(syntax)
]


@pytest.mark.parametrize(("name", "style"), CASES)
def test_a_style_is_told_read_and_kept(name: str, style: Callable[[Any], str]) -> None:
    folder, value = VALUES[name][0], _unshared(VALUES[name][1])
    text = style(value)
    expected = read(text.encode(), folder)
    for how, encode in ENCODINGS.items():
        data = encode(text)
        cassette = Cassette.of(source_of(data))
        assert cassette.format.name == name, how
        compare(cassette, expected, Path(how))
        assert cassette.to_bytes() == data, how


EDITABLE = [case for case in CASES if case.values[0] not in ("php-vcr", "ExVCR", "EasyVCR", "rvcr")]


def _after(data: bytes, *edits: Edit) -> bytes:
    """The file after the edits; undoing them must give the old bytes."""
    cassette = Cassette.of(source_of(data))
    exchanges = []
    for edit in edits:
        exchanges.append(edit.exchange(cassette))
        cassette.apply(exchanges[-1])
    new = cassette.to_bytes()
    for exchange in reversed(exchanges):
        cassette.apply(exchange.inverse())
    assert cassette.to_bytes() == data
    if len(cassette) > sum(len(edit.positions) for edit in edits if isinstance(edit, DeleteInteractions)):
        # The empty cassettes of some formats are alike.
        assert Cassette.of(source_of(new)).format.name == cassette.format.name
    return new


@pytest.mark.parametrize(("name", "style"), EDITABLE)
def test_edits_in_a_style_change_what_was_asked(name: str, style: Callable[[Any], str]) -> None:
    folder, value = VALUES[name][0], _unshared(VALUES[name][1])
    text = style(value)
    # The two ways to end lines take turns.
    data = ENCODINGS["CRLF" if len(text) % 2 else "UTF-8"](text)

    def expected() -> list[Expected | None]:
        return read(data, folder)

    def changed(entries: list[Expected | None], at: int) -> Expected:
        found = entries[at]
        assert found is not None
        return found

    text = json.dumps({"new": "x: y #z\n- é"}) if name == "pydantic-ai" else "x: 'y' #z\n\n - é 😀\n"
    at = 1
    wanted = expected()
    one = changed(wanted, at)
    one.request.first = ("PATCH", "https://y.test/a?b=c#d: e")
    assert one.response is not None
    one.response.first = (503,)
    edits = (SetMethod(at, "PATCH"), SetUrl(at, "https://y.test/a?b=c#d: e"), SetStatus(at, 503))
    assert read(_after(data, *edits), folder) == wanted
    wanted = expected()
    one = changed(wanted, at)
    one.request.headers[0] = (one.request.headers[0][0], "new: 'v'")
    assert (
        read(_after(data, SetHeader(at, Side.REQUEST, 0, one.request.headers[0][0], "new: 'v'")), folder)
        == wanted
    )
    wanted = expected()
    del changed(wanted, at).request.headers[0]
    assert read(_after(data, RemoveHeader(at, Side.REQUEST, 0)), folder) == wanted
    wanted = expected()
    new = read(_after(data, AddHeader(at, Side.REQUEST, "X-Zz", "1")), folder)
    message = changed(new, at).request
    assert ("X-Zz", "1") in message.headers
    message.headers.remove(("X-Zz", "1"))
    assert new == wanted
    for side in Side:
        wanted = expected()
        message = _message(changed(wanted, at), side)
        had_one, message.body = bool(message.body), text.encode()
        assert read(_after(data, SetBodyText(at, side, text)), folder) == wanted
        if had_one:
            message.body = b'""' if name == "pydantic-ai" else b""
            assert read(_after(data, SetBodyText(at, side, message.body.decode())), folder) == wanted
    wanted = expected()
    assert read(_after(data, DuplicateInteraction(0)), folder) == [wanted[0], *wanted]
    assert read(_after(data, DeleteInteractions((1,))), folder) == [wanted[0], *wanted[2:]]
    last = len(wanted) - 1
    assert read(_after(data, MoveInteraction(0, last)), folder) == [*wanted[1:], wanted[0]]
    assert read(_after(data, DeleteInteractions(tuple(range(len(wanted))))), folder) == []


def _message(expected: Expected, side: Side) -> Message:
    message = expected.request if side is Side.REQUEST else expected.response
    assert message is not None
    return message
