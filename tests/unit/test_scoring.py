from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.scoring import (
    exact,
    mean,
    mean_places,
    median,
    printed,
    round_half_up,
    trimmed_mean,
)

totals = st.lists(st.integers(0, 50), min_size=1, max_size=7)
fractions = st.fractions(min_value=-100, max_value=1000)


@given(totals, st.integers(1, 9))
def test_the_mean_and_the_median_are_those_of_the_textbook(values, unit):
    ordered = sorted(values)
    half = len(ordered) // 2
    middle = ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]

    assert mean(values, unit) == Fraction(sum(values)) / len(values) / unit
    assert median(values, unit) == Fraction(sum(middle), len(middle)) / unit


@given(totals, st.integers(3, 5))
def test_one_highest_and_one_lowest_are_dropped_from_enough_sheets_on(values, trim_from):
    kept = sorted(values)[1:-1] if len(values) >= trim_from else values

    assert trimmed_mean(values, 1, trim_from) == Fraction(sum(kept), len(kept))


@given(fractions, st.integers(0, 6))
def test_half_is_rounded_up_as_the_definition_says(value, digits):
    assert round_half_up(value, digits) == Fraction(
        floor(10**digits * value + Fraction(1, 2)), 10**digits
    )


@given(fractions, st.integers(0, 6))
def test_what_is_printed_is_the_rounded_value_with_all_its_digits(value, digits):
    text = printed(value, digits)

    assert Fraction(text) == round_half_up(value, digits)
    assert len(text.partition(".")[2]) == digits
    assert ("." in text) == (digits > 0)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.005", 2, "0.01"),
        ("0.004999999999999999", 2, "0.00"),
        ("-0.005", 2, "0.00"),
        ("-0.0051", 2, "-0.01"),
        ("88.125", 2, "88.13"),
        ("2.5", 0, "3"),
        ("0.9999", 2, "1.00"),
        ("1/3", 3, "0.333"),
        ("2/3", 2, "0.67"),
    ],
)
def test_examples_of_printing(value, digits, text):
    assert printed(Fraction(value), digits) == text


def test_an_exact_value_is_written_in_lowest_terms():
    assert exact(Fraction(4, 6)) == "2/3"
    assert exact(Fraction(4, 2)) == "2"
    assert exact(Fraction(0, 3)) == "0"


def test_equal_totals_of_a_judge_share_the_mean_of_their_places():
    found = mean_places(
        {"a": {"j1": 9, "j2": 5}, "b": {"j1": 9}, "c": {"j1": 7, "j2": 8}, "d": {"j1": 7, "j2": 1}}
    )

    assert found == {
        "a": (Fraction(3, 2) + 2) / 2,
        "b": Fraction(3, 2),
        "c": (Fraction(7, 2) + 1) / 2,
        "d": (Fraction(7, 2) + 3) / 2,
    }
