from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from kipp_desktop.documents.words_id import (
    month_in_words,
    number_in_words,
    weekday_in_words,
    zone_in_words,
)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (9, "sembilan"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (46, "empat puluh enam"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1999, "seribu sembilan ratus sembilan puluh sembilan"),
        (2000, "dua ribu"),
        (2021, "dua ribu dua puluh satu"),
        (3054, "tiga ribu lima puluh empat"),
        (11_000, "sebelas ribu"),
        (100_000, "seratus ribu"),
        (
            999_999,
            "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
        ),
    ],
)
def test_a_number_is_said_as_indonesians_say_it(number, words):
    assert number_in_words(number) == words


def test_no_two_numbers_have_the_same_words():
    words = {number_in_words(number) for number in range(20_000)}

    assert len(words) == 20_000


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_out_of_range_is_our_fault(number):
    with pytest.raises(ValueError, match=str(number)):
        number_in_words(number)


def test_weekday_and_month_are_indonesian():
    tuesday = date(2021, 3, 16)
    sunday = date(2023, 8, 20)

    assert (weekday_in_words(tuesday), month_in_words(tuesday)) == ("Selasa", "Maret")
    assert (weekday_in_words(sunday), month_in_words(sunday)) == ("Minggu", "Agustus")


@pytest.mark.parametrize(
    ("hours", "name"), [(7, "WIB"), (8, "WITA"), (9, "WIT"), (0, ""), (10, "")]
)
def test_the_zone_has_its_indonesian_name(hours, name):
    moment = datetime(2021, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=hours)))

    assert zone_in_words(moment) == name


def test_a_time_without_a_zone_names_none():
    assert zone_in_words(datetime(2021, 3, 16, 8, 30)) == ""  # noqa: DTZ001
