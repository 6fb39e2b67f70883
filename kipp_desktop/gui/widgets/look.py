"""Set a property that the style sheet looks at, and have Qt look again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def say_look(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a dynamic property (``look``, ``card``, ``chip`` …) and restyle the widget if needed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
