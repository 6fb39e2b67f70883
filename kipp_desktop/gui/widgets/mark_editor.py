"""The right widget for a scale: boxes where the marks are few, a field where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.widgets.mark_boxes import MOST_BOXES, MarkBoxes
from kipp_desktop.gui.widgets.mark_field import MarkField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.domain.rubric import Scale


def mark_editor(
    scale: Scale,
    name: str,
    parent: QWidget | None = None,
) -> MarkBoxes | MarkField:
    """Return an editor with ``marked``, ``looked_at``, ``left``, ``mark`` and ``show_mark``."""
    if scale.steps < MOST_BOXES:
        return MarkBoxes(scale, name, parent)
    return MarkField(scale, name, parent)
