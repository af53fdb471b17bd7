"""Text that was UTF-8 and once decoded in another code page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.samples import CHAT, chat_chunk, sse
from viewer.stream.garbled import repair


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
