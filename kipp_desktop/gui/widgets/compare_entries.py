"""Two entries side by side, a line a field; where they differ, one value is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.field_names import FIELD_TEXTS
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.cells import WrappingDelegate
from kipp_desktop.services.duplicates import MERGED
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from kipp_desktop.services.duplicates import Pair
    from kipp_desktop.services.entries import EntryLine

_ID: Final = int(Qt.ItemDataRole.UserRole)
_ROW: Final = 32
_LEAST: Final = 7


class CompareEntries(QTableWidget):
    """Space, or a click on a box, takes the value of that side into the merged entry."""

    def __init__(self) -> None:
        super().__init__()
        self._pair: Pair | None = None
        self._fields: list[str] = []
        self.setColumnCount(2)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setItemDelegate(WrappingDelegate(self))
        self.setShowGrid(False)
        self.setAccessibleName(say(Text("The two innovations side by side")))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().sectionResized.connect(lambda *_: self.resizeRowsToContents())
        self.verticalHeader().setHighlightSections(False)
        self.itemChanged.connect(self._choose)

    def show_pair(self, pair: Pair | None) -> None:
        """Show another pair, or none; of each field the filled value is chosen, else the first."""
        self._pair = pair
        self.blockSignals(True)
        self.clear()
        self._fields = []
        if pair is not None:
            self._fill(pair)
        else:
            self.setRowCount(0)
        self.blockSignals(False)
        self.dress()

    def taken(self, stays: str) -> dict[str, str]:
        """Return for each field that differs whose value is wanted, ``stays`` being an entry's id.

        As :func:`duplicates.merge_entries` takes it: ``keep`` or ``other``.
        """
        found = {}
        for line, field in enumerate(self._fields):
            for side in (0, 1):
                item = self.item(line, side)
                if item is not None and field in MERGED and _is_box(item) and _is_checked(item):
                    found[field] = "keep" if item.data(_ID) == stays else "other"
        return found

    def dress(self) -> None:
        """Take over theme and text size."""
        self.setAccessibleName(say(Text("The two innovations side by side")))
        self.verticalHeader().setMinimumSectionSize(theme.px(_ROW))
        self.setMinimumHeight(theme.px(_ROW) * _LEAST)
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self.resizeRowsToContents()

    def _fill(self, pair: Pair) -> None:
        values = [_values(pair.first), _values(pair.second)]
        extra = [name for side in values for name in side if name not in MERGED]
        self._fields = [
            field
            for field in (*MERGED, *dict.fromkeys(extra))
            if values[0].get(field) or values[1].get(field)
        ]
        self.setRowCount(len(self._fields))
        self.setVerticalHeaderLabels(
            [say(FIELD_TEXTS[f]) if f in MERGED else f[:1].upper() + f[1:] for f in self._fields]
        )
        lines = (pair.first, pair.second)
        self.setHorizontalHeaderLabels(
            [say(Text("Number {number}", number=line.number)) for line in lines]
        )
        # Who has marks stays, and so does what is written there.
        preferred = 1 if pair.second.id in pair.marked and pair.first.id not in pair.marked else 0
        for row, field in enumerate(self._fields):
            texts = [values[side].get(field, "") for side in (0, 1)]
            differ = texts[0] != texts[1]
            wanted = preferred if texts[preferred] else 1 - preferred
            for side in (0, 1):
                item = QTableWidgetItem(texts[side])
                item.setToolTip(texts[side])
                item.setData(_ID, lines[side].id)
                flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                if differ:
                    item.setFont(theme.font(bold=True))
                if differ and field in MERGED:
                    flags |= Qt.ItemFlag.ItemIsUserCheckable
                    item.setCheckState(
                        Qt.CheckState.Checked if side == wanted else Qt.CheckState.Unchecked
                    )
                item.setFlags(flags)
                self.setItem(row, side, item)

    def _choose(self, item: QTableWidgetItem) -> None:
        """Keep exactly one side of a field chosen."""
        other = self.item(item.row(), 1 - item.column())
        if not _is_box(item) or other is None:
            return
        self.blockSignals(True)
        flipped = Qt.CheckState.Unchecked if _is_checked(item) else Qt.CheckState.Checked
        other.setCheckState(flipped)
        self.blockSignals(False)


def _values(line: EntryLine) -> dict[str, str]:
    return {field: str(getattr(line, field)) for field in MERGED} | dict(line.fields)


def _is_box(item: QTableWidgetItem) -> bool:
    return bool(item.flags() & Qt.ItemFlag.ItemIsUserCheckable)


def _is_checked(item: QTableWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked
