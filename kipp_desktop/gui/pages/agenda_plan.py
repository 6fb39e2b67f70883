"""Acara before the day: rooms, hours and breaks, who comes when, clashes, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from kipp_desktop.domain.agenda_clashes import time_of_day
from kipp_desktop.gui import forms
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_lines, show_rows
from kipp_desktop.gui.pages.agenda_day import COLUMNS, line_key
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.services.agenda import AgendaLine, SessionView
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QHBoxLayout,
        QLabel,
        QPushButton,
        QTableView,
        QWidget,
    )

    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.moderating import Moderation

MOST: Final = 2
"""Clashes that are spelt out; the rest is a number, and stands in the tip."""
ROOMS_SHOWN: Final = 3
BUTTONS: Final = 900
"""The width at 100 % text from which the buttons stand in one row."""


def _hours(view: SessionView) -> str:
    return f"{time_of_day(view.session.start)}–{time_of_day(view.session.end)}"


_ROOMS: Final = (
    Column[SessionView](
        Text("Day"), lambda v: say_value(v.session.day), lambda v: v.session.day, width=17
    ),
    Column[SessionView](Text("Room"), lambda v: v.session.room, bold=True, stretch=True),
    Column[SessionView](Text("Stage"), lambda v: v.stage, width=20, least=12),
    Column[SessionView](Text("Hours"), _hours, lambda v: v.session.start, width=13),
    Column[SessionView](
        Text("Innovations"),
        lambda v: str(len(v.session.slots)),
        lambda v: len(v.session.slots),
        right=True,
        width=11,
    ),
    Column[SessionView](
        Text("Judges in the room"),
        lambda v: ", ".join(v.judges) if v.session.judges else say(Text("all of the stage")),
        width=26,
        least=14,
    ),
)


class PlanPart(QObject):
    """The second tab; what is to be changed goes to the page."""

    plan_tab: QWidget
    session_row: QHBoxLayout
    add_button: QPushButton
    edit_button: QPushButton
    remove_button: QPushButton
    fill_button: QPushButton
    session_table: QTableView
    clash_label: QLabel
    left_label: QLabel
    up_button: QPushButton
    down_button: QPushButton
    move_button: QPushButton
    plan_table: QTableView
    pdf_button: QPushButton
    xlsx_button: QPushButton

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self.rooms = RowsModel(_ROOMS, lambda v: v.session.id, self)
        self.lines = RowsModel(COLUMNS, line_key, self)
        show_rows(self.session_table, self.rooms, lambda _view: self.edit_button.click())
        show_lines(self.session_table, ROOMS_SHOWN)
        show_rows(self.plan_table, self.lines, lambda _line: self.move_button.click())
        self.plan_table.setSortingEnabled(False)
        BreakingRow(self.session_row, BUTTONS, self.plan_tab)
        for table in (self.session_table, self.plan_table):
            table.selectionModel().selectionChanged.connect(lambda *_: self._look())
        self.session_table.selectionModel().selectionChanged.connect(lambda *_: self._show_lines())

    @property
    def session(self) -> SessionView | None:
        """The room that is chosen."""
        found: SessionView | None = selected_row(self.session_table)
        return found

    @property
    def line(self) -> AgendaLine | None:
        """The slot that is chosen; a break is none."""
        found: AgendaLine | None = selected_row(self.plan_table)
        return found if found is not None and found.entry else None

    def show_agenda(self, read: Moderation) -> None:
        """Take over the agenda, its clashes, and what has no time yet."""
        view = read.agenda
        self.rooms.set_rows(view.sessions)
        if view.sessions and self.session is None:
            self.session_table.selectRow(0)
        clashes = [say(clash.text) for clash in view.clashes]
        self.clash_label.setToolTip("\n".join(clashes))
        clashes = clashes[:MOST]
        if len(view.clashes) > MOST:
            clashes.append(say(Text("and {count} more", count=len(view.clashes) - MOST)))
        self.clash_label.setText("\n".join(clashes))
        self.clash_label.setVisible(bool(clashes))
        names = {stage.id: stage.name for stage in read.stages}
        left = [
            say(
                Text(
                    "Without a time in {stage}: {numbers}.",
                    stage=names.get(stage, stage),
                    numbers=numbers,
                )
            )
            for stage, numbers in view.unscheduled
        ]
        self.left_label.setText("\n".join(left))
        self.left_label.setVisible(bool(left))
        self._show_lines()
        self._look()

    def _show_lines(self) -> None:
        session = self.session
        self.lines.set_rows(session.lines if session else ())
        if self.line is None:
            entries = (line.entry for line in self.lines.shown_rows())
            at = next((at for at, entry in enumerate(entries) if entry), None)
            if at is not None:
                self.plan_table.selectRow(at)

    def _look(self) -> None:
        session, line = self.session, self.line
        at = self.position()
        for button in (self.edit_button, self.remove_button, self.fill_button, self.move_button):
            button.setEnabled(session is not None)
        self.up_button.setEnabled(line is not None and at > 0)
        last = len(session.session.slots) - 1 if session else 0
        self.down_button.setEnabled(line is not None and at < last)

    def position(self) -> int:
        """Return the place of the chosen slot in its room, from 0; -1 for none."""
        session, line = self.session, self.line
        entries = [slot.entry for slot in session.session.slots] if session else []
        return entries.index(line.entry) if line and line.entry in entries else -1
