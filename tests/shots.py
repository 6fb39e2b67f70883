"""Pictures of every page on the sample, for eyes: ``python3 dev.py shots [WORD…]``.

Indonesian and English, light, dark and high contrast, 100 and 200 % text, at 1366 × 768. With
words, only pages and looks whose file names hold one of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from itertools import product
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui import start
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.workplace import enter, leave, open_workplace
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.sample import create_sample

OUT = Path(__file__).resolve().parent.parent / "shots"
SIZE = (1366, 768)
LOOKS = tuple(product(("id", "en"), ("light", "dark", "contrast"), (100, 200)))


def main(words: list[str]) -> int:
    """Take the pictures and say how many."""
    OUT.mkdir(exist_ok=True)
    app = QApplication([])
    taken = 0
    with tempfile.TemporaryDirectory(prefix="kipp-") as folder:
        home = Path(folder)
        listed = create_sample(Home(Context(home)))
        crash = CrashReporter(home / "log", app)
        window, _ = start.open_window(home, crash, PAGES)
        window.resize(*SIZE)
        window.show()
        house = window.house
        for role in ("start", "desk", "judge"):
            if role == "start":
                window.set_session(NOBODY)
            else:
                member = "desk" if role == "desk" else "member"
                house.run(
                    lambda task, member=member: open_workplace(home, task, listed, member),
                    partial(enter, house),
                )
            settle(window)
            for info in PAGES:
                if role not in info.roles:
                    continue
                for language, theme, percent in LOOKS:
                    name = f"{role}-{info.key}-{language}-{theme}-{percent}.png"
                    if words and not any(word in name for word in words):
                        continue
                    settings = window.house.settings
                    settings.for_this_run.update(
                        {"language": language, "theme": theme, "text_size": percent}
                    )
                    window.apply_settings()
                    window.resize(*SIZE)
                    window.go_to(info.key)
                    settle(window)
                    window.grab().save(str(OUT / name))
                    taken += 1
            leave(house)
            settle(window)
        window.close()
        window.tasks.stop()
    print(f"{taken} pictures in {OUT.name}/")
    return 0


def settle(window: object) -> None:
    """Let tasks end and the page paint."""
    until = time.monotonic() + 20
    quiet = 0
    while quiet < 3 and time.monotonic() < until:
        QCoreApplication.processEvents()
        quiet = 0 if window.tasks.busy else quiet + 1  # type: ignore[attr-defined]
        time.sleep(0.01)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
