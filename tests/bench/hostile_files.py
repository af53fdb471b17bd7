"""Cassettes made to hurt whoever opens them; each is written below a folder, when it is its turn.

A bomb says what it may cost beside an idle program: `memory` in MB and `cpu` in seconds for each way of opening it,
both beside what a file of its size may cost (`MEMORY_PER_MB`, `CPU_PER_MB`), and `hold`, the longest that the
interface's thread may be busy without a look at the next event, in seconds.
"""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path

import brotli
import zstandard

MB = 1_000_000
MILLION = 1_000_000
# The body, its text, the texts of the tabs that show it, and what parses it: some ten copies, more of UTF-16.
MEMORY_PER_MB = 20.0
CPU_PER_MB = 0.1
# Seconds that one interaction more may take, where each is read for its row, which appears at once, and for problems.
LISTED = 0.0006
# What an attempt to run code, to read another file or to fetch something would leave or meet; see `bombs.py`.
CANARY = "canary"
SECRET = "secret.txt"

Make = Callable[[Path], Path]


@dataclass(frozen=True, slots=True)
class Bomb:
    """A hostile cassette; `make` writes it into a folder. `command` is False where only the window looks."""

    name: str
    make: Make
    memory: float = 200
    cpu: float = 5
    hold: float = 0.5
    window: bool = True
    command: bool = True


# --- cassettes around hostile parts


def _write(folder: Path, name: str, parts: Iterable[bytes]) -> Path:
    path = folder / name
    with path.open("wb") as file:
        file.writelines(parts)
    return path


def _entry(body: bytes, headers: str, *, request: bytes = b'""') -> Iterator[bytes]:
    """A vcrpy entry; `body` is the YAML of the response's body, `headers` that of its headers in flow style."""
    yield b"- request:\n    body: " + request + b"\n    headers: {}\n    method: POST\n"
    yield b"    uri: https://api.example.com/v1/chat/completions\n  response:\n    body:\n      string: "
    yield body
    yield f"\n    headers: {{{headers}}}\n    status: {{code: 200, message: OK}}\n".encode()


def _file(*entries: Iterable[bytes]) -> Iterator[bytes]:
    yield b"interactions:\n"
    for entry in entries:
        yield from entry
    yield b"version: 1\n"


def _of_text(text: str, content_type: str = "application/json") -> Iterator[bytes]:
    """A cassette of one answer, in double quotes, which take JSON's escapes."""
    return _file(_entry(json.dumps(text).encode(), f"content-type: [{content_type}]"))


def _of_bytes(raw: bytes, headers: str) -> Iterator[bytes]:
    """A cassette of one answer in base64."""
    return _file(_entry(b"!!binary " + base64.b64encode(raw), headers))


def text(name: str, make: Callable[[], str], content_type: str = "application/json") -> Make:
    """A cassette whose answer is this text."""
    return lambda folder: _write(folder, f"{name}.yaml", _of_text(make(), content_type))


def raw(name: str, make: Callable[[], bytes], headers: str = "content-type: [application/json]") -> Make:
    """A cassette whose answer is these bytes."""
    return lambda folder: _write(folder, f"{name}.yaml", _of_bytes(make(), headers))


def plain(name: str, make: Callable[[], Iterable[bytes]]) -> Make:
    """A file of exactly these bytes."""
    return lambda folder: _write(folder, name, make())


def encoded(name: str, coding: str, make: Callable[[], bytes]) -> Make:
    """A cassette whose answer is compressed."""
    return raw(name, make, f"content-type: [text/plain], content-encoding: ['{coding}']")


def chat(name: str, content: Callable[[], str]) -> Make:
    """A cassette whose answer is a chat's message of this content."""
    return text(name, lambda: json.dumps(_answer(content())))


def _answer(content: object) -> dict[str, object]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }


# --- code, files, addresses


def code(folder: Path) -> Path:
    """Tags that make unsafe loaders call a function, import a module, or build an object."""
    canary = folder / CANARY
    tags = (
        f"!!python/object/apply:os.system ['touch {canary}']",
        f"!!python/object/new:os.system ['touch {canary}']",
        f"!!python/object/apply:subprocess.check_output [[touch, '{canary}']]",
        f"!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{canary}']]",
        f"!!python/object/apply:builtins.open ['{canary}', w]",
        f'!!python/object/apply:builtins.eval [\'open("{canary}", "w")\']',
        "!!python/module:antigravity",
        "!!python/name:os.system",
        f"!ruby/object:Gem::Requirement {{requirements: !ruby/object:Gem::Package {{io: '|touch {canary}'}}}}",
        f"!!js/function \"function() {{ require('fs').writeFileSync('{canary}', '') }}\"",
    )
    entries: list[Iterable[bytes]] = []
    for tag in tags:
        quoted = tag.encode()
        entries.append(_entry(quoted, f"x: [{tag}]", request=quoted))
        entries.append([f"- request: {tag}\n  response: {tag}\n".encode()])
        entries.append([f"- ? {tag}\n  : {tag}\n  request: {{method: GET, uri: /}}\n".encode()])
    return _write(folder, "code.yaml", _file(*entries))


def references(folder: Path) -> Path:
    """Markup of every kind that refers to a file beside the cassette and to an address nobody may be asked for."""
    file = f"file://{folder / SECRET}"
    net = "http://127.0.0.1:9/canary.png"
    bodies = []
    for target in (
        file,
        str(folder / SECRET),
        net,
        "//127.0.0.1:9/x.png",
        "qrc:/x.png",
        "ftp://127.0.0.1:9/x",
    ):
        markdown = (
            f"![picture]({target}) [link]({target}) <img src='{target}'> <{target}>\n\n# ![t]({target})\n"
            f"<style>@import url('{target}'); body {{ background: url({target}) }}</style>\n"
            f"<link rel=stylesheet href='{target}'><iframe src='{target}'></iframe><object data='{target}'>\n"
            f"| ![a]({target}) | b |\n> ![q]({target})\n- ![l]({target})\n```html\n<img src='{target}'>\n```\n"
        )
        svg = (
            f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "{target}"><!ENTITY % p SYSTEM "{target}">]>'
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
            f'<image href="{target}" xlink:href="{target}" width="9" height="9"/><use href="{target}#a"/>'
            f'<style>@import url({target});</style><text>&e;</text><script href="{target}"/></svg>'
        )
        html = f"<!doctype html><html><head><base href='{target}'></head><body>{markdown}{svg}</body></html>"
        image = {"type": "image_url", "image_url": {"url": target}}
        asked = {"model": "m", "messages": [{"role": "user", "content": [image]}]}
        for answer, kind in (
            (json.dumps(_answer(markdown)), "application/json"),
            (json.dumps(_answer([image, {"type": "text", "text": html}])), "application/json"),
            (json.dumps({"created": 1, "data": [{"url": target}]}), "application/json"),
            (html, "text/html"),
            (svg, "image/svg+xml"),
            (svg, "image/png"),
            (markdown, "text/markdown"),
        ):
            request = json.dumps(json.dumps(asked)).encode()
            bodies.append(_entry(json.dumps(answer).encode(), f"content-type: [{kind}]", request=request))
    return _write(folder, "references.yaml", _file(*bodies))


# --- nesting


def _entry_of(value: Iterable[bytes]) -> Iterator[bytes]:
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response: "
    yield from value
    yield b"\n"


def block_nesting() -> Iterator[bytes]:
    """`- - - -` nests with two characters a level; mappings have to be indented."""
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response:\n    "
    yield b"- " * MILLION + b"x\n"


def indented_nesting(levels: int = 8000) -> Iterator[bytes]:
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response:\n"
    for level in range(levels):
        yield b" " * (level + 4) + b"a:\n"


def wide_and_deep() -> str:
    """Half a million items at a depth that still is pretty-printed: an indented line for each fills gigabytes."""
    return "[" * 990 + "1," * 500_000 + "1" + "]" * 990


# --- aliases


def _laughs(first: str, item: str, levels: int = 30, count: int = 10) -> str:
    """Anchors that each hold the one before ten times."""
    lines = [f"a0: &a0 {first}"]
    lines += [
        f"a{level}: &a{level} {item.format(', '.join([f'*a{level - 1}'] * count))}"
        for level in range(1, levels)
    ]
    return "".join(f"      {line}\n" for line in lines)


def laughs_in_tree() -> Iterator[bytes]:
    """A billion laughs where a recorder keeps a JSON body as a tree."""
    tree = _laughs("[lol]", "[{}]")
    return _parsed_bodies(tree)


def _parsed_bodies(tree: str) -> Iterator[bytes]:
    yield b"interactions:\n- request:\n    headers: {content-type: [application/json]}\n    method: POST\n"
    yield b"    parsed_body:\n" + tree.encode() + b"    uri: https://api.example.com/\n"
    yield b"  response:\n    headers: {content-type: [application/json]}\n    parsed_body:\n      x: 1\n"
    yield b"    status: {code: 200, message: OK}\nversion: 1\n"


def merged_laughs() -> Iterator[bytes]:
    """Mappings that each merge the one before ten times; a key that is in none is looked for in all."""
    return _parsed_bodies(_laughs("{lol: 1}", "{{<<: [{}]}}"))


def merged_headers() -> Iterator[bytes]:
    yield b"interactions:\n- x:\n" + _laughs("{lol: 1}", "{{<<: [{}]}}").encode()
    yield b"  request:\n    <<: *a29\n    method: GET\n  response:\n    <<: *a29\n"


def laughs_in_headers() -> Iterator[bytes]:
    yield b"interactions:\n- x:\n" + _laughs("[lol]", "[{}]").encode()
    yield b"  request: {method: GET, uri: /, headers: *a29, body: *a29}\n  response: {headers: {a: *a29}, body: *a29}\n"


def quadratic_aliases() -> Iterator[bytes]:
    """A hundred thousand aliases of one string of 100 kB: ten gigabytes, without any nesting."""
    return _parsed_bodies(f"      a: &a {'x' * 100_000}\n      b: [{', '.join(['*a'] * 100_000)}]\n")


def alias_chain(count: int = 100_000) -> Iterator[bytes]:
    """Each entry refers to the one before."""
    yield b"interactions:\n- request: {method: GET, uri: /, body: &a0 x}\n  response: {}\n"
    for number in range(1, count):
        yield f"- request: {{method: GET, uri: /, body: &a{number} [*a{number - 1}]}}\n  response: {{}}\n".encode()


def deep_aliases() -> Iterator[bytes]:
    """Each anchor is nested 900 deep, and has the one before at its bottom."""
    lines = ["      a0: &a0 x\n"]
    lines += [f"      a{n}: &a{n} {'[' * 900}*a{n - 1}{']' * 900}\n" for n in range(1, 500)]
    return _parsed_bodies("".join(lines))


# --- very many, very long


def numbers(digits: int = 400_000) -> Iterator[bytes]:
    """Numbers whose value takes the square of their length to compute."""
    sixties = ":".join(["59"] * (digits // 3))
    tree = "".join(f"      {name}: {value}\n" for name, value in (
        ("decimal", "9" * digits), ("hexadecimal", "0x" + "f" * digits), ("sixty", sixties), ("float", f"{sixties}.5"),
        ("exponent", "1.0e+" + "9" * digits), ("binary", "0b" + "1" * digits),
    ))  # fmt: skip
    return _parsed_bodies(tree)


def json_numbers() -> str:
    return json.dumps(_answer("x"))[:-1] + f', "usage": {{"prompt_tokens": {"9" * MILLION}}}}}'


def keys(count: int = 10 * MILLION) -> Iterator[bytes]:
    """Keys of a mapping, a million at a time."""
    step = 100_000
    for start in range(0, count, step):
        yield b"".join(b"    k%d: 1\n" % number for number in range(start, start + step))


def yaml_keys() -> Iterator[bytes]:
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response:\n"
    yield from keys()


def yaml_top_keys() -> Iterator[bytes]:
    for chunk in keys():
        yield chunk.replace(b"    ", b"")


def json_keys(count: int = 10 * MILLION) -> Iterator[bytes]:
    step = 100_000
    for start in range(0, count, step):
        yield b"".join(b'"k%d":1,' % number for number in range(start, start + step))


def json_entry_keys() -> Iterator[bytes]:
    yield b'{"http_interactions": [{"request": {"method": "GET", "uri": "/", "headers": {'
    yield from json_keys()
    yield b'"z": 1}}, "response": {}}], "recorded_with": "betamax/0.9.0"}'


def json_top_keys() -> Iterator[bytes]:
    yield b"{"
    yield from json_keys()
    yield b'"interactions": []}'


def json_body_keys() -> Iterator[bytes]:
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response:\n    body:\n      string: '{"
    yield from json_keys()
    yield b'"z":1}\'\n    headers: {content-type: [application/json]}\n    status: {code: 200}\n'


def interactions(count: int = MILLION) -> Iterator[bytes]:
    yield b"interactions:\n"
    yield from repeat(b"- request: {}\n" * 100_000, count // 100_000)


def stream(
    event: bytes, count: int = 10 * MILLION, content_type: str = "text/event-stream"
) -> Iterator[bytes]:
    """A stream of very many events, in a literal block."""
    yield b"interactions:\n- request: {method: POST, uri: 'https://api.openai.com/v1/chat/completions', body: '{}'}\n"
    yield b"  response:\n    body:\n      string: |\n"
    lines = b"".join(b"        " + line + b"\n" if line else b"\n" for line in event.split(b"\n"))
    yield from repeat(lines * 10_000, count // 10_000)
    yield f"    headers: {{content-type: [{content_type}]}}\n    status: {{code: 200, message: OK}}\n".encode()


def quoted_stream(
    event: str, count: int = 10 * MILLION, content_type: str = "application/x-ndjson", *, before: bytes = b""
) -> Iterator[bytes]:
    """The same in double quotes, with something in front of the first event."""
    yield b"interactions:\n- request: {method: POST, uri: 'https://api.openai.com/v1/chat/completions', body: '{}'}\n"
    yield b'  response:\n    body:\n      string: "' + before
    yield from repeat(json.dumps(event)[1:-1].encode() * 10_000, count // 10_000)
    yield f'"\n    headers: {{content-type: [{content_type}]}}\n    status: {{code: 200, message: OK}}\n'.encode()


def aws_stream(count: int = MILLION) -> bytes:
    """The smallest messages of an AWS event stream."""
    prelude = struct.pack(">II", 16, 0)
    message = prelude + struct.pack(">I", zlib.crc32(prelude))
    return (message + struct.pack(">I", zlib.crc32(message))) * count


LINE = [b"x" * MB] * 1000


def long_line(head: bytes, tail: bytes) -> Iterator[bytes]:
    yield head
    yield from LINE
    yield tail


_HEAD = b"interactions:\n- request: {method: GET, uri: /}\n  response:\n    status: {code: 200}\n"
_BODY_HEAD = _HEAD + b"    headers: {}\n    body:\n      string: "


# --- compressed


def zeros_gz(megabytes: int, level: int = 9) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    block = b"\0" * MB
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def zeros_deflate(megabytes: int, bits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    block = b"a" * MB
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def zeros_br(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=24)
    block = b"a" * MB
    return b"".join([*(packer.process(block) for _ in range(megabytes)), packer.finish()])


def zeros_zstd(megabytes: int, window: int = 22) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=window)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    block = b"a" * MB
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def nested_gz(levels: int = 12) -> bytes:
    """gzip inside of gzip: each level a thousand times smaller."""
    data = zeros_gz(1000)
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def text_at_limit(copies: int) -> bytes:
    """JSON that swells just as much as is allowed, compressed several times over."""
    data = json.dumps(_answer("word " * 10_000)).encode()
    data = gzip.compress(b"[" + b",".join([data] * copies) + b"]")
    return gzip.compress(gzip.compress(data))


def many_small_bombs(count: int = 1000) -> Iterator[bytes]:
    bomb = base64.b64encode(zeros_br(16))
    entry = _entry(b"!!binary " + bomb, "content-encoding: [br], content-type: [text/plain]")
    return _file(*repeat(list(entry), count))


def gz_cassette(content: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for part in content:
        yield packer.compress(part)
    yield packer.flush()


def gz_string() -> Iterator[bytes]:
    return gz_cassette(long_line(_BODY_HEAD, b"\n"))


EMPTY_GZ = gzip.compress(b"")
EMPTY_ZSTD = zstandard.ZstdCompressor().compress(b"")
SKIPPED_ZSTD = struct.pack("<II", 0x184D2A50, 0)


# --- pictures

PIXMAP = "content-type: [image/x-portable-pixmap]"


def png(width: int, height: int, *, rows: int = 0, depth: int = 8, color: int = 6) -> bytes:
    """A PNG that claims a size, with as many rows of zeros."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width * channels * depth + 7) // 8)
    pixels = b"".join([*(packer.compress(row) for _ in range(rows)), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def png_with_text() -> bytes:
    """A small PNG whose compressed texts and colour profile swell."""
    zeros = zlib.compress(b"a" * (200 * MB), 9)
    extra = _chunk(b"iCCP", b"x\0\0" + zeros) + _chunk(b"zTXt", b"k\0\0" + zeros) * 20
    whole = png(9, 9, rows=9)
    return whole[:33] + extra + whole[33:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def gif(frames: int, size: int = 65535) -> bytes:
    """A GIF that claims a size, with frames of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", size, size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = (
        b"\x21\xf9\x04\x04\x01\x00\x00\x00"
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\x02\x44\x01\x00"
    )
    return head + frame * frames + b"\x3b"


def bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + head + b"\0" * 100


def ppm(width: int, height: int, digit: bytes = b"6") -> bytes:
    return b"P%s\n%d %d\n255\n" % (digit, width, height) + b"1 " * 1000


def pictures_in_chat(make: Callable[[], bytes], count: int = 1, kind: str = "png") -> str:
    url = f"data:image/{kind};base64,{base64.b64encode(make()).decode()}"
    parts = [{"type": "image_url", "image_url": {"url": url}}] * count
    return json.dumps(_answer(parts))


# --- text that is hard on readers


def long_markdown() -> str:
    """Every kind of opening that nothing closes, on lines of two million characters and on very many lines."""
    parts = ("[", "*a ", "_a ", "`", "**", "~~a", "[a](", "[a](b", "[[]](", "![", "\\", "> ", "- ", "#", "|", "`" * 3,
             "``a`", "***a ", "a_", "a*", "*a**b", " ", "\t", "<", "(", "[](()", "1. ", "---", "* ")  # fmt: skip
    return "\n".join(part * (60_000 // len(part)) for part in parts) + "\n" + "[*`_\n" * 20_000


def code_blocks() -> str:
    """Code blocks in every language that is coloured, each of what its lexer may stumble over."""
    hostile = (
        *(
            '"' * 3,
            "'" * 3,
            "\\",
            "/*",
            "<!--",
            "{" * 9,
            "((((",
            "<<<",
            "${{",
            "#{",
            "`",
            '"\\',
            'r#"',
            "f'{",
            "<a ",
        ),
        *("a.", "/a", "0x", "1e", "-- ", "@", "$(", "%w(", "<<E\n", "a:", "- ", "&", "a<b<"),
    )
    languages = (
        "python js ts json html xml css sql bash sh ruby go rust java c cpp csharp php yaml toml ini diff perl lua "
        "swift kotlin scala haskell r latex markdown make dockerfile powershell console text http graphql"
    )
    blocks = []
    for language in languages.split():
        for part in hostile:
            blocks.append(f"```{language}\n{part * (2000 // len(part))}\n{(part + chr(10)) * 20}```\n")
    return "".join(blocks)


def garbled() -> str:
    """Text that looks once decoded wrongly, all over again."""
    text = "Gr\u00fc\u00dfe \u4eac\U0001f600 "
    for _ in range(3):
        text = text.encode().decode("latin-1")
    return text * 20_000


def escapes() -> str:
    return json.dumps(_answer("\\" * 500_000 + "\\u00c3\\u00bc" * 100_000))


def multipart(count: int = 300_000) -> bytes:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    return part * count + b"--b--\r\n"


def lying_charsets() -> Iterator[bytes]:
    names = (
        *(
            "utf-7",
            "idna",
            "punycode",
            "bz2",
            "zlib",
            "unicode_escape",
            "undefined",
            "mbcs",
            "antigravity",
            "os.path",
        ),
        *("../../x", "uu", "rot13", "hz", "utf-32", "x" * 100_000, "\\0"),
    )
    body = base64.b64encode(b"+AAAA" * 40_000 + b"\xff\xfe\x81xn--" * 1000)
    for name in names:
        yield from _entry(b"!!binary " + body, f'content-type: ["text/plain; charset={name}"]')


def long_fields() -> Iterator[bytes]:
    """Fields that are short in every recording, ten megabytes long each."""
    long = b"a" * (10 * MB)
    yield (
        b"interactions:\n- request:\n    method: "
        + long
        + b"\n    uri: https://"
        + long
        + b"/?"
        + b"a=b&" * (2 * MB)
    )
    yield b"\n    headers: {? " + long + b" : [" + long + b"], b: [" + b"c, " * (MILLION // 4) + b"]}\n"
    yield (
        b"  response:\n    status: {code: "
        + b"9" * MILLION
        + b", message: "
        + long
        + b"}\n    headers: {content-type: ["
    )
    yield long + b"]}\n    body: {string: x}\n"


def headers(count: int = MILLION) -> Iterator[bytes]:
    yield _HEAD + b"    body: {string: x}\n    headers:\n"
    yield b"".join(b"      h%d: [v]\n" % number for number in range(count))


def blank_lines() -> Iterator[bytes]:
    """What patterns with two ways to take a blank are slow on."""
    yield _HEAD + b"    body:\n      string: |\n"
    yield b"        {" + b" " * MILLION + b"\n" + b"\n" * MILLION + b"        " + b"\t" * MILLION + b"x\n"
    yield b"    headers: {content-type: ['" + b" " * MILLION + b"x']}\n"


def comments() -> Iterator[bytes]:
    yield b"#" + b"\n  " * MILLION + b"# a\n" * MILLION + b"interactions:\n"
    yield b"# b\n" * MILLION + b"- request: {method: GET, uri: /}\n  response: {}\n"


def unfinished_lines() -> Iterator[bytes]:
    """Lines that look like the end of the last entry, inside of it: each is a parse in search of that end."""
    yield b'interactions:\n- request: {method: GET, uri: /}\n  response:\n    body: "\n'
    yield b"x: y\n" * MILLION
    yield b'"\n'


def false_markers() -> Iterator[bytes]:
    """What looks like the beginning of an entry, a million times inside of a string."""
    yield b"interactions:\n- request: {method: GET, uri: /}\n  response:\n    body: '\n"
    yield b"- request: x\n" * MILLION
    yield b"'\n"


def json_strings() -> Iterator[bytes]:
    """Quotes and backslashes without end."""
    yield b'{"http_interactions": [{"request": "'
    yield b'\\"' * (5 * MILLION)
    yield b"\\" * (5 * MILLION)


def broken_json_entries() -> Iterator[bytes]:
    yield b'{"interactions": ['
    yield b'{"request": {}, "response": {NaN}}, ' * 500_000
    yield b"]}"


def html_comment() -> str:
    return "<!--" + "a" * 2000 + "-->" + "<!--" * 200_000 + "<!-- -->" * 200_000


def unicode_marks() -> str:
    return "a" + "\u0301" * 500_000 + "\u202e" * 100_000 + "\u200d\U0001f469" * 100_000 + "\ufdfd" * 200_000


def sparse(folder: Path) -> Path:
    """A file of a terabyte that takes no room on the disk."""
    path = folder / "sparse.yaml"
    with path.open("wb") as file:
        file.write(b"interactions:\n- request: {}\n")
        file.truncate(1 << 40)
    return path


def httprr() -> Iterator[bytes]:
    yield b"httprr trace v1\n"
    yield b"0 0\n" * (2 * MILLION)
    yield b"999999999999 999999999999\n"


def utf16() -> Iterator[bytes]:
    yield b"\xff\xfe" + "interactions:\n- request: {method: GET, uri: /}\n  response: {body: '".encode(
        "utf-16-le"
    )
    yield ("\u4eac" * (50 * MB) + "'}\n").encode("utf-16-le")


def escaped_json(levels: int = 18) -> str:
    """Arguments that are JSON in JSON in JSON: each level doubles the backslashes."""
    value = "x"
    for _ in range(levels):
        value = json.dumps({"a": value})
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": value}}
    return json.dumps(
        _answer(None) | {"choices": [{"index": 0, "message": {"role": "assistant", "tool_calls": [call]}}]}
    )


BRACKETS = MILLION
SSE = "text/event-stream"
GIGABYTE = "a line of 1 GB"

BOMBS: tuple[Bomb, ...] = (
    Bomb("tags that run code", code),
    Bomb("references to files and addresses", references),
    # nesting
    Bomb("1,000,000 brackets, YAML flow", plain("flow.yaml", lambda: _entry_of([b"[" * BRACKETS]))),
    Bomb("1,000,000 braces, YAML flow", plain("braces.yaml", lambda: _entry_of([b"{a: " * BRACKETS]))),
    Bomb("1,000,000 closed brackets, YAML flow",
         plain("closed.yaml", lambda: _entry_of([b"[" * BRACKETS + b"]" * BRACKETS]))),
    Bomb("1,000,000 levels, YAML block", plain("block.yaml", block_nesting)),
    Bomb("8,000 indented levels, YAML block", plain("indented.yaml", indented_nesting)),
    Bomb("1,000,000 `? ` levels, YAML block", plain("complex.yaml", lambda: _entry_of([b"\n    " + b"? " * BRACKETS]))),
    Bomb("1,000,000 brackets alone", plain("alone.yaml", lambda: [b"[" * BRACKETS])),
    Bomb("1,000,000 brackets, JSON file",
         plain("file.json", lambda: [b'{"interactions": ' + b"[" * BRACKETS + b"]" * BRACKETS + b"}"])),
    Bomb("1,000,000 brackets, JSON entry", plain("entry.json", lambda: [
        b'{"interactions": [{"request": {}, "response": ' + b"[" * BRACKETS + b"]" * BRACKETS + b"}]}"])),
    Bomb("1,000,000 brackets, JSON body", text("json-body", lambda: "[" * BRACKETS + "]" * BRACKETS)),
    Bomb("1,000,000 braces, JSON body", text("json-braces", lambda: '{"a":' * BRACKETS + "1" + "}" * BRACKETS)),
    Bomb("1,000,000 brackets, an event",
         text("json-event", lambda: "data: " + "[" * BRACKETS + "\n\n", "text/event-stream")),
    Bomb("500,000 items at depth 990, JSON body", text("wide", wide_and_deep)),
    Bomb("JSON in JSON, 18 levels", text("escaped", escaped_json)),
    # aliases
    Bomb("billion laughs, a body as a tree", plain("laughs.yaml", laughs_in_tree)),
    Bomb("billion laughs, merges", plain("merges.yaml", merged_laughs)),
    Bomb("billion laughs, merged request", plain("merged-request.yaml", merged_headers)),
    Bomb("billion laughs, headers", plain("laughing-headers.yaml", laughs_in_headers)),
    Bomb("100,000 aliases of 100 kB", plain("quadratic.yaml", quadratic_aliases)),
    Bomb("100,000 entries, each an alias of the last", plain("chain.yaml", alias_chain), cpu=LISTED * 100_000),
    Bomb("aliases nested 450,000 deep", plain("deep.yaml", deep_aliases)),
    # very many
    Bomb("ten million keys, YAML entry", plain("keys.yaml", yaml_keys)),
    Bomb("ten million keys, YAML file", plain("top-keys.yaml", yaml_top_keys)),
    Bomb("ten million keys, JSON entry", plain("keys.json", json_entry_keys)),
    Bomb("ten million keys, JSON file", plain("top-keys.json", json_top_keys)),
    Bomb("ten million keys, JSON body", plain("body-keys.yaml", json_body_keys)),
    Bomb("ten million events, SSE", plain("events.yaml", lambda: stream(b"data: {}\n"))),
    Bomb("ten million events, empty SSE", plain("empty.yaml", partial(quoted_stream, "data\n\n", content_type=SSE))),
    Bomb("ten million events, NDJSON", plain("lines.yaml", lambda: quoted_stream("{}\n"))),
    Bomb("ten million items, JSON array",
         plain("items.yaml", lambda: quoted_stream('{"candidates":1},', content_type="application/json", before=b"["))),
    Bomb("a million events, AWS event stream",
         raw("aws", aws_stream, "content-type: [application/vnd.amazon.eventstream]")),
    Bomb("a million interactions", plain("interactions.yaml", interactions), cpu=LISTED * MILLION),
    Bomb("a million headers", plain("headers.yaml", headers)),
    Bomb("two million records, httprr", plain("trace.httprr", httprr)),
    Bomb("300,000 parts of a form", raw("multipart", multipart, "content-type: [multipart/form-data; boundary=b]")),
    # very long
    Bomb(f"{GIGABYTE}, plain YAML scalar", plain("line.yaml", lambda: long_line(_BODY_HEAD, b"\n"))),
    Bomb(f"{GIGABYTE}, quoted YAML scalar", plain("quoted.yaml", lambda: long_line(_BODY_HEAD + b'"', b'"\n'))),
    Bomb(f"{GIGABYTE}, JSON string", plain("line.json", lambda: long_line(
        b'{"interactions": [{"request": {"uri": "/"}, "response": {"body": {"string": "', b'"}}}]}'))),
    Bomb(f"{GIGABYTE}, no cassette", plain("nothing.yaml", lambda: LINE)),
    Bomb(f"{GIGABYTE}, unclosed quote", plain("unclosed.yaml", lambda: long_line(b'interactions: "', b""))),
    Bomb(f"{GIGABYTE}, zero bytes", plain("zeros.yaml", lambda: repeat(b"\0" * MB, 1000))),
    Bomb("a sparse file of 1 TB", sparse),
    Bomb("fields of 10 MB", plain("fields.yaml", long_fields)),
    Bomb("numbers of 400,000 digits, a body as a tree", plain("numbers.yaml", numbers)),
    Bomb("a number of 1,000,000 digits, JSON body", text("json-number", json_numbers)),
    Bomb("UTF-16, 50 million characters", plain("utf16.yaml", utf16)),
    # compressed
    Bomb("gzip cassette, 2 GB of zeros", plain("zeros.yaml.gz", lambda: [zeros_gz(2000)])),
    Bomb("gzip cassette, 1 GB of one string", plain("string.yaml.gz", gz_string)),
    Bomb("gzip cassette, 1,000,000 empty members", plain("members.yaml.gz", lambda: [EMPTY_GZ * MILLION])),
    Bomb("gzip cassette in gzip, 12 times", plain("nested.yaml.gz", lambda: [nested_gz()])),
    Bomb("zlib cassette, 2 GB", plain("zeros.yaml.zz", lambda: [zeros_deflate(2000, 15)])),
    Bomb("gzip body, 1 GB", encoded("gzip", "gzip", lambda: zeros_gz(1000))),
    Bomb("gzip body, 1,000,000 empty members", encoded("gzip-members", "gzip", lambda: EMPTY_GZ * MILLION)),
    Bomb("gzip body in gzip, 12 times", encoded("gzip-nested", ", ".join(["gzip"] * 12), nested_gz)),
    Bomb("deflate body, 1 GB", encoded("deflate", "deflate", lambda: zeros_deflate(1000, -15))),
    Bomb("zlib body, 1 GB", encoded("zlib", "deflate", lambda: zeros_deflate(1000, 15))),
    Bomb("br body, 10 GB", encoded("br", "br", lambda: zeros_br(10_000))),
    Bomb("zstd body, 10 GB", encoded("zstd", "zstd", lambda: zeros_zstd(10_000))),
    Bomb("zstd body, window of 2 GB", encoded("zstd-window", "zstd", lambda: zeros_zstd(3, 31))),
    Bomb("zstd body, 1,000,000 empty frames", encoded("zstd-frames", "zstd", lambda: EMPTY_ZSTD * MILLION)),
    Bomb("zstd body, a million skipped frames", encoded("zstd-skipped", "zstd", lambda: SKIPPED_ZSTD * MILLION)),
    Bomb("JSON compressed three times, 100 MB", encoded("thrice", "gzip, gzip, gzip", partial(text_at_limit, 2000))),
    Bomb("1,000 br bodies of 16 MB in 500 kB", plain("many.yaml", many_small_bombs)),
    # pictures
    Bomb("PNG of 60,000 x 60,000", raw("png", lambda: png(60_000, 60_000), "content-type: [image/png]")),
    Bomb("PNG of 60,000 x 60,000, 1 bit",
         raw("png1", lambda: png(60_000, 60_000, rows=60_000, depth=1, color=0), "content-type: [image/png]")),
    Bomb("PNG of 8,000 x 8,000", raw("png8000", lambda: png(8000, 8000, rows=8000), "content-type: [image/png]")),
    Bomb("PNG with 4 GB of compressed text", raw("ztxt", png_with_text, "content-type: [image/png]")),
    Bomb("GIF of 65,535 x 65,535", raw("gif", lambda: gif(1), "content-type: [image/gif]")),
    Bomb("GIF of 300,000 frames", raw("frames", lambda: gif(300_000, 100), "content-type: [image/gif]")),
    Bomb("BMP of 2 billion x 1", raw("bmp", lambda: bmp(2**31 - 1, 1), "content-type: [image/bmp]")),
    Bomb("PPM of 60,000 x 60,000", raw("ppm", lambda: ppm(60_000, 60_000), PIXMAP)),
    Bomb("PPM in digits, 60,000 x 60,000", raw("ppm3", lambda: ppm(60_000, 60_000, b"3"), PIXMAP)),
    Bomb("data: URL, PNG of 60,000 x 60,000", text("data-url", lambda: pictures_in_chat(lambda: png(60_000, 60_000)))),
    Bomb("data: URLs, 50 PNGs of 8,000 x 8,000",
         text("data-urls", lambda: pictures_in_chat(lambda: png(8000, 8000, rows=8000), 50))),
    # text
    Bomb("Markdown that nothing closes", chat("markdown", long_markdown)),
    Bomb("code blocks in 37 languages", chat("code-blocks", code_blocks)),
    Bomb("garbled text, three times", chat("garbled", garbled)),
    Bomb("a million backslashes", text("backslashes", escapes)),
    Bomb("combining marks, 500,000 on one letter", chat("marks", unicode_marks)),
    Bomb("charsets that are none", plain("charsets.yaml", lambda: _file(lying_charsets()))),
    Bomb("comments of HTML without end", text("comments", html_comment, "text/html")),
    Bomb("blanks by the million", plain("blanks.yaml", blank_lines)),
    Bomb("comments of YAML by the million", plain("comments.yaml", comments)),
    Bomb("false ends of an entry", plain("ends.yaml", unfinished_lines)),
    Bomb("false beginnings of entries", plain("markers.yaml", false_markers)),
    Bomb("JSON of quotes and backslashes", plain("quotes.json", json_strings)),
    Bomb("500,000 broken entries, JSON", plain("broken.json", broken_json_entries)),
)  # fmt: skip
