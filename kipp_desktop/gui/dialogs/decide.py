"""Record how the panel settled a shared place: the plenary's order, a lot, or who gets the tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QListWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.ordering import Ordering
from kipp_desktop.gui.widgets.votes import VotesRow
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QListWidget,
        QPushButton,
        QRadioButton,
        QWidget,
    )

    from kipp_desktop.services.board import Question
    from kipp_desktop.services.desk import Votes

_NUMBER = int(Qt.ItemDataRole.UserRole)
NO_VOTES = Text("Type how many voted, or take the tick away.")


@dataclass(frozen=True)
class Decided:
    """What was decided: ``method`` is ``plenary``, ``lot`` or ``award``; numbers in its order."""

    method: str
    numbers: tuple[str, ...]
    reason: str
    votes: Votes | None = None


class DecideDialog(FormDialog):
    """Alt+Up and Alt+Down (or the two buttons) move an entry; Space ticks it where tiers are given.

    :attr:`decided` holds the answer once the dialog is accepted.
    """

    form = "decide.ui"
    title = Text("Decide about a shared place")
    wide = 620

    question_label: QLabel
    plenary_button: QRadioButton
    lot_button: QRadioButton
    order_label: QLabel
    order: QListWidget
    up_button: QPushButton
    down_button: QPushButton
    reason: QLineEdit
    votes_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.decided: Decided | None = None
        self._gives_tier = not question.methods
        self.votes = VotesRow()
        place(self.votes, self.votes_place)
        self.ordering = Ordering(self.order, self.up_button, self.down_button)
        self.ordering.allowed = not self._gives_tier
        self.question_label.setText(say(question_text(question)))
        self._fill()
        self._offer()
        self.main_button(self.buttons, Text("Record the decision"))
        self.problem_label.hide()
        self.reason.textChanged.connect(self.problem_label.hide)
        self.lot_button.toggled.connect(self._show_order)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)

    def _fill(self) -> None:
        for one in self.question.contenders:
            item = QListWidgetItem(f"{one.number} · {one.title}")
            item.setData(_NUMBER, one.number)
            if self._gives_tier:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
            self.order.addItem(item)
        self.order.setCurrentRow(0)
        row = self.order.sizeHintForRow(0) + theme.px(4)
        self.order.setFixedHeight(row * min(max(self.order.count(), 2), 8) + theme.px(8))

    def _offer(self) -> None:
        methods = self.question.methods
        for name, button in (("plenary", self.plenary_button), ("lot", self.lot_button)):
            button.setVisible(name in methods)
        if "plenary" not in methods and "lot" in methods:
            self.lot_button.setChecked(True)
        self.up_button.setVisible(not self._gives_tier)
        self.down_button.setVisible(not self._gives_tier)
        self._show_order()

    def _show_order(self) -> None:
        drawn = self.lot_button.isChecked() and "lot" in self.question.methods
        for widget in (self.order, self.up_button, self.down_button):
            widget.setEnabled(not drawn)
        self.votes.setVisible(not drawn)
        if self._gives_tier:
            text = Text(
                "&Who gets {tier}? Tick {count} of them (Space).",
                tier=self.question.tier or "",
                count=self.question.free,
            )
        else:
            text = Text("&Order, the best first (Alt+Up and Alt+Down move an entry)")
        self.order_label.setText(say(text))

    def accept_if_whole(self) -> None:
        """Close with the decision, or say what is missing."""
        reason = self.reason.text().strip()
        items = [self.order.item(number) for number in range(self.order.count())]
        if self._gives_tier:
            items = [item for item in items if item.checkState() == Qt.CheckState.Checked]
            if len(items) != self.question.free:
                self._refuse(
                    Text("Tick exactly {count} of them.", count=self.question.free), self.order
                )
                return
        if not reason:
            self._refuse(
                Text("A reason is needed; it will stand in the minutes."),
                self.reason,
            )
            return
        method = (
            "award" if self._gives_tier else "lot" if self.lot_button.isChecked() else "plenary"
        )
        if method != "lot" and self.votes.missing():
            self._refuse(NO_VOTES, self.votes.boxes[0])
            return
        numbers = tuple(str(item.data(_NUMBER)) for item in items)
        votes = None if method == "lot" else self.votes.votes()
        self.decided = Decided(method, numbers, reason, votes)
        self.accept()

    def _refuse(self, why: Text, where: QWidget) -> None:
        self.problem_label.setText(say(why))
        self.problem_label.show()
        where.setFocus()


def question_text(question: Question) -> Text:
    """Return what is open, in a sentence."""
    numbers = tuple(one.number for one in question.contenders)
    if question.tier is None:
        return Text(
            "Numbers {numbers} share place {place}; no award depends on it.",
            numbers=numbers,
            place=question.place,
        )
    return Text(
        "Numbers {numbers} have exactly the same score at the line of {tier}, and no rule is left "
        "that parts them.",
        numbers=numbers,
        tier=question.tier,
    )
