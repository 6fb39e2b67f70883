"""What was once confirmed of a table's columns, for the next file with the same headings.

The desk's database keeps it: a document ``headings`` maps the kind of table and a fingerprint of
its headings, in order, to the mapping that was used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kipp_desktop.exchange.tables import REASON_COLUMN, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.storage.workbench import Workbench

    Mapping = tuple[tuple[str, str], ...]

_DOCUMENT = "headings"
_MOST = 200  # layouts; the oldest give way


def fingerprint(cells: Sequence[str]) -> str:
    """Return what tables with the same headings share; a column of reasons does not matter."""
    keys = [normalise(cell) for cell in cells]
    keys = [key for key in keys if key != normalise(REASON_COLUMN)]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


def recall(bench: Workbench, kind: str, rows: Sequence[Sequence[str]]) -> tuple[int, Mapping]:
    """Return the position of the first row with headings known from before, and their mapping.

    Without one the position is -1.
    """
    known = (bench.document(_DOCUMENT) or {}).get(kind, {})
    if known:
        for position, cells in enumerate(rows):
            found = known.get(fingerprint(cells))
            if found is not None:
                return position, tuple((heading, field) for heading, field in found)
    return -1, ()


def remember(bench: Workbench, kind: str, cells: Sequence[str], mapping: Mapping) -> None:
    """Keep how the columns of these headings were read."""
    document: dict[str, Json] = bench.document(_DOCUMENT) or {}
    kinds = document.setdefault(kind, {})
    assert isinstance(kinds, dict)
    key = fingerprint(cells)
    kinds.pop(key, None)
    kinds[key] = [[heading, field] for heading, field in mapping]
    for oldest in list(kinds)[:-_MOST]:
        del kinds[oldest]
    bench.set_document(_DOCUMENT, document)
