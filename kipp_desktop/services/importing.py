"""Tables in: entries, organisations and people, into the desk's next plan."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import ROLES, Group, name_key
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.tables import (
    Kind,
    TableRow,
    choose_sheet,
    column_name,
    find_header,
    number_key,
    table_rows,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Problem:
    """A row that could not be used: the spreadsheet's row, the column, and why."""

    row: int
    field: str
    problem: Text


@dataclass
class ImportReport:
    """What an import did. ``skipped`` rows were here already, exactly so."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True)
class Layout:
    """How a table is to be read, where the user says so."""

    sheet: str | None = None
    header_row: int | None = None
    mapping: tuple[tuple[str, str], ...] = ()


#: Sheet, header row and columns as the program guesses them.
AS_GUESSED = Layout()


@dataclass(frozen=True)
class Table:
    """A table whose header was found: which fields have a column, and the rows."""

    fields: frozenset[str]
    rows: Sequence[TableRow]


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of a spreadsheet's visible sheets; raises as :func:`read_table`."""
    return tuple(sheet.name for sheet in read_workbook(path).sheets)


def read_table(
    path: Path, kind: Kind, layout: Layout, criteria: Sequence[tuple[str, str]] = ()
) -> Table:
    """Read a spreadsheet's table of a kind; raises :class:`KippError` ``table-…``."""
    workbook = read_workbook(path)
    sheet = choose_sheet(
        workbook,
        kind,
        layout.sheet,
        header_row=layout.header_row,
        mapping=layout.mapping,
        criteria=criteria,
    )
    header = find_header(
        sheet, kind, header_row=layout.header_row, mapping=layout.mapping, criteria=criteria
    )
    return Table(frozenset(header.fields), list(table_rows(sheet, header)))


# -- entries ---------------------------------------------------------------------------------------


def import_entries(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load entries into the next plan; what is good is kept, the rest is named.

    Rows match what is stored by number, otherwise by title and organisation.
    """
    home.card(panel.competition, "desk")
    home.context.step(0.0, Text("Reading the table"))
    table = read_table(path, "entries", layout)
    home.context.step(0.5, Text("Comparing with what is here"))
    report = ImportReport(rows=len(table.rows))
    importer = _EntryImport(home, panel, report)
    importer.claim(table.rows)
    for row in table.rows:
        importer.take(row)
    importer.warn_of_new_organisations()
    importer.warn_of_likeness()
    if not dry_run:
        panel.workbench.put_organisations(importer.new_organisations)
        panel.workbench.put_entries(importer.changed.values())
        if importer.changed:
            report.changes = Changes.of("entries", "organisations")
    home.context.progress(1.0, Text("Done"))
    return report


class _EntryImport:
    """One table of entries on its way into the workbench."""

    def __init__(self, home: Home, panel: Panel, report: ImportReport) -> None:
        self._home = home
        self._report = report
        self._groups = [Group(g["id"], g["name"]) for g in panel.workbench.document("groups")]
        stored = [dict(row.__data__) for row in panel.workbench.entries()]
        self._position = len(stored)
        self._by_number = {number_key(str(row["number"])): row for row in stored}
        self._by_title = {
            (name_key(str(row["title"])), row["organisation"], name_key(str(row["unit"]))): row
            for row in stored
        }
        self._organisations = {
            name_key(name): str(row.id)
            for row in panel.workbench.organisations()
            for name in (row.name, row.abbreviation)
            if name
        }
        self._seen: dict[str, int] = {}
        self.changed: dict[str, dict[str, object]] = {}
        self.new_organisations: list[dict[str, object]] = []

    def claim(self, rows: Sequence[TableRow]) -> None:
        """Leave entries whose numbers this table names to the rows that name them.

        Two rows of one table with the same title are two entries; only a stored entry whose number
        is gone from the table may be found again by its title.
        """
        claimed = {number_key(row.values.get("number", "")) for row in rows} - {""}
        self._by_title = {
            key: entry
            for key, entry in self._by_title.items()
            if number_key(str(entry["number"])) not in claimed
        }

    def take(self, row: TableRow) -> None:
        """Take one row, or say why not."""
        values = row.values
        title = normalise(values.get("title", ""))
        if not title:
            return self._problem(row, "title", Text("The title is missing."))
        group = self._group(values.get("group", ""))
        if group is None:
            return self._problem(
                row, "group", Text("There is no group “{group}”.", group=values["group"])
            )
        number = normalise(values.get("number", ""))
        organisation = self._organisation(normalise(values.get("organisation", "")))
        unit = normalise(values.get("unit", ""))
        key = number_key(number) if number else ""
        if key and key in self._seen:
            return self._problem(
                row,
                "number",
                Text(
                    "Number {number} stands in row {row} already.",
                    number=number,
                    row=self._seen[key],
                ),
            )
        known = self._by_number.get(key) if key else None
        known = known or self._by_title.pop((name_key(title), organisation, name_key(unit)), None)
        if known is not None and not number:
            number = str(known["number"])
        if not number:
            number = self._next_number()
        self._seen[number_key(number)] = row.row
        found: dict[str, object] = {
            "id": known["id"] if known else self._home.context.new_id("e"),
            "position": known["position"] if known else self._position,
            "number": number,
            "title": title,
            "organisation": organisation,
            "unit": unit,
            "group": group,
            "category": normalise(values.get("category", "")),
            "summary": normalise(values.get("summary", "")),
            "fields": json.dumps(
                [[normalise(name), normalise(value)] for name, value in row.extra if value.strip()],
                ensure_ascii=False,
            ),
            "contact": values.get("contact", "").strip(),
            "phone": values.get("phone", "").strip(),
        }
        if known is None:
            self._position += 1
            self._report.added += 1
        elif found == known:
            self._report.skipped += 1
            return None
        else:
            self._report.updated += 1
        self._by_number[number_key(number)] = found
        self.changed[str(found["id"])] = found
        return None

    def warn_of_new_organisations(self) -> None:
        """Name the organisations that this table brings."""
        if self.new_organisations:
            names = ", ".join(str(row["name"]) for row in self.new_organisations)
            self._report.warnings.append(
                Text("New organisations were added: {names}.", names=names)
            )

    def warn_of_likeness(self) -> None:
        """Name titles that are the same but for case, spaces and punctuation."""
        seen: dict[str, dict[str, object]] = {}
        for entry in self._by_number.values():
            key = name_key(str(entry["title"]))
            other = seen.setdefault(key, entry)
            if other is not entry and entry["id"] in self.changed:
                self._report.warnings.append(
                    Text(
                        "Entries {first} and {second} have the same title: {title}.",
                        first=str(other["number"]),
                        second=str(entry["number"]),
                        title=str(entry["title"]),
                    )
                )

    def _problem(self, row: TableRow, name: str, problem: Text) -> None:
        self._report.problems.append(Problem(row.row, column_name("entries", name), problem))

    def _group(self, name: str) -> str | None:
        if not name.strip():
            return self._groups[0].id
        wanted = name_key(name)
        return next(
            (g.id for g in self._groups if wanted in {name_key(g.id), name_key(g.name)}), None
        )

    def _organisation(self, name: str) -> str | None:
        if not name:
            return None
        key = name_key(name)
        if key not in self._organisations:
            identity = self._home.context.new_id("o")
            self._organisations[key] = identity
            self.new_organisations.append(
                _organisation_row(identity, len(self._organisations), name)
            )
        return self._organisations[key]

    def _next_number(self) -> str:
        number = 1
        while number_key(str(number)) in self._by_number:
            number += 1
        return str(number)


def _organisation_row(identity: str, position: int, name: str) -> dict[str, object]:
    return {
        "id": identity,
        "position": position,
        "name": name,
        "kind": "",
        "parent": None,
        "must_enter": False,
        "abbreviation": "",
    }


def import_organisations(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load the tree of organisations; a parent may stand below its children."""
    home.card(panel.competition, "desk")
    table = read_table(path, "organisations", layout)
    report = ImportReport(rows=len(table.rows))
    stored = {name_key(row.name): dict(row.__data__) for row in panel.workbench.organisations()}
    changed: dict[str, dict[str, object]] = {}
    parents: dict[str, tuple[TableRow, str]] = {}
    for row in table.rows:
        name = normalise(row.values.get("name", ""))
        if not name:
            report.problems.append(
                Problem(row.row, column_name("organisations", "name"), Text("The name is missing."))
            )
            continue
        known = stored.get(name_key(name))
        found = dict(known or _organisation_row(home.context.new_id("o"), len(stored) + 1, name))
        found["name"] = name
        if "type" in table.fields:
            found["kind"] = normalise(row.values.get("type", ""))
        if "short_name" in table.fields:
            found["abbreviation"] = normalise(row.values.get("short_name", ""))
        if "must_enter" in table.fields:
            found["must_enter"] = name_key(row.values.get("must_enter", "")) in _YES
        stored[name_key(name)] = found
        if "parent" in table.fields:
            parents[name_key(name)] = (row, normalise(row.values.get("parent", "")))
        report.added += known is None
        if found == known:
            report.skipped += 1
        else:
            report.updated += known is not None
            changed[str(found["id"])] = found
    for key, (row, parent) in parents.items():
        if parent and name_key(parent) not in stored:
            report.problems.append(
                Problem(
                    row.row,
                    column_name("organisations", "parent"),
                    Text("There is no organisation “{name}” above it.", name=parent),
                )
            )
            continue
        child = stored[key]
        above = stored[name_key(parent)]["id"] if parent else None
        if child["parent"] != above:
            child["parent"] = above
            changed[str(child["id"])] = child
    if not dry_run and changed:
        panel.workbench.put_organisations(changed.values())
        report.changes = Changes.of("organisations")
    return report


_YES = {"ya", "y", "yes", "wajib", "1", "true", "x", "✓"}

# -- people ----------------------------------------------------------------------------------------

_ROLE_NAMES = {
    "juri": "judge",
    "timevaluasi": "evaluator",
    "evaluator": "evaluator",
    "verifikator": "verifier",
    "ketua": "chair",
    "sekretaris": "secretary",
    "moderator": "moderator",
    "petugas": "clerk",
    "petugasentri": "clerk",
    "pengamat": "observer",
    **{role: role for role in ROLES},
}


def import_people(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load the members of the panel and of the secretariat; rows match by name."""
    home.card(panel.competition, "desk")
    table = read_table(path, "people", layout)
    report = ImportReport(rows=len(table.rows))
    stored = {name_key(row.name): dict(row.__data__) for row in panel.workbench.people()}
    keeper = str(panel.workbench.document("desk")["keeper"])
    changed: dict[str, dict[str, object]] = {}
    seen: dict[str, int] = {}
    for row in table.rows:
        name = normalise(row.values.get("name", ""))
        roles, unknown = read_roles(row.values.get("roles", ""))
        problem: tuple[str, Text] | None = None
        if not name:
            problem = ("name", Text("The name is missing."))
        elif unknown:
            problem = ("roles", Text("There is no role “{role}”.", role=unknown[0]))
        elif name_key(name) in seen:
            problem = (
                "name",
                Text("{name} stands in row {row} already.", name=name, row=seen[name_key(name)]),
            )
        if problem:
            report.problems.append(Problem(row.row, column_name("people", problem[0]), problem[1]))
            continue
        seen[name_key(name)] = row.row
        known = stored.get(name_key(name))
        found = dict(known or {})
        found.setdefault("id", home.context.new_id("p"))
        found.setdefault("position", len(stored))
        found["name"] = name
        if found["id"] == keeper:
            roles = sorted({*roles, *str(found["roles"]).split(";")}, key=ROLES.index)
        if roles or known is None:
            found["roles"] = ";".join(roles)
        for column, stored_as in _PEOPLE_COLUMNS.items():
            if column in table.fields or known is None:
                found[stored_as] = normalise(row.values.get(column, ""))
        stored[name_key(name)] = found
        if found == known:
            report.skipped += 1
            continue
        report.added += known is None
        report.updated += known is not None
        changed[str(found["id"])] = found
    if not dry_run and changed:
        panel.workbench.put_people(changed.values())
        report.changes = Changes.of("people")
    return report


_PEOPLE_COLUMNS = {
    "institution": "institution",
    "position": "title",
    "conflicts": "conflicts",
    "nip": "nip",
    "phone": "phone",
}


def read_roles(text: str) -> tuple[list[str], list[str]]:
    """Return the roles that a cell such as ``juri; ketua`` names, and the words it cannot mean."""
    words = [word.strip() for word in text.replace(",", ";").split(";") if word.strip()]
    unknown = [word for word in words if name_key(word) not in _ROLE_NAMES]
    roles = [_ROLE_NAMES[name_key(word)] for word in words if name_key(word) in _ROLE_NAMES]
    return sorted(set(roles), key=ROLES.index), unknown
