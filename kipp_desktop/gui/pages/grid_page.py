"""What Tinjau semua and Lembar kertas share: sheets in a grid, typed into and stored at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent

from kipp_desktop.gui import theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.marking import SheetWriter
from kipp_desktop.gui.models.mark_grid import GridRow, MarkGridModel
from kipp_desktop.gui.models.sheets import Sheets
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.mark_grid import MarkGrid
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtWidgets import QLabel, QPushButton, QWidget

    from kipp_desktop.services.judging import SheetView


MOST_HINT: Final = 130
"""The text size in percent up to which the keys are said below the grid."""


class GridPage(Page):
    """A page joins its grid with the sheets on the disk; it says itself which rows there are.

    A subclass calls ``super().build()`` first.
    """

    grid_name: ClassVar[str]
    """Object name of the grid."""
    with_written: ClassVar[bool] = False
    """Whether the total that stands on paper has a column."""
    empty_icon: ClassVar[str]

    summary_place: QWidget
    grid_place: QWidget
    problem_label: QLabel
    keys_label: QLabel
    correct_button: QPushButton

    def build(self) -> None:
        """Put the grid into the form and connect it."""
        self.sheets = Sheets()
        self.model, self.grid = MarkGridModel(with_written=self.with_written), MarkGrid()
        self.grid.setObjectName(self.grid_name)
        self.grid.show_model(self.model)
        self.summary = ElidedLabel()
        self.summary.setProperty("look", "muted")
        place(self.grid, self.grid_place)
        place(self.summary, self.summary_place)
        self.problem_label.hide()
        self._hinted = False
        self.empty = EmptyState(self.empty_icon)
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.writer = SheetWriter(self)
        self.writer.stored.connect(self._stored)
        self.writer.refused.connect(lambda _entry: self.problem_label.hide())
        self.model.typed.connect(self._type)
        self.model.locked.connect(lambda _entry: self._say_locked())
        self.grid.refused.connect(self._say_problem)
        self.correct_button.clicked.connect(self.correct)
        on_keys(self, "Ctrl+Z", self.undo)
        on_keys(self, "Ctrl+Return", self.ask_to_sign)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of typing, for F1; a subclass adds what Ctrl+Enter does."""
        return [
            ("0 … 9, Enter", Text("type a mark, go on to the next cell")),
            ("Del", Text("take the mark away")),
            ("↑ ↓", Text("row above, below")),
            ("Ctrl+Z", Text("undo the last mark")),
        ]

    # --- what a subclass says ---

    def row_of(self, view: SheetView) -> GridRow:
        """Return the row that shows a sheet."""
        raise NotImplementedError

    def show_counts(self) -> None:
        """Say what follows from all rows; called after each that changed."""
        raise NotImplementedError

    def ask_to_sign(self) -> None:
        """Ask whether the complete rows are to be signed now."""
        raise NotImplementedError

    # --- what a subclass uses ---

    def knows(self) -> bool:
        """Return whether only this page changed what it shows, so that nothing is to be read."""
        return self.sheets.loaded and self.writer.knows(self.watch.seen)

    def type_mark(
        self, entry: str, criterion: str, mark: Fraction | None, before: Fraction | None
    ) -> None:
        """Store what was typed into a criterion's cell."""
        self.writer.set_mark(entry, criterion, mark, before)

    def ready_rows(self) -> list[GridRow]:
        """Return the rows that can be signed; a correction with a gap cannot."""
        return [row for row in self.model.rows() if is_ready(row)]

    def corrects(self, rows: list[GridRow]) -> bool:
        """Return whether signing these rows corrects something, and so needs a reason."""
        return any(self.sheets[row.entry].signed for row in rows)

    def forget_steps(self) -> None:
        """Begin anew after signing: nothing to undo, nothing open for correction."""
        self.writer.forget()
        self.sheets.close_all()

    def show_hint(self, *, there: bool) -> None:
        """Say the keys below the grid, where big letters leave room for it; F1 says all of them."""
        self._hinted = there
        self.keys_label.setVisible(there and theme.px(100) <= MOST_HINT)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.show_hint(there=self._hinted)

    # --- typing ---

    def undo(self) -> None:
        """Take the last typed mark back."""
        step = self.writer.undo()
        if step is not None:
            self.grid.start(at=step.entry)

    def correct(self) -> None:
        """Open the signed row under the cursor for typing."""
        entry = self.grid.current_entry()
        view = self.sheets.get(entry)
        if view is None or view.state != "final" or view.abstained:
            self.house.show_message(Text("Put the cursor into a signed row first."), "calm")
            return
        self.sheets.open(entry)
        self.model.show_row(self.row_of(view))
        self.grid.setFocus()
        self.house.show_message(
            Text("Change the marks now. The reason is asked when you sign again."), "calm"
        )

    def _type(
        self, entry: str, criterion: str, value: Fraction | None, before: Fraction | None
    ) -> None:
        self.problem_label.hide()
        self.type_mark(entry, criterion, value, before)

    def _stored(self, view: SheetView) -> None:
        self.sheets.put(view)
        self.model.show_row(self.row_of(view))
        self.show_counts()

    def _say_problem(self, text: Text) -> None:
        self.problem_label.setText(say(text))
        self.problem_label.show()

    def _say_locked(self) -> None:
        self._say_problem(
            Text("This row cannot be typed into: it is signed. Use “Correct this row” first.")
        )


def is_ready(row: GridRow) -> bool:
    """Return whether a row is complete and not signed; a correction with a gap is not."""
    return row.key in {"complete", "correction"} and row.total is not None
