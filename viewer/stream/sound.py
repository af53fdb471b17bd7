"""How long a recorded sound is, told from its own first bytes: WAV, MP3, FLAC, Ogg and bare samples.

https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html, RFC 9639 (FLAC), RFC 3533 (Ogg),
RFC 7845 (Opus), ISO 11172-3 with the Xing header for MP3. What cannot be told is None.
"""

from __future__ import annotations

import re
import struct

import msgspec

_BARE = ("audio/pcm", "audio/l16", "audio/x-pcm", "audio/raw")
_SPEECH_RATE = 24_000
"""Samples a second of bare samples whose type names no rate: what the speech APIs send (OpenAI, Gemini)."""

_BIT_RATES: dict[bool, tuple[int, ...]] = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
"""Thousands of bits a second of an MP3 frame, for MPEG 1 and for MPEG 2 and 2.5."""
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


class Shape(msgspec.Struct, frozen=True):
    """A sound's length in seconds, its samples a second, and how many channels it has."""

    seconds: float | None = None
    rate: int | None = None
    channels: int | None = None


def shape_of(data: bytes, content_type: str = "") -> Shape:
    """The shape of a sound; `content_type` matters only for samples without a header."""
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
            return _shape_of_wav(data)
        if data[:4] == b"fLaC":
            return _shape_of_flac(data)
        if data[:4] == b"OggS":
            return _shape_of_ogg(data)
        if content_type.partition(";")[0].strip().lower() in _BARE:
            return _shape_of_samples(data, content_type)
        return _shape_of_mp3(data)
    except (struct.error, IndexError):
        return Shape()


def _shape_of_wav(data: bytes) -> Shape:
    """By its chunks. A streamed WAV does not know its length when it writes its header; the body limits it."""
    position, rate, channels, bytes_a_second = 12, 0, 0, 0
    while position + 8 <= len(data):
        name, size = data[position : position + 4], struct.unpack_from("<I", data, position + 4)[0]
        position += 8
        if name == b"fmt ":
            _, channels, rate, bytes_a_second = struct.unpack_from("<HHII", data, position)
        if name == b"data":
            known = rate > 0 and bytes_a_second > 0
            seconds = min(size, len(data) - position) / bytes_a_second if known else None
            return Shape(seconds, rate or None, channels or None)
        position += size + size % 2
    return Shape(None, rate or None, channels or None)


def _shape_of_flac(data: bytes) -> Shape:
    """By STREAMINFO, which is always the first block."""
    packed = int.from_bytes(data[18:26], "big")
    rate, channels, samples = packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1
    if len(data) < 26 or not rate:
        return Shape()
    return Shape(samples / rate if samples else None, rate, channels)


def _shape_of_ogg(data: bytes) -> Shape:
    """By the first packet's header and the last page's position, which Opus counts in 48,000 a second."""
    head = data[27 + data[26] :]
    if head[:8] == b"OpusHead":
        channels, skipped, rate = struct.unpack_from("<xxxxxxxxxBHI", head)
        counted, first = 48_000, skipped
    elif head[:7] == b"\x01vorbis":
        channels, rate = struct.unpack_from("<xxxxxxxxxxxBI", head)
        counted, first = rate, 0
    else:
        return Shape()
    last = data.rfind(b"OggS")
    (position,) = struct.unpack_from("<q", data, last + 6)
    seconds = max(0, position - first) / counted if counted and position >= 0 else None
    return Shape(seconds, rate or None, channels or None)


def _shape_of_samples(data: bytes, content_type: str) -> Shape:
    """Samples of 16 bits in one channel, as speech APIs send them; the type may name rate and channels."""
    rate = _number_in(content_type, "rate") or _SPEECH_RATE
    channels = _number_in(content_type, "channels") or 1
    return Shape(len(data) / (2 * rate * channels), rate, channels)


def _number_in(content_type: str, name: str) -> int:
    found = re.search(rf"\b{name}=\"?(\d{{1,6}})", content_type)
    return int(found[1]) if found else 0


def _shape_of_mp3(data: bytes) -> Shape:
    """By the first layer III frame: its count of frames (Xing), else its bit rate, constant in speech APIs."""
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        start = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    head = data[start : start + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return Shape()
    version = head[1] >> 3 & 3
    rates = _MP3_RATES.get(version, ())
    rate = rates[head[2] >> 2 & 3] if rates and head[2] >> 2 & 3 < 3 else 0
    if not rate:
        return Shape()
    channels = 1 if head[3] >> 6 == 3 else 2
    frames = _frames_by_xing(data, start, version == 3, channels)
    if frames:
        return Shape(frames * (1152 if version == 3 else 576) / rate, rate, channels)
    bit_rate = _BIT_RATES[version == 3][head[2] >> 4] * 1000
    return Shape((len(data) - start) * 8 / bit_rate if bit_rate else None, rate, channels)


def _frames_by_xing(data: bytes, start: int, is_version_1: bool, channels: int) -> int:
    """How many frames follow, as the first one may say in place of sound; 0 where it does not."""
    side = (17 if channels == 1 else 32) if is_version_1 else (9 if channels == 1 else 17)
    at = start + 4 + side
    if data[at : at + 4] not in (b"Xing", b"Info") or not data[at + 7] & 1:
        return 0
    frames: int = struct.unpack_from(">I", data, at + 8)[0]
    return frames
