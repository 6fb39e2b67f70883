"""Penilaian: one judge's sheets, one at a time, every mark durable the moment it is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QMenu, QPlainTextEdit

from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.domain.sheet import Notes
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.marking import SheetWriter
from kipp_desktop.gui.models.entry_list import EntryLine, EntryListModel
from kipp_desktop.gui.models.sheet_states import DONE, STATES, STATUSES, state_of
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.clamped_label import ClampedLabel
from kipp_desktop.gui.widgets.criteria_card import CriteriaCard
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.entry_list import dress_entry_list
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import (
    Sheetbook,
    making_of,
    mark_values,
    marking_stages,
    read_sheetbook,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import (
        QComboBox,
        QFrame,
        QGridLayout,
        QListView,
        QPushButton,
        QScrollArea,
        QWidget,
    )

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import SheetView

LIST_WIDTH: Final = 248
LIST_SHARE: Final = 0.26
"""At most, of the page: big letters need the room beside it."""
NOTE_HEIGHT: Final = 58
CHIP_SHARE: Final = 0.3
SHORT_NUMBER: Final = 2


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
    stage_label: QLabel
    stage_choice: QComboBox
    progress_label: QLabel
    progress: QWidget
    search: QWidget
    entry_list: QListView
    title_place: QWidget
    organisation_place: QWidget
    group_label: QLabel
    category_label: QLabel
    status_label: QLabel
    state_label: QLabel
    correct_button: QPushButton
    more_button: QPushButton
    sheet_scroll: QScrollArea
    criteria_place: QWidget
    notes_card: QFrame
    notes_grid: QGridLayout
    feedback_label: QLabel
    check_label: QLabel
    private_label: QLabel
    feedback: QPlainTextEdit
    check: QPlainTextEdit
    private_note: QPlainTextEdit
    bar_grid: QGridLayout
    bar_words: QWidget
    bar_buttons: QWidget
    count_label: QLabel
    making_place: QWidget
    saved_label: QLabel
    undo_button: QPushButton
    previous_button: QPushButton
    next_button: QPushButton
    main_button: QPushButton

    def build(self) -> None:
        """Put our widgets into the form and connect everything."""
        self._book: Sheetbook | None = None
        self._views: dict[str, SheetView] = {}
        self._current = ""
        self._stage = ""
        self._correcting: set[str] = set()
        self._done, self._expected = 0, 0
        self._folded = False
        self.writer = SheetWriter(self)
        self.model = EntryListModel()
        self.line, self.finder = ProgressLine(), SearchField()
        self.title, self.organisation = ClampedLabel(2), ElidedLabel()
        self.title.setProperty("look", "title")
        self.organisation.setProperty("look", "muted")
        self.criteria, self.making_label = CriteriaCard(), ElidedLabel()
        self.making_label.setProperty("look", "small")
        for widget, where in (
            (self.line, self.progress),
            (self.finder, self.search),
            (self.title, self.title_place),
            (self.organisation, self.organisation_place),
            (self.criteria, self.criteria_place),
            (self.making_label, self.making_place),
        ):
            place(widget, where)
        self.empty = EmptyState("clipboard-check")
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.entry_list.setModel(self.model)
        dress_entry_list(self.entry_list)
        self._menu = QMenu(self)
        self._abstain_action = self._menu.addAction("")
        self._withdraw_action = self._menu.addAction("")
        self._connect()
        self._bind()

    def _connect(self) -> None:
        self.entry_list.selectionModel().currentChanged.connect(
            lambda new, _old: self._show_line(self.model.line_at(new))
        )
        self.entry_list.activated.connect(lambda _index: self._focus_sheet())
        self.finder.searched.connect(self._search)
        self.finder.left_down.connect(self.entry_list.setFocus)
        self.stage_choice.activated.connect(self._choose_stage)
        self.criteria.marked.connect(self._set_mark)
        self.criteria.commented.connect(lambda _criterion: self._save_notes())
        self.criteria.entered.connect(self._make_visible)
        self.criteria.refused.connect(lambda text: self.house.show_message(text, "wait"))
        for field in (self.feedback, self.check, self.private_note):
            field.textChanged.connect(self._save_notes)
        self.undo_button.clicked.connect(self.undo)
        self.previous_button.clicked.connect(lambda: self.step(-1))
        self.next_button.clicked.connect(lambda: self.step(1))
        self.main_button.clicked.connect(self.go_on)
        self.correct_button.clicked.connect(self._correct)
        self.more_button.clicked.connect(self._open_menu)
        self._abstain_action.triggered.connect(self._ask_abstention)
        self._withdraw_action.triggered.connect(self._ask_withdrawal)
        self.writer.stored.connect(self._stored)
        self.writer.refused.connect(self._refused)
        self.writer.steps_changed.connect(lambda: self.undo_button.setEnabled(self.writer.can_undo))

    def _bind(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self.go_on),
            ("Ctrl+Enter", self.go_on),
            ("Ctrl+Z", self.undo),
            ("Alt+Up", lambda: self.step(-1)),
            ("Alt+Left", lambda: self.step(-1)),
            ("Alt+Down", lambda: self.step(1)),
            ("Alt+Right", lambda: self.step(1)),
        ):
            self._shortcut(self, keys, act)
        # In the list these keys turn its own pages.
        self._shortcut(self.right_pane, "PgUp", lambda: self.step(-1))
        self._shortcut(self.right_pane, "PgDown", lambda: self.step(1))
        self._shortcut(self, "Ctrl+F", self.finder.setFocus)

    @staticmethod
    def _shortcut(where: QWidget, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

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
        ]

    # --- reading ---

    def load(self) -> None:
        """Read all sheets of this judge, unless only this page changed them."""
        workplace: Workplace = self.house.session.context
        if self._book is not None and self.writer.knows(self.watch.seen):
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

        self.run(read, self._show_book)

    def _show_book(self, read: _Read | None) -> None:
        there = read is not None and bool(read.book.views)
        self.left_pane.setVisible(there)
        self.right_pane.setVisible(there)
        self.empty.setVisible(not there)
        if read is None or not there:
            return
        first, self._book = self._book is None, read.book
        book = read.book
        self._stage = book.stage.id
        self._views = {view.entry.id: view for view in book.views}
        self._correcting &= {view.entry.id for view in book.views if view.state != "empty"}
        self.writer.use(book.marker)
        self.criteria.set_rubric(book.rubric)
        self.stage_label.setText(book.stage.name)
        self.stage_choice.setVisible(len(read.stages) > 1)
        self.stage_label.setVisible(len(read.stages) == 1)
        self.stage_choice.clear()
        for stage in read.stages:
            self.stage_choice.addItem(stage.name, stage.id)
        self.stage_choice.setCurrentIndex(self.stage_choice.findData(self._stage))
        current = self._current if self._current in self._views else self._first_open()
        self.model.set_lines([self._line_of(view) for view in book.views])
        self._count()
        forms.chain_tabs(self)
        self._show_entry(current)
        if first:
            # Digits set marks at once, without a Tab before; the rows are shown in a moment.
            QTimer.singleShot(0, self, self._focus_sheet)

    def _line_of(self, view: SheetView) -> EntryLine:
        entry = view.entry
        assert self._book is not None
        organisation = self._book.organisations[entry.id]
        return EntryLine(entry.id, entry.number, entry.title, organisation, state_of(view))

    def _first_open(self) -> str:
        views = list(self._views.values())
        return next(
            (v.entry.id for v in views if state_of(v) not in {*DONE, "abstained"}),
            views[0].entry.id,
        )

    def _choose_stage(self, number: int) -> None:
        self._stage = str(self.stage_choice.itemData(number))
        self._current = ""
        self.watch.forget()

    def _search(self, text: str) -> None:
        self.model.set_filter(text)
        self._select_line()
        if self._book is not None:
            self._show_ways()

    # --- one sheet ---

    def _show_line(self, line: EntryLine | None) -> None:
        if line is not None and line.entry != self._current:
            self._show_entry(line.entry)

    def _show_entry(self, entry: str) -> None:
        book = self._book
        assert book is not None
        self._current = entry
        view = self._views[entry]
        self._say_sheet()
        notes = view.notes
        for field, text in (
            (self.feedback, notes.feedback),
            (self.check, notes.check),
            (self.private_note, notes.private),
        ):
            field.blockSignals(True)
            field.setPlainText(text)
            field.blockSignals(False)
        self.criteria.show_sheet(mark_values(book.rubric, view.marks), dict(notes.comments))
        self.sheet_scroll.verticalScrollBar().setValue(0)
        self._show_state()
        self._show_ways()
        self._say_saved(view.changed if view.state != "empty" else "")
        self._select_line()

    def _say_sheet(self) -> None:
        book, view = self._book, self._views[self._current]
        assert book is not None
        entry = view.entry
        self.title.say(f"{entry.number} · {entry.title}")
        self.organisation.say(book.organisations[entry.id])
        status = STATUSES.get(book.statuses.get(entry.id, ""))
        for label, text in (
            (self.group_label, book.groups.get(entry.id, "")),
            (self.category_label, entry.category),
            (self.status_label, "" if status is None else say(status)),
        ):
            label.setProperty("whole", text)
            label.setToolTip(text)
            label.setVisible(bool(text))
        self._fit_chips()

    def _fit_chips(self) -> None:
        """Shorten what a chip says where it would push the page wider than the window."""
        room = int(self.right_pane.width() * CHIP_SHARE)
        for label in (self.group_label, self.category_label, self.status_label):
            metrics = QFontMetrics(theme.font(theme.SMALL, bold=True))
            whole = label.property("whole") or ""
            label.setText(metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room))

    def _select_line(self) -> None:
        place_now = self.model.place_of(self._current)
        if place_now is not None:
            index = self.model.index(place_now)
            self.entry_list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            view = self.entry_list
            if not view.viewport().rect().contains(view.visualRect(index)):
                view.scrollTo(index, view.ScrollHint.PositionAtCenter)

    def _show_state(self) -> None:
        """Show everything that follows from the sheet's stored marks."""
        book, view = self._book, self._views[self._current]
        assert book is not None
        state = state_of(view)
        locked = state == "final" and view.entry.id not in self._correcting
        editable = not (locked or view.abstained or book.closed)
        if self.feedback.isReadOnly() == editable or not editable:
            self.criteria.set_editable(editable)
            for field in (self.feedback, self.check, self.private_note):
                field.setReadOnly(not editable)
        told = state in {"final", "abstained", "correction"} or book.closed
        name = Text("Stage closed") if book.closed and state != "final" else STATES[state][0]
        self.state_label.setText(say(name))
        self.state_label.setVisible(told)
        say_look(self.state_label, "chip", STATES[state][1] or "neutral")
        self.correct_button.setVisible(locked and not book.closed)
        self._abstain_action.setVisible(not view.abstained)
        self._abstain_action.setEnabled(editable)
        self._withdraw_action.setVisible(view.abstained)
        self._withdraw_action.setEnabled(not book.closed)
        self._show_total(view)

    def _show_total(self, view: SheetView) -> None:
        book = self._book
        assert book is not None
        marks = mark_values(book.rubric, view.marks)
        making = making_of(book.rubric, view.marks)
        say_look(self.count_label, "look", "strong" if making is None else "figure")
        if view.abstained:
            self.count_label.setText(say(Text("You give no marks here")))
            self.making_label.say("")
        elif making is None:
            done = sum(mark is not None for mark in marks.values())
            self.count_label.setText(
                say(Text("{done} of {total} criteria", done=done, total=len(marks)))
            )
            self.making_label.say(say(Text("the total appears when all are marked")))
        else:
            total = round_half_up(making.total, book.digits)
            self.count_label.setText(say(Text("Total {total}", total=total)))
            parts = " + ".join(say_value(part.part) for part in making.parts)
            self.making_label.say(f"= {parts}")
            self.making_label.setToolTip(
                "\n".join(
                    f"{part.criterion}: {say_value(part.mark)} × "
                    f"{say_value(part.coefficient)} = {say_value(part.part)}"
                    for part in making.parts
                )
            )
        gap = making is None and not view.abstained
        word = Text("To the empty criterion") if gap else Text("Done, next")
        self.main_button.setToolTip("Ctrl+Enter")
        self.main_button.setText(say(word) if self._folded else f"{say(word)}   Ctrl+Enter")

    def _show_ways(self) -> None:
        shown = self.model.shown()
        here = self.model.place_of(self._current)
        for button, step, name in (
            (self.previous_button, -1, Text("Innovation before")),
            (self.next_button, 1, Text("Next innovation")),
        ):
            at = None if here is None else here + step
            there = at is not None and 0 <= at < len(shown)
            number = shown[at].number if there and at is not None else "–"
            # Big letters leave no room for big numbers, which are then only read aloud.
            short = "" if self._folded and len(number) > SHORT_NUMBER else number
            words = f"‹ {short}" if step < 0 else f"{short} ›"  # noqa: RUF001 - signs
            button.setText(words.strip())
            button.setAccessibleName(f"{say(name)}: {number}")
            button.setEnabled(there)

    def _say_saved(self, at: str) -> None:
        say_look(self.saved_label, "look", "small")
        text = ""
        if at:
            when = datetime.fromisoformat(at).strftime("%H.%M.%S")
            text = say(Text("Saved {time}", time=when))
        self.saved_label.setText(text)

    def _count(self) -> None:
        states = [state_of(view) for view in self._views.values()]
        self._done = sum(state in DONE for state in states)
        self._expected = sum(state != "abstained" for state in states)
        self._say_count()

    def _say_count(self) -> None:
        self.line.show_progress(self._done, self._expected)
        text = Text("{done} of {total} complete", done=self._done, total=self._expected)
        self.progress_label.setText(say(text))

    # --- marking ---

    def _set_mark(self, criterion: str, mark: Fraction | None, before: Fraction | None) -> None:
        self.writer.set_mark(self._current, criterion, mark, before)

    def _save_notes(self) -> None:
        if self._current:
            notes = self._views[self._current].notes
            self.writer.set_notes(
                self._current,
                Notes(
                    self.criteria.comments(),
                    self.feedback.toPlainText(),
                    self.check.toPlainText(),
                    self.private_note.toPlainText(),
                    notes.written_total,
                ),
            )

    def _stored(self, view: SheetView) -> None:
        entry = view.entry.id
        was, now = state_of(self._views[entry]), state_of(view)
        self._views[entry] = view
        if was != now:
            self.entry_list.update(self.model.replace_line(self._line_of(view)))
            self._done += (now in DONE) - (was in DONE)
            self._say_count()
        if entry == self._current:
            if was == now:
                self._show_total(view)
            else:
                self._show_state()
            self._say_saved(view.changed)

    def _refused(self, entry: str) -> None:
        if entry == self._current and not self.writer.is_pending(entry):
            assert self._book is not None
            view = self._views[entry]
            self.criteria.show_marks(mark_values(self._book.rubric, view.marks))
            say_look(self.saved_label, "look", "problem")
            self.saved_label.setText(say(Text("Not saved")))

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

    def go_on(self) -> None:
        """Go to the first gap of this sheet, or from a complete sheet to the next entry."""
        if not self._current:
            return
        self.criteria.finish_typing()
        view = self._views[self._current]
        gap = self.criteria.first_gap()
        if gap is not None and not view.abstained:
            self.criteria.focus(gap)
        elif self.next_button.isEnabled():
            self.step(1)
        else:
            self._finish()

    def _finish(self) -> None:
        gaps = self._expected - self._done
        if gaps:
            self._show_entry(self._first_open())
            self._focus_sheet()
            self.house.show_message(
                Text("{count} sheets are not complete yet.", count=gaps), "calm"
            )
        else:
            text = Text("All sheets are complete. Review them, sign them, hand them in.")
            self.house.show_message(text)

    def step(self, by: int) -> None:
        """Show the entry before (-1) or after (1) in the list."""
        here = self.model.place_of(self._current)
        shown = self.model.shown()
        if here is None or not 0 <= here + by < len(shown):
            return
        in_list = self.entry_list.hasFocus()
        self.criteria.finish_typing()
        self._show_entry(shown[here + by].entry)
        if not in_list:
            self._focus_sheet()

    def _focus_sheet(self) -> None:
        first = self.criteria.first_gap() or next(iter(self.criteria.rows))
        self.criteria.focus(first)

    def _make_visible(self, criterion: str) -> None:
        row, scroll = self.criteria.rows[criterion], self.sheet_scroll

        def scroll_there() -> None:
            # Once the row has the height of its description and of what its mark means.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            scroll.ensureWidgetVisible(row, 0, theme.px(8))

        QTimer.singleShot(0, row, scroll_there)

    # --- acts beside marking ---

    def _correct(self) -> None:
        self._correcting.add(self._current)
        self._show_state()
        self._focus_sheet()
        self.house.show_message(
            Text("Change the marks now. The reason is asked when you sign again."), "calm"
        )

    def _open_menu(self) -> None:
        self._menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def _ask_abstention(self) -> None:
        from kipp_desktop.gui.abstaining import ask_abstention

        assert self._book is not None
        ask_abstention(self, self._book.marker, self._views[self._current].entry)

    def _ask_withdrawal(self) -> None:
        from kipp_desktop.gui.abstaining import ask_withdrawal

        assert self._book is not None
        ask_withdrawal(self, self._book.marker, self._views[self._current].entry)

    # --- words and sizes ---

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.finder.say(say(Text("Search title, organisation, number")))
        self._abstain_action.setText(say(Text("Do not mark this innovation …")))
        self._withdraw_action.setText(say(Text("Mark this innovation after all …")))
        self.empty.say(
            say(Text("Nothing to mark yet")),
            say(
                Text(
                    "The secretariat's plan gives you no innovations. Ask for the newest package "
                    "and open it under Settings."
                )
            ),
        )
        if self._book is not None:
            self._say_count()
            self._say_sheet()
            self._show_state()
            self._show_ways()
            self._say_saved(self._views[self._current].changed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
            # Once the list has laid out its entries at their new height.
            QTimer.singleShot(0, self, self._select_line)
            if self.criteria.active:
                self._make_visible(self.criteria.active)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between list and sheet, and fold the bar where it is too long."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.left_pane.setFixedWidth(min(theme.px(LIST_WIDTH), int(self.width() * LIST_SHARE)))
        for field in (self.feedback, self.check, self.private_note):
            field.setFixedHeight(theme.px(NOTE_HEIGHT))
        self._fit_chips()
        room = self.width() - self.left_pane.width() - 80
        folded = room < theme.px(330 + 480)
        if folded == self._folded:
            return
        self._folded = folded
        grid = self.bar_grid
        grid.removeWidget(self.bar_buttons)
        if folded:
            grid.addWidget(self.bar_buttons, 1, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        else:
            grid.addWidget(self.bar_buttons, 0, 1)
        grid.setColumnStretch(0, 1)
        if self._book is not None:
            self._show_state()
