"""Ask before sheets are signed: what is signed, what it means, and why where it corrects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QRadioButton, QWidget


@dataclass(frozen=True)
class Question:
    """What is to be signed: in words, and what the button says.

    ``left`` tells what stays unsigned; ``corrects`` asks for a reason; with ``some`` the user
    chooses between ``all`` sheets and those of the selected rows.
    """

    title: Text
    what: Text
    meaning: Text
    button: Text
    left: Text | None = None
    corrects: bool = False
    all: Text | None = None
    some: Text | None = None


class SigningDialog(FormDialog):
    """The button works as soon as nothing is missing."""

    form = "signing.ui"
    wide = 560

    what_label: QLabel
    meaning_label: QLabel
    all_choice: QRadioButton
    some_choice: QRadioButton
    left_label: QLabel
    reason_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        self._question = question
        super().__init__(parent)
        self.setWindowTitle(say(question.title))
        self.what_label.setText(say(question.what))
        self.meaning_label.setText(say(question.meaning))
        for label, text in (
            (self.left_label, question.left),
            (self.all_choice, question.all if question.some else None),
            (self.some_choice, question.some),
        ):
            label.setText("" if text is None else say(text))
            label.setVisible(text is not None)
        self.reason_label.setVisible(question.corrects)
        self.reason.setVisible(question.corrects)
        self._ok = self.main_button(self.buttons, question.button)
        self._ok.setEnabled(not question.corrects)
        self.reason.textChanged.connect(lambda typed: self._ok.setEnabled(bool(typed.strip())))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        (self.reason if question.corrects else self._ok).setFocus()

    def takes_all(self) -> bool:
        """Return whether all sheets are meant, not only those of the selected rows."""
        return self._question.some is None or self.all_choice.isChecked()

    def _say_title(self) -> None:
        self.setWindowTitle(say(self._question.title))
