"""What the ranking says: places, awards, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kipp_desktop.domain.advancing import OpenAdvance
from kipp_desktop.domain.ties import OpenTie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.setup import Setup


#: A counted sheet as ranking takes it: entry, judge, total over the rubric's denominator, marks.
Row = tuple[str, str, int, bytes]
total_of_row, marks_of_row = itemgetter(2), itemgetter(3)


class Ranked(NamedTuple):
    """An entry's place. ``score`` is printed with a point; unranked entries have ``None``.

    ``decided`` is its place in the panel's own order, where that departs from the computed one.
    """

    entry: str
    place: int | None
    exact: Fraction | None
    score: str | None
    sheets: int
    status: str
    reached: str | None = None
    award: str | None = None
    shared: bool = False
    by: str | None = None
    decided: int | None = None


@dataclass(frozen=True)
class OpenAward:
    """A shared place across the line of a tier: who gets it waits for a decision."""

    tier: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class GroupStanding:
    """The entries of a group in the order of their places, then those without one."""

    group: str
    entries: tuple[Ranked, ...]
    ties: tuple[OpenTie, ...] = ()
    lines: tuple[OpenAward, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A sheet that the rule of its stage requires and that is not here."""

    stage: str
    entry: str
    judge: str


@dataclass
class StageCount:
    """The counted sheets of a stage, and who may still be missing.

    ``abstaining`` maps a judge to the entries that this judge abstains from (``None``: all).
    ``setup`` is the one that the stage is counted under, where that is not the one in force (a
    closing froze it): its entries and assignments say which sheets are expected.
    """

    stage: Stage
    rubric: Rubric
    rows: Sequence[Row]
    judges: Sequence[str]
    abstaining: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    panel: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    setup: Setup | None = None


@dataclass(frozen=True)
class Standing:
    """The computed state of the competition.

    While sheets are missing the places are those of the sheets that are there. ``waiting`` are
    entries that wait for a decision: too few judges mark them, though no sheet is missing.
    ``undecided`` say of which groups it is open who goes on; ``forks`` are keys with an unsettled
    fork; ``lacking`` keys of whose ledgers a cited record is not held.
    """

    groups: tuple[GroupStanding, ...]
    missing: tuple[Missing, ...]
    waiting: tuple[str, ...] = ()
    undecided: tuple[OpenAdvance, ...] = ()
    forks: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that the rules require, undecided or forked."""
        return not (self.missing or self.undecided or self.forks or self.lacking)
