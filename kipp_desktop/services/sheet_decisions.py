"""Single sheets that the panel decides about: one that counts may be left out, and taken back in.

A sheet that is left out stays signed and listed; the record that leaves it out has the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.sheet import total
from kipp_desktop.services.board import is_opened
from kipp_desktop.services.case_facts import MOST_EFFECTS, effects
from kipp_desktop.services.standing import stage_count
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.standing import StageCount
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class SheetLine:
    """A signed sheet by its place in a ledger; ``counts``, or was left out by the panel."""

    author: str
    seq: int
    entry: str
    number: str
    title: str
    counts: bool


@dataclass(frozen=True)
class JudgeSheets:
    """The sheets of one judge in one stage, in the order of the plan's entries."""

    stage: str
    stage_name: str
    judge: str
    name: str
    sheets: tuple[SheetLine, ...]


@dataclass(frozen=True)
class SheetCase:
    """A sheet with the facts to decide on; ``record`` is its id, ``counts`` how it is now."""

    stage: str
    record: str
    counts: bool
    what: Text
    facts: tuple[Text, ...]


def sheets_to_decide(panel: Panel) -> list[JudgeSheets]:
    """Return every sheet that counts, or that the panel left out, by stage and judge.

    Raises :class:`KippError` ``no-plan`` before the first plan.
    """
    naming = panel.naming
    position = {entry: number for number, entry in enumerate(naming.entry_by_id)}
    order = {person.id: number for number, person in enumerate(naming.persons)}
    found = []
    for stage in panel.setup.rules.counted():
        by_judge: dict[str, list[SheetLine]] = {}
        for judge, author, seq, entry, counts in _decidable(panel, stage.id):
            if entry in position and judge in order:
                shown = naming.entry_by_id[entry]
                by_judge.setdefault(judge, []).append(
                    SheetLine(author, seq, entry, shown.number, shown.title, counts)
                )
        for judge in sorted(by_judge, key=order.__getitem__):
            sheets = sorted(by_judge[judge], key=lambda one: (position[one.entry], one.seq))
            found.append(
                JudgeSheets(stage.id, stage.name, judge, naming.name_of(judge), tuple(sheets))
            )
    return found


def sheet_case(panel: Panel, judge: JudgeSheets, sheet: SheetLine) -> SheetCase:
    """Return what is known of a sheet, and what the other answer would change."""
    record = panel.projection.record(sheet.author, sheet.seq).id
    names = {"judge": judge.name, "number": sheet.number, "stage": judge.stage_name}
    return SheetCase(
        judge.stage,
        record,
        sheet.counts,
        Text("The sheet of {judge} for entry {number} counts in {stage}.", **names)
        if sheet.counts
        else Text(
            "The panel left out the sheet of {judge} for entry {number} in {stage}.", **names
        ),
        tuple(_facts(panel, judge, sheet, record)),
    )


def _decidable(panel: Panel, stage: str) -> Iterator[tuple[str, str, int, str, bool]]:
    """Yield judge, author, seq, entry and whether it counts."""
    for entry, judge, author, seq, _, _, _ in panel.projection.counted_details(stage):
        yield judge, author, seq, entry, True
    for judge, author, seq, entry, rule in panel.projection.stopped(stage):
        if rule in {"not-accepted", "after-limit"}:
            record = panel.projection.record(author, seq).id
            if panel.state.acceptances.get(record) is False:
                yield judge, author, seq, entry, False


def _facts(panel: Panel, judge: JudgeSheets, sheet: SheetLine, record: str) -> Iterator[Text]:
    setup, state = panel.setup, panel.state
    counts = {stage.id: stage_count(panel, stage.id) for stage in setup.rules.counted()}
    before = rank(setup, state, counts)
    other = _without_or_with(panel, counts[judge.stage], judge.judge, record, not sheet.counts)
    after = rank(setup, state, {**counts, judge.stage: other})
    now, then = (_total(count, judge, sheet) for count in (counts[judge.stage], other))
    if sheet.counts:
        yield Text("Its total is {total}.", total=now or Fraction(0))
    elif then is None:
        yield Text("Entry {number}: it would not count even so.", number=sheet.number)
    elif now is None:
        yield Text(
            "Entry {number}: its total is {total}; no sheet of this judge counts so far.",
            number=sheet.number,
            total=then,
        )
    else:
        yield Text(
            "Entry {number}: its total is {total}; the sheet that counts has {old}.",
            number=sheet.number,
            total=then,
            old=now,
        )
    gap = (judge.stage, sheet.entry, judge.judge)
    if any((one.stage, one.entry, one.judge) == gap for one in after.missing):
        yield Text(
            "The results then wait for another sheet of this judge. If none is to come, reopen the "
            "stage if it is closed, record that the judge does not mark the entry, and close it."
        )
    if not is_opened(panel) and any(
        stage.id not in state.closings for stage in setup.rules.counted()
    ):
        yield Text("What it changes is shown once the places are open.")
        return
    changed = list(effects(setup, before, after))
    yield from changed[:MOST_EFFECTS]
    if len(changed) > MOST_EFFECTS:
        yield Text("… and {count} more", count=len(changed) - MOST_EFFECTS)
    if not changed:
        yield Text("No place, score or award changes.")


def _total(count: StageCount, judge: JudgeSheets, sheet: SheetLine) -> Fraction | None:
    """Return the total that counts for the entry of a sheet, by its judge."""
    rows = (row for row in count.rows if row[:2] == (sheet.entry, judge.judge))
    return next((Fraction(row[2], count.rubric.judged.denominator) for row in rows), None)


def _without_or_with(
    panel: Panel, count: StageCount, judge: str, record: str, counts: bool
) -> StageCount:
    """Return the sheets of a stage as they would be if the desk said that of a sheet."""
    stage = count.stage.id
    bounds = panel.bounds(stage)
    tally = panel.tally(judge, stage, replace(bounds, accepted={**bounds.accepted, record: counts}))
    rows = [row for row in count.rows if row[1] != judge]
    rows += [
        (entry, judge, total(count.rubric, fact.marks), fact.marks)
        for entry, (fact, _) in tally.counted.items()
        if fact.marks is not None
    ]
    return replace(count, rows=rows)
