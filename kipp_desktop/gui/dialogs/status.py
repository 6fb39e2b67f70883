"""Record that an entry is absent, withdrawn or disqualified (or present after all), and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.services.entries import STATUS_TEXTS
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.services.entries import EntryLine


class StatusDialog(FormDialog):
    """Accepted only with a reason, where one is needed."""

    form = "status.ui"
    title = Text("Status of the innovation")

    entry_label: QLabel
    status: QComboBox
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(self, line: EntryLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self.entry_label.setText(f"{line.number} · {line.title}")
        for key, text in STATUS_TEXTS.items():
            self.status.addItem(say(text), key)
        self.status.setCurrentIndex(self.status.findData(line.status))
        self.reason.setText(line.reason)
        self._ok = self.main_button(self.buttons, Text("Record"))
        self.status.currentIndexChanged.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.status.setFocus()

    def answer(self) -> tuple[str, str]:
        """Return the status and its reason."""
        return str(self.status.currentData()), self.reason.text().strip()

    def _look(self) -> None:
        status, reason = self.answer()
        changed = (status, reason) != (self._line.status, self._line.reason)
        self._ok.setEnabled(changed and (status == "present" or bool(reason)))
