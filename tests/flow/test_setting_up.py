"""A secretariat's list, as forty agencies filled it in, until the field that competes stands."""

import csv
import datetime as dt
import io
import random
import zipfile

import pytest
import xlsxwriter

from kipp_desktop.assets import read_text
from kipp_desktop.errors import KippError
from kipp_desktop.services import creating, importing
from kipp_desktop.services.attachments import content
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.table_view import look_at_table
from tests.flow.kipp import done, kipp, table

REASON = "alasan tidak dimuat"


@pytest.fixture
def desk(tmp_path):
    home = tmp_path / "rumah"
    done(home, "init", "--name", "K", "--organiser", "S", "--year", "2021", "--no-passphrase")
    return home


def listed(home, kind="entries"):
    return done(home, kind, "list")[kind]


def sample_rows():
    """Real entries, in the form in which a secretariat sends them round."""
    text = read_text("resources", "sample", "entries.csv")
    return [
        [row["no"], row["judul_inovasi"], row["instansi"], row["sumber"]]
        for row in csv.DictReader(io.StringIO(text))
    ]


def as_cp1252(path, rows):
    titles = ["PEMERINTAH KOTA;;;", "DAFTAR INOVASI – KIPP;;;", "Tahun 2021;;;"]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([["No.", "Nama Inovasi", "Perangkat Daerah", "Sumber"], *rows])
    lines = "\r\n".join(titles) + "\r\n" + text.getvalue()
    path.write_bytes(lines.encode("cp1252", "replace"))


def as_xlsx_with_instructions(path, rows):
    with xlsxwriter.Workbook(path) as book:
        guide = book.add_worksheet("Petunjuk")
        guide.write_column(0, 0, ["PETUNJUK PENGISIAN", "Isi lembar Data.", "", "Contoh kolom:"])
        guide.write_row(4, 0, ["No.", "Nama Inovasi", "Perangkat Daerah", "Sumber"])
        data = book.add_worksheet("Data")
        data.merge_range(0, 0, 0, 3, "DAFTAR INOVASI")
        data.merge_range(1, 0, 1, 3, "KOMPETISI INOVASI PELAYANAN PUBLIK")
        data.merge_range(2, 0, 2, 3, "TAHUN 2021")
        for line, row in enumerate([["No.", "Nama Inovasi", "Perangkat Daerah", "Sumber"], *rows]):
            data.write_row(line + 3, 0, row)


@pytest.mark.parametrize(
    ("name", "write"), [("a.csv", as_cp1252), ("a.xlsx", as_xlsx_with_instructions)]
)
def test_the_real_list_loads_as_it_is(desk, tmp_path, name, write):
    rows = sample_rows()
    write(tmp_path / name, rows)

    first = done(desk, "entries", "import", tmp_path / name)
    again = done(desk, "entries", "import", tmp_path / name)

    assert (first["rows"], first["added"], first["problems"]) == (len(rows), len(rows), [])
    assert (again["added"], again["updated"], again["skipped"]) == (0, 0, len(rows))
    assert [item["number"] for item in listed(desk)] == [row[0] for row in rows]


def test_a_corrected_file_says_old_and_new_and_touches_no_other_column(desk, tmp_path):
    head = ("nomor", "judul", "instansi", "kategori", "Tahun")
    done(desk, "entries", "import",
         table(tmp_path / "a.csv", head, [("1", "Sumur", "Dinas PU", "Air", "2019")]))  # fmt: skip

    report = done(
        desk,
        "entries",
        "import",
        table(tmp_path / "b.csv", ("nomor", "judul", "Tahun"), [("1", "Sumur Resapan", "2020")]),
    )

    assert (report["added"], report["updated"]) == (0, 1)
    assert report["updates"] == [
        {
            "row": 2,
            "number": "1",
            "fields": [
                {"field": "judul", "old": "Sumur", "new": "Sumur Resapan"},
                {"field": "Tahun", "old": "2019", "new": "2020"},
            ],
        }
    ]
    assert listed(desk)[0]["organisation"] == "Dinas PU"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_refused_rows_come_back_with_reasons_and_load_once_corrected(desk, tmp_path, ending):
    rows = [
        ("01", "Satu", "Dinas A", "umum", "+62 812"),
        ("02", "", "Dinas B", "salah", "x"),
        ("01", "Tiga", "Dinas C", "", "=1+1"),
    ]
    head = ("No", "Judul", "Instansi", "Kelompok", "Catatan lain")
    rejects = tmp_path / f"tolak.{ending}"

    first = done(desk, "entries", "import", table(tmp_path / "a.csv", head, rows),
                 "--rejects", rejects)  # fmt: skip
    twice = kipp(desk, "entries", "import", rejects, "--rejects", tmp_path / f"lagi.{ending}")
    fixed = importing.read_workbook(rejects).sheets[0].rows
    fixed[1][1], fixed[1][3] = "Dua", "Umum"
    fixed[2][0], fixed[2][4] = "3", "2"
    corrected = tmp_path / "benar.csv"
    with corrected.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(fixed)
    last = done(desk, "entries", "import", corrected)

    assert first["added"] == 1
    assert [(p["row"], p["field"]) for p in first["problems"]] == [
        (3, "judul"), (3, "kelompok"), (4, "nomor"), (4, "Catatan lain")]  # fmt: skip
    assert fixed[0] == [*head, REASON]
    assert fixed[1][5].count("Judul") + fixed[1][5].count("judul") >= 1
    assert twice.json["added"] == 0
    again = importing.read_workbook(tmp_path / f"lagi.{ending}").sheets[0].rows
    assert again[0] == fixed[0]
    assert (last["added"], last["problems"]) == (2, [])
    assert [item["number"] for item in listed(desk)] == ["01", "02", "3"]


def test_columns_are_guessed_confirmed_and_remembered(tmp_path):
    home = Home(Context(home=tmp_path / "rumah"))
    wanted = creating.NewCompetition("KIPP", "Setda", 2026, "Aula", "laptops")
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Isian formulir"])
        sheet.write_row(2, 0, ["Stempel waktu", "Nama program", "Pengusul", "HP Ketua", "Umur"])
        for row in range(5):
            sheet.write_row(row + 3, 0, [f"2021-01-0{row + 1}", f"Program warga {row}",
                                         f"Dinas {row}", f"0812345678{row}", "2"])  # fmt: skip
    with home.open(creating.create(home, wanted)) as panel:
        view = look_at_table(home, panel, path, "entries")
        layout = view.layout({1: "title", 2: "organisation", 0: "-"})
        report = importing.import_entries(home, panel, path, layout)
        second = look_at_table(home, panel, path, "entries")
        again = importing.import_entries(home, panel, path)
        fields = [row.fields for row in panel.workbench.entries()]

    assert view.header_row == 3
    assert view.problem is not None
    guesses = {column.header: (column.field, column.confidence) for column in view.columns}
    assert guesses["HP Ketua"] == ("phone", "likely")
    assert guesses["Nama program"] == ("title", "likely")
    assert view.columns[1].samples == ("Program warga 0", "Program warga 1", "Program warga 2")
    assert (report.added, report.problems) == (5, [])
    assert second.remembered
    assert second.problem is None
    assert again.skipped == 5
    assert fields == ['[["Umur", "2"]]'] * 5


def test_two_columns_of_one_name_are_both_kept(desk, tmp_path):
    path = table(tmp_path / "a.csv", ("no", "judul", "Tautan", "Tautan"), [("1", "Satu", "a", "b")])

    done(desk, "entries", "import", path)
    again = done(desk, "entries", "import", path)

    with Home(Context(home=desk)).open(Home(Context(home=desk)).choose()) as panel:
        fields = panel.workbench.entries()[0].fields
    assert fields == '[["Tautan", "a"], ["Tautan (2)", "b"]]'
    assert (again["updated"], again["skipped"]) == (0, 1)


def test_a_cancelled_import_stores_nothing(tmp_path):
    asked = []
    home = Home(Context(home=tmp_path / "rumah"))
    listed_ = creating.create(home, creating.NewCompetition("KIPP", "S", 2026, "", "laptops"))
    path = table(tmp_path / "a.csv", ("nomor", "judul"), [(n, f"Judul {n}") for n in range(2000)])

    def cancelled():
        asked.append(None)
        return len(asked) > 4

    impatient = Home(Context(home=tmp_path / "rumah", cancelled=cancelled))
    with impatient.open(listed_) as panel:
        with pytest.raises(KippError) as refused:
            importing.import_entries(impatient, panel, path)
        left = panel.workbench.entries()

    assert refused.value.code == "cancelled"
    assert left == []


def hostile(tmp_path):
    """Files that somebody might send: name, and the code of the sentence."""
    far = tmp_path / "jauh.xlsx"
    with xlsxwriter.Workbook(far) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")
    bomb = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (200 << 20))
    cut = tmp_path / "potong.xls"
    cut.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    long = tmp_path / "panjang.csv"
    long.write_text("nomor;judul\n1;" + "x" * 40_000 + "\n")
    return [(far, "table-far"), (bomb, "table-unpacked"), (cut, "table-damaged"),
            (long, "table-cell")]  # fmt: skip


def test_a_hostile_file_is_one_sentence_and_stores_nothing(desk, tmp_path):
    answers = [(kipp(desk, "entries", "import", path), code) for path, code in hostile(tmp_path)]

    for answer, code in answers:
        assert answer.status == 1
        assert answer.code == code
    assert listed(desk) == []


def test_formulas_are_refused_and_hidden_characters_dropped(desk, tmp_path):
    rows = [
        ("1", "=cmd|' /C calc'!A0", "Dinas A"),
        ("2", "Sehat\u202e\x07 Bersama", "Dinas A"),
        ("3", "x" * 501, "Dinas A"),
    ]

    report = done(
        desk, "entries", "import", table(tmp_path / "a.csv", ("no", "judul", "opd"), rows)
    )

    assert [(p["row"], p["field"]) for p in report["problems"]] == [(2, "judul"), (4, "judul")]
    assert [item["title"] for item in listed(desk)] == ["Sehat Bersama"]


def test_an_entry_larger_than_a_signed_line_is_refused(desk, tmp_path):
    row = ("1", "Satu", *("x" * 30_000 for _ in range(8)))

    answer = kipp(desk, "entries", "import",
                  table(tmp_path / "a.csv", ("no", "judul", *"abcdefgh"), [row]))  # fmt: skip

    assert answer.status == 1
    assert [p["field"] for p in answer.json["problems"]] == ["ringkasan"]


PDF = b"%PDF-1.4\n%%EOF\n"


def test_files_and_links_of_an_entry_travel_to_the_judges_and_not_to_the_public(published):
    desk = published.desk
    (published.folder / "usulan.pdf").write_bytes(PDF)
    (published.folder / "rahasia.txt").write_text("x")
    head = ("no", "judul", "opd", "Lampiran", "Video")
    rows = [
        ("01", "Kebun Si Pintar", "Dinas Pendidikan", "usulan.pdf", "https://contoh.id/v?x=1"),
        (
            "02",
            "Getar Dilan",
            "Dinas Ketahanan Pangan",
            '"rahasia.txt; ../panel.csv; tak-ada.pdf"',
            "",
        ),
    ]

    report = done(desk, "entries", "import", table(published.folder / "b.csv", head, rows))
    again = done(desk, "entries", "import", published.folder / "b.csv")
    found = done(desk, "entries", "files", "01", "--out", published.folder / "keluar")
    done(desk, "plan", "publish", "--out", published.package)
    published.join("Juri 1")
    joined = Home(Context(home=published.home("Juri 1")))
    with joined.open(joined.choose()) as panel:
        entry = panel.setup.entries[0]
        carried = [content(panel, file) for file in entry.attachments]
    out = published.folder / "hasil-2"
    done(desk, "publish", "--out", out)

    assert len(report["warnings"]) == 3
    assert (again["updated"], again["skipped"]) == (0, 2)
    assert [file["name"] for file in found["files"]] == ["usulan.pdf"]
    assert found["links"] == ["https://contoh.id/v?x=1"]
    assert [path.read_bytes() for path in (published.folder / "keluar").iterdir()] == [PDF]
    assert carried == [PDF]
    sha256 = found["files"][0]["sha256"]
    assert f"blobs/{sha256}" in zipfile.ZipFile(out / "hasil.kipp").namelist()
    assert f"blobs/{sha256}" not in zipfile.ZipFile(out / "hasil-publik.kipp").namelist()


# -- duplicates, organisations, selection ----------------------------------------------------------


def test_two_entries_become_one_or_stay_two(desk, tmp_path):
    head = ("no", "judul", "opd", "ringkasan", "Catatan lain")
    rows = [
        ("1", "Si Dora Eman", "Dinas A", "", "a"),
        ("2", "Si Dora Emon", "Dinas A", "Donor darah", "b"),
        ("3", "Simodis", "Dinas B", "", ""),
        ("4", "Si MODIS", "Dinas C", "", ""),
    ]
    done(desk, "entries", "import", table(tmp_path / "a.csv", head, rows))

    pairs = done(desk, "duplicates", "list")["pairs"]
    done(desk, "duplicates", "keep", "3", "4")
    done(desk, "duplicates", "merge", "1", "2", "--take", "title")
    left = done(desk, "duplicates", "list")["pairs"]

    assert [pair["reason"] for pair in pairs] == ["letters", "same"]
    assert left == []
    assert [(e["number"], e["title"]) for e in listed(desk)] == [
        ("1", "Si Dora Emon"), ("3", "Simodis"), ("4", "Si MODIS")]  # fmt: skip


def test_an_entry_with_signed_marks_is_never_dropped(scored):
    scored.merge(scored.file("Juri 1"))

    dropped = kipp(scored.desk, "duplicates", "drop", "01")
    merged = kipp(scored.desk, "duplicates", "merge", "02", "01")

    assert (dropped.status, dropped.code) == (1, "marks-there")
    assert (merged.status, merged.code) == (1, "marks-there")
    assert len(listed(scored.desk)) == 3


def test_names_of_entries_are_matched_once_and_for_the_next_file(desk, tmp_path):
    done(desk, "organisations", "import",
         table(tmp_path / "o.csv", ("nama", "jenis", "wajib"),
               [("Dinas Kesehatan", "dinas", "ya"), ("Dinas Sosial", "dinas", "ya")]))  # fmt: skip
    done(desk, "entries", "import",
         table(tmp_path / "a.csv", ("no", "judul", "opd"), [("1", "Satu", "Dinkes")]))  # fmt: skip

    found = done(desk, "organisations", "match")["matches"]
    done(desk, "organisations", "match", "--confirm", "Dinkes", "Dinas Kesehatan")
    done(desk, "entries", "import",
         table(tmp_path / "b.csv", ("no", "judul", "opd"), [("2", "Dua", "DINKES")]))  # fmt: skip
    covered = done(desk, "coverage", "--out", tmp_path / "cakupan.pdf")
    done(desk, "coverage", "--out", tmp_path / "cakupan.xlsx")

    assert found == [{"name": "Dinkes", "means": "Dinas Kesehatan", "entries": 1}]
    assert [item["name"] for item in listed(desk, "organisations")] == [
        "Dinas Kesehatan", "Dinas Sosial"]  # fmt: skip
    assert (covered["obliged"], covered["missing"]) == (2, ["Dinas Sosial"])
    assert (tmp_path / "cakupan.pdf").read_bytes().startswith(b"%PDF")
    rows = importing.read_workbook(tmp_path / "cakupan.xlsx").sheets[0].rows
    assert rows[1][:5] == ["Dinas Kesehatan", "dinas", "ya", "2", "2"]


def test_who_does_not_pass_the_selection_does_not_go_on(desk, tmp_path):
    head = ("no", "judul", "opd", "ringkasan", "Tahun mulai", "SDGs", "Pernyataan")
    rows = [
        ("1", "Sumur Resapan", "Dinas PU", "Air", "2018", "SDG 6", "ya"),
        ("2", "Pasar Bersih", "Dinas Pasar", "Bersih", "2021", "SDG 3", "ya"),
        ("3", "Kelas Ibu", "Dinkes", "Ibu", "2019", "", "ya"),
    ]
    done(desk, "entries", "import", table(tmp_path / "a.csv", head, rows))
    done(desk, "people", "import",
         table(tmp_path / "p.csv", ("nama", "peran"), [("Juri 1", "juri")]))  # fmt: skip
    done(desk, "selection", "use", "kipp", "--closes", "2021-02-28")
    done(desk, "selection", "winners",
         table(tmp_path / "w.csv", ("judul", "tahun"), [("Taman Baca", "2019")]))  # fmt: skip
    done(desk, "plan", "publish", "--out", tmp_path / "paket.kipp")

    accepted = done(desk, "selection", "accept")
    no_reason = kipp(desk, "selection", "check", "1", "umur", "fail")
    done(desk, "selection", "check", "3", "tpb", "pass", "--reason", "Ada di lampiran")
    recorded = done(desk, "selection", "record", "--reason", "Rapat seleksi")
    done(desk, "selection", "list", "--out", tmp_path / "seleksi.xlsx")
    ranked = done(desk, "rank")["groups"][0]["entries"]

    assert accepted == {"settled": 18, "open": []}
    assert no_reason.code == "reason-needed"
    assert recorded == {"passed": ["1", "3"], "failed": ["2"]}
    assert {e["number"]: e["reached"] for e in ranked}["2"] == "administrasi"
    sheet = importing.read_workbook(tmp_path / "seleksi.xlsx").sheets[0].rows
    assert [row[9] for row in sheet[1:]] == ["lolos", "tidak lolos", "lolos"]
    with Home(Context(home=desk)).open(Home(Context(home=desk)).choose()) as panel:
        reason = panel.state.decisions[-1].body["reason"]
    assert reason.startswith("Rapat seleksi; 2 Pasar Bersih: Sudah diterapkan")


def test_a_selection_with_open_items_is_not_recorded(desk, tmp_path):
    done(desk, "entries", "import",
         table(tmp_path / "a.csv", ("no", "judul", "opd"), [("1", "Satu", "Dinas")]))  # fmt: skip
    done(desk, "people", "import",
         table(tmp_path / "p.csv", ("nama", "peran"), [("Juri 1", "juri")]))  # fmt: skip
    done(desk, "plan", "publish", "--out", tmp_path / "a.kipp")
    without_stage = kipp(desk, "selection", "record", "--reason", "x")
    done(desk, "selection", "use", "kipp")
    done(desk, "plan", "publish", "--out", tmp_path / "b.kipp")

    still_open = kipp(desk, "selection", "record", "--reason", "x")

    assert without_stage.code == "no-selection-stage"
    assert still_open.code == "selection-open"


def test_winners_come_from_last_years_competition(published):
    home = published.desk
    done(home, "init", "--name", "KIPP Baru", "--organiser", "S", "--year", "2022",
         "--no-passphrase")  # fmt: skip

    taken = done(home, "selection", "winners-of", "KIPP Uji")
    again = done(home, "selection", "winners-of", "KIPP Uji")

    assert taken["added"] == 3
    assert again["added"] == 0


def test_winners_come_from_the_results_file_of_another_desk(published, tmp_path):
    home = tmp_path / "tetangga"
    done(home, "init", "--name", "KIPP Tetangga", "--organiser", "S", "--year", "2022",
         "--no-passphrase")  # fmt: skip
    results = published.folder / "hasil" / "hasil-publik.kipp"

    taken = done(home, "selection", "winners-of", results)
    again = done(home, "selection", "winners-of", results)
    refused = kipp(home, "selection", "winners-of", published.package)

    assert taken["added"] == 3
    assert again["added"] == 0
    assert refused.code == "no-results"


def test_ten_thousand_titles_are_compared_in_seconds():
    from kipp_desktop.domain.likeness import alike

    choose = random.Random(1)
    words = "sistem informasi gerakan desa sehat ibu anak cepat pintar layanan warga".split()
    titles = [
        " ".join(choose.choices(words, k=3)) + " " + "".join(choose.choices("abdeikmnorstu", k=6))
        for _ in range(10_000)
    ]

    start = dt.datetime.now(dt.UTC)
    alike(titles)

    assert (dt.datetime.now(dt.UTC) - start).total_seconds() < 30
