"""The colours of a text view: values of the caller, with the palette of the two themes as defaults."""

from __future__ import annotations

import msgspec


class CodeColors(msgspec.Struct, frozen=True):
    """Colours as "#rrggbb".

    A name ending in `_bg` lies under text: every text colour is at least 4.5:1 on it, so it must be faint. What has
    to stand out nevertheless is framed in its `_edge`.
    """

    background: str
    text: str
    dim: str
    line: str
    accent: str
    selection_bg: str
    idle_selection_bg: str
    current_line_bg: str
    event_bg: str
    find_bg: str
    found_bg: str
    string: str
    number: str
    key: str
    keyword: str
    comment: str
    error: str
    error_bg: str
    added_bg: str
    added_word_bg: str
    removed_bg: str
    removed_word_bg: str
    changed_bg: str
    changed_word_bg: str
    found_edge: str
    added_edge: str
    removed_edge: str
    changed_edge: str


LIGHT = CodeColors(
    background="#ffffff",
    text="#1d2129",
    dim="#596170",
    line="#dcdde1",
    accent="#2459bd",
    selection_bg="#cfdffb",
    idle_selection_bg="#e3e6ec",
    current_line_bg="#f4f6fa",
    event_bg="#e4edfc",
    find_bg="#fbeec4",
    found_bg="#ffd97a",
    string="#0a6b42",
    number="#8a4200",
    key="#2b4fa8",
    keyword="#6f37a3",
    comment="#596170",
    error="#a8241c",
    error_bg="#fbe3e1",
    added_bg="#dcf3e6",
    added_word_bg="#bce6ce",
    removed_bg="#fbe3e1",
    removed_word_bg="#f9d4d1",
    changed_bg="#fbf4df",
    changed_word_bg="#f0dda0",
    found_edge="#b07d00",
    added_edge="#4fae7c",
    removed_edge="#e0837b",
    changed_edge="#c9a43a",
)

DARK = CodeColors(
    background="#26292f",
    text="#e4e6eb",
    dim="#a9b1bf",
    line="#383c45",
    accent="#84b0ff",
    selection_bg="#314363",
    idle_selection_bg="#3a3f49",
    current_line_bg="#2c3037",
    event_bg="#2c3d5e",
    find_bg="#4b4222",
    found_bg="#4e421f",
    string="#7fd6a8",
    number="#f0b072",
    key="#9db9ff",
    keyword="#d0a4f2",
    comment="#a9b1bf",
    error="#ff9a92",
    error_bg="#4a2523",
    added_bg="#1f3d2e",
    added_word_bg="#294a3b",
    removed_bg="#4a2523",
    removed_word_bg="#6b302c",
    changed_bg="#3a3420",
    changed_word_bg="#4c4222",
    found_edge="#e0b64a",
    added_edge="#4c9a72",
    removed_edge="#c26058",
    changed_edge="#a98d35",
)
