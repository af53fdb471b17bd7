"""JSON texts as recorders and people write them, for property-based tests."""

from __future__ import annotations

from hypothesis import strategies as st

_BLANKS = st.sampled_from(["", "", "", " ", "  ", "\n", "\r\n  ", "\t", "\n    "])
_STRINGS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='"\\'), max_size=8).map(
        lambda text: f'"{text}"'
    ),
    st.sampled_from(
        [
            '"\\""', '"\\\\"', '"{\\"a\\": [1, 2]}"', '"\\u00e9"', '"\\ud83d\\ude00"', '"😀"', '" , : "', '"a\\nb"',
            '"\u2028"', '"\u0085"', '"\\/"',
        ]
    ),
)  # fmt: skip
_PLAIN = st.sampled_from(["0", "-0", "1.50", "2.2E-05", "12345678901234567890123", "true", "false", "null"])
ODD_STRINGS = st.sampled_from(['"\\ud83d"', '"\\ude00x"', '"\ud83d"'])
ODD_PLAIN = st.sampled_from(["NaN", "Infinity", "-Infinity"])


@st.composite
def _container(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    """A mapping or sequence in one style: whatever stands behind a comma once stands there always."""
    is_mapping = draw(st.booleans())
    items = draw(st.lists(values, max_size=4))
    if is_mapping:
        colon = draw(st.sampled_from([":", ": ", " : ", ":\n"]))
        items = [f"{draw(_STRINGS)}{colon}{item}" for item in items]
    opened, closed, before, behind = (draw(_BLANKS) for _ in range(4))
    inside = f"{before},{behind}".join(items)
    return (
        f"{'{' if is_mapping else '['}{opened}{inside}{closed if items else ''}{'}' if is_mapping else ']'}"
    )


def texts(*, odd: bool = False) -> st.SearchStrategy[str]:
    """Well-formed JSON in any style; `odd` adds what msgspec refuses."""
    scalars = st.one_of(_STRINGS, _PLAIN, ODD_STRINGS, ODD_PLAIN) if odd else st.one_of(_STRINGS, _PLAIN)
    values = st.recursive(scalars, _container, max_leaves=12)
    return st.builds(lambda before, text, behind: before + text + behind, _BLANKS, values, _BLANKS)


# Pieces of JSON in any order: nearly always broken.
broken_texts = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ",", ":", " ", "\n", "1", "01", "true", "tru", '"a"', '"b":', '"\\x"', '"x', "\\", "é"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
