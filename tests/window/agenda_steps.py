"""What a moderator does on page Acara, step by step, by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.window.keyboard import modal
from tests.window.panel_day import column, press, said, settle, tab_to, write


@dataclass
class Ran:
    """What was seen while four slots ran, and the window that is open afterwards.

    ``part`` and ``left`` stand on the clock of the first slot with a minute more, ``order`` is
    that after the swap; ``running`` and ``after`` are the ``fourth`` and its clock once the
    program was started again.
    """

    window: Any
    part: str
    left: str
    order: list[str]
    fourth: str
    running: Any
    after: str


def act(window, qtbot, button):
    tab_to(button)
    press(Qt.Key.Key_Space)
    settle(window, qtbot)


def run_four_slots(window, qtbot, dialogs, restarted):
    """Run four slots: the second is late and swapped, and never comes; the fourth is restarted.

    ``restarted`` starts the program again and returns its window.
    """
    dialogs.expect("AgendaSwapDialog")
    dialogs.expect("AgendaAbsentDialog")
    page = window.page
    # The first: video, then paparan with a minute more
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_F3):
        press(key)
        settle(window, qtbot)
    part, left = page.day.part_label.text(), page.day.digits_label.text()
    act(window, qtbot, "finish_button")
    # The second is late: the third comes first
    tab_to("swap_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "AgendaSwapDialog")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    swapped = column(page.day.day_table, 1)[:4]
    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    act(window, qtbot, "finish_button")
    # It never comes
    tab_to("absent_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "AgendaAbsentDialog")
    tab_to("with_status")
    press(Qt.Key.Key_Space)
    tab_to("reason")
    write("Tidak hadir sampai akhir sesi")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    # The fourth runs while the program is started again
    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    fourth = page.day.current().number
    window = restarted()
    page = window.page
    page.day.tick()
    after, running = page.day.digits_label.text(), page.day.current()
    act(window, qtbot, "finish_button")
    return Ran(window, part, left, swapped, fourth, running, after)


def announce(window, qtbot, dialogs):
    """Let the desk sign what happened."""
    dialogs.expect("ConfirmDialog")
    tab_to("announce_button")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "ConfirmDialog")
    _press_announce(asked)
    settle(window, qtbot)


def _press_announce(asked):
    """Press the dialog's main button; Cancel has the keyboard."""
    press(Qt.Key.Key_Backtab)
    focus = QApplication.focusWidget()
    if focus is None or focus.text() != said("Announce"):
        press(Qt.Key.Key_Tab)
        press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == said("Announce"), asked
    press(Qt.Key.Key_Space)
