"""Bandingkan: own marks of other innovations beside the sheet, for calibrating.

The window stays usable beside it: what is marked meanwhile is shown at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_lines, show_rows
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.services.sheetbook import Compared, compared
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QTableView, QWidget

    from kipp_desktop.gui.models.sheets import Sheets

LINES: Final = 10
FEWER: Final = 3
"""Big letters leave no room for more, and the window behind is to be seen."""
BIG: Final = 150
WIDEST: Final = 640


class CompareDialog(FormDialog):
    """Marks of one criterion, or the totals, the highest first; the sheet that is open is marked.

    Nobody else's marks are here: a judge calibrates by their own.
    """

    form = "own_marks.ui"
    title = Text("Compare own marks")
    wide = 540

    criterion_choice: QComboBox
    spread_label: QLabel
    table: QTableView
    buttons: QDialogButtonBox

    def __init__(self, sheets: Sheets, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheets, self._entry = sheets, ""
        self.setModal(False)
        self.setMinimumWidth(min(theme.px(self.wide), WIDEST))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = RowsModel[Compared](
            (
                Column[Compared](
                    Text("Mark"),
                    self._mark,
                    lambda line: -line.mark,
                    right=True,
                    bold=True,
                    width=7,
                ),
                Column[Compared](Text("No."), lambda line: line.number, right=True, width=5),
                Column[Compared](Text("Innovation"), lambda line: line.title, stretch=True),
                Column[Compared](
                    Text("Now"),
                    lambda line: say(Text("this one")) if line.entry == self._entry else "",
                    tone=lambda line: "calm" if line.entry == self._entry else None,
                    width=9,
                ),
            ),
            lambda line: line.entry,
            self,
        )
        show_rows(self.table, self.model)
        show_lines(self.table, LINES if theme.px(100) < BIG else FEWER)
        self.criterion_choice.addItem(say(Text("Total")), "")
        for leaf in sheets.book.rubric.judged.leaves:
            self.criterion_choice.addItem(leaf.criterion.name, leaf.id)
        self.criterion_choice.currentIndexChanged.connect(lambda _at: self.refresh())
        self.buttons.rejected.connect(self.close)

    def show_criterion(self, entry: str, criterion: str) -> None:
        """Compare a criterion (or the totals, for "") of the sheet that is open now."""
        at = self.criterion_choice.findData(criterion)
        changed = at != self.criterion_choice.currentIndex() and at >= 0
        self._entry = entry
        if changed:
            self.criterion_choice.setCurrentIndex(at)
        else:
            self.refresh()

    def refresh(self) -> None:
        """Show the marks as they are now."""
        criterion = str(self.criterion_choice.currentData())
        lines = compared(self._sheets.book, self._sheets.views(), criterion)
        self.model.set_rows(lines)
        here = self.model.line_of(self._entry)
        if here is not None:
            self.table.setCurrentIndex(self.model.index(here, 0))
        if not lines:
            text = say(Text("You have not marked this anywhere yet."))
        else:
            text = say(
                Text(
                    "{count} marks of yours, from {low} to {high}",
                    count=len(lines),
                    low=self._said(lines[-1]),
                    high=self._said(lines[0]),
                )
            )
        self.spread_label.setText(text)

    def _mark(self, line: Compared) -> str:
        return self._said(line)

    def _said(self, line: Compared) -> str:
        digits = self._sheets.book.digits
        total = not self.criterion_choice.currentData()
        return say_value(round_half_up(line.mark, digits) if total else line.mark)
