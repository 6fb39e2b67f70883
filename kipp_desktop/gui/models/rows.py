"""A table model over plain values, with declared columns, its own sort and its own filter.

Made for 10,000 rows: a row's texts are computed when first asked for and kept, a filter looks
through one folded text a row, and sorting orders row numbers in Python. A ``QSortFilterProxyModel``
over a Python model takes some thirty times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from PySide6.QtCore import QObject

    from kipp_desktop.texts import Text

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

CHIP_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the tone of a cell that is shown as a chip, or ``None``."""
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_FONT: Final = int(Qt.ItemDataRole.FontRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_ANSWERED: Final = frozenset({_DISPLAY, _ALIGNMENT, _FONT, _TOOL_TIP, _SPOKEN, CHIP_ROLE})
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Column(Generic[R]):
    """How a column is shown.

    ``text`` gives a row's cell; ``sort_key`` what it is sorted by (default: the text, folded),
    where ``None`` always comes last; ``tone`` makes a cell a chip of that tone; ``stretch`` takes
    the room that the others leave; ``width`` is in letters, and so is ``least``, down to which a
    column gives way before the table scrolls (0: it does not).
    """

    title: Text
    text: Callable[[R], str]
    sort_key: Callable[[R], Any] | None = None
    right: bool = False
    bold: bool = False
    tone: Callable[[R], str | None] | None = None
    stretch: bool = False
    width: int = 0
    least: int = 0


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows of any type ``R``, found again by ``key``."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.key = key
        self._rows: list[R] = []
        self._texts: list[tuple[str, ...] | None] = []
        self._folded: list[str] = []
        self._shown: list[int] = []
        self._wanted = ""
        self._accept: Callable[[R], bool] | None = None
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._bold = theme.font(bold=True)

    # --- what the page does ---

    def set_rows(self, rows: Iterable[R]) -> None:
        """Show other rows; sort and filter stay."""
        self.beginResetModel()
        self._rows = list(rows)
        self._texts = [None] * len(self._rows)
        self._folded = []
        self._bold = theme.font(bold=True)
        self._choose()
        self.endResetModel()

    def replace_row(self, row: R) -> None:
        """Show another state of a row that is here; every other row stays as it is."""
        key = self.key(row)
        number = next(n for n, one in enumerate(self._rows) if self.key(one) == key)
        self._rows[number], self._texts[number], self._folded = row, None, []
        line = self.line_of(key)
        if line is None or (self._accept is not None and not self._accept(row)):
            self.beginResetModel()
            self._choose()
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(line, 0), self.index(line, len(self.columns) - 1))

    def set_filter(self, text: str) -> None:
        """Show only the rows in which every word of ``text`` occurs."""
        if text != self._wanted:
            self.beginResetModel()
            self._wanted = text
            self._choose()
            self.endResetModel()

    def set_accept(self, accept: Callable[[R], bool] | None) -> None:
        """Show only the rows that ``accept`` says yes to (besides the text filter)."""
        self.beginResetModel()
        self._accept = accept
        self._choose()
        self.endResetModel()

    def row_at(self, index: Index) -> R | None:
        """Return the row of an index; ``None`` for an invalid one."""
        return self._rows[self._shown[index.row()]] if index.isValid() else None

    def line_of(self, key: Hashable) -> int | None:
        """Return the line in which the row with this key is shown now."""
        return next((i for i, n in enumerate(self._shown) if self.key(self._rows[n]) == key), None)

    def shown_rows(self) -> list[R]:
        """Return the rows as they are shown now."""
        return [self._rows[n] for n in self._shown]

    def total(self) -> int:
        """Return the number of rows without filter."""
        return len(self._rows)

    # --- what the view asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of rows that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return what a cell shows or says; most of the roles that a view asks for have none."""
        if role not in _ANSWERED:
            return None
        if role == _DISPLAY:  # asked for most, and a page of 15 columns asks 3,000 times
            number = self._shown[index.row()]
            return (self._texts[number] or self._row_texts(number))[index.column()]
        column = self.columns[index.column()]
        if role == _ALIGNMENT:
            return _RIGHT if column.right else _LEFT
        if role == _FONT:
            return self._bold if column.bold else None
        number = self._shown[index.row()]
        if role == CHIP_ROLE:
            return column.tone(self._rows[number]) if column.tone else None
        text = (self._texts[number] or self._row_texts(number))[index.column()]
        if role == _SPOKEN:
            return f"{say(column.title)}: {text}"
        return text

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = _DISPLAY,
    ) -> Any:
        """Return a column's title in the window's language."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            return say(self.columns[section].title)
        if role == _ALIGNMENT:
            return _RIGHT if self.columns[section].right else _LEFT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order in which the rows came."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        before = self._shown
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        self._choose()
        line = {number: i for i, number in enumerate(self._shown)}
        new = [self.index(line[before[i.row()]], i.column()) for i in old]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def translate(self) -> None:
        """Say everything again after a change of language or theme."""
        self._texts = [None] * len(self._rows)
        self._folded = []
        self._bold = theme.font(bold=True)
        if self._wanted:
            self.beginResetModel()
            self._choose()
            self.endResetModel()
        elif self._shown:
            self.dataChanged.emit(
                self.index(0, 0),
                self.index(len(self._shown) - 1, len(self.columns) - 1),
            )
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    # --- inside ---

    def _row_texts(self, number: int) -> tuple[str, ...]:
        row = self._rows[number]
        made = tuple([column.text(row) for column in self.columns])
        self._texts[number] = made
        return made

    def _choose(self) -> None:
        """Compute which rows are shown, and in which order."""
        shown: Iterable[int] = range(len(self._rows))
        words = self._wanted.casefold().split()
        if words:
            if not self._folded:
                texts = (self._texts[n] or self._row_texts(n) for n in range(len(self._rows)))
                self._folded = ["\n".join(t).casefold() for t in texts]
            for word in words:
                shown = [n for n in shown if word in self._folded[n]]
        if self._accept is not None:
            shown = [n for n in shown if self._accept(self._rows[n])]
        self._shown = list(shown)
        if self._sorted_by is not None:
            self._sort(*self._sorted_by)

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        column = self.columns[section]
        rows, key = self._rows, column.sort_key
        keys = {
            n: key(rows[n]) if key else (self._texts[n] or self._row_texts(n))[section].casefold()
            for n in self._shown
        }
        last = [n for n in self._shown if keys[n] is None]
        self._shown = [n for n in self._shown if keys[n] is not None]
        self._shown.sort(key=keys.__getitem__, reverse=order is Qt.SortOrder.DescendingOrder)
        self._shown += last
