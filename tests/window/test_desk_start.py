"""The beginning of everything by keyboard alone: doors, sample, creating, loading, publishing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from kipp_desktop.domain.setup import Person
from kipp_desktop.exchange.words import words_of
from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.idle_lock import IdleLock
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import joining
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.settings import Settings
from tests.window import conftest
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.keyboard import modal
from tests.window.panel_day import (
    close_window,
    column,
    open_page,
    press,
    said,
    settle,
    tab_to,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

ALT = Qt.KeyboardModifier.AltModifier
ENTRIES = """\
No;Judul Inovasi;Perangkat Daerah;Kelompok
1;Sumur Injeksi Kota;Dinas PU;
2;Drive Thru Adminduk;Dinas Dukcapil;
3;;Dinas Kesehatan;
4;Pasar Bersih;Dinas Pasar;luar biasa
"""
PEOPLE = """\
nama;peran;instansi;benturan
Juri 1;juri; ketua;Perguruan tinggi;
Juri 2;juri;Media;Dinas PU
"""


@pytest.fixture
def windows(app, qtbot, dialogs):
    made: list[MainWindow] = []

    def open_at(home: Path) -> MainWindow:
        window = MainWindow(
            Settings.load(home / "settings.toml"), CrashReporter(home / "log"), PAGES, home
        )
        window.apply_settings()
        window.set_session(NOBODY)
        conftest.show_active(window)
        made.append(window)
        wait_for_list(window, qtbot)
        return window

    yield open_at
    for window in made:
        close_window(window, qtbot)


def wait_for_list(window, qtbot):
    """Wait until Start has asked for the competitions, which it does after its first paint."""
    qtbot.waitUntil(lambda: not window.page.watch._stale)
    qtbot.wait(60)
    settle(window, qtbot)


def go_on(window, qtbot, times):
    """Press the main button of the import, and wait for what comes of it."""
    for _ in range(times):
        press(Qt.Key.Key_Return)
        settle(window, qtbot)


def choose(monkeypatch, opened=None, saved=None):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, **_k: [opened] if opened else [])
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: saved)


def open_sample(window, qtbot):
    tab_to("sample_button")
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)
    settle(window, qtbot)
    return window.page


def test_the_secretary_goes_from_nothing_to_a_published_package(
    windows, tmp_path, qtbot, dialogs, monkeypatch
):
    for name in ("CreateDialog", "ImportDialog", "WordsDialog"):
        dialogs.expect(name)
    window = windows(tmp_path / "rumah")
    tab_to("desk_door")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "CreateDialog")
    tab_to("name")
    write("KIPP Kota 2026")
    press(Qt.Key.Key_Tab)
    write("Bagian Organisasi")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)
    settle(window, qtbot)
    how = window.house.session.context.panel
    first_button = window.page.next_button.text()

    table = tmp_path / "inovasi.csv"
    table.write_text(ENTRIES)
    choose(monkeypatch, opened=table)
    tab_to("next_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    tab_to("empty_import_button")
    press(Qt.Key.Key_Space)
    preview = modal(qtbot, "ImportDialog")
    go_on(window, qtbot, 1)
    problems = [column(preview.table, n)[:2] for n in (0, 1)]
    go_on(window, qtbot, 1)
    titles = column(window.page.table, 1)

    people = tmp_path / "panel.csv"
    people.write_text(PEOPLE.replace("juri; ketua", '"juri; ketua"'))
    choose(monkeypatch, opened=people, saved=tmp_path / "paket.kipp")
    overview = open_page(window, "overview", qtbot)
    second_button = overview.next_button.text()
    tab_to("next_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    tab_to("import_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "ImportDialog")
    go_on(window, qtbot, 2)
    names = column(window.page.people_table, 0)
    tab_to("publish_button")
    press(Qt.Key.Key_Space)
    words = modal(qtbot, "WordsDialog").words_label.text()
    press(Qt.Key.Key_Return)
    overview = open_page(window, "overview", qtbot)

    assert asked.how_marked is not None
    assert how is window.house.session.context.panel
    assert first_button == said("Load the innovations")
    assert [cells[:2] for cells in problems] == [["4", "5"], ["judul", "kelompok"]]
    assert titles == ["Sumur Injeksi Kota", "Drive Thru Adminduk"]
    assert second_button == said("Complete the panel")
    assert names == ["Sekretariat", "Juri 1", "Juri 2"]
    package = joining.look_into(tmp_path / "paket.kipp")
    assert package.name == "KIPP Kota 2026"
    assert [person.name for person in package.people if person.has("judge")] == names[1:]
    assert words == words_of(window.house.session.context.panel.desk)
    done = [row.mark.accessibleName() for row in overview.rows]
    assert done == [said("done")] * 4 + [said("open")] * 3
    assert overview.next_button.text() == said("Type the paper sheets")


def test_before_the_first_package_every_page_says_what_comes_first(
    windows, tmp_path, qtbot, dialogs
):
    dialogs.expect("CreateDialog")
    window = windows(tmp_path / "rumah")
    tab_to("desk_door")
    press(Qt.Key.Key_Space)
    modal(qtbot, "CreateDialog")
    for name, text in (("name", "KIPP Kota 2026"), ("organiser", "Bagian Organisasi")):
        tab_to(name)
        write(text)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)

    ranking = open_page(window, "ranking", qtbot)
    explained = ranking.empty_place.isVisible(), ranking.minutes_button.isVisible()
    results = open_page(window, "results", qtbot)
    audit = open_page(window, "audit", qtbot)

    assert explained == (True, False)
    assert results.go_button.text() == said("To panel and rubric")
    assert column(audit.table, 1) == ["Sekretariat"]
    assert not window.messages.isVisible()


def test_a_key_with_a_passphrase_asks_before_it_signs_and_a_wrong_one_signs_nothing(
    windows, tmp_path, qtbot, dialogs, monkeypatch
):
    for name in ("CreateDialog", "PassphraseDialog", "WordsDialog"):
        dialogs.expect(name)
    window = windows(tmp_path / "rumah")
    tab_to("desk_door")
    press(Qt.Key.Key_Space)
    modal(qtbot, "CreateDialog")
    for name, text in (("name", "KIPP"), ("organiser", "Setda"), ("passphrase", "rahasia kota")):
        tab_to(name)
        write(text)
    different = QApplication.activeModalWidget().passphrase_hint.text()
    press(Qt.Key.Key_Tab)
    write("rahasia kota")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)
    settle(window, qtbot)
    workplace = window.house.session.context
    workplace.passphrases.clear()  # as after a new start
    table = tmp_path / "inovasi.csv"
    table.write_text(ENTRIES)
    people = tmp_path / "panel.csv"
    people.write_text(PEOPLE.replace("juri; ketua", '"juri; ketua"'))
    for loader, path in (("import_entries", table), ("import_people", people)):
        load(window, loader, path, qtbot)
    choose(monkeypatch, saved=tmp_path / "paket.kipp")
    open_page(window, "people", qtbot)
    tab_to("publish_button")
    typed = []

    def type_it(text):
        write(text)
        typed.append(text)
        press(Qt.Key.Key_Return)

    QTimer.singleShot(300, lambda: type_it("salah"))
    press(Qt.Key.Key_Space)
    QTimer.singleShot(1500, lambda: type_it("rahasia kota"))
    words = None
    qtbot.waitUntil(
        lambda: type(QApplication.activeModalWidget()).__name__ == "WordsDialog", timeout=15_000
    )
    words = QApplication.activeModalWidget().words_label.text()
    press(Qt.Key.Key_Return)

    assert different == said("The two are not the same yet.")
    assert typed == ["salah", "rahasia kota"]
    assert words == words_of(workplace.panel.desk)
    assert workplace.card.protected


def load(window, loader, path, qtbot):
    from kipp_desktop.services import importing

    workplace = window.house.session.context
    window.house.run(
        lambda task: getattr(importing, loader)(workplace.home(task), workplace.panel, path)
    )
    settle(window, qtbot)


def test_the_sample_opens_at_once_and_can_be_entered_again_as_a_judge(windows, tmp_path, qtbot):
    window = windows(tmp_path / "rumah")

    overview = open_sample(window, qtbot)
    detail = overview.rows[4].detail.text()
    open_page(window, "settings", qtbot)
    tab_to("close_button")
    press(Qt.Key.Key_Space)
    wait_for_list(window, qtbot)
    known = window.page.known.known_table
    listed = column(known, 1)
    tab_to("known_table")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "judge" in window.house.session.roles)
    settle(window, qtbot)

    assert detail == said("{sent} of {expected} sheets count", sent=69, expected=224)
    assert listed == ["Sekretariat", "Juri 1"]
    assert window.house.session.person == "Juri 1"


def test_the_row_of_headings_can_be_named_and_is_shown_before_it_is_loaded(
    windows, tmp_path, qtbot, dialogs, monkeypatch
):
    dialogs.expect("ImportDialog")
    window = windows(tmp_path / "rumah")
    open_sample(window, qtbot)
    table = tmp_path / "dua.csv"
    table.write_text("nomor;judul\n201;Draf lama\n\nnomor;judul\n207;Sumur Injeksi\n")
    choose(monkeypatch, opened=table)
    page = open_page(window, "entries", qtbot)
    page.import_button.setFocus()
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    wizard = modal(qtbot, "ImportDialog")
    guessed = wizard.header_row.value()
    tab_to("back_button")
    press(Qt.Key.Key_Space)

    tab_to("header_row")
    write("4")
    press(Qt.Key.Key_Tab)
    settle(window, qtbot)
    named = wizard.header_row.value()
    wizard.buttons.button(wizard.buttons.StandardButton.Ok).setFocus()
    go_on(window, qtbot, 2)
    summary = wizard.summary_label.text()
    go_on(window, qtbot, 1)

    assert (guessed, named) == (1, 4)
    assert summary.startswith("1 ")
    titles = column(page.table, 1)
    assert "Sumur Injeksi" in titles
    assert "Draf lama" not in titles


def test_judges_take_turns_on_one_laptop_without_closing_it(windows, tmp_path, qtbot):
    window = windows(tmp_path / "rumah")
    open_sample(window, qtbot)
    page = open_page(window, "settings", qtbot)
    tab_to("who_table")
    own = page.switch_button.isEnabled()

    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "judge" in window.house.session.roles)
    settle(window, qtbot)

    assert not own
    assert window.house.session.person == "Juri 1"


def test_the_verifiers_door_asks_to_join_as_a_verifier(windows, tmp_path, qtbot, dialogs):
    dialogs.expect("JoinDialog")
    window = windows(tmp_path)

    tab_to("verifier_door")
    press(Qt.Key.Key_Return)
    opened = modal(qtbot, "JoinDialog")

    assert opened.windowTitle() == "Bergabung sebagai verifikator"
    opened.reject()
    settle(window, qtbot)


def open_sample_home(windows, sample, tmp_path, qtbot):
    home = tmp_path / "rumah"
    shutil.copytree(sample, home)
    window = windows(home)
    tab_to("known_table")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.house.session.context is not None)
    settle(window, qtbot)
    return window


def test_innovations_are_found_while_typing_and_a_withdrawal_needs_a_reason(
    windows, sample, tmp_path, qtbot, dialogs
):
    dialogs.expect("StatusDialog")
    window = open_sample_home(windows, sample, tmp_path, qtbot)
    page = open_page(window, "entries", qtbot)

    tab_to("search_field")
    write("baper")
    found = column(page.table, 1)
    detail = page.detail.toPlainText()
    tab_to("status_button")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "StatusDialog")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    without_reason = asked._ok.isEnabled()
    tab_to("reason")
    write("Tim mengundurkan diri (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert found == ["Peta Baper (Peta Berbasis Partisipatif)"]
    assert "Bappeda – Pemerintah Kabupaten Luwu Utara" in detail
    assert "Top 30 KIPP Sulsel 2021" in detail
    assert not without_reason
    assert column(page.table, 3) == [said("Withdrawn")]
    assert "Tim mengundurkan diri (contoh)" in page.detail.toPlainText()
    states = window.house.session.context.panel.state.statuses
    assert ("withdrawn", "Tim mengundurkan diri (contoh)") in states.values()


def test_a_person_is_added_and_another_taken_out_and_the_package_says_what_changed(
    windows, sample, tmp_path, qtbot, dialogs
):
    dialogs.expect("PersonDialog")
    dialogs.expect("ConfirmDialog")
    window = open_sample_home(windows, sample, tmp_path, qtbot)
    page = open_page(window, "people", qtbot)
    chip = page.package_chip.text()

    tab_to("add_button")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "PersonDialog")
    write("juri 1")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    problem = asked.problem_label.text()
    write("Juri 6")
    tab_to("conflicts")
    write("Dinas Kesehatan")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    tab_to("search_field")
    write("verifikator 1")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    tab_to("remove_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "ConfirmDialog")
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    tab_to("search_field")
    write("")
    press(Qt.Key.Key_Escape)
    names = column(page.people_table, 0)

    assert chip == said("Published")
    assert problem.startswith(said("{name} is in the list already.", name="juri 1"))
    assert "Juri 6" in names
    assert "Verifikator 1" not in names
    assert page.package_chip.text() == said("Changed")
    assert f"2 {said('people')}" in page.package_detail.text()


def test_a_judge_joins_from_the_package_and_wrong_words_are_refused(  # noqa: PLR0917
    windows, tmp_path, qtbot, dialogs, monkeypatch, sample
):
    from kipp_desktop.services.setup import write_package

    for name in ("JoinDialog", "WordsDialog"):
        dialogs.expect(name)
    package = tmp_path / "stik" / "paket.kipp"
    home = Home(Context(home=sample))
    listed = home.choose()
    with home.open(listed) as panel:
        write_package(panel, package, "plan")
    choose(monkeypatch, opened=package)
    window = windows(tmp_path / "laptop")
    tab_to("judge_door")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "JoinDialog")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    press(Qt.Key.Key_End)
    tab_to("words")
    write("satu dua tiga empat lima enam")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    problem = asked.problem_label.text()
    tab_to("words")
    write(words_of(listed.desk))
    press(Qt.Key.Key_Return)
    shown = modal(qtbot, "WordsDialog").words_label.text()
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert problem
    assert window.house.session.person == "Juri 5"
    assert window.house.session.roles == {"judge"}
    assert shown == words_of(window.house.session.context.card.fingerprint)
    assert (tmp_path / "stik" / "juri-5-kunci.kipp").is_file()


def test_the_look_changes_at_once_and_is_stored(windows, tmp_path, qtbot):
    window = windows(tmp_path)
    page = open_page(window, "settings", qtbot)

    tab_to("language")
    press(Qt.Key.Key_Down)
    tab_to("theme")
    press(Qt.Key.Key_Down)
    settle(window, qtbot)

    stored = Settings.load(tmp_path / "settings.toml")
    assert (stored.language, stored.theme) == ("en", "dark")
    assert page.title_label.text() == "Settings"


def test_the_overview_says_what_to_do_in_another_language(sample, windows, tmp_path, qtbot):
    window = open_sample_home(windows, sample, tmp_path, qtbot)
    page = open_page(window, "overview", qtbot)
    before = page.next_button.text()

    window.house.settings.language = "en"
    window.apply_settings()
    settle(window, qtbot)

    assert before == "Buka berkas juri"
    assert page.next_button.text() == "Open the judges' files"
    assert page.next_heading.text() == "Collecting the marks"


def test_many_missing_sheets_are_counted_by_judge(sample, windows, tmp_path, qtbot):
    window = open_sample_home(windows, sample, tmp_path, qtbot)

    page = open_page(window, "results", qtbot)

    assert page.state_label.text() == (
        "155 lembar penilaian belum masuk: Juri 1 (33), Juri 3 (45), Juri 4 (32), dan Juri 5 (45)."
    )


def test_the_curtain_comes_by_itself_and_says_when_it_is_only_a_curtain(
    windows, sample, tmp_path, qtbot, dialogs
):
    dialogs.expect("Curtain")
    window = open_sample_home(windows, sample, tmp_path, qtbot)
    window.house.settings.idle_lock = 1

    IdleLock(window, minute_ms=60)
    curtain = modal(qtbot, "Curtain")
    hidden = window.centralWidget().isVisible()
    said_there = curtain.who_label.text()
    press(Qt.Key.Key_Escape)
    still_there = curtain.isVisible()
    window.house.settings.idle_lock = 0
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(window.centralWidget().isVisible)

    assert not hidden
    assert still_there
    assert said_there == said(
        "This key has no passphrase: the curtain hides the screen, but anybody can open it."
    )


def test_the_curtain_opens_only_with_the_passphrase(windows, tmp_path, qtbot, dialogs):
    from kipp_desktop.services.creating import NewCompetition, create

    dialogs.expect("Curtain")
    home = Home(Context(home=tmp_path))
    create(home, NewCompetition("KIPP", "Setda", 2026, passphrase="rahasia kota"))
    window = windows(tmp_path)
    tab_to("known_table")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.house.session.context is not None)
    IdleLock(window)
    open_page(window, "settings", qtbot)

    tab_to("lock_button")
    press(Qt.Key.Key_Space)
    curtain = modal(qtbot, "Curtain")
    write("salah")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    problem = curtain.problem_label.text()
    locked = not window.centralWidget().isVisible()
    write("rahasia kota")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(window.centralWidget().isVisible)

    assert problem
    assert locked


@pytest.mark.parametrize("key", ["overview", "entries", "people", "settings"])
@pytest.mark.parametrize(("name", "percent"), [("light", 100), ("dark", 150), ("contrast", 200)])
def test_no_word_is_clipped_and_every_control_is_named_and_reached(  # noqa: PLR0917
    windows, sample, tmp_path, qtbot, key, name, percent
):
    window = open_sample_home(windows, sample, tmp_path, qtbot)
    window.house.settings.theme, window.house.settings.text_size = name, percent
    window.apply_settings()
    window.resize(1366, 768)

    page = open_page(window, key, qtbot)
    qtbot.wait(30)

    assert clipped_texts(page) == []
    assert unnamed_controls(page) == []
    assert unreachable_controls(page) == []


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("desk_door", "CreateDialog"),
        ("judge_door", "JoinDialog"),
        ("verifier_door", "JoinDialog"),
    ],
)
def test_no_word_of_a_door_s_dialog_is_clipped_and_all_of_it_is_named(  # noqa: PLR0917
    windows, tmp_path, qtbot, dialogs, door, name, percent
):
    dialogs.expect(name)
    (tmp_path / "settings.toml").write_text(f"text_size = {percent}\n")
    windows(tmp_path)
    tab_to(door)

    press(Qt.Key.Key_Return)
    opened = modal(qtbot, name)
    qtbot.wait(30)
    clipped, unnamed = clipped_texts(opened), unnamed_controls(opened)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)

    assert clipped == []
    assert unnamed == []


def test_people_of_a_package_are_persons_of_its_plan(sample, tmp_path):
    from kipp_desktop.services.setup import write_package

    home = Home(Context(home=sample))
    with home.open(home.choose()) as panel:
        write_package(panel, tmp_path / "paket.kipp", "plan")

    package = joining.look_into(tmp_path / "paket.kipp")

    assert package.organiser == "Bagian Organisasi (contoh)"
    assert all(isinstance(person, Person) for person in package.people)
    assert "Juri 3" in [person.name for person in package.people]
