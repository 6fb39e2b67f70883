"""A short list that is typed: groups, signatories, decrees, awards, steps that split ties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton, QTableWidget, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext

ROW: Final = 38
SHOWN: Final = 6


@dataclass(frozen=True)
class Field:
    """A column: typed, or chosen from ``choices`` (value and its words); ``width`` in letters.

    A width of 0 takes the room that the others leave.
    """

    title: Text
    width: int = 0
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What the dialog asks: its title, what it is for, its columns and the rows that are there."""

    title: Text
    hint: Text
    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]


class RowsDialog(FormDialog):
    """Stays open until the rows are stored; ``save`` gets those that are not empty."""

    form = "rows.ui"
    wide = 640

    hint_label: QLabel
    table: QTableWidget
    add_button: QPushButton
    remove_button: QPushButton
    up_button: QPushButton
    down_button: QPushButton
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        house: House,
        sheet: Sheet,
        save: Callable[[TaskContext, list[tuple[str, ...]]], Changes],
        parent: QWidget | None = None,
    ) -> None:
        self._sheet, self._save, self._house = sheet, save, house
        super().__init__(parent)
        self.hint_label.setText(say(sheet.hint))
        self.problem_label.hide()
        table = self.table
        table.setColumnCount(len(sheet.fields))
        table.setHorizontalHeaderLabels([say(field.title) for field in sheet.fields])
        table.setAccessibleName(say(sheet.title))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        mode = QHeaderView.ResizeMode
        for number, field in enumerate(sheet.fields):
            header.setSectionResizeMode(number, mode.Interactive if field.width else mode.Stretch)
            if field.width:
                letters = table.fontMetrics().horizontalAdvance("n")
                table.setColumnWidth(number, field.width * letters + theme.px(24))
        self._put(sheet.rows)
        self.main_button(self.buttons, Text("Save"))
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.up_button.clicked.connect(partial(self._move, -1))
        self.down_button.clicked.connect(partial(self._move, 1))
        on_keys(table, "Insert", self._add)
        on_keys(table, "Delete", self._remove)
        on_keys(table, "Alt+Up", partial(self._move, -1))
        on_keys(table, "Alt+Down", partial(self._move, 1))
        table.currentCellChanged.connect(lambda *_: self._look())
        self.buttons.accepted.connect(self._store)
        self.buttons.rejected.connect(self.reject)
        self._go(0)
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the row of the list that has the keyboard be the one that moves or goes."""
        if isinstance(watched, QComboBox) and event.type() == QEvent.Type.FocusIn:
            for line in range(self.table.rowCount()):
                for number in range(self.table.columnCount()):
                    if self.table.cellWidget(line, number) is watched:
                        self.table.setCurrentCell(line, number)
            return False
        return super().eventFilter(watched, event)

    def _go(self, line: int) -> None:
        """Give the keyboard to a row: to its first typed cell, else to its list."""
        free = [n for n, field in enumerate(self._sheet.fields) if not field.choices]
        self.table.setCurrentCell(line, free[0] if free else 0)
        widget = None if free else self.table.cellWidget(line, 0)
        (widget or self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[tuple[str, ...]]:
        """Return what stands in the list now."""
        return [
            tuple(self._cell(line, number) for number in range(len(self._sheet.fields)))
            for line in range(self.table.rowCount())
        ]

    def _cell(self, line: int, number: int) -> str:
        widget = self.table.cellWidget(line, number)
        if isinstance(widget, QComboBox):
            return str(widget.currentData())
        item = self.table.item(line, number)
        return item.text().strip() if item is not None else ""

    def _put(self, rows: Sequence[tuple[str, ...]]) -> None:
        table = self.table
        table.setRowCount(0)
        table.setRowCount(len(rows))
        for line, row in enumerate(rows):
            for number, field in enumerate(self._sheet.fields):
                if not field.choices:
                    table.setItem(line, number, QTableWidgetItem(row[number]))
                    continue
                box = QComboBox()
                box.setAccessibleName(f"{say(field.title)} {line + 1}")
                for value, words in field.choices:
                    box.addItem(words, value)
                box.setCurrentIndex(max(box.findData(row[number]), 0))
                box.installEventFilter(self)
                table.setCellWidget(line, number, box)
        shown = min(max(len(rows), 3), SHOWN)
        table.setMinimumHeight((shown + 1) * theme.px(ROW) + 6)

    def _add(self) -> None:
        fresh = tuple(field.choices[0][0] if field.choices else "" for field in self._sheet.fields)
        at = self.table.currentRow() + 1 if self.table.rowCount() else 0
        rows = self.rows()
        self._again([*rows[:at], fresh, *rows[at:]], at)
        self._go(at)
        if not isinstance(self.focusWidget(), QComboBox):
            self.table.edit(self.table.currentIndex())

    def _remove(self) -> None:
        at, rows = self.table.currentRow(), self.rows()
        if 0 <= at < len(rows):
            self._again([*rows[:at], *rows[at + 1 :]], min(at, len(rows) - 2))

    def _move(self, by: int) -> None:
        at, rows = self.table.currentRow(), self.rows()
        if 0 <= at < len(rows) and 0 <= at + by < len(rows):
            rows[at], rows[at + by] = rows[at + by], rows[at]
            self._again(rows, at + by)

    def _again(self, rows: Sequence[tuple[str, ...]], at: int) -> None:
        self._put(rows)
        self._go(at)
        self._look()

    def _look(self) -> None:
        at, count = self.table.currentRow(), self.table.rowCount()
        self.remove_button.setEnabled(at >= 0)
        self.up_button.setEnabled(at > 0)
        self.down_button.setEnabled(0 <= at < count - 1)

    def _store(self) -> None:
        # What is still being typed in a cell belongs to it.
        self.table.setFocus()
        free = [n for n, field in enumerate(self._sheet.fields) if not field.choices]
        rows = [row for row in self.rows() if not free or any(row[n] for n in free)]
        self._house.run(
            lambda task: self._save(task, rows),
            lambda _changes: self.accept(),
            self.show_problem,
            owner=self,
        )

    def _say_title(self) -> None:
        self.setWindowTitle(say(self._sheet.title))
