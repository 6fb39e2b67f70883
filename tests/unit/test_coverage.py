import pytest

from kipp_desktop.domain.coverage import coverage
from kipp_desktop.domain.organisation_names import office_key, suggest
from kipp_desktop.domain.setup import Entry, Organisation


def test_an_entry_counts_for_its_unit_and_for_all_above():
    organisations = [
        Organisation("o1", "Dinas Kesehatan", "dinas", None, must_enter=True),
        Organisation("o2", "Puskesmas Arjuno", "puskesmas", "o1", must_enter=True),
        Organisation("o3", "Puskesmas Dinoyo", "puskesmas", "o1", must_enter=True),
        Organisation("o4", "Dinas Sosial", "dinas", None, must_enter=True),
        Organisation("o5", "Bagian Hukum", "bagian", None),
    ]
    entries = [
        Entry("e1", "1", "Satu", "o1", "UPT Puskesmas Arjuno"),
        Entry("e2", "2", "Dua", "o1", "Bidang Promosi"),
        Entry("e3", "3", "Tiga", "o4", "Puskesmas Dinoyo"),
        Entry("e4", "4", "Empat", None, ""),
    ]

    found = coverage(organisations, entries)

    assert [(row.name, row.depth, row.own, row.total) for row in found.rows] == [
        ("Dinas Kesehatan", 0, 1, 2),
        ("Puskesmas Arjuno", 1, 1, 1),
        ("Puskesmas Dinoyo", 1, 0, 0),
        ("Dinas Sosial", 0, 1, 1),
        ("Bagian Hukum", 0, 0, 0),
    ]
    assert [row.name for row in found.missing] == ["Puskesmas Dinoyo"]
    assert found.without == ("4",)
    assert sum(kind.entries for kind in found.kinds) == 3
    kinds = {kind.kind: (kind.obliged, kind.entered, kind.missing) for kind in found.kinds}
    assert kinds == {"dinas": (2, 2, 0), "puskesmas": (2, 1, 1), "bagian": (0, 0, 0)}


def test_a_circle_in_the_tree_is_cut_and_nobody_is_lost():
    organisations = [Organisation("a", "A", parent="b"), Organisation("b", "B", parent="a")]

    found = coverage(organisations, [Entry("e", "1", "Satu", "a")])

    assert sorted((row.id, row.own, row.total) for row in found.rows) == [
        ("a", 1, 1),
        ("b", 0, 1),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dinkes", "Dinas Kesehatan"),
        ("DINKES KOTA MALANG", "Dinas Kesehatan"),
        ("Kec. Klojen", "Kecamatan Klojen Kota Malang"),
        ("UPT Puskesmas Arjuno", "PKM Arjuno"),
        ("Diskominfo", "Dinas Komunikasi dan Informatika Kabupaten Kudus"),
        ("SMPN 3", "SMP Negeri 3"),
        ("Setda", "Sekretariat Daerah"),
    ],
)
def test_spellings_of_one_office_meet(one, other):
    assert office_key(one) == office_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SMPN 3", "SMPN 4"),
        ("Desa Kota Baru", "Desa Kota Lama"),
        ("Pemerintah Kota Malang", "Pemerintah Kabupaten Malang"),
        ("Dinas Kesehatan", "Dinas Pendidikan"),
    ],
)
def test_two_offices_stay_two(one, other):
    assert office_key(one) != office_key(other)
    assert suggest(one, {"o": [other]}) is None


def test_a_name_with_two_meanings_is_not_suggested():
    known = {"o1": ["Dinas Kesehatan"], "o2": ["Dinkes"], "o3": ["Dinas Sosial"]}

    assert suggest("Din. Kesehatan", known) is None
    assert suggest("Dinsos", known) == "o3"
    assert suggest("Dinas Sosail", known) == "o3"
