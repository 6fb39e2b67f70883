"""Record the outcome of the administrative selection: how many go on, and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.services.selection import SelectionView


class RecordSelectionDialog(FormDialog):
    """Accepted only with a reason."""

    form = "selection_record.ui"
    title = Text("Record the administrative selection")
    wide = 620

    what_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(self, view: SelectionView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        passed = sum(line.passed is True for line in view.lines)
        self.what_label.setText(
            say(
                Text(
                    "{passed} innovations go on, {failed} do not.",
                    passed=passed,
                    failed=len(view.lines) - passed,
                )
            )
        )
        self._ok = self.main_button(self.buttons, Text("Sign and record"))
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.reason.setFocus()

    def why(self) -> str:
        """Return the reason."""
        return self.reason.text().strip()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.why()))
