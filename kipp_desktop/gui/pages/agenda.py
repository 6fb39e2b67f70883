"""Acara: who presents when and where, and on the day what is on, for how long, and what is next.

Nothing here is part of the signed plan, and no score depends on it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.agenda import Session
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.agenda_absent import AgendaAbsentDialog
from kipp_desktop.gui.dialogs.agenda_fill import AgendaFillDialog
from kipp_desktop.gui.dialogs.agenda_move import AgendaMoveDialog
from kipp_desktop.gui.dialogs.agenda_session import AgendaSessionDialog
from kipp_desktop.gui.dialogs.agenda_swap import AgendaSwapDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.pages.agenda_day import DayPart, room_name
from kipp_desktop.gui.pages.agenda_plan import PlanPart
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import agenda
from kipp_desktop.services.moderating import mark_absent, moderation
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.agenda import AgendaLine, Filled
    from kipp_desktop.services.moderating import Moderation, StageChoice

MORNING, AFTERNOON = 8 * 60, 16 * 60
PDF: Final[files.Filter] = (Text("PDF files"), ("*.pdf",))
XLSX: Final[files.Filter] = (Text("Spreadsheets"), ("*.xlsx",))


class AgendaPage(Page):
    """The day first; the planning in a second tab, at the desk only."""

    form = "agenda.ui"
    shows = frozenset(
        {"agenda", "entries", "organisations", "people", "plan", "decisions", "competition"}
    )

    stack: QStackedWidget
    empty_page: QWidget
    tabs: QTabWidget
    plan_tab: QWidget

    def build(self) -> None:
        """Set up the two tabs and their actions."""
        self._read: Moderation | None = None
        workplace: Workplace = self.house.session.context
        self._is_desk = workplace.is_desk
        self.day = DayPart(self, self.act)
        self.plan = PlanPart(self)
        self.empty = EmptyState("calendar-clock")
        self.empty.button.setObjectName("empty_add_button")
        self.empty.on_click(self.add_session)
        place(self.empty, self.empty_page)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.currentChanged.connect(lambda _at: self._measure_shown())
        self._measure_shown()
        self.tabs.setTabVisible(self.tabs.indexOf(self.plan_tab), self._is_desk)
        self.tabs.tabBar().setVisible(self._is_desk)
        plan = self.plan
        plan.add_button.clicked.connect(self.add_session)
        plan.edit_button.clicked.connect(self.edit_session)
        plan.remove_button.clicked.connect(self.ask_to_remove)
        plan.fill_button.clicked.connect(self.ask_to_fill)
        plan.move_button.clicked.connect(self.ask_to_move)
        plan.up_button.clicked.connect(lambda: self.shift(0))
        plan.down_button.clicked.connect(lambda: self.shift(2))
        plan.pdf_button.clicked.connect(lambda: self.write("pdf"))
        plan.xlsx_button.clicked.connect(lambda: self.write("xlsx"))
        self.timer_button = self.add_action(
            Text("Timer for the projector"),
            self.show_timer,
            icon="monitor",
            name="timer_button",
        )
        self.announce_button = self.add_action(
            Text("Announce…"), self.ask_to_announce, main=True, icon="send", name="announce_button"
        )
        self.announce_button.setVisible(False)
        # In the whole window: a button that was pressed may be gone by the next key.
        for keys, act in (*self.day.keys(), ("F4", self.show_timer)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [
            ("F5", Text("start, pause or go on")),
            ("F7", Text("the next part")),
            ("F3", Text("one minute more")),
            ("F4", Text("the timer for the projector; F11 fills the screen")),
        ]

    def load(self) -> None:
        """Read the agenda in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: moderation(workplace.panel), self._show)

    def say_all(self) -> None:
        """Say what is not the form's."""
        if self._is_desk:
            self.empty.say(
                say(Text("No room and no day yet")),
                say(
                    Text(
                        "Add the rooms with their hours first; then all innovations get their "
                        "times at once, by number, by group or by lot."
                    )
                ),
                say(Text("Add a room")),
            )
        else:
            self.empty.say(
                say(Text("No agenda yet")),
                say(Text("The secretariat announces it; it comes with the package or a receipt.")),
            )
        if self._read is not None:
            self._show(self._read)

    def _show(self, read: Moderation) -> None:
        first, self._read = self._read is None, read
        view = read.agenda
        if first and self._is_desk and not any(item.session.slots for item in view.sessions):
            self.tabs.setCurrentWidget(self.plan_tab)
        self.stack.setCurrentIndex(0 if view.sessions else 1)
        self.timer_button.setVisible(bool(view.sessions))
        self.announce_button.setVisible(self._is_desk and bool(view.sessions))
        self.announce_button.setEnabled(read.published and not view.announced)
        self.set_subtitle(self._summary(read) if view.sessions else None)
        self.day.show_sessions(view.sessions)
        self.day.say_all()
        self.plan.show_agenda(read)
        self.plan.add_button.setEnabled(bool(read.stages))

    def _summary(self, read: Moderation) -> Text:
        view = read.agenda
        entries = sum(len(item.session.slots) for item in view.sessions)
        if not self._is_desk:
            return Text(
                "{rooms} rooms · {entries} innovations · your times go to the secretariat with "
                "“Hand in”",
                rooms=len(view.sessions),
                entries=entries,
            )
        state = (
            Text("announced")
            if view.announced
            else Text("not announced yet")
            if read.published
            else Text("can be announced after the package is published")
        )
        return Text(
            "{rooms} rooms · {entries} innovations · {state}",
            rooms=len(view.sessions),
            entries=entries,
            state=state,
        )

    def _measure_shown(self) -> None:
        """Let only the shown tab ask for room: a hidden one keeps the measures of old letters."""
        for tab in (self.day.day_tab, self.plan_tab):
            shown = tab is self.tabs.currentWidget()
            policy = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
            tab.setSizePolicy(policy, policy)

    # --- planning ---

    def _open(self, dialog: Any, accepted: Callable[[], object]) -> None:
        dialog.accepted.connect(accepted)
        dialog.open()

    def add_session(self) -> None:
        """Ask for a further room; it begins as the one that is chosen."""
        read = self._read
        if read is None or not read.stages:
            return
        chosen = self.plan.session
        if chosen is not None:
            old = chosen.session
            like = Session(
                "", old.stage, old.day, "", old.start, old.end, old.parts, old.changeover,
                breaks=old.breaks,
            )  # fmt: skip
        else:
            stage = _presented(read.stages)
            tomorrow = self.day.moment().date() + timedelta(days=1)
            like = Session("", stage.id, tomorrow, "", MORNING, AFTERNOON, stage.parts)
        AgendaSessionDialog(self.house, read.stages, like, self.window(), new=True).open()

    def edit_session(self) -> None:
        """Change the chosen room."""
        chosen, read = self.plan.session, self._read
        if chosen is not None and read is not None:
            AgendaSessionDialog(
                self.house, read.stages, chosen.session, self.window(), new=False
            ).open()

    def ask_to_remove(self) -> None:
        """Take the chosen room out, after a question."""
        chosen = self.plan.session
        if chosen is None:
            return
        dialog = ConfirmDialog(
            Text("Take {room} out of the agenda?", room=room_name(chosen)),
            Text("Its innovations then have no time, and the times recorded there are gone."),
            Text("Take out"),
            self.window(),
        )
        workplace: Workplace = self.house.session.context
        session = chosen.session.id
        self._open(
            dialog,
            lambda: self.run(lambda _task: agenda.remove_session(workplace.panel, session)),
        )

    def ask_to_fill(self) -> None:
        """Give all innovations of a stage their times."""
        chosen, read = self.plan.session, self._read
        if chosen is None or read is None:
            return
        used = {view.session.stage for view in read.agenda.sessions}
        stages = [stage for stage in read.stages if stage.id in used]
        dialog = AgendaFillDialog(stages, chosen.session.stage, self.window())
        self._open(dialog, lambda: self._fill(*dialog.answer()))

    def _fill(self, stage: str, order: str, by_room: bool) -> None:
        workplace: Workplace = self.house.session.context

        def work(task: TaskContext) -> Filled:
            return agenda.fill(workplace.home(task), workplace.panel, stage, order, by_room=by_room)

        self.run(work, self._say_filled)

    def _say_filled(self, filled: Filled) -> None:
        if filled.left:
            self.house.show_message(
                Text("There is no time for these entries: {numbers}.", numbers=filled.left), "wait"
            )
        elif filled.seed:
            self.house.show_message(
                Text("The lot was drawn with the seed {seed}.", seed=filled.seed)
            )
        else:
            self.house.show_message(Text("Every innovation of the stage has its time."))

    def ask_to_move(self) -> None:
        """Put an innovation into a room by hand."""
        chosen, read, line = self.plan.session, self._read, self.plan.line
        if chosen is None or read is None:
            return
        stage = chosen.session.stage
        missing = next((n for s, n in read.agenda.unscheduled if s == stage), ())
        entries = next((choice.entries for choice in read.stages if choice.id == stage), ())
        ordered = [e for e in entries if e[0] in missing] + [
            e for e in entries if e[0] not in missing
        ]
        rooms = [
            (view.session.id, room_name(view), len(view.session.slots))
            for view in read.agenda.sessions
            if view.session.stage == stage
        ]
        number = missing[0] if missing else line.number if line else ""
        dialog = AgendaMoveDialog(ordered, number, rooms, chosen.session.id, self.window())
        self._open(dialog, lambda: self._move(stage, *dialog.answer()))

    def _move(self, stage: str, number: str, session: str, position: int) -> None:
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: agenda.move(workplace.panel, stage, number, session, position),
        )

    def shift(self, by: int) -> None:
        """Move the chosen slot one place up (0) or down (2 places from where it is taken out)."""
        chosen, line, at = self.plan.session, self.plan.line, self.plan.position()
        if chosen is not None and line is not None and at >= 0:
            self._move(chosen.session.stage, line.number, chosen.session.id, at + by)

    def write(self, ending: str) -> None:
        """Write the agenda as PDF or spreadsheet."""
        title, kind = (
            (Text("Print the agenda"), PDF)
            if ending == "pdf"
            else (Text("Save the agenda as a spreadsheet"), XLSX)
        )
        path = files.choose_save(self.window(), title, f"acara.{ending}", (kind,))
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        catalogue = Catalogue.load("en" if self.house.settings.language == "en" else "id")

        def work(task: TaskContext) -> Path:
            agenda.write_agenda(workplace.home(task), workplace.panel, path, catalogue)
            return path

        self.run(
            work,
            lambda written: self.house.show_message(Text("Written: {file}", file=str(written))),
        )

    def ask_to_announce(self) -> None:
        """Sign the agenda; clashes are said once more before."""
        read = self._read
        if read is None:
            return
        clashes = len(read.agenda.clashes)
        dialog = ConfirmDialog(
            Text("Announce this agenda?"),
            Text(
                "The desk signs it; packages and receipts written from now on carry it. Clashes "
                "that remain: {count}.",
                count=clashes,
            )
            if clashes
            else Text("The desk signs it; packages and receipts written from now on carry it."),
            Text("Announce"),
            self.window(),
        )
        self._open(dialog, self._announce)

    def _announce(self) -> None:
        workplace: Workplace = self.house.session.context

        def said(_signed: bool) -> None:
            self.house.show_message(Text("The agenda is announced."))
            self.load()

        ask_and_run(
            self.house,
            workplace.card,
            lambda task: agenda.announce(workplace.home(task), workplace.panel),
            said,
        )

    # --- on the day ---

    def show_timer(self) -> None:
        """Open the timer for the projector."""
        if self._read is not None and self._read.agenda.sessions:
            self.day.show_timer()

    def act(self, line: AgendaLine, what: str) -> None:
        """Record what happens at a slot, or ask for what it needs."""
        view = self.day.shown
        if view is None:
            return
        stage = view.session.stage
        if what == "swap":
            waiting = [other for other in view.lines if other.state == "waiting"]
            others = [(e.number, e.title) for e in waiting if e.entry != line.entry]
            swap = AgendaSwapDialog(_named(line), others, self.window())
            self._open(swap, lambda: self._swap(stage, line.number, swap.answer()))
        elif what == "absent":
            may_sign = self._is_desk and self._read is not None and self._read.published
            absent = AgendaAbsentDialog(_named(line), self.window(), may_sign=may_sign)
            self._open(absent, lambda: self._absent(stage, line.number, absent.answer()))
        else:
            self._record(stage, line.number, what)

    def _record(self, stage: str, number: str, what: str) -> None:
        workplace: Workplace = self.house.session.context
        minutes = 1 if what == "add" else 0

        def work(task: TaskContext) -> Changes:
            return agenda.record(
                workplace.home(task), workplace.panel, stage, number, what, minutes
            )

        if what in {"finish", "postpone"}:
            self.day.jump()
        self.run(work)

    def _swap(self, stage: str, one: str, other: str) -> None:
        workplace: Workplace = self.house.session.context
        self.day.jump()
        self.run(lambda _task: agenda.swap(workplace.panel, stage, one, other))

    def _absent(self, stage: str, number: str, reason: str) -> None:
        workplace: Workplace = self.house.session.context
        self.day.jump()

        def work(task: TaskContext) -> Changes:
            return mark_absent(workplace.home(task), workplace.panel, stage, number, reason)

        if reason:
            ask_and_run(self.house, workplace.card, work)
        else:
            self.run(work)


def _presented(stages: tuple[StageChoice, ...]) -> StageChoice:
    """Return the first stage whose slots have parts: it is the one that is presented."""
    return next((stage for stage in stages if any(part for part, _ in stage.parts)), stages[0])


def _named(line: AgendaLine) -> str:
    return f"{line.number} · {line.title}"
