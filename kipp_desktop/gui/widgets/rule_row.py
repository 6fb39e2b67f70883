"""One rule: what it is called, what it means, what it does to an example, and its control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST: Final = 720
CONTROLS: Final = 320


class RuleRow(QFrame):
    """Words at the left, controls at the right; below each other where letters are big."""

    def __init__(self, title: Text, controls: Sequence[QWidget], name: str) -> None:
        super().__init__()
        self.title = title
        self._changed = False
        self.title_label, self.chip = QLabel(), QLabel()
        self.title_label.setProperty("look", "strong")
        self.chip.setProperty("chip", "wait")
        self.chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.sentence_label, self.effect_label = QLabel(), QLabel()
        self.effect_label.setProperty("look", "small")
        for label in (self.sentence_label, self.effect_label):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.addWidget(self.title_label)
        head.addWidget(self.chip)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self.sentence_label)
        words.addWidget(self.effect_label)
        words.addStretch(1)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(6)
        for number, control in enumerate(controls):
            control.setObjectName(name if not number else f"{name}_{number}")
            keep_wheel_off(control)
            side.addWidget(control)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(18)
        row.addLayout(words, 1)
        row.addWidget(self._side)
        self.controls = tuple(controls)
        self._row = BreakingRow(row, LEAST, self)
        self._fit()
        self.say()

    def explain(self, sentence: str, effect: str, *, changed: bool) -> None:
        """Say what the rule means now, and whether the plan in force has another."""
        self.sentence_label.setText(sentence)
        self.effect_label.setText(effect)
        self.sentence_label.setVisible(bool(sentence))
        self.effect_label.setVisible(bool(effect))
        self._changed = changed
        self.say()

    def say(self) -> None:
        """Say title and chip again."""
        title = say(self.title)
        self.title_label.setText(title)
        self.chip.setText(say(Text("needs a new package")))
        self.chip.setVisible(self._changed)
        for control in self.controls:
            if not control.property("named"):
                control.setAccessibleName(title)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self._side.setFixedWidth(theme.px(CONTROLS))


class _NoWheel(QObject):
    """Lets the wheel scroll the page, not change a rule that the pointer happens to be over."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass the wheel on to the page while the control has not the keyboard."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True


def keep_wheel_off(control: QWidget) -> None:
    """Change a list or a number only where it has the keyboard."""
    if isinstance(control, (QComboBox, QAbstractSpinBox)):
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(_NoWheel(control))
