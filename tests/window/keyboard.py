"""Where the keyboard is, once the screen has given it to the window in front.

A screen gives the keyboard to a new window a moment after it shows it; a key pressed in between
goes to the window behind a dialog, which does not hear it. And without a window manager nobody
gives the keyboard back when a dialog closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.main_window import MainWindow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot


def keyboard() -> QWidget:
    """Return the widget that hears the keys: in the menu, the dialog or the window in front."""
    popup: QWidget | None = QApplication.activePopupWidget()
    if popup is not None:
        return QApplication.focusWidget() or popup
    modal: QWidget | None = QApplication.activeModalWidget()
    active: QWidget | None = QApplication.activeWindow()
    front = modal or active or _main_window()
    if active is not front:
        front.activateWindow()
        # Not qWaitForWindowActive: a dialog calls itself active as soon as its parent is.
        assert QTest.qWaitForWindowFocused(front), front
    return QApplication.focusWidget() or front


def modal(qtbot: QtBot, name: str = "") -> QWidget:
    """Return the dialog that opens, once it has the keyboard; of this class where one is named."""

    def opened() -> bool:
        found = QApplication.activeModalWidget()
        menu = QApplication.activePopupWidget()  # closes after the dialog it called for opened
        return found is not None and menu is None and name in {"", type(found).__name__}

    qtbot.waitUntil(opened)
    keyboard()
    found: QWidget | None = QApplication.activeModalWidget()
    assert found is not None
    return found


def _main_window() -> MainWindow:
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, MainWindow) and widget.isVisible()
    )
