"""The ladder that splits ties: each step splits the tied set, its subsets go on with the next."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kipp_desktop.domain.fold import Tie


class TieFacts(Protocol):
    """What the steps of the ladder ask of an entry; ``None`` where there is nothing to compare."""

    def criterion_mean(self, entry: str, criterion: str) -> Fraction | int | None:
        """Return what orders entries as the mean of their counted marks of a criterion does.

        It is that of the last stage that has the criterion, on one scale for all entries.
        """

    def stage_score(self, entry: str, stage: str) -> Fraction | None:
        """Return the score of the entry in a stage."""

    def median_total(self, entry: str) -> Fraction | None:
        """Return the median of the judges' totals in the last stage."""

    def marks_below(self, entry: str, bound: Fraction) -> int:
        """Return how many marks of the counted sheets of the last stage are under ``bound``."""


class Split(NamedTuple):
    """Entries that share a place, and the step that set them apart from the others (or none)."""

    entries: tuple[str, ...]
    step: str | None


@dataclass(frozen=True)
class OpenTie:
    """A tied set that waits for the plenary or for a lot."""

    entries: tuple[str, ...]
    methods: tuple[str, ...]


def split(
    tied: Sequence[str], ladder: Sequence[str], facts: TieFacts, decided: Sequence[Tie]
) -> tuple[list[Split], list[OpenTie]]:
    """Split a tied set by the ladder.

    Returns the subsets in the order of their places, each with the step that decided, and the
    subsets that a step of the ladder leaves to a decision which has not been made.
    """
    waiting: list[OpenTie] = []
    splits = _split(tuple(tied), list(ladder), None, facts, decided, (), waiting)
    return splits, waiting


def _split(  # noqa: PLR0917 - one recursion
    tied: tuple[str, ...],
    ladder: list[str],
    step: str | None,
    facts: TieFacts,
    decided: Sequence[Tie],
    undecided: tuple[str, ...],
    waiting: list[OpenTie],
) -> list[Split]:
    if len(tied) == 1 or not ladder:
        if len(tied) > 1 and undecided:
            waiting.append(OpenTie(tied, undecided))
        return [Split(tied, step)]
    now, rest = ladder[0], ladder[1:]
    if now in {"plenary", "lot"}:
        order = _decided_order(tied, now, decided)
        if order is None:
            return _split(tied, rest, step, facts, decided, (*undecided, now), waiting)
        return [Split((entry,), now) for entry in order]
    value = _value(now, facts)
    subsets: dict[Fraction | int, list[str]] = {}
    for entry in tied:
        found = value(entry)
        if found is None:  # nothing to compare: the step cannot split this set
            return _split(tied, rest, step, facts, decided, undecided, waiting)
        subsets.setdefault(found, []).append(entry)
    if len(subsets) == 1:
        return _split(tied, rest, step, facts, decided, undecided, waiting)
    result: list[Split] = []
    for found in sorted(subsets, reverse=True):
        subset = tuple(subsets[found])
        if len(subset) == 1:
            result.append(Split(subset, now))
        else:
            result += _split(subset, rest, now, facts, decided, undecided, waiting)
    return result


def _value(step: str, facts: TieFacts) -> Callable[[str], Fraction | int | None]:
    """Return what a step compares; more is better."""
    name, _, argument = step.partition(":")
    if name == "criterion":
        return lambda entry: facts.criterion_mean(entry, argument)
    if name == "stage":
        return lambda entry: facts.stage_score(entry, argument)
    if name == "median":
        return facts.median_total
    bound = Fraction(argument)
    return lambda entry: Fraction(-facts.marks_below(entry, bound))


def _decided_order(tied: tuple[str, ...], method: str, decided: Sequence[Tie]) -> list[str] | None:
    """Return the order that the last decision covering the whole set gives it."""
    for tie in reversed(decided):
        if tie.method == method and set(tied) <= set(tie.order):
            return [entry for entry in tie.order if entry in tied]
    return None
