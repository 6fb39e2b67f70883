"""Penilaian: one judge's sheets, one at a time, every mark durable the moment it is set.

This page turns the sheets and stores what is set in them. Its parts only show, and say what the
user wants: the list (``scoring_list``), the head of the sheet (``scoring_head``), the criteria (a
widget), the notes (``scoring_notes``) and the bar below (``scoring_bar``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QTimer

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.marking import SheetWriter
from kipp_desktop.gui.models.sheets import Sheets
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.pages.scoring_bar import SheetBar
from kipp_desktop.gui.pages.scoring_head import SheetHead
from kipp_desktop.gui.pages.scoring_list import EntryPane
from kipp_desktop.gui.pages.scoring_notes import SheetNotes
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.criteria_card import CriteriaCard
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.slot_clock import SlotClock
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import Sheetbook, mark_values, marking_stages, read_sheetbook
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QScrollArea, QWidget

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.gui.dialogs.compare import CompareDialog
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import SheetView

LIST_WIDTH: Final = 248
LIST_SHARE: Final = 0.26
"""At most, of the page: big letters need the room beside it."""


@dataclass(frozen=True)
class _Read:
    stages: list[Stage]
    book: Sheetbook


class ScoringPage(Page):
    """The list of own entries at the left, the sheet at the right, the total below it."""

    form = "scoring.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "entries"})
    with_header = False

    left_pane: QWidget
    right_pane: QWidget
    sheet_scroll: QScrollArea
    criteria_place: QWidget
    clock_place: QWidget

    def build(self) -> None:
        """Put the parts into the form and connect everything."""
        self.sheets = Sheets()
        self._current = ""
        self._stage = ""
        self.writer = SheetWriter(self)
        self.entries, self.head = EntryPane(self), SheetHead(self)
        self.notes, self.bar = SheetNotes(self), SheetBar(self)
        self.criteria = CriteriaCard()
        place(self.criteria, self.criteria_place)
        self.clock = SlotClock()
        place(self.clock, self.clock_place)
        self.clock_place.hide()
        self._compare: CompareDialog | None = None
        self.empty = EmptyState("clipboard-check")
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self._connect()
        self._bind_keys()

    def _connect(self) -> None:
        self.entries.chosen.connect(self._choose_entry)
        self.entries.activated.connect(self._focus_sheet)
        self.entries.filtered.connect(self._filtered)
        self.entries.stage_chosen.connect(self._choose_stage)
        self.head.correct_button.clicked.connect(self._correct)
        self.head.abstain_action.triggered.connect(self._ask_abstention)
        self.head.withdraw_action.triggered.connect(self._ask_withdrawal)
        self.head.abstain_all_action.triggered.connect(self._ask_abstention_from_all)
        self.head.withdraw_all_action.triggered.connect(self._ask_withdrawal_from_all)
        self.head.compare_action.triggered.connect(self.compare)
        self.head.history_action.triggered.connect(self._show_history)
        self.head.move_action.triggered.connect(self.move_marks)
        self.head.clock_action.triggered.connect(self._turn_clock)
        self.head.papers_button.clicked.connect(self._show_papers)
        self.clock.put_away.connect(self._turn_clock)
        self.criteria.marked.connect(self._set_mark)
        self.criteria.commented.connect(lambda _criterion: self._save_notes())
        self.criteria.entered.connect(self._make_visible)
        self.criteria.refused.connect(lambda text: self.house.show_message(text, "wait"))
        self.notes.changed.connect(self._save_notes)
        self.bar.undo_button.clicked.connect(self.undo)
        self.bar.previous_button.clicked.connect(lambda: self.step(-1))
        self.bar.next_button.clicked.connect(lambda: self.step(1))
        self.bar.main_button.clicked.connect(self.go_on)
        self.writer.stored.connect(self._stored)
        self.writer.refused.connect(self._refused)
        self.writer.steps_changed.connect(
            lambda: self.bar.undo_button.setEnabled(self.writer.can_undo)
        )

    def _bind_keys(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            on_keys(self, keys, self.go_on)
        on_keys(self, "Ctrl+Z", self.undo)
        on_keys(self, "Ctrl+B", self.compare)
        on_keys(self, "Ctrl+M", self.move_marks)
        on_keys(self, "Ctrl+F", self.entries.finder.setFocus)
        for keys in ("Alt+Up", "Alt+Left"):
            on_keys(self, keys, lambda: self.step(-1))
        for keys in ("Alt+Down", "Alt+Right"):
            on_keys(self, keys, lambda: self.step(1))
        # In the list these keys turn its own pages.
        on_keys(self.right_pane, "PgUp", lambda: self.step(-1))
        on_keys(self.right_pane, "PgDown", lambda: self.step(1))

    def keys(self) -> list[tuple[str, Text]]:
        """Return this page's keys for F1."""
        return [
            ("0 … 9", Text("set the mark (0 is 10)")),
            ("Del", Text("take the mark away")),
            ("↑ ↓", Text("criterion above, below")),
            ("← →", Text("look at the mark beside; Enter sets it")),
            ("Ctrl+Enter", Text("to the first empty criterion, or to the next innovation")),
            ("Ctrl+Z", Text("undo the last mark")),
            ("Alt+↑ Alt+↓, PgUp PgDn", Text("innovation before, next innovation")),
            ("Ctrl+F", Text("search")),
            ("Ctrl+B", Text("compare with own marks")),
            ("Ctrl+M", Text("move the marks to another number")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read all sheets of this judge, unless only this page changed them."""
        workplace: Workplace = self.house.session.context
        if self.sheets.loaded and self.writer.knows(self.watch.seen):
            return
        person, card, wanted = workplace.card.person, workplace.card, self._stage

        def read(_task: TaskContext) -> _Read | None:
            panel = workplace.panel
            stages = marking_stages(panel, person)
            if not stages:
                return None
            stage = next((s for s in stages if s.id == wanted), stages[0])
            marker = judging.marker_of(panel, card, stage.id)
            return _Read(stages, read_sheetbook(panel, marker))

        self.run(read, self._show_read)

    def _show_read(self, read: _Read | None) -> None:
        there = read is not None and bool(read.book.views)
        self.left_pane.setVisible(there)
        self.right_pane.setVisible(there)
        self.empty.setVisible(not there)
        if read is None or not there:
            return
        first, book = not self.sheets.loaded, read.book
        self._stage = book.stage.id
        self.sheets.take(book)
        self.writer.use(book.marker)
        self.criteria.set_rubric(book.rubric)
        self.clock.set_parts(book.stage.slot)
        self.entries.show_stages(read.stages, book.stage)
        current = self._current if self._current in self.sheets else self.sheets.first_open()
        self.entries.show_sheets(self.sheets)
        forms.chain_tabs(self)
        self._show_entry(current)
        if first:
            # Digits set marks at once, without a Tab before; the rows are shown in a moment.
            QTimer.singleShot(0, self, self._focus_sheet)

    def _choose_stage(self, stage: str) -> None:
        self._stage = stage
        self._current = ""
        self.watch.forget()

    # --- one sheet ---

    def _choose_entry(self, entry: str) -> None:
        if entry != self._current:
            self._show_entry(entry)

    def _show_entry(self, entry: str) -> None:
        book, view = self.sheets.book, self.sheets[entry]
        self._current = entry
        self.head.show_entry(book, view)
        self.notes.show_notes(view.notes)
        self.criteria.show_sheet(mark_values(book.rubric, view.marks), dict(view.notes.comments))
        self.sheet_scroll.verticalScrollBar().setValue(0)
        self._show_state()
        self._show_ways()
        self.bar.say_saved(view.changed if view.state != "empty" else "")
        self.entries.select(entry)
        self._follow_compare()

    def _show_state(self) -> None:
        """Show everything that follows from the sheet's stored marks."""
        view = self.sheets[self._current]
        editable = self.sheets.may_edit(view)
        if self.notes.editable != editable or not editable:
            self.criteria.set_editable(editable)
            self.notes.set_editable(editable)
        self.head.show_state(self.sheets, view)
        self.bar.show_total(self.sheets.book, view)

    def _show_ways(self) -> None:
        neighbour = self.entries.neighbour
        self.bar.show_ways(neighbour(self._current, -1), neighbour(self._current, 1))

    def _filtered(self) -> None:
        self.entries.select(self._current)
        if self.sheets.loaded:
            self._show_ways()

    # --- marking ---

    def _set_mark(self, criterion: str, mark: Fraction | None, before: Fraction | None) -> None:
        self.writer.set_mark(self._current, criterion, mark, before)

    def _save_notes(self) -> None:
        if self._current:
            written_total = self.sheets[self._current].notes.written_total
            notes = self.notes.notes(self.criteria.comments(), written_total)
            self.writer.set_notes(self._current, notes)

    def _stored(self, view: SheetView) -> None:
        other_state = self.sheets.put(view)
        if other_state:
            self.entries.show_state(self.sheets, view)
        if view.entry.id == self._current:
            if other_state:
                self._show_state()
            else:
                self.bar.show_total(self.sheets.book, view)
            self.bar.say_saved(view.changed)
        self._follow_compare()

    def _refused(self, entry: str) -> None:
        if entry == self._current and not self.writer.is_pending(entry):
            stored = mark_values(self.sheets.book.rubric, self.sheets[entry].marks)
            self.criteria.show_marks(stored)
            self.bar.say_not_saved()

    def undo(self) -> None:
        """Take the last mark back, on whichever sheet it was set."""
        self.criteria.finish_typing()
        step = self.writer.undo()
        if step is None:
            return
        if step.entry != self._current:
            self._show_entry(step.entry)
        self.criteria.rows[step.criterion].show_mark(step.before)
        self.criteria.focus(step.criterion)

    # --- from sheet to sheet ---

    def go_on(self) -> None:
        """Go to the first gap of this sheet, or from a complete sheet to the next entry."""
        if not self._current:
            return
        self.criteria.finish_typing()
        gap = self.criteria.first_gap()
        if gap is not None and not self.sheets[self._current].abstained:
            self.criteria.focus(gap)
        elif self.entries.neighbour(self._current, 1) is not None:
            self.step(1)
        else:
            self._finish()

    def _finish(self) -> None:
        gaps = self.sheets.expected - self.sheets.done
        if gaps:
            self._show_entry(self.sheets.first_open())
            self._focus_sheet()
            self.house.show_message(
                Text("{count} sheets are not complete yet.", count=gaps), "calm"
            )
        else:
            text = Text("All sheets are complete. Review them, sign them, hand them in.")
            self.house.show_message(text)

    def step(self, by: int) -> None:
        """Show the entry before (-1) or after (1) in the list."""
        line = self.entries.neighbour(self._current, by)
        if line is None:
            return
        in_list = self.entries.entry_list.hasFocus()
        self.criteria.finish_typing()
        self._show_entry(line.entry)
        if not in_list:
            self._focus_sheet()

    def _focus_sheet(self) -> None:
        first = self.criteria.first_gap() or next(iter(self.criteria.rows))
        self.criteria.focus(first)

    def _make_visible(self, criterion: str) -> None:
        self._follow_compare()
        row, scroll = self.criteria.rows[criterion], self.sheet_scroll

        def scroll_there() -> None:
            # Once the row has the height of its description and of what its mark means.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            scroll.ensureWidgetVisible(row, 0, theme.px(8))

        QTimer.singleShot(0, row, scroll_there)

    # --- acts beside marking ---

    def _correct(self) -> None:
        self.sheets.open(self._current)
        self._show_state()
        self._focus_sheet()
        self.house.show_message(
            Text("Change the marks now. The reason is asked when you sign again."), "calm"
        )

    def _ask_abstention(self) -> None:
        from kipp_desktop.gui.abstaining import ask_abstention

        ask_abstention(self, self.sheets.book.marker, self.sheets[self._current].entry)

    def _ask_withdrawal(self) -> None:
        from kipp_desktop.gui.abstaining import ask_withdrawal

        ask_withdrawal(self, self.sheets.book.marker, self.sheets[self._current].entry)

    def _ask_abstention_from_all(self) -> None:
        from kipp_desktop.gui.abstaining import ask_abstention_from_all

        ask_abstention_from_all(self, self.sheets.book)

    def _ask_withdrawal_from_all(self) -> None:
        from kipp_desktop.gui.abstaining import ask_withdrawal_from_all

        ask_withdrawal_from_all(self, self.sheets.book)

    def move_marks(self) -> None:
        """Ask to which number this sheet's marks belong."""
        from kipp_desktop.gui.moving import ask_move

        if not self._current or not self.head.move_action.isEnabled():
            return
        self.criteria.finish_typing()
        sheets = self.sheets
        ask_move(self, sheets.book.marker, sheets[self._current], sheets.views(), self._moved)

    def _moved(self, to: str) -> None:
        # What undo would set again stands elsewhere now.
        self.writer.forget()
        self._current = to
        self.watch.forget()

    def _show_history(self) -> None:
        from kipp_desktop.gui.dialogs.sheet_history import show_history

        book = self.sheets.book
        show_history(self, book.marker, self.sheets[self._current], book.digits)

    def _show_papers(self) -> None:
        from kipp_desktop.gui.dialogs.papers import PapersDialog
        from kipp_desktop.services.entry_papers import papers_of

        entry = self.sheets[self._current].entry
        PapersDialog(self, entry, papers_of(entry)).open()

    def _turn_clock(self) -> None:
        """Show the slot clock, or put it away; it stops then."""
        shown = self.clock_place.isHidden() and bool(self.sheets.book.stage.slot)
        self.clock_place.setVisible(shown)
        if shown:
            forms.chain_tabs(self)
            self.clock.run_button.setFocus()
        else:
            self.clock.reset()
            self._focus_sheet()

    def compare(self) -> None:
        """Show own marks of other innovations beside the sheet, or put them away."""
        from kipp_desktop.gui.dialogs.compare import CompareDialog

        if self._compare is not None:
            self._compare.close()
        elif self.sheets.loaded:
            dialog = self._compare = CompareDialog(self.sheets, self)
            dialog.finished.connect(lambda _result: self._forget_compare())
            self._follow_compare()
            dialog.show()
            corner = self.window().geometry().topRight()
            dialog.move(corner.x() - dialog.width() - theme.px(12), corner.y() + theme.px(48))

    def _forget_compare(self) -> None:
        self._compare = None

    def _follow_compare(self) -> None:
        if self._compare is not None:
            self._compare.show_criterion(self._current, self.criteria.active)

    # --- words and sizes ---

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.entries.say()
        self.head.say()
        self.empty.say(
            say(Text("Nothing to mark yet")),
            say(
                Text(
                    "The secretariat's plan gives you no innovations. Ask for the newest package "
                    "and open it under Settings."
                )
            ),
        )
        if self.sheets.loaded:
            view = self.sheets[self._current]
            self.entries.show_count(self.sheets)
            self.head.show_entry(self.sheets.book, view)
            self._show_state()
            self._show_ways()
            self.bar.say_saved(view.changed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
            # Once the list has laid out its entries at their new height.
            QTimer.singleShot(0, self, lambda: self.entries.select(self._current))
            if self.criteria.active:
                self._make_visible(self.criteria.active)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between list and sheet, and fold the bar where it is too long."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.left_pane.setFixedWidth(min(theme.px(LIST_WIDTH), int(self.width() * LIST_SHARE)))
        self.notes.fit()
        self.head.fit(self.right_pane.width())
        self.bar.fold(self.width() - self.left_pane.width() - 80)
