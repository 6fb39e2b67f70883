"""The list of keys that F1 opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout

from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class KeyList(QDialog):
    """Stays open beside the window, so that one can try while reading."""

    def __init__(self, keys: list[tuple[str, Text]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say(Text("Keys")))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 18)
        column.setSpacing(14)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(1, 1)
        for row, (key, text) in enumerate(keys):
            name = QLabel(key)
            name.setProperty("look", "strong")
            name.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(name, row, 0)
            grid.addWidget(QLabel(say(text)), row, 1)
        column.addLayout(grid)
        spoken = "; ".join(f"{key}: {say(text)}" for key, text in keys)
        self.setAccessibleDescription(spoken)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
