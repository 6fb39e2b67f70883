"""What a page shows when there is nothing yet: why, and the one thing to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kipp_desktop.gui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Callable

WIDEST: Final = 440
MOST_OF_ROW: Final = 100


class EmptyState(QWidget):
    """An icon, a sentence, an explanation and, if wanted, one button."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._column = QWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._column, MOST_OF_ROW)
        row.addStretch(1)
        layout = QVBoxLayout(self._column)
        layout.setSpacing(theme.px(8))
        layout.addStretch(1)
        self.picture, self.title, self.explanation = QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "heading")
        self.explanation.setProperty("look", "muted")
        self.explanation.setWordWrap(True)
        self.button = QPushButton()
        self.button.setProperty("look", "main")
        self.button.hide()
        self.title.setWordWrap(True)
        for label in (self.picture, self.title, self.explanation):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
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

    def on_click(self, act: Callable[[], object]) -> None:
        """Do this when the button is pressed."""
        self.button.clicked.connect(lambda _on=False: act())

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        # As wide as a line is easy to read; narrower where the page is.
        self._column.setMaximumWidth(theme.px(WIDEST))
        ratio = self.devicePixelRatioF()
        self.picture.setPixmap(icons.pixmap(self._icon, "muted", 40, ratio))
