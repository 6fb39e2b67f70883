"""What a page shows when there is nothing yet: why, and the one thing to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kipp_desktop.gui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Callable


class EmptyState(QWidget):
    """An icon, a sentence, an explanation and, if wanted, one button."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(8))
        layout.addStretch(1)
        self.picture, self.title, self.explanation = QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "heading")
        self.explanation.setProperty("look", "muted")
        self.explanation.setWordWrap(True)
        self.button = QPushButton()
        self.button.setProperty("look", "main")
        self.button.hide()
        # Not in step with the text: half a page must hold it at any size.
        self.explanation.setMinimumWidth(400)
        for label in (self.picture, self.title, self.explanation):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.picture, self.title):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        # Between stretches, not aligned: an aligned text that wraps gets the height that it would
        # need at the layout's full width.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.explanation, 3)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self._dress()

    def say(self, title: str, explanation: str = "", button: str = "") -> None:
        """Change the words; an empty ``button`` hides it."""
        self.title.setText(title)
        self.explanation.setText(explanation)
        self.explanation.setVisible(bool(explanation))
        self.button.setText(button)
        self.button.setVisible(bool(button))

    def on_click(self, act: Callable[[], None]) -> None:
        """Do this when the button is pressed."""
        self.button.clicked.connect(lambda _on=False: act())

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self.picture.setPixmap(icons.pixmap(self._icon, "muted", 40, ratio))
