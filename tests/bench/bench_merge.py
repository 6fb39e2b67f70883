"""Merging the files of 100 judges: 3,054 entries, eight criteria, 305,400 signed sheets."""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kipp_desktop.exchange import sshsig
from kipp_desktop.services import inbox, joining, judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.bench import large
from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: ``ru_maxrss`` is in KiB on Linux, in bytes on macOS.
RSS_UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10


def run() -> Iterator[Row]:
    """Measure the merge, the same files again, its memory, and the commit of a mark."""
    with tempfile.TemporaryDirectory(prefix="kipp-bench-") as folder:
        made = large.make(Path(folder))
        home = made.home
        # Before and after, and their mean: the merge too meets the clock as it is.
        before = _floor(made)
        with home.open(home.choose()) as panel:
            first = _seconds(lambda: inbox.merge(home, panel, made.files))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / RSS_UNIT
            again = _seconds(lambda: inbox.merge(home, panel, made.files))
            assert len(panel.projection.counted("presentasi")) == large.JUDGES * large.ENTRIES
        floor = (before + _floor(made)) / 2
    yield Row("merge 100 judges x 3,054 entries x 8 criteria", floor, first, 5.0)
    yield Row("merge the same files again", floor, again, 0.2)
    yield Row("memory of that merge, of 500 MB", 500.0, peak, 1.0, "MB")
    with tempfile.TemporaryDirectory(prefix="kipp-bench-") as folder:
        yield from _commits(Path(folder))


def _floor(made: large.Large) -> float:
    """Read, hash, verify and parse the same bytes, one file in memory at a time."""
    start = time.perf_counter()
    for path, author in zip(made.files, made.ledgers, strict=True):
        data = path.read_bytes()
        hashlib.sha256(data).digest()
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            ledger = file.read(f"ledgers/{author.name}.ndjson")
        sshsig.verify(author.signature, hashlib.sha512(ledger).digest())
        for line in ledger.splitlines():
            json.loads(line)
    return time.perf_counter() - start


def _commits(folder: Path) -> Iterator[Row]:
    """A mark that is durable, against 100 bytes that are, turn by turn."""
    large.make_home(folder, judges=1, entries=127, criteria=5)
    judge = Home(Context(folder / "juri"))
    joined = joining.join(judge, folder / "paket.kipp", "Juri 1", folder / "j.kipp")
    floors, marks = [], []
    with judge.open(joined.listed) as panel, (folder / "append").open("ab", buffering=0) as file:
        marker = judging.marker_of(panel, judge.card(panel.competition, "member"))
        entries = [entry.id for entry in panel.setup.entries]
        for number in range(400):
            entry = entries[number % len(entries)]
            mark = Fraction(number % 10 + 1)
            floors.append(_seconds(lambda: _append(file)))
            marks.append(
                _seconds(
                    lambda entry=entry, mark=mark: judging.set_mark(
                        judge, panel, marker, entry, "kriteria-1", mark
                    )
                )
            )
    floors.sort()
    marks.sort()
    middle = len(marks) // 2
    yield Row("a mark is durable (median of 400)", 1e3 * floors[middle], 1e3 * marks[middle], 3.0,
              "ms")  # fmt: skip


def _append(file: IO[bytes]) -> None:
    os.write(file.fileno(), b"x" * 100)
    os.fdatasync(file.fileno())


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
