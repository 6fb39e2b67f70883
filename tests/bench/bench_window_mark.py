"""A mark in the window: key press, durable in the database, painted; 3,054 entries.

The floor is one frame of a 60 Hz screen, so that the mark is there with the next picture.
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

ENTRIES, PRESSES = 3_054, 300
FRAME = 1 / 60


def run() -> Iterator[Row]:
    """Press digits on sheet after sheet, as a judge does, and take the 99th percentile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from kipp_desktop.gui import theme
    from kipp_desktop.gui.pages.base import PageInfo
    from kipp_desktop.gui.workplace import leave
    from kipp_desktop.texts import Text
    from tests.window import panels

    stored: list[object] = []

    class _Painted(QObject):
        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or (bool(stored) and event.type() == QEvent.Type.Paint)
            return False

    app = QApplication.instance() or QApplication([])
    theme.load_fonts()
    page = PageInfo(
        "scoring",
        Text("Scoring"),
        "clipboard-check",
        frozenset({"judge"}),
        "kipp_desktop.gui.pages.scoring:ScoringPage",
    )
    with tempfile.TemporaryDirectory() as folder:
        desk = panels.publish_desk(Path(folder), entries=ENTRIES)
        home = panels.join_as(desk, "Juri 1")
        window = panels.open_window(home, "member", (page,))
        while window.page is None or window.tasks.busy or not window.page.isVisible():
            QTest.qWait(5)
        while not window.page.criteria.rows:
            QTest.qWait(5)
        # As the window's own start does: what is there by now stays.
        gc.collect()
        gc.freeze()
        window.page.writer.stored.connect(stored.append)
        painted = _Painted()
        window.page.bar.count_label.installEventFilter(painted)
        times = []
        names = list(window.page.criteria.rows)
        for number in range(PRESSES):
            window.page.criteria.focus(names[number % len(names)])
            QTest.qWait(1)
            stored.clear()
            painted.seen = False
            start = time.perf_counter()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key(Qt.Key.Key_1 + number % 9))
            # What the stored mark changed is painted last: the count, or the total.
            while not painted.seen:
                app.processEvents()
            times.append(time.perf_counter() - start)
            if number % len(names) == len(names) - 1:
                window.page.step(1)
                # Turning the page is not the mark; no judge marks within a twentieth of a second.
                QTest.qWait(50)
        leave(window.house)
        while window.tasks.busy:
            QTest.qWait(1)
        window.close()
        window.tasks.stop()
    times.sort()
    for name, share in (("median", 0.5), ("p99", 0.99)):
        measured = times[int(len(times) * share)]
        yield Row(f"mark: key to durable to painted, 3,054, {name}", FRAME, measured, 1.0)
