"""One column of a table that stays in sight at its right edge while the others scroll sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from kipp_desktop.gui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel


class PinnedColumn(QTableView):
    """Lies over the right edge of ``table`` and shows one of its columns, the last in its order.

    It is there only while the table must scroll sideways; at the end of that way it covers the very
    column that it shows. It takes no keys, and what is clicked in it goes nowhere.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table, self._column = table, 0
        self.setObjectName("pinned_column")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for off in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            off(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(table.verticalScrollMode())
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        table.horizontalScrollBar().rangeChanged.connect(lambda *_: self._place())
        table.viewport().installEventFilter(self)
        self.hide()

    def show_column(self, model: QAbstractItemModel, column: int) -> None:
        """Show a column of the table's model, as wide and high as the table has it."""
        if self.model() is not model:
            self.setModel(model)
        self._column = column
        for other in range(model.columnCount()):
            self.setColumnHidden(other, other != column)
        above = self._table.horizontalHeader()
        self.setColumnWidth(column, self._table.columnWidth(column))
        self.horizontalHeader().setFixedHeight(above.height())
        self.verticalHeader().setDefaultSectionSize(
            self._table.verticalHeader().defaultSectionSize()
        )
        colours = theme.colours()
        self.setStyleSheet(
            f"QTableView {{ border: none; border-left: 1px solid {colours.border}; "
            f"border-radius: 0; background: {colours.surface}; }}"
        )
        self._place()

    @property
    def covers(self) -> int:
        """How many pixels of the table lie below it now."""
        return 0 if self.isHidden() else self.width()

    def eventFilter(self, _viewport: QObject, event: QEvent) -> bool:
        """Follow the room of the table."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        return False

    def _place(self) -> None:
        table, viewport = self._table, self._table.viewport()
        self.setVisible(self.model() is not None and table.horizontalScrollBar().maximum() > 0)
        wide, above = table.columnWidth(self._column), table.horizontalHeader().height()
        box = viewport.geometry()
        self.setGeometry(box.right() + 1 - wide, box.top() - above, wide, box.height() + above)
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())
