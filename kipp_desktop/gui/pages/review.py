"""Tinjau semua: all own marks in one grid, and one act that signs what is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.marking import SheetWriter
from kipp_desktop.gui.models.grid_rows import grid_row, in_runs
from kipp_desktop.gui.models.mark_grid import GridRow, MarkGridModel
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.clamped_label import ClampedLabel
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.mark_grid import MarkGrid
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import Sheetbook, marking_stages, read_sheetbook
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import SheetView, Submitted

ORDER: Final = {"draft": 0, "empty": 1, "correction": 2, "complete": 2, "final": 3, "abstained": 4}


def _is_open(row: GridRow) -> bool:
    """Return whether a mark is missing."""
    return row.key in {"empty", "draft", "correction"} and row.total is None


def _is_ready(row: GridRow) -> bool:
    """Return whether a sheet is complete and not signed; a correction with a gap is not."""
    return row.key in {"complete", "correction"} and row.total is not None


FILTERS: Final = (None, _is_open, _is_ready, lambda row: row.key == "final")


class ReviewPage(Page):
    """Rows are read when the page is shown; typing changes them where they stand."""

    form = "review.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "entries"})

    filter_choice: QComboBox
    summary_place: QWidget
    grid_place: QWidget
    problem_label: QLabel
    open_place: QWidget
    keys_label: QLabel
    correct_button: QPushButton

    def build(self) -> None:
        """Put the grid into the form and connect it."""
        self._book: Sheetbook | None = None
        self._views: dict[str, SheetView] = {}
        self._unlocked: set[str] = set()
        self.model, self.grid = MarkGridModel(), MarkGrid()
        self.grid.setObjectName("mark_grid")
        self.grid.show_model(self.model)
        self.summary, self.open_label = ElidedLabel(), ClampedLabel(2)
        self.summary.setProperty("look", "muted")
        self.open_label.setProperty("look", "muted")
        place(self.grid, self.grid_place)
        place(self.summary, self.summary_place)
        place(self.open_label, self.open_place)
        self.problem_label.hide()
        self.empty = EmptyState("list-checks")
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.writer = SheetWriter(self)
        self.writer.stored.connect(self._stored)
        self.writer.refused.connect(lambda _entry: self.problem_label.hide())
        self.model.typed.connect(self._type)
        self.model.locked.connect(lambda _entry: self._say_locked())
        self.grid.refused.connect(self._say_problem)
        self.filter_choice.currentIndexChanged.connect(lambda _at: self._filter())
        self.correct_button.clicked.connect(self.correct)
        self.sign_button = self.add_action(
            Text("Sign"), self.ask_to_sign, main=True, icon="file-pen-line", name="sign_button"
        )
        undo = QShortcut(QKeySequence("Ctrl+Z"), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self.undo)
        sign = QShortcut(QKeySequence("Ctrl+Return"), self)
        sign.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        sign.activated.connect(self.ask_to_sign)

    def keys(self) -> list[tuple[str, Text]]:
        """Return this page's keys for F1."""
        return [
            ("0 … 9, Enter", Text("type a mark, go on to the next cell")),
            ("Del", Text("take the mark away")),
            ("↑ ↓", Text("row above, below")),
            ("Ctrl+Z", Text("undo the last mark")),
            ("Ctrl+Enter", Text("sign what is complete")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read all sheets, unless only this page changed them."""
        if self._book is not None and self.writer.knows(self.watch.seen):
            return
        workplace: Workplace = self.house.session.context
        card = workplace.card

        def read(_task: TaskContext) -> Sheetbook | None:
            stages = marking_stages(workplace.panel, card.person)
            if not stages:
                return None
            marker = judging.marker_of(workplace.panel, card, stages[0].id)
            return read_sheetbook(workplace.panel, marker)

        self.run(read, self._show_book)

    def _show_book(self, book: Sheetbook | None) -> None:
        there = book is not None and bool(book.views)
        for widget in (self.grid_place, self.filter_choice, self.keys_label, self.correct_button):
            widget.setVisible(there)
        self.empty.setVisible(not there)
        if book is None or not there:
            self.sign_button.setEnabled(False)
            return
        first, self._book = self._book is None, book
        self._views = {view.entry.id: view for view in book.views}
        self._unlocked &= {view.entry.id for view in book.views if view.state != "empty"}
        self.writer.use(book.marker)
        rows = [self._row(view) for view in book.views]
        rows.sort(key=lambda row: ORDER[row.key])
        here = self.grid.current_entry()
        self.model.set_rows(book.rubric.judged.leaves, rows)
        self._show_counts()
        forms.chain_tabs(self)
        self.grid.start(at="" if first else here)
        if first:
            self.grid.setFocus()

    def _row(self, view: SheetView) -> GridRow:
        assert self._book is not None
        return grid_row(self._book, view, unlocked=view.entry.id in self._unlocked)

    def _show_counts(self) -> None:
        rows = self.model.rows()
        ready = sum(_is_ready(row) for row in rows)
        open_rows = [row for row in rows if _is_open(row)]
        final = sum(row.key == "final" for row in rows)
        self.summary.say(
            say(
                Text(
                    "{ready} ready to sign · {open} not complete · {final} signed",
                    ready=ready,
                    open=len(open_rows),
                    final=final,
                )
            )
        )
        numbers = in_runs([row.number for row in open_rows])
        self.open_label.say(
            say(Text("Not complete yet: {numbers}", numbers=numbers)) if numbers else ""
        )
        self.sign_button.setText(say(Text("Sign {count} sheets", count=ready)))
        self.sign_button.setEnabled(bool(ready))

    def _filter(self) -> None:
        self.model.set_accept(FILTERS[self.filter_choice.currentIndex()])
        self.grid.start()

    # --- typing ---

    def _type(
        self, entry: str, criterion: str, mark: Fraction | None, before: Fraction | None
    ) -> None:
        self.problem_label.hide()
        self.writer.set_mark(entry, criterion, mark, before)

    def _stored(self, view: SheetView) -> None:
        self._views[view.entry.id] = view
        self.model.show_row(self._row(view))
        self._show_counts()

    def undo(self) -> None:
        """Take the last typed mark back."""
        step = self.writer.undo()
        if step is not None:
            self.grid.start(at=step.entry)

    def correct(self) -> None:
        """Open the signed sheet under the cursor for typing."""
        entry = self.grid.current_entry()
        view = self._views.get(entry)
        if view is None or view.state != "final" or view.abstained:
            self.house.show_message(Text("Put the cursor into a signed row first."), "calm")
            return
        self._unlocked.add(entry)
        self.model.show_row(self._row(view))
        self.grid.setFocus()
        self.house.show_message(
            Text("Change the marks now. The reason is asked when you sign again."), "calm"
        )

    def _say_problem(self, text: Text) -> None:
        self.problem_label.setText(say(text))
        self.problem_label.show()

    def _say_locked(self) -> None:
        self._say_problem(
            Text("This row cannot be typed into: it is signed. Use “Correct this row” first.")
        )

    # --- signing ---

    def ask_to_sign(self) -> None:
        """Ask whether all complete sheets are to be signed now."""
        ready = [row for row in self.model.rows() if _is_ready(row)]
        if not ready:
            self.house.show_message(Text("No sheet is complete and unsigned."), "calm")
            return
        rest = [row.number for row in self.model.rows() if _is_open(row)]
        dialog = SigningDialog(
            Question(
                title=Text("Sign"),
                what=Text("You sign {count} score sheets.", count=len(ready)),
                meaning=Text(
                    "With the signature these marks are yours and final. They can be corrected "
                    "afterwards only by a new sheet with a reason, which everybody sees. Nothing "
                    "leaves this laptop until you hand in."
                ),
                button=Text("Sign {count} sheets", count=len(ready)),
                left=Text("Not complete, so not signed: {numbers}", numbers=in_runs(rest))
                if rest
                else None,
                corrects=any(self._views[row.entry].signed for row in ready),
            ),
            self,
        )
        dialog.accepted.connect(lambda: self._sign(dialog.reason.text()))
        dialog.open()

    def _sign(self, reason: str) -> None:
        from kipp_desktop.gui.dialogs.passphrase import ask_passphrase

        assert self._book is not None
        workplace: Workplace = self.house.session.context
        marker, card = self._book.marker, workplace.card

        def work(task: TaskContext) -> Any:
            home = workplace.home(task)
            identity = home.unlock(card)
            return judging.submit(home, workplace.panel, marker, identity, None, reason)

        ask_and_run(self.house, card, ask_passphrase, work, self._signed)

    def _signed(self, result: Submitted) -> None:
        self.writer.forget()
        self._unlocked.clear()
        text = Text(
            "{count} sheets are signed. Hand them in under “Hand in”.", count=len(result.submitted)
        )
        self.house.show_message(text)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.grid.setAccessibleName(say(Text("All marks")))
        self.empty.say(
            say(Text("Nothing to review yet")),
            say(Text("The secretariat's plan gives you no innovations.")),
        )
        if self._book is not None:
            self._show_counts()
