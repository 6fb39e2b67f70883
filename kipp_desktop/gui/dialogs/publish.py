"""The one question before results are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget


class PublishDialog(FormDialog):
    """Says what will happen, and where the documents will stand."""

    form = "publish.ui"
    title = Text("Publish the results")
    wide = 560

    question_label: QLabel
    folder_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder_label.setText(
            say(Text("The documents are written to {folder}.", folder=str(folder)))
        )
        self.main_button(self.buttons, Text("Sign and publish"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
