"""Record at the desk that a member signed the printed minutes by hand, or dissented there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import (
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QRadioButton,
        QWidget,
    )

    from kipp_desktop.services.published import Word


class HandSignatureDialog(FormDialog):
    """Accepted with a member and, for a dissent, its reason."""

    form = "hand_signature.ui"
    title = Text("Signature by hand")
    wide = 560

    person: QComboBox
    agreed_button: QRadioButton
    dissent_button: QRadioButton
    reason_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(self, words: Sequence[Word], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for word in words:
            self.person.addItem(word.name, word.person)
        first = next((at for at, word in enumerate(words) if word.said is None), 0)
        self.person.setCurrentIndex(first)
        self._ok = self.main_button(self.buttons, Text("Record"))
        self.dissent_button.toggled.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.person.setFocus()

    def answer(self) -> tuple[str, str | None]:
        """Return the person's id, and the reason of a dissent."""
        dissents = self.dissent_button.isChecked()
        return str(self.person.currentData()), self.reason.text().strip() if dissents else None

    def _look(self) -> None:
        dissents = self.dissent_button.isChecked()
        self.reason.setEnabled(dissents)
        self.reason_label.setEnabled(dissents)
        self._ok.setEnabled(not dissents or bool(self.reason.text().strip()))
