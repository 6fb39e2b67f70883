"""Put an innovation at a place in the order of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QSpinBox, QWidget


class AgendaMoveDialog(FormDialog):
    """``entries`` (number, title) and ``rooms`` (id of the session, its name, slots it has)."""

    form = "agenda_move.ui"
    title = Text("Put into the agenda")
    wide = 600

    entry: QComboBox
    session: QComboBox
    position: QSpinBox
    buttons: QDialogButtonBox

    def __init__(
        self,
        entries: Sequence[tuple[str, str]],
        number: str,
        rooms: Sequence[tuple[str, str, int]],
        room: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._slots = [slots for _, _, slots in rooms]
        show_entries(self.entry, entries)
        if number:
            self.entry.setCurrentIndex(self.entry.findData(number))
        keep_narrow(self.session, 36)
        for session, name, _ in rooms:
            self.session.addItem(name, session)
        self.session.currentIndexChanged.connect(self._propose)
        self.session.setCurrentIndex(self.session.findData(room))
        self._propose()
        self.main_button(self.buttons, Text("Put in"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.entry.setFocus()

    def _propose(self) -> None:
        """Propose the end of the room's order."""
        last = self._slots[self.session.currentIndex()] + 1
        self.position.setMaximum(last)
        self.position.setValue(last)

    def answer(self) -> tuple[str, str, int]:
        """Return the number, the id of the session and the place from 1."""
        return (
            str(self.entry.currentData()),
            str(self.session.currentData()),
            self.position.value(),
        )


def show_entries(combo: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    """Fill a field with innovations; a long title is cut there, not the window widened."""
    keep_narrow(combo, 36)
    for number, title in entries:
        combo.addItem(f"{number} · {title}", number)


def keep_narrow(combo: QComboBox, letters: int) -> None:
    """Let a field with long names be as narrow as so many letters."""
    combo.setSizeAdjustPolicy(combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(letters)
