"""Ask where marks belong that were set on the wrong entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.exchange.tables import number_key
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.services.judging import SheetView


class MoveDialog(FormDialog):
    """The number is typed; its title is shown at once, so that a slip is seen before the act."""

    form = "move.ui"
    title = Text("Move marks to another number")
    wide = 560

    entry_label: QLabel
    meaning_label: QLabel
    number: QLineEdit
    target_label: QLabel
    reason_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(
        self, view: SheetView, views: Iterable[SheetView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = view
        self._views = {number_key(other.entry.number): other for other in views}
        self._signed = view.signed is not None
        self.entry_label.setText(f"{view.entry.number} · {view.entry.title}")
        self.meaning_label.setText(
            say(
                Text(
                    "You sign two records at once: the marks are withdrawn here, and signed for "
                    "the other number. Both stay in the audit trail, with the reason."
                )
                if self._signed
                else Text(
                    "Marks, comments and notes go to the other number together; here nothing is "
                    "left."
                )
            )
        )
        for widget in (self.reason_label, self.reason):
            widget.setVisible(self._signed)
        self._ok = self.main_button(
            self.buttons, Text("Sign: move the marks") if self._signed else Text("Move the marks")
        )
        self.number.textChanged.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.number.setFocus()

    def target(self) -> SheetView | None:
        """Return the sheet that the marks belong to, where it can take them."""
        found = self._views.get(number_key(self.number.text()))
        return found if found is not None and self._objection(found) is None else None

    def _look(self) -> None:
        typed = self.number.text().strip()
        found = self._views.get(number_key(typed)) if typed else None
        if not typed:
            text = ""
        elif found is None:
            text = say(Text("Number {number} is not among your innovations.", number=typed))
        else:
            objection = self._objection(found)
            title = f"{found.entry.number} · {found.entry.title}"
            text = title if objection is None else f"{title}\n{say(objection)}"
        self.target_label.setText(text)
        named = bool(self.reason.text().strip()) or not self._signed
        self._ok.setEnabled(self.target() is not None and named)

    def _objection(self, target: SheetView) -> Text | None:
        """Return why a sheet cannot take the marks."""
        if target.entry.id == self._source.entry.id:
            return Text("The marks stand here already.")
        if target.abstained:
            return Text("You give no marks there.")
        if target.state != "empty":
            return Text("This number has marks of yours already; move or clear those first.")
        return None
