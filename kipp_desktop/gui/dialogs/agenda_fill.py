"""Give all innovations of a stage their times, in an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QWidget

    from kipp_desktop.services.moderating import StageChoice

ORDERS: Final = {
    "number": Text("By number"),
    "lot": Text("By lot"),
    "groups": Text("Group after group, by number"),
    "groups-lot": Text("Group after group, by lot"),
}


class AgendaFillDialog(FormDialog):
    """``stages`` are those that have a room; ``stage`` is proposed."""

    form = "agenda_fill.ui"
    title = Text("Fill the times")

    stage: QComboBox
    order: QComboBox
    by_room: QCheckBox
    buttons: QDialogButtonBox

    def __init__(
        self, stages: Sequence[StageChoice], stage: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        for choice in stages:
            self.stage.addItem(choice.name, choice.id)
        self.stage.setCurrentIndex(self.stage.findData(stage))
        for key, text in ORDERS.items():
            self.order.addItem(say(text), key)
        self.main_button(self.buttons, Text("Fill"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.order.setFocus()

    def answer(self) -> tuple[str, str, bool]:
        """Return stage, order and whether one room is filled after the other."""
        return (
            str(self.stage.currentData()),
            str(self.order.currentData()),
            self.by_room.isChecked(),
        )
