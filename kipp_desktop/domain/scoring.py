"""From the totals of judges to the score of an entry, exactly.

Totals arrive as integers over the rubric's denominator; scores leave as :class:`Fraction`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kipp_desktop.domain.competition import Stage


def mean(totals: Sequence[int], denominator: int) -> Fraction:
    """Return the arithmetic mean of totals over ``denominator``."""
    return _ratio(sum(totals), len(totals) * denominator)


@lru_cache(1 << 14)
def _ratio(numerator: int, denominator: int) -> Fraction:
    """Return a fraction in lowest terms; thousands of entries share some hundred scores."""
    return Fraction(numerator, denominator)


def median(totals: Sequence[int], denominator: int) -> Fraction:
    """Return the median; of an even number the mean of the middle two."""
    ordered = sorted(totals)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle], denominator)
    return Fraction(ordered[middle - 1] + ordered[middle], 2 * denominator)


def trimmed_mean(totals: Sequence[int], denominator: int, trim_from: int = 4) -> Fraction:
    """Return the mean without one highest and one lowest total.

    With fewer than ``trim_from`` totals nothing is dropped.
    """
    if len(totals) < trim_from:
        return mean(totals, denominator)
    return Fraction(sum(totals) - max(totals) - min(totals), (len(totals) - 2) * denominator)


def combiner(stage: Stage, denominator: int) -> Callable[[Sequence[int]], Fraction]:
    """Return how a stage combines the totals of an entry's judges (not for ``placing``)."""
    if stage.between_judges == "median":
        return lambda totals: median(totals, denominator)
    if stage.between_judges == "trimmed-mean":
        return lambda totals: trimmed_mean(totals, denominator, stage.trim_from)
    return lambda totals: mean(totals, denominator)


def mean_places(totals: Mapping[str, Mapping[str, int]]) -> dict[str, Fraction]:
    """Return the mean of each entry's places over the judges that marked it; lower is better.

    ``totals`` are by entry, then by judge, all of one group. A judge's places run over the
    entries that this judge marked; equal totals share the mean of their places.
    """
    by_judge: dict[str, list[tuple[int, str]]] = {}
    for entry, judges in totals.items():
        for judge, total in judges.items():
            by_judge.setdefault(judge, []).append((total, entry))
    sums: dict[str, Fraction] = {}
    for marked in by_judge.values():
        marked.sort(key=lambda pair: -pair[0])
        start = 0
        while start < len(marked):
            end = start
            while end < len(marked) and marked[end][0] == marked[start][0]:
                end += 1
            place = Fraction(start + 1 + end, 2)
            for _, entry in marked[start:end]:
                sums[entry] = sums.get(entry, Fraction(0)) + place
            start = end
    return {entry: total / len(totals[entry]) for entry, total in sums.items()}


def round_half_up(value: Fraction, digits: int) -> Fraction:
    """Return ``value`` rounded half up: ``⌊10ᵈ·x + ½⌋ / 10ᵈ``."""
    scale: int = 10**digits
    return Fraction(
        (2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale
    )


def printed(value: Fraction, digits: int) -> str:
    """Return ``value`` half up with exactly ``digits`` decimals, a point between."""
    scale: int = 10**digits
    scaled = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, part = divmod(scaled, scale)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def exact(value: Fraction) -> str:
    """Return ``"p/q"`` in lowest terms, or ``"p"``."""
    return str(value)
