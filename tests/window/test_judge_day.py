"""A whole day of one judge by keyboard: 46 innovations, a slip, second thoughts, one conflict."""

from __future__ import annotations

import zipfile
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.domain.records import parse
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import inbox
from tests.window import hard, panels
from tests.window.test_scoring import CTRL, choose_in_menu, press, stored

ENTRIES = 46
MOVED_FROM, MOVED_TO, CONFLICT = "12", "13", "30"
LATER = ("7", "21", "40")


def given(number):
    """Return the five marks that the judge means for an innovation."""
    return [1 + (number * step) % 10 for step in (1, 3, 7, 9, 11)]


def key(qtbot, code, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), code, modifiers)


def mark(qtbot, marks):
    """Type marks one below the other, as fast as they come."""
    for value in marks:
        key(qtbot, Qt.Key.Key_0 + value % 10)
        key(qtbot, Qt.Key.Key_Down)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = panels.publish_desk(tmp_path_factory.mktemp("hari"), entries=ENTRIES)
    panels.join_as(made, "Juri 1")
    return made


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_judge_does_46_innovations_by_keyboard(app, desk, qtbot, dialogs, monkeypatch):
    window = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(window, qtbot)
    for name in ("MoveDialog", "AbstentionDialog", "SigningDialog"):
        dialogs.expect(name)

    # All innovations from the first to the last; the one with the conflict is passed over, and the
    # marks of 13 are typed while 12 is open.
    for number in range(1, ENTRIES + 1):
        assert window.page.head.title.text().startswith(f"{number} ·")
        if str(number) not in {MOVED_TO, CONFLICT}:
            mark(qtbot, given(13 if str(number) == MOVED_FROM else number))
            press(window, qtbot, Qt.Key.Key_Return, CTRL)
        else:
            key(qtbot, Qt.Key.Key_PageDown)
            panels.settle(window, qtbot)
    assert window.page.sheets.done == ENTRIES - 2

    # The slip is seen: 12's marks belong to 13, and 12 gets its own.
    key(qtbot, Qt.Key.Key_F, CTRL)
    panels.type_text(window, qtbot, "Contoh 12")
    key(qtbot, Qt.Key.Key_Down)
    key(qtbot, Qt.Key.Key_Return)
    panels.settle(window, qtbot)
    assert window.page.head.title.text().startswith("12 ·")
    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = panels.modal(qtbot)
    qtbot.keyClicks(QApplication.focusWidget(), MOVED_TO)
    panels.press_ok(window, qtbot, dialog)
    window.page.entries.finder.clear()
    window.page.entries.select(stored(window, qtbot, MOVED_FROM)[0].entry.id)
    panels.settle(window, qtbot)
    window.page._focus_sheet()
    mark(qtbot, given(12))
    panels.settle(window, qtbot)

    # One conflict of interest.
    window.page.entries.select(stored(window, qtbot, CONFLICT)[0].entry.id)
    panels.settle(window, qtbot)
    choose_in_menu(window, qtbot, "abstain_action")
    dialog = panels.modal(qtbot)
    while QApplication.focusWidget() is not dialog.reason:
        key(qtbot, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.reason, "Pernah membina inovasi ini")
    panels.press_ok(window, qtbot, dialog)

    # After lunch three first marks are lifted, then everything is signed at once and handed in.
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    page = window.page
    for number in LATER:
        page.grid.start(at=next(r.entry for r in page.model.rows() if r.number == number))
        panels.type_text(window, qtbot, "10")
        press(window, qtbot, Qt.Key.Key_Return)
    assert str(ENTRIES - 1) in page.sign_button.text()
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, panels.modal(qtbot))
    out = desk.folder / "stik" / "juri-1.kipp"
    monkeypatch.setattr(files, "choose_save", lambda *_arguments: out)
    window.go_to("hand-in")
    panels.settle(window, qtbot)
    window.page.write_button.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    panels.close_window(window, qtbot)

    # Read in the file as it lies on the stick, and at the desk that merges it.
    with zipfile.ZipFile(out) as bundle:
        own = [
            parse(line)
            for name in bundle.namelist()
            if name.endswith(".ndjson")
            for line in bundle.read(name).splitlines()
        ]
    with desk.home.open(desk.listed) as panel:
        outcome = inbox.merge(desk.home, panel, [out]).outcomes[0]
        counted = panel.projection.counted_details("presentasi")
        numbers = {entry.id: entry.number for entry in panel.setup.entries}
        rubric = panel.setup.rubrics[0]
    sheets = {numbers[r.body["entry"]]: r.body["marks"] for r in own if r.kind == "score-sheet"}
    expected = {str(n): given(n) for n in range(1, ENTRIES + 1) if str(n) != CONFLICT}
    for number in LATER:
        expected[number][0] = 10
    order = [leaf.id for leaf in rubric.judged.leaves]
    assert {n: [int(marks[c]) for c in order] for n, marks in sheets.items()} == expected
    abstained = [r.body for r in own if r.kind == "abstention"]
    assert [(numbers[b["entries"][0]], b["why"]) for b in abstained] == [(CONFLICT, "conflict")]
    assert outcome.outcome == "merged"
    assert len(counted) == ENTRIES - 1
    totals = {numbers[row[0]]: Fraction(row[4], rubric.judged.denominator) for row in counted}
    assert totals == {n: Fraction(2 * sum(marks)) for n, marks in expected.items()}


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    made = hard.publish(tmp_path_factory.mktemp("berat"), 4)
    panels.join_as(made, "Juri 1")
    return made


def test_marks_from_0_to_100_by_halves_take_two_digits_and_nothing_off_the_scale(
    app, heavy, qtbot, tmp_path
):
    desk = panels.copy_of(heavy, tmp_path)
    window = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(window, qtbot)
    page = window.page
    names = list(page.criteria.rows)

    def shown(at):
        return page.criteria.rows[names[at]].editor.text()

    typed = ("8", "87", "100", "87,5", "87.5", "105", "87,3", "-5", "0", "99x", "87,", "100,5")
    for at, text in enumerate(typed):
        page.criteria.focus(names[at])
        qtbot.keyClicks(QApplication.focusWidget(), text)
        press(window, qtbot, Qt.Key.Key_Down)

    assert [shown(at) for at in range(12)] == [
        *("8", "87", "100", "87,5", "87,5", "", "", "5", "0", "99", "87", "100"),
    ]
    half = Fraction(175, 2)
    assert stored(window, qtbot, "1")[1] == [
        *(8, 87, 100, half, half, None, None, 5, 0, 99, 87, 100),
    ]
    assert "100" in window.messages.what_label.text()
    panels.close_window(window, qtbot)
