"""Ask why a judge gives no marks to an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QRadioButton, QWidget


class AbstentionDialog(FormDialog):
    """Conflict of interest or absence, and the reason, without which nothing can be signed."""

    form = "abstention.ui"
    title = Text("Do not mark")
    wide = 480

    entry_label: QLabel
    conflict: QRadioButton
    absent: QRadioButton
    reason: QPlainTextEdit
    buttons: QDialogButtonBox

    def __init__(self, entry: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry_label.setText(entry)
        self.reason.setFixedHeight(theme.px(72))
        self._ok = self.main_button(self.buttons, Text("Sign: give no marks"))
        self._ok.setEnabled(False)
        self.reason.textChanged.connect(
            lambda: self._ok.setEnabled(bool(self.reason.toPlainText().strip()))
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.conflict.setFocus()

    def why(self) -> str:
        """Return ``conflict`` or ``absent``, as the record says it."""
        return "absent" if self.absent.isChecked() else "conflict"
