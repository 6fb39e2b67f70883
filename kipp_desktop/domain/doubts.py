"""Whether a desk's ledger contradicts itself: what it cites may only grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from kipp_desktop.domain.records import Record


@dataclass(frozen=True)
class CitesLess:
    """A closing or results record that cites less of a key than an earlier receipt did."""

    record: Record
    key: str
    cited: int
    receipted: int


def cites_less(
    records: Iterable[Record],
    seq_of: Callable[[str, str], int | None],
    exempt: Collection[str],
) -> list[CitesLess]:
    """Return where the desk took back what it had receipted; ``records`` in order.

    ``exempt`` are keys that forked or were revoked. Heads that are not held are left out: they
    are reported as lacking.
    """
    receipted: dict[str, int] = {}
    found = []
    for record in records:
        if record.kind not in {"receipt", "closing", "results"}:
            continue
        heads: Any = record.body["heads"]
        if record.kind == "receipt":
            for key, head in heads.items():
                receipted[key] = max(receipted.get(key, 0), seq_of(key, head) or 0)
            continue
        for key, least in receipted.items():
            cited = seq_of(key, heads[key]) if key in heads else 0
            if key not in exempt and cited is not None and cited < least:
                found.append(CitesLess(record, key, cited, least))
    return found
