"""Hand-made reports for the tests of the documents.

Titles and agencies are those of published innovations; marks, persons and decrees are made up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from hashlib import sha256

from kipp_desktop.domain.report import (
    AbstentionLine,
    AwardLine,
    CriterionLine,
    Decree,
    GroupReport,
    JudgeLine,
    Letterhead,
    RankRow,
    Report,
    SheetLine,
    Signatory,
    StageReport,
)
from kipp_desktop.texts import Text


def said(text: str) -> Text:
    """Return a text that reads the same in every language."""
    return Text("{text}", text=text)


WIB = timezone(timedelta(hours=7))
HELD_ON = datetime(2021, 3, 16, 8, 30, tzinfo=WIB)
PRINTED_AT = datetime(2021, 3, 17, 15, 45, 10, tzinfo=WIB)
FINGERPRINT = "3f9a1c0e5b7d2846" * 4
RESULTS_ID = "a1b2c3d4e5f60718" * 4
WORDS = "akar bambu cahaya danau embun fajar"
CRITERIA = {
    "kebaruan": "Kebaruan",
    "efektif": "Efektif",
    "bermanfaat": "Bermanfaat",
    "transfer": "Dapat ditransfer/direplikasi",
    "berkelanjutan": "Berkelanjutan",
}
LONG_TITLE = (
    "Gerakan Bersama Pelayanan Administrasi Kependudukan Terpadu bagi Penyandang Disabilitas,"
    " Lanjut Usia, dan Warga Kepulauan Terluar melalui Perahu Keliling"
)
ENTRIES = (
    ("Peta Baper (Peta Berbasis Partisipatif)", "Bappeda"),
    ("Rompi KPK (Kelas Pencegahan Korupsi)", "Dinas Pendidikan"),
    ("Kebun Si Pintar (Siswa Peduli Lingkungan Sekitar)", "Dinas Pendidikan"),
    ("Getar Dilan (Gerakan Tanam Sayur di Lahan Pekarangan)", "Dinas Ketahanan Pangan"),
    ("KKT (Komunitas Kelas Terindah)", "Dinas Kesehatan"),
    ("Kampung Penyelamat Jiwa", "Pemerintah Kabupaten Luwu Utara"),
    ("Kemayu", "Pemerintah Kabupaten Luwu Timur"),
    ("ANC Hipnoterapi", "Pemerintah Kabupaten Luwu Utara"),
    ("Kesraku", "Dinas Pendidikan"),
    ("Penjaga Jumpa Berlian", "Kecamatan Sukamaju Selatan"),
    ("Kampung Donor Darah Penyelamat Jiwa", "Dinas Kesehatan"),
    ("Guruku Hebat dengan Smart MGMP", "Dinas Pendidikan"),
    ("Melawan Lupa", "Kecamatan Sukamaju Selatan"),
    ("Pasar Tani Jumpa Lagi", "DKP (singkatan di sumber)"),
    ("Gelisha", "Dinas Komunikasi dan Informatika"),
    ("Smart BUMDes", "Dinas Pemberdayaan Masyarakat Desa"),
    ("Sipena", "Badan Penanggulangan Bencana Daerah"),
    ("GIS for E Control", "Dinas Lingkungan Hidup"),
    ("GIS for e-Control", "Dinas Lingkungan Hidup"),
    ("Kejar Stunting", "Dinas Kesehatan"),
    ("Kedai Bumil", "Dinas Kesehatan"),
    ("Pugalu SIP", "Bappelitbangda"),
    ("Si Modis", "Dinas Kominfo SP"),
    ("Si Mira Bersantai", "DPMPTSP"),
    ("Pojok Bisa", "Dinas Pertanian"),
    ("GO Pasar Indah", "DP2KUKM"),
    ("Japri Ka Boss", "Dinas Pendidikan"),
    ("Si Dora Eman", "Dinas Kesehatan"),
    ("Peka Desa Bergulir", "Dinas PMD"),
    ("Sikamase", "Dinas Pendidikan"),
    ("Si Dora Emon", "Dinas Kesehatan"),
    ("Japri Ka Bos", "Dinas Pendidikan dan Kebudayaan"),
    ("Papi Limbap", "Dinas Peternakan dan Kesehatan Hewan"),
    ("Kareba", "Dinas Pariwisata, Pemuda dan Olahraga"),
    ("Sikola Amma Bapa", "Dinas Pemberdayaan Perempuan dan Perlindungan Anak"),
    ("Berdaya Srikandi Oleh Srikandi", "Dinas Pertanian, Kelautan dan Perikanan"),
    ("Kantong Kreatif (Kembangkan Potensi Masyarakat Kreatif di Bacukiki)", "Kecamatan Bacukiki"),
    ("Bank Sampah Malang 'Emas Hitam di Balik Tumpukan Sampah'", "Dinas Lingkungan Hidup"),
    ("LAPO BRA (Layanan Pojok Braille)", "Dinas Perpustakaan Umum dan Arsip Daerah"),
    (
        "BREXIT (Braille E-Ticket and Extraordinary Access for Visual Disabilities)",
        "Puskesmas Janti",
    ),
    ("Sepasar Pedas (Sekolah Pasar Pedagang Cerdas)", "Diskopindag"),
    ("Si Ikan Nila", "Kelurahan Bakalan Krajan"),
    ("Sambat Online", "Pemerintah Kota Malang"),
    ("Segar Kagemi", "SMPN 10 Malang"),
    ("Rumah Diapers", "Puskesmas Polowijen"),
    ("Jarik Ma'siti", "Pemerintah Kota Malang"),
)
_HOW = (("laptop",), ("laptop",), ("laptop",), ("paper-twice",), ("laptop", "paper-checked"))


def judges(entries: int) -> tuple[JudgeLine, ...]:
    return tuple(
        JudgeLine(
            person=f"p{number}",
            name=f"Juri {number}",
            title="Dosen" if number % 2 else "Kepala Bidang",
            institution=f"Lembaga {number}",
            nip=f"19790101 200501 1 00{number}" if number in {1, 4} else "",
            chair=number == 3,
            how=_HOW[number - 1],
            counted=entries - (number == 2),
            expected=entries - (number == 2),
            words=WORDS if number != 4 else "",
        )
        for number in range(1, 6)
    )


def report(entries: int = 46, *, absent: int = 2) -> Report:
    """Return a report on ``entries`` entries, the last ``absent`` of which did not come."""
    numbered = [
        (f"{index:02d}", *ENTRIES[(index - 1) % len(ENTRIES)]) for index in range(1, entries + 1)
    ]
    present = numbered[: entries - absent]
    panel = judges(len(present))
    sheets = []
    totals: dict[str, list[int | None]] = {}
    for index, (number, *_names) in enumerate(present):
        totals[number] = []
        strength = index % 3
        for judge in range(5):
            if judge == 1 and index == 0:
                totals[number].append(None)
                continue
            marks = {
                criterion: 4
                + strength
                + sha256(f"{number} {judge} {place}".encode()).digest()[0] % 5
                for place, criterion in enumerate(CRITERIA)
            }
            total = 2 * sum(marks.values())
            totals[number].append(total)
            sheets.append(
                SheetLine(
                    judge=judge,
                    number=number,
                    marks=tuple((criterion, str(mark)) for criterion, mark in marks.items()),
                    total=str(total),
                    source=_HOW[judge][0],
                    signed_at="2021-03-16T11:02:03+07:00",
                )
            )
    rows = ranked(present, totals)
    missing = tuple(
        RankRow(
            place=None,
            number=number,
            title=title,
            organisation=agency,
            score=None,
            sheets=0,
            judge_totals=(None,) * 5,
            status="absent" if index else "withdrawn",
            reason="Surat perangkat daerah tanggal 15 Maret 2021" if index == 0 else "",
        )
        for index, (number, title, agency) in enumerate(numbered[entries - absent :])
    )
    winners = tuple(row for row in rows if row.award)
    return Report(
        competition="KIPP Kota Malang 2021",
        organiser="Bagian Organisasi Setda Kota Malang",
        year=2021,
        theme="Percepatan Inovasi Pelayanan Publik",
        place="Malang",
        panel_name="Tim Panel Independen",
        legal_basis="Peraturan Menteri PANRB Nomor 7 Tahun 2021",
        decrees=(
            Decree("188.45/01/35.73.112/2021", date(2021, 3, 1), "Tim Panel Independen KIPP 2021"),
        ),
        letterhead=Letterhead(
            ("PEMERINTAH KOTA MALANG", "SEKRETARIAT DAERAH"),
            "Jalan Tugu Nomor 1, Malang, Jawa Timur",
        ),
        signatories=(
            Signatory("Mengetahui, Kepala Bagian Organisasi", "", ""),
            Signatory("Sekretaris Daerah", "", ""),
        ),
        paper="A4",
        number="",
        held_on=HELD_ON,
        printed_at=PRINTED_AT,
        entries_total=entries,
        entries_present=len(present),
        stages=(
            StageReport(
                id="presentasi",
                name="Presentasi dan wawancara",
                rubric_name="Rubrik Kota Malang 2021",
                rubric_source="laporan KIPP Kota Malang 2021; bobot dan skala ditetapkan panitia",
                criteria=tuple(
                    CriterionLine(criterion, name, 0, leaf=True, weight="20", scale="1–10")
                    for criterion, name in CRITERIA.items()
                ),
                method=said("rata-rata nilai juri"),
                maximum="100",
            ),
        ),
        judges=panel,
        abstentions=(
            AbstentionLine("p2", "01", "conflict", "Pernah mendampingi penyusunan inovasi"),
        ),
        absences=missing,
        groups=(
            GroupReport(
                "umum", "Umum", (*rows, *missing), (AwardLine("Top 6", 6, winners),) if rows else ()
            ),
        ),
        method=(said("Nilai dibulatkan ke dua angka di belakang koma saat dicetak."),),
        remarks=(),
        sheets=tuple(sheets),
        attachments=(said("Rekapitulasi nilai"), said("Lembar penilaian juri")),
        desk_fingerprint=FINGERPRINT,
        desk_words=WORDS,
        results_id=RESULTS_ID,
    )


def ranked(
    entries: list[tuple[str, str, str]], totals: dict[str, list[int | None]]
) -> tuple[RankRow, ...]:
    scores = {}
    for number, marks in totals.items():
        given = [mark for mark in marks if mark is not None]
        scores[number] = Fraction(sum(given), len(given))
    order = sorted(entries, key=lambda entry: (-scores[entry[0]], entry[0]))
    often = Counter(scores.values())
    rows = []
    for number, title, agency in order:
        place = 1 + sum(score > scores[number] for score in scores.values())
        rows.append(
            RankRow(
                place=place,
                number=number,
                title=title,
                organisation=agency,
                score=f"{float(scores[number]):.2f}",
                sheets=sum(mark is not None for mark in totals[number]),
                judge_totals=tuple(None if mark is None else str(mark) for mark in totals[number]),
                award="Top 6" if place <= 6 else None,
                shared=often[scores[number]] > 1,
                decided_by=said("rata-rata nilai kriteria Efektif") if number == "05" else None,
            )
        )
    return tuple(rows)


def small_report() -> Report:
    """Return a draft on F4 paper: two groups of three entries, a long title, nobody absent."""
    one = report(3, absent=0)
    rows = one.groups[0].rows
    long = (replace(rows[0], title=LONG_TITLE), *rows[1:])
    return replace(
        one,
        paper="F4",
        draft=True,
        number="027/12/35.73.112/2021",
        abstentions=(),
        groups=(
            GroupReport("umum", "Umum", long, one.groups[0].awards),
            GroupReport("replikasi", "Replikasi", rows, ()),
        ),
        remarks=(said("Presentasi inovasi 02 dilaksanakan melalui video."),),
    )
