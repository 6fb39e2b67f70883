"""Marks from a table: a row an entry, a column a criterion; what is wrong is named row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.sheet import with_mark
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import number_key, parse_cell_decimal
from kipp_desktop.services.importing import (
    AS_GUESSED,
    ImportReport,
    Layout,
    Problem,
    read_table,
)
from kipp_desktop.services.judging import rubric_of, set_sheet, sheets
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.exchange.tables import TableRow
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel


def import_scores(
    home: Home, panel: Panel, marker: Marker, path: Path, layout: Layout = AS_GUESSED
) -> ImportReport:
    """Load marks from a table into drafts: a row an entry, a column a criterion."""
    rubric = rubric_of(panel, marker.stage)
    criteria = [(leaf.id, leaf.criterion.name) for leaf in rubric.judged.leaves]
    table = read_table(path, "scores", layout, criteria)
    report = ImportReport(rows=len(table.rows))
    by_number = {number_key(view.entry.number): view for view in sheets(panel, marker)}
    seen: dict[str, int] = {}
    for row in table.rows:
        key = number_key(row.values.get("number", ""))
        view = by_number.get(key)
        if view is not None and seen.setdefault(key, row.row) != row.row:
            report.problems.append(
                Problem(
                    row.row,
                    "nomor",
                    Text(
                        "Number {number} stands in row {row} already.",
                        number=row.values["number"],
                        row=seen[key],
                    ),
                )
            )
            continue
        if view is None:
            report.problems.append(
                Problem(
                    row.row,
                    "nomor",
                    Text(
                        "Number {number} is not among this judge's entries.",
                        number=row.values.get("number", ""),
                    ),
                )
            )
            continue
        found = _marks_of(rubric, row, view.marks, report)
        if found is None:
            continue
        notes = view.notes
        if row.values.get("comment", "").strip():
            notes = replace(notes, feedback=normalise(row.values["comment"]))
        if (found, notes) == (view.marks, view.notes):
            report.skipped += 1
            continue
        try:
            set_sheet(home, panel, marker, view.entry.id, found, notes)
        except KippError as error:
            report.problems.append(Problem(row.row, "nomor", error.what))
            continue
        report.added += view.state == "empty"
        report.updated += view.state != "empty"
    if report.added or report.updated:
        report.changes = Changes.of("drafts", persons=[marker.judge])
    return report


def _marks_of(rubric: Rubric, row: TableRow, marks: bytes, report: ImportReport) -> bytes | None:
    """Return the row's marks over the draft's, or name the first cell that is wrong."""
    for leaf in rubric.judged.leaves:
        text = row.values.get(f"criterion:{leaf.id}", "").strip()
        if not text:
            continue
        mark = parse_cell_decimal(text)
        problem: Text | None = None
        if mark is None:
            problem = Text("“{text}” is not a mark.", text=text[:40])
        else:
            try:
                marks = with_mark(rubric, marks, leaf.id, mark)
            except KippError as error:
                problem = error.what
        if problem is not None:
            report.problems.append(Problem(row.row, leaf.criterion.name, problem))
            return None
    return marks
