from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel

from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.models.grid_rows import in_runs
from kipp_desktop.gui.widgets.criteria_card import CriteriaCard
from kipp_desktop.texts import Text
from tests.window.conftest import show_active

LONG = "Bukti lengkap, terukur dari waktu ke waktu, dan jelas merupakan akibat dari inovasi ini. "
LEAF = {
    "weight": "50",
    "description": 6 * LONG,
    "levels": [{"from": "0", "to": "100", "text": LONG}],
}
TREE = read_rubric(
    {
        "id": "pohon",
        "name": "Pohon",
        "source": "",
        "total": "percent",
        "scale": {"min": "0", "max": "100", "step": "0.5"},
        "criterion": [
            {
                "id": branch,
                "name": branch.title(),
                "weight": "50",
                "criterion": [
                    {"id": f"{branch}-{n}", "name": f"{branch.title()} {n}", **LEAF} for n in (1, 2)
                ],
            }
            for branch in ("gagasan", "hasil")
        ],
    }
)


@pytest.fixture
def card(app, qtbot):
    """The criteria of a tree on a wide sheet, none marked, the first in focus."""
    made = CriteriaCard()
    qtbot.addWidget(made)
    made.set_rubric(TREE)
    made.show_sheet(dict.fromkeys(made.rows), {})
    made.resize(1300, 600)
    show_active(made)
    made.focus("gagasan-1")
    made.heard = []
    made.marked.connect(lambda name, new, _old: made.heard.append((name, new)))
    return made


def test_a_branch_is_named_once_above_its_criteria(card):
    headings = [label for label in card.findChildren(QLabel) if label.property("look") == "group"]

    assert [label.text() for label in headings] == ["Gagasan", "Hasil"]
    assert "Gagasan 2" in card.rows["gagasan-2"].name_label.text()
    assert card.rows["gagasan-2"].accessibleName() == "Gagasan: Gagasan 2"


def test_a_half_typed_mark_is_kept_by_whoever_goes_on(card, qtbot):
    qtbot.keyClicks(card.rows["gagasan-1"].editor, "7")
    assert card.heard == []

    card.finish_typing()

    assert card.heard == [("gagasan-1", 7)]
    assert card.first_gap() == "gagasan-2"


def test_what_a_half_typed_mark_means_is_shown_with_each_digit(card, qtbot):
    row = card.rows["gagasan-1"]
    before = row.level_label.text()

    qtbot.keyClicks(row.editor, "7")

    assert LONG.strip() not in before
    assert LONG.strip() in row.level_label.text()


def test_ctrl_z_in_a_field_is_the_pages(card, qtbot):
    asked = []
    undo = QShortcut(QKeySequence("Ctrl+Z"), card)
    undo.activated.connect(lambda: asked.append(True))

    qtbot.keyClicks(card.rows["gagasan-1"].editor, "7")
    qtbot.keyClick(card.rows["gagasan-1"].editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert asked == [True]


def test_the_row_that_is_worked_in_shows_its_whole_description(card):
    row, other = card.rows["gagasan-1"], card.rows["gagasan-2"]

    assert not row.description_label.shown_lines()[-1].endswith("…")
    assert other.description_label.shown_lines()[-1].endswith("…")


def test_a_descriptor_of_one_long_line_lets_the_sheet_grow_narrow_again(card, qtbot):
    qtbot.keyClicks(card.rows["gagasan-1"].editor, "7")
    QApplication.processEvents()
    wide = card.rows["gagasan-1"].level_label.height()

    card.resize(420, 600)
    QApplication.processEvents()

    assert card.minimumSizeHint().width() <= 420
    assert card.rows["gagasan-1"].level_label.width() <= 420
    assert card.rows["gagasan-1"].level_label.height() > wide


def test_a_dialog_longer_than_the_screen_scrolls_above_its_buttons(app, qtbot, dialogs):
    dialogs.expect("ConfirmDialog")
    theme.apply(app, "light", 200)
    dialog = ConfirmDialog(Text("Sure?"), Text(40 * LONG), Text("Yes"), None)
    qtbot.addWidget(dialog)
    show_active(dialog)
    QApplication.processEvents()

    buttons = QRect(dialog.buttons.mapTo(dialog, QPoint()), dialog.buttons.size())
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.rect().contains(buttons)
    assert dialog.then_label.visibleRegion().boundingRect().height() < dialog.then_label.height()


def test_shift_tab_from_the_buttons_scrolls_to_the_field(app, qtbot, dialogs):
    dialogs.expect("AbstentionDialog")
    theme.apply(app, "light", 200)
    dialog = AbstentionDialog(20 * LONG)
    qtbot.addWidget(dialog)
    show_active(dialog)
    QApplication.processEvents()
    hidden = dialog.reason.visibleRegion().isEmpty()
    dialog.buttons.buttons()[-1].setFocus()

    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)

    assert hidden
    assert dialog.reason.hasFocus()
    assert not dialog.reason.visibleRegion().isEmpty()


def test_a_dialog_is_no_higher_than_its_words(app, qtbot, dialogs):
    dialogs.expect("ConfirmDialog")
    dialog = ConfirmDialog(Text("Sure?"), Text(LONG), Text("Yes"), None)
    qtbot.addWidget(dialog)
    show_active(dialog)
    QApplication.processEvents()

    assert dialog.then_label.visibleRegion().boundingRect() == dialog.then_label.rect()
    assert dialog.then_label.height() <= 3 * dialog.fontMetrics().lineSpacing()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("", ""),
        ("1 2", "1, 2"),
        ("1 2 3 5 7 8 9", "1–3, 5, 7–9"),
        ("03 04 05 A6 7", "03–05, A6, 7"),
    ],
)
def test_three_numbers_in_a_row_are_said_as_a_run(numbers, said):
    assert in_runs(numbers.split()) == said


def test_rows_are_as_low_after_big_letters_as_before(card, app):
    before = card.rows["gagasan-2"].sizeHint().height()

    theme.apply(app, "light", 200)
    QApplication.processEvents()
    theme.apply(app, "light", 100)
    QApplication.processEvents()

    assert card.rows["gagasan-2"].sizeHint().height() == before
