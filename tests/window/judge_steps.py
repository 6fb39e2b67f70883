"""What a judge does on Penilaian, Tinjau semua and Serahkan, step by step, by keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import mark_values
from tests.window import panel_day, panels
from tests.window.keyboard import keyboard, modal

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def press(window, qtbot, key, modifiers=Qt.KeyboardModifier.NoModifier):
    panels.press(window, qtbot, key, modifiers)


def type_marks(window, qtbot, marks):
    """Type marks into the criteria, one after the other, from the first."""
    for mark in marks:
        panels.type_text(window, qtbot, mark)
        press(window, qtbot, Qt.Key.Key_Down)


def stored(window, qtbot, number):
    """Return the marks of a sheet as they stand on the disk."""
    workplace, heard = window.house.session.context, []

    def read(_task):
        marker = judging.marker_of(workplace.panel, workplace.card)
        view = next(v for v in judging.sheets(workplace.panel, marker) if v.entry.number == number)
        rubric = judging.rubric_of(workplace.panel, marker.stage)
        return view, list(mark_values(rubric, view.marks).values())

    window.house.run(read, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    return heard[0]


def choose_in_menu(window, qtbot, name):
    """Open the menu of the sheet and go down to an entry."""
    window.page.head.more_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    for _ in menu.actions():
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        if menu.activeAction() is getattr(window.page.head, name):
            break
    qtbot.keyClick(menu, Qt.Key.Key_Return)


def mark_sheet(window, qtbot, marks):
    """Type marks from 1 to 10 one below the other, as fast as they come."""
    for value in marks:
        qtbot.keyClick(keyboard(), Qt.Key.Key_0 + value % 10)
        qtbot.keyClick(keyboard(), Qt.Key.Key_Down)


def mark_all(window, qtbot, marks):
    """Go through all entries from the first on; those without marks in ``marks`` are passed over.

    ``marks`` holds, in the order of the list, the number of each entry and its marks.
    """
    for number, given in marks:
        assert window.page.head.title.text().startswith(f"{number} ·")
        if given:
            mark_sheet(window, qtbot, given)
            press(window, qtbot, Qt.Key.Key_Return, CTRL)
        else:
            press(window, qtbot, Qt.Key.Key_PageDown)


def open_entry(window, qtbot, title, number):
    """Search for an entry and open it; the sheet has the keyboard."""
    press(window, qtbot, Qt.Key.Key_F, CTRL)
    press(window, qtbot, Qt.Key.Key_A, CTRL)
    panels.type_text(window, qtbot, title)
    press(window, qtbot, Qt.Key.Key_Down)
    press(window, qtbot, Qt.Key.Key_Return)
    assert window.page.head.title.text().startswith(f"{number} ·")


def move_marks(window, qtbot, dialogs, number):
    """Move the marks of the open entry to the number that they belong to."""
    dialogs.expect("MoveDialog")
    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = modal(qtbot)
    qtbot.keyClicks(keyboard(), number)
    panels.press_ok(window, qtbot, dialog)


def abstain_here(window, qtbot, dialogs, reason):
    """Abstain from the open entry for a conflict of interest."""
    dialogs.expect("AbstentionDialog")
    choose_in_menu(window, qtbot, "abstain_action")
    dialog = modal(qtbot)
    while QApplication.focusWidget() is not dialog.reason:
        qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.reason, reason)
    panels.press_ok(window, qtbot, dialog)


def adjust_first_marks(window, qtbot, numbers, text):
    """Go to Tinjau semua and type another first mark for some entries."""
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    page = window.page
    for number in numbers:
        page.grid.start(at=next(r.entry for r in page.model.rows() if r.number == number))
        panels.type_text(window, qtbot, text)
        press(window, qtbot, Qt.Key.Key_Return)


def sign_and_hand_in(window, qtbot, dialogs, monkeypatch, out):
    """Sign everything at once and write the file for the desk."""
    dialogs.expect("SigningDialog")
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, modal(qtbot))
    monkeypatch.setattr(files, "choose_save", lambda *_arguments: out)
    panel_day.open_page(window, "hand-in", qtbot)
    window.page.write_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
