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


class PlanForm(FormDialog):
    """What changes, what no longer fits, what is to be done."""

    form = "plan.ui"
    wide = 620

    changes_heading: QLabel
    changes_label: QLabel
    stale_heading: QLabel
    stale_label: QLabel
    todo_heading: QLabel
    todo_label: QLabel
    buttons: QDialogButtonBox

    def show_lists(
        self, changes: Iterable[Text], stale: Iterable[Text], todo: Iterable[Text]
    ) -> None:
        """Show what there is; a part without a line is hidden."""
        for heading, label, texts in (
            (self.changes_heading, self.changes_label, changes),
            (self.stale_heading, self.stale_label, stale),
            (self.todo_heading, self.todo_label, todo),
        ):
            label.setText("\n".join(f"• {say(text)}" for text in texts))
            heading.setVisible(bool(label.text()))
            label.setVisible(bool(label.text()))


class PlanDialog(PlanForm):
    """Accepted when the user signs."""

    title = Text("Publish the changed package")

    def __init__(self, preview: PlanPreview, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.show_lists(preview.changes, preview.touches, preview.todo)
        self.main_button(self.buttons, Text("Choose a place and sign…"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.fit()
