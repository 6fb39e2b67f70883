"""A large button: an icon, what it opens, and one sentence about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from kipp_desktop.gui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget


class Door(QPushButton):
    """As tall as its words need at its width; read aloud as title and description."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setProperty("look", "door")
        self.picture, self.title, self.explanation = QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "heading")
        self.explanation.setProperty("look", "muted")
        self.explanation.setWordWrap(True)
        self.explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._row = QHBoxLayout(self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.explanation, 1)
        self._row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(words, 1)
        for label in (self.picture, self.title, self.explanation):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._dress()

    def say(self, title: str, explanation: str) -> None:
        """Change the words."""
        self.title.setText(title)
        self.explanation.setText(explanation)
        self.setAccessibleName(title)
        self.setAccessibleDescription(explanation)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return what the words need at a comfortable width."""
        width = theme.px(300)
        return QSize(width, self._row.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return one line of each; the layout gives the height that the width needs."""
        return QSize(theme.px(220), theme.px(64))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the words wrap differently."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, too; Qt does so in dialogs only."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._dress()
            self.updateGeometry()
        super().changeEvent(event)

    def _dress(self) -> None:
        self._row.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        self._row.setSpacing(theme.px(14))
        drawn = icons.pixmap(self._icon, "accent", 28, self.devicePixelRatioF())
        self.picture.setPixmap(drawn)
