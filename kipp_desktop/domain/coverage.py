"""Cakupan: one agency, one innovation. Who entered how many, who did not, by kind.

An entry is credited to the organisation that entered it, or to the unit below it that its table
names; and, as "with the units below it", to every organisation above. An organisation that must
enter has done so when itself or a unit below it has an entry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.organisation_names import office_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kipp_desktop.domain.setup import Entry, Organisation


@dataclass(frozen=True)
class CoverageRow:
    """An organisation: its depth in the tree, entries of its own and with the units below it.

    ``numbers`` are those of its own entries. ``must_enter``: it is among those that are counted.
    """

    id: str
    name: str
    kind: str
    depth: int
    must_enter: bool
    own: int
    total: int
    numbers: tuple[str, ...]

    @property
    def entered(self) -> bool:
        """Whether it, or a unit below it, has an entry."""
        return self.total > 0


@dataclass(frozen=True)
class KindRow:
    """All organisations of one kind: how many there are, must enter, did and did not; entries."""

    kind: str
    organisations: int
    obliged: int
    entered: int
    missing: int
    entries: int


@dataclass(frozen=True)
class Coverage:
    """The whole tree, depth first; the sums by kind; entries of which no organisation is known."""

    rows: tuple[CoverageRow, ...]
    kinds: tuple[KindRow, ...]
    without: tuple[str, ...]

    @property
    def obliged(self) -> int:
        """How many organisations must enter."""
        return sum(row.must_enter for row in self.rows)

    @property
    def missing(self) -> tuple[CoverageRow, ...]:
        """The organisations that must enter and did not."""
        return tuple(row for row in self.rows if row.must_enter and not row.entered)


def coverage(organisations: Sequence[Organisation], entries: Iterable[Entry]) -> Coverage:
    """Count the entries of each organisation; a circle in the tree is cut."""
    by_id = {item.id: item for item in organisations}
    own: dict[str, list[str]] = {}
    without = []
    units = _units(organisations)
    for entry in entries:
        credited = entry.organisation if entry.organisation in by_id else None
        unit = units.get(office_key(entry.unit)) if entry.unit else None
        if unit and (credited is None or credited in _above(unit, by_id)):
            credited = unit
        if credited is None:
            without.append(entry.number)
        else:
            own.setdefault(credited, []).append(entry.number)
    totals: Counter[str] = Counter()
    for identity, numbers in own.items():
        for above in _above(identity, by_id):
            totals[above] += len(numbers)
    rows = tuple(
        CoverageRow(
            item.id,
            item.name,
            item.kind,
            depth,
            item.must_enter,
            len(own.get(item.id, ())),
            totals[item.id],
            tuple(own.get(item.id, ())),
        )
        for item, depth in _depth_first(organisations)
    )
    return Coverage(rows, _by_kind(rows), tuple(without))


def _units(organisations: Sequence[Organisation]) -> dict[str, str]:
    """Return organisations by the key of their name, but for keys that two of them have."""
    times = Counter(office_key(item.name) for item in organisations)
    return {
        office_key(item.name): item.id
        for item in organisations
        if times[office_key(item.name)] == 1
    }


def _above(identity: str, by_id: Mapping[str, Organisation]) -> list[str]:
    """Return an organisation and all above it."""
    found: list[str] = []
    here: str | None = identity
    while here is not None and here in by_id and here not in found:
        found.append(here)
        here = by_id[here].parent
    return found


def _depth_first(organisations: Sequence[Organisation]) -> list[tuple[Organisation, int]]:
    known = {item.id for item in organisations}
    children: dict[str | None, list[Organisation]] = {}
    for item in organisations:
        children.setdefault(item.parent if item.parent in known else None, []).append(item)
    found: list[tuple[Organisation, int]] = []
    waiting = [(item, 0) for item in reversed(children.get(None, []))]
    while waiting:
        item, depth = waiting.pop()
        found.append((item, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(item.id, []))]
    seen = {item.id for item, _ in found}
    return found + [(item, 0) for item in organisations if item.id not in seen]


def _by_kind(rows: Sequence[CoverageRow]) -> tuple[KindRow, ...]:
    kinds = dict.fromkeys(row.kind for row in rows)
    return tuple(
        KindRow(
            kind,
            len(members),
            sum(row.must_enter for row in members),
            sum(row.must_enter and row.entered for row in members),
            sum(row.must_enter and not row.entered for row in members),
            sum(row.own for row in members),
        )
        for kind in kinds
        for members in [[row for row in rows if row.kind == kind]]
    )
