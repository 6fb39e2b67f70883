"""Typing at the paper desk with the keypad alone, for the tests of Lembar kertas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.pages.base import PageInfo
from kipp_desktop.texts import Text
from tests.window import panels
from tests.window.keyboard import keyboard, modal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        qtbot.keyClicks(keyboard(), digit, KEYPAD)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Enter, KEYPAD)


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
    panels.press_ok(window, qtbot, modal(qtbot))


def states(window):
    return [row.key for row in window.page.model.rows()]


def answer_total(window, qtbot, dialogs, *, written_so):
    """Answer the question about a total on paper that the marks do not make."""
    dialogs.expect("WrittenTotalDialog")
    modal(qtbot)
    if written_so:
        qtbot.keyClick(keyboard(), Qt.Key.Key_Plus, KEYPAD)
    else:
        qtbot.keyClick(keyboard(), Qt.Key.Key_Enter, KEYPAD)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    panels.settle(window, qtbot)


@dataclass(frozen=True)
class Stack:
    """The papers of one judge: their marks by number in the order of the grid, and their totals.

    ``written`` holds the totals on paper; a judge may have written none.
    """

    marks: Mapping[str, Sequence[int]]
    written: Mapping[str, str]


def type_stack(window, qtbot, dialogs, stack, wrong_total):
    """Type and save papers, with three errors: of the third, of the fifth and of the last sheet.

    The first error is off the scale and refused at once. The second does not make the total on
    paper, is asked at once and typed again. The third is a mark like any other, on a paper without
    a total; nobody can see it here. ``wrong_total`` is the number whose judge added wrongly.
    """
    page = window.page
    numbers = list(stack.marks)
    third, fifth, last = numbers[2], numbers[4], numbers[-1]
    for number in numbers:
        marks = list(stack.marks[number])
        if number == third:
            enter(qtbot, "11")
            assert page.problem_label.isVisible()
        if number == fifth:
            _type(qtbot, [*marks[:3], _slip(marks[3]), *marks[4:]], stack.written[number])
            answer_total(window, qtbot, dialogs, written_so=False)
            for _ in range(3):
                enter(qtbot)
            enter(qtbot, str(marks[3]))
            enter(qtbot)
            enter(qtbot)
            panels.settle(window, qtbot)
            assert all(row.remark is None for row in page.model.rows())
            continue
        if number == last:
            assert not stack.written[number]
            marks[2] = _slip(marks[2])
        _type(qtbot, marks, stack.written[number])
        if number == wrong_total:
            answer_total(window, qtbot, dialogs, written_so=True)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)


def type_blind(window, qtbot, dialogs, stack, wrong_total):
    """Let the second typist type the papers rightly, without seeing what the first one typed."""
    page = window.page
    page.who.typist_choice.setFocus()
    panels.press(window, qtbot, Qt.Key.Key_Down)
    page.grid.setFocus()
    assert all(row.total is None for row in page.model.rows())
    for number, marks in stack.marks.items():
        _type(qtbot, marks, stack.written[number])
        if number == wrong_total:
            answer_total(window, qtbot, dialogs, written_so=True)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)


def settle_difference(window, qtbot, dialogs, mark, typists):
    """Settle the one cell in which two typings differ by what the paper says."""
    window.page.acts.settle_button.setFocus()
    dialogs.expect("SettleDialog")
    panels.press(window, qtbot, Qt.Key.Key_Space)
    dialog = modal(qtbot)
    here, other = typists
    assert other in {label.text() for label in dialog.findChildren(type(dialog.what_label))}
    for digit in str(mark):
        qtbot.keyClicks(keyboard(), digit, KEYPAD)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Enter, KEYPAD)
    assert here in dialog.who_label.text()
    qtbot.keyClick(keyboard(), Qt.Key.Key_Enter, KEYPAD)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    panels.settle(window, qtbot)


def _slip(mark):
    return mark % 10 + 1


def _type(qtbot, marks, written):
    for mark in marks:
        enter(qtbot, str(mark))
    enter(qtbot, written)
