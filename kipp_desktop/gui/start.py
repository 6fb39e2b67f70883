"""From nothing to the first page: settings, theme, window; data comes after the first paint."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kipp_desktop.errors import KippError
from kipp_desktop.gui import theme
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.settings import Settings
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.gui.pages.base import PageInfo

#: What the first paint does not need comes after it.
BEGIN_AFTER_MS: Final = 50
COLLECT_AFTER_MS: Final = 2000


def run(
    home: Path,
    language: str | None,
    pages: Sequence[PageInfo] | None,
    files: Sequence[Path] = (),
) -> int:
    """Show the window with the pages of nobody in particular; return when it is closed.

    ``files`` were double-clicked or named with the command; each goes where it is for.
    """
    # Handing the style over here spares the start its wrapping; theme.apply then leaves it.
    app = QApplication([*sys.argv[:1], "-style", theme.STYLE])
    app.setProperty(theme.STYLE, True)
    app.setApplicationName("KIPP Desktop")
    app.setDesktopFileName("kipp-desktop")
    crash = CrashReporter(home / "log", app)
    left = crash.install()
    window, trouble = open_window(home, crash, PAGES if pages is None else pages, language)
    window.set_session(NOBODY)
    window.show()
    QTimer.singleShot(
        BEGIN_AFTER_MS, window, lambda: _begin(window, trouble, files, faulted=bool(left))
    )
    QTimer.singleShot(COLLECT_AFTER_MS, window, _collect_again)
    status = app.exec()
    window.tasks.stop()
    crash.uninstall()
    return status


def open_window(
    home: Path,
    crash: CrashReporter,
    pages: Sequence[PageInfo],
    language: str | None = None,
) -> tuple[MainWindow, KippError | None]:
    """Return the window, still without a page, and what was wrong with the settings."""
    theme.load_fonts()
    settings, trouble = _settings(home / "settings.toml")
    if language is not None:
        settings.for_this_run["language"] = language
    window = MainWindow(settings, crash, pages, home)
    window.apply_settings()
    return window, trouble


def _settings(path: Path) -> tuple[Settings, KippError | None]:
    try:
        return Settings.load(path), None
    except KippError as error:
        try:
            return Settings.start_anew(path), error
        except KippError as second:
            return Settings(path), second


def _begin(
    window: MainWindow, trouble: KippError | None, files: Sequence[Path], *, faulted: bool
) -> None:
    from kipp_desktop.gui.idle_lock import IdleLock
    from kipp_desktop.gui.rolling_backups import BackupClock
    from kipp_desktop.gui.stick_watch import StickWatch

    IdleLock(window)
    BackupClock(window)
    StickWatch(window)
    if trouble is not None:
        window.show_error(trouble)
    elif faulted:
        window.show_message(
            Text("The program ended by a fault last time. Nothing that was set is lost."),
            "wait",
        )
    if files:
        from kipp_desktop.gui.opening import open_files

        open_files(window, files)


def _collect_again() -> None:
    gc.freeze()
    gc.enable()
