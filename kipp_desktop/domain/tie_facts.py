"""What the ladder asks of tied entries: means of criteria, scores of stages, medians, low marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from kipp_desktop.domain.scoring import median
from kipp_desktop.domain.sheet import indexes
from kipp_desktop.domain.standing import Row, StageCount, marks_of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass
class Scored:
    """A stage with a score for each entry that has enough sheets."""

    count: StageCount
    sheets: dict[str, list[Row]]
    totals: dict[str, list[int]]
    scores: dict[str, Fraction]
    panel: dict[str, Fraction | None]


class TieFacts:
    """What the ladder asks, looked up in the counted sheets only when there is a tie."""

    def __init__(self, scored: Sequence[Scored]) -> None:
        self._scored = scored
        self._criteria: dict[str, Callable[[str], Fraction | int | None]] = {}

    def criterion_mean(self, entry: str, criterion: str) -> Fraction | int | None:
        """Return what orders entries by their mean mark in a criterion; more is better."""
        if criterion not in self._criteria:
            self._criteria[criterion] = self._criterion(criterion)
        return self._criteria[criterion](entry)

    def _criterion(self, criterion: str) -> Callable[[str], Fraction | int | None]:
        for item in reversed(self._scored):
            panel = item.count.panel
            if any(leaf.id == criterion for leaf in item.count.rubric.by_panel.leaves):
                return lambda entry: (
                    None if (mark := panel.get((entry, criterion))) is None else Fraction(mark)
                )
            for position, leaf in enumerate(item.count.rubric.judged.leaves):
                if leaf.id == criterion:
                    return _steps_mean(item.sheets, position)
        return lambda _entry: None

    def value(self, entry: str, name: str, argument: str) -> Fraction | None:
        """Return what a step compares, as people read it."""
        if name == "stage":
            score = self.stage_score(entry, argument)
            return None if score is None else abs(score)
        if name == "median":
            return self.median_total(entry)
        if name == "fewest-below":
            return Fraction(self.marks_below(entry, Fraction(argument)))
        return self._mean_mark(entry, argument)

    def _mean_mark(self, entry: str, criterion: str) -> Fraction | None:
        for item in reversed(self._scored):
            if any(leaf.id == criterion for leaf in item.count.rubric.by_panel.leaves):
                mark = item.count.panel.get((entry, criterion))
                return None if mark is None else Fraction(mark)
            for position, leaf in enumerate(item.count.rubric.judged.leaves):
                rows = item.sheets.get(entry, ())
                if leaf.id == criterion and rows:
                    marks = (leaf.scale.mark(indexes(row[3])[position]) for row in rows)
                    return sum(marks, Fraction(0)) / len(rows)
        return None

    def stage_score(self, entry: str, stage: str) -> Fraction | None:
        """Return an entry's score in a stage, of places below zero: more is better."""
        for item in self._scored:
            if item.count.stage.id == stage:
                score = item.scores.get(entry)
                if score is not None and item.count.stage.between_judges == "placing":
                    return -score
                return score
        return None

    def median_total(self, entry: str) -> Fraction | None:
        """Return the median of an entry's totals in the last stage."""
        last = self._scored[-1]
        totals = last.totals.get(entry)
        if not totals:
            return None
        return median(totals, last.count.rubric.judged.denominator) + (last.panel.get(entry) or 0)

    def marks_below(self, entry: str, bound: Fraction) -> int:
        """Return how many marks of an entry lie below a bound in the last stage."""
        number = len(self._scored) - 1
        leaves = self._scored[number].count.rubric.judged.leaves
        return sum(
            leaf.scale.mark(index) < bound
            for row in self._scored[number].sheets.get(entry, ())
            for leaf, index in zip(leaves, indexes(row[3]), strict=True)
        )


def _steps_mean(sheets: Mapping[str, Sequence[Row]], position: int) -> Callable[[str], int | None]:
    """Return what orders entries as their mean mark of a leaf: its steps over all counts' lcm."""
    common = lcm(*{len(rows) for rows in sheets.values() if rows})
    high, low = 2 * position, 2 * position + 1

    def mean(entry: str) -> int | None:
        rows = sheets.get(entry)
        if not rows:
            return None
        # All sheets' marks in one row of bytes: every so many bytes the same leaf comes again.
        marks = b"".join(map(marks_of_row, rows))
        stride = len(marks) // len(rows)
        steps = (sum(marks[high::stride]) << 8) + sum(marks[low::stride])
        return steps * (common // len(rows))

    return mean
