"""A thin line that shows how much of a known amount is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class ProgressLine(QWidget):
    """``done`` of ``total`` as a line; read aloud as "8 of 23"."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.done, self.total = 0, 0
        self._name = name
        self.show_progress(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """Show another state; ``total`` 0 is an empty line."""
        self.done, self.total = done, total
        of = say(Text("{done} of {total}", done=done, total=total))
        self.setAccessibleName(f"{self._name}: {of}" if self._name else of)
        self.setToolTip(of)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a wish for 120 x 6 pixels at 100 %."""
        return QSize(theme.px(120), theme.px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track and, on it, the done part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        height = theme.px(6)
        line = QRectF(0, (self.height() - height) / 2, self.width(), height)
        painter.setBrush(theme.colour("track"))
        painter.drawRoundedRect(line, height / 2, height / 2)
        if self.done and self.total:
            line.setWidth(max(height, self.width() * min(1, self.done / self.total)))
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(line, height / 2, height / 2)
