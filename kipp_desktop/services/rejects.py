"""The rows that an import could not use, as a table to correct and import again as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.exchange.tables import REASON_COLUMN, normalise
from kipp_desktop.files import write_whole
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.services.import_report import ImportReport


def write_rejects(report: ImportReport, out: Path, catalogue: Catalogue | None = None) -> int:
    """Write the refused rows of an import with a column of reasons; return how many they are.

    ``out`` ending in ``.csv`` gives CSV, anything else XLSX. The headings are those of the table,
    so that the file is read like it; the column of reasons is passed over then. Without refused
    rows nothing is written. Raises :class:`KippError` ``cannot-write``.
    """
    # XlsxWriter is heavy, and needed only here.
    from kipp_desktop.documents.plain_table import render_csv, render_xlsx

    say = (catalogue or Catalogue.load("id")).say
    rejects = report.rejects
    # A table that was written here before has the column of reasons already.
    places = [
        place
        for place, heading in enumerate(rejects.headings)
        if normalise(heading) != normalise(REASON_COLUMN)
    ]
    headings = [rejects.headings[place] for place in places]
    rows = [
        [
            *(cells[place] if place < len(cells) else "" for place in places),
            " ".join(f"{item.field}: {say(item.problem)}" for item in problems),
        ]
        for cells, problems in rejects.rows
    ]
    if not rows:
        return 0
    headings.append(REASON_COLUMN)
    if out.suffix.lower() == ".csv":
        data = render_csv(headings, rows)
    else:
        data = render_xlsx((say(Text("Rows to correct")), headings, rows))
    write_whole(out, data)
    return len(rows)
