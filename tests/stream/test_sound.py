"""The length of sounds, by headers written here as the formats' specifications say."""

from __future__ import annotations

import struct

import pytest

from viewer.stream.sound import Shape, shape_of


def wav(data: bytes, *, size: int | None = None, rate: int = 8000, channels: int = 2) -> bytes:
    """A WAV of 16 bits with a chunk before its data."""
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body = chunks + b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def flac(rate: int, channels: int, samples: int) -> bytes:
    """A FLAC's first block."""
    packed = rate << 44 | (channels - 1) << 41 | 15 << 36 | samples
    return b"fLaC" + bytes([0x80, 0, 0, 34]) + bytes(10) + packed.to_bytes(8, "big") + bytes(16)


def page(position: int, packet: bytes) -> bytes:
    """An Ogg page of one segment."""
    return b"OggS\0\x02" + struct.pack("<q", position) + bytes(12) + b"\x01" + bytes([len(packet)]) + packet


OPUS = b"OpusHead\x01\x01" + struct.pack("<HI", 312, 24_000) + bytes(3)
VORBIS = b"\x01vorbis" + bytes(4) + b"\x02" + struct.pack("<I", 44_100) + bytes(14)
# MPEG 2 layer III, 64 kbit/s, 24,000 samples a second, one channel: what speech APIs send.
MP3 = b"\xff\xf3\x84\xc4"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (wav(bytes(32_000)), Shape(1.0, 8000, 2)),
        (wav(bytes(32_000), size=0xFFFFFFFF), Shape(1.0, 8000, 2)),
        (flac(16_000, 1, 8000), Shape(0.5, 16_000, 1)),
        (flac(16_000, 1, 0), Shape(None, 16_000, 1)),
        (page(0, OPUS) + page(48_312, b"x"), Shape(1.0, 24_000, 1)),
        (page(0, VORBIS) + page(88_200, b"x"), Shape(2.0, 44_100, 2)),
        (MP3 + bytes(15_996), Shape(2.0, 24_000, 1)),
        (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + MP3 + bytes(7_996), Shape(1.0, 24_000, 1)),
        (MP3 + bytes(9) + b"Info" + struct.pack(">II", 1, 125) + bytes(90), Shape(3.0, 24_000, 1)),
        (b"<html>no sound</html>", Shape()),
        (b"", Shape()),
    ],
)
def test_lengths(data: bytes, expected: Shape) -> None:
    """Seconds, rate and channels."""
    assert shape_of(data, "audio/mpeg") == expected


@pytest.mark.parametrize(
    "data", [wav(bytes(64)), flac(8000, 1, 5), page(0, OPUS), page(0, VORBIS), MP3 + bytes(60)]
)
def test_a_cut_sound_raises_nothing(data: bytes) -> None:
    """Whatever is left of a file."""
    for end in range(len(data)):
        shape_of(data[:end])
