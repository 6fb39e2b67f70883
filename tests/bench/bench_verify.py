"""Verifying a results file of 100 judges: 3,054 entries, eight criteria, 305,400 signed sheets."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.exchange import sshsig
from kipp_desktop.services import checking, desk, inbox, publishing, standing
from kipp_desktop.services.context import Context
from tests.bench import large
from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def run() -> Iterator[Row]:
    """Measure the verification against reading, hashing, verifying and parsing the same bytes."""
    with tempfile.TemporaryDirectory(prefix="kipp-bench-") as folder:
        made = large.make(Path(folder))
        home = made.home
        with home.open(home.choose()) as panel:
            inbox.merge(home, panel, made.files)
            desk.close_stage(home, panel, "presentasi")
            identity = desk.desk_identity(home, panel)
            publishing.sign_results(home, panel, identity, standing.standing(panel))
            publishing.write_results(panel, Path(folder))
        path = Path(folder) / publishing.RESULTS
        context = Context(Path(folder) / "luar")
        floors, found = [], []
        for _ in range(3):  # turn by turn, so that a busy machine slows both
            floors.append(_seconds(lambda: _floor(path)))
            found.append(_seconds(lambda: _verified(context, path)))
    yield Row("verify results of 100 judges x 3,054 entries x 8", min(floors), min(found), 3.0)


def _verified(context: Context, path: Path) -> None:
    assert checking.verify(context, [path]).ok


def _floor(path: Path) -> None:
    data = path.read_bytes()
    hashlib.sha256(data).digest()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if name.endswith(".ndjson"):
                ledger = file.read(name)
                sshsig.verify(file.read(f"{name}.sig"), hashlib.sha512(ledger).digest())
                for line in ledger.splitlines():
                    json.loads(line)


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
