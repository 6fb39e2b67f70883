"""A small coloured word that says the state of something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from kipp_desktop.gui import theme
from kipp_desktop.gui.widgets.look import say_look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Chip(QLabel):
    """A label on a coloured ground; ``tone`` is one of :data:`kipp_desktop.gui.theme.TONES`.

    In a form, any ``QLabel`` with the dynamic property ``chip`` looks the same.
    """

    def __init__(
        self, text: str = "", tone: str = "neutral", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.say(text, tone)

    def say(self, text: str, tone: str) -> None:
        """Show another state; an empty text hides the chip.

        :raises ValueError: for an unknown tone.
        """
        if tone not in theme.TONES:
            raise ValueError(tone)
        self.setText(text)
        self.setAccessibleName(text)
        # Shown without a parent it would open a window of its own for a moment.
        if self.parentWidget() is not None or not text:
            self.setVisible(bool(text))
        say_look(self, "chip", tone)
