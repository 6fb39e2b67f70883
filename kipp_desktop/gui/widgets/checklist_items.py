"""The items of the administrative selection for one entry: condition, proposal, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.rows import CHIP_ROLE
from kipp_desktop.gui.models.selection_rows import PASSED
from kipp_desktop.gui.models.table import ChipDelegate
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.cells import WrappingDelegate
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from kipp_desktop.domain.selection import Checklist
    from kipp_desktop.services.selection import ItemState, SelectionLine

_ROW: Final = 34
_VERDICT: Final = 104
_CHIP: Final = 2
_LEAST: Final = 7
_TONES: Final = {True: "good", False: "bad", None: "neutral"}
_KEYS: Final = {
    Qt.Key.Key_Plus: True,
    Qt.Key.Key_Minus: False,
    Qt.Key.Key_Delete: None,
}


class ChecklistItems(QTableWidget):
    """Plus passes the current item, minus does not, Delete opens it: :attr:`settled`."""

    settled = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._states: tuple[ItemState, ...] = ()
        self._entry: str | None = None
        self.setColumnCount(3)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setShowGrid(False)
        self.verticalHeader().setHighlightSections(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().sectionResized.connect(lambda *_: self.resizeRowsToContents())
        self.setItemDelegate(WrappingDelegate(self))
        self.setItemDelegateForColumn(_CHIP, ChipDelegate(self))
        self.setProperty("plain", True)

    def current(self) -> ItemState | None:
        """Return the item that the keyboard is on."""
        row = self.currentRow()
        return self._states[row] if 0 <= row < len(self._states) else None

    def show_line(self, checklist: Checklist, line: SelectionLine | None) -> None:
        """Show the items of an entry: the first, or the current one where it is the same entry."""
        shown = None if line is None else line.entry.id
        row = max(self.currentRow(), 0) if shown == self._entry else 0
        self._entry = shown
        self.clear()
        self._states = () if line is None else line.items
        self.setRowCount(len(self._states))
        self.setHorizontalHeaderLabels(
            [say(text) for text in (Text("Condition"), Text("Proposal"), Text("Verdict"))]
        )
        for at, state in enumerate(self._states):
            found, why = state.proposal.passed, say(state.proposal.why)
            reason = "" if state.passed is not False else f"\n{state.reason}"
            cells = (
                checklist.item(state.item).name + reason,
                why if found is None else f"{say(PASSED[found])}: {why}",
                say(PASSED[state.passed]),
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == _CHIP:
                    item.setData(CHIP_ROLE, _TONES[state.passed])
                self.setItem(at, column, item)
        if self._states:
            self.setCurrentCell(min(row, len(self._states) - 1), 0)
        self.dress()

    def step_on(self) -> None:
        """Go to the next item."""
        if self.currentRow() + 1 < self.rowCount():
            self.setCurrentCell(self.currentRow() + 1, 0)

    def dress(self) -> None:
        """Take over language and text size."""
        self.setAccessibleName(say(Text("Conditions of the selection")))
        mode = QHeaderView.ResizeMode
        header = self.horizontalHeader()
        for column in (0, 1):
            header.setSectionResizeMode(column, mode.Stretch)
        header.setSectionResizeMode(2, mode.Fixed)
        self.setColumnWidth(2, theme.px(_VERDICT))
        self.verticalHeader().setMinimumSectionSize(theme.px(_ROW))
        self.setMinimumHeight(theme.px(_ROW) * _LEAST)
        self.resizeRowsToContents()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Settle the current item."""
        key = Qt.Key(event.key())
        if key in _KEYS and self.current() is not None:
            self.settled.emit(_KEYS[key])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self.resizeRowsToContents()
