"""Rules, rubrics, assignment and last year's set-up, by keyboard alone."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.crash import CrashReporter
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.main_window import MainWindow
from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import agenda, joining
from kipp_desktop.services.agenda_store import agenda_of_panel
from kipp_desktop.services.context import Context
from kipp_desktop.services.creating import PRESETS
from kipp_desktop.services.home import Home
from kipp_desktop.services.rubrics import open_draft
from kipp_desktop.services.rules import rules_view, save_logo
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
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTRIES = """\
No;Judul Inovasi;Perangkat Daerah
1;Sumur Injeksi Kota;Dinas PU
2;Drive Thru Adminduk;Dinas Dukcapil
3;Gerakan Tanam Cabai di Pekarangan Rumah Warga;Dinas Ketahanan Pangan dan Pertanian
"""
PEOPLE = """\
nama;peran;instansi;benturan
Juri 1;"juri; ketua; evaluator";Perguruan tinggi;
Juri 2;"juri; evaluator";Media;Dinas PU
Juri 3;"juri; evaluator";Media;
Verifikator 1;verifikator;Inspektorat;
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
        qtbot.waitUntil(lambda: not window.page.watch._stale)
        qtbot.wait(60)
        settle(window, qtbot)
        return window

    yield open_at
    for window in made:
        close_window(window, qtbot)


@pytest.fixture
def desk(windows, sample, tmp_path, qtbot):
    """The sample's desk, opened by keyboard."""
    home = tmp_path / "rumah"
    shutil.copytree(sample, home)
    window = windows(home)
    tab_to("known_table")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.house.session.context is not None)
    settle(window, qtbot)
    return window


def choose(monkeypatch, opened=None, saved=None):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, **_k: [opened] if opened else [])
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: saved)


def pick(box, data):
    """Choose a value of the list that has the keyboard, by arrows."""
    assert QApplication.focusWidget() is box
    press(Qt.Key.Key_Home)
    for _ in range(box.count()):
        if box.currentData() == data:
            return
        press(Qt.Key.Key_Down)
    raise AssertionError(data)


def load_table(window, qtbot, monkeypatch, table, button):
    """Import a table with the button, as it is guessed."""
    choose(monkeypatch, opened=table)
    tab_to(button)
    press(Qt.Key.Key_Space)
    modal(qtbot, "ImportDialog")
    for _step in range(2):
        press(Qt.Key.Key_Return)
        settle(window, qtbot)


def tab_to_save(asked):
    save = asked.buttons.button(asked.buttons.StandardButton.Ok)
    for _ in range(20):
        if not save.hasFocus():
            press(Qt.Key.Key_Tab)
    assert save.hasFocus()


def read(window, qtbot, work):
    """Return what a service says of the panel, which belongs to the database thread."""
    found = []
    panel = window.house.session.context.panel
    window.house.run(lambda _task: work(panel), found.append)
    settle(window, qtbot)
    return found[0]


def rules_now(window, qtbot):
    return read(window, qtbot, rules_view)


def open_rules(window, qtbot):
    open_page(window, "overview", qtbot)
    tab_to("rules_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    assert window.page.info.key == "rules"
    return window.page


def open_rubric(window, qtbot):
    page = open_page(window, "people", qtbot)
    show_tab(page, 1, qtbot, window)
    tab_to("rubric_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    assert window.page.info.key == "rubric"
    return window.page


def show_tab(page, number, qtbot, window):
    page.tabs.tabBar().setFocus()
    for _ in range(number):
        press(Qt.Key.Key_Right)
    settle(window, qtbot)
    assert page.tabs.currentIndex() == number


@pytest.mark.parametrize("preset", PRESETS)
def test_from_nothing_to_a_published_plan_of_each_preset(  # noqa: PLR0917
    windows, tmp_path, qtbot, dialogs, monkeypatch, preset
):
    for name in ("CreateDialog", "ImportDialog", "WordsDialog"):
        dialogs.expect(name)
    entries, people = tmp_path / "inovasi.csv", tmp_path / "panel.csv"
    entries.write_text(ENTRIES)
    people.write_text(PEOPLE)
    window = windows(tmp_path / "rumah")
    tab_to("desk_door")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "CreateDialog")
    for name, text in (("name", "KIPP 2026"), ("organiser", "Bagian Organisasi")):
        tab_to(name)
        write(text)
    tab_to("preset")
    pick(asked.preset, preset)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)
    settle(window, qtbot)

    rules = open_rules(window, qtbot)
    shown = [field.row.sentence_label.text() for field in rules._fields]
    open_page(window, "entries", qtbot)
    load_table(window, qtbot, monkeypatch, entries, "empty_import_button")
    page = open_page(window, "people", qtbot)
    load_table(window, qtbot, monkeypatch, people, "import_button")
    choose(monkeypatch, saved=tmp_path / "paket.kipp")
    tab_to("publish_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "WordsDialog")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert all(shown)
    assert column(page.people_table, 0)[1:] == ["Juri 1", "Juri 2", "Juri 3", "Verifikator 1"]
    assert joining.look_into(tmp_path / "paket.kipp").name == "KIPP 2026"
    panel = window.house.session.context.panel
    assert panel.setup.rules == rules_now(window, qtbot).rules
    marked = [stage.id for stage in panel.setup.rules.stages if stage.rubric]
    assert all(panel.setup.judges_of(stage) for stage in marked)


def test_a_rule_changes_with_its_sentence_and_says_that_a_package_is_needed(desk, qtbot):
    page = open_rules(desk, qtbot)
    row = next(f.row for f in page._fields if f.key == ("presentasi", "between_judges"))
    before = row.effect_label.text()

    tab_to("between_judges_presentasi")
    pick(row.controls[0], "median")
    settle(desk, qtbot)

    assert rules_now(desk, qtbot).rules.stages[0].between_judges == "median"
    assert row.effect_label.text() != before
    assert row.chip.isVisible()
    assert row.controls[0].hasFocus()
    assert page.state_label.text() == said(
        "Package {revision} has other rules: {count} changes hold only after a new package "
        "(Panel and rubric).",
        revision=1,
        count=1,
    )


def test_a_rule_that_cannot_be_is_told_and_the_old_one_stands_again(desk, qtbot):
    page = open_rules(desk, qtbot)
    row = next(f.row for f in page._fields if f.key == ("presentasi", "combine"))

    tab_to("combine_presentasi_1")
    write("banyak")
    press(Qt.Key.Key_Return)
    settle(desk, qtbot)

    assert desk.messages.isVisible()
    assert row.controls[1].text() == "100"
    assert rules_now(desk, qtbot).rules.stages[0].weight == 100


def test_approvals_awards_and_signatories_are_changed_in_the_window(desk, qtbot, dialogs):
    dialogs.expect("RowsDialog")
    page = open_rules(desk, qtbot)
    approvals = next(f.row for f in page._fields if f.key == ("", "approvals"))

    tab_to("approvals")
    pick(approvals.controls[0], "chair")
    settle(desk, qtbot)
    tab_to("awards")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "RowsDialog")
    press(Qt.Key.Key_Delete)
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    tab_to("signatories")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "RowsDialog")
    asked.table.setFocus()
    press(Qt.Key.Key_Insert)
    write("Sekretaris Daerah")
    press(Qt.Key.Key_Return)
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    view = rules_now(desk, qtbot)
    assert view.rules.approvals == ("chair",)
    assert len(view.rules.awards) == len(page._found.published.rules.awards) - 1
    assert "Sekretaris Daerah" in [item.title for item in view.signatories]


def test_stages_are_added_moved_and_removed_by_keyboard_until_one_has_marks(desk, qtbot, dialogs):
    dialogs.expect("StagesDialog")
    open_rules(desk, qtbot)
    before = [stage.name for stage in rules_now(desk, qtbot).rules.stages]

    tab_to("stages")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "StagesDialog")
    press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    asked.table.setCurrentCell(len(before) - 1, 0)
    press(Qt.Key.Key_Insert)
    write("Pleno penetapan")
    press(Qt.Key.Key_Return)
    kind = asked.table.cellWidget(len(before), 1)
    kind.setFocus()
    pick(kind, "plenary")
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    added = rules_now(desk, qtbot).rules.stages
    tab_to("stages")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "StagesDialog")
    asked.table.setCurrentCell(len(before), 0)
    press(Qt.Key.Key_Up, ALT)
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    moved = rules_now(desk, qtbot).rules.stages
    tab_to("stages")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "StagesDialog")
    asked.table.setCurrentCell(0, 0)
    press(Qt.Key.Key_Delete)
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    refused = asked.problem_label.text()
    press(Qt.Key.Key_Escape)

    assert [stage.name for stage in added] == [*before, "Pleno penetapan"]
    assert added[-1].kind == "plenary"
    assert [stage.name for stage in moved] == [*before[:-1], "Pleno penetapan", before[-1]]
    assert added[0] == moved[0]
    assert said("the stage “{stage}” has marks or decisions: it cannot go", stage=before[0]) in (
        refused
    )
    assert rules_now(desk, qtbot).rules.stages == moved


def test_the_time_of_an_entry_takes_whole_minutes_only(desk, qtbot, dialogs):
    dialogs.expect("RowsDialog")
    open_rules(desk, qtbot)
    tab_to("slot_presentasi")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "RowsDialog")
    first = asked.table.item(0, 1)

    first.setText("tiga")
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    problem = asked.problem_label.text()
    first.setText("5")
    tab_to_save(asked)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    assert "minutes" in problem
    assert rules_now(desk, qtbot).rules.stages[0].slot[0] == ("video", 5)


def test_a_preset_replaces_the_rules_after_a_question(desk, qtbot, dialogs):
    dialogs.expect("ConfirmDialog")
    page = open_rules(desk, qtbot)

    tab_to("preset")
    pick(page.preset, "provinsi")
    tab_to("preset_button")
    press(Qt.Key.Key_Space)
    modal(qtbot, "ConfirmDialog")
    press(Qt.Key.Key_Tab, SHIFT)
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    assert [s.id for s in rules_now(desk, qtbot).rules.stages] == [
        "proposal",
        "presentasi",
        "verifikasi",
    ]
    assert len({field.key[0] for field in page._fields}) == 4


def test_a_rubric_is_edited_by_keyboard_with_each_mistake_at_its_place(desk, qtbot):
    page = open_rubric(desk, qtbot)

    tab_to("tree")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Insert)
    write("Dampak")
    tab_to("weight")
    write("dua")
    wrong = page.fields.weight_problem.text(), page.sheet.isVisibleTo(page.tabs.widget(1))
    write("25")
    right = page.fields.weight_problem.isVisible(), page.sum_label.text()
    page.tree.setFocus()
    press(Qt.Key.Key_Up, ALT)
    page.tree.setFocus()
    names = [page.tree.topLevelItem(0).child(n).text(0) for n in range(2)]
    open_page(desk, "overview", qtbot)
    settle(desk, qtbot)

    assert wrong[0].endswith(".")
    assert not wrong[1]
    assert right[0] is False
    assert "125" in right[1]
    assert names == ["Dampak", "Kebaruan"]
    view = rules_now(desk, qtbot)
    rubric = view.rubrics[view.rules.stages[0].rubric]
    assert [leaf.criterion.name for leaf in rubric.leaves][:2] == names
    assert rubric.leaves[0].criterion.weight == Fraction(25)


def test_a_criterion_gets_parts_and_what_was_removed_comes_back(desk, qtbot):
    page = open_rubric(desk, qtbot)

    tab_to("tree")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Insert, SHIFT)
    write("Cara baru")
    page.tree.setFocus()
    parts = page._view.draft.criteria[0].children
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Delete)
    gone = len(page._view.draft.criteria)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(desk, qtbot)

    assert [part.name for part in parts] == ["Cara baru"]
    assert parts[0].levels
    assert page._view.mistakes == ()
    assert (gone, len(page._view.draft.criteria)) == (4, 5)


@pytest.mark.parametrize("ending", ["toml", "xlsx"])
def test_a_rubric_leaves_and_arrives_as_a_file(desk, qtbot, tmp_path, monkeypatch, ending):
    page = open_rubric(desk, qtbot)
    path = tmp_path / f"rubrik.{ending}"
    choose(monkeypatch, opened=path, saved=path)
    tab_to("which")
    pick(page.which, "metro")
    settle(desk, qtbot)

    tab_to("export_button")
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    tab_to("import_button")
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    draft = read(desk, qtbot, lambda panel: open_draft(panel, page._id))
    assert [node.name for node in draft.criteria] == [
        node.name for node in page._view.draft.criteria
    ]
    assert draft.total == "sum"
    assert page.drop_button.isEnabled()


def test_judges_are_drawn_with_equal_loads_and_the_seed_is_shown(desk, qtbot):
    page = open_page(desk, "people", qtbot)
    show_tab(page, 2, qtbot, desk)
    part = page.assigning

    tab_to("method")
    pick(part.method, "random")
    tab_to("per_entry")
    write("3")
    tab_to("assign_button")
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    loads = [load.entries for load in part._view.loads]
    assert max(loads) - min(loads) <= 1
    assert {len(item.judges) for item in part._view.entries} == {3}
    assert part._view.seed in part.left_label.text()
    assert column(part.left_table, 2)[0] == said("{done} of {total}", done=3, total=5)


def seat_in_rooms(window, qtbot):
    """Seat three judges in room A and two in room B, on two days, and give entries their time."""
    workplace = window.house.session.context

    def work(task):
        home, panel = workplace.home(task), workplace.panel
        judges = list(panel.setup.judges_of("presentasi"))
        for day in (16, 17):
            for room, seated in (("A", judges[:3]), ("B", judges[3:])):
                agenda.add_session(
                    home, panel, "presentasi", date(2026, 3, day), room, 480, 1020, seated
                )
        agenda.fill(home, panel, "presentasi")
        found = agenda_of_panel(panel)
        return {
            panel.setup.entry_by_id[slot.entry].number: set(
                map(panel.setup.name_of, session.judges)
            )
            for session in found.sessions
            for slot in session.slots
            if slot.entry
        }

    seats = []
    window.house.run(work, seats.append)
    settle(window, qtbot)
    return seats[0]


def test_parallel_rooms_give_each_judge_what_is_presented_there(desk, qtbot):
    page = open_page(desk, "people", qtbot)
    show_tab(page, 2, qtbot, desk)
    part = page.assigning

    tab_to("method")
    pick(part.method, "rooms")
    tab_to("assign_button")
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)
    refused, kept = desk.messages.what_label.text(), part._view.method
    seats = seat_in_rooms(desk, qtbot)
    tab_to("method")
    pick(part.method, "rooms")
    tab_to("assign_button")
    press(Qt.Key.Key_Space)
    settle(desk, qtbot)

    assert refused
    assert kept == "all"
    assert part._view.method == "rooms"
    assert {item.number for item in part._view.entries} == set(seats)
    assert all(set(item.judges) <= seats[item.number] for item in part._view.entries)
    assert {len(seat) for seat in seats.values()} == {2, 3}
    assert said("Each judge marks what the rooms of the agenda give.") in part.left_label.text()


def test_the_new_competition_is_copied_from_last_years(windows, sample, tmp_path, qtbot, dialogs):
    dialogs.expect("CreateDialog")
    home = tmp_path / "rumah"
    shutil.copytree(sample, home)
    earlier = Home(Context(home=home))
    with earlier.open(earlier.choose()) as panel:
        save_logo(earlier, panel, b"\x89PNG\r\n\x1a\n")
    window = windows(home)

    tab_to("desk_door")
    press(Qt.Key.Key_Space)
    asked = modal(qtbot, "CreateDialog")
    settle(window, qtbot)
    tab_to("last_year")
    press(Qt.Key.Key_Down)
    settle(window, qtbot)
    proposed = asked.name.text(), asked.year.value(), asked.preset.isEnabled()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "overview", timeout=20_000)
    settle(window, qtbot)

    assert proposed == ("Contoh: KIPP Kota 2022", 2022, False)
    view = rules_now(window, qtbot)
    assert view.logo == b"\x89PNG\r\n\x1a\n"
    assert [stage.id for stage in view.rules.stages] == ["presentasi", "verifikasi"]
    assert read(window, qtbot, lambda panel: list(panel.workbench.organisations()))


@pytest.mark.parametrize(("language", "percent"), [("id", 100), ("en", 200)])
def test_the_new_pages_are_named_reachable_and_whole(desk, qtbot, language, percent):
    desk.house.settings.for_this_run.update({"language": language, "text_size": percent})
    desk.apply_settings()
    sinners = []

    for key in ("rules", "rubric"):
        page = desk.go_to(key)
        settle(desk, qtbot)
        sinners += unnamed_controls(page) + unreachable_controls(page) + clipped_texts(page)

    assert sinners == []
