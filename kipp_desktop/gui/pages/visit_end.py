"""The last card of a visit: the conclusion, the correction that it proposes, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal

from kipp_desktop.domain.visit import Conclusion
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import (
        QComboBox,
        QLabel,
        QLineEdit,
        QPlainTextEdit,
        QRadioButton,
        QWidget,
    )

    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.gui.pages.base import Page

_MARK_WIDTH: Final = 90
_REASON_HEIGHT: Final = 76


class VisitEnd(QObject):
    """``changed`` when the verifier has decided something; not when a stored visit is shown."""

    changed = Signal()

    confirm_button: QRadioButton
    correct_button: QRadioButton
    disqualify_button: QRadioButton
    correction: QWidget
    criterion: QComboBox
    mark: QLineEdit
    scale_label: QLabel
    reason: QPlainTextEdit

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._filling = False
        self._leaves: list[Leaf] = []
        self._effects = {
            "confirm": self.confirm_button,
            "correct": self.correct_button,
            "disqualify": self.disqualify_button,
        }
        for button in self._effects.values():
            button.toggled.connect(lambda _on: self._tell())
        self.criterion.currentIndexChanged.connect(lambda _row: self._criterion_changed())
        self.mark.textEdited.connect(lambda _text: self._tell())
        self.reason.textChanged.connect(self._tell)

    def show_conclusion(self, said: Conclusion, leaves: Sequence[Leaf]) -> None:
        """Show what is stored; a correction can be of one of ``leaves``."""
        self._filling = True
        self._leaves = list(leaves)
        self.criterion.clear()
        for leaf in leaves:
            self.criterion.addItem(leaf.criterion.name, leaf.id)
        for effect, button in self._effects.items():
            button.setAutoExclusive(False)
            button.setChecked(said.effect == effect)
            button.setAutoExclusive(True)
            if not said.effect:
                # Qt lets Tab stop at the one that was chosen last, also for another visit.
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.criterion.setCurrentIndex(self.criterion.findData(said.criterion))
        self.mark.setText(said.mark)
        self.reason.setPlainText(said.reason)
        self._filling = False
        self._show_correction()

    @property
    def said(self) -> Conclusion:
        """What the card says now."""
        effect = next((name for name, b in self._effects.items() if b.isChecked()), "")
        correct = effect == "correct"
        return Conclusion(
            effect,
            self.criterion.currentData() if correct else None,
            self.mark.text().strip().replace(",", ".") if correct else "",
            self.reason.toPlainText(),
        )

    def set_locked(self, locked: bool) -> None:
        """Let nothing be changed: it is signed."""
        self.mark.setReadOnly(locked)
        self.reason.setReadOnly(locked)
        for widget in (self.criterion, *self._effects.values()):
            widget.setEnabled(not locked)

    def fit(self) -> None:
        """Follow the text size."""
        self.mark.setMaximumWidth(theme.px(_MARK_WIDTH))
        self.reason.setFixedHeight(theme.px(_REASON_HEIGHT))

    def _tell(self) -> None:
        if not self._filling:
            self._show_correction()
            self.changed.emit()

    def _show_correction(self) -> None:
        self.correction.setVisible(self.correct_button.isChecked())

    def _criterion_changed(self) -> None:
        leaf = next((one for one in self._leaves if one.id == self.criterion.currentData()), None)
        self.scale_label.setText(
            ""
            if leaf is None
            else say(Text("from {low} to {high}", low=leaf.scale.minimum, high=leaf.scale.maximum))
        )
        self._tell()
