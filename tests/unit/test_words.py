from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.exchange.words import (
    misspelt,
    normalise_words,
    same_words,
    word_list,
    words_of,
)

EMPTY = hashlib.sha256(b"").hexdigest()
KIPP = hashlib.sha256(b"kipp").hexdigest()
FINGERPRINTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.mark.parametrize(
    ("fingerprint", "words"),
    [
        (EMPTY, "tanpa meriah bantal embun salak asisten"),
        (KIPP, "validasi madani kinerja petir jual tulisan"),
        ("0" * 64, "abadi abadi abadi abadi abadi abadi"),
        ("f" * 64, "zoologi zoologi zoologi zoologi zoologi zoologi"),
        ("001" + "0" * 61, "abadi mangkuk abadi abadi abadi abadi"),
    ],
)
def test_the_words_of_a_fingerprint_are_part_of_format_1(fingerprint: str, words: str) -> None:
    assert words_of(fingerprint) == words


def test_the_66th_bit_counts_and_the_67th_does_not() -> None:
    last_bit_of_the_words = "0" * 16 + "4" + "0" * 47
    all_bits_behind_them = "0" * 16 + "3" + "f" * 47

    assert words_of(last_bit_of_the_words).split()[-1] == word_list()[1]
    assert words_of(all_bits_behind_them) == words_of("0" * 64)


@given(FINGERPRINTS)
def test_the_places_of_the_words_are_the_first_66_bits(fingerprint: str) -> None:
    places = [word_list().index(word) for word in words_of(fingerprint).split()]

    bits = "".join(f"{place:011b}" for place in places)
    assert bits == f"{int(fingerprint, 16):0256b}"[:66]


@pytest.mark.parametrize(
    "text", ["", "e3b0", EMPTY.upper(), EMPTY + "0", EMPTY[:-1] + "\n", "٠" * 64]
)
def test_what_is_no_fingerprint_has_no_words(text: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        words_of(text)


@pytest.mark.parametrize(
    "typed",
    [
        "tanpa meriah bantal embun salak asisten",
        "  TANPA  Meriah\tbantal\nembun salak asisten. ",
        "tanpa, meriah, bantal, embun, salak, asisten",
        "tanpa-meriah-bantal-embun-salak-asisten",
        "1. tanpa 2. meriah 3. bantal 4. embun 5. salak 6. asisten",
    ],
)
def test_words_are_the_same_however_they_are_set_out(typed: str) -> None:
    assert same_words(typed, EMPTY)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tanpa meriah bantal embun salak",
        "tanpa meriah bantal embun salak asisten asisten",
        "meriah tanpa bantal embun salak asisten",
        "tanpa meriah bantal embun salak asosiasi",
        "tanpameriah bantal embun salak asisten",
    ],
)
def test_a_word_missing_added_swapped_or_wrong_is_not_the_same(typed: str) -> None:
    assert not same_words(typed, EMPTY)


@given(st.text(), FINGERPRINTS)
def test_any_text_can_be_typed(typed: str, fingerprint: str) -> None:
    normal = normalise_words(typed)

    assert normalise_words(normal) == normal
    assert not same_words(typed, fingerprint) or normal == words_of(fingerprint)
    assert all(wrong not in word_list() for wrong, _ in misspelt(typed))


def test_a_misspelt_word_is_told_with_the_nearest_of_the_list() -> None:
    typed = "Tanpa, mneu bangkitt elegan salka xyzzy"

    assert misspelt(typed) == [
        ("mneu", "menu"),
        ("bangkitt", "bangkit"),
        ("salka", "salak"),
        ("xyzzy", None),
    ]


def test_of_two_words_as_near_the_one_that_begins_alike_is_offered() -> None:
    assert misspelt("abady") == [("abady", "abadi")]


def test_words_of_the_list_are_not_misspelt() -> None:
    assert misspelt(words_of(KIPP)) == []


def test_a_pasted_page_is_answered_at_once() -> None:
    assert misspelt("q" * 1_000_000) == [("q" * 1_000_000, None)]
    assert len(misspelt("tidakada " * 10_000)) == 12
