"""The claims that verifiers are to check: what judges asked for, and what the desk adds.

They stand in the setup of the next plan for the entries that came to the stage in the field, and
without the judges' names. A judge's request goes out only once the stage in which it was written
is closed or the panel has decided who goes on from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import name_key
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.services.fieldwork import alive_in
from kipp_desktop.services.import_report import RowChange
from kipp_desktop.services.importing import (
    AS_GUESSED,
    ImportReport,
    Layout,
    Problem,
    read_table,
)
from kipp_desktop.services.observations import field_stages
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_DOCUMENT = "claims"


@dataclass(frozen=True)
class Claim:
    """What is to be checked of an entry; ``by`` is ``judge``, or ``desk`` for what it added."""

    entry: str
    criterion: str | None
    text: str
    by: str


def claims_for(panel: Panel, setup: Setup) -> list[Claim]:
    """Return the claims that the next plan asks to check, by the entries in their order."""
    entries = {entry.id for entry in setup.entries}
    found: dict[tuple[str, str], Claim] = {}
    if panel.state.plan is not None:
        for one in _of_judges(panel):
            found.setdefault((one.entry, name_key(one.text)), one)
    for one in _of_desk(panel):
        found[one.entry, name_key(one.text)] = one
    position = {entry.id: number for number, entry in enumerate(setup.entries)}
    return sorted(
        (one for one in found.values() if one.entry in entries),
        key=lambda one: position[one.entry],
    )


def set_claims(
    home: Home, panel: Panel, entry: str, claims: Sequence[tuple[str, str | None]]
) -> Changes:
    """Set what the desk asks to be checked of an entry: (text, criterion) each.

    They stand in place of what it asked before; what judges ask stays.
    """
    home.card(panel.competition, "desk")
    new = {}
    for text, criterion in claims:
        said = normalise(text.strip())
        if said:
            new[name_key(said)] = Claim(entry, criterion, said, "desk")
    _keep(panel, [*(one for one in _of_desk(panel) if one.entry != entry), *new.values()])
    return Changes.of("entries", entries=[entry])


def import_claims(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load claims of the proposals from a table: a row a claim (nomor, klaim, kriteria).

    With ``dry_run`` it only says what would happen.
    """
    home.card(panel.competition, "desk")
    table = read_table(path, "claims", layout)
    report = ImportReport(rows=len(table.rows))
    by_number = {number_key(row.number): row.id for row in panel.workbench.entries()}
    rubrics = panel.setup.rubrics if panel.state.plan else ()
    known = {(one.entry, name_key(one.text)): one for one in _of_desk(panel)}
    for row in table.rows:
        entry = by_number.get(number_key(row.values.get("number", "")))
        text = normalise(row.values["claim"].strip())
        if entry is None:
            number = row.values.get("number", "")
            problem = Text("There is no entry with number {number} in the plan.", number=number)
            report.problems.append(Problem(row.row, "nomor", problem))
            continue
        if not text:
            report.problems.append(Problem(row.row, "klaim", Text("The claim says nothing.")))
            continue
        named = row.values.get("criterion", "").strip()
        criterion = criterion_of(rubrics, named) if named else None
        if named and criterion is None:
            report.warnings.append(
                Text("Row {row}: no criterion is called “{name}”.", row=row.row, name=named)
            )
        new = Claim(entry, criterion, text, "desk")
        before = known.get((entry, name_key(text)))
        change = RowChange(row.row, row.values.get("number", ""), text, ())
        if before is None:
            report.additions.append(change)
        elif before != new:
            report.updates.append(change)
        report.skipped += before == new
        report.updated += before is not None and before != new
        report.added += before is None
        known[entry, name_key(text)] = new
    if (report.added or report.updated) and not dry_run:
        _keep(panel, list(known.values()))
        report.changes = Changes.of("entries")
    return report


def criterion_of(rubrics: Sequence[Rubric], name: str) -> str | None:
    """Return the id of the criterion that is called so, or has that id."""
    wanted = name_key(name)
    for rubric in rubrics:
        for leaf in rubric.leaves:
            if wanted in {name_key(leaf.id), name_key(leaf.criterion.name)}:
                return leaf.id
    return None


def _of_desk(panel: Panel) -> list[Claim]:
    stored = panel.workbench.document(_DOCUMENT) or []
    return [Claim(one["entry"], one["criterion"], one["text"], "desk") for one in stored]


def _keep(panel: Panel, claims: Sequence[Claim]) -> None:
    panel.workbench.set_document(
        _DOCUMENT,
        [{"criterion": one.criterion, "entry": one.entry, "text": one.text} for one in claims],
    )


def _of_judges(panel: Panel) -> Iterator[Claim]:
    """Yield what judges asked to have looked at, a line a claim, in the order of the plan.

    A line that begins with the name of a criterion and a colon is tied to it.
    """
    setup = panel.setup
    stages = [stage.id for stage in setup.rules.stages]
    goals = field_stages(setup)
    group_of = {entry.id: entry.group for entry in setup.entries}
    for goal in goals:
        alive = alive_in(panel, goal.id)
        for stage in setup.rules.counted():
            if stages.index(stage.id) >= stages.index(goal.id):
                continue
            rubric = panel.setup_for(stage.id).rubric_of(stage)
            closed = stage.id in panel.state.closings
            for entry, _, author, seq, *_ in panel.projection.counted_details(stage.id):
                decided = (stage.id, group_of.get(entry, "")) in panel.state.advances
                if entry not in alive or not (closed or decided):
                    continue
                check = panel.record(author, seq).body["check"]
                for line in str(check or "").splitlines():
                    text = line.strip(" -•\t")
                    name, colon, rest = text.partition(":")
                    criterion = criterion_of([rubric], name) if colon else None
                    if criterion is not None:
                        text = rest.strip()
                    if text:
                        yield Claim(entry, criterion, text, "judge")
