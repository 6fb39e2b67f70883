"""A judge's spreadsheet form, filled in on another machine: read back as that judge's typed sheet.

The form names itself by the ids of its hidden sheet; rows are found by their number and columns by
their heading, so that a judge may sort, or take the protection off. What is not on its scale is
named and left out, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.paper_form import FORM_FORMAT
from kipp_desktop.domain.sheet import with_mark
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.tables import number_key, parse_cell_decimal
from kipp_desktop.services.importing import ImportReport, Problem
from kipp_desktop.services.judging import rubric_of, set_sheet, sheets
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.exchange.spreadsheet import Sheet, Workbook
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class FilledForm:
    """A form as it came back: its ids, its headings, and the cells of its rows.

    ``headings`` name the column of each criterion id; ``entries`` are entry ids by number;
    ``rows`` are (row of the spreadsheet, cells).
    """

    competition: str
    stage: str
    judge: str
    rubric: str
    headings: dict[str, str]
    note: str
    entries: dict[str, str]
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_form(path: Path) -> FilledForm | None:
    """Return the form in a file, ``None`` for any other table.

    Raises :class:`KippError` ``bad-form`` for a form whose ids are damaged, and what
    :func:`~kipp_desktop.exchange.spreadsheet.read_workbook` raises.
    """
    workbook = read_workbook(path)
    if workbook.ids is None or not workbook.ids.rows or not workbook.sheets:
        return None
    rows = [row for row in workbook.ids.rows if row]
    if not rows or rows[0][0] != FORM_FORMAT:
        return None
    return _filled(workbook, rows)


def import_form(
    home: Home, panel: Panel, marker: Marker, form: FilledForm, *, dry_run: bool = False
) -> ImportReport:
    """Load a filled form into drafts; what is good is kept, the rest is named.

    Raises :class:`KippError` ``other-form`` where it is of another competition, stage or judge, or
    was made for criteria that have changed.
    """
    report = ImportReport()
    rubric = rubric_of(panel, marker.stage)
    _check_whose(panel, marker, form, rubric, report)
    views = {view.entry.id: view for view in sheets(panel, marker)}
    columns = {name: form.header.index(text) for name, text in form.headings.items()}
    note = form.header.index(form.note) if form.note in form.header else None
    seen: set[str] = set()
    for row, cells in form.rows:
        entry = form.entries.get(number_key(cells[0]))
        given = {name: _cell(cells, column) for name, column in columns.items()}
        text = normalise(_cell(cells, note)) if note is not None else ""
        if not any(given.values()) and not text:
            continue
        report.rows += 1
        view = views.get(entry or "")
        if view is None or view.entry.id in seen:
            report.problems.append(
                Problem(
                    row,
                    "nomor",
                    Text("Number {number} is not among this judge's entries.", number=cells[0])
                    if view is None
                    else Text("Number {number} stands here twice.", number=cells[0]),
                )
            )
            continue
        seen.add(view.entry.id)
        marks = _marks(rubric, view.marks, given, row, report)
        if marks is None:
            continue
        source = "form" if marker.paper else view.notes.source
        notes = replace(view.notes, feedback=text or view.notes.feedback, source=source)
        if (marks, notes.feedback) == (view.marks, view.notes.feedback):
            # Whatever way they came: they are here.
            report.skipped += 1
            continue
        try:
            if not dry_run:
                set_sheet(home, panel, marker, view.entry.id, marks, notes)
        except KippError as error:
            report.problems.append(Problem(row, "nomor", error.what))
            continue
        report.added += view.state == "empty"
        report.updated += view.state != "empty"
    if (report.added or report.updated) and not dry_run:
        report.changes = Changes.of("drafts", persons=[marker.judge])
    return report


def _check_whose(
    panel: Panel, marker: Marker, form: FilledForm, rubric: Rubric, report: ImportReport
) -> None:
    what: Text | None = None
    if form.competition != panel.competition:
        what = Text("This form is of another competition.")
    elif form.stage != marker.stage:
        what = Text("This form is of another stage ({stage}).", stage=form.stage)
    elif form.judge != marker.judge:
        name = panel.setup.name_of(form.judge)
        what = Text("This form is of another judge: {name}.", name=name)
    elif form.rubric != rubric.fingerprint:
        before = panel.rubric(form.rubric)
        if before is None or before.shape != rubric.shape:
            what = Text("This form was made for criteria that have changed since.")
        else:
            report.warnings.append(
                Text("Weights or words of the criteria have changed since this form was made.")
            )
    if what is not None:
        raise KippError(
            "other-form", what, Text("Choose the judge whose form it is, or make a new form.")
        )


def _marks(
    rubric: Rubric, marks: bytes, given: dict[str, str], row: int, report: ImportReport
) -> bytes | None:
    for leaf in rubric.judged.leaves:
        text = given[leaf.id]
        if not text:
            continue
        mark = parse_cell_decimal(text)
        problem = Text("“{text}” is not a mark.", text=text[:40])
        if mark is not None:
            try:
                marks = with_mark(rubric, marks, leaf.id, mark)
            except KippError as error:
                problem = error.what
            else:
                continue
        report.problems.append(Problem(row, leaf.criterion.name, problem))
        return None
    return marks


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _filled(workbook: Workbook, ids: Sequence[Sequence[str]]) -> FilledForm:
    named: dict[str, str] = {}
    headings: dict[str, str] = {}
    entries: dict[str, str] = {}
    for row in ids[1:]:
        if row[0] == "criterion" and len(row) == 3:
            headings[row[1]] = row[2]
        elif row[0] == "entry" and len(row) == 3:
            entries[number_key(row[2])] = row[1]
        elif len(row) == 2:
            named[row[0]] = row[1]
    if ids[0][1:] != ["1"]:
        raise KippError(
            "bad-form",
            Text("This form was made by a newer version of KIPP Desktop."),
            Text("Install the newer version on this laptop."),
        )
    if not {"competition", "stage", "judge", "rubric", "note"} <= named.keys() or not headings:
        raise _damaged()
    first, header = _header(workbook.sheets, set(headings.values()))
    sheet, at = first
    rows = tuple(
        (sheet.first_row + number, tuple(row))
        for number, row in enumerate(sheet.rows)
        if number > at and row and row[0].strip()
    )
    return FilledForm(
        named["competition"],
        named["stage"],
        named["judge"],
        named["rubric"],
        headings,
        named["note"],
        entries,
        header,
        rows,
    )


def _header(
    found: Sequence[Sheet], headings: set[str]
) -> tuple[tuple[Sheet, int], tuple[str, ...]]:
    """Return where the row of headings stands, and the row."""
    for sheet in found:
        for at, row in enumerate(sheet.rows):
            if headings <= set(row):
                return (sheet, at), tuple(row)
    raise _damaged()


def _damaged() -> KippError:
    return KippError(
        "bad-form",
        Text("The form was changed so that its columns cannot be told apart any more."),
        Text("Make a new form for this judge, or type the marks."),
    )
