"""Real competitions for the tests of pages: a desk's home, and homes that joined it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.tasks import TaskContext
from kipp_desktop.gui.workplace import enter, leave, open_workplace
from kipp_desktop.services import (
    admission,
    catalogues,
    importing,
    inbox,
    joining,
    new_competition,
    setup,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.settings import Settings
from tests.window.conftest import close, show_active
from tests.window.keyboard import keyboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.services.panel import Panel


@dataclass
class Desk:
    """A desk whose plan is published; ``words`` by the name of whoever joined."""

    folder: Path
    home: Home
    listed: object
    package: Path
    words: dict[str, str]


def publish_desk(  # noqa: PLR0917 - a competition
    folder: Path,
    entries: int = 10,
    judges: int = 2,
    clerks: int = 0,
    rubric: str = "",
    title: str = "Inovasi Contoh {n}",
    prepare: Callable[[Home, Panel], None] | None = None,
) -> Desk:
    """Make a competition with that many entries and judges, and publish its plan.

    ``rubric`` is a file in ``folder`` that takes the place of the preset's; ``prepare`` does what
    the secretariat does before it publishes.
    """
    home = Home(Context(home=folder / "desk"))
    people = [{"name": f"Juri {n}", "roles": ["judge"]} for n in range(1, judges + 1)]
    people += [{"name": f"Petugas {n}", "roles": ["clerk"]} for n in range(1, clerks + 1)]
    table = {
        **catalogues.preset_table("kota"),
        "name": "KIPP Kota 2021",
        "organiser": "Bagian Organisasi",
    }
    table |= {"year": 2021, "person": people}
    if rubric:
        table["stage"] = [{**stage} for stage in table["stage"]]
        table["stage"][0]["rubric"] = rubric
        table["ties"] = ["plenary", "lot"]
    listed = new_competition.create_competition(home, table, beside=folder)
    rows = folder / "inovasi.csv"
    rows.write_text(
        "nomor;judul;instansi\n"
        + "".join(f"{n};{title.format(n=n)};Dinas Contoh {n}\n" for n in range(1, entries + 1))
    )
    package = folder / "paket.kipp"
    with home.open(listed) as panel:
        importing.import_entries(home, panel, rows)
        if prepare is not None:
            prepare(home, panel)
        setup.publish_plan(home, panel, package)
    return Desk(folder, home, listed, package, {})


def join_as(
    made: Desk, name: str, folder: str = "", passphrase: str | None = None, *, at_desk: bool = False
) -> Path:
    """Let a person join in a home of their own (or at the desk) and be admitted; return it."""
    path = made.folder / (folder or name.lower().replace(" ", "-"))
    home = made.home if at_desk else Home(Context(home=path))
    key = made.folder / f"{name}.kunci.kipp"
    joined = joining.join(home, made.package, name, key, passphrase=passphrase)
    made.words[name] = joined.words
    with made.home.open(made.listed) as panel:
        inbox.merge(made.home, panel, [key])
        if panel.key_of(joined.fingerprint) is None:
            admission.admit(made.home, panel, joined.fingerprint, joined.words)
    return made.home.context.home if at_desk else path


def open_window(folder: Path, role: str, pages, settings: Path | None = None) -> MainWindow:
    """Return a shown window that works in a home as its ``desk`` or a ``member``."""
    made = MainWindow(
        Settings.load(settings or folder / "settings.toml"),
        CrashReporter(folder / "log"),
        pages,
        folder,
    )
    made.apply_settings()
    show_active(made)
    home = Home(Context(home=folder))

    def opening(task: TaskContext):
        return open_workplace(folder, task, home.choose(), role)

    made.tasks.run(opening, lambda workplace: enter(made.house, workplace))
    return made


def close_competition(window: MainWindow, qtbot) -> None:
    """Close the competition, so that a test can open its files."""
    qtbot.waitUntil(lambda: not window.tasks.busy)
    leave(window.house)
    qtbot.waitUntil(lambda: not window.tasks.busy)


def close_window(window: MainWindow, qtbot) -> None:
    """Close the competition and the window, once all work is done."""
    close_competition(window, qtbot)
    close(window, qtbot)


def settle(window: MainWindow, qtbot) -> None:
    """Wait until nothing is being read or written, and the page shows it."""
    keyboard()  # what a window manager does when a dialog closes
    quiet = 0
    while quiet < 3:
        qtbot.wait(5)
        qtbot.waitUntil(lambda: not window.tasks.busy)
        quiet = 0 if window.tasks.busy or window.page is None else quiet + 1


def press(window: MainWindow, qtbot, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is, and wait for what comes of it."""
    qtbot.keyClick(keyboard(), key, modifiers)
    settle(window, qtbot)


def type_text(window: MainWindow, qtbot, text: str) -> None:
    """Type where the focus is, letter by letter, as it moves."""
    for letter in text:
        qtbot.keyClicks(keyboard(), letter)
    settle(window, qtbot)


def copy_of(made: Desk, folder: Path) -> Desk:
    """Return the same desk and homes in another folder, so that a test may change them."""
    shutil.copytree(made.folder, folder / "day")
    home = Home(Context(home=folder / "day" / "desk"))
    return Desk(folder / "day", home, home.choose(), folder / "day" / "paket.kipp", made.words)


def press_ok(window: MainWindow, qtbot, dialog) -> None:
    """Go to the dialog's main button with Tab and press it."""
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    for _ in range(20):
        if keyboard() is ok:
            break
        qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert keyboard() is ok
    qtbot.keyClick(ok, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle(window, qtbot)
