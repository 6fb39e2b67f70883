"""Six words, large enough to be read across a table, and where a file was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget


class WordsDialog(FormDialog):
    """Shows the words of a key until the user has copied them."""

    form = "words.ui"
    title = Text("Six words")
    wide = 640

    what_label: QLabel
    words_label: QLabel
    file_label: QLabel
    warnings_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        parent: QWidget | None,
        what: Text,
        words: str,
        file: Path,
        warnings: Iterable[Text] = (),
    ) -> None:
        super().__init__(parent)
        self.what_label.setText(say(what))
        self.words_label.setText(words)
        self.words_label.setAccessibleName(words)
        self.file_label.setText(say(Text("The file was written to {file}.", file=str(file))))
        self.warnings_label.setText("\n".join(say(warning) for warning in warnings))
        self.warnings_label.setVisible(bool(self.warnings_label.text()))
        self.main_button(self.buttons, Text("Done"))
        self.buttons.accepted.connect(self.accept)
