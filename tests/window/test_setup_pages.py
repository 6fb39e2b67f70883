"""Similar pairs, the administrative selection, organisations and files, by keyboard alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.pages import entries as entries_page
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import duplicates, organisations, selection, setup
from tests.window import panels, setup_desk
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.panel_day import column, press, said, settle, tab_to, write

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("entries", "duplicates", "selection", "coverage")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return setup_desk.begin(tmp_path_factory.mktemp("meja")).context.home


@pytest.fixture
def window(app, qtbot, made, tmp_path):
    """Open a copy of that desk at its innovations."""
    home = tmp_path / "meja"
    shutil.copytree(made, home)
    shown = panels.open_window(home, "desk", PAGES)
    qtbot.waitUntil(lambda: shown.house.session.context is not None, timeout=20_000)
    settle(shown, qtbot)
    shown.go_to("entries")
    settle(shown, qtbot)
    yield shown
    panels.close_window(shown, qtbot)


def ask(window, qtbot, work):
    """Return what a service says, asked in the database thread."""
    answers: list = []
    panel = window.house.session.context.panel
    window.house.run(lambda _task: work(panel), answers.append)
    settle(window, qtbot)
    return answers[0]


def follow(window, qtbot, button: str, key: str):
    """Go to a page by the button that leads to it."""
    tab_to(button)
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    assert window.page.info.key == key
    return window.page


def test_the_innovations_lead_to_what_asks_for_somebody(window):
    page = window.page

    texts = [b.text() for b in (page.pairs_button, page.selection_button, page.coverage_button)]

    assert texts == [
        said("{count} similar pairs…", count=2),
        said("Selection: {count} undecided…", count=50),
        said("Organisations: {count} names…", count=1),
    ]


def test_one_pair_is_merged_with_a_chosen_title_and_the_other_kept(window, qtbot):
    page = follow(window, qtbot, "pairs_button", "duplicates")

    tab_to("table")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Down)  # from the number to the title
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Space)
    tab_to("merge_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    left = page.reason_label.text()
    tab_to("keep_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    lines = ask(window, qtbot, lambda panel: {row.number: row for row in panel.workbench.entries()})

    assert lines["3"].title == "Getar Dilan"
    assert lines["3"].summary == "Pekarangan warga ditanami sayur"
    assert "201" not in lines
    assert {"202", "203"} <= set(lines)
    assert said("the titles differ by one or two letters") in left
    assert page.empty_place.isVisible()
    assert ask(window, qtbot, duplicates.pairs) == []


def test_an_entry_is_dropped_after_a_question(window, qtbot, dialogs):
    dialogs.expect("ConfirmDialog")
    page = follow(window, qtbot, "pairs_button", "duplicates")

    tab_to("drop_second_button")
    press(Qt.Key.Key_Space)
    tab_to("")
    press(Qt.Key.Key_Tab)
    for _ in range(3):
        if not _main_focused():
            press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    numbers = ask(window, qtbot, lambda panel: {row.number for row in panel.workbench.entries()})

    assert "201" not in numbers
    assert "3" in numbers
    assert column(page.table, 0) == ["202 · Si Dora Eman"]


def _main_focused() -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and focus.property("look") == "main"


def test_proposals_are_taken_over_and_a_failure_needs_a_reason(window, qtbot):
    page = follow(window, qtbot, "selection_button", "selection")

    tab_to("search_field")
    write("Si Dora Eman")
    signs = [column(page.table, n) for n in range(2, 8)]
    tab_to("accept_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    taken = [state.passed for state in page._line().items]
    tab_to("items")
    while page.items.currentRow() > 0:
        press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Minus)
    asked = page.problem_label.isVisible()
    write("Pemenang tahun 2019")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    failed = page._line()

    assert signs == [["✓?"], ["?"], ["✓?"], ["✗?"], ["✓?"], ["✓?"]]
    assert taken == [True, None, True, False, True, True]
    assert asked
    assert failed.passed is False
    assert failed.items[1].reason == "Pemenang tahun 2019"


def test_a_verdict_repaints_its_row_and_reads_nothing_again(window, qtbot):
    page = follow(window, qtbot, "selection_button", "selection")
    before = page._shown.view
    tab_to("items")

    press(Qt.Key.Key_Plus)
    settle(window, qtbot)
    after = page._shown.view
    changed = [one.entry.id for one, old in zip(after.lines, before.lines, strict=True)
               if one is not old]  # fmt: skip
    read = ask(window, qtbot, selection.selection_view)
    page.undecided.setChecked(True)
    open_before = page.model.rowCount()
    page.items.setCurrentCell(0, 0)
    press(Qt.Key.Key_Minus)
    page.reason.setText("Belum lengkap")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert changed == [before.lines[0].entry.id]
    assert after.lines == read.lines
    assert page.model.rowCount() == open_before - 1


def test_the_outcome_is_recorded_and_signed_once_nothing_is_open(
    window, qtbot, dialogs, tmp_path, monkeypatch
):
    dialogs.expect("RecordSelectionDialog")
    workplace = window.house.session.context

    def settle_all(task):
        home, panel = workplace.home(task), workplace.panel
        setup.publish_plan(home, panel, tmp_path / "paket.kipp")
        for line in selection.selection_view(panel).lines:
            for state in line.items:
                fails = line.entry.number == "203" and state.item == "pernyataan"
                reason = "Belum ditandatangani" if fails else ""
                selection.set_verdict(home, panel, line.entry.number, state.item, not fails, reason)

    window.house.run(settle_all)
    settle(window, qtbot)
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: tmp_path / "daftar.xlsx")
    page = window.go_to("selection")
    settle(window, qtbot)
    tab_to("export_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    tab_to("record_button")
    press(Qt.Key.Key_Space)
    dialog = QApplication.activeModalWidget()
    before = dialog._ok.isEnabled()
    write("Menurut pedoman tahun 2021")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    decisions = ask(window, qtbot, lambda panel: [r.body for r in panel.state.decisions])
    rows = list(openpyxl.load_workbook(tmp_path / "daftar.xlsx").active.values)

    assert not before
    assert len(decisions) == 1
    assert len(decisions[0]["entries"]) == 49
    assert "Belum ditandatangani" in decisions[0]["reason"]
    assert len(rows) == 51
    assert page.record_button.isEnabled()


def test_earlier_winners_come_from_a_table(window, qtbot, dialogs, tmp_path, monkeypatch):
    dialogs.expect("ImportDialog")
    table = tmp_path / "pemenang.csv"
    table.write_text("judul;instansi;tahun;penghargaan\nPeta Baper;Bappeda;2019;Top 7\n")
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, **_k: [table])
    page = follow(window, qtbot, "selection_button", "selection")

    page.winners_menu.actions()[0].trigger()
    settle(window, qtbot)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    for _ in range(2):
        press(Qt.Key.Key_Return)
        settle(window, qtbot)

    assert page.winners_button.text() == said("{count} earlier &winners…", count=1)
    assert column(page.table, 3)[0] == "✗?"


def test_a_file_without_results_gives_no_winners(window, qtbot, tmp_path, monkeypatch):
    package = tmp_path / "paket.kipp"
    workplace = window.house.session.context
    window.house.run(
        lambda task: setup.publish_plan(workplace.home(task), workplace.panel, package)
    )
    settle(window, qtbot)
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, **_k: [package])
    page = follow(window, qtbot, "selection_button", "selection")

    page.winners_menu.actions()[1].trigger()
    settle(window, qtbot)

    assert window.messages.what_label.text() == said(
        "The file {file} holds no results.", file="paket.kipp"
    )
    assert page.winners_button.text() == said("{count} earlier &winners…", count=0)


def test_a_name_is_confirmed_an_organisation_added_and_the_report_written(
    window, qtbot, dialogs, tmp_path, monkeypatch
):
    dialogs.expect("OrganisationDialog")
    page = follow(window, qtbot, "coverage_button", "coverage")
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: tmp_path / "cakupan.pdf")

    page.tabs.setCurrentWidget(page.matches_tab)
    names = column(page.matches_table, 0)
    tab_to("same_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    page.tabs.setCurrentWidget(page.tree_tab)
    tab_to("add_button")
    press(Qt.Key.Key_Space)
    write("Badan Penanggulangan Bencana Daerah")
    tab_to("must_enter")
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    summary = page.summary_label.text()
    tab_to("missing_box")
    press(Qt.Key.Key_Space)
    missing = [page.tree.topLevelItem(n).text(0) for n in range(page.tree.topLevelItemCount())]
    tab_to("pdf_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)

    assert names == ["Dispendukcapil Kota Malang"]
    assert ask(window, qtbot, organisations.matches) == []
    assert "6" in summary
    assert "Badan Penanggulangan Bencana Daerah" in missing
    assert "Pemerintah Kota Malang" not in missing
    assert (tmp_path / "cakupan.pdf").read_bytes().startswith(b"%PDF-")


def test_an_entry_shows_its_columns_and_opens_a_copy_of_its_file(window, qtbot, monkeypatch):
    opened: list[Path] = []
    monkeypatch.setattr(entries_page, "_open", opened.append)
    page = window.page

    tab_to("search_field")
    write("201")
    text = page.detail.toPlainText()
    link = page.detail.document().toHtml().split('href="')[1].split('"')[0]
    page.detail.anchorClicked.emit(QUrl(link))
    settle(window, qtbot)

    assert "https://contoh.go.id/getar-dilan" in text
    assert "Proposal Getar Dilan.pdf" in text
    assert opened[0].name == "Proposal Getar Dilan.pdf"
    assert opened[0].read_bytes() == setup_desk.PDF


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("key", KEYS)
def test_every_control_is_named_reachable_and_readable(window, qtbot, key, percent):
    window.house.settings.for_this_run["text_size"] = percent
    window.apply_settings()
    window.resize(1366, 768)

    page = window.go_to(key)
    settle(window, qtbot)
    qtbot.wait(50)

    found = unnamed_controls(page) + unreachable_controls(page)
    assert found + clipped_texts(page) == []


def test_a_desk_without_the_stage_is_asked_whether_it_wants_one(app, qtbot, tmp_path):
    made = panels.publish_desk(tmp_path)
    window = panels.open_window(made.home.context.home, "desk", PAGES)
    qtbot.waitUntil(lambda: window.house.session.context is not None, timeout=20_000)
    settle(window, qtbot)

    page = window.go_to("selection")
    settle(window, qtbot)
    off = page.off_place.isVisible(), page.record_button.isVisible()
    tab_to("begin_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    on = page.on_box.isVisible(), page.table.model().rowCount()
    panels.close_window(window, qtbot)

    assert off == (True, False)
    assert on == (True, 10)
    with made.home.open(made.listed) as panel:
        assert selection.selection_view(panel).stage is not None


def test_what_is_settled_leaves_the_undecided_and_the_next_one_comes(window, qtbot):
    page = follow(window, qtbot, "selection_button", "selection")

    tab_to("undecided")
    press(Qt.Key.Key_Space)
    before = page.table.model().rowCount(), page._line().entry.number
    tab_to("table")
    press(Qt.Key.Key_Return)
    for _ in range(6):
        press(Qt.Key.Key_Plus)
        settle(window, qtbot)
    after = page.table.model().rowCount(), page._line().entry.number
    press(Qt.Key.Key_Plus)
    settle(window, qtbot)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Delete)
    settle(window, qtbot)

    assert before == (50, "1")
    assert after == (49, "2")
    assert [state.passed for state in page._line().items] == [None] * 6


def test_a_picture_is_added_and_a_table_is_refused_as_a_file(window, qtbot, tmp_path, monkeypatch):
    picture, table = tmp_path / "foto.png", tmp_path / "daftar.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
    table.write_bytes(b"PK\x03\x04")
    page = window.page

    for path in (table, picture):
        monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, path=path, **_k: [path])
        tab_to("attach_button")
        press(Qt.Key.Key_Space)
        settle(window, qtbot)
        if path is table:
            refused = window.messages.what_label.text()

    assert "daftar.xlsx" in refused
    assert "foto.png" in page.detail.toPlainText()
    assert "daftar.xlsx" not in page.detail.toPlainText()
