"""Ranking 3,054 entries by ten judges."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.domain.ranking import rank
from kipp_desktop.services import inbox, standing
from tests.bench import large
from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def run() -> Iterator[Row]:
    """Measure the ranking, and with all that it fetches, against fetching (entry, total)."""
    with tempfile.TemporaryDirectory(prefix="kipp-bench-") as folder:
        made = large.make(Path(folder), judges=10)
        home = made.home
        with home.open(home.choose()) as panel:
            inbox.merge(home, panel, made.files)
            setup = panel.setup
            counts = {"presentasi": standing.stage_count(panel, "presentasi")}
            floor, alone, whole = [], [], []
            for _ in range(15):
                floor.append(_seconds(lambda: panel.projection.totals("presentasi")))
                alone.append(_seconds(lambda: rank(setup, panel.state, counts)))
                whole.append(_seconds(lambda: standing.standing(panel)))
    yield Row("rank 3,054 entries x 10 judges", min(floor), min(alone), 3.0)
    yield Row("the same, with reading the sheets", min(floor), min(whole), 6.0)


def _seconds(act: Callable[[], object]) -> float:
    # Neither waits for a disk: the time of this process, whatever else the machine does.
    start = time.process_time()
    act()
    return time.process_time() - start
