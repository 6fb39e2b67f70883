"""Record a decision that is yes or no, or that only needs its reason; with votes if any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.decide import NO_VOTES
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.votes import VotesRow
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QRadioButton, QWidget

    from kipp_desktop.services.desk import Votes


@dataclass(frozen=True)
class Matter:
    """What is decided: the question, its facts, and the two answers where there are two.

    ``button`` is what the main button says; ``votes`` whether the record can carry a vote;
    ``asks_reason`` is false where there is nothing to explain unless the answer is no.
    """

    title: Text
    what: Text
    button: Text
    facts: tuple[Text, ...] = ()
    yes: Text | None = None
    no: Text | None = None
    votes: bool = True
    asks_reason: bool = True


@dataclass(frozen=True)
class Answer:
    """``accepted`` is the first of two answers, and where there is only one."""

    accepted: bool
    reason: str
    votes: Votes | None


class ResolveDialog(FormDialog):
    """:attr:`answer` holds what was decided once the dialog is accepted."""

    form = "resolve.ui"
    wide = 620

    what_label: QLabel
    facts_label: QLabel
    yes_button: QRadioButton
    no_button: QRadioButton
    reason_label: QLabel
    reason: QLineEdit
    votes_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, matter: Matter, parent: QWidget | None = None) -> None:
        self._matter = matter
        super().__init__(parent)
        self.answer: Answer | None = None
        self.what_label.setText(say(matter.what))
        self.facts_label.setText("\n".join(f"• {say(fact)}" for fact in matter.facts))
        self.facts_label.setVisible(bool(matter.facts))
        for button, text in ((self.yes_button, matter.yes), (self.no_button, matter.no)):
            button.setText("" if text is None else say(text))
            button.setVisible(text is not None)
            button.toggled.connect(self._look)
        self.votes = VotesRow()
        place(self.votes, self.votes_place)
        self.votes_place.setVisible(matter.votes)
        self.problem_label.hide()
        ok = self.main_button(self.buttons, matter.button)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)
        self._look()
        first = self.reason if matter.asks_reason else ok
        (first if matter.yes is None else self.yes_button).setFocus()

    def _needs_reason(self) -> bool:
        return self._matter.asks_reason or self.no_button.isChecked()

    def _look(self) -> None:
        for widget in (self.reason, self.reason_label):
            widget.setEnabled(self._needs_reason())
            widget.setVisible(self._matter.asks_reason or self._matter.no is not None)

    def accept_if_whole(self) -> None:
        """Close with the answer, or say what is missing."""
        reason = self.reason.text().strip() if self._needs_reason() else ""
        if self._needs_reason() and not reason:
            self._refuse(Text("A reason is needed; it will stand in the minutes."), self.reason)
            return
        if self._matter.votes and self.votes.missing():
            self._refuse(NO_VOTES, self.votes.boxes[0])
            return
        votes = self.votes.votes() if self._matter.votes else None
        self.answer = Answer(not self.no_button.isChecked(), reason, votes)
        self.accept()

    def _refuse(self, why: Text, where: QWidget) -> None:
        self.problem_label.setText(say(why))
        self.problem_label.show()
        where.setFocus()
        self.fit()

    def _say_title(self) -> None:
        self.setWindowTitle(say(self._matter.title))
