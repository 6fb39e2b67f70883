"""A small competition on its day, for tests of the desk's pages: homes, keys and files are real."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from kipp_desktop.assets import asset
from kipp_desktop.exchange.words import words_of
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.workplace import enter, leave, open_workplace
from kipp_desktop.services import (
    admission,
    catalogues,
    deciding,
    importing,
    inbox,
    joining,
    judging,
    new_competition,
    published,
    score_import,
    setup,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.settings import Settings
from kipp_desktop.texts import Text
from tests.window import conftest
from tests.window.keyboard import keyboard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QTableView

    from kipp_desktop.gui.pages.base import Page

CRITERIA = ("kebaruan", "efektif", "bermanfaat", "transfer", "berkelanjutan")
TITLES = (
    "Sumur Injeksi Kota",
    "Drive Thru Adminduk",
    "Sekolah Daring Ceria",
    "Lapor Sampah Digital",
    "Puskesmas Tanpa Antre",
)
#: By number, what every judge gives: entries 3 and 4 share the third place to the last step.
MARKS = {
    "1": (9, 9, 9, 9, 9),
    "2": (8, 9, 8, 9, 8),
    "3": (8, 8, 8, 8, 8),
    "4": (9, 8, 7, 8, 8),
    "5": (5, 6, 5, 6, 5),
}


@dataclass
class Day:
    """The desk's home, its words, and for each judge the file and the six words."""

    folder: Path
    words: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    judge_words: dict[str, str] = field(default_factory=dict)

    @property
    def desk_home(self) -> Path:
        return self.folder / "homes" / "meja"

    @property
    def stick(self) -> Path:
        return self.folder / "stik"

    def home(self) -> Home:
        return Home(Context(home=self.desk_home))

    def publish(self, out: Path) -> None:
        """Merge everything, settle the tie and publish."""
        self.merge(list(self.files))
        home = self.home()
        with home.open(home.choose()) as panel:
            deciding.decide_tie(home, panel, ["4", "3"], "plenary", "Dampak lebih luas (contoh)")
            published.publish_and_note(home, panel, out)

    def merge(self, judges: Sequence[str], *, admit: bool = True) -> None:
        """Merge judges' files at the desk, and compare their words."""
        home = self.home()
        with home.open(home.choose()) as panel:
            inbox.merge(home, panel, [self.files[judge] for judge in judges])
            for key, person in inbox.waiting_keys(panel) if admit else ():
                name = panel.setup.name_of(person)
                admission.admit(home, panel, key, self.judge_words[name])


def begin(
    folder: Path,
    judges: Sequence[str] = ("Juri 1", "Juri 2", "Juri 3", "Juri 4"),
    marks: Mapping[str, Sequence[int]] = MARKS,
    approvals: Sequence[str] = (),
    *,
    observer: str = "",
    moderator: str = "",
) -> Day:
    """Return the day on which every judge has signed and put a file on the stick.

    ``approvals`` are asked for; an ``observer`` joins too, and marks nothing. A ``moderator``
    is in the plan only.
    """
    day = Day(folder)
    home = day.home()
    table = catalogues.load_toml(asset("resources", "sample") / "kompetisi.toml")
    table["award"] = [{"group": "umum", "tier": "Top 3", "size": 3}]
    table["person"] = [{"name": name, "roles": ["judge"]} for name in judges]
    if observer:
        table["person"].append({"name": observer, "roles": ["observer"]})
    if moderator:
        table["person"].append({"name": moderator, "roles": ["moderator"]})
    table["approvals"] = list(approvals)
    listed = new_competition.create_competition(home, table)
    day.words = words_of(listed.desk)
    package = day.stick / "paket.kipp"
    with home.open(listed) as panel:
        importing.import_entries(home, panel, _entries(folder))
        setup.publish_plan(home, panel, package)
    for judge in judges:
        _hand_in(day, judge, package, marks)
    if observer:
        joined = join(day, observer, package)
        day.files[observer] = day.stick / f"{_slug(observer)}-kunci.kipp"
        day.judge_words[observer] = joined.words
    return day


def home_of(day: Day, name: str) -> Path:
    """Return the folder of a member's home."""
    return day.folder / "homes" / _slug(name)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def join(day: Day, name: str, package: Path) -> joining.Joined:
    """Let somebody join in a home of their own; the key's file lies on the stick."""
    home = Home(Context(home=home_of(day, name)))
    return joining.join(home, package, name, day.stick / f"{_slug(name)}-kunci.kipp", day.words)


def _entries(folder: Path) -> Path:
    path = folder / "inovasi.csv"
    rows = [(number, title, f"Dinas {number}") for number, title in zip(MARKS, TITLES, strict=True)]
    _write(path, ("nomor", "judul", "instansi"), rows)
    return path


def _hand_in(day: Day, judge: str, package: Path, marks: Mapping[str, Sequence[int]]) -> None:
    name = _slug(judge)
    home = Home(Context(home=home_of(day, judge)))
    joined = join(day, judge, package)
    table = day.folder / f"{name}.csv"
    _write(table, ("nomor", *CRITERIA), [(number, *row) for number, row in marks.items()])
    with home.open(joined.listed) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        score_import.import_scores(home, panel, marker, table)
        judging.submit(home, panel, marker, home.unlock(card))
        joining.write_hand_in(panel, card, day.stick / f"{name}.kipp")
    day.files[judge] = day.stick / f"{name}.kipp"
    day.judge_words[judge] = joined.words


def sign_more(home_folder: Path, out: Path, number: str) -> Path:
    """Sign one more record on a judge's laptop, and write the file for the desk."""
    home = Home(Context(home=home_folder))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        judging.abstain(
            home, panel, marker, home.unlock(card), [number], "absent", "Sakit (contoh)"
        )
        joining.write_hand_in(panel, card, out)
    return out


def correct(day: Day, judge: str, marks: Mapping[str, Sequence[int]], out: Path) -> Path:
    """Sign corrected sheets on a judge's laptop, and write the file for the desk."""
    home = Home(Context(home=home_of(day, judge)))
    table = day.folder / "koreksi.csv"
    _write(table, ("nomor", *CRITERIA), [(number, *row) for number, row in marks.items()])
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        score_import.import_scores(home, panel, marker, table)
        judging.submit(home, panel, marker, home.unlock(card), reason="Salah ketik (contoh)")
        joining.write_hand_in(panel, card, out)
    return out


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)


# -- the window over it ----------------------------------------------------------------------------

#: Only these pages, so that a test of one of them loads no other.
PAGES_AT_THE_END = tuple(
    info
    for info in PAGES
    if info.key
    in {
        "inbox",
        "keys",
        "ranking",
        "plenary",
        "field",
        "results",
        "audit",
        "check",
        "approval",
        "visits",
        "visit",
        "hand-in",
    }
)


def open_window(settings: Path, home: Path | None, qtbot, role: str = "desk") -> MainWindow:
    """Return a shown window: of the desk or a member of ``home``, or of nobody in particular."""
    made = MainWindow(
        Settings.load(settings / "settings.toml"),
        CrashReporter(settings / "log"),
        PAGES_AT_THE_END,
        home or settings,
    )
    made.apply_settings()
    if home is None:
        made.set_session(NOBODY)
    else:
        listed = Home(Context(home=home)).choose()
        made.house.run(
            lambda task: open_workplace(home, task, listed, role),
            lambda workplace: enter(made.house, workplace),
        )
        qtbot.waitUntil(lambda: made.house.session.context is not None)
    conftest.show_active(made)
    settle(made, qtbot)
    return made


def said(source: str, **values: object) -> str:
    """Return what the window says for a source text."""
    return say(Text(source, **values))


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(keyboard(), key, modifier)
    QCoreApplication.processEvents()


def write(text: str) -> None:
    """Type a text over what the field holds."""
    QTest.keyClick(keyboard(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(keyboard(), text)


def tab_to(name: str) -> None:
    """Press Tab until the control with this name has the keyboard."""
    seen: list[str] = []
    for _ in range(80):
        if keyboard().objectName() == name:
            return
        press(Qt.Key.Key_Tab)
        seen.append(keyboard().objectName())
    raise AssertionError(f"Tab does not reach {name}, only {sorted(set(seen))}")


def press_button(text: str) -> None:
    """Tab to a button by its words, and press it."""
    for _ in range(80):
        if getattr(keyboard(), "text", str)().replace("&", "") == text.replace("&", ""):
            press(Qt.Key.Key_Space)
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(text)


def open_page(window: MainWindow, key: str, qtbot) -> Page:
    """Open a page by its key of the keyboard, as the sidebar numbers them."""
    number = [button.info.key for button in window.sidebar.buttons].index(key) + 1
    if number > 10:
        settle(window, qtbot)  # a page that still loads would take the keyboard from the sidebar
        window.sidebar.buttons[number - 1].setFocus()
        press(Qt.Key.Key_Return)
    else:
        press(Qt.Key(Qt.Key.Key_0 + number % 10), Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert window.page is not None
    assert window.page.info.key == key
    return window.page


def column(table: QTableView, number: int) -> list[str]:
    """Return what a column of a table shows."""
    model = table.model()
    return [str(model.index(line, number).data()) for line in range(model.rowCount())]


def settle(window: MainWindow, qtbot) -> None:
    """Wait until nothing is being done and nothing waits to be shown."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=20_000)
        QCoreApplication.processEvents()


def close_window(window: MainWindow, qtbot) -> None:
    """Close the competition and the window."""
    leave(window.house)
    conftest.close(window, qtbot)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
