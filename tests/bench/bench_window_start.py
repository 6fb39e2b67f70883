"""Start to the first painted window, on a laptop with a competition of 3,054 entries.

The floor is an empty PySide6 window with one label, started in turn with ours: the same Python, the
same Qt, the same screen.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ENTRIES, ROUNDS, WARM = 3_054, 12, 2
HEAVY = ("reportlab", "pyhanko", "python_calamine", "cryptography.x509", "pypdfium2", "peewee")

_TELL = """
import os, sys, time
def tell():
    took = time.monotonic() - float(os.environ["STARTED"])
    status = open("/proc/self/status").read()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(took, peak, *sorted(set(os.environ["HEAVY"].split()) & set(sys.modules)))
    sys.stdout.flush()
    os._exit(0)
"""

_EMPTY = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, tell)
app = QApplication([])
window = Window()
window.setCentralWidget(QLabel("KIPP"))
window.resize(1366, 768)
window.show()
app.exec()
"""

# The page is painted after the window around it; its paint is what the user waits for.
_OURS = """
from pathlib import Path
from kipp_desktop.gui import app
from kipp_desktop.gui.pages.start import StartPage
from PySide6.QtCore import QTimer
def painted(self, event):
    QTimer.singleShot(0, tell)
StartPage.paintEvent = painted
app.main(["--home", sys.argv[1]])
"""


def run() -> Iterator[Row]:
    """Start both in turn, and compare the medians of time and of the largest memory."""
    from tests.window import panels

    with tempfile.TemporaryDirectory() as folder:
        home = panels.publish_desk(Path(folder), entries=ENTRIES).folder / "desk"
        runs = [(_start(_EMPTY, home), _start(_OURS, home)) for _ in range(ROUNDS)][WARM:]
    heavy = sorted({module for _, ours in runs for module in ours[2]})
    for at, name, limit, unit in ((0, "time", 2.0, "s"), (1, "peak memory", 2.0, "MB")):
        floor, measured = (
            statistics.median(float(pair[side][at]) for pair in runs) for side in (0, 1)
        )
        yield Row(f"window: start to first paint, {name}", floor, measured, limit, unit)
    yield Row("window: heavy modules at the first paint", 1.0, 1.0 + len(heavy), 1.0, "")


def _start(script: str, home: Path) -> tuple[float, float, list[str]]:
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        "HEAVY": " ".join(HEAVY),
        "STARTED": repr(time.monotonic()),
    }
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    said = subprocess.run(
        [sys.executable, "-c", _TELL + script, str(home)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.split()
    return float(said[0]), float(said[1]), said[2:]
