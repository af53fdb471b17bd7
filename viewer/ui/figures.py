"""Numbers as the interface writes them: seconds, tokens, costs, sizes."""

from __future__ import annotations


def seconds(value: float) -> str:
    """A duration: `0.38 s`, `21 ms` below a hundredth, `2 min 5 s` from two minutes on."""
    if value >= 120:
        return f"{int(value // 60)} min {int(value % 60)} s"
    if 0 < value < 0.01:
        return f"{value * 1000:.1f} ms"
    return f"{value:.2f} s"


def short_seconds(value: float) -> str:
    """A duration with one digit behind the point: `0.6 s`."""
    return seconds(value) if value < 0.05 or value >= 120 else f"{value:.1f} s"


def cost(value: str) -> str:
    """A cost in dollars as the API spells it, `2.2e-05` written out."""
    if "e" not in value.lower():
        return f"${value}"
    try:
        written = f"{float(value):.12f}".rstrip("0").rstrip(".")
    except ValueError:
        written = value
    return f"${written}"


def size(count: int) -> str:
    """A number of bytes: `812 B`, `2.9 kB`, `18.4 MB`."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for name in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95 or name == "GB":
            break
    return f"{value:.1f} {name}"


def number(value: int) -> str:
    """A number with thin spaces between thousands, from 10,000 on."""
    return f"{value:,}".replace(",", "\u202f") if value >= 10_000 else str(value)
