from __future__ import annotations

import pytest

from kipp_desktop.gui.models.table import LEAST_LETTERS


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
