"""Ask for the passphrase of a key that is about to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit

from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel

    from kipp_desktop.exchange.keys import Card


class PassphraseDialog(FormDialog):
    """One field; the button works as soon as something is typed."""

    form = "passphrase.ui"
    title = Text("Passphrase")
    wide = 460

    question_label: QLabel
    passphrase: QLineEdit
    show_letters: QCheckBox
    buttons: QDialogButtonBox

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.question_label.setText(say(Text("Type the passphrase of {name}.", name=card.name)))
        self._ok = self.main_button(self.buttons, Text("Go on"))
        self._ok.setEnabled(False)
        self.passphrase.textChanged.connect(lambda typed: self._ok.setEnabled(bool(typed)))
        self.show_letters.toggled.connect(self._show_letters)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        forms.chain_tabs(self)
        self.passphrase.setFocus()

    def _show_letters(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.passphrase.setEchoMode(mode.Normal if shown else mode.Password)


def ask_passphrase(card: Card) -> str | None:
    """Ask for the passphrase of an identity; ``None`` when the user gives up."""
    dialog = PassphraseDialog(card)
    typed = dialog.passphrase.text() if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return typed
