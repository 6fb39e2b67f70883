"""A label of at most a few lines; what does not fit ends in "…" and stands in the tool tip."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy

from kipp_desktop.gui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class ClampedLabel(QLabel):
    """Plain text, wrapped between words; the whole of it is read aloud."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setToolTip(text)
        # Not before it has a place: Qt would open a window for it.
        if self.parentWidget() is not None:
            self.setVisible(bool(text))

    def set_lines(self, lines: int) -> None:
        """Show more lines, or fewer."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines that are shown at this width."""
        shown = min(len(self._split(width)), self._lines)
        return shown * self.fontMetrics().lineSpacing() + 2

    def sizeHint(self) -> QSize:
        """Return a wish for the width of some words."""
        return QSize(theme.px(240), self.heightForWidth(max(self.width(), theme.px(120))))

    def minimumSizeHint(self) -> QSize:
        """Return that one word suffices."""
        return QSize(theme.px(60), self.fontMetrics().lineSpacing())

    def shown_lines(self) -> list[str]:
        """Return the lines as they are drawn now."""
        lines = self._split(self.width())
        if len(lines) <= self._lines:
            return lines
        rest = " ".join(lines[self._lines - 1 :])
        mode = Qt.TextElideMode.ElideRight
        return [
            *lines[: self._lines - 1],
            self.fontMetrics().elidedText(rest, mode, self.width()),
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines in the label's own colour."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        for number, line in enumerate(self.shown_lines()):
            baseline = metrics.ascent() + number * metrics.lineSpacing()
            painter.drawText(QPointF(0, baseline + 1), line)

    def _split(self, width: int) -> list[str]:
        return _lines_of(self.text(), self.font().toString(), width)


@lru_cache(maxsize=512)
def _lines_of(words: str, font_name: str, width: int) -> list[str]:
    """Return a text in lines of a width; asked for at every turn of a layout, so remembered."""
    text, font = " ".join(words.split()), QFont()
    font.fromString(font_name)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines or [""]
