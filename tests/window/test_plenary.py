"""The panel decides in the window, and its members approve on their own laptops."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.services import checking, desk
from kipp_desktop.services.context import Context
from tests.flow import stages
from tests.window import panel_day
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.keyboard import keyboard
from tests.window.panel_day import (
    open_page,
    press,
    press_button,
    said,
    settle,
    tab_to,
    write,
)

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Four judges and an observer, whose approval is asked for; everything lies on the stick."""
    made = panel_day.begin(
        tmp_path_factory.mktemp("pleno"), approvals=["observer"], observer="Pengamat 1"
    )
    made.merge(list(made.files))
    return made


@pytest.fixture
def day(handed_in, tmp_path):
    """The same day for each test, with homes of its own."""
    shutil.copytree(handed_in.folder, tmp_path / "hari")
    return replace(handed_in, folder=tmp_path / "hari")


@pytest.fixture
def windows(app, tmp_path, qtbot):
    made = []

    def open_it(home, role="desk"):
        made.append(panel_day.open_window(tmp_path, home, qtbot, role))
        return made[-1]

    def close_it():
        panel_day.close_window(made.pop(), qtbot)

    open_it.close = close_it
    yield open_it
    while made:
        close_it()


@pytest.fixture(autouse=True)
def preview(dialogs):
    dialogs.expect("ArrivalPreviewDialog")


def choose(monkeypatch, *paths):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_args, **_more: list(paths))


def save_as(monkeypatch, path):
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_args, **_more: path)


def cards(page):
    layout = page.cases.layout()
    return [layout.itemAt(number).widget() for number in range(layout.count())]


def texts(path):
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def marked_as_draft(path):
    """Return for every page whether the large word stands across it."""
    pages = pypdfium2.PdfDocument(path)
    return ["DRAF" in page.get_textpage().get_text_bounded() for page in pages]


def checks(path):
    found = checking.verify(Context(home=path.parent / "luar"), [path])
    return found, [check.name for check in found.checks]


def publish(window, out, qtbot):
    """Publish on the page of the results, and wait for the minutes."""
    results = open_page(window, "results", qtbot)
    tab_to("folder")
    write(str(out))
    press(Qt.Key.Key_Return, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    qtbot.waitUntil(lambda: bool(results.pdf.pages), timeout=20_000)
    return results


def test_a_tie_a_late_sheet_and_an_approval_lead_to_final_results(  # noqa: PLR0917 - fixtures
    windows, day, monkeypatch, qtbot, dialogs, tmp_path
):
    for name in ("ConfirmDialog", "DecideDialog", "ResolveDialog", "PublishDialog"):
        dialogs.expect(name)
    window = windows(day.desk_home)
    page = open_page(window, "plenary", qtbot)
    hidden = [page.empty_card.isVisible(), len(cards(page))]

    press_button(said("Close…"))
    settle(window, qtbot)
    press_button(said("Close the stage"))
    settle(window, qtbot)
    line = cards(page)[0]
    facts = line.facts.text()
    press_button(said("Decide…"))
    settle(window, qtbot)
    tab_to("order")
    press(Qt.Key.Key_Down, ALT)
    tab_to("reason")
    write("Dampak lebih luas (contoh)")
    tab_to("voted")
    press(Qt.Key.Key_Space)
    for name, count in (("votes_for", "3"), ("votes_against", "1")):
        tab_to(name)
        write(count)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert hidden == [True, 0]
    assert len(cards(page)) == 0
    assert "3 · Sekolah Daring Ceria" in facts
    assert said("decision of the plenary") in facts
    assert "8" in facts
    decided = page.resolved_card.layout().itemAtPosition(0, 1).widget().text()
    assert "4, 3" in decided
    assert "Dampak lebih luas (contoh)" in decided
    assert "3 setuju, 1" in decided

    late = panel_day.correct(
        day, "Juri 2", {"5": (10, 10, 10, 10, 10)}, tmp_path / "juri-2-lagi.kipp"
    )
    open_page(window, "inbox", qtbot)
    choose(monkeypatch, late)
    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    open_page(window, "plenary", qtbot)
    case = cards(page)[0]
    late_facts, late_words = case.facts.text(), case.words.text()
    press_button(said("Decide…"))
    settle(window, qtbot)
    tab_to("yes_button")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    without_reason = QApplication.activeModalWidget()
    tab_to("reason")
    write("Tahap sudah ditutup (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert "Juri 2" in late_words
    source = "Entry {number}: its total is {total}; the sheet that counts has {old}."
    assert said(source, number="5", total=100, old=54) in late_facts
    assert "nilai 54" in late_facts
    assert "nilai 65,5" in late_facts
    assert without_reason is not None
    assert cards(page) == []
    newest = page.resolved_card.layout().itemAtPosition(0, 1).widget().text()
    assert "Tahap sudah ditutup (contoh)" in newest

    draft = tmp_path / "draf"
    results = publish(window, draft, qtbot)
    lacking = results.lacking_label.text()
    windows.close()
    found, names = checks(draft / "hasil.kipp")

    assert "Pengamat 1" in lacking
    assert found.ok
    assert not found.final
    assert "approval" not in names
    assert set(marked_as_draft(draft / "berita-acara.pdf")) == {True}

    member = windows(panel_day.home_of(day, "Pengamat 1"), "member")
    approval = member.page
    assert approval.info.key == "approval"
    choose(monkeypatch, draft / "hasil.kipp")
    press(Qt.Key.Key_O, CONTROL)
    settle(member, qtbot)
    places = panel_day.column(approval.ranking, 1)
    awards = panel_day.column(approval.ranking, 5)
    facts = approval.facts_label.text()
    press_button(said("&Agree…"))
    settle(member, qtbot)
    press_button(said("Sign: I agree"))
    settle(member, qtbot)
    save_as(monkeypatch, tmp_path / "setuju.kipp")
    press_button(said("To “&Hand in”"))
    settle(member, qtbot)
    press_button(said("&Write to the stick…"))
    settle(member, qtbot)
    windows.close()

    assert places == ["1", "2", "4", "3", "5"]
    assert awards.count("Top 3") == 3
    assert "Juri 1 (5" in facts
    assert (tmp_path / "setuju.kipp").exists()

    window = windows(day.desk_home)
    open_page(window, "inbox", qtbot)
    choose(monkeypatch, tmp_path / "setuju.kipp")
    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    final = tmp_path / "final"
    results = publish(window, final, qtbot)
    found, names = checks(final / "hasil.kipp")

    assert "Pengamat 1" in results.approvals_label.text()
    assert not results.lacking_label.isVisible()
    assert found.ok
    assert found.final
    assert "approval" in names
    order = [found.setup.entry_by_id[i.entry].number for i in found.recomputed.groups[0].entries]
    assert order == ["1", "2", "4", "3", "5"]
    text = texts(final / "berita-acara.pdf")
    assert set(marked_as_draft(final / "berita-acara.pdf")) == {False}
    assert "Dampak lebih luas (contoh)" in text
    assert "Tahap sudah ditutup (contoh)" in text


def test_the_pages_of_the_plenary_are_named_reachable_and_whole(windows, day, qtbot, tmp_path):
    home = day.home()
    with home.open(home.choose()) as panel:
        desk.close_stage(home, panel, "presentasi")
    window = windows(day.desk_home)
    page = open_page(window, "plenary", qtbot)

    assert len(cards(page)) == 1
    assert unnamed_controls(page) == []
    assert unreachable_controls(page) == []
    assert clipped_texts(page) == []


# -- two stages, and marks of the panel ------------------------------------------------------------


@pytest.fixture(scope="module")
def _staged(tmp_path_factory):
    made = stages.Stages(tmp_path_factory.mktemp("tahap")).create(panel=True)
    made.mark("usulan", "gagasan", stages.USULAN)
    return made


@pytest.fixture
def staged(_staged, tmp_path):
    return _staged.copy(tmp_path / "tahap")


def numbers_of(listing):
    items = [listing.item(row) for row in range(listing.count())]
    return [item.text().split(" ")[0] for item in items]


def choose_from_menu(window, qtbot, downs):
    """Open the menu of further decisions, and choose an entry of it by arrows."""
    tab_to("more_button")
    press(Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    for _ in range(downs):
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    settle(window, qtbot)


def test_who_goes_on_is_proposed_and_the_panels_own_marks_are_signed(
    windows, staged, qtbot, dialogs
):
    for name in ("ConfirmDialog", "SelectDialog", "PanelMarksDialog"):
        dialogs.expect(name)
    window = windows(staged.desk)
    page = open_page(window, "plenary", qtbot)

    press_button(said("Close…"))
    settle(window, qtbot)
    press_button(said("Close the stage"))
    settle(window, qtbot)
    waiting = cards(page)[0]
    facts = waiting.facts.text()
    waiting.button.setFocus()
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    dialog = QApplication.activeModalWidget()
    proposed = [item.text()[:2] for item in dialog._items()]
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Space)  # a third goes on
    ticked = dialog.count_label.text()
    tab_to("reason")
    write("Tiga terbaik (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    press_button(said("Marks of the panel…"))
    settle(window, qtbot)
    marks = QApplication.activeModalWidget()
    named = unnamed_controls(marks)
    write_cell(qtbot, marks, "11")
    press_button(said("Sign the marks"))
    refused = marks.problem_label.text()
    write_cell(qtbot, marks, "9")
    press_button(said("Sign the marks"))
    settle(window, qtbot)

    state = []
    window.house.run(lambda _task: window.house.session.context.panel.state, state.append)
    settle(window, qtbot)
    assert proposed == ["02", "01"]
    assert said("Below the line: {fact}", fact="03") in facts
    assert ticked == said("{count} ticked; the rules say {size}.", count=3, size=2)
    assert named == []
    assert "11" in refused
    assert [len(entries) for entries in state[0].advances.values()] == [3]
    assert list(state[0].panel_marks.values()) == ["9"]


def write_cell(qtbot, dialog, text):
    """Type into the first cell of the grid."""
    dialog.grid.setFocus()
    dialog.grid.setCurrentCell(0, 1)
    press(Qt.Key.Key_Delete)
    for letter in text:
        qtbot.keyClicks(keyboard(), letter)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.grid.item(0, 1).text() == text)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_awards_and_the_panels_order_are_recorded_from_the_menu(windows, day, qtbot, dialogs):
    dialogs.expect("SelectDialog")
    home = day.home()
    with home.open(home.choose()) as panel:
        desk.close_stage(home, panel, "presentasi")
    window = windows(day.desk_home)
    open_page(window, "plenary", qtbot)

    choose_from_menu(window, qtbot, 2)
    dialog = QApplication.activeModalWidget()
    before = numbers_of(dialog.entries)
    tab_to("entries")
    press(Qt.Key.Key_Down, ALT)
    tab_to("reason")
    write("Manfaat lebih luas (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    choose_from_menu(window, qtbot, 1)
    dialog = QApplication.activeModalWidget()
    again = numbers_of(dialog.entries)
    tab_to("reason")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    without_reason = QApplication.activeModalWidget() is dialog
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)

    state = []
    window.house.run(lambda _task: window.house.session.context.panel.state, state.append)
    settle(window, qtbot)
    assert before[:2] == ["1", "2"]
    assert without_reason
    assert len(again) == 5
    assert [len(order) for order in state[0].deviations.values()] == [2]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_judges_sheet_is_left_out_from_the_menu_and_taken_back_in(windows, day, qtbot, dialogs):
    for name in ("WhichSheetDialog", "ResolveDialog"):
        dialogs.expect(name)
    window = windows(day.desk_home)
    page = open_page(window, "plenary", qtbot)

    def choose_the_last_sheet_of_the_second_judge():
        choose_from_menu(window, qtbot, 3)
        tab_to("judge")
        press(Qt.Key.Key_Down)
        tab_to("sheet")
        press(Qt.Key.Key_End)
        dialog = QApplication.activeModalWidget()
        chosen = dialog.sheet.currentText()
        assert unnamed_controls(dialog) == []
        press(Qt.Key.Key_Return)
        settle(window, qtbot)
        return chosen

    counted = choose_the_last_sheet_of_the_second_judge()
    press(Qt.Key.Key_Return)
    without_reason = QApplication.activeModalWidget().problem_label.text()
    words = QApplication.activeModalWidget().what_label.text()
    tab_to("reason")
    write("Nilai tertukar (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    newest = page.resolved_card.layout().itemAtPosition(0, 1).widget().text()
    left_out = choose_the_last_sheet_of_the_second_judge()
    tab_to("reason")
    write("Ternyata benar (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    state = []
    window.house.run(lambda _task: window.house.session.context.panel.state, state.append)
    settle(window, qtbot)
    assert without_reason == said("A reason is needed; it will stand in the minutes.")
    assert "Juri 2" in words
    assert counted.startswith("5 · ")
    assert left_out == said("{sheet} (left out)", sheet=counted)
    assert "Nilai tertukar (contoh)" in newest
    assert list(state[0].acceptances.values()) == [True]


def test_a_stage_is_reopened_with_its_reason_and_votes(windows, day, qtbot, dialogs):
    dialogs.expect("ResolveDialog")
    home = day.home()
    with home.open(home.choose()) as panel:
        desk.close_stage(home, panel, "presentasi")
    window = windows(day.desk_home)
    page = open_page(window, "plenary", qtbot)

    press_button(said("Reopen…"))
    settle(window, qtbot)
    tab_to("reason")
    write("Juri 4 belum selesai (contoh)")
    tab_to("voted")
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Return)
    nobody_voted = QApplication.activeModalWidget().problem_label.text()
    tab_to("votes_for")
    write("4")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    newest = page.resolved_card.layout().itemAtPosition(0, 1).widget().text()
    assert nobody_voted == said("Type how many voted, or take the tick away.")
    assert "Juri 4 belum selesai (contoh)" in newest
    assert "4 setuju" in newest
    assert page._view.stages[0].closed_at == ""


def test_a_dissent_and_a_signature_by_hand_stand_beside_each_other(  # noqa: PLR0917 - fixtures
    windows, day, monkeypatch, qtbot, dialogs, tmp_path
):
    for name in ("ResolveDialog", "HandSignatureDialog"):
        dialogs.expect(name)
    day.publish(tmp_path / "draf")
    member = windows(panel_day.home_of(day, "Juri 3"), "member")
    open_page(member, "approval", qtbot)
    choose(monkeypatch, tmp_path / "draf" / "hasil.kipp")
    press(Qt.Key.Key_O, CONTROL)
    settle(member, qtbot)
    press_button(said("&Do not agree…"))
    settle(member, qtbot)
    tab_to("reason")
    write("Nilai 5 belum dibahas (contoh)")
    press(Qt.Key.Key_Return)
    settle(member, qtbot)
    said_here = member.page.word_label.text()
    save_as(monkeypatch, tmp_path / "keberatan.kipp")
    press_button(said("To “&Hand in”"))
    settle(member, qtbot)
    press_button(said("&Write to the stick…"))
    settle(member, qtbot)
    windows.close()

    day.files["keberatan"] = tmp_path / "keberatan.kipp"
    day.merge(["keberatan"], admit=False)
    window = windows(day.desk_home)
    results = open_page(window, "results", qtbot)
    tab_to("hand_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    dialog = QApplication.activeModalWidget()
    first = dialog.person.currentText()
    press_button(said("Record"))
    settle(window, qtbot)

    assert "Nilai 5 belum dibahas (contoh)" in said_here
    assert first == "Pengamat 1"  # whose word is asked for
    assert "Nilai 5 belum dibahas (contoh)" in results.approvals_label.text()
    assert results.chip.text() == said("Draft")
    assert results.state_label.text() == said(
        "Every approval is here. Publish once more: then it is final."
    )


def test_a_changed_result_cannot_be_approved(windows, day, monkeypatch, qtbot, tmp_path):
    day.publish(tmp_path / "draf")
    data = bytearray((tmp_path / "draf" / "hasil.kipp").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "rusak.kipp").write_bytes(data)
    member = windows(panel_day.home_of(day, "Pengamat 1"), "member")
    choose(monkeypatch, tmp_path / "rusak.kipp")

    press(Qt.Key.Key_O, CONTROL)
    settle(member, qtbot)

    page = member.page
    assert page.verdict_label.text() == said("This result does not hold.")
    assert not page.word_card.isVisible()
    assert unnamed_controls(page) == []
    assert clipped_texts(page) == []
