"""Tables in: entries, organisations and people, into the desk's next plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import ROLES, name_key
from kipp_desktop.exchange.spreadsheet import Sheet, Workbook, read_workbook
from kipp_desktop.exchange.tables import (
    HEADER_ROWS,
    Kind,
    TableRow,
    choose_sheet,
    column_name,
    find_header,
    table_rows,
)
from kipp_desktop.services import headings
from kipp_desktop.services.attachments import attach_named
from kipp_desktop.services.context import collector_at_rest
from kipp_desktop.services.entry_import import EntryImport, organisation_row
from kipp_desktop.services.import_report import ImportReport, Problem, Rejects, RowChange
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.storage.workbench import Workbench

__all__ = ["AS_GUESSED", "ImportReport", "Layout", "Problem", "import_entries"]


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
    """A table whose header was found: which fields have a column, and the rows.

    ``extra`` are the headings of columns without a field.
    """

    fields: frozenset[str]
    rows: Sequence[TableRow]
    extra: tuple[str, ...]
    sheet: Sheet
    header_row: int

    def cells(self, row: int) -> list[str]:
        """Return a row of the spreadsheet as it stands there."""
        return self.sheet.rows[row - self.sheet.first_row]

    def rejects(self, problems: Sequence[Problem]) -> Rejects:
        """Return the rows that have problems, whole, under the headings of the table."""
        by_row: dict[int, list[Problem]] = {}
        for problem in problems:
            by_row.setdefault(problem.row, []).append(problem)
        headings = self.cells(self.header_row)
        return Rejects(
            tuple(headings),
            tuple(
                (tuple(self.cells(row)[: len(headings)]), tuple(found))
                for row, found in sorted(by_row.items())
            ),
        )


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of a spreadsheet's visible sheets; raises as :func:`read_table`."""
    return tuple(sheet.name for sheet in read_workbook(path).sheets)


def read_table(
    path: Path,
    kind: Kind,
    layout: Layout,
    criteria: Sequence[tuple[str, str]] = (),
    *,
    bench: Workbench | None = None,
    cancelled: Callable[[], bool] = bool,
) -> Table:
    """Read a spreadsheet's table of a kind; raises :class:`KippError` ``table-…``.

    Where the user says nothing of the columns, those that ``bench`` remembers are read as then.
    """
    workbook = read_workbook(path, cancelled=cancelled)
    if bench is not None and not layout.mapping:
        layout = recalled(bench, kind, workbook, layout)
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
    return Table(
        header.fields,
        list(table_rows(sheet, header)),
        tuple(column.header for column in header.columns if not column.field),
        sheet,
        header.row,
    )


def recalled(bench: Workbench, kind: Kind, workbook: Workbook, layout: Layout) -> Layout:
    """Return the layout of a table whose headings were confirmed before, else the same again."""
    for sheet in workbook.sheets:
        if layout.sheet is not None and sheet.name != layout.sheet:
            continue
        rows = sheet.rows[:HEADER_ROWS]
        position, mapping = headings.recall(bench, kind, rows)
        row = sheet.first_row + position
        if position >= 0 and layout.header_row in {None, row}:
            return Layout(sheet.name, row, mapping)
    return layout


def _finish(
    panel: Panel, table: Table, kind: Kind, layout: Layout, report: ImportReport, *, dry_run: bool
) -> None:
    """Add to the report what could not be used, and remember the columns for the next file."""
    report.rejects = table.rejects(report.problems)
    usable = report.added + report.updated + report.skipped
    if layout.mapping and usable and not dry_run:
        cells = table.cells(table.header_row)
        headings.remember(panel.workbench, kind, cells, layout.mapping)


# -- entries ---------------------------------------------------------------------------------------


def import_entries(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load entries into the next plan; what is good is kept, the rest is named.

    Rows match what is stored by number, otherwise by title and organisation. A column that the
    table does not have changes nothing.
    """
    with collector_at_rest():
        return _import_entries(home, panel, path, layout, dry_run=dry_run)


def _import_entries(
    home: Home, panel: Panel, path: Path, layout: Layout, *, dry_run: bool
) -> ImportReport:
    context = home.context
    home.card(panel.competition, "desk")
    context.step(0.0, Text("Reading the table"))
    table = read_table(path, "entries", layout, bench=panel.workbench, cancelled=context.cancelled)
    context.step(0.5, Text("Comparing with what is here"))
    report = ImportReport(rows=len(table.rows))
    importer = EntryImport(context, panel.workbench, report, table.fields, table.extra)
    importer.claim(table.rows)
    for done, row in enumerate(table.rows):
        if done % 500 == 499:
            context.step(0.5 + done / len(table.rows) * 0.4, Text("Comparing with what is here"))
        importer.take(row)
    importer.warn()
    context.step(0.9, Text("Storing what can be used"))
    with panel.workbench.together():
        _finish(panel, table, "entries", layout, report, dry_run=dry_run)
        if not dry_run:
            panel.workbench.put_organisations(importer.new_organisations)
            panel.workbench.put_entries(importer.changed.values())
        report.warnings += attach_named(panel, path.parent, importer.files, dry_run=dry_run)
        if not dry_run and (importer.changed or importer.files):
            report.changes = Changes.of("entries", "organisations")
    context.progress(1.0, Text("Done"))
    return report


# -- organisations ---------------------------------------------------------------------------------


def import_organisations(
    home: Home, panel: Panel, path: Path, layout: Layout = AS_GUESSED, *, dry_run: bool = False
) -> ImportReport:
    """Load the tree of organisations; a parent may stand below its children."""
    home.card(panel.competition, "desk")
    table = read_table(
        path, "organisations", layout, bench=panel.workbench, cancelled=home.context.cancelled
    )
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
        found = dict(known or organisation_row(home.context.new_id("o"), len(stored) + 1, name))
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
        _note(report, "organisations", row.row, known, found)
        if found != known:
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
        if above is not None and is_below(str(above), str(child["id"]), stored.values()):
            report.problems.append(
                Problem(
                    row.row,
                    column_name("organisations", "parent"),
                    Text("“{name}” cannot stand above itself.", name=str(child["name"])),
                )
            )
            continue
        if child["parent"] != above:
            child["parent"] = above
            changed[str(child["id"])] = child
    with panel.workbench.together():
        _finish(panel, table, "organisations", layout, report, dry_run=dry_run)
        if not dry_run and changed:
            panel.workbench.put_organisations(changed.values())
            report.changes = Changes.of("organisations")
    return report


#: The columns of a table by what is stored of an organisation or a person.
_STORED = {
    "organisations": {
        "name": "name",
        "kind": "type",
        "abbreviation": "short_name",
        "must_enter": "must_enter",
    },
    "people": {
        "name": "name",
        "roles": "roles",
        "institution": "institution",
        "title": "position",
        "conflicts": "conflicts",
        "nip": "nip",
        "phone": "phone",
    },
}


def _note(
    report: ImportReport,
    kind: Kind,
    row: int,
    known: Mapping[str, object] | None,
    found: Mapping[str, object],
) -> None:
    """Count a row as new, changed or as before, and say what it changes."""
    name = str(found["name"])
    if known is None:
        report.added += 1
        report.additions.append(RowChange(row, "", name, ()))
    elif found == known:
        report.skipped += 1
    else:
        report.updated += 1
        fields = tuple(
            (column_name(kind, column), _shown(known[stored]), _shown(found[stored]))
            for stored, column in _STORED[kind].items()
            if known[stored] != found[stored]
        )
        report.updates.append(RowChange(row, "", name, fields))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)


def is_below(child: str, above: str, rows: Iterable[Mapping[str, object]]) -> bool:
    """Return whether an organisation is another one, or stands somewhere below it."""
    parents = {str(row["id"]): row["parent"] for row in rows}
    here: object = child
    for _ in range(len(parents) + 1):
        if here is None or here == above:
            return here == above
        here = parents.get(str(here))
    return True


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
    table = read_table(
        path, "people", layout, bench=panel.workbench, cancelled=home.context.cancelled
    )
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
        _note(report, "people", row.row, known, found)
        if found != known:
            changed[str(found["id"])] = found
    with panel.workbench.together():
        _finish(panel, table, "people", layout, report, dry_run=dry_run)
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
