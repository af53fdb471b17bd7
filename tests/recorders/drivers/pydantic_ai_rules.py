"""A vcrpy serializer that follows the rules of pydantic-ai's (its tests/json_body_serializer.py).

JSON bodies are trees under `parsed_body`, dumped again at load; header names are in lower case, some headers are
left out; text with a newline is a literal block. A request's `content-length` has to be that of the dumped body
(botocore compares the two), so loading here refuses one that is not.
"""

from __future__ import annotations

import json
from typing import Any

import yaml


class _Dumper(yaml.CDumper):
    """Writes text with newlines as literal blocks."""


def _represented(dumper: yaml.CDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represented)


def serialize(cassette: dict[str, Any]) -> str:
    """The cassette as YAML."""
    for interaction in cassette["interactions"]:
        for side, message in interaction.items():
            message["headers"] = {name.lower(): value for name, value in message["headers"].items()}
            kinds = message["headers"].get("content-type", [])
            if any(kind.startswith("application/json") for kind in _listed(kinds)):
                body = message.pop("body")
                message["parsed_body"] = json.loads(body["string"] if side == "response" else body)
    return yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, width=120)


def deserialize(text: str) -> dict[str, Any]:
    """The cassette that vcrpy works with; raises ValueError for a length that would not match."""
    cassette: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    for interaction in cassette["interactions"]:
        for side, message in interaction.items():
            tree = message.pop("parsed_body", None)
            if tree is None:
                continue
            body = json.dumps(tree)
            message["body"] = {"string": body} if side == "response" else body
            lengths = _listed(message["headers"].get("content-length", []))
            if side == "request" and any(length != str(len(body)) for length in lengths):
                raise ValueError(f"content-length {lengths} of a body of {len(body)} bytes")
    return cassette


def _listed(values: Any) -> list[str]:
    return values if isinstance(values, list) else [values]
