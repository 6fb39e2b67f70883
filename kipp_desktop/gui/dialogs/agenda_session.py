"""Add or change a room on a day: hours, parts of its slots, breaks, and who sits there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QCheckBox

from kipp_desktop.domain.agenda import Session
from kipp_desktop.errors import KippError
from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.services.agenda import save_session
from kipp_desktop.services.agenda_words import break_words, part_words, read_breaks, read_parts
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import (
        QComboBox,
        QDateEdit,
        QDialogButtonBox,
        QGridLayout,
        QLabel,
        QLineEdit,
        QSpinBox,
        QTimeEdit,
        QWidget,
    )

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.moderating import StageChoice

COLUMNS: Final = 2


class AgendaSessionDialog(FormDialog):
    """Stays open until the session is stored. A known one keeps its stage, slots and id."""

    form = "agenda_session.ui"
    title = Text("A room on a day")
    wide = 640

    stage: QComboBox
    day: QDateEdit
    room: QLineEdit
    start: QTimeEdit
    end: QTimeEdit
    parts: QLineEdit
    changeover: QSpinBox
    breaks: QLineEdit
    judges: QGridLayout
    judges_label: QLabel
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        house: House,
        stages: Sequence[StageChoice],
        like: Session,
        parent: QWidget | None = None,
        *,
        new: bool,
    ) -> None:
        super().__init__(parent)
        self._house, self._stages, self._like, self._new = house, stages, like, new
        self.boxes: dict[str, QCheckBox] = {}
        for choice in stages:
            self.stage.addItem(choice.name, choice.id)
        self.stage.setCurrentIndex(self.stage.findData(like.stage))
        self.stage.setEnabled(new)
        self.day.setDate(QDate(like.day.year, like.day.month, like.day.day))
        self.room.setText(like.room)
        self.start.setTime(QTime(like.start // 60, like.start % 60))
        self.end.setTime(QTime(like.end // 60 % 24, like.end % 60))
        self.parts.setText(part_words(like.parts))
        self.changeover.setValue(like.changeover)
        self.breaks.setText(break_words(like.breaks))
        self._show_judges()
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons, Text("Save"))
        self.stage.currentIndexChanged.connect(self._take_stage)
        self.room.textChanged.connect(self._look)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._look()
        (self.room if new else self.day).setFocus()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.room.text().strip()))

    def _take_stage(self) -> None:
        self.parts.setText(part_words(self._stages[self.stage.currentIndex()].parts))
        self._show_judges()
        forms.chain_tabs(self)

    def _show_judges(self) -> None:
        for box in self.boxes.values():
            self.judges.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        known = self._stages[self.stage.currentIndex()].judges
        for at, (judge, name) in enumerate(known):
            box = QCheckBox(name.replace("&", "&&"))
            box.setObjectName(f"judge_{at}")
            box.setChecked(judge in self._like.judges)
            self.judges.addWidget(box, at // COLUMNS, at % COLUMNS)
            self.boxes[judge] = box
        self.judges_label.setVisible(bool(known))

    def _save(self) -> None:
        day, start, end = self.day.date(), self.start.time(), self.end.time()
        workplace: Workplace = self._house.session.context
        try:
            parts, breaks = read_parts(self.parts.text()), read_breaks(self.breaks.text())
        except KippError as error:
            self.show_problem(error)
            return
        wanted = Session(
            self._like.id,
            str(self.stage.currentData()),
            date(day.year(), day.month(), day.day()),
            self.room.text().strip(),
            start.hour() * 60 + start.minute(),
            end.hour() * 60 + end.minute(),
            parts,
            self.changeover.value(),
            tuple(judge for judge, box in self.boxes.items() if box.isChecked()),
            breaks,
            self._like.slots,
        )

        def work(task: TaskContext) -> Changes:
            if not self._new:
                return save_session(workplace.panel, wanted)
            made = replace(wanted, id=workplace.home(task).context.new_id("s"))
            return save_session(workplace.panel, made)

        self._house.run(work, lambda _changes: self.accept(), self.show_problem, owner=self)
