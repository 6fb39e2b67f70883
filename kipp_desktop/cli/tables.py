"""Tables that a command loads: how they are to be read, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_file
from kipp_desktop.errors import UsageError
from kipp_desktop.services import importing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    import argparse

    from kipp_desktop.cli.parser import Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.importing import ImportReport


def add_table_options(parser: Any, say: Say, text: Text | None = None) -> None:
    """Add a table's file, which ``text`` may name better, and how it is to be read."""
    add_file(parser, say, text or Text("the table: CSV, XLSX, XLS or ODS"))
    parser.add_argument(
        "--sheet",
        metavar=say(Text("SHEET")),
        help=say(Text("name of the sheet in the workbook; otherwise the one that fits")),
    )
    parser.add_argument(
        "--header-row",
        type=int,
        metavar=say(Text("ROW")),
        help=say(Text("number of the row with the headers; otherwise it is looked for")),
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar=say(Text("HEADER=FIELD")),
        help=say(
            Text(
                "read the column with this header as this field, such as “Nama Inovasi=judul”; "
                "may be given several times"
            )
        ),
    )


def layout_of(options: argparse.Namespace) -> importing.Layout:
    """Return how the user says that a table is to be read."""
    pairs = []
    for item in options.map:
        header, equals, field = item.rpartition("=")
        if not equals:
            raise UsageError(
                "usage",
                Text("“{item}” is not of the form HEADER=FIELD.", item=item),
                Text('Write for example --map "Nama Inovasi=judul".'),
            )
        pairs.append((header, field))
    return importing.Layout(options.sheet, options.header_row, tuple(pairs))


def answer_import(session: Session, report: ImportReport) -> int:
    """Say what an import did; 0 if any row was usable."""
    session.tell(
        Text(
            "{rows} rows: {added} new, {updated} changed, {skipped} as before, {problems} not "
            "usable.",
            rows=report.rows,
            added=report.added,
            updated=report.updated,
            skipped=report.skipped,
            problems=len(report.problems),
        )
    )
    for problem in report.problems:
        session.warn(
            Text(
                "Row {row}, {field}: {problem}",
                row=problem.row,
                field=problem.field,
                problem=problem.problem,
            )
        )
    for warning in report.warnings:
        session.warn(warning)
    for change in report.updates:
        for field, old, new in change.fields:
            session.line(f"{change.number or change.title}\t{field}: {old} → {new}")
    updates = [
        {
            "row": change.row,
            "number": change.number,
            "fields": [
                {"field": field, "old": old, "new": new} for field, old, new in change.fields
            ],
        }
        for change in report.updates
    ]
    session.answer(
        {
            "rows": report.rows,
            "added": report.added,
            "updated": report.updated,
            "skipped": report.skipped,
            "problems": [
                {"row": p.row, "field": p.field, "problem": session.say(p.problem)}
                for p in report.problems
            ],
            "warnings": [session.say(warning) for warning in report.warnings],
            **({"updates": updates} if updates else {}),
        }
    )
    return 0 if report.added + report.updated + report.skipped else 1
