"""A team does not come: for the agenda alone, or as the status of the innovation, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QLineEdit, QWidget


class AgendaAbsentDialog(FormDialog):
    """The status is asked only where the desk may sign it (``may_sign``)."""

    form = "agenda_absent.ui"
    title = Text("Absent")

    entry_label: QLabel
    with_status: QCheckBox
    status_hint: QLabel
    reason_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(self, entry: str, parent: QWidget | None = None, *, may_sign: bool) -> None:
        super().__init__(parent)
        self.entry_label.setText(entry)
        for widget in (self.with_status, self.status_hint, self.reason_label, self.reason):
            widget.setVisible(may_sign)
        self._ok = self.main_button(self.buttons, Text("Record"))
        self.with_status.toggled.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        (self.with_status if may_sign else self._ok).setFocus()

    def _look(self) -> None:
        asked = self.with_status.isChecked()
        self.reason_label.setEnabled(asked)
        self.reason.setEnabled(asked)
        self._ok.setEnabled(not asked or bool(self.reason.text().strip()))

    def answer(self) -> str:
        """Return the reason for the status; empty where the agenda alone is to know."""
        return self.reason.text().strip() if self.with_status.isChecked() else ""
