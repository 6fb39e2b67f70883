"""The documents of the field: what stands in them, on which page, and that no photo is cut."""

from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.documents.field_report import (
    render_field_minutes,
    render_field_summary,
    render_visit_report,
)
from kipp_desktop.documents.field_sheets import render_notice, render_visit_sheet
from kipp_desktop.domain.field_report import (
    FieldHead,
    FindingLine,
    ObservationLine,
    PhotoLine,
    PlannedVisit,
    VisitedEntry,
)
from kipp_desktop.domain.report import Letterhead, Signatory
from kipp_desktop.texts import Text
from tests.camera import photo

AT = datetime(2021, 3, 18, 14, 0, tzinfo=UTC)
HEAD = FieldHead(
    Letterhead(("PEMERINTAH KOTA CONTOH", "SEKRETARIAT DAERAH"), "Jalan Contoh 1"),
    "A4",
    "KIPP Kota Contoh 2021",
    "Bagian Organisasi",
    "Kota Contoh",
    "Verifikasi lapangan",
    AT,
    signatories=(Signatory("Mengetahui, Kepala Bagian Organisasi", "Pejabat Contoh", "1980"),),
)
LONG = (
    "Papan antrean di ruang tunggu puskesmas pembantu, difoto dari pintu masuk pada pagi hari "
    "ketika pelayanan dibuka, dengan petugas dan tiga orang warga yang bersedia difoto"
)


def pictures(folder, count):
    """Return photos, landscape and upright by turns."""
    found = []
    for number in range(1, count + 1):
        size = (800, 600) if number % 2 else (600, 800)
        path = photo(folder / f"{number}.jpg", number, size=size)
        caption = LONG if number % 3 == 0 else f"Foto contoh {number}"
        found.append(PhotoLine(caption, f"{number:064x}", path.read_bytes(), False, False))
    return tuple(found)


def entry_with(photos):
    one = ObservationLine(
        "Verifikator 1",
        "Bappeda",
        "0123456789abcdef",
        AT.replace(hour=9),
        AT.replace(hour=11),
        "Puskesmas contoh",
        Text("Visit"),
        ("Kepala puskesmas", "Warga"),
        (
            FindingLine("Waktu tunggu turun dari 60 menjadi 15 menit", "Efektif",
                        Text("partly as claimed"), "Rata-rata hari itu 22 menit " * 3, (1,)),
            FindingLine("Ada buku tamu", "", Text("as claimed"), "", ()),
        ),
        photos,
        Text("Confirms"),
        "Sesuai paparan, dengan catatan waktu tunggu",
    )  # fmt: skip
    other = replace(one, verifier="Verifikator 2", photos=(), conclusion=Text("Confirms"))
    return VisitedEntry("07", "Getar Dilan", "Dinas Contoh", (one, other), (Text("Confirms"),))


def texts(data):
    document = pypdfium2.PdfDocument(data)
    found = [document[n].get_textpage().get_text_bounded() for n in range(len(document))]
    document.close()
    return found


@pytest.mark.parametrize(("count", "pages"), [(1, 2), (4, 3), (12, 5)])
def test_a_report_holds_every_photo_with_its_caption(tmp_path, count, pages):
    data = render_visit_report(HEAD, entry_with(pictures(tmp_path, count)), Catalogue.load("id"))

    said = texts(data)

    assert len(said) <= pages
    whole = " ".join(" ".join(said).split())
    assert "LAPORAN VERIFIKASI LAPANGAN" in whole
    assert "sesuai sebagian" in whole
    for number in range(1, count + 1):
        assert f"{number}. {LONG[:20] if number % 3 == 0 else f'Foto contoh {number}'}" in whole
    document = pypdfium2.PdfDocument(data)
    images = sum(
        obj.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        for n in range(len(document))
        for obj in document[n].get_objects()
    )
    document.close()
    assert images == count


def test_a_private_photo_stands_there_by_its_hash_alone(tmp_path):
    private = PhotoLine("Warga", "ab" * 32, None, True, False)

    data = render_visit_report(HEAD, entry_with((private,)), Catalogue.load("id"))

    whole = "".join(texts(data))
    assert "Pribadi" in whole
    assert "ab" * 16 in whole


def test_the_same_report_gives_the_same_bytes(tmp_path):
    entry = entry_with(pictures(tmp_path, 1))

    one, other = (render_visit_report(HEAD, entry, Catalogue.load("id")) for _ in range(2))

    assert one == other


def test_summary_and_minutes_name_every_entry_and_verifier(tmp_path):
    entries = [entry_with(()), replace(entry_with(()), number="09", decisions=(Text("Confirms"),))]

    for render in (render_field_summary, render_field_minutes):
        whole = " ".join(texts(render(HEAD, entries, Catalogue.load("id"))))
        for word in ("07", "09", "Verifikator 1", "Verifikator 2", "Mengonfirmasi"):
            assert word in whole


def test_letter_and_sheet_leave_room_for_the_hand(tmp_path):
    planned = PlannedVisit("07", "Getar Dilan", "Dinas Contoh", (("Ada buku tamu", "Efektif"),))

    letter = " ".join(texts(render_notice(HEAD, [planned], Catalogue.load("id"))))
    sheet = " ".join(texts(render_visit_sheet(HEAD, planned, Catalogue.load("id"))))

    assert "Getar Dilan" in letter
    assert "pemberitahuan kunjungan" in letter
    assert sheet.count("☐") == 3 * 4 + 2 + 3
    assert "Ada buku tamu" in sheet
