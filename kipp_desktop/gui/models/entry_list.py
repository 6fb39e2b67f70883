"""The entries of one judge as a list: number, title, organisation and the state of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from kipp_desktop.gui.models.sheet_states import STATES
from kipp_desktop.gui.translation import say

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True)
class EntryLine:
    """One entry; ``state`` is a key of :data:`STATES`."""

    entry: str
    number: str
    title: str
    organisation: str
    state: str


class EntryListModel(QAbstractListModel):
    """Lines in the order of the entries, those shown that hold every word of the filter."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, EntryLine] = {}
        self._folded: dict[str, str] = {}
        self._shown: list[str] = []
        self._places: dict[str, int] = {}
        self._wanted = ""

    def set_lines(self, lines: Sequence[EntryLine]) -> None:
        """Show other entries; the filter stays."""
        self.beginResetModel()
        self._lines = {line.entry: line for line in lines}
        self._folded = {
            line.entry: f"{line.number}\n{line.title}\n{line.organisation}".casefold()
            for line in lines
        }
        self._choose()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only the entries in which every word of ``text`` occurs."""
        self.beginResetModel()
        self._wanted = text
        self._choose()
        self.endResetModel()

    def replace_line(self, line: EntryLine) -> QModelIndex:
        """Take another state of one entry; return the index that the view has to draw again.

        ``dataChanged`` is not said: a list view answers it by laying out all of its rows.
        """
        self._lines[line.entry] = line
        place = self._places.get(line.entry)
        return QModelIndex() if place is None else self.index(place)

    def line_at(self, index: Index) -> EntryLine | None:
        """Return the entry of an index; ``None`` for an invalid one."""
        return self._lines[self._shown[index.row()]] if index.isValid() else None

    def place_of(self, entry: str) -> int | None:
        """Return where an entry is shown; ``None`` where the filter hides it."""
        return self._places.get(entry)

    def shown(self) -> list[EntryLine]:
        """Return the lines that are shown."""
        return [self._lines[entry] for entry in self._shown]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of entries that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return the line itself for the delegate, and its words for everybody else."""
        if role not in {LINE_ROLE, _DISPLAY, _TOOL_TIP, _SPOKEN}:
            return None
        line = self._lines[self._shown[index.row()]]
        if role == LINE_ROLE:
            return line
        words = f"{line.number} · {line.title}, {line.organisation}"
        return f"{words}, {say(STATES[line.state][0])}" if role == _SPOKEN else words

    def _choose(self) -> None:
        words = self._wanted.casefold().split()
        self._shown = [
            entry for entry, folded in self._folded.items() if all(word in folded for word in words)
        ]
        self._places = {entry: place for place, entry in enumerate(self._shown)}
