"""What the window's marking pages show: all sheets of one judge, and how far every judge is.

Reading only; marks are set and sheets signed in :mod:`kipp_desktop.services.judging`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.sheet import UNMARKED, complete, indexes, total
from kipp_desktop.errors import KippError
from kipp_desktop.services.agenda import Turn, turns
from kipp_desktop.services.judging import Marker, SheetView, rubric_of, sheets
from kipp_desktop.services.paper import typings
from kipp_desktop.services.scans import scanned
from kipp_desktop.services.standing import MarkPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.paper import Typing


@dataclass(frozen=True)
class Sheetbook:
    """Every sheet that one judge is to mark in a stage, and what stands around the marks.

    ``organisations`` and ``groups`` are names by entry id (``groups`` is empty with one group);
    ``statuses`` the entries that are not present; ``typings`` how typed sheets stand (paper only);
    ``scans`` counts the scans beside a sheet (paper only); ``closed`` when nothing can be changed
    any more; ``digits`` of a printed total; ``turns`` when each entry has its turn in the agenda.
    The views are in that order (typed sheets by number).
    """

    marker: Marker
    stage: Stage
    rubric: Rubric
    views: tuple[SheetView, ...]
    organisations: dict[str, str]
    groups: dict[str, str]
    statuses: dict[str, str]
    typings: dict[str, Typing]
    scans: dict[str, int]
    closed: bool
    digits: int
    turns: dict[str, Turn] = field(default_factory=dict)


@dataclass(frozen=True)
class Making:
    """A sheet's exact total and the parts that make it, in the rubric's order."""

    total: Fraction
    parts: tuple[MarkPart, ...]


@dataclass(frozen=True)
class JudgeProgress:
    """A judge of a stage: ``counted`` sheets count already, of ``expected``."""

    id: str
    name: str
    stage: str
    counted: int
    expected: int


def marking_stages(panel: Panel, person: str) -> list[Stage]:
    """Return the stages that a person marks, the open ones first."""
    setup = panel.setup
    found = [
        stage
        for stage in setup.rules.stages
        if stage.rubric is not None and setup.assignment(stage.id, person) is not None
    ]
    return sorted(found, key=lambda stage: stage.id in panel.state.closings)


def read_sheetbook(panel: Panel, marker: Marker) -> Sheetbook:
    """Return everything that a page of this judge's marks shows."""
    setup = panel.setup_for(marker.stage)
    names = {group.id: group.name for group in setup.groups}
    views, when = _in_turn(panel, marker, sheets(panel, marker))
    entries = [view.entry for view in views]
    return Sheetbook(
        marker=marker,
        stage=setup.rules.stage(marker.stage),
        rubric=rubric_of(panel, marker.stage),
        views=views,
        organisations={entry.id: setup.organisation_name(entry) for entry in entries},
        groups={e.id: names.get(e.group, e.group) for e in entries} if len(names) > 1 else {},
        statuses={
            entry.id: status
            for entry in entries
            if (status := panel.state.statuses.get(entry.id, ("present", ""))[0]) != "present"
        },
        typings=typings(panel, marker.judge, marker.stage) if marker.paper else {},
        scans=scanned(panel, marker) if marker.paper else {},
        closed=marker.stage in panel.state.closings,
        digits=setup.rules.rounding.digits,
        turns=when,
    )


@dataclass(frozen=True)
class OwnProgress:
    """How far one judge is, without any mark: entries' numbers, in the plan's order.

    ``signed`` counts the sheets that are signed and stand, ``total`` all that are this judge's;
    what never came is in neither list.
    """

    done: tuple[str, ...]
    missing: tuple[str, ...]
    abstained: tuple[str, ...]
    signed: int
    total: int


def own_progress(book: Sheetbook) -> OwnProgress:
    """Return how far a judge is."""
    marked = {view.entry.number: complete(view.marks) for view in book.views if view.due}
    return OwnProgress(
        done=tuple(number for number, done in marked.items() if done),
        missing=tuple(number for number, done in marked.items() if not done),
        abstained=tuple(view.entry.number for view in book.views if view.abstained),
        signed=sum(view.signed is not None and not view.abstained for view in book.views),
        total=len(book.views),
    )


@dataclass(frozen=True)
class Compared:
    """One entry as its judge marked it, beside the others."""

    entry: str
    number: str
    title: str
    mark: Fraction


def compared(book: Sheetbook, views: Sequence[SheetView], criterion: str) -> list[Compared]:
    """Return own marks for a criterion (or the totals, for ""), the highest first.

    ``views`` are the sheets as they stand now; those without the mark are left out.
    """
    found = []
    for view in views:
        if view.abstained:
            continue
        if criterion:
            mark = mark_values(book.rubric, view.marks)[criterion]
        else:
            making = making_of(book.rubric, view.marks)
            mark = None if making is None else making.total
        if mark is not None:
            found.append(Compared(view.entry.id, view.entry.number, view.entry.title, mark))
    return sorted(found, key=lambda line: -line.mark)


def _in_turn(
    panel: Panel, marker: Marker, views: list[SheetView]
) -> tuple[tuple[SheetView, ...], dict[str, Turn]]:
    """Return a judge's sheets in the order of the agenda, and when each entry has its turn.

    Typed sheets stay in the order of their numbers: a pile of paper is sorted so.
    """
    try:
        when = {turn.entry: turn for turn in turns(panel, marker.stage, marker.judge)}
    except KippError:
        when = {}  # an agenda that cannot be read must not keep a judge from marking
    if marker.paper:
        return tuple(views), when
    order = {entry: position for position, entry in enumerate(when)}
    ordered = sorted(views, key=lambda view: order.get(view.entry.id, len(order)))
    return tuple(ordered), when


def mark_values(rubric: Rubric, marks: bytes) -> dict[str, Fraction | None]:
    """Return every mark that a judge gives, by criterion id; ``None`` where there is none yet."""
    return {
        leaf.id: None if index == UNMARKED else leaf.scale.mark(index)
        for leaf, index in zip(rubric.judged.leaves, indexes(marks), strict=True)
    }


def making_of(rubric: Rubric, marks: bytes) -> Making | None:
    """Return the total of a complete sheet and its making; ``None`` while a mark is missing."""
    if not complete(marks):
        return None
    parts = []
    for leaf, index in zip(rubric.judged.leaves, indexes(marks), strict=True):
        mark = leaf.scale.mark(index)
        parts.append(MarkPart(leaf.criterion.name, mark, leaf.coefficient, leaf.coefficient * mark))
    return Making(Fraction(total(rubric, marks), rubric.judged.denominator), tuple(parts))


def judges_progress(panel: Panel) -> list[JudgeProgress]:
    """Return the judges of every stage that has marks, in the order of the plan."""
    found = []
    field_now = field_of(panel.setup, panel.state)
    for stage in panel.setup.rules.stages:
        if stage.rubric is None:
            continue
        setup = panel.setup_for(stage.id)
        counted = Counter(row[1] for row in panel.projection.counted_details(stage.id))
        for judge in setup.judges_of(stage.id):
            assignment = setup.assignment(stage.id, judge)
            assert assignment is not None, "judges_of lists those that have one"
            alive = field_now.alive[stage.id] & setup.entry_by_id.keys()
            due = {entry for entry in alive if assignment.covers(entry)}
            for item in panel.abstentions(judge, stage.id):
                due -= due if item.entries is None else item.entries
            found.append(
                JudgeProgress(judge, setup.name_of(judge), stage.id, counted[judge], len(due))
            )
    return found


def typists(panel: Panel, cards: list[Card]) -> list[Card]:
    """Return the identities of this laptop that may type paper sheets: their sheets count."""
    setup = panel.setup
    found = []
    for card in cards:
        person = setup.person_by_id.get(card.person)
        if card.role == "clerk" or (
            card.role == "member" and person is not None and person.has("clerk")
        ):
            found.append(card)
    return sorted(found, key=lambda card: card.role != "clerk")
