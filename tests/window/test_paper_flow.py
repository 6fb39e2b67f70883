"""The desk types 20 paper sheets twice, by keyboard alone, and finds what is wrong with them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files
from kipp_desktop.services import paper_forms
from tests.window import panels
from tests.window.paper_typing import (
    CRITERIA,
    KEYPAD,
    PAGES,
    answer_total,
    choose_judge,
    enter,
    mark_of,
    save,
    states,
    type_sheet,
)

ENTRIES = 10
WRONG_TOTAL = 6
"""The entry at which Juri 1 added wrongly on paper."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    made = panels.publish_desk(tmp_path_factory.mktemp("flow"), entries=10, judges=2, clerks=1)
    panels.join_as(made, "Petugas 1", at_desk=True)
    return made


@pytest.fixture
def desk(published, tmp_path):
    return panels.copy_of(published, tmp_path)


@pytest.fixture
def window(app, desk, qtbot):
    made = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(made, qtbot)
    yield made
    panels.close_window(made, qtbot)


def made_total(judge, entry):
    return 2 * sum(mark_of(judge, entry, criterion) for criterion in range(CRITERIA))


def written_on(judge, entry):
    """Return the total on the paper of Juri 1; Juri 2 wrote none."""
    if judge == 1:
        return ""
    return "99" if entry == WRONG_TOTAL else str(made_total(judge, entry))


def slip(mark):
    return mark % 10 + 1


def type_with(qtbot, judge, entry, criterion, wrong):
    """Type a sheet with another mark in one cell."""
    for number in range(CRITERIA):
        enter(qtbot, str(wrong if number == criterion else mark_of(judge, entry, number)))
    enter(qtbot, written_on(judge, entry))


def choose_typist(window, qtbot, key):
    window.page.who.typist_choice.setFocus()
    panels.press(window, qtbot, key)
    window.page.grid.setFocus()


def type_rest(window, qtbot, dialogs, judge, entries):
    for entry in entries:
        type_sheet(qtbot, judge, entry, written_on(judge, entry))
        if judge == 0 and entry == WRONG_TOTAL:
            answer_total(window, qtbot, dialogs, written_so=True)


def choose_from(actions, name):
    """Take an entry of a menu; the offscreen platform cannot open one."""
    assert actions[name].isEnabled()
    actions[name].trigger()


def test_20_sheets_with_three_typing_errors_and_a_wrong_total_are_settled(
    window, desk, qtbot, dialogs
):
    page = window.page

    # The first error is off the scale: refused at once, and typed again.
    type_rest(window, qtbot, dialogs, 0, range(2))
    enter(qtbot, "11")
    assert page.problem_label.isVisible()
    type_sheet(qtbot, 0, 2, written_on(0, 2))
    type_rest(window, qtbot, dialogs, 0, [3])
    # The second does not make the total on paper: asked at once, and looked at again.
    right = mark_of(0, 4, 3)
    type_with(qtbot, 0, 4, 3, slip(right))
    answer_total(window, qtbot, dialogs, written_so=False)
    for _ in range(3):
        enter(qtbot)
    enter(qtbot, str(right))
    enter(qtbot)
    enter(qtbot)
    panels.settle(window, qtbot)
    assert page.model.row_of(4).remark is None
    # The judge added wrongly: the total is kept as it is written.
    type_rest(window, qtbot, dialogs, 0, range(5, ENTRIES))
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    # The third is a mark like any other, and there is no total on this paper.
    choose_judge(window, qtbot, 1)
    type_rest(window, qtbot, dialogs, 1, range(8))
    type_with(qtbot, 1, 8, 2, slip(mark_of(1, 8, 2)))
    type_rest(window, qtbot, dialogs, 1, [9])
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)

    choose_typist(window, qtbot, Qt.Key.Key_Down)
    assert all(row.total is None for row in page.model.rows())
    type_rest(window, qtbot, dialogs, 1, range(ENTRIES))
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    assert states(window) == ["twice"] * 8 + ["differs", "twice"]
    page.acts.settle_button.setFocus()
    dialogs.expect("SettleDialog")
    panels.press(window, qtbot, Qt.Key.Key_Space)
    dialog = panels.modal(qtbot)
    assert "Petugas 1" in {label.text() for label in dialog.findChildren(type(dialog.what_label))}
    for digit in str(mark_of(1, 8, 2)):
        qtbot.keyClicks(QApplication.focusWidget(), digit, KEYPAD)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter, KEYPAD)
    assert "Sekretariat" in dialog.who_label.text()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter, KEYPAD)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    panels.settle(window, qtbot)
    assert states(window) == ["twice"] * ENTRIES
    choose_judge(window, qtbot, 0)
    type_rest(window, qtbot, dialogs, 0, range(ENTRIES))
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    assert states(window) == ["twice"] * ENTRIES

    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        counted = panel.projection.counted_details("presentasi")
        denominator = panel.setup.rubrics[0].judged.denominator
        number = {e.id: int(e.number) - 1 for e in panel.setup.entries}
        judge_at = {j: n for n, j in enumerate(panel.setup.judges_of("presentasi"))}
        clerk = desk.home.card(panel.competition, "clerk")
        sheets = [r.body for r in panel.records(clerk.fingerprint, "paper-sheet")]
    assert len(counted) == 20
    assert {row[6] for row in counted} == {"paper-twice"}
    for entry, judge, _, _, total, _, _ in counted:
        assert Fraction(total, denominator) == made_total(judge_at[judge], number[entry])
    written = {
        number[body["entry"]]: body["written_total"]
        for body in sheets
        if judge_at[body["judge"]] == 0
    }
    assert written == {entry: written_on(0, entry) for entry in range(ENTRIES)}
    (correction,) = [body for body in sheets if body["supersedes"] is not None]
    assert (number[correction["entry"]], judge_at[correction["judge"]]) == (8, 1)
    assert correction["reason"]


def test_a_typed_row_moves_to_the_number_it_belongs_to(window, qtbot, dialogs):
    page = window.page
    type_sheet(qtbot, 0, 0)
    panels.settle(window, qtbot)
    page.grid.start(at=page.model.row_of(0).entry)
    dialogs.expect("MoveDialog")

    choose_from(page.acts.row_actions, "move")
    dialog = panels.modal(qtbot)
    qtbot.keyClicks(QApplication.focusWidget(), "4")
    assert dialog.target_label.text() == "Inovasi Contoh 4"
    panels.press_ok(window, qtbot, dialog)

    assert [row.total for row in page.model.rows()[:4]] == [None, None, None, made_total(0, 0)]


def test_a_signed_row_moves_with_a_reason(window, desk, qtbot, dialogs):
    page = window.page
    type_sheet(qtbot, 0, 0)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    page.grid.start(at=page.model.row_of(0).entry)
    dialogs.expect("MoveDialog")

    choose_from(page.acts.row_actions, "move")
    dialog = panels.modal(qtbot)
    qtbot.keyClicks(QApplication.focusWidget(), "2")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "Tertukar")
    panels.press_ok(window, qtbot, dialog)

    assert states(window)[:2] == ["empty", "once"]
    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        clerk = desk.home.card(panel.competition, "clerk")
        reasons = [r.body["reason"] for r in panel.records(clerk.fingerprint, "paper-sheet")]
    assert reasons == [None, "Tertukar", "Tertukar"]


@pytest.mark.parametrize(
    ("name", "file", "start"),
    [
        ("sheets", "lembar-juri-1.pdf", b"%PDF"),
        ("book", "buku-juri-1.pdf", b"%PDF"),
        ("spare", "lembar-cadangan.pdf", b"%PDF"),
        ("workbook", "lembar-juri-1.xlsx", b"PK"),
    ],
)
def test_sheets_are_written_from_the_menu(  # noqa: PLR0917 - what is written
    window, qtbot, monkeypatch, tmp_path, name, file, start
):
    proposed = []

    def choose(_parent, _title, wanted, _filters):
        proposed.append(wanted)
        return tmp_path / "tulis"

    monkeypatch.setattr(files, "choose_save", choose)

    choose_from(window.page.acts.file_actions, name)
    # The first page also loads the typesetter, which takes its time on a busy machine.
    qtbot.waitUntil((tmp_path / "tulis").exists, timeout=60_000)
    panels.settle(window, qtbot)

    assert proposed == [file]
    assert (tmp_path / "tulis").read_bytes().startswith(start)


def test_a_filled_form_is_read_in_the_window(  # noqa: PLR0917 - fixtures
    window, desk, qtbot, dialogs, monkeypatch, tmp_path
):
    import openpyxl

    path = tmp_path / "lembar-juri-1.xlsx"
    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        judge = panel.setup.judges_of("presentasi")[0]
        paper_forms.write_workbook(desk.home, panel, "presentasi", judge, path)
    workbook = openpyxl.load_workbook(path)
    for column in range(4, 9):
        workbook["Nilai"].cell(6, column).value = 7
    workbook.save(path)
    again = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(again, qtbot)
    monkeypatch.setattr(files, "choose_open", lambda *_: [path])
    dialogs.expect("FormPreviewDialog")

    choose_from(again.page.acts.file_actions, "read_form")
    panels.press_ok(again, qtbot, panels.modal(qtbot))

    row = again.page.model.row_of(0)
    assert (row.total, row.key) == (70, "complete")
    panels.close_window(again, qtbot)


def test_a_scan_is_attached_to_the_row_under_the_cursor(window, desk, qtbot, monkeypatch, tmp_path):
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.7\n")
    monkeypatch.setattr(files, "choose_open", lambda *_: [scan])
    entry = window.page.grid.current_entry()

    choose_from(window.page.acts.row_actions, "attach")
    panels.settle(window, qtbot)

    assert window.page.read.book.scans == {entry: 1}
