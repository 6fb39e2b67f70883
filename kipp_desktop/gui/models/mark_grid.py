"""Marks of many sheets at once: a row an entry, a column a criterion, total and state behind.

Marks are typed into cells; :attr:`MarkGridModel.typed` asks the page to store them. What a cell
shows until then is what was typed; :meth:`MarkGridModel.show_row` brings what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.rows import CHIP_ROLE
from kipp_desktop.gui.translation import say, say_number, say_value
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kipp_desktop.domain.rubric import Leaf

Index = QModelIndex | QPersistentModelIndex
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_EDIT: Final = int(Qt.ItemDataRole.EditRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_FONT: Final = int(Qt.ItemDataRole.FontRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)
_WRAP: Final = int(Qt.TextFlag.TextWordWrap)

LEADING: Final = 2
"""Number and title stand before the marks."""
WRITTEN: Final = "written-total"
"""The column of the total that stands by hand on paper, as ``typed`` names it."""


@dataclass(frozen=True)
class GridRow:
    """One sheet; ``marks`` by criterion id, ``state`` a name and ``tone`` a chip's.

    ``differing`` holds what each of the ``typists`` typed where they differ (decimal strings, ""
    for none); ``remark`` is said in the state column's tool tip and stands beside it; ``key`` is
    the state for programs; ``due`` whether marks are expected at all.
    """

    entry: str
    number: str
    title: str
    marks: dict[str, Fraction | None]
    total: Fraction | None
    state: Text
    tone: str
    editable: bool
    key: str
    written: Fraction | None = None
    differing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    typists: tuple[str, ...] = ()
    remark: Text | None = None
    due: bool = True


def say_difference(marks: Sequence[str], typists: Sequence[str] = ()) -> str:
    """Return what each typist typed, beside each other; with names where they are given."""
    said = [say_number(mark) if mark else "–" for mark in marks]
    if typists:
        said = [f"{mark} ({name})" for mark, name in zip(said, typists, strict=True)]
    return " ≠ ".join(said)


class MarkGridModel(QAbstractTableModel):
    """The rows of the grid.

    ``typed`` carries entry, criterion id (or :data:`WRITTEN`), the new value and the one before;
    ``locked`` an entry whose row cannot be typed into now.
    """

    typed = Signal(str, str, object, object)
    locked = Signal(str)

    def __init__(self, *, with_written: bool = False) -> None:
        super().__init__()
        self.leaves: tuple[Leaf, ...] = ()
        self._with_written = with_written
        self._rows: list[GridRow] = []
        self._shown: list[int] = []
        self._accept: Callable[[GridRow], bool] | None = None

    # --- what the page does ---

    def set_rows(self, leaves: Sequence[Leaf], rows: Sequence[GridRow]) -> None:
        """Show other sheets."""
        self.beginResetModel()
        self.leaves = tuple(leaves)
        self._rows = list(rows)
        self._choose()
        self.endResetModel()

    def set_accept(self, accept: Callable[[GridRow], bool] | None) -> None:
        """Show only the rows that ``accept`` says yes to; they stay until this is called again."""
        self.beginResetModel()
        self._accept = accept
        self._choose()
        self.endResetModel()

    def show_row(self, row: GridRow) -> None:
        """Show what is stored of one sheet now, where it stands."""
        number = next(n for n, old in enumerate(self._rows) if old.entry == row.entry)
        self._rows[number] = row
        if number in self._shown:
            line = self._shown.index(number)
            self.dataChanged.emit(self.index(line, 0), self.index(line, self.columnCount() - 1))

    def row_of(self, line: int) -> GridRow:
        """Return the sheet in a line."""
        return self._rows[self._shown[line]]

    def rows(self) -> list[GridRow]:
        """Return all sheets, shown or not."""
        return self._rows

    def line_of(self, entry: str) -> int | None:
        """Return the line of an entry, ``None`` where it is not shown."""
        return next((i for i, n in enumerate(self._shown) if self._rows[n].entry == entry), None)

    def typing_columns(self) -> range:
        """Return the columns that are typed into."""
        return range(LEADING, LEADING + len(self.leaves) + self._with_written)

    def leaf_at(self, column: int) -> Leaf | None:
        """Return the criterion of a column, ``None`` for other columns."""
        number = column - LEADING
        return self.leaves[number] if 0 <= number < len(self.leaves) else None

    def criterion_at(self, column: int) -> str:
        """Return the criterion id of a typing column, or :data:`WRITTEN`."""
        leaf = self.leaf_at(column)
        return WRITTEN if leaf is None else leaf.id

    def widest_difference(self, column: int) -> str:
        """Return the longest text of a column in which two typings differ, "" where none do."""
        criterion = self.criterion_at(column)
        found = (row.differing.get(criterion) for row in self._rows)
        return max((say_difference(marks) for marks in found if marks), key=len, default="")

    def value_at(self, index: Index) -> Fraction | None:
        """Return the number of a typing cell."""
        row, leaf = self.row_of(index.row()), self.leaf_at(index.column())
        return row.written if leaf is None else row.marks[leaf.id]

    def translate(self) -> None:
        """Say everything again after a change of language or theme."""
        if self._shown:
            last = self.index(len(self._shown) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    # --- what the view asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of columns: number, title, marks, (written total), total, state."""
        return 0 if parent.isValid() else LEADING + len(self.leaves) + self._with_written + 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let marks be typed where the row is open."""
        found = super().flags(index)
        if index.column() in self.typing_columns() and self.row_of(index.row()).editable:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return what a cell shows or says."""
        column, row = index.column(), self.row_of(index.row())
        state = self.columnCount() - 1
        if role == _ALIGNMENT:
            return _LEFT if column in {1, state} else _CENTRE if self.leaf_at(column) else _RIGHT
        if role == CHIP_ROLE:
            return self._tone(row, column)
        if role == _FONT:
            return theme.font(bold=True) if column == state - 1 else None
        if role in {_DISPLAY, _EDIT}:
            return self._text(row, column)
        if role == _TOOL_TIP:
            if column == state and row.remark is not None:
                return say(row.remark)
            return row.title if column == 1 else None
        if role == _SPOKEN:
            title = self.headerData(column, Qt.Orientation.Horizontal)
            return f"{row.number} {title}: {self._text(row, column)}"
        return None

    def setData(self, index: Index, value: Any, _role: int = _EDIT) -> bool:
        """Show a typed number (or ``None``) at once and have it stored."""
        row = self.row_of(index.row())
        if not row.editable:
            self.locked.emit(row.entry)
            return False
        before = self.value_at(index)
        if value == before:
            return False
        self.typed.emit(row.entry, self.criterion_at(index.column()), value, before)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return a column's title in the window's language, or a line's number."""
        if orientation is not Qt.Orientation.Horizontal:
            if role == _ALIGNMENT:
                return _RIGHT
            return self.row_of(section).number if role == _DISPLAY else None
        leaf = self.leaf_at(section)
        if role == _TOOL_TIP and leaf is not None:
            return leaf.criterion.name
        if role == _ALIGNMENT:
            state = self.columnCount() - 1
            side = _LEFT if section in {1, state} else _CENTRE if leaf else _RIGHT
            return side | _WRAP
        if role != _DISPLAY:
            return None
        if leaf is not None:
            return leaf.criterion.name
        names = {
            0: Text("No."),
            1: Text("Title"),
            self.columnCount() - 2: Text("Total"),
            self.columnCount() - 1: Text("State"),
        }
        return say(names.get(section, Text("Total on paper")))

    # --- inside ---

    def _text(self, row: GridRow, column: int) -> str:
        if column == 0:
            return row.number
        if column == 1:
            return row.title
        if column == self.columnCount() - 1:
            return say(row.state)
        if column == self.columnCount() - 2:
            return "" if row.total is None else say_value(row.total)
        criterion = self.criterion_at(column)
        if criterion in row.differing:
            return say_difference(row.differing[criterion])
        value = row.written if criterion == WRITTEN else row.marks[criterion]
        return "" if value is None else say_value(value)

    def _tone(self, row: GridRow, column: int) -> str | None:
        if column == self.columnCount() - 1:
            return row.tone or None
        if column in self.typing_columns() and self.criterion_at(column) in row.differing:
            return "bad"
        if self._with_written and column == self.columnCount() - 3 and row.written is not None:
            return "bad" if row.total is not None and row.written != row.total else None
        return None

    def _choose(self) -> None:
        accept = self._accept
        self._shown = [n for n, row in enumerate(self._rows) if accept is None or accept(row)]
