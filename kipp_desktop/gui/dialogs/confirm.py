"""Ask once more before something goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QWidget


class ConfirmDialog(FormDialog):
    """Accepted when the user says yes to ``action``; Cancel has the focus."""

    form = "confirm.ui"
    title = Text("Please confirm")
    wide = 460

    what_label: QLabel
    then_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, what: Text, then: Text, action: Text, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.what_label.setText(say(what))
        self.then_label.setText(say(then))
        button = QDialogButtonBox.StandardButton
        self.main_button(self.buttons, action)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(button.Cancel).setFocus()
