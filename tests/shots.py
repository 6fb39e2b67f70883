"""Pictures of every page and dialog on the sample, for eyes: ``python3 dev.py shots [WORD…]``.

Indonesian and English, light, dark and high contrast, 100 and 200 % text, at 1366 × 768. With
words, only pages and looks whose file names hold one of them. Pages of the desk stand twice: on the
day (``desk``), and when the sample is published (``end``).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui import start
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.workplace import enter, leave, open_workplace
from kipp_desktop.services import approving, deciding, desk, inbox, published
from kipp_desktop.services.context import Context
from kipp_desktop.services.demonstration import demonstrate
from kipp_desktop.services.home import Home
from kipp_desktop.services.sample import create_sample
from tests import shots_agenda, shots_dialogs, shots_heavy, shots_rules
from tests.flow.field import CONCLUSIONS, Field, visits_of
from tests.flow.kipp import done
from tests.window import panel_day, setup_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QDialog, QWidget

    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.services.home import Listed

OUT = Path(__file__).resolve().parent.parent / "shots"
SIZE = (1366, 768)
LOOKS = tuple(product(("id", "en"), ("light", "dark", "contrast"), (100, 200)))
AT_THE_END = ("overview", "ranking", "plenary", "results", "audit")


@dataclass
class Studio:
    """A shown window, and which pictures of it are wanted."""

    window: MainWindow
    words: list[str]
    taken: int = 0

    def enter(self, home: Path, listed: Listed, member: str) -> None:
        """Open a competition as its desk or as a member."""
        house = self.window.house
        house.home = home
        house.run(
            lambda task: open_workplace(home, task, listed, member),
            partial(enter, house),
        )
        self.settle()

    def leave(self) -> None:
        """Close the competition."""
        leave(self.window.house)
        self.settle()

    def looks(self, *name: str) -> Iterator[Path]:
        """Put on each wanted look in turn; yield where its picture goes."""
        for language, theme, percent in LOOKS:
            path = OUT / ("-".join((*name, language, theme, str(percent))) + ".png")
            if self.words and not any(word in path.name for word in self.words):
                continue
            self.window.house.settings.for_this_run.update(
                {"language": language, "theme": theme, "text_size": percent}
            )
            self.window.apply_settings()
            self.window.resize(*SIZE)
            self.settle()
            yield path

    def take_page(self, role: str, key: str) -> None:
        """Take a page in every look."""
        for path in self.looks(role, key):
            page: Any = self.window.go_to(key)
            self.settle()
            if key == "results":
                # A folder as a user has it, not the one that these pictures live in.
                label, folder = page.files_label, str(shots_dialogs.FOLDER)
                issue = page._view.issue if page._view is not None else None
                if issue is not None:
                    label.setText(label.text().replace(str(issue.folder), folder))
                page.folder.setText(folder)
            self.take(self.window, path)

    def take_dialog(self, role: str, name: str, make: Callable[[], QDialog]) -> None:
        """Take a dialog in every look."""
        for path in self.looks(role, "dialog", name):
            dialog = make()
            dialog.open()
            self.settle()
            self.take(dialog, path)
            # Not close(): the curtain stays until it is opened.
            dialog.hide()
            dialog.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def take(self, widget: QWidget, path: Path) -> None:
        """Store a picture."""
        widget.grab().save(str(path))
        self.taken += 1

    def settle(self) -> None:
        """Let tasks end and the page paint."""
        until = time.monotonic() + 20
        quiet = 0
        while quiet < 3 and time.monotonic() < until:
            QCoreApplication.processEvents()
            quiet = 0 if self.window.tasks.busy else quiet + 1
            time.sleep(0.01)


def main(words: list[str]) -> int:
    """Take the pictures and say how many."""
    OUT.mkdir(exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory(prefix="kipp-") as name:
        folder = Path(name)
        home = folder / "home"
        listed = create_sample(Home(Context(home)))
        # The facts for dialogs come from a copy: reading them opens the ranking.
        copied = Home(Context(shutil.copytree(home, folder / "copy")))
        crash = CrashReporter(home / "log", app)
        window, _ = start.open_window(home, crash, PAGES)
        stage = shots_dialogs.prepare(window, copied, folder)
        studio = Studio(window, words)
        window.resize(*SIZE)
        window.show()
        for role, member in (("start", ""), ("desk", "desk"), ("judge", "member")):
            if member:
                studio.enter(home, listed, member)
            else:
                window.set_session(NOBODY)
            for info in PAGES:
                if role in info.roles:
                    studio.take_page(role, info.key)
            if role == "desk":
                shots_rules.take(studio)
            for where, dialog, make in shots_dialogs.DIALOGS:
                if where == role:
                    studio.take_dialog(role, dialog, partial(make, stage))
            if member:
                studio.leave()
        _take_setup(studio, folder / "setup")
        _take_agenda(studio, home, listed)
        _take_end(studio, folder / "day")
        _take_plenary(studio, folder / "plenary")
        _take_field(studio, folder / "field")
        shots_heavy.take(studio, folder / "heavy")
        window.close()
        window.tasks.stop()
    print(f"{studio.taken} pictures in {OUT.name}/")
    return 0


def _take_setup(studio: Studio, folder: Path) -> None:
    """Take the pages of the days before: pairs, the selection, organisations, files."""
    home = setup_desk.begin(folder)
    studio.enter(home.context.home, home.choose(), "desk")
    for key in ("entries", "duplicates", "selection", "coverage"):
        studio.take_page("setup", key)
    page: Any = studio.window.go_to("coverage")
    page.tabs.setCurrentWidget(page.matches_tab)
    studio.take_page("names", "coverage")
    page.tabs.setCurrentIndex(2)
    studio.take_page("kinds", "coverage")
    for name, make in shots_dialogs.SETUP_DIALOGS:
        studio.take_dialog("setup", name, partial(make, studio.window))
    studio.leave()


def _take_agenda(studio: Studio, home: Path, listed: Listed) -> None:
    """Take the agenda while a slot runs, its planning, its dialogs and the timer."""
    shots_agenda.fill(Home(Context(home)), listed)
    studio.enter(home, listed, "desk")
    page: Any = studio.window.go_to("agenda")
    page.day.moment = shots_agenda.clock_after(75)
    studio.take_page("day", "agenda")
    for moment, after in shots_agenda.MOMENTS.items():
        for path in studio.looks("day", "timer", moment):
            page.day.moment = shots_agenda.clock_after(after)
            page.day.show_timer()
            page.day.timer.resize(*SIZE)
            studio.settle()
            studio.take(page.day.timer, path)
            page.day.timer.close()
            studio.settle()
    page.day.moment = shots_agenda.clock_after(75)
    page.tabs.setCurrentWidget(page.plan_tab)
    studio.take_page("plan", "agenda")
    for name, make in shots_agenda.DIALOGS.items():
        studio.take_dialog("desk", name, partial(make, page))
    studio.leave()


def _take_end(studio: Studio, folder: Path) -> None:
    demonstrate(Context(folder), folder)
    home = Home(Context(folder / "homes" / "sekretariat"))
    listed = home.choose()
    with home.open(listed) as panel:
        published.publish_and_note(home, panel, folder / "hasil")
    studio.enter(home.context.home, listed, "desk")
    for key in AT_THE_END:
        studio.take_page("end", key)
    studio.leave()


def _take_plenary(studio: Studio, folder: Path) -> None:
    """Take a panel with much to decide, a draft that waits for approval, and a member's laptop."""
    made = panel_day.begin(folder, approvals=["observer"], observer="Pengamat 1")
    made.merge(list(made.files))
    home = made.home()
    with home.open(home.choose()) as panel:
        desk.close_stage(home, panel, "presentasi")
    late = panel_day.correct(made, "Juri 2", {"5": (10, 10, 10, 10, 10)}, folder / "lagi.kipp")
    with home.open(home.choose()) as panel:
        inbox.merge(home, panel, [late])
    studio.enter(made.desk_home, home.choose(), "desk")
    studio.take_page("panel", "plenary")
    studio.leave()
    with home.open(home.choose()) as panel:
        votes = desk.Votes(3, 1, 0)
        deciding.decide_tie(home, panel, ["4", "3"], "plenary", "Dampak lebih luas (contoh)", votes)
        published.publish_and_note(home, panel, folder / "draf")
        approving.record_wet(home, panel, "Juri 1")
    studio.enter(made.desk_home, home.choose(), "desk")
    for key in ("plenary", "results"):
        studio.take_page("draft", key)
    studio.leave()
    member = Home(Context(panel_day.home_of(made, "Pengamat 1")))
    studio.enter(member.context.home, member.choose(), "member")
    studio.take_page("member", "approval")
    page: Any = studio.window.go_to("approval")
    page.look_at(folder / "draf" / "hasil.kipp")
    studio.settle()
    studio.take_page("looked", "approval")
    studio.take_page("looked", "hand-in")
    studio.leave()


def _take_field(studio: Studio, folder: Path) -> None:
    """Take a verifier's laptop and the desk after the visits."""
    folder.mkdir()
    made = Field(folder).create()
    home = Home(Context(made.desk))
    studio.enter(made.desk, home.choose(), "desk")
    studio.take_page("advanced", "field")
    studio.leave()
    verifier = Home(Context(made.home("Verifikator 1")))
    studio.enter(verifier.context.home, verifier.choose(), "member")
    studio.take_page("verifier-first", "visits")
    studio.leave()
    made.observe("Verifikator 1", visits_of(CONCLUSIONS["Verifikator 1"]), "--draft")
    other = made.visit("Verifikator 2")
    done(verifier.context.home, "merge", other)
    studio.enter(verifier.context.home, verifier.choose(), "member")
    studio.take_page("verifier", "visits")
    page: Any = studio.window.page
    page._open(page._rows[0])
    studio.settle()
    studio.take_page("verifier", "visit")
    studio.take_page("verifier", "hand-in")
    studio.leave()
    made.merge(other, made.visit("Verifikator 1"))
    studio.enter(made.desk, home.choose(), "desk")
    studio.take_page("visited", "field")
    studio.take_page("visited", "plenary")
    studio.leave()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
