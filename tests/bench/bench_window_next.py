"""The next entry in the window: twelve criteria in three levels, asked for, read, painted.

And a mark there, as in ``bench_window_mark``: typed, durable, painted within one frame.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES, TURNS, PRESSES = 46, 120, 240
PROMISED = 0.050
FRAME = 1 / 60


def run() -> Iterator[Row]:
    """Turn the pages as Ctrl+Enter does and type marks; medians and 99th percentiles."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from kipp_desktop.gui import theme
    from kipp_desktop.gui.pages.registry import PAGES
    from kipp_desktop.gui.workplace import leave
    from tests.window import hard, panels

    class _Painted(QObject):
        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or event.type() == QEvent.Type.Paint
            return False

    app = QApplication.instance() or QApplication([])
    theme.load_fonts()
    with tempfile.TemporaryDirectory() as folder:
        desk = hard.publish(Path(folder), ENTRIES)
        window = panels.open_window(panels.join_as(desk, "Juri 1"), "member", PAGES)
        while window.page is None or window.tasks.busy or not window.page.isVisible():
            QTest.qWait(5)
        page = window.page
        while not page.criteria.rows:
            QTest.qWait(5)
        gc.collect()
        gc.freeze()
        QTest.qWait(300)
        title, count, stored = _Painted(), _Painted(), []
        page.head.title.installEventFilter(title)
        page.bar.count_label.installEventFilter(count)
        page.writer.stored.connect(stored.append)
        turns = []
        for number in range(TURNS):
            by = 1 if number // (ENTRIES - 1) % 2 == 0 else -1
            title.seen = False
            start = time.perf_counter()
            page.step(by)
            while not title.seen:
                app.processEvents()
            # Whatever the turn still asks for belongs to it.
            app.processEvents()
            turns.append(time.perf_counter() - start)
            QTest.qWait(5)
        marks, names = [], list(page.criteria.rows)
        for number in range(PRESSES):
            page.criteria.focus(names[number % len(names)])
            editor = QApplication.focusWidget()
            QTest.keyClick(editor, Qt.Key.Key_8)
            QTest.keyClick(editor, Qt.Key.Key_0 + number // len(names) % 10)
            QTest.qWait(1)
            stored.clear()
            count.seen = False
            start = time.perf_counter()
            # What cannot become another mark is set; Enter sets the rest.
            QTest.keyClick(editor, Qt.Key.Key_Return)
            while not (stored and count.seen):
                app.processEvents()
            marks.append(time.perf_counter() - start)
            if number % len(names) == len(names) - 1:
                page.step(1)
                QTest.qWait(50)
        leave(window.house)
        while window.tasks.busy:
            QTest.qWait(1)
        window.close()
        window.tasks.stop()
    for what, found, floor in (
        ("next entry, 12 criteria in 3 levels", turns, PROMISED),
        ("mark 0-100 by 0.5 to durable to painted", marks, FRAME),
    ):
        found.sort()
        for name, share in (("median", 0.5), ("p99", 0.99)):
            yield Row(f"{what}, {name}", floor, found[int(len(found) * share)], 1.0)
