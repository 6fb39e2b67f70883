from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.start import open_window
from kipp_desktop.settings import Settings
from tests.window import demo
from tests.window.conftest import close, show_active

ROOT = Path(__file__).parents[2]
HEAVY = (
    "reportlab pyhanko pyhanko_certvalidator python_calamine cryptography.x509 pypdfium2 "
    "xlsxwriter peewee numpy fontTools"
).split()


def run(*arguments, home):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "KIPP_HOME": str(home)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_check_loads_everything_and_ends(tmp_path):
    said = run("-m", "kipp_desktop", "--check", home=tmp_path)

    assert said.returncode == 0, said.stderr
    assert "all there" in said.stdout
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_imported_before_the_window_is_painted(tmp_path):
    script = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from kipp_desktop.gui import app\n"
        "from kipp_desktop.gui.pages.base import Page, PageInfo\n"
        "from kipp_desktop.texts import Text\n"
        "class Last(Page):\n"
        "    def load(self):\n"
        "        QTimer.singleShot(0, QApplication.quit)\n"
        "info = PageInfo('last', Text('Close'), 'x', frozenset({'start'}), Last)\n"
        "status = app.main([], [info])\n"
        f"print(status, sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )

    said = run("-c", script, home=tmp_path)

    assert said.stdout.splitlines()[-1:] == ["0 []"], said.stderr


@pytest.mark.parametrize("arguments", [["--lang", "xx"], ["--no-such"]])
def test_a_wrong_call_ends_with_2(tmp_path, arguments):
    assert run("-m", "kipp_desktop", *arguments, home=tmp_path).returncode == 2


def test_the_wanted_language_holds_for_this_run(app, tmp_path, qtbot):
    window, trouble = open_window(tmp_path, CrashReporter(tmp_path / "log"), demo.PAGES, "en")

    assert trouble is None
    assert window.house.settings.language == "en"
    assert window.sidebar.promise_label.text().startswith("Stored on this laptop")
    close(window, qtbot)
    assert Settings.load(tmp_path / "settings.toml").language == "id"


def test_control_and_a_comma_open_the_settings(app, tmp_path, qtbot):
    window, _ = open_window(tmp_path, CrashReporter(tmp_path / "log", app), PAGES)
    window.set_session(NOBODY)
    show_active(window)

    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = window.page.info.key
    close(window, qtbot)

    assert page == "settings"


def test_unreadable_settings_are_told_and_the_window_opens_all_the_same(app, tmp_path, qtbot):
    (tmp_path / "settings.toml").write_text("theme = ")

    window, trouble = open_window(tmp_path, CrashReporter(tmp_path / "log"), demo.PAGES)

    assert trouble.code == "settings-unreadable"
    assert window.house.settings.theme == "light"
    close(window, qtbot)


def test_sixty_thousand_void_calls_survive(app, qtbot):
    # PySide6 6.12.0 ends the process on Python 3.11 after some 6,000 calls that return nothing.
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)

    for _ in range(60_000):
        label.setText("x")

    assert sys.getrefcount(None) - before > -1000
