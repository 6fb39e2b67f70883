"""The competitions that are on this laptop, each with whoever can open it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QWidget

from kipp_desktop.gui.forms import fill
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton, QTableView

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Listed

    Opening = tuple[Listed, Card]


def _role(row: Opening) -> str:
    return say(Text("Secretariat") if row[1].role == "desk" else Text("Member of the panel"))


MOST_ROWS: Final = 4
_COLUMNS: Final = (
    Column["Opening"](Text("Competition"), lambda row: row[0].name, bold=True, stretch=True),
    Column["Opening"](Text("Opened as"), lambda row: row[1].name, width=18),
    Column["Opening"](Text("Role"), _role, width=15),
)


class KnownList(QWidget):
    """``opened`` is called with the row that the user wants to open."""

    known_table: QTableView
    open_button: QPushButton

    def __init__(self, opened: Callable[[Opening], None]) -> None:
        super().__init__()
        fill(self, "known.ui")
        self.model = RowsModel(_COLUMNS, lambda row: row[1].fingerprint, self)
        show_rows(self.known_table, self.model, opened)
        self._opened = opened
        self.open_button.clicked.connect(self._open)

    def show_list(self, found: list[Opening]) -> None:
        """Show them, the first being selected."""
        self.model.set_rows(found)
        self._fit()
        if found and selected_row(self.known_table) is None:
            self.known_table.selectRow(0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            # Once the table has its rows at their new height.
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Take no more room than the list needs."""
        rows = min(max(self.model.rowCount(), 1), MOST_ROWS)
        head = self.known_table.horizontalHeader().sizeHint().height()
        row = self.known_table.verticalHeader().defaultSectionSize()
        self.known_table.setFixedHeight(head + rows * row + 4)
        policy = Qt.ScrollBarPolicy
        all_fit = self.model.rowCount() <= MOST_ROWS
        self.known_table.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if all_fit else policy.ScrollBarAsNeeded
        )

    def _open(self) -> None:
        row = selected_row(self.known_table)
        if row is not None:
            self._opened(row)
