from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.rubric import Scale
from kipp_desktop.gui import theme, translation
from kipp_desktop.gui.widgets.mark_boxes import MarkBoxes
from kipp_desktop.gui.widgets.mark_editor import mark_editor
from kipp_desktop.gui.widgets.mark_field import MarkField
from kipp_desktop.texts import Text
from tests.window import accessibility
from tests.window.conftest import show_active

TEN = Scale(Fraction(1), Fraction(10), Fraction(1))
FIVE = Scale(Fraction(0), Fraction(5), Fraction(1))
HUNDRED = Scale(Fraction(0), Fraction(100), Fraction(1))
QUARTERS = Scale(Fraction(0), Fraction(10), Fraction(1, 4))


@pytest.fixture
def boxes(app, qtbot):
    made = MarkBoxes(TEN, "Kebaruan")
    qtbot.addWidget(made)
    show_active(made)
    made.boxes[0].setFocus()
    made.heard = []
    made.marked.connect(made.heard.append)
    return made


@pytest.fixture
def field(app, qtbot):
    made = MarkField(HUNDRED, "Efektif")
    qtbot.addWidget(made)
    show_active(made)
    made.setFocus()
    made.heard = []
    made.marked.connect(made.heard.append)
    return made


def press(qtbot, boxes, key):
    qtbot.keyClick(boxes.focusWidget() or boxes.boxes[0], key)


@pytest.mark.parametrize(("key", "mark"), [("7", 7), ("1", 1), ("0", 10)])
def test_a_digit_sets_its_mark_and_0_is_10(boxes, qtbot, key, mark):
    qtbot.keyClicks(boxes.boxes[0], key)

    assert boxes.heard == [Fraction(mark)]
    assert boxes.mark == Fraction(mark)
    assert boxes.boxes[mark - 1].isChecked()
    assert boxes.boxes[mark - 1].hasFocus()


def test_0_is_0_where_the_scale_has_it_and_digits_off_the_scale_do_nothing(app, qtbot):
    boxes = MarkBoxes(FIVE)
    qtbot.addWidget(boxes)
    heard = []
    boxes.marked.connect(heard.append)

    qtbot.keyClicks(boxes.boxes[0], "0")
    qtbot.keyClicks(boxes.boxes[0], "9")

    assert heard == [Fraction(0)]


def test_arrows_look_at_marks_and_space_sets_the_one_looked_at(boxes, qtbot):
    looked = []
    boxes.looked_at.connect(looked.append)

    press(qtbot, boxes, Qt.Key.Key_Right)
    press(qtbot, boxes, Qt.Key.Key_Right)
    press(qtbot, boxes, Qt.Key.Key_Left)
    before = list(boxes.heard)
    press(qtbot, boxes, Qt.Key.Key_Space)

    assert looked == [Fraction(2), Fraction(3), Fraction(2)]
    assert before == []
    assert boxes.heard == [Fraction(2)]


def test_up_and_down_ask_for_the_neighbouring_criterion(boxes, qtbot):
    left = []
    boxes.left.connect(left.append)

    press(qtbot, boxes, Qt.Key.Key_Down)
    press(qtbot, boxes, Qt.Key.Key_Up)

    assert left == [1, -1]


def test_delete_takes_the_mark_away(boxes, qtbot):
    boxes.show_mark(Fraction(4))

    press(qtbot, boxes, Qt.Key.Key_Delete)
    press(qtbot, boxes, Qt.Key.Key_Delete)

    assert boxes.heard == [None]
    assert not any(box.isChecked() for box in boxes.boxes)


def test_a_click_sets_a_mark_and_a_second_click_leaves_it(boxes, qtbot):
    for _ in range(2):
        qtbot.mouseClick(boxes.boxes[4], Qt.MouseButton.LeftButton)

    assert boxes.heard == [Fraction(5), Fraction(5)]
    assert boxes.boxes[4].isChecked()


def test_shown_marks_are_not_said_again(boxes):
    boxes.show_mark(Fraction(8))

    assert boxes.heard == []


def test_control_and_enter_is_left_to_the_page(boxes, qtbot):
    qtbot.keyClick(boxes.boxes[2], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert boxes.heard == []


def test_a_row_of_boxes_is_one_tab_stop_and_each_box_has_a_name(boxes):
    boxes.show_mark(Fraction(8))

    assert accessibility.tab_order(boxes) == [boxes.boxes[7]]
    assert accessibility.unnamed_controls(boxes) == []
    assert accessibility.spoken_name(boxes.boxes[7]) == "Kebaruan: 8"


@pytest.mark.parametrize("percent", [100, 200])
def test_boxes_are_at_least_44_pixels_and_hold_their_number(app, qtbot, percent):
    theme.apply(app, "light", percent)
    boxes = MarkBoxes(TEN)
    qtbot.addWidget(boxes)
    boxes.show()

    for box in boxes.boxes:
        assert min(box.width(), box.height()) >= 44
        assert box.width() == box.height()
        assert box.fontMetrics().horizontalAdvance(box.text()) + 8 <= box.width()


def test_the_filled_box_shows_the_accent(boxes):
    boxes.show_mark(Fraction(3))
    boxes.clearFocus()

    image = boxes.boxes[2].grab().toImage()

    assert image.pixelColor(8, 36).name() == theme.LIGHT.accent


def test_scales_of_many_marks_get_a_field(app, qtbot):
    for scale, kind in ((TEN, MarkBoxes), (FIVE, MarkBoxes), (HUNDRED, MarkField)):
        editor = mark_editor(scale, "Efektif")
        qtbot.addWidget(editor)
        assert type(editor) is kind


def test_two_digits_are_enough_on_a_scale_to_100(field, qtbot):
    qtbot.keyClicks(field, "87")

    assert field.heard == [Fraction(87)]


def test_a_mark_that_could_go_on_is_set_with_enter(field, qtbot):
    qtbot.keyClicks(field, "10")
    before = list(field.heard)
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert before == []
    assert field.heard == [Fraction(10)]


def test_a_mark_that_could_go_on_is_set_when_the_field_is_left(field):
    field.setText("8")

    field.clearFocus()

    assert field.heard == [Fraction(8)]


@pytest.mark.parametrize("typed", ["101", "-1", "x", "1000", "5,5"])
def test_what_is_off_the_scale_is_refused_as_it_is_typed(field, qtbot, typed):
    refused = []
    field.refused.connect(refused.append)

    qtbot.keyClicks(field, typed)

    assert field.text() != typed
    assert refused[0] == Text("From {low} to {high}.", low=Fraction(0), high=Fraction(100))


@pytest.mark.parametrize("typed", ["7,25", "7.25", "7,250", "7.5"])
def test_decimals_are_typed_with_comma_or_point(app, qtbot, typed):
    translation.install(Catalogue.load("id"))
    field = MarkField(QUARTERS, "Efektif")
    qtbot.addWidget(field)
    show_active(field)
    field.setFocus()

    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert field.mark == Fraction(typed.replace(",", ".")[:4])
    assert "," in field.text()


def test_an_emptied_field_takes_the_mark_away(field, qtbot):
    field.show_mark(Fraction(50))
    field.selectAll()

    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert field.heard == [None]


def test_escape_shows_what_was_set(field, qtbot):
    field.show_mark(Fraction(50))
    field.selectAll()

    qtbot.keyClicks(field, "9")
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert field.text() == "50"
    assert field.heard == []


def test_the_field_says_its_scale(field):
    assert field.accessibleDescription() == translation.say(
        Text("From {low} to {high}.", low=Fraction(0), high=Fraction(100)),
    )
    assert accessibility.spoken_name(field) == "Efektif"
