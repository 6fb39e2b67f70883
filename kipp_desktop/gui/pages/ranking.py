"""Peringkat: computed and decided places, what is to be decided, and where every number comes from.

Until the stages are closed only completeness is shown; opening the places earlier is noted.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabBar, QWidget

from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.decide import question_text
from kipp_desktop.gui.dialogs.making import MakingDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.recording import decide_question
from kipp_desktop.gui.translation import say, say_number, say_value
from kipp_desktop.gui.widgets.cells import DotsDelegate, LinedDelegate
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.completeness import Completeness
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.services import board as boards
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QFrame, QTableView

    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.board import Board, BoardRow, GroupBoard, MadeStage, Question

DOTS_COLUMN: Final = 6
MOST_QUESTIONS: Final = 4
STATUSES: Final = {
    "absent": Text("absent"),
    "withdrawn": Text("withdrawn"),
    "disqualified": Text("disqualified"),
    "incomplete": Text("incomplete"),
    "not-advanced": Text("did not advance"),
}


def _decided(row: BoardRow) -> str:
    if row.waits:
        return "?"
    # Below the last award, too: the panel let the computed place stand.
    return "" if row.place is None else str(row.place)


def _award(row: BoardRow) -> str:
    if row.waits:
        return say(Text("to decide"))
    if row.place is None:
        return say(STATUSES.get(row.status, Text("incomplete")))
    return row.award or ""


def _award_tone(row: BoardRow) -> str:
    return "wait" if row.waits else "neutral" if row.place is None else "calm"


def _totals(row: BoardRow) -> str:
    return "; ".join(f"{judge}: {say_value(total)}" for judge, total in row.totals)


def _natural(number: str) -> tuple[int, str]:
    digits = number.lstrip("0")
    return (int(digits), "") if digits.isdigit() else (10**9, number.casefold())


def _spread(row: BoardRow) -> Fraction | None:
    totals = [total for _, total in row.totals]
    return max(totals) - min(totals) if totals else None


COLUMNS: Final = (
    Column["BoardRow"](
        Text("Computed"),
        lambda r: "" if r.computed is None else str(r.computed),
        lambda r: r.computed,
        right=True,
        bold=True,
        width=6,
    ),
    Column["BoardRow"](Text("Decided"), _decided, lambda r: r.place, right=True, width=7),
    Column["BoardRow"](
        Text("No."), lambda r: r.number, lambda r: _natural(r.number), right=True, width=4
    ),
    Column["BoardRow"](Text("Innovation"), lambda r: r.title, stretch=True),
    Column["BoardRow"](Text("Organisation"), lambda r: r.organisation, width=24, least=10),
    Column["BoardRow"](
        Text("Final score"),
        lambda r: say_number(r.score or "–"),
        lambda r: None if r.score is None else -Fraction(r.score),
        right=True,
        bold=True,
        width=8,
    ),
    Column["BoardRow"](Text("Each judge's total"), _totals, _spread, width=23),
    Column["BoardRow"](Text("Award"), _award, tone=_award_tone, width=11),
)


class RankingPage(Page):
    """The table of one group at a time; several groups have tabs."""

    form = "ranking.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries", "results"})

    closed_card: QFrame
    show_button: QPushButton
    done: QWidget
    questions_card: QFrame
    table_card: QFrame
    groups: QWidget
    table: QTableView
    hint: QLabel
    empty_place: QWidget

    def build(self) -> None:
        """Set up the table and its drawing."""
        self._board: Board | None = None
        self._group = ""
        self._lines: frozenset[str] = frozenset()
        self.completeness = Completeness()
        place(self.completeness, self.done)
        self.tabs = QTabBar()
        self.tabs.setObjectName("group_tabs")
        self.tabs.setExpanding(False)
        place(self.tabs, self.groups)
        self.tabs.currentChanged.connect(self._choose_group)
        self.model = RowsModel(COLUMNS, lambda row: row.id, self)
        show_rows(self.table, self.model, self.show_making)
        lined = LinedDelegate(self._has_line, self.table)
        for column in range(len(COLUMNS)):
            self.table.setItemDelegateForColumn(column, lined)
        self.dots = DotsDelegate(_dots, self._has_line, self.table)
        self.table.setItemDelegateForColumn(DOTS_COLUMN, self.dots)
        self.show_button.clicked.connect(self.open_early)
        self.minutes_button = self.add_action(
            Text("Make the minutes"),
            lambda: self.house.go_to("results"),
            main=True,
            name="minutes_button",
        )
        self.minutes_button.hide()
        self.empty = EmptyState("trophy")
        self.empty.on_click(lambda: self.house.go_to("people"))
        place(self.empty, self.empty_place)
        for widget in (self.closed_card, self.questions_card, self.table_card, self.hint):
            widget.hide()
        self.empty_place.hide()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [("Enter", Text("where this number comes from"))]

    # --- reading ---

    def load(self) -> None:
        """Read the ranking as it is now."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: boards.board(workplace.panel), self.show_board, self._show_none)

    def _show_none(self, error: KippError) -> None:
        """Say why there is no ranking yet, where that is no fault."""
        if error.code == "no-plan":
            self.empty_place.show()
        else:
            self.house.show_error(error)

    def show_board(self, board: Board) -> None:
        """Show the ranking, or only completeness while it is not open."""
        self._board = board
        self.empty_place.hide()
        self.completeness.show_status(board.status)
        self.closed_card.setVisible(not board.opened)
        self.minutes_button.setVisible(board.opened)
        for widget in (self.table_card, self.hint):
            widget.setVisible(board.opened)
        self._show_groups(board.groups)
        self._show_group()
        self._say_board()

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("There is no ranking yet")),
            say(
                Text(
                    "It is computed from the judges' sheets, and judges start when the package "
                    "has been published."
                )
            ),
            say(Text("To panel and rubric")),
        )
        if self._board is not None:
            self._say_board()

    def _say_board(self) -> None:
        board = self._board
        assert board is not None
        people = board.status.people
        text = Text(
            "{entries} innovations · {judges} judges · {sent} of {expected} sheets",
            entries=board.entries,
            judges=len(people),
            sent=sum(person.sent for person in people),
            expected=sum(person.expected for person in people),
        )
        out = sum(person.abstained for person in people)
        if out:
            text = Text("{text} · {count} abstentions", text=text, count=out)
        self.set_subtitle(text)
        low, high = _whole(board.scale)
        self.model.columns = tuple(
            replace(
                column,
                title=Text("Each judge's total ({low} – {high})", low=low, high=high)
                if number == DOTS_COLUMN
                else column.title,
            )
            for number, column in enumerate(COLUMNS)
        )
        self.model.translate()
        self._show_questions()

    # --- groups ---

    def _show_groups(self, groups: Sequence[GroupBoard]) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for group in groups:
            self.tabs.addTab(group.name)
        ids = [group.id for group in groups]
        if self._group not in ids:
            self._group = ids[0] if ids else ""
        if ids:
            self.tabs.setCurrentIndex(ids.index(self._group))
        self.tabs.blockSignals(False)
        self.groups.setVisible(len(groups) > 1)

    def _choose_group(self, number: int) -> None:
        if self._board is not None and 0 <= number < len(self._board.groups):
            self._group = self._board.groups[number].id
            self._show_group()
            self._show_questions()

    def _current(self) -> GroupBoard | None:
        groups = self._board.groups if self._board is not None else ()
        return next((group for group in groups if group.id == self._group), None)

    def _show_group(self) -> None:
        group = self._current()
        rows = group.rows if group is not None else ()
        sizes = group.lines if group is not None else ()
        # A line stands below the last that a tier takes, also where a place is shared across it.
        self._lines = frozenset(rows[size - 1].id for size in sizes if size < len(rows))
        if self._board is not None:
            self.dots.scale = _whole(self._board.scale)
        self.model.set_rows(rows)
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _has_line(self, row: BoardRow) -> bool:
        section = self.table.horizontalHeader().sortIndicatorSection()
        return row.id in self._lines and section == -1

    # --- what is to be decided ---

    def _show_questions(self) -> None:
        layout = self.questions_card.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        group = self._current()
        questions = group.questions if group is not None else ()
        # What awards depend on; of the others one at a time, so that the table keeps its room.
        must = [question for question in questions if question.tier is not None]
        shown = must[:MOST_QUESTIONS] or questions[:1]
        for question in shown:
            layout.addWidget(self._question_row(question))
        if len(questions) > len(shown):
            more = QLabel(say(Text("… and {count} more", count=len(questions) - len(shown))))
            more.setProperty("look", "small")
            layout.addWidget(more)
        self.questions_card.setVisible(bool(questions))
        if questions:
            forms.chain_tabs(self)

    def _question_row(self, question: Question) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        if question.tier is not None:
            row.addWidget(Chip(say(Text("To be decided")), "wait"))
        else:
            row.addWidget(Chip(say(Text("May be decided")), "neutral"))
        words = QLabel(say(question_text(question)))
        words.setWordWrap(True)
        row.addWidget(words, 1)
        button = QPushButton(say(Text("Decide…")))
        button.setAccessibleDescription(words.text())
        button.clicked.connect(partial(self.decide, question))
        row.addWidget(button)
        return line

    def decide(self, question: Question, _on: bool = False) -> None:
        """Ask how the panel settled a shared place, and record it."""
        decide_question(self, question)

    # --- opening, and where a number comes from ---

    def open_early(self) -> None:
        """Show the places although a stage is open; the journal of this laptop says so."""
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: boards.open_ranking(workplace.home(task), workplace.panel),
            lambda _changes: self.house.show_message(
                Text("The ranking is open. That is noted in the journal of this laptop."), "calm"
            ),
        )
        self.table.setFocus()

    def show_making(self, row: BoardRow) -> None:
        """Open where a row's number comes from."""
        workplace: Workplace = self.house.session.context

        def show(stages: tuple[MadeStage, ...]) -> None:
            MakingDialog(row, stages, self.window()).open()

        self.run(lambda _task: boards.making_of(workplace.panel, row.id), show)


def _whole(scale: tuple[Fraction, Fraction]) -> tuple[int, int]:
    """Return the whole numbers around a scale: totals may have endless decimals."""
    return floor(scale[0]), ceil(scale[1])


def _dots(row: BoardRow) -> tuple[list[Fraction], Fraction | None]:
    totals = [total for _, total in row.totals]
    return totals, sum(totals, Fraction(0)) / len(totals) if totals else None
