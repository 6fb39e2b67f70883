"""Tables of 10,000 rows × 15 columns: our model against one of Qt's own in C++, in the same run.

A page is one scroll by a screenful, painted. The floor of sorting is Python's sort of the same
keys, the floor of filtering one look through the same folded texts: whatever the model adds to
these is its own. The floor of the trail is parsing the same lines as JSON.
"""

from __future__ import annotations

import json
import os
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.services.audit import Names, sentence
from kipp_desktop.texts import Text
from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QTableView

ROWS = 10_000
COLUMNS = 15
PAGES = 30
ROUNDS = 5
WORD = "solar 99"

Line = tuple[str, ...]


def run() -> Iterator[Row]:
    """Yield a page, sorting, filtering, and the sentences of an audit trail."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from kipp_desktop.gui import theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.load_fonts()
    theme.apply(app, "light", 100)
    rows = _rows()
    ours, floor = _our_model(rows), _qt_model(rows)
    yield _page(ours, floor)
    yield _sort(ours, rows)
    yield _filter(ours, rows)
    yield _trail()


def _rows() -> list[Line]:
    words = ("Sumur", "Solar", "Sekolah", "Puskesmas", "Lapor", "Pasar")
    return [
        tuple(f"{words[(row * 7 + column) % 6]} {row * 37 % ROWS}" for column in range(COLUMNS))
        for row in range(ROWS)
    ]


def _cell(column: int, row: Line) -> str:
    return row[column]


def _our_model(rows: list[Line]) -> RowsModel[Line]:
    columns = [Column[Line](Text("Name"), partial(_cell, n)) for n in range(COLUMNS)]
    model = RowsModel(columns, lambda row: row[0])
    model.set_rows(rows)
    return model


def _qt_model(rows: list[Line]) -> QAbstractItemModel:
    from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlQueryModel

    database = QSqlDatabase.addDatabase("QSQLITE", "bench")
    database.setDatabaseName(":memory:")
    database.open()
    names = ", ".join(f"c{n}" for n in range(COLUMNS))
    QSqlQuery(f"CREATE TABLE t ({names})", database)
    database.transaction()
    insert = QSqlQuery(database)
    insert.prepare(f"INSERT INTO t VALUES ({', '.join('?' * COLUMNS)})")
    for row in rows:
        for number, value in enumerate(row):
            insert.bindValue(number, value)
        insert.exec()
    database.commit()
    model = QSqlQueryModel()
    model.setQuery("SELECT * FROM t", database)
    while model.canFetchMore():
        model.fetchMore()
    return model


def _page(ours: RowsModel[Line], floor: QAbstractItemModel) -> Row:
    from PySide6.QtWidgets import QApplication, QTableView

    from kipp_desktop.gui.models.table import show_rows

    dressed, plain = QTableView(), QTableView()
    show_rows(dressed, ours)
    plain.setModel(floor)
    # The floor is drawn in the same dress; only the model differs.
    plain.setSelectionBehavior(dressed.selectionBehavior())
    plain.setShowGrid(False)
    plain.setWordWrap(False)
    plain.verticalHeader().hide()
    plain.verticalHeader().setDefaultSectionSize(dressed.verticalHeader().defaultSectionSize())
    times: dict[QTableView, list[float]] = {dressed: [], plain: []}
    for view in times:
        view.resize(1400, 900)
        view.show()
        QApplication.processEvents()
        _scroll(view)
    for _ in range(ROUNDS):
        for view, taken in times.items():
            taken.append(_scroll(view))
    for view in times:
        view.close()
    return Row(
        "table 10,000 x 15: a page",
        min(times[plain]) * 1000,
        min(times[dressed]) * 1000,
        1.5,
        "ms",
    )


def _scroll(view: QTableView) -> float:
    """Return the seconds that a page takes."""
    bar = view.verticalScrollBar()
    bar.setValue(0)
    view.viewport().repaint()
    begun = time.perf_counter()
    for _ in range(PAGES):
        bar.setValue(bar.value() + bar.pageStep())
        view.viewport().repaint()
    return (time.perf_counter() - begun) / PAGES


def _sort(ours: RowsModel[Line], rows: list[Line]) -> Row:
    from PySide6.QtCore import Qt

    def floor() -> None:
        keys = [row[3].casefold() for row in rows]
        sorted(range(ROWS), key=keys.__getitem__)

    def measured() -> None:
        ours.sort(3, Qt.SortOrder.AscendingOrder)

    least, taken = _together(floor, measured, lambda: ours.sort(-1))
    return Row("table 10,000 x 15: sort by a text", least, taken, 4.0, "ms")


def _filter(ours: RowsModel[Line], rows: list[Line]) -> Row:
    folded = ["\n".join(row).casefold() for row in rows]

    def floor() -> None:
        shown = list(range(ROWS))
        for word in WORD.split():
            shown = [n for n in shown if word in folded[n]]

    def measured() -> None:
        ours.set_filter(WORD)

    least, taken = _together(floor, measured, lambda: ours.set_filter(""))
    return Row("table 10,000 x 15: a key press in the filter", least, taken, 3.0, "ms")


def _trail() -> Row:
    body = {
        "check": None,
        "comments": {},
        "entry": "e1",
        "feedback": "Kembangkan lagi kanal aduannya.",
        "marks": dict.fromkeys(("kebaruan", "efektif", "bermanfaat", "transfer", "lanjut"), "8"),
        "reason": None,
        "rubric": "0" * 64,
        "stage": "presentasi",
        "supersedes": None,
    }
    lines = [json.dumps({"kind": "score-sheet", "seq": n, "body": body}) for n in range(ROWS)]
    names = Names({"e1": "1"}, {}, {"presentasi": "Presentasi"}, {})
    say = Catalogue.load("id").say

    def floor() -> None:
        for line in lines:
            json.loads(line)

    def measured() -> None:
        for line in lines:
            say(sentence("score-sheet", json.loads(line)["body"], names))

    least, taken = _together(floor, measured, lambda: None)
    return Row("audit trail: 10,000 records in words", least, taken, 6.0, "ms")


def _together(
    floor: Callable[[], None], measured: Callable[[], None], undo: Callable[[], None]
) -> tuple[float, float]:
    """Return the median milliseconds of both, measured by turns."""
    least, taken = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        floor()
        least.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        measured()
        taken.append(time.perf_counter() - begun)
        undo()
    return median(least) * 1000, median(taken) * 1000
