"""A label that shortens its text with "…" instead of pushing others away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStylePainter

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class ElidedLabel(QLabel):
    """One line of plain text; the whole of it stands in the tool tip and is read aloud."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Return that a few letters suffice."""
        metrics = self.fontMetrics()
        return QSize(
            min(metrics.horizontalAdvance("MMM…"), self.sizeHint().width()), metrics.height()
        )

    def shown_text(self) -> str:
        """Return what fits now."""
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits, as the style sheet colours it."""
        # To hand the style itself over, PySide would first build every class of styles.
        QStylePainter(self).drawItemText(
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            self.shown_text(),
            QPalette.ColorRole.WindowText,
        )
