"""Values for property tests."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import strategies as st

#: Any text at all, with lone surrogates, accents and control characters more often than by chance.
any_text = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs", "Mn", "Cc", "Zs"]),
        st.sampled_from("\n\t\r \u0301\u0323e\ud800\x00"),
    ),
    max_size=12,
)


def _signable(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not any(
        before < " " and unicodedata.combining(after) for before, after in pairwise(text)
    )


#: Texts that have a canonical form.
texts = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(_signable)
)

keys = st.from_regex(r"[a-z0-9_-]{1,8}", fullmatch=True)

#: Values that have a canonical form.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
