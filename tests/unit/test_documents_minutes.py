from __future__ import annotations

import io
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.documents.fonts import BOX, Glyphs, wrap_lines
from kipp_desktop.documents.minutes import render_minutes
from kipp_desktop.documents.seal_box import qr_payload
from kipp_desktop.errors import KippError
from tests.unit.report_examples import FINGERPRINT, RESULTS_ID, report, said, small_report

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load("id")


@pytest.fixture(scope="module")
def minutes(catalogue):
    return render_minutes(report(), catalogue)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def lines_of(pdf: bytes) -> str:
    """Return the printed lines; gaps, whose width differs between tools, as two spaces."""
    lines = (re.sub(r" {2,}", "  ", line.strip()) for line in text_of(pdf).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def with_title(title: str):
    one = report(3, absent=0)
    group = one.groups[0]
    rows = (replace(group.rows[0], title=title), *group.rows[1:])
    return replace(one, groups=(replace(group, rows=rows, awards=()),))


@pytest.mark.parametrize(
    ("name", "example"),
    [("minutes-46", report()), ("minutes-f4", replace(small_report(), draft=False))],
)
def test_the_minutes_say_what_they_said(name, example, catalogue):
    golden = GOLDEN / f"{name}.txt"

    text = lines_of(render_minutes(example, catalogue))

    if os.environ.get("KIPP_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_same_report_gives_the_same_bytes(minutes, catalogue):
    assert render_minutes(report(), catalogue) == minutes


def test_every_font_is_embedded(minutes, tmp_path):
    file = tmp_path / "minutes.pdf"
    file.write_bytes(minutes)

    listed = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout

    fonts = listed.splitlines()[2:]
    assert len(fonts) >= 3
    for font in fonts:
        assert re.search(r"SourceSans3-\S+\s+TrueType\s+\S+\s+yes yes yes", font), font


def test_qpdf_finds_no_fault(minutes, tmp_path):
    file = tmp_path / "minutes.pdf"
    file.write_bytes(minutes)

    done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_file_names_its_language_title_and_time(minutes):
    reader = PdfFileReader(io.BytesIO(minutes))

    assert reader.root["/Lang"] == "id-ID"
    assert reader.trailer["/Info"]["/Title"] == "Berita Acara Penilaian KIPP Kota Malang 2021"
    assert reader.trailer["/Info"]["/CreationDate"] == "D:20210317154510+07'00'"


def test_draft_stands_on_every_page_and_only_on_a_draft(catalogue, minutes):
    draft = pypdfium2.PdfDocument(render_minutes(replace(report(), draft=True), catalogue))
    final = pypdfium2.PdfDocument(minutes)

    marked = ["DRAF" in page.get_textpage().get_text_bounded() for page in draft]
    unmarked = ["DRAF" in page.get_textpage().get_text_bounded() for page in final]

    assert len(marked) == len(unmarked) == 5
    assert all(marked)
    assert not any(unmarked)


def test_the_paper_is_a4_or_f4(catalogue, minutes):
    f4 = pypdfium2.PdfDocument(render_minutes(small_report(), catalogue))
    a4 = pypdfium2.PdfDocument(minutes)

    millimetres = [
        [round(side * 25.4 / 72) for side in document[0].get_size()] for document in (a4, f4)
    ]

    assert millimetres == [[210, 297], [215, 330]]


def test_another_paper_is_refused(catalogue):
    with pytest.raises(KippError) as refused:
        render_minutes(replace(report(), paper="A5"), catalogue)

    assert refused.value.code == "unknown-paper"


def test_the_header_stands_on_each_page_of_a_long_ranking(catalogue):
    document = pypdfium2.PdfDocument(render_minutes(report(300, absent=0), catalogue))

    pages = [page.get_textpage().get_text_bounded() for page in document]
    ranking = [page for page in pages if re.search(r"\b\d\d,\d\d\b", page)]

    assert len(ranking) > 8
    assert all("Judul inovasi" in page for page in ranking)


@pytest.mark.parametrize("title", ["Inovasi " * 3000, "X" * 9000])
def test_a_title_longer_than_a_page_is_printed_whole(title, catalogue):
    text = text_of(render_minutes(with_title(title), catalogue))

    assert text.count("Inovasi") >= 3000 or text.count("X") == 9000


def test_markup_in_a_title_is_printed_as_it_stands(catalogue):
    title = "<b>Satu</b> &amp; <i>dua"

    text = text_of(render_minutes(with_title(title), catalogue))

    assert title in text


def test_a_character_without_a_glyph_is_a_box_and_is_named_at_the_end(catalogue):
    text = text_of(render_minutes(with_title("Layanan 🚀 Cepat\u202e"), catalogue))

    assert "Layanan □ Cepat□" in text
    assert "U+202E, U+1F680" in text


def test_indonesian_and_the_symbols_of_the_documents_have_glyphs():
    glyphs = Glyphs()
    symbols = "aAzZ0189éÉüñç–—“”‘’…•×÷±√→←↑↓°²³½−≥≤≠✓✗☐☑·□*&%/\\@#\N{NO-BREAK SPACE}"

    assert glyphs.clean(symbols) == symbols
    assert glyphs.clean("e\u0301") == "é"
    assert not glyphs.missing


def test_line_breaks_become_spaces_and_controls_boxes():
    glyphs = Glyphs()

    assert glyphs.clean("satu\ndua\ttiga\x00") == f"satu dua tiga{BOX}"
    assert glyphs.missing == {"\x00": 1}


def test_wrapping_loses_nothing():
    text = "Gerakan  Bersama " + "W" * 300 + " selesai"

    lines = wrap_lines(text, "SourceSans3-Regular", 9, 100)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert len(lines) > 20


def test_a_shared_place_and_the_step_that_split_a_tie_are_told(catalogue):
    one = report(3, absent=0)
    group = one.groups[0]
    rows = (
        replace(group.rows[0], shared=True, place=1),
        replace(group.rows[1], shared=True, place=1),
        replace(group.rows[2], decided_by=said("undian")),
    )

    text = text_of(
        render_minutes(replace(one, groups=(replace(group, rows=rows, awards=()),)), catalogue)
    )

    assert len(re.findall(r"^\s+1\* ", text, re.MULTILINE)) == 2
    assert "* Peringkat bersama." in text
    assert "ditentukan berdasarkan: undian." in text


def test_the_chair_signs_first(minutes):
    text = text_of(minutes)

    signatures = text[text.index("Demikian Berita Acara ini") :]

    assert re.findall(r"Juri \d", signatures) == ["Juri 3", "Juri 1", "Juri 2", "Juri 4", "Juri 5"]
    assert (
        signatures.index("Ketua,") < signatures.index("Anggota,") < signatures.index("Mengetahui,")
    )


def test_no_signature_block_is_cut_between_two_pages(catalogue):
    one = report(3, absent=0)
    judges = tuple(
        replace(one.judges[0], name=f"Juri {number}", chair=number == 0) for number in range(21)
    )

    for lines in range(12):
        remarks = tuple(said(f"Catatan {line}") for line in range(lines))
        document = pypdfium2.PdfDocument(
            render_minutes(replace(one, judges=judges, remarks=remarks), catalogue)
        )
        pages = [page.get_textpage().get_text_bounded() for page in document]

        for page in pages:
            signatures = page.partition("Demikian Berita Acara ini")[2] or page
            offices = len(re.findall(r"^(?:Anggota|Ketua),", signatures, re.MULTILINE))
            names = len(re.findall(r"^Dosen, Lembaga 1", signatures, re.MULTILINE))
            assert offices == names


def test_the_box_tells_the_desk_key_the_words_and_that_the_seal_is_uncertified(minutes):
    squeezed = re.sub(r"\s+", "", text_of(minutes))

    assert FINGERPRINT in squeezed
    assert RESULTS_ID in squeezed
    assert "tandatanganelektroniktidaktersertifikasi" in squeezed
    assert qr_payload(report()) == f"kipp-results:{RESULTS_ID} desk:{FINGERPRINT}"


def test_the_logo_is_drawn(catalogue):
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 20, 20)).save(picture, "PNG")
    one = report(3, absent=0)
    with_logo = replace(one, letterhead=replace(one.letterhead, logo=picture.getvalue()))

    page = pypdfium2.PdfDocument(render_minutes(with_logo, catalogue))[0].render().to_pil()

    assert page.getpixel((100, 80)) == (200, 20, 20)


def test_a_logo_that_is_no_picture_is_refused(catalogue):
    one = report(3, absent=0)
    broken = replace(one, letterhead=replace(one.letterhead, logo=b"\x89PNG\r\n\x1a\nnothing"))

    with pytest.raises(KippError) as refused:
        render_minutes(broken, catalogue)

    assert refused.value.code == "logo-unreadable"


def test_a_letterhead_without_end_is_refused(catalogue):
    one = report(3, absent=0)
    endless = replace(one, letterhead=replace(one.letterhead, lines=("PEMERINTAH KOTA",) * 40))

    with pytest.raises(KippError) as refused:
        render_minutes(endless, catalogue)

    assert refused.value.code == "letterhead-too-tall"


def test_names_and_remarks_without_end_are_printed(catalogue):
    one = report(3, absent=0)
    judges = (replace(one.judges[0], institution="Lembaga " * 2000), *one.judges[1:])
    long = replace(one, judges=judges, remarks=(said("catatan " * 4000),))

    text = text_of(render_minutes(long, catalogue))

    assert text.count("catatan") >= 4000
    assert text.count("Lembaga") >= 4000


def test_minutes_of_nothing_can_be_printed(catalogue):
    empty = replace(
        report(3, absent=0),
        judges=(),
        groups=(),
        stages=(),
        signatories=(),
        sheets=(),
        attachments=(),
        method=(),
        abstentions=(),
        entries_total=0,
        entries_present=0,
        place="",
        panel_name="",
        theme="",
        legal_basis="",
        decrees=(),
    )

    assert "BERITA ACARA" in text_of(render_minutes(empty, catalogue))
