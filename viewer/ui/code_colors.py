"""A theme's colours for the text view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.ui.code_view import DARK, LIGHT, CodeColors

if TYPE_CHECKING:
    from viewer.ui.theme import Theme


def code_colors(theme: Theme) -> CodeColors:
    """The text view's colours in a theme; marks and selections, which a theme does not name, are its own."""
    names = ("text", "dim", "line", "accent", "string", "number", "key", "keyword", "error", "error_bg")
    return msgspec.structs.replace(
        DARK if theme.dark else LIGHT,
        background=theme.pane.name(),
        **{name: getattr(theme, name).name() for name in names},
    )
