"""A white sheet on the page's ground that holds what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from kipp_desktop.gui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Card(QFrame):
    """A frame with a vertical layout ``body`` and, if wanted, a heading.

    In a form, any ``QFrame`` with the dynamic property ``card`` (true) looks the same.
    """

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.body = QVBoxLayout(self)
        margin = theme.px(16)
        self.body.setContentsMargins(margin, theme.px(12), margin, theme.px(12))
        self.body.setSpacing(theme.px(8))
        self.heading = QLabel(heading)
        self.heading.setProperty("look", "heading")
        self.body.addWidget(self.heading)
        self.say(heading)

    def say(self, heading: str) -> None:
        """Change the heading; an empty one takes no room."""
        self.heading.setText(heading)
        self.heading.setVisible(bool(heading))
        self.setAccessibleName(heading)
