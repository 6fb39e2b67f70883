"""What a verifier is told until the field has its own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget


class VerifierDialog(FormDialog):
    """Accepted when the user would rather check a result."""

    form = "verifier.ui"
    title = Text("Verifier")

    check_button: QPushButton
    close_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check_button.clicked.connect(self.accept)
        self.close_button.clicked.connect(self.reject)
        self.check_button.setFocus()
