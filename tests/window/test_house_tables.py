from __future__ import annotations

import gc
from dataclasses import dataclass
from time import perf_counter

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui import theme, translation
from kipp_desktop.gui.models.rows import CHIP_ROLE, Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.texts import Text
from tests.window import demo

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@dataclass(frozen=True)
class Entry:
    number: int
    title: str
    score: int | None


ENTRIES = [Entry(1, "Sumur", 90), Entry(2, "drive", None), Entry(3, "Sekolah", 85)]
COLUMNS = (
    Column[Entry](Text("Size"), lambda e: str(e.number), lambda e: e.number, right=True),
    Column[Entry](Text("Name"), lambda e: e.title, bold=True),
    Column[Entry](
        Text("Type"), lambda e: "–" if e.score is None else str(e.score), lambda e: e.score
    ),
)


@pytest.fixture
def model(app):
    made = RowsModel(COLUMNS, lambda e: e.number)
    made.set_rows(ENTRIES)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


@pytest.fixture
def view(model, qtbot):
    made = QTableView()
    qtbot.addWidget(made)
    show_rows(made, model)
    made.resize(600, 400)
    made.show()
    return made


def show_a_table(app):
    """Show a table that is part of a cycle, as the tables of every page are."""
    table = QTableView()
    rows = RowsModel(COLUMNS, lambda e: e.number, table)
    show_rows(table, rows, lambda _row: table.close())
    rows.set_rows(ENTRIES)
    table.show()
    app.processEvents()


def test_a_table_that_python_collects_is_torn_down_in_silence(app, qtbot):
    with qtbot.capture_exceptions() as raised:
        show_a_table(app)
        gc.collect()

    assert raised == []


def numbers(model):
    return [row.number for row in model.shown_rows()]


def test_cells_say_their_text_alignment_and_spoken_name(model):
    translation.install(Catalogue.load("en"))
    cell = model.index(0, 0)

    assert cell.data() == "1"
    assert cell.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight.value
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Size: 1"
    assert cell.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(0, 1).data(Qt.ItemDataRole.FontRole).bold
    assert model.row_at(QModelIndex()) is None


def test_sorting_uses_the_key_and_puts_what_has_none_last(model):
    model.sort(2, UP)
    ascending = numbers(model)
    model.sort(2, DOWN)
    descending = numbers(model)
    model.sort(1, UP)
    by_title = numbers(model)
    model.sort(-1)

    assert ascending == [3, 1, 2]
    assert descending == [1, 3, 2]
    assert by_title == [2, 3, 1]
    assert numbers(model) == [1, 2, 3]


def test_every_word_of_the_filter_must_occur_somewhere_in_the_row(model):
    model.set_filter("SE 85")
    found = numbers(model)
    model.set_filter("se 90")

    assert found == [3]
    assert numbers(model) == []
    assert model.total() == 3


def test_a_filter_and_a_sort_hold_for_new_rows(model):
    model.sort(0, DOWN)
    model.set_filter("s")

    model.set_rows([*ENTRIES, Entry(4, "Siaga", 70)])

    assert numbers(model) == [4, 3, 1]


def test_a_choice_by_state_joins_the_text_filter(model):
    model.set_accept(lambda e: e.score is not None)
    model.set_filter("su")

    assert numbers(model) == [1]


def test_the_selection_stays_with_its_row_through_sort_filter_and_reload(view, model):
    view.selectRow(2)

    model.sort(0, DOWN)
    after_sort = selected_row(view)
    model.set_filter("se")
    after_filter = selected_row(view)
    model.set_rows([Entry(3, "Sekolah Daring", 86), Entry(5, "Serba", 1)])

    assert after_sort == ENTRIES[2]
    assert after_filter == ENTRIES[2]
    assert selected_row(view) == Entry(3, "Sekolah Daring", 86)


def test_a_row_that_was_filtered_away_is_selected_again_when_it_comes_back(view, model):
    view.selectRow(0)

    model.set_filter("drive")
    meanwhile = selected_row(view)
    model.set_filter("")

    assert meanwhile is None
    assert selected_row(view) == ENTRIES[0]


def test_enter_and_double_click_open_a_row(window, qtbot):
    table = window.page.table
    table.selectRow(1)

    qtbot.keyClick(table, Qt.Key.Key_Return)

    assert window.page.opened_rows == [demo.ROWS[1]]


def test_chips_are_painted_in_their_tone(window):
    table = window.page.table
    cell = window.page.model.index(0, 2)

    assert cell.data(CHIP_ROLE) == "good"
    image = table.viewport().grab(table.visualRect(cell)).toImage()
    seen = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert theme.LIGHT.good in seen


def test_headers_and_cells_follow_the_language(view, model):
    translation.install(Catalogue.load("en"))
    english = model.headerData(1, Qt.Orientation.Horizontal)
    translation.install(Catalogue.load("id"))

    assert english == "Name"
    assert model.headerData(1, Qt.Orientation.Horizontal) == translation.say(Text("Name"))


def test_tab_leaves_the_table(view):
    assert not view.tabKeyNavigation()


def test_ten_thousand_rows_sort_and_filter_within_50_ms(app, qtbot):
    columns = [
        Column[tuple[str, ...]](Text(f"C{n}"), lambda r, n=n: r[n], lambda r, n=n: r[n])
        for n in range(15)
    ]
    rows = [tuple(f"isi {(r * 7919 + c * 31) % 10007}" for c in range(15)) for r in range(10_000)]
    model = RowsModel(columns, lambda r: r[0])
    view = QTableView()
    qtbot.addWidget(view)
    show_rows(view, model)
    view.resize(1366, 700)
    view.show()
    model.set_rows(rows)
    qtbot.wait(1)
    model.set_filter("isi")
    model.set_filter("")

    def longest(act):
        times = []
        for n in range(5):
            start = perf_counter()
            act(n)
            times.append((perf_counter() - start) * 1000)
        return sorted(times)[-2]

    sort = longest(lambda n: model.sort(n + 1, UP if n % 2 else DOWN))
    keys = longest(lambda n: model.set_filter("isi 12345"[: n + 4]))

    print(f"sort {sort:.1f} ms, filter {keys:.1f} ms")
    # The aim is 50 ms; twice that, for a machine that does other work, too.
    assert sort < 100
    assert keys < 100
