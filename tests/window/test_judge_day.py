"""The heaviest sheet: twelve criteria from 0 to 100 by halves, typed one by one and in the grid."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui.pages.registry import PAGES
from tests.window import hard, panels
from tests.window.judge_steps import press, stored
from tests.window.keyboard import keyboard


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    made = hard.publish(tmp_path_factory.mktemp("berat"), 4)
    panels.join_as(made, "Juri 1")
    return made


def test_marks_from_0_to_100_by_halves_take_two_digits_and_nothing_off_the_scale(
    app, heavy, qtbot, tmp_path
):
    desk = panels.copy_of(heavy, tmp_path)
    window = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(window, qtbot)
    page = window.page
    names = list(page.criteria.rows)

    def shown(at):
        return page.criteria.rows[names[at]].editor.text()

    typed = ("8", "87", "100", "87,5", "87.5", "105", "87,3", "-5", "0", "99x", "87,", "100,5")
    for at, text in enumerate(typed):
        page.criteria.focus(names[at])
        qtbot.keyClicks(keyboard(), text)
        press(window, qtbot, Qt.Key.Key_Down)

    assert [shown(at) for at in range(12)] == [
        *("8", "87", "100", "87,5", "87,5", "", "", "5", "0", "99", "87", "100"),
    ]
    half = Fraction(175, 2)
    assert stored(window, qtbot, "1")[1] == [
        *(8, 87, 100, half, half, None, None, 5, 0, 99, 87, 100),
    ]
    assert "100" in window.messages.what_label.text()
    panels.close_window(window, qtbot)


def test_the_total_stays_in_sight_and_covers_no_cell_that_is_typed_into(
    app, heavy, qtbot, tmp_path
):
    desk = panels.copy_of(heavy, tmp_path)
    window = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(window, qtbot)
    window.go_to("review")
    panels.settle(window, qtbot)
    grid = window.page.grid
    pinned = grid._pinned
    covered = []

    for number in range(12):
        panels.type_text(window, qtbot, str(50 + number))
        cell = grid.visualRect(grid.currentIndex())
        covered.append(cell.right() >= grid.viewport().width() - pinned.width() or cell.left() < 0)
        press(window, qtbot, Qt.Key.Key_Return)

    header = grid.horizontalHeader()
    order = [header.logicalIndex(at) for at in range(header.count())]
    total = header.count() - 2
    index = pinned.model().index(0, total)
    assert covered == [False] * 12
    assert order == [*range(total), total + 1, total]
    assert pinned.isVisible()
    assert pinned.model().data(index) == "55,5"
    assert pinned.visualRect(index).size() == grid.visualRect(grid.model().index(0, total)).size()
    assert pinned.geometry().right() == grid.viewport().geometry().right()
    panels.close_window(window, qtbot)
