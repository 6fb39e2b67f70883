"""Let an innovation take the time of another, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.agenda_move import show_entries
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QWidget


class AgendaSwapDialog(FormDialog):
    """``others`` (number, title) are those of the stage that wait, the next ones first."""

    form = "agenda_swap.ui"
    title = Text("Swap two innovations")
    wide = 600

    entry_label: QLabel
    other: QComboBox
    buttons: QDialogButtonBox

    def __init__(
        self, entry: str, others: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.entry_label.setText(entry)
        show_entries(self.other, others)
        self.main_button(self.buttons, Text("Swap"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.other.setFocus()

    def answer(self) -> str:
        """Return the number of the other innovation."""
        return str(self.other.currentData())
