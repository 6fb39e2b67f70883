"""Lembar kertas: what judges wrote on paper, typed at the desk, checked before it counts.

A typed sheet counts when a second person types the same, or when it was printed back and the judge
initialled it. Both ways are on this page; each typist sees only what that typist typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.signing import SigningDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.grid_rows import paper_remarks, paper_row
from kipp_desktop.gui.models.mark_grid import WRITTEN
from kipp_desktop.gui.pages.grid_page import GridPage, is_ready
from kipp_desktop.gui.pages.paper_acts import PaperActs
from kipp_desktop.gui.pages.paper_questions import check_question, typing_question
from kipp_desktop.gui.pages.paper_totals import WrittenTotals
from kipp_desktop.gui.pages.paper_who import WhoRow, key_of
from kipp_desktop.gui.signing import ask_and_sign, ask_and_submit
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.mark_grid import MarkGrid
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.services import judging, paper
from kipp_desktop.services.sheetbook import (
    JudgeProgress,
    Sheetbook,
    judges_progress,
    read_sheetbook,
    typists,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from PySide6.QtWidgets import QLabel, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.exchange.keys import Card, Identity
    from kipp_desktop.gui.models.mark_grid import GridRow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import SheetView, Submitted
    from kipp_desktop.services.panel import Panel

REMARKS: Final = 4
"""So many differences are told below the grid; the cells show all of them."""


@dataclass(frozen=True)
class PaperRead:
    """``card`` and ``judge`` are the chosen ones, by their place in the lists."""

    judges: list[JudgeProgress]
    cards: list[Card]
    card: int
    judge: int
    book: Sheetbook

    @property
    def typist(self) -> Card:
        """The identity that types."""
        return self.cards[self.card]

    @property
    def judge_name(self) -> str:
        """The name of the judge whose paper is typed."""
        return self.judges[self.judge].name

    @property
    def judge_id(self) -> str:
        """The id of that judge."""
        return self.judges[self.judge].id

    @property
    def stage(self) -> str:
        """The id of the stage."""
        return self.judges[self.judge].stage


@dataclass(frozen=True)
class _Checked:
    count: int
    changes: Changes


class PaperPage(GridPage):
    """Judge and typist above, the grid, and what is to be looked at below it."""

    form = "paper.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "entries", "identities", "people"})
    grid_name = "paper_grid"
    with_written = True
    empty_icon = "file-pen-line"

    progress_place: QWidget
    remarks_label: QLabel

    def build(self) -> None:
        """Add what this page has beside its grid."""
        super().build()
        self.read: PaperRead | None = None
        self._judge = self._typist = ""
        self.grid.setSelectionMode(MarkGrid.SelectionMode.ExtendedSelection)
        self.line = ProgressLine()
        place(self.line, self.progress_place)
        self.who = WhoRow(self)
        self.who.chosen.connect(self._choose)
        files_button = self.add_action(
            Text("Sheets…"), lambda: None, icon="printer", name="files_button"
        )
        self.acts = PaperActs(self, files_button)
        self.totals = WrittenTotals(self)
        self.check_button = self.add_action(
            Text("Judge's initials…"),
            self.ask_to_check,
            icon="clipboard-check",
            name="check_button",
        )
        self.sign_button = self.add_action(
            Text("Save as a typing"), self.ask_to_sign, main=True, icon="save", name="sign_button"
        )

    def keys(self) -> list[tuple[str, Text]]:
        """Return this page's keys for F1."""
        return [
            *super().keys(),
            ("+", Text("the total on paper is written so")),
            ("Ctrl+Enter", Text("save what is complete as a typing")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read the judges and the sheets of the chosen one, unless only this page changed them."""
        if self.knows():
            return
        workplace: Workplace = self.house.session.context
        judge, typist = self._judge, self._typist

        def read(task: TaskContext) -> PaperRead | None:
            panel = workplace.panel
            if panel.state.plan is None:
                return None
            home = workplace.home(task)
            cards = typists(panel, home.identities(panel.competition))
            judges = judges_progress(panel)
            if not cards or not judges:
                return None
            card = next((i for i, c in enumerate(cards) if c.fingerprint == typist), 0)
            number = next((i for i, j in enumerate(judges) if key_of(j) == judge), 0)
            chosen = judges[number]
            marker = judging.Marker(cards[card].fingerprint, chosen.id, chosen.stage, paper=True)
            return PaperRead(judges, cards, card, number, read_sheetbook(panel, marker))

        self.run(read, self._show_read)

    def _show_read(self, read: PaperRead | None) -> None:
        for widget in (
            self.grid_place,
            self.who.judge_choice,
            self.progress_place,
            self.sign_button,
            self.check_button,
            self.correct_button,
        ):
            widget.setVisible(read is not None)
        self.show_hint(there=read is not None)
        self.empty.setVisible(read is None)
        self.acts.show_read(read)
        if read is None:
            self.who.hide()
            return
        before, self.read = self.read, read
        book = read.book
        same = before is not None and before.book.marker == book.marker
        self._judge, self._typist = key_of(read.judges[read.judge]), read.typist.fingerprint
        self.sheets.take(book)
        self.writer.use(book.marker)
        self._show_who(read)
        here = self.grid.current_entry() if same else ""
        self.model.set_rows(book.rubric.judged.leaves, [self.row_of(view) for view in book.views])
        self.show_counts()
        forms.chain_tabs(self)
        self.grid.start(at=here)
        if before is None:
            self.grid.setFocus()

    def _show_who(self, read: PaperRead) -> None:
        self.who.show_judges(read.judges, read.judge)
        self.who.show_typists(read.cards, read.card)

    def _choose(self) -> None:
        self._judge, self._typist = self.who.judge(), self.who.typist()
        self.problem_label.hide()
        self.watch.forget()
        self.grid.setFocus()

    def row_of(self, view: SheetView) -> GridRow:
        """Return the row that shows a sheet."""
        return paper_row(self.sheets, view)

    def show_counts(self) -> None:
        """Say how the typed sheets stand, and which to look at again."""
        rows = self.model.rows()
        ready = sum(is_ready(row) for row in rows)
        waiting = sum(row.key == "once" for row in rows)
        differing = sum(row.key == "differs" for row in rows)
        done = sum(row.key in {"twice", "checked"} for row in rows)
        self.summary.say(
            say(
                Text(
                    "{ready} to be saved · {waiting} typed once · {differing} differ · "
                    "{done} count",
                    ready=ready,
                    waiting=waiting,
                    differing=differing,
                    done=done,
                )
            )
        )
        self.line.show_progress(done, sum(row.due for row in rows))
        self.acts.show_differing(differing)
        self.sign_button.setEnabled(bool(ready))
        self.check_button.setEnabled(bool(self._to_check()))
        remarks = paper_remarks(rows, self.model.leaves)
        shown = [say(remark) for remark in remarks[:REMARKS]]
        if len(remarks) > REMARKS:
            shown.append(say(Text("and {count} more", count=len(remarks) - REMARKS)))
        self.remarks_label.setText("\n".join(shown))
        self.remarks_label.setVisible(bool(shown))

    def type_mark(
        self, entry: str, criterion: str, mark: Fraction | None, before: Fraction | None
    ) -> None:
        """Store what was typed; the total that stands on paper is a note, not a mark."""
        if criterion != WRITTEN:
            super().type_mark(entry, criterion, mark, before)
            return
        written = "" if mark is None else format_decimal(mark)
        self.totals.typed(entry)
        self.writer.set_notes(entry, replace(self.sheets[entry].notes, written_total=written))

    def _stored(self, view: SheetView) -> None:
        super()._stored(view)
        self.totals.look(view.entry.id)

    # --- signing ---

    def ask_to_sign(self) -> None:
        """Ask whether the complete rows are to be signed as a typing."""
        read, ready = self.read, self.ready_rows()
        if read is None or not ready:
            self.house.show_message(Text("No row is complete and unsaved."), "calm")
            return
        question = typing_question(
            read.typist.name,
            read.judge_name,
            ready,
            [row for row in self.model.rows() if row.key == "draft"],
            corrects=self.corrects(ready),
        )
        dialog = SigningDialog(question, self)
        ask_and_submit(self.house, dialog, read.typist, read.book.marker, self._signed)

    def _signed(self, result: Submitted) -> None:
        self.forget_steps()
        self.house.show_message(
            Text("{count} sheets are saved as a typing.", count=len(result.submitted))
        )

    def _to_check(self) -> list[GridRow]:
        """Return the rows that this typist signed and that do not count by initials yet."""
        return [
            row
            for row in self.model.rows()
            if self.sheets[row.entry].state == "final" and row.key in {"once", "twice", "differs"}
        ]

    def ask_to_check(self) -> None:
        """Ask which typed sheets were printed back and initialled by their judge."""
        read, rows = self.read, self._to_check()
        if read is None or not rows:
            return
        chosen = set(self.grid.chosen_entries())
        some = [row for row in rows if row.entry in chosen]
        dialog = SigningDialog(check_question(read.judge_name, rows, some), self)
        marker = read.book.marker

        def decided() -> Callable[[Home, Panel, Identity], _Checked]:
            entries = {row.entry for row in (rows if dialog.takes_all() else some)}

            def check(home: Home, panel: Panel, identity: Identity) -> _Checked:
                done, changes = paper.check(home, panel, marker, identity, entries)
                return _Checked(len(done), changes)

            return check

        def say_done(checked: _Checked) -> None:
            self.house.show_message(Text("{count} sheets count now.", count=checked.count))

        ask_and_sign(self.house, dialog, read.typist, decided, say_done)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.grid.setAccessibleName(say(Text("Marks of the judge on paper")))
        self.acts.say()
        self.empty.say(
            say(Text("No sheets to type yet")),
            say(
                Text(
                    "Load the innovations and the judges first, then publish the plan: it makes "
                    "the key under which paper is typed."
                )
            ),
        )
        if self.read is not None:
            self._show_who(self.read)
            self.show_counts()
