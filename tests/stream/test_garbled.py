"""Text that was UTF-8 and once decoded in another code page."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.samples import CHAT, chat_chunk, sse
from viewer.stream.garbled import Repair, repair, repair_body


@pytest.mark.parametrize(
    ("garbled", "meant", "charset"),
    [
        ("OlÃ¡!", "Olá!", "cp1252"),
        ("Olรก!", "Olá!", "tis-620"),
        ("ÃƒÂ©", "é", "cp1252"),
        ("CafÃ© â€“ naÃ¯ve", "Café – naïve", "cp1252"),
        ("日本語です".encode().decode("latin-1"), "日本語です", "latin-1"),
        ("ðŸ˜€", "😀", "cp1252"),
        ("РџСЂРёРІРµС‚", "Привет", "cp1251"),
        ("Ol��!", None, ""),
    ],
)
def test_repair(garbled: str, meant: str | None, charset: str) -> None:
    """Latin-1, Windows, Cyrillic and Thai pages; what lost bytes on the way cannot be repaired."""
    found = repair(garbled)
    assert (found.text if found else None) == meant
    assert (found.charset if found else "") == charset


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "Olá!",
        "naïve café",
        "สวัสดีครับ",
        "รก",
        "ลงทะเบียน",
        "Привет, мир",
        "日本語",
        "😀",
        "Ã",
        "£5 – 10 €",
    ],
)
def test_right_text_is_left_alone(text: str) -> None:
    """Real text of any alphabet, and stray letters that garbled text has, too."""
    assert repair(text) is None


@given(st.text(alphabet="áéíóúñçãõ Olabcß€–日本😀", min_size=1).filter(lambda text: not text.isascii()))
def test_latin_garbling_is_undone(text: str) -> None:
    """Decoded as Latin-1, every such text comes back."""
    found = repair(text.encode().decode("latin-1"))
    assert found is not None
    assert found.text == text


def test_a_reading_offers_the_repair() -> None:
    """The transcript shows what was recorded; the repair stands beside it."""
    found = CHAT.read(sse(chat_chunk({"content": "Olร"}), chat_chunk({"content": "ก!"})))
    assert found.transcript.text == "Olรก!"
    assert found.repair is not None
    assert found.repair.text == "Olá!"
    assert CHAT.read().repair is None


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ('{"a":"OlÃ¡!","b":"naïve"}', '{"a":"Olá!","b":"naïve"}'),
        (r'{"a":"Ol\u00c3\u00a1!"}', r'{"a":"Ol\u00e1!"}'),
        (r'{"a":"\n\u0041\u00C3\u00A1\u0042"}', r'{"a":"\n\u0041\u00E1\u0042"}'),
        (r'{"a":"\\\u00c3\u00a1"}', r'{"a":"\\\u00e1"}'),
        (r'{"a":"\\u00c3\\u00a1"}', r'{"a":"\\u00c3\\u00a1"}'),
        (r'{"a":"\u00f0\u0178\u02dc\u20ac"}', r'{"a":"\ud83d\ude00"}'),
        (r'{"a":"\ud83d and \ud83d\ude00"}', r'{"a":"\ud83d and \ud83d\ude00"}'),
    ],
)
def test_a_body_is_repaired_character_by_character(body: str, meant: str) -> None:
    """In the spelling of the body: characters, or escapes with digits in the same case."""
    assert repair_body(body, Repair("", "cp1252")) == meant


def test_a_body_garbled_twice_is_repaired_twice() -> None:
    found = repair("ÃƒÂ©")
    assert found is not None
    assert repair_body('{"a":"ÃƒÂ©"}', found) == '{"a":"é"}'


@pytest.mark.parametrize("ensure_ascii", [False, True])
def test_a_repaired_answer_reads_as_it_was_meant(ensure_ascii: bool) -> None:
    """Reasoning and tool calls too; events stay the same in number, so a replay follows both."""
    chunks = [{"reasoning": "café"}, {"content": "Olá"}, {"content": " 日本語"}, {"content": "!"}]
    payloads = [chat_chunk(delta) for delta in chunks]
    meant = "".join(f"data: {json.dumps(item, ensure_ascii=False)}\n\n" for item in payloads)
    recorded = [json.dumps(item, ensure_ascii=False).encode().decode("latin-1") for item in payloads]
    if ensure_ascii:
        recorded = [json.dumps(json.loads(text)) for text in recorded]
    body = "".join(f"data: {text}\n\n" for text in recorded)
    reading = CHAT.read(body.encode())
    repaired = reading.repaired
    assert repaired is not None
    assert repaired.transcript.parts == CHAT.read(meant.encode()).transcript.parts
    assert len(repaired.events) == len(reading.events)
    assert repaired.repair is None


def test_an_answer_that_is_right_has_no_repaired_reading() -> None:
    reading = CHAT.read()
    assert (reading.repair, reading.repaired_text, reading.repaired) == (None, None, None)
