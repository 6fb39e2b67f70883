from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.crash import LOG_BYTES, CrashLog, CrashReporter

ROOT = Path(__file__).parents[2]


@pytest.fixture
def reporter(app, tmp_path, dialogs):
    hook, thread_hook = sys.excepthook, threading.excepthook
    dialogs.expect("CrashDialog")
    made = CrashReporter(tmp_path / "log")
    yield made
    made.uninstall()
    sys.excepthook, threading.excepthook = hook, thread_hook
    if made._dialog is not None:
        made._dialog.accept()


def test_a_fault_is_logged_and_told_once(reporter, qtbot, tmp_path):
    reporter.install()

    for _ in range(3):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("ours"), None)

    assert reporter._dialog.isVisible()
    assert "ZeroDivisionError: ours" in reporter._dialog.details
    assert (tmp_path / "log/crash.log").read_text().count("ZeroDivisionError: ours") == 3
    assert len([w for w in QApplication.topLevelWidgets() if w is reporter._dialog]) == 1


def test_the_details_can_be_copied(reporter, qtbot):
    reporter.report(ZeroDivisionError("ours"))

    reporter._dialog.copy_button.click()

    assert "ZeroDivisionError: ours" in QApplication.clipboard().text()


def test_a_fault_in_a_thread_is_told_in_the_window(reporter, qtbot):
    reporter.install()

    def fail():
        raise ZeroDivisionError

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter._dialog is not None)


def test_complaints_of_qt_are_logged(reporter, tmp_path):
    reporter.install()

    qWarning("a complaint")

    assert "a complaint" in (tmp_path / "log/crash.log").read_text()


def test_the_log_keeps_one_predecessor_and_stays_small(tmp_path):
    log = CrashLog(tmp_path / "crash.log")

    for _ in range(40):
        log.write("x" * (LOG_BYTES // 10))

    sizes = [p.stat().st_size for p in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert sum(sizes) < 2.5 * LOG_BYTES


def test_a_log_that_cannot_be_written_is_no_second_failure(tmp_path):
    (tmp_path / "log").write_text("a file where the folder should be")

    CrashLog(tmp_path / "log" / "crash.log").write("x")


def test_a_segmentation_fault_is_found_at_the_next_start(reporter, tmp_path):
    script = (
        "import sys, faulthandler; from pathlib import Path\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from kipp_desktop.gui.crash import CrashReporter\n"
        "app = QCoreApplication([])\n"
        "CrashReporter(Path(sys.argv[1])).install()\n"
        "faulthandler._sigsegv()\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    died = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "log")],
        env=environment,
        capture_output=True,
        check=False,
    )

    left = reporter.install()

    assert died.returncode != 0
    assert "Segmentation fault" in left
    assert "Segmentation fault" in (tmp_path / "log/crash.log").read_text()


def test_the_dialog_works_without_forms_theme_and_catalogue(tmp_path):
    script = (
        "import sys; from PySide6.QtWidgets import QApplication\n"
        "from kipp_desktop.gui.crash import CrashDialog\n"
        "app = QApplication([])\n"
        "print(CrashDialog('details').details.splitlines()[-1])\n"
        "ours = {'kipp_desktop.gui.forms', 'kipp_desktop.gui.theme'}\n"
        "print(sorted(ours & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}

    said = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.splitlines() == ["details", "[]"]
