"""Keys that work wherever the focus is inside one widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def on_keys(where: QWidget, keys: str, act: Callable[[], object]) -> None:
    """Call ``act`` when ``keys`` ("Ctrl+Z") are pressed in a widget or anywhere inside it."""
    shortcut = QShortcut(QKeySequence(keys), where)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(act)
