"""Record how the panel settled a shared place: the plenary's order, a lot, or who gets the tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QListWidget,
        QPushButton,
        QRadioButton,
        QWidget,
    )

    from kipp_desktop.services.board import Question

_NUMBER = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class Decided:
    """What was decided: ``method`` is ``plenary``, ``lot`` or ``award``; numbers in its order."""

    method: str
    numbers: tuple[str, ...]
    reason: str


class DecideDialog(FormDialog):
    """Alt+Up and Alt+Down (or the two buttons) move an entry; Space ticks it where tiers are given.

    :attr:`decided` holds the answer once the dialog is accepted.
    """

    form = "decide.ui"
    title = Text("Decide about a shared place")
    wide = 620

    question_label: QLabel
    plenary_button: QRadioButton
    lot_button: QRadioButton
    order_label: QLabel
    order: QListWidget
    up_button: QPushButton
    down_button: QPushButton
    reason: QLineEdit
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.decided: Decided | None = None
        self._gives_tier = not question.methods
        self.question_label.setText(say(question_text(question)))
        self._fill()
        self._offer()
        self.main_button(self.buttons, Text("Record the decision"))
        self.problem_label.hide()
        self.reason.textChanged.connect(self.problem_label.hide)
        self.order.installEventFilter(self)
        self.up_button.clicked.connect(lambda: self.move_entry(-1))
        self.down_button.clicked.connect(lambda: self.move_entry(1))
        self.lot_button.toggled.connect(self._show_order)
        self.buttons.accepted.connect(self.accept_if_whole)
        self.buttons.rejected.connect(self.reject)

    def _fill(self) -> None:
        for one in self.question.contenders:
            item = QListWidgetItem(f"{one.number} · {one.title}")
            item.setData(_NUMBER, one.number)
            if self._gives_tier:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
            self.order.addItem(item)
        self.order.setCurrentRow(0)
        row = self.order.sizeHintForRow(0) + theme.px(4)
        self.order.setFixedHeight(row * min(max(self.order.count(), 2), 8) + theme.px(8))

    def _offer(self) -> None:
        methods = self.question.methods
        for name, button in (("plenary", self.plenary_button), ("lot", self.lot_button)):
            button.setVisible(name in methods)
        if "plenary" not in methods and "lot" in methods:
            self.lot_button.setChecked(True)
        self.up_button.setVisible(not self._gives_tier)
        self.down_button.setVisible(not self._gives_tier)
        self._show_order()

    def _show_order(self) -> None:
        drawn = self.lot_button.isChecked() and "lot" in self.question.methods
        for widget in (self.order, self.up_button, self.down_button):
            widget.setEnabled(not drawn)
        if self._gives_tier:
            text = Text(
                "&Who gets {tier}? Tick {count} of them (Space).",
                tier=self.question.tier or "",
                count=self.question.free,
            )
        else:
            text = Text("&Order, the best first (Alt+Up and Alt+Down move an entry)")
        self.order_label.setText(say(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the chosen entry on Alt+Up and Alt+Down."""
        if (
            watched is self.order
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
            and not self._gives_tier
        ):
            self.move_entry(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        return super().eventFilter(watched, event)

    def move_entry(self, by: int) -> None:
        """Move the chosen entry up (-1) or down (1)."""
        row = self.order.currentRow()
        if 0 <= row + by < self.order.count():
            item = self.order.takeItem(row)
            self.order.insertItem(row + by, item)
            self.order.setCurrentRow(row + by)

    def accept_if_whole(self) -> None:
        """Close with the decision, or say what is missing."""
        reason = self.reason.text().strip()
        items = [self.order.item(number) for number in range(self.order.count())]
        if self._gives_tier:
            items = [item for item in items if item.checkState() == Qt.CheckState.Checked]
            if len(items) != self.question.free:
                self._refuse(
                    Text("Tick exactly {count} of them.", count=self.question.free), self.order
                )
                return
        if not reason:
            self._refuse(
                Text("A reason is needed; it will stand in the minutes."),
                self.reason,
            )
            return
        method = (
            "award" if self._gives_tier else "lot" if self.lot_button.isChecked() else "plenary"
        )
        self.decided = Decided(method, tuple(str(item.data(_NUMBER)) for item in items), reason)
        self.accept()

    def _refuse(self, why: Text, where: QWidget) -> None:
        self.problem_label.setText(say(why))
        self.problem_label.show()
        where.setFocus()


def question_text(question: Question) -> Text:
    """Return what is open, in a sentence."""
    numbers = tuple(one.number for one in question.contenders)
    if question.tier is None:
        return Text(
            "Numbers {numbers} share place {place}; no award depends on it.",
            numbers=numbers,
            place=question.place,
        )
    return Text(
        "Numbers {numbers} have exactly the same score at the line of {tier}, and no rule is left "
        "that parts them.",
        numbers=numbers,
        tier=question.tier,
    )
