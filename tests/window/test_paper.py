"""The paper desk by keyboard alone: typing, an error off the scale, a wrong total, initials."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui import theme
from kipp_desktop.services.standing import standing
from tests.window import accessibility, panels
from tests.window.keyboard import modal
from tests.window.paper_typing import (
    CRITERIA,
    CTRL,
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


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A desk with a panel of 5 and 10 entries, and a second typist at the desk; read only."""
    made = panels.publish_desk(tmp_path_factory.mktemp("published"), entries=10, judges=5, clerks=1)
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


def test_a_paper_panel_of_5_by_10_is_typed_checked_and_counts(window, desk, qtbot, dialogs):
    page = window.page
    for judge in range(5):
        choose_judge(window, qtbot, judge)
        for entry in range(10):
            wrong = judge == 0 and entry == 3
            type_sheet(qtbot, judge, entry, "99" if wrong else "")
            if wrong:
                answer_total(window, qtbot, dialogs, written_so=True)
        panels.settle(window, qtbot)
        assert page.remarks_label.isVisible() == (judge == 0)
        if judge == 0:
            assert "99" in page.remarks_label.text()
            assert "4" in page.remarks_label.text()
        save(window, qtbot, dialogs)
        assert set(states(window)) == {"once"}
        page.check_button.setFocus()
        panels.press(window, qtbot, Qt.Key.Key_Space)
        panels.press_ok(window, qtbot, modal(qtbot))
        assert set(states(window)) == {"checked"}

    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        counted = panel.projection.counted_details("presentasi")
        denominator = panel.setup.rubrics[0].judged.denominator
        entries = {e.id: int(e.number) - 1 for e in panel.setup.entries}
        judges = {j: n for n, j in enumerate(panel.setup.judges_of("presentasi"))}
        complete = standing(panel).complete
    assert complete
    assert len(counted) == 50
    for entry, judge, _, _, total, _, how in counted:
        marks = [mark_of(judges[judge], entries[entry], criterion) for criterion in range(CRITERIA)]
        assert Fraction(total, denominator) == 2 * sum(marks)
        assert how == "paper-checked"


def test_a_mark_off_the_scale_is_refused_as_it_is_typed_and_nothing_is_stored(window, qtbot):
    page = window.page

    qtbot.keyClicks(QApplication.focusWidget(), "1", KEYPAD)
    qtbot.keyClicks(QApplication.focusWidget(), "1", KEYPAD)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter, KEYPAD)
    panels.settle(window, qtbot)

    assert "11" in page.problem_label.text()
    assert page.problem_label.isVisible()
    assert page.model.row_of(0).marks["kebaruan"] is None

    enter(qtbot, "10")
    panels.settle(window, qtbot)

    assert page.model.row_of(0).marks["kebaruan"] == 10
    assert not page.problem_label.isVisible()
    assert page.grid.currentIndex().column() == 3


def test_the_total_on_paper_is_kept_signed_and_compared(window, desk, qtbot, dialogs):
    type_sheet(qtbot, 0, 0, "55")
    answer_total(window, qtbot, dialogs, written_so=True)
    row = window.page.model.row_of(0)
    assert row.written == 55
    assert row.remark is not None

    save(window, qtbot, dialogs)
    panels.close_competition(window, qtbot)

    with desk.home.open(desk.listed) as panel:
        clerk = desk.home.card(panel.competition, "clerk")
        records = panel.records(clerk.fingerprint, "paper-sheet")
    assert [record.body["written_total"] for record in records] == ["55"]


def test_a_second_typist_types_blind_and_differences_are_shown_cell_by_cell(window, qtbot, dialogs):
    page = window.page
    for entry in range(2):
        type_sheet(qtbot, 0, entry)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)

    page.who.typist_choice.setFocus()
    panels.press(window, qtbot, Qt.Key.Key_Down)
    page.grid.setFocus()
    assert all(row.total is None for row in page.model.rows())
    type_sheet(qtbot, 0, 0)
    for mark in ("1", *(str(mark_of(0, 1, criterion)) for criterion in range(1, CRITERIA))):
        enter(qtbot, mark)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)

    assert states(window)[:2] == ["twice", "differs"]
    assert page.model.row_of(1).differing == {"kebaruan": ("1", str(mark_of(0, 1, 0)))}
    assert page.model.index(1, 2).data() == f"1 ≠ {mark_of(0, 1, 0)}"
    said = f"1 (Petugas 1) ≠ {mark_of(0, 1, 0)} (Sekretariat)"
    assert said in page.remarks_label.text()


def test_only_the_selected_rows_are_initialled_when_the_user_says_so(window, qtbot, dialogs):
    page = window.page
    for entry in range(3):
        type_sheet(qtbot, 0, entry)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    page.grid.start(at=page.model.row_of(1).entry)
    page.check_button.setFocus()

    panels.press(window, qtbot, Qt.Key.Key_Space)
    dialog = modal(qtbot)
    while QApplication.focusWidget() is not dialog.all_choice:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    panels.press_ok(window, qtbot, dialog)

    assert states(window)[:3] == ["once", "checked", "once"]


def test_undo_takes_a_typed_mark_back(window, qtbot):
    enter(qtbot, "7")
    panels.settle(window, qtbot)
    assert window.page.model.row_of(0).marks["kebaruan"] == 7

    panels.press(window, qtbot, Qt.Key.Key_Z, CTRL)

    assert window.page.model.row_of(0).marks["kebaruan"] is None


def test_a_signed_row_is_locked_until_it_is_corrected(window, qtbot, dialogs):
    type_sheet(qtbot, 0, 0)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    page = window.page
    page.grid.start(at=page.model.row_of(0).entry)
    page.grid.setFocus()

    enter(qtbot, "9")
    assert page.problem_label.isVisible()

    page.grid.start(at=page.model.row_of(0).entry)
    page.correct_button.setFocus()
    panels.press(window, qtbot, Qt.Key.Key_Space)
    enter(qtbot, "9")
    panels.settle(window, qtbot)

    assert page.model.row_of(0).marks["kebaruan"] == 9


def test_the_number_stays_and_names_of_criteria_are_whole(window, qtbot):
    grid = window.page.grid
    header = grid.horizontalHeader()

    window.resize(800, 600)
    qtbot.wait(30)
    grid.horizontalScrollBar().setValue(grid.horizontalScrollBar().maximum())

    name = grid.model().headerData(0, Qt.Orientation.Vertical)
    box = QRect(0, 0, header.sectionSize(5) - theme.px(16), 1000)
    metrics = QFontMetrics(theme.font(theme.SMALL))
    words = grid.model().headerData(5, Qt.Orientation.Horizontal)
    needed = metrics.boundingRect(box, Qt.TextFlag.TextWordWrap, words)
    assert grid.verticalHeader().isVisible()
    assert name == grid.model().row_of(0).number
    assert " " in words
    assert needed.width() <= box.width()
    assert needed.height() <= header.height()


def test_every_control_has_a_name_and_a_place_in_the_tab_order(window, qtbot):
    assert accessibility.unnamed_controls(window.page) == []
    assert accessibility.unreachable_controls(window.page) == []
    assert accessibility.clipped_texts(window.page) == []
