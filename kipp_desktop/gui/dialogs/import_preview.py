"""Load a table in two steps: first what would happen, row by row; then, if wanted, for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTableView, QWidget

    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.importing import ImportReport
    from kipp_desktop.services.panel import Panel


class Loader(Protocol):
    """One of the services that load a table."""

    def __call__(self, home: Home, panel: Panel, path: Path, /, *, dry_run: bool) -> ImportReport:
        """Load the table, or only say what would happen."""


@dataclass(frozen=True)
class Line:
    """A row that cannot be used, or (``row`` None) a note about what can."""

    number: int
    row: int | None
    field: str
    text: Text


_COLUMNS: Final = (
    Column[Line](
        Text("Row"),
        lambda line: "" if line.row is None else str(line.row),
        lambda line: line.row,
        right=True,
        width=5,
    ),
    Column[Line](Text("Column"), lambda line: line.field, width=14),
    Column[Line](Text("What there is to say"), lambda line: say(line.text), stretch=True),
    Column[Line](
        Text("Kind"),
        lambda line: say(Text("Note") if line.row is None else Text("Left out")),
        tone=lambda line: "neutral" if line.row is None else "bad",
        width=13,
    ),
)


class ImportPreviewDialog(FormDialog):
    """Accepted when the rows that can be used are to be loaded."""

    form = "import_preview.ui"
    title = Text("Preview of the table")
    wide = 860

    file_label: QLabel
    summary_label: QLabel
    table: QTableView
    clean_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, path: Path, report: ImportReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        usable = report.added + report.updated
        self.file_label.setText(str(path))
        self.summary_label.setText(say(_counts(report)))
        problems = [Line(n, p.row, p.field, p.problem) for n, p in enumerate(report.problems)]
        notes = [Line(-1 - n, None, "", text) for n, text in enumerate(report.warnings)]
        self.model = RowsModel(_COLUMNS, lambda line: line.number, self)
        show_rows(self.table, self.model)
        self.model.set_rows([*problems, *notes])
        self.table.setVisible(bool(problems or notes))
        self.clean_label.setVisible(not problems)
        ok = self.main_button(self.buttons, Text("Load {count} rows", count=usable))
        ok.setEnabled(bool(usable))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        (ok if usable else self.buttons).setFocus()


def _counts(report: ImportReport) -> Text:
    return Text(
        "{rows} rows: {added} new, {updated} changed, {skipped} as before, {problems} not usable.",
        rows=report.rows,
        added=report.added,
        updated=report.updated,
        skipped=report.skipped,
        problems=len(report.problems),
    )


def import_table(page: Page, loader: Loader) -> None:
    """Ask for a table, show what would happen, and load it when the user says so."""
    chosen = files.choose_open(page.window(), Text("Import a table"), (files.TABLES, files.ALL))
    if not chosen:
        return
    path = chosen[0]
    workplace: Workplace = page.house.session.context

    def preview(report: ImportReport) -> None:
        dialog = ImportPreviewDialog(path, report, page.window())
        dialog.accepted.connect(load)
        dialog.open()

    def load() -> None:
        page.run(
            lambda task: loader(workplace.home(task), workplace.panel, path, dry_run=False),
            lambda report: page.house.show_message(_counts(report)),
            title=Text("Loading the table"),
        )

    page.run(
        lambda task: loader(workplace.home(task), workplace.panel, path, dry_run=True),
        preview,
        title=Text("Reading the table"),
    )
