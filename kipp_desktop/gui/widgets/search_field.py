"""A field to filter what stands below it, while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit

from kipp_desktop.gui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget


class SearchField(QLineEdit):
    """Emits :attr:`searched` at every change; Esc empties it, Down goes to the results."""

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self.say(hint)
        self._make_room()
        self.textChanged.connect(self.searched)

    def say(self, hint: str) -> None:
        """Change the hint, which is also the spoken name."""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc while there is something to empty, and Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._make_room()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glass; Qt's own place for icons does not grow with the text."""
        super().paintEvent(event)
        glass = icons.pixmap("search", "muted", ratio=self.devicePixelRatioF())
        y = (self.height() - theme.px(icons.SIZE)) // 2
        QPainter(self).drawPixmap(theme.px(10), y, glass)

    def _make_room(self) -> None:
        self.setTextMargins(theme.px(icons.SIZE + 6), 0, 0, 0)
