"""The ranking as the secretariat reads it: computed and decided places, and what is to be decided.

Until every counted stage is closed nobody needs places; opening them early is noted in a journal
of this laptop, which is not signed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.rule_words import step_text
from kipp_desktop.domain.standing import GroupStanding, Ranked, Standing
from kipp_desktop.services.standing import (
    SheetPart,
    Status,
    making,
    stage_count,
    standing,
    status,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

JOURNAL = "journal"
OPENED = "ranking-opened"


@dataclass(frozen=True)
class Contender:
    """An entry in a question."""

    id: str
    number: str
    title: str


@dataclass(frozen=True)
class Question:
    """A shared place that waits for a decision.

    ``methods`` are the steps that the ladder leaves to it (``plenary``, ``lot``); empty where the
    ladder is exhausted, and the panel can only say who gets the tier. ``tier`` is the award whose
    line runs through the shared place, ``None`` where no award depends on it; ``free`` says how
    many of the contenders the tier still takes.
    """

    group: str
    place: int
    contenders: tuple[Contender, ...]
    methods: tuple[str, ...]
    tier: str | None
    free: int = 0


@dataclass(frozen=True)
class BoardRow:
    """An entry on the board.

    ``computed`` is the place that the scores alone give, ``place`` the one after the panel's
    decisions; both ``None`` without a score. ``waits`` while a question about it is open.
    ``totals`` are the judges' totals in the last stage, by the judge's name.
    """

    id: str
    number: str
    title: str
    organisation: str
    status: str
    computed: int | None
    place: int | None
    waits: bool
    by: Text | None
    score: str | None
    totals: tuple[tuple[str, Fraction], ...]
    award: str | None


@dataclass(frozen=True)
class GroupBoard:
    """A group: its rows in the order of their places; ``lines`` are the sizes of its tiers."""

    id: str
    name: str
    rows: tuple[BoardRow, ...]
    lines: tuple[int, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Board:
    """Everything that the page of the ranking shows. ``groups`` is empty while it is not open.

    ``closed``: every stage with a score is closed. ``scale`` are the least and the greatest of all
    judges' totals. ``stages`` are (id, name) of the stages with a score.
    """

    opened: bool
    closed: bool
    status: Status
    entries: int
    missing: int
    stages: tuple[tuple[str, str], ...]
    groups: tuple[GroupBoard, ...] = ()
    scale: tuple[Fraction, Fraction] = (Fraction(0), Fraction(100))


def board(panel: Panel) -> Board:
    """Return the ranking as it is now, without places while it has not been opened.

    Raises :class:`KippError` ``no-plan`` before the first plan.
    """
    setup = panel.setup
    stages = setup.rules.counted()
    closed = all(stage.id in panel.state.closings for stage in stages)
    opened = closed or is_opened(panel)
    result = standing(panel)
    found = Board(
        opened=opened,
        closed=closed,
        status=status(panel),
        entries=len(setup.entries),
        missing=len(result.missing),
        stages=tuple((stage.id, stage.name) for stage in stages),
    )
    if not opened or not stages:
        return found
    undecided = replace(panel.state, ties=[], awards={})
    counts = {stage.id: stage_count(panel, stage.id) for stage in stages}
    computed = {
        item.entry: item.place
        for group in rank(setup, undecided, counts).groups
        for item in group.entries
    }
    totals = _totals(panel, stages[-1].id)
    values = [total for judges in totals.values() for _, total in judges]
    names = {group.id: group.name for group in setup.groups}
    groups = tuple(
        _group(setup, group, names[group.group], computed, totals) for group in result.groups
    )
    scale = (min(values), max(values)) if values else found.scale
    return replace(found, groups=groups, scale=scale)


def _totals(panel: Panel, stage: str) -> Mapping[str, list[tuple[str, Fraction]]]:
    setup = panel.setup_for(stage)
    denominator = setup.rubric_of(setup.rules.stage(stage)).judged.denominator
    found: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for entry, judge, total, _ in panel.projection.counted(stage):
        found[entry].append((setup.name_of(judge), Fraction(total, denominator)))
    return found


def _group(
    setup: Setup,
    group: GroupStanding,
    name: str,
    computed: Mapping[str, int | None],
    totals: Mapping[str, list[tuple[str, Fraction]]],
) -> GroupBoard:
    questions = tuple(_questions(setup, group))
    waiting = {one.id for question in questions for one in question.contenders}
    sizes = sorted(award.size for award in setup.rules.awards if award.group == group.group)
    rows = tuple(_row(setup, item, computed, totals, waiting) for item in group.entries)
    return GroupBoard(group.group, name, rows, tuple(sizes), questions)


def _questions(setup: Setup, group: GroupStanding) -> list[Question]:
    """Return what waits: first the shared places across a line, then the others."""
    places = {item.entry: item.place or 0 for item in group.entries}
    methods = {frozenset(tie.entries): tie.methods for tie in group.ties}
    sizes = {award.tier: award.size for award in setup.rules.awards if award.group == group.group}
    found: list[Question] = []
    for entries, tier in [(line.entries, line.tier) for line in group.lines] + [
        (tie.entries, None) for tie in group.ties
    ]:
        place = places[entries[0]]
        if any({one.id for one in known.contenders} == set(entries) for known in found):
            continue
        found.append(
            Question(
                group.group,
                place,
                tuple(
                    Contender(e, setup.entry_by_id[e].number, setup.entry_by_id[e].title)
                    for e in entries
                ),
                methods.get(frozenset(entries), ()),
                tier,
                0 if tier is None else sizes[tier] - place + 1,
            )
        )
    return found


def question_of(
    setup: Setup, result: Standing, group: str, entries: Sequence[str]
) -> Question | None:
    """Return the question about some entries that share a place; ``None`` where none is open."""
    wanted = set(entries)
    for found in result.groups:
        if found.group == group:
            for question in _questions(setup, found):
                if {one.id for one in question.contenders} == wanted:
                    return question
    return None


def _row(
    setup: Setup,
    item: Ranked,
    computed: Mapping[str, int | None],
    totals: Mapping[str, list[tuple[str, Fraction]]],
    waiting: set[str],
) -> BoardRow:
    entry = setup.entry_by_id[item.entry]
    return BoardRow(
        id=item.entry,
        number=entry.number,
        title=entry.title,
        organisation=setup.organisation_name(entry),
        status=item.status,
        computed=computed[item.entry],
        place=item.place,
        waits=item.entry in waiting,
        by=step_text(item.by, setup.rubrics, setup.rules.stages) if item.by else None,
        score=item.score,
        totals=tuple(totals.get(item.entry, ())),
        award=item.award,
    )


def is_opened(panel: Panel) -> bool:
    """Return whether the places were opened here before the stages were closed."""
    return any(item["what"] == OPENED for item in panel.workbench.document(JOURNAL) or [])


def open_ranking(home: Home, panel: Panel) -> Changes:
    """Show places from now on, although a stage is open; the journal says when that was."""
    journal = panel.workbench.document(JOURNAL) or []
    open_stages = [
        stage.id for stage in panel.setup.rules.counted() if stage.id not in panel.state.closings
    ]
    journal.append({"at": home.context.at(), "stages": open_stages, "what": OPENED})
    panel.workbench.set_document(JOURNAL, journal)
    return Changes.of("results")


# -- the making of a number ------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeSheet:
    """A judge's sheet in the making: ``at`` and ``record`` are when and as what it was signed."""

    sheet: SheetPart
    at: str
    record: str


@dataclass(frozen=True)
class MadeStage:
    """How an entry's score came about in one stage.

    ``method`` is the stage's ``between_judges``, but ``mean`` where too few sheets are trimmed.
    """

    name: str
    method: str
    sheets: tuple[MadeSheet, ...]


def making_of(panel: Panel, entry: str) -> tuple[MadeStage, ...]:
    """Return the making of an entry's score: stages, judges, criteria, and the signed sheets."""
    found = []
    for stage in panel.setup.rules.counted():
        parts = sorted(making(panel, entry, stage.id), key=lambda part: part.judge)
        sheets = []
        for part in parts:
            row = panel.projection.record(part.author, part.seq)
            sheets.append(MadeSheet(part, row.at, row.id))
        trims = stage.between_judges != "trimmed-mean" or len(parts) >= stage.trim_from
        method = stage.between_judges if trims else "mean"
        found.append(MadeStage(stage.name, method, tuple(sheets)))
    return tuple(found)
