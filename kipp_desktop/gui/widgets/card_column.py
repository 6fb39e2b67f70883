"""Cards one below the other in an empty place of a form, as many as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SPACING: Final = 12


class CardColumn:
    """Fills the ``room`` of a form; what is taken out is deleted."""

    def __init__(self, room: QWidget) -> None:
        self._layout = QVBoxLayout(room)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACING)

    def add(self, widget: QWidget) -> None:
        """Put one more at the end."""
        self._layout.addWidget(widget)

    def clear(self) -> None:
        """Take all of them out."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
