"""Every version of one sheet, as one key signed them: nothing signed is ever gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import parse_decimal
from kipp_desktop.domain.sheet import pack
from kipp_desktop.services.judging import rubric_of
from kipp_desktop.services.sheetbook import making_of

if TYPE_CHECKING:
    from fractions import Fraction

    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Version:
    """One signed version: ``kind`` is ``signed``, ``corrected`` or ``withdrawn``.

    ``at`` is what the laptop's clock said; ``marks`` are (criterion's name, mark) in the rubric's
    order; ``total`` is exact, ``None`` where the rubric has changed since.
    """

    number: int
    at: str
    kind: str
    marks: tuple[tuple[str, Fraction], ...]
    total: Fraction | None
    reason: str


def sheet_history(panel: Panel, marker: Marker, entry: str) -> list[Version]:
    """Return the versions of a sheet that this key signed, the first one first."""
    rubric = rubric_of(panel, marker.stage)
    names = {leaf.id: leaf.criterion.name for leaf in rubric.judged.leaves}
    order = {name: at for at, name in enumerate(names)}
    found: list[Version] = []
    for record in panel.records(marker.author, "paper-sheet" if marker.paper else "score-sheet"):
        body: dict[str, Any] = record.body
        if (body["entry"], body["stage"]) != (entry, marker.stage):
            continue
        if body.get("judge", marker.judge) != marker.judge:
            continue
        marks: dict[str, str] = body["marks"] or {}
        packed = pack(rubric, marks)
        making = None if packed is None else making_of(rubric, packed)
        corrected = found and found[-1].kind != "withdrawn"
        found.append(
            Version(
                len(found) + 1,
                record.at,
                "withdrawn" if body["marks"] is None else "corrected" if corrected else "signed",
                tuple(
                    (names.get(name, name), parse_decimal(marks[name]))
                    for name in sorted(marks, key=lambda name: order.get(name, len(order)))
                ),
                None if making is None else making.total,
                body["reason"] or "",
            )
        )
    return found
