"""Every file that was ever opened at this desk: when, whose, what came of it, and its SHA-256."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.arrivals import OUTCOMES, TONES
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_lines, show_rows
from kipp_desktop.gui.translation import say, say_digest, say_value
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.services.arrivals import Arrival
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton, QTableView, QWidget

LINES: Final = 9

_COLUMNS: Final = (
    Column[Arrival](
        Text("When"),
        lambda row: say_value(datetime.fromisoformat(row.at)),
        lambda row: row.at,
        width=24,
    ),
    Column[Arrival](Text("File"), lambda row: row.file, width=20),
    Column[Arrival](Text("From"), lambda row: ", ".join(row.who) or "?", bold=True, width=13),
    Column[Arrival](
        Text("Outcome"),
        lambda row: say(OUTCOMES[row.outcome]),
        tone=lambda row: TONES[row.outcome],
        width=20,
    ),
    Column[Arrival](Text("Content"), lambda row: say(row.what), stretch=True),
    Column[Arrival](Text("SHA-256"), lambda row: row.sha256, width=14),
)


class HistoryDialog(FormDialog):
    """For looking only; typing filters, also by the beginning of a SHA-256."""

    form = "history.ui"
    title = Text("History of incoming files")
    wide = 1180

    search: QWidget
    table: QTableView
    detail_label: QLabel
    sha_label: QLabel
    copy_button: QPushButton
    buttons: QDialogButtonBox

    def __init__(self, history: Sequence[Arrival], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finder = SearchField(say(Text("Search name, file, date, outcome or SHA-256")))
        self.finder.setObjectName("search_field")
        place(self.finder, self.search)
        self.model = RowsModel(_COLUMNS, lambda row: row.number, self)
        show_rows(self.table, self.model)
        self.model.set_rows(history)
        show_lines(self.table, min(max(len(history), 3), LINES))
        self.finder.searched.connect(self._filter)
        self.finder.left_down.connect(self.table.setFocus)
        self.table.selectionModel().selectionChanged.connect(self._show_detail)
        self.copy_button.clicked.connect(self._copy)
        self.buttons.rejected.connect(self.reject)
        self._filter("")
        self.finder.setFocus()

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        if self.model.rowCount() and selected_row(self.table) is None:
            self.table.selectRow(0)
        self._show_detail()

    def _show_detail(self) -> None:
        row: Arrival | None = selected_row(self.table)
        self.copy_button.setEnabled(row is not None and bool(row.sha256))
        if row is None:
            self.detail_label.setText(say(Text("No file in the history fits.")))
            self.sha_label.setText("")
            return
        said = [f"{row.file}: {say(row.what)}."]
        if row.advice is not None:
            said.append(say(row.advice))
        self.detail_label.setText(" ".join(said))
        self.sha_label.setText(f"SHA-256 {say_digest(row.sha256)}" if row.sha256 else "")

    def _copy(self) -> None:
        row: Arrival | None = selected_row(self.table)
        if row is not None:
            QApplication.clipboard().setText(row.sha256)
