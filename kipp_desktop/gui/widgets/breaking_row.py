"""A row that becomes a column where big letters leave no room side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout

from kipp_desktop.gui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class BreakingRow(QObject):
    """Turns the layout ``row`` while ``owner`` is narrower than ``least`` pixels at 100 % text."""

    def __init__(self, row: QBoxLayout, least: int, owner: QWidget) -> None:
        super().__init__(owner)
        self._row, self._least, self._owner = row, least, owner
        owner.installEventFilter(self)
        self._fit()

    def eventFilter(self, _owner: QObject, event: QEvent) -> bool:
        """Follow the owner's width and the text size."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.StyleChange}:
            self._fit()
        return False

    def _fit(self) -> None:
        narrow = self._owner.width() < theme.px(self._least)
        direction = QBoxLayout.Direction
        wanted = direction.TopToBottom if narrow else direction.LeftToRight
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
