"""Tinjau semua: all own marks in one grid, and one act that signs what is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.grid_rows import grid_row, in_runs
from kipp_desktop.gui.pages.grid_page import GridPage, is_ready
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.signing import ask_and_submit
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.clamped_label import ClampedLabel
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import Sheetbook, marking_stages, read_sheetbook
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

    from kipp_desktop.gui.models.mark_grid import GridRow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import SheetView, Submitted

ORDER: Final = {"draft": 0, "empty": 1, "correction": 2, "complete": 2, "final": 3}
LAST: Final = 4


def _is_open(row: GridRow) -> bool:
    """Return whether a mark is missing."""
    return row.key in {"empty", "draft", "correction"} and row.total is None


FILTERS: Final = (None, _is_open, is_ready, lambda row: row.key == "final")


class ReviewPage(GridPage):
    """Rows are read when the page is shown; typing changes them where they stand."""

    form = "review.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "entries"})
    grid_name = "mark_grid"
    empty_icon = "list-checks"

    filter_choice: QComboBox
    open_place: QWidget
    move_button: QPushButton

    def build(self) -> None:
        """Add what this page has beside its grid."""
        super().build()
        self._wanted = ""
        self.open_label = ClampedLabel(2)
        self.open_label.setProperty("look", "muted")
        place(self.open_label, self.open_place)
        self.move_button.clicked.connect(self.move_marks)
        on_keys(self, "Ctrl+M", self.move_marks)
        self.filter_choice.currentIndexChanged.connect(lambda _at: self._filter())
        self.sign_button = self.add_action(
            Text("Sign"), self.ask_to_sign, main=True, icon="file-pen-line", name="sign_button"
        )

    def keys(self) -> list[tuple[str, Text]]:
        """Return this page's keys for F1."""
        return [
            *super().keys(),
            ("Ctrl+M", Text("move the marks to another number")),
            ("Ctrl+Enter", Text("sign what is complete")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read all sheets, unless only this page changed them."""
        if self.knows():
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
        for widget in (
            self.grid_place,
            self.filter_choice,
            self.move_button,
            self.correct_button,
        ):
            widget.setVisible(there)
        self.show_hint(there=there)
        self.empty.setVisible(not there)
        if book is None or not there:
            self.sign_button.setEnabled(False)
            return
        first = not self.sheets.loaded
        self.sheets.take(book)
        self.writer.use(book.marker)
        rows = [self.row_of(view) for view in book.views]
        rows.sort(key=lambda row: ORDER.get(row.key, LAST))
        here, self._wanted = self._wanted or self.grid.current_entry(), ""
        self.model.set_rows(book.rubric.judged.leaves, rows)
        self.show_counts()
        forms.chain_tabs(self)
        self.grid.start(at="" if first else here)
        if first:
            self.grid.setFocus()

    def row_of(self, view: SheetView) -> GridRow:
        """Return the row that shows a sheet."""
        return grid_row(self.sheets, view)

    def show_counts(self) -> None:
        """Say how many sheets can be signed, and which wait for marks."""
        rows = self.model.rows()
        ready = sum(is_ready(row) for row in rows)
        open_rows = [row for row in rows if _is_open(row)]
        final = sum(row.key == "final" for row in rows)
        said = say(
            Text(
                "{ready} ready to sign · {open} not complete · {final} signed",
                ready=ready,
                open=len(open_rows),
                final=final,
            )
        )
        self.summary.say(said)
        numbers = in_runs([row.number for row in open_rows])
        self.open_label.say(
            say(Text("Not complete yet: {numbers}", numbers=numbers)) if numbers else ""
        )
        self.sign_button.setText(say(Text("Sign {count} sheets", count=ready)))
        self.sign_button.setEnabled(bool(ready))

    def _filter(self) -> None:
        self.model.set_accept(FILTERS[self.filter_choice.currentIndex()])
        self.grid.start()

    def move_marks(self) -> None:
        """Ask to which number the marks of the cursor's row belong."""
        from kipp_desktop.gui.moving import ask_move

        view = self.sheets.get(self.grid.current_entry())
        if view is None or view.state == "empty" or view.abstained or self.sheets.book.closed:
            self.house.show_message(Text("Put the cursor into a row with marks first."), "calm")
            return
        ask_move(self, self.sheets.book.marker, view, self.sheets.views(), self._moved)

    def _moved(self, to: str) -> None:
        # What undo would set again stands elsewhere now.
        self.writer.forget()
        self._wanted = to
        self.watch.forget()

    # --- signing ---

    def ask_to_sign(self) -> None:
        """Ask whether all complete sheets are to be signed now."""
        ready = self.ready_rows()
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
                corrects=self.corrects(ready),
            ),
            self,
        )
        workplace: Workplace = self.house.session.context
        marker = self.sheets.book.marker
        ask_and_submit(self.house, dialog, workplace.card, marker, self._signed)

    def _signed(self, result: Submitted) -> None:
        self.forget_steps()
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
        if self.sheets.loaded:
            self.show_counts()
