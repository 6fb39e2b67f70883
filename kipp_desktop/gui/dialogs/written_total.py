"""Ask about a total on paper that the typed marks do not make: look again, or written so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.gui.models.mark_grid import GridRow


class WrittenTotalDialog(ConfirmDialog):
    """Accepted when the total stands so on the paper; Enter goes back to the marks."""

    title = Text("The total on paper is another")
    wide = 520

    def __init__(self, row: GridRow, parent: QWidget | None) -> None:
        assert row.remark is not None, "asked only where the totals differ"
        super().__init__(
            row.remark,
            Text(
                "Compare the marks with the paper first. If they are right, the judge added "
                "wrongly: the computed total counts, and what was written is signed with it."
            ),
            Text("It is written so (+)"),
            parent,
        )
        again = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        again.setText(say(Text("Look at the marks")))
        on_keys(self, "+", self.accept)
