"""Typing at the paper desk with the keypad alone, for the tests of Lembar kertas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.pages.base import PageInfo
from kipp_desktop.texts import Text
from tests.window import panels

PAGES = (
    PageInfo(
        "paper",
        Text("Paper sheets"),
        "file-pen-line",
        frozenset({"desk"}),
        "kipp_desktop.gui.pages.paper:PaperPage",
    ),
)
KEYPAD = Qt.KeyboardModifier.KeypadModifier
CTRL = Qt.KeyboardModifier.ControlModifier
CRITERIA = 5


def enter(qtbot, text=""):
    """Type digits and Enter on the keypad."""
    for digit in text:
        qtbot.keyClicks(QApplication.focusWidget(), digit, KEYPAD)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter, KEYPAD)


def mark_of(judge, entry, criterion):
    return 1 + (judge * 3 + entry * 7 + criterion * 2) % 10


def type_sheet(qtbot, judge, entry, written=""):
    for criterion in range(CRITERIA):
        enter(qtbot, str(mark_of(judge, entry, criterion)))
    enter(qtbot, written)


def choose_judge(window, qtbot, number):
    """Choose a judge with the arrow keys of the field above the grid."""
    choice = window.page.who.judge_choice
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    for _ in range(number):
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    panels.settle(window, qtbot)
    window.page.grid.setFocus()


def save(window, qtbot, dialogs):
    dialogs.expect("SigningDialog")
    panels.press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, panels.modal(qtbot))


def states(window):
    return [row.key for row in window.page.model.rows()]


def answer_total(window, qtbot, dialogs, *, written_so):
    """Answer the question about a total on paper that the marks do not make."""
    dialogs.expect("WrittenTotalDialog")
    panels.modal(qtbot)
    if written_so:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Plus, KEYPAD)
    else:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter, KEYPAD)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    panels.settle(window, qtbot)
