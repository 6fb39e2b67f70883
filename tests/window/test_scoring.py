"""A judge's day by keyboard alone: from the joined home to a file that the desk merges."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.pages.base import PageInfo
from kipp_desktop.services import inbox
from kipp_desktop.texts import Text
from tests.window import accessibility, panels
from tests.window.judge_steps import ALT, CTRL, choose_in_menu, press, stored, type_marks
from tests.window.keyboard import keyboard, modal

JUDGE = frozenset({"judge"})
PAGES = tuple(
    PageInfo(key, Text(title), "list-checks", JUDGE, f"kipp_desktop.gui.pages.{where}")
    for key, title, where in (
        ("scoring", "Scoring", "scoring:ScoringPage"),
        ("review", "Review all", "review:ReviewPage"),
        ("hand-in", "Hand in", "hand_in:HandInPage"),
    )
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A desk with 10 entries, and the home that Juri 1 has joined in; read only."""
    made = panels.publish_desk(tmp_path_factory.mktemp("published"), entries=10)
    panels.join_as(made, "Juri 1")
    return made


@pytest.fixture
def desk(published, tmp_path):
    """The same desk and judge, in folders of this test's own."""
    return panels.copy_of(published, tmp_path)


@pytest.fixture
def window(app, desk, qtbot):
    made = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(made, qtbot)
    yield made
    panels.close_window(made, qtbot)


def test_a_judge_scores_corrects_reviews_signs_and_hands_in(
    window, desk, qtbot, dialogs, monkeypatch
):
    page = window.page
    for number in range(10):
        type_marks(window, qtbot, f"8709{6 + number % 4}"[:4] + str(6 + number % 4))
        press(window, qtbot, Qt.Key.Key_Return, CTRL)
    assert page.entries.progress_label.text().startswith("10 ")

    panels.type_text(window, qtbot, "1")
    press(window, qtbot, Qt.Key.Key_Z, CTRL)
    view, marks = stored(window, qtbot, "10")
    assert marks[:4] == [8, 7, 10, 9]

    press(window, qtbot, Qt.Key.Key_2, CTRL)
    assert window.page.info.key == "review"
    panels.settle(window, qtbot)
    assert "10" in window.page.sign_button.text()
    dialogs.expect("SigningDialog")
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, modal(qtbot))
    assert {row.key for row in window.page.model.rows()} == {"final"}

    out = desk.folder / "stik" / "juri-1.kipp"
    asked = []
    monkeypatch.setattr(
        files, "choose_save", lambda _parent, _title, name, _filters: asked.append(name) or out
    )
    press(window, qtbot, Qt.Key.Key_3, CTRL)
    panels.settle(window, qtbot)
    assert window.page.words_label.text() == desk.words["Juri 1"]
    window.page.write_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    assert asked[0].startswith("juri-1_")
    assert asked[0].endswith(".kipp")

    with desk.home.open(desk.listed) as panel:
        merged = inbox.merge(desk.home, panel, [out])
        counted = panel.projection.counted_details("presentasi")
    assert [item.outcome for item in merged.outcomes] == ["merged"]
    assert len(counted) == 10
    assert Fraction(80) in {Fraction(row[4], 1) / _denominator(desk) for row in counted}
    assert view.state == "complete"


def _denominator(desk):
    with desk.home.open(desk.listed) as panel:
        return panel.setup.rubrics[0].judged.denominator


def test_a_mark_is_on_the_disk_when_the_screen_says_saved(window, qtbot):
    panels.type_text(window, qtbot, "7")

    assert window.page.bar.saved_label.text().startswith("Tersimpan ")
    _, marks = stored(window, qtbot, "1")
    assert marks == [Fraction(7), None, None, None, None]


class _LaidOut(QObject):
    """Counts how often a widget lays out what is in it."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_another_mark_lays_out_neither_the_criteria_nor_the_page(window, qtbot):
    page = window.page
    panels.type_text(window, qtbot, "7")
    laid_out = [_LaidOut(widget) for widget in (page.criteria, page.right_pane, page)]

    meant = page.criteria.rows["kebaruan"].level_label.text()

    panels.type_text(window, qtbot, "5")

    assert page.criteria.rows["kebaruan"].level_label.text() != meant
    assert stored(window, qtbot, "1")[1][0] == 5
    assert [one.count for one in laid_out] == [0, 0, 0]


def test_ctrl_enter_goes_to_the_first_gap_and_from_a_complete_sheet_to_the_next(window, qtbot):
    panels.type_text(window, qtbot, "7")
    press(window, qtbot, Qt.Key.Key_Return, CTRL)

    assert window.page.criteria.rows["efektif"].editor.isAncestorOf(QApplication.focusWidget())

    for mark in "6789":
        panels.type_text(window, qtbot, mark)
        press(window, qtbot, Qt.Key.Key_Return, CTRL)

    assert window.page.head.title.text().startswith("2 ·")


def test_undo_goes_back_several_steps_over_two_sheets(window, qtbot):
    panels.type_text(window, qtbot, "7")
    panels.type_text(window, qtbot, "8")
    press(window, qtbot, Qt.Key.Key_Down, ALT)
    panels.type_text(window, qtbot, "9")

    for _ in range(2):
        press(window, qtbot, Qt.Key.Key_Z, CTRL)

    assert window.page.head.title.text().startswith("1 ·")
    assert stored(window, qtbot, "1")[1][0] == 7
    assert stored(window, qtbot, "2")[1][0] is None
    press(window, qtbot, Qt.Key.Key_Z, CTRL)
    assert stored(window, qtbot, "1")[1][0] is None
    assert not window.page.bar.undo_button.isEnabled()


def test_a_mark_that_cannot_be_stored_is_taken_back_where_it_was_set(window, desk, qtbot):
    panels.type_text(window, qtbot, "7")
    workplace = window.house.session.context
    window.house.run(lambda _task: workplace.panel._database.execute_sql("PRAGMA query_only = ON"))
    panels.settle(window, qtbot)

    panels.type_text(window, qtbot, "9")

    assert window.page.criteria.rows["kebaruan"].mark == 7
    assert window.messages.isVisible()
    assert "Tersimpan" not in window.page.bar.saved_label.text()


def test_notes_are_stored_while_typing_and_private_ones_are_never_signed(window, qtbot):
    page = window.page
    page.criteria.rows["kebaruan"].note_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    panels.type_text(window, qtbot, "Bagus")
    page.notes.private_note.setFocus()
    panels.type_text(window, qtbot, "rahasia")

    view, _ = stored(window, qtbot, "1")

    assert view.notes.comments == (("kebaruan", "Bagus"),)
    assert view.notes.private == "rahasia"
    assert page.criteria.rows["kebaruan"].note_button.used


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_abstaining_is_signed_with_its_reason(window, qtbot, dialogs):
    dialogs.expect("AbstentionDialog")
    choose_in_menu(window, qtbot, "abstain_action")
    dialog = modal(qtbot)
    while QApplication.focusWidget() is not dialog.reason:
        qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.reason, "Saudara ketua tim")
    panels.press_ok(window, qtbot, dialog)

    view, _ = stored(window, qtbot, "1")

    assert view.abstained
    assert not window.page.criteria.rows["kebaruan"].editor.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_abstention_by_mistake_is_taken_back_with_a_reason(window, qtbot, dialogs):
    dialogs.expect("AbstentionDialog")
    dialogs.expect("SigningDialog")
    choose_in_menu(window, qtbot, "abstain_action")
    dialog = modal(qtbot)
    while QApplication.focusWidget() is not dialog.reason:
        qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.reason, "Salah baris")
    panels.press_ok(window, qtbot, dialog)

    choose_in_menu(window, qtbot, "withdraw_action")
    dialog = modal(qtbot)
    qtbot.keyClicks(dialog.reason, "Yang dimaksud nomor 2")
    panels.press_ok(window, qtbot, dialog)

    view, _ = stored(window, qtbot, "1")
    assert not view.abstained
    assert window.page.criteria.rows["kebaruan"].editor.isEnabled()


def test_signed_sheets_are_corrected_only_with_a_reason(window, qtbot, dialogs):
    type_marks(window, qtbot, "87096")
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    dialogs.expect("SigningDialog")
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, modal(qtbot))
    press(window, qtbot, Qt.Key.Key_1, CTRL)
    panels.settle(window, qtbot)
    page = window.page
    assert not page.criteria.rows["kebaruan"].editor.isEnabled()

    page.head.correct_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    panels.type_text(window, qtbot, "9")
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    dialog = modal(qtbot)
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    qtbot.keyClicks(keyboard(), "Salah baca")
    panels.press_ok(window, qtbot, dialog)

    view, marks = stored(window, qtbot, "1")
    assert view.state == "final"
    assert marks[0] == 9
    press(window, qtbot, Qt.Key.Key_1, CTRL)
    panels.settle(window, qtbot)
    assert not window.page.criteria.rows["kebaruan"].editor.isEnabled()
    assert window.page.head.correct_button.isVisible()


def test_a_sheet_opened_for_correction_in_one_stage_is_locked_in_another(window):
    sheets = window.page.sheets
    signed = replace(sheets.views()[0], state="final")
    book = replace(sheets.book, views=(signed,))
    sheets.take(book)
    sheets.open(signed.entry.id)

    opened = sheets.may_edit(signed)
    sheets.take(replace(book, marker=replace(book.marker, stage="lapangan")))

    assert opened
    assert not sheets.may_edit(signed)


def test_review_refuses_a_mark_off_the_scale_and_shows_the_incomplete_first(window, qtbot):
    type_marks(window, qtbot, "87096")
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    page = window.page
    assert page.model.row_of(0).number == "2"
    assert page.model.row_of(9).number == "1"

    panels.type_text(window, qtbot, "11")
    assert page.problem_label.isVisible()
    assert "11" in page.problem_label.text()
    press(window, qtbot, Qt.Key.Key_Return)
    assert stored(window, qtbot, "2")[1][0] is None

    panels.type_text(window, qtbot, "8")
    press(window, qtbot, Qt.Key.Key_Return)
    assert stored(window, qtbot, "2")[1][0] == 8
    assert page.grid.currentIndex().column() == 3


def test_drafts_are_copied_as_a_table_that_the_import_reads(window, desk, qtbot, monkeypatch):
    type_marks(window, qtbot, "87")
    out = desk.folder / "draf.csv"
    monkeypatch.setattr(files, "choose_save", lambda *_arguments: out)
    press(window, qtbot, Qt.Key.Key_3, CTRL)
    panels.settle(window, qtbot)

    window.page.drafts_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)

    lines = out.read_text("utf-8-sig").splitlines()
    assert lines == [
        "nomor;kebaruan;efektif;bermanfaat;transfer;berkelanjutan;catatan",
        "1;8;7;;;;",
    ]


@pytest.mark.parametrize("key", ["scoring", "review", "hand-in"])
def test_every_control_has_a_name_and_a_place_in_the_tab_order(window, qtbot, key):
    window.go_to(key)
    panels.settle(window, qtbot)

    assert accessibility.unnamed_controls(window.page) == []
    assert accessibility.unreachable_controls(window.page) == []
    assert accessibility.clipped_texts(window.page) == []
