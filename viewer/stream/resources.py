"""Answers that are no text: embeddings, images, sound, moderation, lists of models or files, errors.

A first view of each with its values; whatever fits none of them is shown as its body.
"""

from __future__ import annotations

import math
import struct
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from viewer.stream.payload import JsonObject, mapping, objects, sequence, spell, string
from viewer.stream.providers.asking import media_of_url
from viewer.stream.transcript import Media

if TYPE_CHECKING:
    from viewer.stream.sound import Shape

_SHOWN = 64
"""How many numbers of a vector are kept to be shown."""
_COLUMNS = 6
_EMBEDDED = ("embedding", "values", "vector")
_RECORDS = frozenset({"model", "file", "batch", "message_batch", "fine_tuning.job", "vector_store", "upload"})
"""The kinds of single objects whose members are worth a table, as `object` or `type` names them."""
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


class Vector(msgspec.Struct, frozen=True):
    """An embedding: how many numbers, their Euclidean norm, and the first of them."""

    length: int
    norm: float
    first: tuple[float, ...]


class Embeddings(msgspec.Struct, frozen=True):
    """The vectors of an answer, in order."""

    vectors: tuple[Vector, ...]


class Images(msgspec.Struct, frozen=True):
    """Pictures of an answer, inline or by URL; `captions` are the prompts that the API revised them to."""

    media: tuple[Media, ...]
    captions: tuple[str, ...] = ()


class Picture(msgspec.Struct, frozen=True):
    """A body that is itself a picture."""

    type: str
    data: bytes


class Sound(msgspec.Struct, frozen=True):
    """A body that is itself sound, with what can be told of its length, rate and channels."""

    type: str
    data: bytes
    shape: Shape


class Verdict(msgspec.Struct, frozen=True):
    """Moderation of one input: whether it was flagged, and (category, flagged, score) of each category."""

    flagged: bool
    categories: tuple[tuple[str, bool, float | None], ...]


class Moderation(msgspec.Struct, frozen=True):
    """Verdicts in the order of the inputs."""

    verdicts: tuple[Verdict, ...]


class Listing(msgspec.Struct, frozen=True):
    """Rows of a list (models, files, batches): column names, and a text for each column of a row.

    One object alone is a listing of its members; `kind` is what it calls itself ("batch").
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = ""


class ErrorMessage(msgspec.Struct, frozen=True):
    """An error instead of an answer; `facts` are what else the API calls it: type, code, parameter."""

    status: int | None
    message: str
    facts: tuple[tuple[str, str], ...] = ()


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
    return _listing(payload) or _record(payload)


def of_bytes(content: bytes, media_type: str, content_type: str = "") -> Value | None:
    """What a body that is no text shows: a picture or sound; `content_type` may tell the sound's rate."""
    if media_type.startswith("image/") and content:
        return Picture(media_type, content)
    if media_type.startswith("audio/") and content:
        from viewer.stream.sound import shape_of

        return Sound(media_type, content, shape_of(content, content_type or media_type))
    return None


def _vectors(payload: Any) -> Iterator[Vector]:
    """Vectors wherever the known APIs put them."""
    if isinstance(payload, list):
        # Most lists of ten megabytes are of objects, which need not be looked at more closely.
        lists = (item for item in payload if isinstance(item, list | str))
        yield from (vector for item in lists if (vector := _vector(item)))
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


def _record(payload: Any) -> Listing | None:
    """One model, file or batch: a row for each member, those of its inner objects one level deep."""
    if not isinstance(payload, dict) or not string(payload, "id"):
        return None
    kind = next((said for name in ("object", "type") if (said := string(payload, name)) in _RECORDS), "")
    if not kind:
        return None
    rows: list[tuple[str, str]] = []
    for name, value in payload.items():
        inner = value if isinstance(value, dict) else {}
        rows += [(f"{name}.{below}", _cell(held)) for below, held in inner.items()]
        if not inner:
            rows.append((name, _cell(value)))
    return Listing(("member", "value"), tuple(rows), kind)


def _columns(items: list[JsonObject]) -> tuple[str, ...]:
    plain = [name for name, value in items[0].items() if not isinstance(value, dict | list)]
    leading = [name for name in ("id", "modelId", "name") if name in plain]
    return tuple((leading + [name for name in plain if name not in leading])[:_COLUMNS])


def _cell(value: Any) -> str:
    return "" if value is None else spell(value)
