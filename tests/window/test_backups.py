"""A judge takes drafts back from a backup, from the window and from a damaged database."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui import start
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.window import panels
from tests.window.conftest import show_active


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
    panels.press_ok(window, qtbot, panels.modal(qtbot))

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
    panels.press_ok(window, qtbot, panels.modal(qtbot))
    opened = window.house.session.context
    assert opened is not None
    panels.close_window(window, qtbot)
    assert first_sheet(home) == "empty"
