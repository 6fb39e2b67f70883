"""Marks that stand at the wrong entry: ask for the number that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.exchange.tables import number_key
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.services.judging import SheetView


class MoveDialog(FormDialog):
    """Accepted with :attr:`target`, an entry (id) without marks, and a reason where one is needed.

    ``views`` are all sheets of the marker; ``source`` is the one whose marks move.
    """

    form = "move.ui"
    title = Text("Move the marks to another number")
    wide = 560

    what_label: QLabel
    number: QLineEdit
    target_label: QLabel
    reason_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(
        self, source: SheetView, views: Sequence[SheetView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.target = ""
        self._source = source
        self._views = {number_key(view.entry.number): view for view in views}
        self.signed = source.signed is not None
        self.what_label.setText(
            say(
                Text(
                    "The marks of number {number}, {title}, belong to another innovation.",
                    number=source.entry.number,
                    title=source.entry.title,
                )
            )
        )
        self.reason_label.setVisible(self.signed)
        self.reason.setVisible(self.signed)
        self._ok = self.main_button(self.buttons, Text("Move the marks"))
        self.number.textChanged.connect(lambda _typed: self._look())
        self.reason.textChanged.connect(lambda _typed: self._look())
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.number.setFocus()

    def _look(self) -> None:
        """Name the entry of the typed number, or say why the marks cannot go there."""
        typed = self.number.text().strip()
        view = self._views.get(number_key(typed)) if typed else None
        problem: Text | None = None
        if not typed:
            self.target_label.setText("")
        elif view is None:
            problem = Text("Number {number} is not among this judge's entries.", number=typed)
        elif view.entry.id == self._source.entry.id:
            problem = Text("The marks stand at number {number} already.", number=typed)
        elif view.abstained:
            problem = Text("No marks are given here: an abstention is recorded.")
        elif view.state != "empty":
            problem = Text("Number {number} has marks already.", number=typed)
        else:
            self.target_label.setText(view.entry.title)
        if problem is not None:
            self.target_label.setText(say(problem))
        say_look(self.target_label, "look", "problem" if problem is not None else "")
        good = view is not None and problem is None
        self.target = view.entry.id if view is not None and good else ""
        self._ok.setEnabled(good and (not self.signed or bool(self.reason.text().strip())))
