"""Seleksi administrasi: the checklist, what is proposed, what was found, and who goes on.

What the secretariat finds item by item stands in the desk's database. It becomes official by one
signed decision for each group, about who goes on from the stage of kind ``administrative``; its
reason names every entry that did not pass, with the items (docs/decisions/0013).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import Stage, name_key, read_rules, rules_json
from kipp_desktop.domain.likeness import alike
from kipp_desktop.domain.selection import (
    Candidate,
    Checklist,
    Proposal,
    Winner,
    checklist_json,
    passes,
    propose,
    read_checklist,
)
from kipp_desktop.domain.setup import read_setup
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.desk_ledger import desk_ledger
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.services.catalogues import load_checklist
from kipp_desktop.services.deciding import decide_advance
from kipp_desktop.services.desk import reason_needed
from kipp_desktop.services.entries import EntryLine, entry_lines
from kipp_desktop.services.import_report import RowChange
from kipp_desktop.services.importing import (
    AS_GUESSED,
    ImportReport,
    Layout,
    Problem,
    read_table,
)
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.home import Home, Listed

_CHECKLIST, _CLOSES, _WINNERS = "checklist", "registration-closes", "earlier-winners"
_KEPT = "kept-pairs"


@dataclass(frozen=True)
class ItemState:
    """An item of an entry: what is proposed, and what was found (None while it is open)."""

    item: str
    proposal: Proposal
    passed: bool | None
    reason: str


@dataclass(frozen=True)
class SelectionLine:
    """An entry in the selection; ``passed`` is None while items are open."""

    entry: EntryLine
    items: tuple[ItemState, ...]
    passed: bool | None


@dataclass(frozen=True)
class SelectionView:
    """The whole selection; ``stage`` is None where the rules have no administrative stage."""

    checklist: Checklist
    closes: date | None
    stage: str | None
    winners: int
    lines: tuple[SelectionLine, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Return the numbers of the entries of which items are open."""
        return tuple(line.entry.number for line in self.lines if line.passed is None)


def use_checklist(
    home: Home, panel: Panel, checklist: Checklist | None, closes: date | None = None
) -> Changes:
    """Choose the checklist and the closing date; what is None stays.

    Rules without a stage of kind ``administrative`` get one before the first stage of the next
    plan.
    """
    home.card(panel.competition, "desk")
    bench = panel.workbench
    with bench.together():
        if checklist is not None:
            bench.set_document(_CHECKLIST, checklist_json(checklist))
        if closes is not None:
            bench.set_document(_CLOSES, closes.isoformat())
        rules = read_rules(bench.document("rules"))
        if all(stage.kind != "administrative" for stage in rules.stages):
            taken = {stage.id for stage in rules.stages}
            stage_id = "administrasi" if "administrasi" not in taken else "seleksi-administrasi"
            first = Stage(stage_id, "Seleksi administrasi", "administrative")
            bench.set_document("rules", rules_json(replace(rules, stages=(first, *rules.stages))))
    return Changes.of("competition")


def checklist_of(panel: Panel) -> tuple[Checklist, date | None]:
    """Return the checklist in use (``kipp`` where none was chosen) and the closing date."""
    stored = panel.workbench.document(_CHECKLIST)
    closes = panel.workbench.document(_CLOSES)
    return (
        read_checklist(stored) if stored else load_checklist("kipp"),
        date.fromisoformat(closes) if closes else None,
    )


def selection_view(panel: Panel) -> SelectionView:
    """Return every entry of the next plan with what is proposed and what was found."""
    checklist, closes = checklist_of(panel)
    winners = earlier_winners(panel)
    verdicts = panel.workbench.verdicts()
    lines = entry_lines(panel)
    twins = _twins(panel, lines)
    # Only filled cells are kept: a column that others filled in was empty here.
    headings = {name_key(name): "" for line in lines for name, _ in line.fields}
    found = []
    for line in lines:
        candidate = Candidate(line.title, {**headings, **_columns(line)}, twins.get(line.id, ()))
        own = verdicts.get(line.id, {})
        items = tuple(
            ItemState(
                item.id,
                propose(item, candidate, closes, winners),
                own[item.id][0] if item.id in own else None,
                own[item.id][1] if item.id in own else "",
            )
            for item in checklist.items
        )
        found.append(SelectionLine(line, items, passes(checklist, own)))
    return SelectionView(checklist, closes, stage_of(panel), len(winners), tuple(found))


def stage_of(panel: Panel) -> str | None:
    """Return the id of the next plan's administrative stage, if it has one."""
    rules = read_rules(panel.workbench.document("rules"))
    return next((stage.id for stage in rules.stages if stage.kind == "administrative"), None)


def _twins(panel: Panel, lines: list[EntryLine]) -> dict[str, tuple[str, ...]]:
    kept = {tuple(pair) for pair in panel.workbench.document(_KEPT) or []}
    found: dict[str, tuple[str, ...]] = {}
    for pair in alike([line.title for line in lines]):
        one, other = lines[pair.first], lines[pair.second]
        if tuple(sorted((one.id, other.id))) not in kept:
            found[one.id] = (*found.get(one.id, ()), other.number)
            found[other.id] = (*found.get(other.id, ()), one.number)
    return found


def _columns(line: EntryLine) -> dict[str, str]:
    """Return the columns of an entry by the key of their headings."""
    columns = {name_key(name): value for name, value in line.fields}
    named = {
        "judul": line.title,
        "instansi": line.organisation,
        "unit": line.unit,
        "kategori": line.category,
        "ringkasan": line.summary,
        "kontak": line.contact,
        "telepon": line.phone,
    }
    return {**columns, **named}


# -- what was found --------------------------------------------------------------------------------


def set_verdict(  # noqa: PLR0917 - the words of the command
    home: Home, panel: Panel, number: str, item: str, passed: bool | None, reason: str = ""
) -> Changes:
    """Say whether an entry meets an item; None opens it again.

    A reason is needed where it does not. Raises :class:`KippError` ``reason-needed``, ``no-item``
    or ``no-entry``.
    """
    home.card(panel.competition, "desk")
    checklist, _ = checklist_of(panel)
    checklist.item(item)
    entry = _entry(panel, number)
    if passed is None:
        panel.workbench.remove_verdict(entry, item)
    elif not passed and not reason.strip():
        raise reason_needed()
    else:
        panel.workbench.put_verdicts([_verdict(entry, item, passed, reason.strip())])
    return Changes.of("entries", entries=[entry])


def with_verdict(
    view: SelectionView, entry: str, item: str, passed: bool | None, reason: str
) -> tuple[SelectionView, SelectionLine]:
    """Return the selection after :func:`set_verdict` (entry by id), without reading it all again.

    What is proposed does not depend on verdicts, so that only this line changes.
    """
    at, old = next((n, one) for n, one in enumerate(view.lines) if one.entry.id == entry)
    reason = reason.strip() if passed is False else ""
    items = tuple(
        replace(state, passed=passed, reason=reason) if state.item == item else state
        for state in old.items
    )
    found = {one.item: (one.passed, one.reason) for one in items if one.passed is not None}
    line = replace(old, items=items, passed=passes(view.checklist, found))
    return replace(view, lines=(*view.lines[:at], line, *view.lines[at + 1 :])), line


def accept_proposals(
    home: Home, panel: Panel, numbers: Collection[str] | None = None
) -> tuple[int, Changes]:
    """Take over what is proposed for items that are open, of some entries or of all.

    Returns how many items were settled. What only a person can say stays open.
    """
    home.card(panel.competition, "desk")
    say = Catalogue.load("id").say
    wanted = None if numbers is None else {_entry(panel, number) for number in numbers}
    rows = [
        _verdict(line.entry.id, state.item, state.proposal.passed, say(state.proposal.why))
        for line in selection_view(panel).lines
        if wanted is None or line.entry.id in wanted
        for state in line.items
        if state.passed is None and state.proposal.passed is not None
    ]
    panel.workbench.put_verdicts(rows)
    return len(rows), Changes.of("entries")


def _verdict(entry: str, item: str, passed: bool, reason: str) -> dict[str, object]:
    return {"entry": entry, "item": item, "passed": passed, "reason": reason}


def _entry(panel: Panel, number: str) -> str:
    wanted = number_key(number)
    for entry, known in panel.workbench.entry_numbers():
        if number_key(known) == wanted:
            return entry
    raise KippError(
        "no-entry",
        Text("There is no entry with number {number} in the list.", number=number),
        Text("Look the number up in the list of entries (kipp entries list)."),
    )


def record_selection(home: Home, panel: Panel, reason: str) -> Changes:
    """Sign who goes on from the administrative stage, group by group, and why the others do not.

    Raises :class:`KippError` ``reason-needed``; ``selection-open`` while an entry is undecided;
    ``no-selection-stage`` where the plan in force has no administrative stage.
    """
    if not reason.strip():
        raise reason_needed()
    setup = panel.setup
    stage = next((item for item in setup.rules.stages if item.kind == "administrative"), None)
    if stage is None:
        raise KippError(
            "no-selection-stage",
            Text("The plan in force has no stage for the administrative selection."),
            Text("Choose a checklist (kipp selection use), then publish the plan again."),
        )
    view = selection_view(panel)
    alive = field_of(setup, panel.state).alive[stage.id]
    lines = {line.entry.id: line for line in view.lines}
    undecided = [
        setup.entry_by_id[entry].number
        for entry in alive
        if entry not in lines or lines[entry].passed is None
    ]
    if undecided:
        raise KippError(
            "selection-open",
            Text("The selection of these entries is open: {numbers}.", numbers=sorted(undecided)),
            Text("Settle every item of them, then record the selection."),
        )
    changes = Changes()
    for group in setup.groups:
        members = [e for e in setup.entries if e.group == group.id and e.id in alive]
        going = [entry.number for entry in members if lines[entry.id].passed]
        out = [lines[entry.id] for entry in members if not lines[entry.id].passed]
        if members:
            why = "; ".join([reason.strip(), *(failure(view.checklist, line) for line in out)])
            changes |= decide_advance(home, panel, stage.id, group.id, going, why)
    return changes


def failure(checklist: Checklist, line: SelectionLine) -> str:
    """Return which items an entry did not meet, as the record and the list say it."""
    names = {item.id: item.name for item in checklist.items}
    items = [
        f"{names[state.item]} ({state.reason})" for state in line.items if state.passed is False
    ]
    return f"{line.entry.number} {line.entry.title}: {', '.join(items)}"


# -- earlier winners -------------------------------------------------------------------------------


def earlier_winners(panel: Panel) -> tuple[Winner, ...]:
    """Return who was awarded before, as far as the secretariat said so."""
    stored = panel.workbench.document(_WINNERS) or []
    return tuple(Winner(*item) for item in stored)


def import_winners(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load earlier winners from a table: judul, instansi, tahun, penghargaan."""
    home.card(panel.competition, "desk")
    table = read_table(path, "winners", layout, cancelled=home.context.cancelled)
    report = ImportReport(rows=len(table.rows))
    known = set(earlier_winners(panel))
    found: list[Winner] = []
    for row in table.rows:
        values = [row.values.get(field, "") for field in ("title", "organisation", "year", "award")]
        if not values[0]:
            report.problems.append(Problem(row.row, "judul", Text("The title is missing.")))
            continue
        winner = Winner(*values)
        if winner not in known and winner not in found:
            report.additions.append(RowChange(row.row, "", values[0], ()))
        found.append(winner)
    report.rejects = table.rejects(report.problems)
    report.added = _add_winners(panel, found, dry_run=dry_run)
    report.skipped = len(found) - report.added
    if report.added and not dry_run:
        report.changes = Changes.of("competition")
    return report


def winners_of(home: Home, panel: Panel, listed: Listed) -> int:
    """Take over who was awarded in another competition of this laptop; return how many are new.

    Raises :class:`KippError` with code ``no-results`` where it has no results yet.
    """
    home.card(panel.competition, "desk")
    with Panel(listed.folder, listed.id, listed.desk) as other:
        if not other.state.results:
            raise KippError(
                "no-results",
                Text("The competition “{name}” has no results yet.", name=listed.name),
                Text("Load its winners from a table instead (kipp selection winners FILE)."),
            )
        found = _awarded(other.setup, other.state.results[-1])
    return _add_winners(panel, found)


def winners_in(home: Home, panel: Panel, path: Path) -> int:
    """Take over who was awarded, from the results file of any desk; return how many are new.

    Raises :class:`KippError` with code ``no-results`` for another file, or as a bundle is refused.
    """
    home.card(panel.competition, "desk")
    with Bundle.open(path) as bundle:
        desk = desk_ledger(bundle)
        records = desk.records if desk is not None else ()
        results = next((one for one in reversed(records) if one.kind == "results"), None)
        if results is None:
            raise KippError(
                "no-results",
                Text("The file {file} holds no results.", file=path.name),
                Text("Ask the organiser for hasil.kipp or hasil-publik.kipp."),
            )
        plans = [one for one in records if one.kind == "plan" and one.seq < results.seq]
        blob = bundle.blob(str(plans[-1].body["setup"])) if plans else None
        if blob is None:
            raise KippError(
                "missing-blob",
                Text("The file {file} holds no plan of its competition.", file=path.name),
                Text("Ask the organiser for the whole file."),
            )
        found = _awarded(read_setup(blob, None), results)
    return _add_winners(panel, found)


def _awarded(setup: Setup, results: Record) -> list[Winner]:
    places: Any = results.body["places"]
    awards = {
        item["entry"]: item["award"]
        for group in places
        for item in group["entries"]
        if item["award"] is not None
    }
    year = str(setup.competition.year)
    return [
        Winner(entry.title, setup.organisation_name(entry), year, awards[entry.id])
        for entry in setup.entries
        if entry.id in awards
    ]


def _add_winners(panel: Panel, winners: Iterable[Winner], *, dry_run: bool = False) -> int:
    known = list(earlier_winners(panel))
    new = [winner for winner in dict.fromkeys(winners) if winner not in known]
    if new and not dry_run:
        panel.workbench.set_document(
            _WINNERS,
            [[w.title, w.organisation, w.year, w.award] for w in (*known, *new)],
        )
    return len(new)


# -- the list --------------------------------------------------------------------------------------


def selection_list(panel: Panel, catalogue: Catalogue | None = None) -> bytes:
    """Return the list of the selection as XLSX: every entry, every item, and why."""
    from kipp_desktop.documents.plain_table import render_xlsx

    say = (catalogue or Catalogue.load("id")).say
    view = selection_view(panel)
    words = {True: say(Text("passed")), False: say(Text("not passed")), None: say(Text("open"))}
    headings = [
        *map(say, (Text("No."), Text("Title"), Text("Agency"))),
        *(item.name for item in view.checklist.items),
        *map(say, (Text("Outcome"), Text("Reason"))),
    ]
    names = {item.id: item.name for item in view.checklist.items}
    rows = [
        [
            line.entry.number,
            line.entry.title,
            line.entry.agency,
            *(words[state.passed] for state in line.items),
            words[line.passed],
            "; ".join(
                f"{names[state.item]}: {state.reason}"
                for state in line.items
                if state.passed is False
            ),
        ]
        for line in view.lines
    ]
    return render_xlsx((say(Text("Administrative selection")), headings, rows))
