"""Texts for people, as values that are translated only where they are shown.

A :class:`Text` is an English source sentence with named values. The core makes and raises them; the
window, the command line and the documents say them in the user's language
(:mod:`kipp_desktop.catalogue`). Because the source stands as a literal in the call ``Text("…")``,
Babel finds every sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, init=False)
class Text:
    """A sentence in English, with the values that it names in braces.

    >>> Text("Row {row} has no title.", row=7).source
    'Row {row} has no title.'
    """

    source: str
    values: Mapping[str, object]

    def __init__(self, source: str, /, **values: object) -> None:
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "values", values)

    def __hash__(self) -> int:
        """Hash like equality: by source and values."""
        return hash((self.source, tuple(sorted((k, repr(v)) for k, v in self.values.items()))))

    def __str__(self) -> str:
        """Return the English sentence, for logs and tests."""
        return self.source.format(**{name: str(value) for name, value in self.values.items()})
