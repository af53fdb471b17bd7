"""Answers that are no text: embeddings, images, sound, moderation, lists of models or files, errors.

A first view of each with its values; whatever fits none of them is shown as its body.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from viewer.stream.payload import JsonObject, mapping, objects, sequence, spell, string
from viewer.stream.providers.asking import media_of_url
from viewer.stream.transcript import Media

_SHOWN = 8
_COLUMNS = 6
_EMBEDDED = ("embedding", "values", "vector")
_LISTS = ("data", "models", "modelSummaries", "files", "batches", "results", "items")


class View(Enum):
    """What is worth showing first of a response; the value is shown to people."""

    ANSWER = "answer"
    EMBEDDINGS = "embeddings"
    IMAGES = "images"
    SOUND = "sound"
    MODERATION = "moderation"
    LISTING = "listing"
    ERROR = "error"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Vector:
    """An embedding: how many numbers, their Euclidean norm, and the first of them."""

    length: int
    norm: float
    first: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """The vectors of an answer, in order."""

    vectors: tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Images:
    """Pictures of an answer, inline or by URL; `captions` are the prompts that the API revised them to."""

    media: tuple[Media, ...]
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A body that is itself a picture."""

    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sound:
    """A body that is itself sound. `seconds` is None where its length cannot be told."""

    type: str
    data: bytes
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Moderation of one input: whether it was flagged, and (category, flagged, score) of each category."""

    flagged: bool
    categories: tuple[tuple[str, bool, float | None], ...]


@dataclass(frozen=True, slots=True)
class Moderation:
    """Verdicts in the order of the inputs."""

    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of a list (models, files, batches): column names, and a text for each column of a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """An error instead of an answer."""

    status: int | None
    message: str


Value = Embeddings | Images | Picture | Sound | Moderation | Listing | ErrorMessage


def of_payload(payload: Any) -> Value | None:
    """What a JSON answer holds beside text, None where nothing of the kind."""
    vectors = tuple(_vectors(payload))
    if vectors:
        return Embeddings(vectors)
    images = _images(payload)
    if images:
        captions = (string(item, "revised_prompt") for item in objects(payload, "data"))
        return Images(images, tuple(caption for caption in captions if caption))
    verdicts = tuple(_verdict(item) for item in objects(payload, "results") if "flagged" in item)
    if verdicts:
        return Moderation(verdicts)
    return _listing(payload)


def of_bytes(content: bytes, media_type: str) -> Value | None:
    """What a body that is no text shows: a picture or sound."""
    if media_type.startswith("image/") and content:
        return Picture(media_type, content)
    if media_type.startswith("audio/") and content:
        return Sound(media_type, content, seconds_of(content))
    return None


def _vectors(payload: Any) -> Iterator[Vector]:
    """Vectors wherever the known APIs put them."""
    if isinstance(payload, list):
        yield from (vector for item in payload if (vector := _vector(item)))
        return
    for name in ("data", "embeddings", "predictions"):
        for item in _spread(payload, name):
            held = mapping(item, "embeddings") or item
            found = held if isinstance(held, list) else next(_held(held), None)
            if vector := _vector(found):
                yield vector
    for held in (payload, mapping(payload, "embedding")):
        if vector := _vector(next(_held(held), None)):
            yield vector


def _held(item: Any) -> Iterator[Any]:
    return (item[name] for name in _EMBEDDED if isinstance(item, dict) and name in item)


def _spread(payload: Any, name: str) -> list[Any]:
    """The list called `name`; Cohere's is an object of lists by number type."""
    value = payload.get(name) if isinstance(payload, dict) else None
    if isinstance(value, dict):
        return next((vectors for vectors in value.values() if isinstance(vectors, list)), [])
    return value if isinstance(value, list) else []


def _vector(value: Any) -> Vector | None:
    """A vector of a list of numbers, or of base64 of little-endian float32 (OpenAI's default)."""
    numbers = _numbers_of_base64(value) if isinstance(value, str) else value
    if not isinstance(numbers, list) or len(numbers) < 2:
        return None
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        return None
    try:
        norm = math.hypot(*numbers)
        return Vector(len(numbers), norm, tuple(float(number) for number in numbers[:_SHOWN]))
    except OverflowError:
        return None


def _numbers_of_base64(text: str) -> list[float] | None:
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    if not data or len(data) % 4:
        return None
    return list(struct.unpack(f"<{len(data) // 4}f", data))


def _images(payload: Any) -> tuple[Media, ...]:
    """Pictures of OpenAI's (and its dialects') and Google's image generation."""
    found = []
    for item in objects(payload, "data"):
        data, url = string(item, "b64_json"), string(item, "url")
        if data or url:
            form = string(payload, "output_format") or "png"
            found.append(Media(f"image/{form}", data) if data else media_of_url(url, "image"))
    for item in objects(payload, "predictions"):
        if string(item, "bytesBase64Encoded"):
            found.append(Media(string(item, "mimeType") or "image/png", item["bytesBase64Encoded"]))
    for data in sequence(payload, "images"):
        if isinstance(data, str):
            found.append(Media("image/png", data))
    return tuple(found)


def _verdict(item: JsonObject) -> Verdict:
    scores = mapping(item, "category_scores")
    categories = (
        (name, flagged is True, _number(scores.get(name)))
        for name, flagged in mapping(item, "categories").items()
    )
    return Verdict(item.get("flagged") is True, tuple(categories))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else None


def _listing(payload: Any) -> Listing | None:
    """A list of objects that have an id or a name, with their first plain members as columns."""
    for name in _LISTS:
        items = objects(payload, name)
        if items and any("id" in item or "name" in item or "modelId" in item for item in items):
            columns = _columns(items)
            return Listing(columns, tuple(tuple(_cell(item.get(name)) for name in columns) for item in items))
    return None


def _columns(items: list[JsonObject]) -> tuple[str, ...]:
    plain = [name for name, value in items[0].items() if not isinstance(value, dict | list)]
    leading = [name for name in ("id", "modelId", "name") if name in plain]
    return tuple((leading + [name for name in plain if name not in leading])[:_COLUMNS])


def _cell(value: Any) -> str:
    return "" if value is None else spell(value)


def seconds_of(data: bytes) -> float | None:
    """How long a sound is: a WAV's from its header, an MP3's from its first frame's bit rate."""
    if data[:4] == b"RIFF":
        return _seconds_of_wav(data)
    return _seconds_of_mp3(data)


def _seconds_of_wav(data: bytes) -> float | None:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            frames, rate = sound.getnframes(), sound.getframerate()
            width = sound.getsampwidth() * sound.getnchannels()
    except (wave.Error, EOFError, struct.error):
        return None
    if rate <= 0 or width <= 0:
        return None
    # A streamed WAV does not know its length when it writes its header; it cannot be longer than the body.
    seconds: float = min(frames, len(data) // width) / rate
    return seconds


_BIT_RATES: dict[bool, tuple[int, ...]] = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}


def _seconds_of_mp3(data: bytes) -> float | None:
    """By the bit rate of the first layer III frame: exact where it is constant, as in speech APIs."""
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        start = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    head = data[start : start + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    is_version_1 = head[1] & 0x18 == 0x18
    rate = _BIT_RATES[is_version_1][head[2] >> 4]
    return (len(data) - start) * 8.0 / (rate * 1000) if rate else None
