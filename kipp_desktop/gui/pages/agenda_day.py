"""Acara on the day: what is on in a room, its clock, and the order that changes as things happen.

The card shows the slot that runs; while none runs, the row that is chosen or the next one that
waits. The clock is worked out from the log of the slot (``domain/agenda.clock``) and so outlives a
restart; nothing here is counted in the window.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from kipp_desktop.domain.agenda import clock, on_now, state_of, up_next
from kipp_desktop.domain.agenda_clashes import time_of_day
from kipp_desktop.gui import forms, icons, theme
from kipp_desktop.gui.dialogs.agenda_move import keep_narrow
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.timer_window import TimerView, TimerWindow, part_words, spell
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.services.agenda import STATE_TEXTS, AgendaLine
from kipp_desktop.services.context import system_clock
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import (
        QComboBox,
        QFrame,
        QHBoxLayout,
        QLabel,
        QPushButton,
        QTableView,
        QWidget,
    )

    from kipp_desktop.domain.agenda import Clock, Slot
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.agenda import SessionView

TICK: Final = 200
DIGITS: Final = 44
SIDE_BY_SIDE, BUTTONS, ROW = 500, 740, 540
"""The widths at 100 % text from which words and clock, or a row of buttons, stand side by side."""
TONES: Final = {"running": "calm", "paused": "wait", "done": "good", "absent": "bad"}


def hours(line: AgendaLine) -> str:
    """Return the planned time of a line."""
    return f"{time_of_day(line.start)}–{time_of_day(line.end)}"


def _really(line: AgendaLine) -> str:
    moments = (datetime.fromisoformat(at) for at in (line.began, line.ended) if at)
    return "–".join(time_of_day(at.hour * 60 + at.minute) for at in moments)


def _state(line: AgendaLine) -> str:
    return "" if line.entry is None else say(STATE_TEXTS[line.state])


COLUMNS: Final = (
    Column[AgendaLine](Text("Time"), hours, lambda e: e.start, width=13),
    Column[AgendaLine](Text("No."), lambda e: e.number, right=True, width=5),
    Column[AgendaLine](Text("Innovation"), lambda e: e.title, bold=True, stretch=True),
    Column[AgendaLine](Text("Agency"), lambda e: e.agency, width=28, least=10),
)
DAY_COLUMNS: Final = (
    *COLUMNS,
    Column[AgendaLine](Text("In fact"), _really, width=13),
    Column[AgendaLine](
        Text("State"), _state, tone=lambda e: TONES.get(e.state), width=17, least=13
    ),
)


def line_key(line: AgendaLine) -> str:
    """Return what finds a line again after a change."""
    return line.entry or f"{line.start} {line.title}"


class DayPart(QObject):
    """The first tab; what is to be recorded goes to the page."""

    room: QComboBox
    day_tab: QWidget
    now_card: QFrame
    now_row: QHBoxLayout
    clock_buttons: QHBoxLayout
    row_buttons: QHBoxLayout
    now_chip: QLabel
    now_title: QLabel
    now_agency: QLabel
    next_label: QLabel
    digits_label: QLabel
    part_label: QLabel
    others_label: QLabel
    start_button: QPushButton
    part_button: QPushButton
    minute_button: QPushButton
    reset_button: QPushButton
    finish_button: QPushButton
    day_table: QTableView
    swap_button: QPushButton
    postpone_button: QPushButton
    absent_button: QPushButton
    reopen_button: QPushButton

    def __init__(self, page: Page, act: Callable[[AgendaLine, str], None]) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._act, self._page = act, page
        self._views: Sequence[SessionView] = ()
        self._jump = False
        self.timer: TimerWindow | None = None
        self.moment: Callable[[], datetime] = system_clock
        self.model = RowsModel(DAY_COLUMNS, line_key, self)
        show_rows(self.day_table, self.model, lambda _line: self.start())
        self.day_table.setSortingEnabled(False)
        keep_narrow(self.room, 12)
        BreakingRow(self.now_row, SIDE_BY_SIDE, self.now_card)
        BreakingRow(self.clock_buttons, BUTTONS, self.now_card)
        BreakingRow(self.row_buttons, ROW, self.day_tab)
        self.day_table.selectionModel().selectionChanged.connect(lambda *_: self.show_now())
        self.room.currentIndexChanged.connect(lambda _at: self._show_room(jump=True))
        self.start_button.clicked.connect(self.start)
        for button, what in (
            (self.part_button, "next"),
            (self.minute_button, "add"),
            (self.reset_button, "reset"),
            (self.finish_button, "finish"),
        ):
            button.clicked.connect(lambda _on=False, what=what: self.clock_act(what))
        for button, what in (
            (self.swap_button, "swap"),
            (self.postpone_button, "postpone"),
            (self.absent_button, "absent"),
            (self.reopen_button, "reopen"),
        ):
            button.clicked.connect(lambda _on=False, what=what: self._row_act(what))
        self._ticking = QTimer(self)
        self._ticking.setInterval(TICK)
        self._ticking.timeout.connect(self.tick)
        self._fit()
        self.show_now()

    # --- what the page shows here ---

    def show_sessions(self, views: Sequence[SessionView]) -> None:
        """Take over the agenda; the room that was chosen stays."""
        chosen, first = self.room.currentData(), not self._views
        self._views = views
        self.room.blockSignals(True)
        self.room.clear()
        for view in views:
            self.room.addItem(room_name(view), view.session.id)
        at = self.room.findData(chosen) if chosen else -1
        self.room.setCurrentIndex(at if at >= 0 else self._likely())
        self.room.blockSignals(False)
        jump, self._jump = first or self._jump, False
        self._show_room(jump=jump)

    def _likely(self) -> int:
        """Return the room that the moderator means: where something runs, or the next of today."""
        today = self.moment().date()

        def rank(at: int) -> tuple[bool, bool, bool, int]:
            session = self._views[at].session
            running = any(state_of(slot) in {"running", "paused"} for slot in session.slots)
            return (not running, session.day != today, up_next(session) is None, at)

        return min(range(len(self._views)), key=rank, default=-1)

    @property
    def shown(self) -> SessionView | None:
        """The room that is shown."""
        at = self.room.currentIndex()
        return self._views[at] if 0 <= at < len(self._views) else None

    def _show_room(self, *, jump: bool) -> None:
        view = self.shown
        self.model.set_rows(view.lines if view else ())
        chosen = selected_row(self.day_table)
        if view is not None and (jump or chosen is None):
            self.choose(self._running() or up_next(view.session))
        self.show_now()

    def choose(self, entry: str | None) -> None:
        """Choose the row of an entry."""
        at = self.model.line_of(entry) if entry else None
        if at is not None:
            self.day_table.selectRow(at)

    def jump(self) -> None:
        """Choose what runs, or the next one that waits, when the agenda comes again."""
        self._jump = True

    # --- what is on ---

    def _slot(self, entry: str | None) -> Slot | None:
        view = self.shown
        slots = view.session.slots if view else ()
        return next((slot for slot in slots if slot.entry == entry), None)

    def _running(self) -> str | None:
        view = self.shown
        slots = view.session.slots if view else ()
        return next((s.entry for s in slots if state_of(s) in {"running", "paused"}), None)

    def current(self) -> AgendaLine | None:
        """Return what the card shows: what runs, else the chosen row that waits, else the next."""
        view = self.shown
        if view is None:
            return None
        chosen: AgendaLine | None = selected_row(self.day_table)
        entry = self._running()
        if entry is None and chosen is not None and chosen.state == "waiting":
            entry = chosen.entry
        entry = entry or up_next(view.session)
        return next((line for line in view.lines if line.entry and line.entry == entry), None)

    def _clock(self) -> Clock | None:
        view, line = self.shown, self.current()
        slot = self._slot(line.entry) if line else None
        return clock(view.session, slot, self.moment()) if view and slot else None

    def _after(self) -> AgendaLine | None:
        """Return who comes after what the card shows."""
        view, line = self.shown, self.current()
        waiting = [other for other in view.lines if other.state == "waiting"] if view else []
        return next((other for other in waiting if line is None or other.entry != line.entry), None)

    def show_now(self) -> None:
        """Show the card and what can be done."""
        view, line = self.shown, self.current()
        state = line.state if line else ""
        running = state in {"running", "paused"}
        self.now_chip.setText(
            say(STATE_TEXTS[state] if running else Text("Next") if line else Text("All done"))
        )
        tone = {"running": "calm", "paused": "wait"}.get(state, "neutral")
        say_look(self.now_chip, "chip", tone if line else "good")
        self.now_title.setText(_named(line) if line else say(Text("Nobody waits in this room.")))
        self.now_agency.setText(line.agency if line else "")
        self.now_agency.setVisible(bool(line and line.agency))
        after = self._after()
        self.next_label.setText(say(Text("Next: {entry}", entry=_named(after))) if after else "")
        self.next_label.setVisible(after is not None)
        word, icon = START_WORDS.get(state, (Text("&Start"), "play"))
        self.start_button.setText(say(word))
        icons.wear(self.start_button, icon, "on_accent")
        self.start_button.setEnabled(line is not None)
        timer = self._clock()
        last = len(view.session.parts) - 1 if view else 0
        self.part_button.setEnabled(running and timer is not None and timer.part < last)
        for button in (self.minute_button, self.reset_button, self.finish_button):
            button.setEnabled(running)
        self._show_row_buttons()
        if view is not None and not self._ticking.isActive():
            self._ticking.start()
        self.tick()

    def _show_row_buttons(self) -> None:
        chosen: AgendaLine | None = selected_row(self.day_table)
        state = chosen.state if chosen else ""
        view = self.shown
        waiting = sum(line.state == "waiting" for line in view.lines) if view else 0
        self.swap_button.setEnabled(state == "waiting" and waiting > 1)
        self.postpone_button.setEnabled(state in {"waiting", "running", "paused", "absent"})
        self.absent_button.setEnabled(state in {"waiting", "running", "paused"})
        self.reopen_button.setEnabled(state in {"done", "absent"})

    def tick(self) -> None:
        """Show the time of this moment, here and on the projector."""
        if self.timer is None and not self._page.isVisible():
            return
        timer = self._clock()
        self.digits_label.setText(spell(timer.remaining) if timer else "")
        self.part_label.setText(part_words(timer) if timer else "")
        others = [text for view in self._views if (text := self._elsewhere(view))]
        self.others_label.setText("\n".join(others))
        self.others_label.setVisible(bool(others))
        if self.timer is not None:
            self.timer.show_view(self._timer_view(timer))

    def _elsewhere(self, view: SessionView) -> str:
        shown = self.shown
        if shown is None or view.session.id == shown.session.id:
            return ""
        entry = on_now(view.session, self.moment())
        line = next((line for line in view.lines if line.entry and line.entry == entry), None)
        return f"{view.session.room}: {_named(line)}" if line else ""

    def _timer_view(self, timer: Clock | None) -> TimerView:
        view, line, after = self.shown, self.current(), self._after()
        return TimerView(
            view.session.room if view else "",
            _named(line) if line else "",
            say(Text("Next: {entry}", entry=_named(after))) if after else "",
            timer,
        )

    def show_timer(self) -> None:
        """Open the window for the projector, or bring it to the front."""
        if self.timer is None:
            self.timer = TimerWindow(self._page)
            for keys, act in self.keys():
                on_keys(self.timer, keys, act)
            self.timer.destroyed.connect(self._timer_gone)
            self.tick()
        self.timer.open()

    def _timer_gone(self) -> None:
        self.timer = None

    # --- what is done ---

    def start(self) -> None:
        """Start, pause or go on with what the card shows."""
        line = self.current()
        if line is not None:
            self._act(line, {"running": "pause", "paused": "resume"}.get(line.state, "start"))

    def keys(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Return the keys of the clock, which are the same in the timer's window."""
        return (
            ("F5", self.start),
            ("F7", lambda: self.clock_act("next")),
            ("F3", lambda: self.clock_act("add")),
        )

    def clock_act(self, what: str) -> None:
        """Do something with the clock that runs."""
        line = self.current()
        button = {"next": self.part_button, "add": self.minute_button}.get(what, self.finish_button)
        if line is not None and button.isEnabled():
            self._act(line, what)

    def _row_act(self, what: str) -> None:
        line: AgendaLine | None = selected_row(self.day_table)
        if line is not None:
            self._act(line, what)

    def say_all(self) -> None:
        """Say again what is not the form's."""
        self._fit()
        if self._views:
            self.show_now()

    def _fit(self) -> None:
        size = theme.px(DIGITS)
        self.digits_label.setStyleSheet(f"font-size: {size}px; font-weight: 600;")


START_WORDS: Final = {
    "running": (Text("&Pause the clock"), "pause"),
    "paused": (Text("&Go on"), "play"),
}


def _named(line: AgendaLine | None) -> str:
    return f"{line.number} · {line.title}" if line else ""


def room_name(view: SessionView) -> str:
    """Return what a room on a day is called in lists."""
    session = view.session
    return f"{session.room} · {say_value(session.day)} · {view.stage}"
