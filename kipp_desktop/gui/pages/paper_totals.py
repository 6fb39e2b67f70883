"""The total on paper against the computed one: a difference is asked about when it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject

from kipp_desktop.gui.dialogs.written_total import WrittenTotalDialog

if TYPE_CHECKING:
    from fractions import Fraction

    from kipp_desktop.gui.models.mark_grid import GridRow
    from kipp_desktop.gui.pages.paper import PaperPage
    from kipp_desktop.services.judging import Marker


class WrittenTotals(QObject):
    """Asks when a row is left, or its total typed, whose two totals differ.

    A difference that this typist called right is not asked about again until one of the two totals
    is another. What was answered is not kept beyond this run: the remark stays below the grid.
    """

    def __init__(self, page: PaperPage) -> None:
        super().__init__(page)
        self._page = page
        self._typed: set[str] = set()
        self._right: set[tuple[Marker, str, Fraction | None, Fraction | None]] = set()
        self._asking = False
        page.grid.selectionModel().currentRowChanged.connect(self._left)

    def typed(self, entry: str) -> None:
        """Remember that a total was typed; it is looked at when it is stored."""
        self._typed.add(entry)

    def look(self, entry: str) -> None:
        """Look at a row that was stored just now, unless it is still being typed."""
        if entry in self._typed or entry != self._page.grid.current_entry():
            row = next(row for row in self._page.model.rows() if row.entry == entry)
            if not self._page.writer.is_pending(entry):
                self._typed.discard(entry)
                self._ask(row)

    def _left(self, _now: QModelIndex, before: QModelIndex) -> None:
        page = self._page
        if before.isValid() and before.row() < page.model.rowCount():
            row = page.model.row_of(before.row())
            if not page.writer.is_pending(row.entry):
                self._ask(row)

    def _ask(self, row: GridRow) -> None:
        difference = (self._page.sheets.book.marker, row.entry, row.written, row.total)
        if row.remark is None or not row.editable or difference in self._right or self._asking:
            return
        self._asking, page = True, self._page
        dialog = WrittenTotalDialog(row, page.window())

        def answered(result: int) -> None:
            self._asking = False
            if result == WrittenTotalDialog.DialogCode.Accepted:
                self._right.add(difference)
            else:
                page.grid.start(at=row.entry)
            page.grid.setFocus()

        dialog.finished.connect(answered)
        dialog.open()
