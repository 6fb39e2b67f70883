"""Acara by keyboard: planning from nothing, a moderated morning over a restart, the timer."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from kipp_desktop.domain.agenda import Clock
from kipp_desktop.domain.agenda_blob import read_agenda
from kipp_desktop.gui import theme
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.timer_window import TimerView, TimerWindow, spell
from kipp_desktop.gui.workplace import enter, open_workplace
from kipp_desktop.services import agenda, setup
from kipp_desktop.services.agenda_store import signed_agenda
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.settings import Settings
from tests.window import conftest, panel_day
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.agenda_steps import act, announce, run_four_slots
from tests.window.keyboard import modal
from tests.window.panel_day import close_window, column, press, said, settle, tab_to, write

if TYPE_CHECKING:
    from pathlib import Path

STAGE = "presentasi"
ONLY = tuple(info for info in PAGES if info.key == "agenda")


@pytest.fixture
def home(sample, tmp_path):
    return shutil.copytree(sample, tmp_path / "rumah")


@pytest.fixture
def opened(app, qtbot):
    made: list[MainWindow] = []

    def open_at(home: Path) -> MainWindow:
        """Start the program, after ending the one that was started before."""
        while made:
            close_window(made.pop(), qtbot)
        window = MainWindow(
            Settings.load(home / "settings.toml"), CrashReporter(home / "log"), ONLY, home
        )
        window.apply_settings()
        listed = Home(Context(home=home)).choose()
        window.house.run(
            lambda task: open_workplace(home, task, listed, "desk"),
            lambda workplace: enter(window.house, workplace),
        )
        qtbot.waitUntil(lambda: window.house.session.context is not None)
        conftest.show_active(window)
        settle(window, qtbot)
        made.append(window)
        return window

    yield open_at
    while made:
        close_window(made.pop(), qtbot)


def planned(home: Path, slots: int = 6) -> list[str]:
    """Plan a room for today, long enough for so many slots of 30 minutes; return their numbers."""
    at = Home(Context(home=home))
    with at.open(at.choose()) as panel:
        today = datetime.now().astimezone().date()
        agenda.add_session(at, panel, STAGE, today, "Ruang A", 0, 30 * slots)
        agenda.fill(at, panel, STAGE)
        view = agenda.agenda_view(panel)
    return [line.number for line in view.sessions[0].lines]


def signed(window: MainWindow, qtbot):
    """Return the agenda that the desk signed last, from its blob."""
    panel, found = window.house.session.context.panel, []

    def read(_task):
        data = panel.blobs.get(signed_agenda(panel))
        numbers = {entry.id: entry.number for entry in panel.setup.entries}
        return read_agenda(data), numbers, dict(panel.state.statuses)

    window.house.run(read, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_from_no_room_to_a_filled_and_written_agenda(opened, home, qtbot, dialogs, monkeypatch):
    for name in ("AgendaSessionDialog", "AgendaFillDialog", "AgendaMoveDialog"):
        dialogs.expect(name)
    window = opened(home)
    page = window.page
    written = home.parent / "acara.xlsx"
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: written)

    tab_to("empty_add_button")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "AgendaSessionDialog")
    write("Ruang Sidang A")
    tab_to("breaks")
    write("makan siang")
    press(Qt.Key.Key_Return)
    refused = asked.problem_label.text()
    write("12.00 60 Ishoma")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 0)
    settle(window, qtbot)
    tab_to("fill_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "AgendaFillDialog")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    order = column(page.plan.plan_table, 1)
    tab_to("down_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    moved = column(page.plan.plan_table, 1)
    tab_to("move_button")
    press(Qt.Key.Key_Space)
    number = modal(qtbot, "AgendaMoveDialog").answer()[0]
    tab_to("position")
    write("1")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    first = column(page.plan.plan_table, 1)[0]
    act(window, qtbot, "xlsx_button")

    assert said("“{words}” is not a break.", words="makan siang") in refused
    assert "12.00–13.00" in column(page.plan.plan_table, 0)
    assert order[:2] == ["1", "2"]
    assert moved[:2] == ["2", "1"]
    assert first == number
    assert first in page.plan.left_label.text() or number not in order
    assert page.plan.left_label.isVisible()
    sheet = load_workbook(written).worksheets[0]
    assert sheet.cell(6, 3).value == number


def test_the_moderator_runs_four_slots_with_a_swap_and_an_absent_team(opened, home, qtbot, dialogs):
    one, two, three, four = planned(home)[:4]

    def restarted():
        qtbot.wait(1100)
        return opened(home)

    ran = run_four_slots(opened(home), qtbot, dialogs, restarted)
    announce(ran.window, qtbot, dialogs)
    announced = ran.window.page.announce_button.isEnabled()

    assert ran.part == "paparan"
    assert ran.left in {"8:00", "7:59", "7:58"}
    assert ran.order == [one, three, two, four]
    assert (ran.fourth, ran.running.number, ran.running.state) == (four, four, "running")
    assert ran.after in {"2:59", "2:58", "2:57", "2:56", "2:55"}
    assert not announced
    told, numbers, statuses = signed(ran.window, qtbot)
    slots = {numbers[slot.entry]: slot for slot in told.sessions[0].slots}
    assert [numbers[slot.entry] for slot in told.sessions[0].slots][:4] == [one, three, two, four]
    whats = {number: [event.what for event in slots[number].log] for number in slots}
    assert whats[one] == ["start", "next", "add", "finish"]
    assert whats[three] == ["start", "finish"]
    assert whats[two] == ["absent"]
    assert whats[four] == ["start", "finish"]
    entry = slots[two].entry
    assert statuses[entry] == ("absent", "Tidak hadir sampai akhir sesi")


def test_a_member_who_moderates_runs_the_announced_agenda(app, tmp_path, qtbot):
    day = panel_day.begin(tmp_path, judges=["Juri 1"], moderator="Moderator 1")
    desk_home = day.home()
    package = day.stick / "paket-2.kipp"
    with desk_home.open(desk_home.choose()) as panel:
        today = datetime.now().astimezone().date()
        agenda.add_session(desk_home, panel, STAGE, today, "Ruang A", 0, 90)
        agenda.fill(desk_home, panel, STAGE)
        agenda.announce(desk_home, panel)
        setup.write_package(panel, package, "plan")
    panel_day.join(day, "Moderator 1", package)
    home = panel_day.home_of(day, "Moderator 1")
    listed = Home(Context(home=home)).choose()
    window = MainWindow(Settings.load(home / "s.toml"), CrashReporter(home / "log"), PAGES, home)
    window.apply_settings()

    window.house.run(
        lambda task: open_workplace(home, task, listed, "member"),
        lambda workplace: enter(window.house, workplace),
    )
    qtbot.waitUntil(lambda: window.house.session.context is not None)
    conftest.show_active(window)
    settle(window, qtbot)
    keys = [button.info.key for button in window.sidebar.buttons]
    page = window.page
    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    running = page.day.current()
    shown = page.tabs.isTabVisible(1), page.announce_button.isVisible()
    hand_in = panel_day.open_page(window, "hand-in", qtbot)
    carried = hand_in.times_label.text()
    writes = hand_in.write_button.isEnabled()
    close_window(window, qtbot)

    assert keys[:3] == ["agenda", "approval", "hand-in"]
    assert (running.number, running.state) == ("1", "running")
    assert shown == (False, False)
    assert "1" in carried
    assert writes


def test_pausing_postponing_and_bringing_back(opened, home, qtbot):
    numbers = planned(home, 3)
    window = opened(home)
    page = window.page

    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    paused = page.day.part_label.text()
    act(window, qtbot, "reset_button")
    reset = page.day.digits_label.text()
    act(window, qtbot, "postpone_button")
    order = column(page.day.day_table, 1)
    tab_to("absent_button")

    assert paused == f"video · {said('Paused')}"
    assert reset == "3:00"
    assert order == [numbers[1], numbers[2], numbers[0]]
    assert page.day.current().number == numbers[1]
    assert not page.day.finish_button.isEnabled()


def test_the_timer_says_what_the_log_says_and_changes_colour_once(opened, home, qtbot):
    planned(home)
    window = opened(home)
    page = window.page
    press(Qt.Key.Key_F5)
    settle(window, qtbot)
    began = datetime.now().astimezone()

    press(Qt.Key.Key_F4)
    timer = page.day.timer
    qtbot.waitUntil(timer.isVisible)
    seen = []
    for seconds in (0, 110, 125, 170, 200):
        page.day.moment = lambda seconds=seconds: began + timedelta(seconds=seconds)
        page.day.tick()
        seen.append((timer.view.clock.remaining > 60, timer.colours()[0].name()))
    QTest.keyClick(timer, Qt.Key.Key_F11)
    full = timer.isFullScreen()
    QTest.keyClick(timer, Qt.Key.Key_Escape)
    left = timer.isFullScreen()
    timer.close()
    QCoreApplication.processEvents()
    press(Qt.Key.Key_F4)
    again = page.day.timer

    surface, wait = theme.LIGHT.surface, theme.LIGHT.wait
    assert [ground for _, ground in seen] == [surface] * 2 + [wait] * 3
    assert (full, left) == (True, False)
    assert timer is not again
    assert again.view.room == "Ruang A"


@pytest.mark.parametrize("name", theme.THEMES)
def test_the_timer_keeps_its_contrast_in_every_theme(app, qtbot, name):
    theme.apply(app, name, 100)
    timer = TimerWindow(None)
    qtbot.addWidget(timer)
    ratios = []
    for elapsed in (0, 130, 200):
        clock = Clock("running", 0, "video", elapsed, 180)
        timer.show_view(TimerView("Ruang A", "7 · " + "Judul panjang " * 11, "", clock))
        ground, ink = timer.colours()
        ratios.append(theme.contrast(ground.name(), ink.name()))
        timer.grab()

    assert min(ratios) >= 4.5


@pytest.mark.parametrize(
    ("seconds", "spelt"),
    [(180, "3:00"), (59, "0:59"), (0, "0:00"), (-12, "+0:12"), (-9_999_999, "+99:59")],
)
def test_time_is_spelt(seconds, spelt):
    assert spell(seconds) == spelt


@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_of_the_page_has_a_name_a_place_and_room(opened, home, qtbot, percent):
    planned(home)
    window = opened(home)
    page = window.page

    window.house.settings.for_this_run.update({"text_size": percent})
    window.apply_settings()
    settle(window, qtbot)
    found = []
    for tab in (page.tabs.widget(0), page.plan_tab):
        page.tabs.setCurrentWidget(tab)
        settle(window, qtbot)
        found += [unnamed_controls(page), unreachable_controls(page), clipped_texts(page)]

    assert found == [[]] * 6
