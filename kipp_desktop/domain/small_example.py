"""A handful of entries and judges, ranked by the real code: what a rule does, shown on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.competition import Competition, Group, Rules, Stage
from kipp_desktop.domain.fold import DeskState
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.domain.setup import Assignment, Entry, Person, Setup
from kipp_desktop.domain.sheet import pack, total
from kipp_desktop.domain.standing import Ranked, StageCount, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    #: By stage, by entry: the judges' marks in order, each a tuple over the rubric's two criteria;
    #: ``None`` where a judge's sheet is missing.
    Marks = Mapping[str, Mapping[str, Sequence[tuple[str, str] | None]]]

GROUP = "umum"


def two_criteria(
    first: str = "efektif", *, scale: tuple[str, str, str] = ("0", "100", "1")
) -> Rubric:
    """Return a rubric of two equal criteria, by default from 0 to 100."""
    low, high, step = scale
    return read_rubric(
        {
            "id": "contoh",
            "name": "Contoh",
            "total": "sum",
            "scale": {"min": low, "max": high, "step": step},
            "criterion": [
                {"id": first, "name": "A", "weight": "0.5"},
                {"id": "lain" if first != "lain" else "lain-2", "name": "B", "weight": "0.5"},
            ],
        }
    )


@dataclass(frozen=True)
class Example:
    """What came of it, by the names of the entries."""

    standing: Standing

    def of(self, entry: str) -> Ranked:
        """Return how an entry stands."""
        return next(
            item for group in self.standing.groups for item in group.entries if item.entry == entry
        )

    @property
    def first(self) -> tuple[str, ...]:
        """The entries on the first place."""
        return tuple(
            item.entry
            for group in self.standing.groups
            for item in group.entries
            if item.place == 1
        )


def play(
    rules: Rules,
    rubric: Rubric,
    marks: Marks,
    *,
    abstaining: Mapping[str, Sequence[str]] | None = None,
    corrections: Mapping[tuple[str, str, str], str] | None = None,
    advanced: Mapping[str, Sequence[str]] | None = None,
) -> Example:
    """Rank the entries that ``marks`` names under some rules.

    Judges are ``j1``, ``j2`` … in every stage. ``abstaining`` are the entries that a judge does not
    mark, ``corrections`` marks by (stage, entry, criterion), ``advanced`` who went on from a stage.
    """
    names = list(dict.fromkeys(entry for stage in marks.values() for entry in stage))
    counted = rules.counted()
    most = max(len(given) for stage in marks.values() for given in stage.values())
    judges = [f"j{number}" for number in range(1, most + 1)]
    setup = Setup(
        Competition("Contoh", "Contoh", 2021),
        (Group(GROUP, "Umum"),),
        rules,
        (rubric,),
        entries=tuple(Entry(name, name, name, group=GROUP) for name in names),
        persons=tuple(Person(judge, judge, ("judge",)) for judge in judges),
        assignments=tuple(Assignment(stage.id, judge) for stage in counted for judge in judges),
    )
    state = DeskState("")
    state.corrections.update(corrections or {})
    for stage_id, going in (advanced or {}).items():
        state.advances[stage_id, GROUP] = tuple(going)
    counts = {
        stage.id: _count(stage, rubric, judges, marks.get(stage.id, {}), abstaining or {})
        for stage in counted
    }
    return Example(rank(setup, state, counts))


def _count(
    stage: Stage,
    rubric: Rubric,
    judges: Sequence[str],
    given: Mapping[str, Sequence[tuple[str, str] | None]],
    abstaining: Mapping[str, Sequence[str]],
) -> StageCount:
    rows = []
    ids = [leaf.id for leaf in rubric.judged.leaves]
    for position, judge in enumerate(judges):
        for entry, sheets in given.items():
            sheet = sheets[position] if position < len(sheets) else None
            if sheet is not None:
                packed = pack(rubric, dict(zip(ids, sheet, strict=True)))
                assert packed is not None, sheet
                rows.append((entry, judge, total(rubric, packed), packed))
    return StageCount(
        stage,
        rubric,
        rows,
        judges,
        {judge: frozenset(entries) for judge, entries in abstaining.items()},
    )


def same(*totals: int | Fraction) -> list[tuple[str, str]]:
    """Return sheets of these totals, both criteria alike."""
    return [(format_decimal(value), format_decimal(value)) for value in totals]
