from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.exchange.spreadsheet import Sheet, Workbook, read_workbook
from kipp_desktop.exchange.tables import (
    FIELDS,
    choose_sheet,
    column_name,
    find_header,
    number_key,
    parse_cell_decimal,
    table_rows,
)

# The first rows of a real list of entries.
REAL = """\
no,judul_inovasi,instansi,unit_kerja,daerah,kategori,kelompok,tahun,capaian,source
1,Peta Baper (Peta Berbasis Partisipatif),Pemerintah Kabupaten Luwu Utara,Bappeda,\
"Kabupaten Luwu Utara, Sulawesi Selatan",,,2021,Top 30 KIPP Sulsel 2021,Top 30 KIPP JIPP Sulsel
2,Rompi KPK (Kelas Pencegahan Korupsi),Pemerintah Kabupaten Luwu Utara,Dinas Pendidikan,\
"Kabupaten Luwu Utara, Sulawesi Selatan",,,2021,Top 30 KIPP Sulsel 2021,Top 30 KIPP JIPP Sulsel
"""
CRITERIA = [("kebaruan", "Kebaruan"), ("efektif", "Efektivitas"), ("transfer", "Dapat ditiru")]


def _sheet(*rows: list[str], first_row: int = 1) -> Sheet:
    return Sheet("Daftar", list(rows), first_row)


def _fields(header) -> dict[str, str | None]:
    return {column.header: column.field for column in header.columns}


def test_a_real_list_of_entries_is_understood(tmp_path):
    path = tmp_path / "entries.csv"
    path.write_text(REAL, encoding="utf-8")
    (sheet,) = read_workbook(path).sheets

    header = find_header(sheet, "entries")
    first, second = table_rows(sheet, header)

    assert first.values == {
        "number": "1",
        "title": "Peta Baper (Peta Berbasis Partisipatif)",
        "organisation": "Pemerintah Kabupaten Luwu Utara",
        "unit": "Bappeda",
        "category": "",
        "group": "",
    }
    assert first.extra == (
        ("daerah", "Kabupaten Luwu Utara, Sulawesi Selatan"),
        ("tahun", "2021"),
        ("capaian", "Top 30 KIPP Sulsel 2021"),
        ("source", "Top 30 KIPP JIPP Sulsel"),
    )
    assert (first.row, second.row) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        ("entries", "NO.", "number"),
        ("entries", "Nomor Urut", "number"),
        ("entries", "  nama   inovasi ", "title"),
        ("entries", "Judul\nInovasi", "title"),
        ("entries", "Perangkat Daerah", "organisation"),
        ("entries", "OPD", "organisation"),
        ("entries", "Instansi / Perangkat Daerah", "organisation"),
        ("entries", "Unit_Kerja", "unit"),
        ("entries", "Kelompok*", "group"),
        ("entries", "Kategori (pilih satu)", "category"),
        ("entries", "Deskripsi Singkat", "summary"),
        ("entries", "Narahubung", "contact"),
        ("entries", "No. HP/WA", "phone"),
        ("people", "Nama Lengkap", "name"),
        ("people", "Peran", "roles"),
        ("people", "NIP.", "nip"),
        ("people", "Jabatan", "position"),
        ("people", "Lembaga", "institution"),
        ("people", "Benturan Kepentingan", "conflicts"),
        ("organisations", "Perangkat Daerah", "name"),
        ("organisations", "Jenis", "type"),
        ("organisations", "Induk", "parent"),
        ("organisations", "WAJIB", "must_enter"),
        ("organisations", "Singkatan", "short_name"),
        ("scores", "Catatan", "comment"),
    ],
)
def test_a_heading_is_known_by_its_everyday_names(kind, heading, field):
    main = {"entries": "Judul", "people": "Nama", "organisations": "Nama", "scores": "Nomor"}
    cells = [heading] if field in {"title", "name"} else [heading, main[kind]]

    header = find_header(_sheet(cells), kind, header_row=1)

    assert _fields(header)[" ".join(heading.split())] == field


@pytest.mark.parametrize("kind", list(FIELDS))
def test_no_heading_means_two_fields_of_one_table(kind):
    names = [name for field in FIELDS[kind] for name in field.names]

    assert len(names) == len(set(names))
    assert "" not in names


def test_the_header_stands_below_titles_and_rows_keep_their_numbers():
    sheet = _sheet(
        ["DAFTAR INOVASI"],
        ["Judul: daftar peserta tahun 2021"],
        [],
        ["No", "Judul", "Instansi"],
        ["1", "Satu", "Dinas A"],
        ["", "", ""],
        ["2", "Dua", "Dinas B", "di luar tabel"],
        first_row=3,
    )

    header = find_header(sheet, "entries")
    rows = list(table_rows(sheet, header))

    assert header.row == 6
    assert [(row.row, row.values["title"]) for row in rows] == [(7, "Satu"), (9, "Dua")]


def test_a_header_below_row_thirty_is_not_looked_for():
    lines = [["teks"]] * 29

    at_thirty = find_header(_sheet(*lines, ["No", "Judul"]), "entries")

    assert at_thirty.row == 30
    with pytest.raises(KippError) as caught:
        find_header(_sheet(*lines, ["teks"], ["No", "Judul"]), "entries")
    assert caught.value.code == "no-header"
    assert "nomor, judul, instansi, unit, kelompok" in str(caught.value.next)


def test_of_a_heading_over_two_rows_the_fuller_one_is_the_header(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Penilaian"])
    sheet.append(["No", "Judul Inovasi", "Kriteria"])
    sheet.append([None, None, "Kebaruan (1-10)", "Efektivitas", "transfer"])
    sheet.append([1, "Satu", 7.5, 8, 9])
    for area in ("A1:E1", "A2:A3", "B2:B3", "C2:E2"):
        sheet.merge_cells(area)
    workbook.save(tmp_path / "nilai.xlsx")
    (read,) = read_workbook(tmp_path / "nilai.xlsx").sheets

    header = find_header(read, "scores", criteria=CRITERIA)
    (row,) = table_rows(read, header)

    assert header.row == 3
    assert row.values == {
        "number": "1",
        "title": "Satu",
        "criterion:kebaruan": "7.5",
        "criterion:efektif": "8",
        "criterion:transfer": "9",
    }


def test_criteria_are_known_by_id_or_name_and_by_id_alone_where_names_repeat():
    criteria = [("dampak-a", "Dampak"), ("dampak-b", "Dampak"), ("baru", "Kebaruan")]

    header = find_header(
        _sheet(["Nomor", "Dampak", "DAMPAK B", "kebaruan"]), "scores", criteria=criteria
    )

    assert _fields(header) == {
        "Nomor": "number",
        "Dampak": None,
        "DAMPAK B": "criterion:dampak-b",
        "kebaruan": "criterion:baru",
    }


def test_of_two_headings_for_one_field_the_left_one_has_it():
    header = find_header(_sheet(["No", "Judul", "Instansi", "OPD"]), "entries")

    assert _fields(header)["Instansi"] == "organisation"
    assert _fields(header)["OPD"] is None


def test_a_mapping_wins_over_the_known_names():
    sheet = _sheet(["No", "Judul", "Nama Produk (resmi)"], ["1", "Kepala", "Satu"])

    header = find_header(sheet, "entries", mapping=[("nama produk", "judul")])
    (row,) = table_rows(sheet, header)

    assert row.values == {"number": "1", "title": "Satu"}
    assert row.extra == (("Judul", "Kepala"),)


def test_a_mapping_may_name_a_criterion():
    header = find_header(
        _sheet(["No", "K1", "K2"]),
        "scores",
        mapping=[("K1", "criterion:efektif"), ("K2", "Kebaruan")],
        criteria=CRITERIA,
    )

    assert _fields(header) == {
        "No": "number",
        "K1": "criterion:efektif",
        "K2": "criterion:kebaruan",
    }


def test_a_mapping_that_cannot_be_meant_is_wrong_usage():
    sheet = _sheet(["No", "Judul", "A"])

    with pytest.raises(UsageError, match="warna"):
        find_header(sheet, "entries", mapping=[("A", "warna")])
    with pytest.raises(UsageError, match="title"):
        find_header(sheet, "entries", mapping=[("A", "judul"), ("Judul", "title")])
    with pytest.raises(KippError) as caught:
        find_header(sheet, "entries", mapping=[("B", "kelompok")])
    assert caught.value.code == "heading-missing"
    assert "No, Judul, A" in str(caught.value.next)


def test_a_header_row_can_be_told():
    sheet = _sheet(["No", "Judul"], ["Judul", "x"], ["Satu", "y"], first_row=5)

    header = find_header(sheet, "entries", header_row=6)

    assert [row.values for row in table_rows(sheet, header)] == [{"title": "Satu"}]
    with pytest.raises(KippError) as caught:
        find_header(sheet, "entries", header_row=2)
    assert caught.value.code == "column-missing"


def test_a_header_without_its_main_column_is_refused_with_what_it_has():
    with pytest.raises(KippError) as caught:
        find_header(_sheet(["No", "Kelompok", "Nama Program"]), "entries")

    assert caught.value.code == "column-missing"
    assert "judul" in str(caught.value.what)
    assert "No, Kelompok, Nama Program" in str(caught.value.next)


def test_a_sheet_with_instructions_is_passed_over():
    instructions = Sheet("Petunjuk", [["Isi lembar Daftar."], ["judul", "nama inovasi"]], 1)
    entries = Sheet("Daftar", [["No", "Judul"], ["1", "Satu"]], 1)
    workbook = Workbook((instructions, entries))

    assert choose_sheet(workbook, "entries") is entries
    assert choose_sheet(workbook, "entries", " petunjuk ") is instructions
    with pytest.raises(KippError) as caught:
        choose_sheet(workbook, "entries", "Lain")
    assert "Petunjuk, Daftar" in str(caught.value.next)


def test_without_any_header_the_nearest_failure_is_told():
    text = Sheet("Petunjuk", [["teks"]], 1)
    near = Sheet("Daftar", [["No", "Kelompok"]], 1)

    with pytest.raises(KippError) as nearly:
        choose_sheet(Workbook((text, near)), "entries")
    with pytest.raises(KippError) as nothing:
        choose_sheet(Workbook((text, text)), "entries")
    with pytest.raises(UsageError):
        choose_sheet(Workbook((text,)), "entries", mapping=[("A", "warna")])

    assert nearly.value.code == "column-missing"
    assert nothing.value.code == "no-header"
    assert "Petunjuk, Petunjuk" in str(nothing.value.what)


def test_a_row_that_only_numbers_the_columns_is_no_entry():
    sheet = _sheet(
        ["No", "Judul", "Instansi"], ["(1)", "(2)", "(3)"], ["1", "2", "3"], ["2", "Dua", "B"]
    )

    rows = list(table_rows(sheet, find_header(sheet, "entries")))

    assert [row.row for row in rows] == [3, 4]


def test_marks_that_count_upwards_are_marks():
    sheet = _sheet(["No", "kebaruan", "efektif"], ["1", "2", "3"])

    (row,) = table_rows(sheet, find_header(sheet, "scores", criteria=CRITERIA))

    assert row.values["criterion:efektif"] == "3"


def test_short_rows_have_empty_values():
    sheet = _sheet(["No", "Judul", "Instansi"], ["1", "Satu"])

    (row,) = table_rows(sheet, find_header(sheet, "entries"))

    assert row.values == {"number": "1", "title": "Satu", "organisation": ""}


def test_a_field_has_its_usual_heading():
    assert column_name("people", "conflicts") == "benturan"
    assert column_name("scores", "criterion:kebaruan") == "kebaruan"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", Fraction(7)),
        (" 7,5 ", Fraction(15, 2)),
        ("7.5", Fraction(15, 2)),
        ("007", Fraction(7)),
        ("-1", Fraction(-1)),
        ("0.10", Fraction(1, 10)),
    ],
)
def test_a_decimal_has_a_point_or_a_comma(text, number):
    assert parse_cell_decimal(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "٧", "７", "1e1", "7,5,0", "1.000,5", "1 000", "7,", ",5", "+7", "7%", "1/2"),
        *("nan", "inf", "0x7", "1_0", "--1", "7\n8", "9" * 5_000),
    ],
)
def test_anything_else_is_no_decimal(text):
    assert parse_cell_decimal(text) is None


@given(st.text())
def test_every_text_is_a_decimal_or_none(text):
    number = parse_cell_decimal(text)

    assert number is None or number == Fraction(text.strip().replace(",", "."))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("07", "7", True),
        ("A1", "a1", True),
        ("00", "0", True),
        (" 7 ", "7", True),
        ("70", "7", False),
        ("A01", "A1", False),
        ("0", "", False),
    ],
)
def test_numbers_are_equal_without_case_and_leading_zeros(one, other, same):
    assert (number_key(one) == number_key(other)) is same
