from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.likeness import ONE_LETTER, TWO_LETTERS, alike, why_alike, within

LETTERS = st.text(alphabet="abc", min_size=3, max_size=14)


def distance(one, other):
    """The textbook table of optimal string alignment."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            changed = table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, changed)
            if one[i - 2 : i] == other[j - 2 : j][::-1] and min(i, j) > 1:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Simodis", "Si MODIS", "same"),
        ("GIS for E Control", "GIS for e-Control", "same"),
        ("Kafé Baca", "KAFE BACA!", "same"),
        ("Getar Dilan", "Getar Dilan (Gerakan Tanam Sayur di Lahan Pekarangan)", "expansion"),
        ("Gerakan Tanam Sayur", "Getar Sayur [Gerakan Tanam Sayur]", "expansion"),
        ("SIPENA", "Sipena: Sistem Pelayanan Anak", "expansion"),
        ("Si Dora Eman", "Si Dora Emon", "letters"),
        ("Japri Ka Boss", "Japri Ka Bos (Jaringan Privasi)", "letters"),
        ("Simpel", "Simple", "letters"),
        ("Puskesmas 1 Hebat", "Puskesmas 2 Hebat", None),
        ("Kelas Ibu II", "Kelas Ibu III", None),
        ("SIAP", "SIAGA", None),
        ("Bank Sampah", "Bank Darah", None),
        ("Pasar Sehat - Kelurahan Bunul", "Pasar Sehat - Kelurahan Arjosari", None),
    ],
)
def test_titles_are_alike_for_the_reason_that_a_person_would_give(one, other, reason):
    found = (why_alike(one, other), why_alike(other, one))

    assert found == (reason, reason)


@given(LETTERS, LETTERS, st.integers(0, 2))
def test_within_agrees_with_the_textbook(one, other, edits):
    assert within(one, other, edits) == (distance(one, other) <= edits)


@given(st.lists(LETTERS, unique=True, max_size=30))
def test_no_pair_that_is_a_letter_or_two_apart_is_missed_or_made_up(names):
    found = {(item.first, item.second) for item in alike(names)}

    for (i, one), (j, other) in combinations(enumerate(names), 2):
        shorter = min(len(one), len(other))
        edits = 0 if shorter < ONE_LETTER else 1 if shorter < TWO_LETTERS else 2
        assert ((i, j) in found) == (bool(edits) and distance(one, other) <= edits)


def test_many_that_begin_alike_are_halved_again():
    names = [f"sisteminformasipelayanan{chr(97 + a)}{chr(97 + b)}warga" for a in range(12)
             for b in range(12)]  # fmt: skip

    found = {(names[item.first], names[item.second]) for item in alike(names)}

    assert len(found) == len(names) * (len(names) - 1) // 2


def test_of_many_with_one_name_each_is_paired_with_the_first():
    found = alike(["Sipena"] * 2000)

    assert [(item.first, item.second) for item in found] == [(0, n) for n in range(1, 2000)]
