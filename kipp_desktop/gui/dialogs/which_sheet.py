"""Choose one signed sheet about which the panel decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QWidget

    from kipp_desktop.services.sheet_decisions import JudgeSheets, SheetLine


class WhichSheetDialog(FormDialog):
    """Stage, judge and innovation; :meth:`answer` is the sheet that they name."""

    form = "which_sheet.ui"
    title = Text("A judge's sheet")
    wide = 620

    stage_label: QLabel
    stage: QComboBox
    judge: QComboBox
    sheet: QComboBox
    buttons: QDialogButtonBox

    def __init__(self, found: Sequence[JudgeSheets], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = list(found)
        self._judges: list[JudgeSheets] = []
        stages = {one.stage: one.stage_name for one in found}
        for identity, name in stages.items():
            self.stage.addItem(name, identity)
        self.stage_label.setVisible(len(stages) > 1)
        self.stage.setVisible(len(stages) > 1)
        self.main_button(self.buttons, Text("Look at it…"))
        self.stage.currentIndexChanged.connect(self._fill_judges)
        self.judge.currentIndexChanged.connect(self._fill_sheets)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._fill_judges()
        (self.stage if len(stages) > 1 else self.judge).setFocus()

    def answer(self) -> tuple[JudgeSheets, SheetLine]:
        """Return whose sheet is meant, and which."""
        judge = self._judges[self.judge.currentIndex()]
        return judge, judge.sheets[self.sheet.currentIndex()]

    def _fill_judges(self) -> None:
        stage = self.stage.currentData()
        self._judges = [one for one in self._found if one.stage == stage]
        self.judge.blockSignals(True)
        self.judge.clear()
        self.judge.addItems([one.name for one in self._judges])
        self.judge.blockSignals(False)
        self._fill_sheets()

    def _fill_sheets(self) -> None:
        self.sheet.clear()
        for one in self._judges[max(self.judge.currentIndex(), 0)].sheets:
            name = f"{one.number} · {one.title}"
            self.sheet.addItem(name if one.counts else say(Text("{sheet} (left out)", sheet=name)))
