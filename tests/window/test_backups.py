"""A judge takes drafts back from a backup, from the window and from a damaged database."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui import start
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.rolling_backups import BackupClock
from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.window import panels
from tests.window.conftest import close, show_active
from tests.window.keyboard import modal
from tests.window.panel_day import said


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A desk with 3 entries, and the home that Juri 1 has joined in; read only."""
    made = panels.publish_desk(tmp_path_factory.mktemp("published"), entries=3)
    panels.join_as(made, "Juri 1")
    return made


@pytest.fixture
def home(published, tmp_path):
    return panels.copy_of(published, tmp_path).folder / "juri-1"


def first_sheet(folder):
    home = Home(Context(folder))
    with home.open(home.choose()) as panel:
        marker = judging.marker_of(panel, home.card(panel.competition, "member"))
        return judging.sheet(panel, marker, panel.setup.entries[0].id).state


def backups(home):
    return sorted(home.glob("competitions/*/backups/*.sqlite"))


def test_drafts_are_taken_back_by_keyboard_in_two_acts(app, home, qtbot, dialogs):
    window = panels.open_window(home, "member", PAGES)
    panels.settle(window, qtbot)
    empty = backups(home)
    window.go_to("scoring")
    panels.settle(window, qtbot)
    panels.type_text(window, qtbot, "7")
    panels.settle(window, qtbot)
    page = window.go_to("settings")
    panels.settle(window, qtbot)
    dialogs.expect("BackupsDialog")

    page.backups_button.setFocus()
    panels.press(window, qtbot, Qt.Key.Key_Space)
    panels.press_ok(window, qtbot, modal(qtbot))

    panels.close_window(window, qtbot)
    assert len(empty) == 1
    assert first_sheet(home) == "empty"


def test_a_damaged_database_offers_the_backups_and_opens_with_the_chosen_one(
    app, home, qtbot, dialogs
):
    panels.close_window(panels.open_window(home, "member", PAGES), qtbot)
    next(home.glob("competitions/*/panel.sqlite")).write_bytes(b"damaged" * 4000)
    window, _ = start.open_window(home, CrashReporter(home / "log"), PAGES)
    show_active(window)
    window.set_session(NOBODY)
    panels.settle(window, qtbot)
    dialogs.expect("BackupsDialog")

    qtbot.waitUntil(lambda: window.page.known is not None)
    window.page.known.open_button.click()
    panels.press_ok(window, qtbot, modal(qtbot))
    opened = window.house.session.context
    assert opened is not None
    panels.close_window(window, qtbot)
    assert first_sheet(home) == "empty"


def test_a_backup_is_made_at_the_start_every_half_hour_and_at_handing_in(
    app, home, qtbot, monkeypatch
):
    window = panels.open_window(home, "member", PAGES)
    clock = BackupClock(window)
    panels.settle(window, qtbot)
    kept = [len(backups(home))]
    window.go_to("scoring")
    panels.settle(window, qtbot)

    qtbot.wait(1_000)  # a backup is named by its second
    panels.type_text(window, qtbot, "7")
    clock._clock.timeout.emit()
    panels.settle(window, qtbot)
    kept.append(len(backups(home)))
    qtbot.wait(1_000)
    panels.type_text(window, qtbot, "8")
    page = window.go_to("hand-in")
    panels.settle(window, qtbot)
    monkeypatch.setattr(files, "choose_save", lambda *_: home / "stik" / "juri-1.kipp")
    page.write()
    panels.settle(window, qtbot)
    kept.append(len(backups(home)))

    assert kept == [1, 2, 3]
    assert clock._clock.isActive()
    assert clock._clock.interval() == 30 * 60 * 1000
    clock._clock.stop()
    panels.close_window(window, qtbot)


def test_a_competition_that_is_open_in_another_window_is_told_and_goes_on_there(app, home, qtbot):
    first = panels.open_window(home, "member", PAGES)
    panels.settle(first, qtbot)
    second, _ = start.open_window(home, CrashReporter(home / "log"), PAGES)
    show_active(second)
    second.set_session(NOBODY)
    panels.settle(second, qtbot)

    qtbot.waitUntil(lambda: second.page.known is not None)
    second.page.known.open_button.click()
    # The program itself waits some seconds for the other one to be done.
    qtbot.waitUntil(lambda: not second.tasks.busy, timeout=30_000)
    panels.settle(second, qtbot)
    told = second.messages.what_label.text()
    opened = second.house.session.context
    close(second, qtbot)
    first.activateWindow()
    first.go_to("scoring")
    panels.settle(first, qtbot)
    panels.type_text(first, qtbot, "7")
    panels.close_window(first, qtbot)

    assert said("This competition is open in another window or command.") in told
    assert opened is None
    assert first_sheet(home) == "draft"
