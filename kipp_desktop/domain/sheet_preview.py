"""A rubric as its judges will see it: the rows of a sheet, without any marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.rubric import Criterion, Level, Rubric, Scale


@dataclass(frozen=True)
class PreviewRow:
    """A criterion of a sheet.

    ``depth`` counts from 0; ``weight`` is as written; ``most`` what the criterion adds to the
    total at most; ``scale`` is ``None`` for a heading over its parts; ``by_panel`` where the panel
    marks it once for all judges, so that a judge only reads it.
    """

    id: str
    name: str
    description: str
    depth: int
    weight: Fraction
    most: Fraction
    scale: Scale | None
    levels: tuple[Level, ...]
    by_panel: bool


@dataclass(frozen=True)
class SheetPreview:
    """The rows in the order of the sheet, and the highest total."""

    name: str
    rows: tuple[PreviewRow, ...]
    maximum: Fraction


def preview(rubric: Rubric) -> SheetPreview:
    """Return the sheet of a rubric."""
    most: dict[str, Fraction] = {}
    for leaf in rubric.leaves:
        for criterion in leaf.path:
            part = leaf.coefficient * leaf.scale.maximum
            most[criterion.id] = most.get(criterion.id, Fraction(0)) + part

    def rows(criteria: tuple[Criterion, ...], depth: int) -> Iterator[PreviewRow]:
        for item in criteria:
            yield PreviewRow(
                item.id,
                item.name,
                item.description,
                depth,
                item.weight,
                most[item.id],
                None if item.children else item.scale or rubric.scale,
                item.levels,
                not item.children and item.marked_by == "panel",
            )
            yield from rows(item.children, depth + 1)

    return SheetPreview(rubric.name, tuple(rows(rubric.criteria, 0)), rubric.maximum)
