import gettext
import io
import logging
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop import assets
from kipp_desktop.catalogue import LANGUAGES, Catalogue
from kipp_desktop.texts import Text

WIB = timezone(timedelta(hours=7))


class Words(gettext.NullTranslations):
    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()
        self.words = words

    def gettext(self, message: str) -> str:
        return self.words.get(message, message)


@pytest.fixture
def indonesian():
    words = {
        "Row {row} has no {what}.": "Baris {row} tidak mempunyai {what}.",
        "title": "judul",
        "agency": "instansi",
    }
    return Catalogue("id", Words(words))


@pytest.fixture
def english():
    return Catalogue("en", Words({}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_of_each_language_can_be_loaded(language):
    catalogue = Catalogue.load(language)

    assert catalogue.language == language
    assert not catalogue.translate("")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_found_as_gettext_itself_finds_it(language):
    data = assets.read_bytes("resources", "i18n", f"{language}.mo")
    every = gettext.GNUTranslations(io.BytesIO(data))._catalog
    catalogue = Catalogue.load(language)

    found = {source: catalogue.translate(source) for source in every}

    assert found == every | {"": ""}
    assert len(found) > 2000


@pytest.mark.parametrize("source", ["\x00", "Zebra", "zzz", "~", "🦓", "Accepted."[:3]])
def test_a_text_that_nobody_translated_is_said_as_it_is(source):
    assert Catalogue.load("id").translate(source) == source


def test_a_text_is_said_with_its_values_translated_too(indonesian):
    text = Text("Row {row} has no {what}.", row=7, what=Text("title"))

    assert indonesian.say(text) == "Baris 7 tidak mempunyai judul."


def test_several_values_are_said_as_a_list(indonesian):
    text = Text("Row {row} has no {what}.", row=7, what=(Text("title"), Text("agency"), "NIP"))

    assert indonesian.say(text) == "Baris 7 tidak mempunyai judul, instansi, dan NIP."


def test_a_text_without_a_translation_is_said_in_english(indonesian):
    assert indonesian.say(Text("Not translated {n}.", n=1)) == "Not translated 1."


def test_doubled_braces_are_said_as_one(english):
    assert english.say(Text("a {{b}} {c}", c="d")) == "a {b} d"


def test_a_missing_value_stays_visible_and_is_logged(english, caplog):
    said = english.say(Text("Row {row} has no title."))

    assert said == "Row {row} has no title."
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()


def test_a_value_with_braces_is_not_read_as_a_pattern(english):
    assert english.say(Text("{a}", a="{b}")) == "{b}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(175, 2), "87,5"),
        (Fraction(87), "87"),
        (Fraction(100), "100"),
        (Fraction(1, 3), "0,333333"),
        (Fraction(2, 3), "0,666667"),
        (Fraction(-5, 2), "-2,5"),
        (Fraction(-1, 10**9), "0"),
        (Fraction(1, 2_000_000), "0,000001"),
        (Decimal("8.10"), "8,1"),
        (Decimal(0), "0"),
        (12345, "12345"),
        (date(2021, 3, 16), "16 Maret 2021"),
        (time(8, 30), "08.30"),
        (datetime(2021, 3, 16, 8, 30, tzinfo=WIB), "16 Maret 2021 pukul 08.30"),
        (Path("a.csv"), "a.csv"),
        ([], ""),
        (["a"], "a"),
        (("a", "b"), "a dan b"),
        (("a", "b", "c"), "a, b, dan c"),
    ],
)
def test_indonesian_writes_each_kind_of_value_its_own_way(indonesian, value, said):
    assert indonesian.value(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(175, 2), "87.5"),
        (date(2021, 3, 16), "16 March 2021"),
        (time(8, 30), "08:30"),
        (datetime(2021, 3, 16, 8, 30, tzinfo=WIB), "16 March 2021 at 08:30"),
        (("a", "b", "c"), "a, b and c"),
    ],
)
def test_english_writes_each_kind_of_value_its_own_way(english, value, said):
    assert english.value(value) == said


@given(st.fractions())
def test_a_fraction_is_shown_within_half_of_the_last_digit(exact):
    said = Catalogue("en", Words({})).value(exact)

    assert abs(Fraction(said) - exact) <= Fraction(1, 2_000_000)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_number_of_six_digits_is_shown_exactly(units, digits):
    exact = Fraction(units, 10**digits)

    assert Fraction(Catalogue("en", Words({})).value(exact)) == exact


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_no_text_makes_the_catalogue_fail(source, values):
    text = Text("")
    object.__setattr__(text, "source", source)
    object.__setattr__(text, "values", values)
    logging.disable(logging.CRITICAL)

    try:
        said = Catalogue("en", Words({})).say(text)
    finally:
        logging.disable(logging.NOTSET)

    assert isinstance(said, str)
