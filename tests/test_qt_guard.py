"""PySide6 6.12.0 aborts on Python 3.10 and 3.11: each void call gives away a reference to None."""

import os
import subprocess
import sys

GUARD = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
widget = QWidget()
before = sys.getrefcount(None)
for _ in range(60_000):
    widget.update()
print(sys.getrefcount(None) - before)
"""


def test_sixty_thousand_void_calls_survive_and_keep_none_alive():
    finished = subprocess.run(
        [sys.executable, "-c", GUARD],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert finished.returncode == 0, finished.stderr
    # The interpreter itself may drop a few; the fault would drop 60,000.
    assert int(finished.stdout) > -100
