"""Where the competition stands: who has sent what, places and awards, what stops a sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.sheet import unpack
from kipp_desktop.domain.standing import StageCount, Standing
from kipp_desktop.errors import KippError
from kipp_desktop.services.trust import Doubt, doubts
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.services.counting import Records
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class PersonStatus:
    """How far a judge is in the stages that have a score.

    ``sent`` sheets count, of ``expected``; ``abstained`` entries are not marked, ``paper`` of the
    sent came from paper; ``waiting``: a key of this person is here and not admitted.
    """

    id: str
    person: str
    sent: int
    expected: int
    abstained: int
    paper: int
    waiting: bool


@dataclass(frozen=True)
class Status:
    """Who has sent what. ``complete`` when nothing is missing, undecided or in doubt."""

    people: tuple[PersonStatus, ...]
    complete: bool
    doubts: tuple[Doubt, ...] = ()


def standing(panel: Records, until: str | None = None) -> Standing:
    """Compute places and awards from the counted sheets that are here.

    With ``until`` the places in that stage, as if it were the last. Raises :class:`KippError` with
    code ``no-score`` where it has none.
    """
    setup = panel.setup
    counted = setup.rules.counted()
    if until is not None and setup.rules.stage(until) not in counted:
        raise KippError(
            "no-score",
            Text("The stage {stage} has no score of its own.", stage=until),
            Text("Choose one of: {stages}.", stages=", ".join(stage.id for stage in counted)),
        )
    counts = {stage.id: stage_count(panel, stage.id) for stage in counted}
    return replace(rank(setup, panel.state, counts, until), lacking=tuple(panel.lacking()))


def unadmitted_sentences(panel: Records) -> Iterator[Text]:
    """Say of every key that is nobody's, and that signed sheets, that these count nowhere."""
    for one in panel.unadmitted():
        if one.sheets:
            name = panel.naming.name_of(one.person)
            yield (
                Text(
                    "The second key of {name} ({key}) is void until the first one is revoked; its "
                    "{count} sheets count nowhere.",
                    name=name,
                    key=one.key[:12],
                    count=one.sheets,
                )
                if one.second
                else Text(
                    "The key {key}, which says that it is {name}'s, was not admitted; its {count} "
                    "sheets count nowhere.",
                    key=one.key[:12],
                    name=name,
                    count=one.sheets,
                )
            )


def stage_count(panel: Records, stage: str) -> StageCount:
    """Return the counted sheets of a stage as ranking takes them."""
    setup = panel.setup_for(stage)
    found = setup.rules.stage(stage)
    judges = setup.judges_of(stage)
    bounds = panel.bounds(stage)
    abstaining: dict[str, frozenset[str] | None] = {}
    for judge in judges:
        for item in panel.abstentions(judge, stage, bounds):
            known = abstaining.get(judge, frozenset())
            if item.entries is None or known is None:
                abstaining[judge] = None
            else:
                abstaining[judge] = known | item.entries
    return StageCount(
        stage=found,
        rubric=setup.rubric_of(found),
        rows=panel.counted(stage),
        judges=judges,
        abstaining=abstaining,
        panel={
            (entry, criterion): mark
            for (where, entry, criterion), mark in panel.state.panel_marks.items()
            if where == stage
        },
        setup=setup if setup is not panel.setup else None,
    )


def status(panel: Panel) -> Status:
    """Say who has sent what."""
    found = tuple(doubts(panel))
    return Status(people_status(panel), standing(panel).complete and not found, found)


def people_status(panel: Records) -> tuple[PersonStatus, ...]:
    """Return how far each judge is, in the order of the plan."""
    setup = panel.setup
    waiting = panel.waiting_persons()
    naming = panel.naming
    field = field_of(setup, panel.state)
    sent: Counter[str] = Counter()
    paper: Counter[str] = Counter()
    abstained: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    judges: dict[str, None] = {}
    for stage in setup.rules.counted():
        counted_under = panel.setup_for(stage.id)
        alive = field.alive[stage.id] & counted_under.entry_by_id.keys()
        for entry, judge, how in panel.counted_ways(stage.id):
            if entry in alive:
                sent[judge] += 1
                paper[judge] += how != "laptop"
        bounds = panel.bounds(stage.id)
        for judge in counted_under.judges_of(stage.id):
            judges[judge] = None
            assignment = counted_under.assignment(stage.id, judge)
            out: set[str] = set()
            for item in panel.abstentions(judge, stage.id, bounds):
                out |= alive if item.entries is None else item.entries & alive
            if assignment is not None:
                due = {entry for entry in alive if assignment.covers(entry)}
                abstained[judge] += len(due & out)
                expected[judge] += len(due - out)
    return tuple(
        PersonStatus(
            judge,
            naming.name_of(judge),
            sent[judge],
            expected[judge],
            abstained[judge],
            paper[judge],
            judge in waiting,
        )
        for judge in judges
    )


# -- the making of a number ------------------------------------------------------------------------


@dataclass(frozen=True)
class MarkPart:
    """One mark in a total: mark × coefficient = part, all exact."""

    criterion: str
    mark: Fraction
    coefficient: Fraction
    part: Fraction


@dataclass(frozen=True)
class SheetPart:
    """One judge's sheet in a score: its marks, its total, how it came and where it is signed."""

    judge: str
    total: Fraction
    how: str
    author: str
    seq: int
    parts: tuple[MarkPart, ...]


def making(panel: Panel, entry: str, stage: str) -> tuple[SheetPart, ...]:
    """Return the sheets that make an entry's score in a stage, mark by mark."""
    setup = panel.setup_for(stage)
    rubric = setup.rubric_of(setup.rules.stage(stage))
    leaves: dict[str, Leaf] = {leaf.id: leaf for leaf in rubric.judged.leaves}
    found = []
    for row_entry, judge, author, seq, total, marks, how in panel.projection.counted_details(stage):
        if row_entry != entry:
            continue
        parts = []
        for criterion, text in unpack(rubric, marks).items():
            leaf, mark = leaves[criterion], Fraction(text)
            parts.append(
                MarkPart(leaf.criterion.name, mark, leaf.coefficient, leaf.coefficient * mark)
            )
        whole = Fraction(total, rubric.judged.denominator)
        found.append(SheetPart(setup.name_of(judge), whole, how, author, seq, tuple(parts)))
    return tuple(found)


#: Why a signed sheet does not count, for people.
RULE_TEXTS = {
    "replaced": Text("replaced by a later sheet"),
    "withdrawn": Text("withdrawn by its judge"),
    "key-waiting": Text("its key is not admitted"),
    "after-limit": Text("signed after the stage was closed or the key revoked"),
    "not-assigned": Text("not among this judge's entries"),
    "abstained": Text("this judge abstains here"),
    "other-rubric": Text("marked by another rubric"),
    "bad-marks": Text("a mark is missing or off the scale"),
    "own-sheet-counts": Text("the judge's own signed sheet counts"),
    "typed-once": Text("typed once and not checked yet"),
    "typed-differently": Text("the two typings differ"),
    "not-accepted": Text("the panel decided that it does not count"),
}
