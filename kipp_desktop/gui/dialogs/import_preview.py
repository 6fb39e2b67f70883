"""Load a table in two steps: first what would happen, row by row; then, if wanted, for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Signal

from kipp_desktop.errors import KippError
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.translation import say, say_next
from kipp_desktop.services.importing import AS_GUESSED, ImportReport, Layout, sheet_names
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import (
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QSpinBox,
        QTableView,
        QWidget,
    )

    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


class Loader(Protocol):
    """One of the services that load a table."""

    def __call__(
        self, home: Home, panel: Panel, path: Path, layout: Layout, /, *, dry_run: bool
    ) -> ImportReport:
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
    Column[Line](Text("Column"), lambda line: line.field, width=11),
    Column[Line](Text("What there is to say"), lambda line: say(line.text), stretch=True),
    Column[Line](
        Text("Kind"),
        lambda line: say(Text("Note") if line.row is None else Text("Left out")),
        tone=lambda line: "neutral" if line.row is None else "bad",
        width=11,
    ),
)


class ImportPreviewDialog(FormDialog):
    """Accepted when the rows that can be used are to be loaded."""

    form = "import_preview.ui"
    title = Text("Preview of the table")
    wide = 860

    reread = Signal()
    """Another sheet or row of headings was chosen: see :meth:`chosen`."""

    file_label: QLabel
    sheet_label: QLabel
    sheet: QComboBox
    header_row: QSpinBox
    summary_label: QLabel
    table: QTableView
    clean_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        path: Path,
        found: ImportReport | KippError,
        parent: QWidget | None = None,
        sheets: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.file_label.setText(str(path))
        self.sheet.addItem(say(Text("found by itself")), None)
        for name in sheets:
            self.sheet.addItem(name, name)
        self.sheet.setVisible(len(sheets) > 1)
        self.sheet_label.setVisible(len(sheets) > 1)
        self.model = RowsModel(_COLUMNS, lambda line: line.number, self)
        show_rows(self.table, self.model)
        self._ok = self.main_button(self.buttons)
        self.show_found(found)
        self.sheet.activated.connect(self._choose)
        self.header_row.valueChanged.connect(self._choose)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        (self._ok if self._ok.isEnabled() else self.header_row).setFocus()

    def _choose(self) -> None:
        # Nothing is loaded that was not shown before.
        self._ok.setEnabled(False)
        self.reread.emit()

    def chosen(self) -> Layout:
        """Return how the table is to be read."""
        return Layout(self.sheet.currentData(), self.header_row.value() or None)

    def show_found(self, found: ImportReport | KippError) -> None:
        """Show what would happen, or why the table cannot be read so."""
        failed = isinstance(found, KippError)
        report = ImportReport() if isinstance(found, KippError) else found
        usable = report.added + report.updated
        self.summary_label.setText(
            f"{say(found.what)} {say_next(found.next)}"
            if isinstance(found, KippError)
            else say(_counts(found))
        )
        problems = [Line(n, p.row, p.field, p.problem) for n, p in enumerate(report.problems)]
        notes = [Line(-1 - n, None, "", text) for n, text in enumerate(report.warnings)]
        self.model.set_rows([*problems, *notes])
        self.table.setVisible(bool(problems or notes))
        self.clean_label.setVisible(not problems and not failed)
        self.main_button(self.buttons, Text("Load {count} rows", count=usable))
        self._ok.setEnabled(bool(usable))


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

    def read(task: TaskContext, layout: Layout) -> ImportReport | KippError:
        try:
            return loader(workplace.home(task), workplace.panel, path, layout, dry_run=True)
        except KippError as error:
            # Another sheet or row may do; the dialog says so and lets the user choose.
            return error

    def first(task: TaskContext) -> tuple[tuple[str, ...], ImportReport | KippError]:
        return sheet_names(path), read(task, AS_GUESSED)

    def preview(found: tuple[tuple[str, ...], ImportReport | KippError]) -> None:
        sheets, report = found
        dialog = ImportPreviewDialog(path, report, page.window(), sheets)
        dialog.reread.connect(lambda: again(dialog))
        dialog.accepted.connect(lambda: load(dialog.chosen()))
        dialog.open()

    def again(dialog: ImportPreviewDialog) -> None:
        layout = dialog.chosen()
        page.house.run(lambda task: read(task, layout), dialog.show_found, owner=dialog)

    def load(layout: Layout) -> None:
        page.run(
            lambda task: loader(workplace.home(task), workplace.panel, path, layout, dry_run=False),
            lambda report: page.house.show_message(_counts(report)),
            title=Text("Loading the table"),
        )

    page.run(first, preview, title=Text("Reading the table"))
