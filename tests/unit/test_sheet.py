from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.sheet import (
    complete,
    empty_marks,
    leaf_index,
    pack,
    total,
    unpack,
    with_mark,
)
from kipp_desktop.errors import KippError

RUBRIC = read_rubric(
    {
        "id": "r",
        "name": "R",
        "total": "sum",
        "scale": {"min": "1", "max": "4", "step": "0.75"},
        "criterion": [
            {"id": "a", "name": "A", "weight": "0.3"},
            {"id": "p", "name": "P", "marked_by": "panel"},
            {"id": "b", "name": "B", "weight": "2", "scale": {"min": "0", "max": "65534"}},
        ],
    }
)
A = ["1", "1.75", "2.5", "3.25", "4"]


@given(st.sampled_from(A), st.integers(0, 65534))
def test_marks_come_back_from_their_packed_form(first, second):
    marks = {"a": first, "b": str(second)}

    packed = pack(RUBRIC, marks)

    assert len(packed) == 4
    assert unpack(RUBRIC, packed) == marks
    assert complete(packed)
    exact = Fraction(3, 10) * Fraction(first) + 2 * second
    assert Fraction(total(RUBRIC, packed), RUBRIC.judged.denominator) == exact


@pytest.mark.parametrize(
    "marks",
    [
        {},
        {"a": "1"},
        {"a": "1", "b": "2", "p": "1"},
        {"a": "1", "p": "2"},
        {"a": "1", "x": "2"},
        {"a": "0", "b": "1"},
        {"a": "4.75", "b": "1"},
        {"a": "2", "b": "1"},
        {"a": "1", "b": "65535"},
        {"a": "1", "b": "-1"},
        {"a": "01", "b": "1"},
        {"a": "1.0", "b": "1"},
        {"a": "٧", "b": "1"},
        {"a": "1e0", "b": "1"},
    ],
)
def test_marks_that_are_not_all_there_and_on_the_scale_are_not_packed(marks):
    assert pack(RUBRIC, marks) is None


def test_a_sheet_is_filled_mark_by_mark_and_a_mark_can_be_taken_back():
    packed = empty_marks(RUBRIC)
    assert unpack(RUBRIC, packed) == {}
    assert not complete(packed)

    packed = with_mark(RUBRIC, packed, "b", Fraction(0))
    assert unpack(RUBRIC, packed) == {"b": "0"}
    packed = with_mark(RUBRIC, packed, "a", Fraction(5, 2))
    assert complete(packed)

    assert unpack(RUBRIC, with_mark(RUBRIC, packed, "b", None)) == {"a": "2.5"}


@pytest.mark.parametrize("mark", [Fraction(0), Fraction(2), Fraction(19, 4), Fraction(-1)])
def test_a_mark_off_the_scale_is_told(mark):
    with pytest.raises(KippError) as caught:
        leaf_index(RUBRIC.judged.leaves[0], mark)

    assert caught.value.code == "off-scale"
    assert str(caught.value)


@pytest.mark.parametrize("criterion", ["p", "x", ""])
def test_only_what_judges_mark_can_be_marked(criterion):
    with pytest.raises(KippError) as caught:
        with_mark(RUBRIC, empty_marks(RUBRIC), criterion, Fraction(1))

    assert caught.value.code == "no-criterion"
