from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.documents.page import PAPERS
from kipp_desktop.documents.paper_book import render_book, render_proof
from kipp_desktop.documents.paper_sheet import render_sheets
from kipp_desktop.documents.paper_workbook import FIRST_ROW, LEADING, render_workbook
from kipp_desktop.domain.paper_form import (
    FORM_SHEET,
    FormCriterion,
    FormSheet,
    PaperForm,
    sheet_code,
)
from kipp_desktop.domain.report import Letterhead
from kipp_desktop.exchange import spreadsheet_child

COMPETITION, RUBRIC = "ab" * 32, "cd" * 32
LONG = ("Sistem Informasi Pelayanan Terpadu Berbasis Masyarakat " * 3)[:150].strip()
ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load("id")


def leaf(number, depth=0, **named):
    levels = tuple((marks, "Uraian tingkat nilai " * 5) for marks in ("1–3", "4–6", "7–8", "9–10"))
    values = {"low": "1", "high": "10", "step": "1", "factor": "2", "levels": levels, **named}
    return FormCriterion(
        f"k{number}".replace(".", ""), number, f"Kriteria {number}", depth, leaf=True, **values
    )


FIVE = tuple(leaf(str(number)) for number in range(1, 6))
DEEP = tuple(
    criterion
    for a in "12"
    for criterion in (
        FormCriterion(f"a{a}", a, "Kelompok kriteria", 0, leaf=False),
        *(
            one
            for b in "12"
            for one in (
                FormCriterion(f"b{a}{b}", f"{a}.{b}", "Aspek", 1, leaf=False),
                *(
                    leaf(f"{a}.{b}.{c}", 2, low="0", high="100", step="0.5", factor="0.0833")
                    for c in "123"
                ),
            )
        ),
    )
)


def sheet(number, criteria=(), title=LONG, **named):
    entry = f"e{number:010x}"
    return FormSheet(
        "p1a2b3c4d5e",
        "Juri 1",
        entry,
        f"{number:02}",
        title,
        "Dinas Contoh",
        sheet_code(COMPETITION, "presentasi", entry, "p1a2b3c4d5e", RUBRIC),
        tuple((criterion.id, "7.5" if criterion.step == "0.5" else "8") for criterion in criteria),
        **named,
    )


def form(criteria=FIVE, sheets=None, paper="A4"):
    return PaperForm(
        COMPETITION,
        "KIPP Kota 2021",
        "Bagian Organisasi",
        "Malang",
        Letterhead(("PEMERINTAH KOTA CONTOH", "SEKRETARIAT DAERAH"), "Jalan Contoh 1"),
        paper,
        "presentasi",
        "Presentasi",
        RUBRIC,
        "Lima kriteria",
        "100",
        criteria,
        tuple(sheets or (sheet(1), sheet(2))),
        datetime(2021, 3, 16, 8, tzinfo=UTC),
    )


def pages(pdf):
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_five_criteria_with_levels_are_one_page_a_sheet(paper, catalogue):
    pdf = render_sheets(form(paper=paper), catalogue)

    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    assert document[0].get_size() == pytest.approx(PAPERS[paper], abs=0.01)
    assert "Uraian tingkat nilai" in pages(pdf)[0]
    assert set(LONG.split()) <= set(pages(pdf)[0].split())


@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_twelve_criteria_in_three_levels_have_a_guide_and_one_page_a_sheet(paper, catalogue):
    pdf = render_sheets(form(DEEP, paper=paper), catalogue)

    *guide, first, second = pages(pdf)
    assert guide[0].startswith("PANDUAN NILAI")
    for number, page in enumerate((first, second), start=1):
        assert f"{number:02} – " in page
        assert all(f"Kriteria {criterion.number}" in page for criterion in DEEP if criterion.leaf)
        assert "Tanda tangan juri" in page


@pytest.mark.parametrize(
    ("criteria", "paper", "turned"), [(FIVE, "A4", 0), (FIVE, "F4", 1.5), (DEEP, "A4", 1.5)]
)
def test_a_stock_reader_finds_the_code_of_each_page_at_150_dpi(
    criteria, paper, turned, catalogue, tmp_path
):
    made = form(criteria, [sheet(1)], paper)
    pdf = tmp_path / "lembar.pdf"
    pdf.write_bytes(render_sheets(made, catalogue))

    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", pdf, tmp_path / "hal"], check=True)
    found = []
    for page in sorted(tmp_path.glob("hal*.png")):
        # As a paper lies in a scanner: a little askew.
        Image.open(page).rotate(turned, Image.Resampling.BILINEAR, fillcolor=255).save(page)
        read = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page]
        done = subprocess.run(read, capture_output=True, check=False)
        found += done.stdout.decode().splitlines()

    assert found == [sheet.code for sheet in made.sheets]
    kind, competition, stage, entry, judge, rubric = found[0].split(":")
    assert (kind, competition.lower(), stage.lower()) == ("KIPP1", COMPETITION, "presentasi")
    first = made.sheets[0]
    assert (entry.lower(), judge.lower(), rubric.lower()) == (first.entry, first.judge, RUBRIC)


def test_a_filled_sheet_shows_marks_with_a_decimal_comma(catalogue):
    one = sheet(1, [c for c in DEEP if c.leaf], total="7.5")

    page = pages(render_sheets(form(DEEP, [one]), catalogue))[-1]

    assert page.count("7,5") == 13


def test_a_criterion_of_the_panel_has_no_box_and_no_column(catalogue):
    criteria = (*FIVE, leaf("6", by_panel=True))

    page = pages(render_sheets(form(criteria), catalogue))[0]
    workbook = openpyxl.load_workbook(io.BytesIO(render_workbook(form(criteria), catalogue)))

    assert "dinilai oleh panel" in page
    assert [cell.value for cell in workbook["Nilai"][FIRST_ROW]][LEADING:][:6] == [
        "1. Kriteria 1",
        "2. Kriteria 2",
        "3. Kriteria 3",
        "4. Kriteria 4",
        "5. Kriteria 5",
        "Total",
    ]


@pytest.mark.parametrize("render", [render_sheets, render_book, render_proof, render_workbook])
def test_the_same_form_gives_the_same_bytes(render, catalogue):
    assert render(form(), catalogue) == render(form(), catalogue)


def test_the_proof_says_who_typed_which_record_and_the_total_on_paper(catalogue):
    typed = sheet(1, FIVE, total="80", written="74", typed="Petugas 1", record="9f" * 32)

    (page,) = pages(render_proof(form(sheets=[typed]), catalogue))

    assert "Petugas 1" in page
    assert "9f9f9f9f9f9f" in page
    assert " 80 " in page
    assert " 74 " in page


def test_a_book_begins_anew_for_each_judge(catalogue):
    other = replace(sheet(1), judge="p2b3c4d5e6f", judge_name="Juri 2")

    text = pages(render_book(form(sheets=[sheet(1), other]), catalogue))

    assert sum("BUKU PENILAIAN JURI" in page for page in text) == 2


@pytest.mark.parametrize("count", range(1, 12))
def test_the_signature_never_stands_on_a_page_of_its_own(count, catalogue):
    sheets = [sheet(number, DEEP[2:5]) for number in range(1, count + 1)]

    last = pages(render_proof(form(DEEP, sheets), catalogue))[-1]

    assert f"{count:02} – " in last
    assert "Tanda tangan juri" in last


def test_the_code_is_of_characters_that_make_a_coarse_code():
    code = sheet_code(COMPETITION, "presentasi-2", "e10a4c2b7f1", "", RUBRIC)

    assert set(code) <= ALPHANUMERIC
    assert code.lower().split(":") == [
        "kipp1",
        COMPETITION,
        "presentasi-2",
        "e10a4c2b7f1",
        "",
        RUBRIC,
    ]


def test_cells_of_marks_are_open_and_bounded_and_the_rest_is_locked(catalogue):
    criteria = (leaf("1"), leaf("2", low="0", high="100", step="0.5"))

    workbook = openpyxl.load_workbook(io.BytesIO(render_workbook(form(criteria), catalogue)))

    marks, ids = workbook["Nilai"], workbook[FORM_SHEET]
    row = FIRST_ROW + 1
    assert marks.protection.sheet
    assert [marks.cell(row, column).protection.locked for column in range(1, 8)] == [
        True,
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    whole, custom = marks.data_validations.dataValidation
    assert (whole.type, whole.formula1, whole.formula2) == ("whole", "1", "10")
    assert (custom.type, "0.5" in custom.formula1) == ("custom", True)
    assert ids.sheet_state == "veryHidden"


def test_the_reader_of_tables_knows_the_hidden_sheet_by_its_name():
    assert spreadsheet_child.FORM_SHEET == FORM_SHEET


def test_a_title_that_looks_like_markup_or_a_formula_is_printed_as_it_is(catalogue):
    odd = sheet(1, title="=1+1 <b>Tebal</b> & \u202eterbalik")

    page = pages(render_sheets(form(sheets=[odd]), catalogue))[0]
    workbook = openpyxl.load_workbook(io.BytesIO(render_workbook(form(sheets=[odd]), catalogue)))

    assert "=1+1 <b>Tebal</b> &" in page
    assert workbook["Nilai"].cell(FIRST_ROW + 1, 2).data_type == "s"
