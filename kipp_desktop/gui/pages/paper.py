"""Lembar kertas: what judges wrote on paper, typed at the desk, checked before it counts.

A typed sheet counts when a second person types the same, or when it was printed back and the judge
initialled it. Both ways are on this page; each typist sees only what that typist typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.marking import SheetWriter
from kipp_desktop.gui.models.grid_rows import paper_row
from kipp_desktop.gui.models.mark_grid import WRITTEN, GridRow, MarkGridModel
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.mark_grid import MarkGrid
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.gui.workplace import ask_and_run
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

    from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import SheetView, Submitted

REMARKS: Final = 4
"""So many differences are told below the grid; the cells show all of them."""


@dataclass(frozen=True)
class _Read:
    judges: list[JudgeProgress]
    cards: list[Card]
    card: Card
    judge: int
    book: Sheetbook


class PaperPage(Page):
    """Judge and typist above, the grid, and what is to be looked at below it."""

    form = "paper.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "entries", "identities", "people"})

    judge_choice: QComboBox
    typist_label: QLabel
    typist_choice: QComboBox
    summary_place: QWidget
    progress_place: QWidget
    grid_place: QWidget
    problem_label: QLabel
    remarks_label: QLabel
    keys_label: QLabel
    correct_button: QPushButton

    def build(self) -> None:
        """Put the grid into the form and connect it."""
        self._read: _Read | None = None
        self._views: dict[str, SheetView] = {}
        self._unlocked: set[str] = set()
        self._judge = self._typist = ""
        self.model, self.grid = MarkGridModel(with_written=True), MarkGrid()
        self.grid.setObjectName("paper_grid")
        self.grid.setSelectionMode(MarkGrid.SelectionMode.ExtendedSelection)
        self.grid.show_model(self.model)
        self.summary, self.line = ElidedLabel(), ProgressLine()
        self.summary.setProperty("look", "muted")
        place(self.grid, self.grid_place)
        place(self.summary, self.summary_place)
        place(self.line, self.progress_place)
        self.problem_label.hide()
        self.empty = EmptyState("file-pen-line")
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.writer = SheetWriter(self)
        self.writer.stored.connect(self._stored)
        self.model.typed.connect(self._type)
        self.model.locked.connect(lambda _entry: self._say_locked())
        self.grid.refused.connect(self._say_problem)
        self.judge_choice.activated.connect(self._choose)
        self.typist_choice.activated.connect(self._choose)
        self.correct_button.clicked.connect(self.correct)
        self.check_button = self.add_action(
            Text("Initialled by the judge …"),
            self.ask_to_check,
            icon="printer",
            name="check_button",
        )
        self.sign_button = self.add_action(
            Text("Save as a typing"), self.ask_to_sign, main=True, icon="save", name="sign_button"
        )
        self._shortcut("Ctrl+Z", self.undo)
        self._shortcut("Ctrl+Return", self.ask_to_sign)

    def _shortcut(self, keys: str, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def keys(self) -> list[tuple[str, Text]]:
        """Return this page's keys for F1."""
        return [
            ("0 … 9, Enter", Text("type a mark, go on to the next cell")),
            ("Del", Text("take the mark away")),
            ("↑ ↓", Text("row above, below")),
            ("Ctrl+Z", Text("undo the last mark")),
            ("Ctrl+Enter", Text("save what is complete as a typing")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read the judges and the sheets of the chosen one, unless only this page changed them."""
        if self._read is not None and self.writer.knows(self.watch.seen):
            return
        workplace: Workplace = self.house.session.context
        judge, typist = self._judge, self._typist

        def read(task: TaskContext) -> _Read | None:
            panel = workplace.panel
            if panel.state.plan is None:
                return None
            home = workplace.home(task)
            cards = typists(panel, home.identities(panel.competition))
            judges = judges_progress(panel)
            if not cards or not judges:
                return None
            card = next((c for c in cards if c.fingerprint == typist), cards[0])
            number = next((i for i, j in enumerate(judges) if _key(j) == judge), 0)
            chosen = judges[number]
            marker = judging.Marker(card.fingerprint, chosen.id, chosen.stage, paper=True)
            return _Read(judges, cards, card, number, read_sheetbook(panel, marker))

        self.run(read, self._show)

    def _show(self, read: _Read | None) -> None:
        for widget in (
            self.grid_place,
            self.judge_choice,
            self.progress_place,
            self.keys_label,
            self.sign_button,
            self.check_button,
            self.correct_button,
        ):
            widget.setVisible(read is not None)
        several = read is not None and len(read.cards) > 1
        self.typist_choice.setVisible(several)
        self.typist_label.setVisible(several)
        self.empty.setVisible(read is None)
        if read is None:
            return
        before, self._read = self._read, read
        book = read.book
        same = before is not None and before.book.marker == book.marker
        self._judge, self._typist = _key(read.judges[read.judge]), read.card.fingerprint
        self._views = {view.entry.id: view for view in book.views}
        if not same:
            self._unlocked.clear()
        self.writer.use(book.marker)
        self._say_choices()
        here = self.grid.current_entry() if same else ""
        self.model.set_rows(book.rubric.judged.leaves, [self._row(view) for view in book.views])
        self._show_counts()
        forms.chain_tabs(self)
        self.grid.start(at=here)
        if before is None:
            self.grid.setFocus()

    def _row(self, view: SheetView) -> GridRow:
        assert self._read is not None
        return paper_row(self._read.book, view, unlocked=view.entry.id in self._unlocked)

    def _say_choices(self) -> None:
        read = self._read
        assert read is not None
        several = len({judge.stage for judge in read.judges}) > 1
        self.judge_choice.clear()
        for judge in read.judges:
            text = Text(
                "{name} · {done} of {total}",
                name=f"{judge.name} ({judge.stage})" if several else judge.name,
                done=judge.counted,
                total=judge.expected,
            )
            self.judge_choice.addItem(say(text), _key(judge))
        self.judge_choice.setCurrentIndex(read.judge)
        self.typist_choice.clear()
        for card in read.cards:
            self.typist_choice.addItem(card.name, card.fingerprint)
        self.typist_choice.setCurrentIndex(read.cards.index(read.card))

    def _choose(self, _at: int) -> None:
        self._judge = str(self.judge_choice.currentData())
        self._typist = str(self.typist_choice.currentData())
        self.problem_label.hide()
        self.watch.forget()
        self.grid.setFocus()

    def _show_counts(self) -> None:
        read, rows = self._read, self.model.rows()
        assert read is not None
        ready = sum(_is_ready(row) for row in rows)
        counts = {"twice", "checked"}
        waiting = sum(row.key == "once" for row in rows)
        differing = sum(row.key == "differs" for row in rows)
        done = sum(row.key in counts for row in rows)
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
        self.line.show_progress(done, len(rows))
        self.sign_button.setEnabled(bool(ready))
        self.check_button.setEnabled(bool(self._to_check()))
        remarks = [row.remark for row in rows if row.remark is not None]
        names = {leaf.id: leaf.criterion.name for leaf in self.model.leaves}
        remarks += [
            Text("Number {number}: {what}", number=row.number, what=_differences(row, names))
            for row in rows
            if row.differing
        ]
        shown = [say(remark) for remark in remarks[:REMARKS]]
        if len(remarks) > REMARKS:
            shown.append(say(Text("and {count} more", count=len(remarks) - REMARKS)))
        self.remarks_label.setText("\n".join(shown))
        self.remarks_label.setVisible(bool(shown))

    # --- typing ---

    def _type(
        self, entry: str, criterion: str, value: Fraction | None, before: Fraction | None
    ) -> None:
        self.problem_label.hide()
        if criterion != WRITTEN:
            self.writer.set_mark(entry, criterion, value, before)
            return
        notes = self._views[entry].notes
        written = "" if value is None else format_decimal(value)
        self.writer.set_notes(entry, replace(notes, written_total=written))

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
        """Open the signed row under the cursor for typing."""
        entry = self.grid.current_entry()
        view = self._views.get(entry)
        if view is None or view.state != "final":
            self.house.show_message(Text("Put the cursor into a signed row first."), "calm")
            return
        self._unlocked.add(entry)
        self.model.show_row(self._row(view))
        self.grid.setFocus()

    def _say_problem(self, text: Text) -> None:
        self.problem_label.setText(say(text))
        self.problem_label.show()

    def _say_locked(self) -> None:
        self._say_problem(
            Text("This row cannot be typed into: it is signed. Use “Correct this row” first.")
        )

    # --- signing ---

    def ask_to_sign(self) -> None:
        """Ask whether the complete rows are to be signed as a typing."""
        read = self._read
        ready = [row for row in self.model.rows() if _is_ready(row)]
        if read is None or not ready:
            self.house.show_message(Text("No row is complete and unsaved."), "calm")
            return
        gaps = [row.number for row in self.model.rows() if row.key == "draft"]
        odd = [row.number for row in ready if row.remark is not None]
        left = None
        if odd:
            left = Text(
                "Look again: the total on paper is another for number {numbers}.",
                numbers=", ".join(odd),
            )
        elif gaps:
            left = Text("Not complete, so not saved: {numbers}", numbers=", ".join(gaps))
        dialog = SigningDialog(
            Question(
                title=Text("Save as a typing"),
                what=Text(
                    "{typist} typed {count} sheets of {judge}.",
                    typist=read.card.name,
                    count=len(ready),
                    judge=read.judges[read.judge].name,
                ),
                meaning=Text(
                    "They are signed under the typist's key. They count once a second person has "
                    "typed the same, or the judge has initialled the printed sheet."
                ),
                button=Text("Save {count} sheets", count=len(ready)),
                left=left,
                corrects=any(self._views[row.entry].signed for row in ready),
            ),
            self,
        )
        dialog.accepted.connect(lambda: self._sign(dialog.reason.text()))
        dialog.open()

    def _sign(self, reason: str) -> None:
        def work(task: TaskContext, read: _Read, workplace: Workplace) -> Any:
            home = workplace.home(task)
            identity = home.unlock(read.card)
            marker = read.book.marker
            return judging.submit(home, workplace.panel, marker, identity, None, reason)

        self._act(work, self._signed)

    def _signed(self, result: Submitted) -> None:
        self.writer.forget()
        self._unlocked.clear()
        self.house.show_message(
            Text("{count} sheets are saved as a typing.", count=len(result.submitted))
        )

    def _to_check(self) -> list[GridRow]:
        """Return the rows that this typist signed and that do not count by initials yet."""
        return [
            row
            for row in self.model.rows()
            if self._views[row.entry].state == "final" and row.key in {"once", "twice", "differs"}
        ]

    def ask_to_check(self) -> None:
        """Ask which typed sheets were printed back and initialled by their judge."""
        read, rows = self._read, self._to_check()
        if read is None or not rows:
            return
        chosen = set(self.grid.chosen_entries())
        some = [row for row in rows if row.entry in chosen]
        dialog = SigningDialog(
            Question(
                title=Text("Printed back and initialled"),
                what=Text(
                    "{judge} has initialled the printed sheets.",
                    judge=read.judges[read.judge].name,
                ),
                meaning=Text(
                    "You sign that the typed marks were printed, that the judge compared them "
                    "with the paper and initialled them. From then on they count."
                ),
                button=Text("Sign: initialled"),
                all=Text("All {count} typed sheets", count=len(rows)),
                some=Text(
                    "Only the selected rows: {numbers}",
                    numbers=", ".join(row.number for row in some),
                )
                if some and len(some) < len(rows)
                else None,
            ),
            self,
        )
        dialog.accepted.connect(
            lambda: self._check({row.entry for row in (rows if dialog.takes_all() else some)})
        )
        dialog.open()

    def _check(self, entries: set[str]) -> None:
        def work(task: TaskContext, read: _Read, workplace: Workplace) -> Any:
            home = workplace.home(task)
            identity = home.unlock(read.card)
            done, changes = paper.check(home, workplace.panel, read.book.marker, identity, entries)
            return _Checked(len(done), changes)

        self._act(
            work,
            lambda checked: self.house.show_message(
                Text("{count} sheets count now.", count=checked.count)
            ),
        )

    def _act(
        self,
        work: Callable[[TaskContext, _Read, Workplace], Any],
        done: Callable[[Any], None],
    ) -> None:
        from kipp_desktop.gui.dialogs.passphrase import ask_passphrase

        read = self._read
        assert read is not None
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house, read.card, ask_passphrase, lambda task: work(task, read, workplace), done
        )

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.grid.setAccessibleName(say(Text("Marks of the judge on paper")))
        self.empty.say(
            say(Text("No sheets to type yet")),
            say(
                Text(
                    "Load the innovations and the judges first, then publish the plan: it makes "
                    "the key under which paper is typed."
                )
            ),
        )
        if self._read is not None:
            self._say_choices()
            self._show_counts()


@dataclass(frozen=True)
class _Checked:
    count: int
    changes: Any


def _key(judge: JudgeProgress) -> str:
    return f"{judge.stage}/{judge.id}"


def _is_ready(row: GridRow) -> bool:
    return row.key in {"complete", "correction"} and row.total is not None


def _differences(row: GridRow, names: dict[str, str]) -> str:
    return ", ".join(f"{names[criterion]} {marks}" for criterion, marks in row.differing.items())
