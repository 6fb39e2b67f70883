"""Lets a list be put in order: Alt+Up and Alt+Down, or two buttons beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListWidget, QPushButton


class Ordering(QObject):
    """Moves the chosen item of ``order`` while :attr:`allowed`."""

    def __init__(self, order: QListWidget, up: QPushButton, down: QPushButton) -> None:
        super().__init__(order)
        self._order = order
        self.allowed = True
        order.installEventFilter(self)
        up.clicked.connect(lambda: self.move_item(-1))
        down.clicked.connect(lambda: self.move_item(1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the chosen item on Alt+Up and Alt+Down."""
        if (
            self.allowed
            and watched is self._order
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
        ):
            self.move_item(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        return super().eventFilter(watched, event)

    def move_item(self, by: int) -> None:
        """Move the chosen item up (-1) or down (1)."""
        row = self._order.currentRow()
        if 0 <= row + by < self._order.count():
            item = self._order.takeItem(row)
            self._order.insertItem(row + by, item)
            self._order.setCurrentRow(row + by)
