"""Fixtures for everything that opens a window.

Three watches run with every test: no dialog that nobody asked for, no thread or timer left behind,
no warning of Qt (that one is pytest-qt's, ``qt_log_level_fail``).
"""

from __future__ import annotations

import os
import shutil
import threading
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui import theme, translation
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.sample import create_sample
from kipp_desktop.settings import Settings
from tests.window import demo, panel_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application as a user starts it: light, 100 %, Indonesian."""
    theme.load_fonts()
    translation.install(Catalogue.load("id"))
    theme.apply(qapp, "light", 100)
    yield qapp
    if theme._InForce.name != "light" or theme._InForce.percent != 100:
        theme.apply(qapp, "light", 100)


@pytest.fixture
def window(app: QApplication, tmp_path: Path, qtbot) -> Iterator[MainWindow]:
    """The shell with the demo page, shown, as the secretariat sees it."""
    made = open_demo(tmp_path)
    qtbot.waitUntil(lambda: made.page is not None and made.page.loads == 1)
    yield made
    close(made, qtbot)


def open_demo(home: Path) -> MainWindow:
    """Return a shown window with the demo page."""
    made = MainWindow(
        Settings.load(home / "settings.toml"),
        CrashReporter(home / "log"),
        demo.PAGES,
        home,
    )
    made.apply_settings()
    made.set_session(demo.DESK)
    show_active(made)
    return made


def show_active(widget: QWidget) -> None:
    """Show a window and give it the keyboard, also on a screen without window manager."""
    widget.show()
    QTest.qWaitForWindowExposed(widget)
    widget.activateWindow()
    QTest.qWaitForWindowFocused(widget)


def close(window: MainWindow, qtbot) -> None:
    """Close a window once its work is done, and take it down."""
    qtbot.waitUntil(lambda: not window.tasks.busy)
    window.close()
    window.tasks.stop()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Dialogs:
    """The modal dialogs that a test expects, by class name."""

    def __init__(self) -> None:
        self.expected: set[str] = set()
        self.unasked: list[str] = []

    def expect(self, name: str) -> None:
        """Let dialogs of this class stay open."""
        self.expected.add(name)

    def look(self) -> None:
        """Close whatever modal dialog is open unasked, so that no test hangs on it."""
        dialog: QWidget | None = QApplication.activeModalWidget()
        if dialog is not None and type(dialog).__name__ not in self.expected:
            self.unasked.append(f"{type(dialog).__name__} {dialog.windowTitle()!r}")
            dialog.close()


@pytest.fixture(autouse=True)
def dialogs(qapp: QApplication) -> Iterator[Dialogs]:
    """Fail when a modal dialog opens that the test did not expect."""
    watch = Dialogs()
    clock = QTimer()
    clock.setInterval(50)
    clock.timeout.connect(watch.look)
    clock.start()
    yield watch
    clock.stop()
    watch.look()
    assert watch.unasked == [], "dialogs that nobody asked for"


def _line() -> str:
    """Return the line of ours that called, nearest first."""
    for frame in reversed(traceback.extract_stack()[:-2]):
        if "kipp_desktop" in frame.filename or "tests" in frame.filename:
            return f"{frame.filename}:{frame.lineno}"
    return "somewhere in a library"


@pytest.fixture(autouse=True)
def leaks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when a thread, a timer or a pool's task outlives the test, and name who started it."""
    threads: dict[threading.Thread, str] = {}
    timers: list[tuple[QTimer, str]] = []
    start_thread, start_timer = threading.Thread.start, QTimer.start

    def note_thread(self: threading.Thread) -> None:
        threads[self] = _line()
        start_thread(self)

    def note_timer(self: QTimer, *arguments: object) -> None:
        timers.append((self, _line()))
        start_timer(self, *arguments)

    monkeypatch.setattr(threading.Thread, "start", note_thread)
    monkeypatch.setattr(QTimer, "start", note_timer)
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [f"thread {t.name} of {line}" for t, line in threads.items() if t.is_alive()]
    left += [f"timer of {line}" for timer, line in timers if _is_active(timer)]
    if QThreadPool.globalInstance().activeThreadCount():
        left.append("tasks in Qt's global pool")
    assert left == [], "left running"


def _is_active(timer: QTimer) -> bool:
    from shiboken6 import isValid

    return isValid(timer) and timer.isActive()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the competition that "Coba dengan contoh" makes."""
    folder = tmp_path_factory.mktemp("contoh")
    create_sample(Home(Context(home=folder)))
    return folder


@pytest.fixture
def day(handed_in: panel_day.Day, tmp_path: Path) -> panel_day.Day:
    """Return a module's day with its files on the stick and none merged, for one test alone."""
    home = tmp_path / "hari" / "homes" / "meja"
    shutil.copytree(handed_in.desk_home, home)
    return replace(handed_in, folder=tmp_path / "hari")


@pytest.fixture
def at_desk(
    app: QApplication, day: panel_day.Day, tmp_path: Path, qtbot: QtBot
) -> Iterator[Callable[[], MainWindow]]:
    """Return what opens the day's desk; its windows are closed at the end."""
    made: list[MainWindow] = []

    def open_it() -> MainWindow:
        made.append(panel_day.open_window(tmp_path, day.desk_home, qtbot))
        return made[0]

    yield open_it
    for window in made:
        panel_day.close_window(window, qtbot)
