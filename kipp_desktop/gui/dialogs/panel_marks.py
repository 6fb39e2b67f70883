"""The marks that the panel gives once for all: a small grid of entry × criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.table import ROW
from kipp_desktop.gui.translation import say, say_number, say_value
from kipp_desktop.gui.widgets.mark_field import ScaleValidator
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QTableWidget, QWidget

    from kipp_desktop.services.panel_marks import PanelMarks

MOST_ROWS: Final = 10
TITLE_WIDTH: Final = 320


class PanelMarksDialog(FormDialog):
    """Accepted when every mark is on its scale and, where one replaces another, with a reason."""

    form = "panel_marks.ui"
    title = Text("Marks of the panel")
    wide = 760

    what_label: QLabel
    grid: QTableWidget
    reason_label: QLabel
    reason: QLineEdit
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, marks: PanelMarks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._validators = [ScaleValidator(one.scale, self) for one in marks.criteria]
        self.what_label.setText(say(Text("Stage {stage}", stage=marks.stage_name)))
        self._fill()
        self.problem_label.hide()
        ok = self.main_button(self.buttons, Text("Sign the marks"))
        ok.setEnabled(not marks.closed)
        self.grid.cellChanged.connect(self._look)
        self.grid.installEventFilter(self)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.grid.setFocus()

    def _fill(self) -> None:
        grid, marks = self.grid, self._marks
        grid.setColumnCount(1 + len(marks.criteria))
        grid.setRowCount(len(marks.rows))
        titles = [
            f"{one.name} ({say_value(one.scale.minimum)}–{say_value(one.scale.maximum)})"
            for one in marks.criteria
        ]
        grid.setHorizontalHeaderLabels([say(Text("Innovation")), *titles])
        grid.verticalHeader().hide()
        grid.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        grid.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        grid.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        grid.setTabKeyNavigation(False)
        for line, row in enumerate(marks.rows):
            name = QTableWidgetItem(f"{row.number} · {row.title}")
            name.setFlags(Qt.ItemFlag.ItemIsEnabled)
            grid.setItem(line, 0, name)
            for column, mark in enumerate(row.marks, start=1):
                cell = QTableWidgetItem(say_number(mark))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.setItem(line, column, cell)
        grid.setCurrentCell(0, 1)
        header = grid.horizontalHeader().sizeHint().height()
        lines = min(max(len(marks.rows), 2), MOST_ROWS)
        grid.setFixedHeight(header + lines * theme.px(ROW) + theme.px(8))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Empty the current cell on Delete."""
        if (
            watched is self.grid
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
            and self.grid.currentColumn() > 0
        ):
            item = self.grid.currentItem()
            if item is not None:
                item.setText("")
            return True
        return super().eventFilter(watched, event)

    def changed(self) -> list[tuple[str, str, Fraction | None]]:
        """Return (number, criterion, mark) of every cell that differs; an emptied one is ``None``.

        Cells that are off their scale are left out; :meth:`accept_if_whole` refuses them.
        """
        found = []
        for line, row in enumerate(self._marks.rows):
            for column, criterion in enumerate(self._marks.criteria):
                text = self._text(line, column)
                mark = self._validators[column].mark(text)
                old = self._validators[column].mark(row.marks[column])
                if mark != old and (mark is not None or not text):
                    found.append((row.number, criterion.id, mark))
        return found

    def reason_text(self) -> str:
        """Return why marks change."""
        return self.reason.text().strip()

    def _text(self, line: int, column: int) -> str:
        item = self.grid.item(line, column + 1)
        return item.text().strip() if item is not None else ""

    def _replaces(self) -> bool:
        known = {
            (row.number, criterion.id)
            for row in self._marks.rows
            for criterion, mark in zip(self._marks.criteria, row.marks, strict=True)
            if mark
        }
        return any((number, criterion) in known for number, criterion, _ in self.changed())

    def _look(self) -> None:
        for widget in (self.reason_label, self.reason):
            widget.setEnabled(self._replaces())

    def accept_if_whole(self) -> None:
        """Close with the marks, or go to the cell that is wrong."""
        for line in range(len(self._marks.rows)):
            for column, criterion in enumerate(self._marks.criteria):
                text = self._text(line, column)
                if text and self._validators[column].mark(text) is None:
                    self.grid.setCurrentCell(line, column + 1)
                    self._refuse(
                        Text(
                            "{mark} is not on the scale of “{criterion}”.",
                            mark=text,
                            criterion=criterion.name,
                        ),
                        self.grid,
                    )
                    return
        if not self.changed():
            self.reject()
        elif self._replaces() and not self.reason_text():
            self._refuse(Text("A reason is needed; it will stand in the minutes."), self.reason)
        else:
            self.accept()

    def _refuse(self, why: Text, where: QWidget) -> None:
        self.problem_label.setText(say(why))
        self.problem_label.show()
        where.setFocus()
        self.fit()
