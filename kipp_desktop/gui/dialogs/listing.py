"""A few rows to look at or to choose one of: what they are, the table, one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_lines, show_rows
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from PySide6.QtWidgets import QLabel, QTableView, QWidget

R = TypeVar("R")
MOST_LINES = 8


class ListingDialog(FormDialog, Generic[R]):
    """A subclass says the columns; with ``button`` a row is chosen, else rows are only read."""

    form = "listing.ui"
    wide = 820

    what_label: QLabel
    hint_label: QLabel
    table: QTableView
    buttons: QDialogButtonBox

    def __init__(  # noqa: PLR0917 - what stands in it, from top to bottom
        self,
        what: str,
        hint: Text,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        button: Text | None,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.what_label.setText(what)
        self.hint_label.setText(say(hint))
        self.model = RowsModel[R](columns, key, self)
        show_rows(self.table, self.model, lambda _row: self.choose())
        self.table.setAccessibleName(what)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self._ok = self.main_button(self.buttons, button or Text("&Close"))
        cancel.setVisible(button is not None)
        self.buttons.accepted.connect(self.choose)
        self.buttons.rejected.connect(self.reject)
        self.table.setFocus()

    def show_list(self, rows: Sequence[R]) -> None:
        """Show the rows, the first being selected."""
        self.model.set_rows(rows)
        show_lines(self.table, min(max(len(rows), 2), MOST_LINES))
        if rows:
            self.table.selectRow(0)

    def chosen(self) -> R | None:
        """Return the selected row."""
        row: Any = selected_row(self.table)
        return row  # type: ignore[no-any-return]

    def choose(self) -> None:
        """Take the selected row: close with it."""
        self.accept()
