"""What a mark means, as a chip: in one line where there is room, else in as many as it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy

from kipp_desktop.gui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ACROSS: Final = 2 * 10
DOWN: Final = 2 * 2
BORDERS: Final = 2
"""The padding and the border that the style sheet gives a chip."""


class LevelLabel(QLabel):
    """Never keeps its row wide: a row that got narrower again must shrink with the window.

    It measures with the letters that a chip will have, for until it is shown it has others.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("chip", "calm")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the words in this width."""
        room = QRect(0, 0, max(1, width - theme.px(ACROSS) - BORDERS), 1)
        words = self._letters().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        return words.height() + theme.px(DOWN) + BORDERS

    def sizeHint(self) -> QSize:
        """Return a single line."""
        words = self._letters().horizontalAdvance(self.text()) + theme.px(4)
        width = words + theme.px(ACROSS) + BORDERS
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return some words of a line."""
        least = min(theme.px(120), self.sizeHint().width())
        return QSize(least, self._letters().height())

    @staticmethod
    def _letters() -> QFontMetrics:
        return QFontMetrics(theme.font(theme.SMALL, bold=True))
