"""Both sides of a forked key, mark by mark; the panel says which one stands."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QRadioButton

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.decide import NO_VOTES
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_lines, show_rows
from kipp_desktop.gui.translation import say, say_number, say_value
from kipp_desktop.gui.widgets.votes import VotesRow
from kipp_desktop.services.forks import Difference
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QDialogButtonBox,
        QGridLayout,
        QLineEdit,
        QTableView,
        QWidget,
    )

    from kipp_desktop.services.desk import Votes
    from kipp_desktop.services.forks import Fork, Side

LINES = 7


def _value(row: Difference, side: int) -> str:
    value = row.values[side]
    if isinstance(value, Text):
        return say(value)
    return say_number(value) or "–"


def _time(row: Difference, side: int) -> str:
    at = row.times[side]
    return say_value(datetime.fromisoformat(at)) if at else ""


def _columns(sides: int) -> tuple[Column[Difference], ...]:
    found = [
        Column[Difference](Text("No."), lambda row: row.entry, right=True, width=5),
        Column[Difference](
            Text("About"),
            lambda row: say(row.what) if isinstance(row.what, Text) else row.what,
            stretch=True,
        ),
    ]
    for side in range(sides):
        value, time = partial(_value, side=side), partial(_time, side=side)
        found.append(Column[Difference](_letter(side), value, bold=True, width=9))
        found.append(Column[Difference](Text("signed"), time, width=24))
    found.append(
        Column[Difference](
            Text("Compared"),
            lambda row: say(Text("the same") if row.same else Text("differs")),
            tone=lambda row: "neutral" if row.same else "wait",
            width=11,
        )
    )
    return tuple(found)


def _letter(side: int) -> Text:
    return Text("Side {letter}", letter=chr(ord("A") + side))


class ForkDialog(FormDialog):
    """Accepted with a side (or none beyond what is common) and a reason."""

    form = "fork.ui"
    title = Text("Two versions of one key")
    wide = 1200

    what_label: QLabel
    common_label: QLabel
    table: QTableView
    sides: QGridLayout
    then_label: QLabel
    reason: QLineEdit
    votes_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, fork: Fork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fork = fork
        self.what_label.setText(
            say(
                Text(
                    "The key of {name} has signed {count} different versions.",
                    name=fork.name,
                    count=len(fork.sides),
                )
            )
        )
        self.common_label.setText(
            say(
                Text(
                    "The first {shared} records are common to all and count. Below stands what "
                    "was signed after that; times are that laptop's clock.",
                    shared=fork.shared,
                )
            )
        )
        model = RowsModel(_columns(len(fork.sides)), lambda row: (row.entry, row.what), self)
        show_rows(self.table, model)
        model.set_rows(sorted(fork.differences, key=lambda row: row.same))
        show_lines(self.table, min(max(len(fork.differences), 2), LINES))
        self.choices: list[QRadioButton] = []
        for number, side in enumerate(fork.sides):
            self._add_choice(
                Text("{side}: {count} records", side=_letter(number), count=side.records),
                _citation(side),
            )
        self._add_choice(
            Text("Neither of them"),
            Text("Only the {shared} common records count.", shared=fork.shared),
        )
        self.then_label.setText(
            say(
                Text(
                    "The key ends with it, and the sentence stands in the minutes. Nothing is "
                    "deleted: the other side stays, and its sheets can be accepted one by one. "
                    "{name} goes on with a new key.",
                    name=fork.name,
                )
            )
        )
        self.votes = VotesRow()
        place(self.votes, self.votes_place)
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons, Text("Let this side stand"))
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.choices[0].setFocus()

    def accept_if_whole(self) -> None:
        """Close with the answer, or say that nobody voted."""
        if self.votes.missing():
            self.problem_label.setText(say(NO_VOTES))
            self.problem_label.show()
            self.votes.boxes[0].setFocus()
            self.fit()
            return
        self.accept()

    def answer(self) -> tuple[str | None, str, Votes | None]:
        """Return the head that stands (``None``: what is common), the reason, and the votes."""
        chosen = next(n for n, choice in enumerate(self.choices) if choice.isChecked())
        head = self._fork.sides[chosen].head if chosen < len(self._fork.sides) else None
        return head, self.reason.text().strip(), self.votes.votes()

    def _add_choice(self, what: Text, more: Text) -> None:
        choice, label = QRadioButton(say(what)), QLabel(say(more))
        choice.setObjectName(f"side_{len(self.choices)}")
        choice.setAccessibleDescription(say(more))
        choice.toggled.connect(self._look)
        label.setWordWrap(True)
        label.setProperty("look", "muted")
        row = len(self.choices)
        self.sides.addWidget(choice, row, 0)
        self.sides.addWidget(label, row, 1)
        self.choices.append(choice)

    def _look(self) -> None:
        chosen = any(choice.isChecked() for choice in self.choices)
        self._ok.setEnabled(chosen and bool(self.reason.text().strip()))


def _citation(side: Side) -> Text:
    cited = (
        Text("cited by {citing}", citing=side.cited)
        if side.cited
        else Text("no record of the desk cites it")
    )
    return Text(
        "{first} to {last}; {cited}.",
        first=datetime.fromisoformat(side.first_at),
        last=datetime.fromisoformat(side.last_at),
        cited=cited,
    )
