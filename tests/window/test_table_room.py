from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTableView, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import LEAST_LETTERS, show_rows
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.texts import Text


@pytest.mark.parametrize("width", [1366, 800])
@pytest.mark.parametrize("percent", [100, 200])
def test_a_stretched_column_fills_the_room_and_scrolls_rather_than_vanishes(
    window, qtbot, width, percent
):
    window.house.settings.text_size = percent
    window.apply_settings()

    window.resize(width, 700)
    qtbot.wait(30)

    table = window.page.table
    whole = sum(table.columnWidth(n) for n in range(3))
    letter = table.fontMetrics().horizontalAdvance("n")
    assert table.columnWidth(1) >= LEAST_LETTERS * letter
    assert whole >= table.viewport().width()


@pytest.mark.parametrize("width", [900, 320, 200])
def test_a_long_column_gives_way_before_the_table_scrolls(app, qtbot, width):
    columns = (
        Column[str](Text("Name"), str, stretch=True),
        Column[str](Text("Type"), str, width=20, least=10),
    )
    view = QTableView()
    qtbot.addWidget(view)
    show_rows(view, RowsModel(columns, str, view))

    view.resize(width, 300)
    view.show()

    letter = view.fontMetrics().horizontalAdvance("n")
    title = LEAST_LETTERS * letter + theme.px(24)
    least, most = (n * letter + theme.px(24) for n in (10, 20))
    room = view.viewport().width()
    assert view.columnWidth(1) == min(most, max(least, room - title))
    assert view.columnWidth(0) >= title
    scrolls = room < title + least
    assert (view.horizontalScrollBar().maximum() > 0) is scrolls


def test_a_row_becomes_a_column_where_big_letters_leave_no_room(app, qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    row = QHBoxLayout(owner)
    first, second = QLabel("Cari"), QLabel("Tambah")
    row.addWidget(first)
    row.addWidget(second)
    BreakingRow(row, 300, owner)
    owner.resize(400, 100)
    owner.show()
    beside = second.x() > first.x()

    theme.apply(app, "light", 200)
    qtbot.waitUntil(lambda: second.y() > first.y())

    assert beside
    assert second.x() == first.x()
