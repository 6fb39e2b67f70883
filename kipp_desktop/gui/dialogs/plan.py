"""What a new package changes, before it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

    from kipp_desktop.services.replanning import PlanPreview


class PlanDialog(FormDialog):
    """Accepted when the user signs; what changes, what no longer fits, what is to be done."""

    form = "plan.ui"
    title = Text("Publish the changed package")
    wide = 620

    changes_heading: QLabel
    changes_label: QLabel
    stale_heading: QLabel
    stale_label: QLabel
    todo_heading: QLabel
    todo_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, preview: PlanPreview, parent: QWidget | None) -> None:
        super().__init__(parent)
        for heading, label, texts in (
            (self.changes_heading, self.changes_label, preview.changes),
            (self.stale_heading, self.stale_label, preview.touches),
            (self.todo_heading, self.todo_label, preview.todo),
        ):
            label.setText(_list(texts))
            heading.setVisible(bool(texts))
            label.setVisible(bool(texts))
        self.main_button(self.buttons, Text("Choose a place and sign…"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.fit()


def _list(texts: Iterable[Text]) -> str:
    return "\n".join(f"• {say(text)}" for text in texts)
