"""Loading a list of 10,000 entries with 15 columns, and finding the titles that are alike."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from kipp_desktop.domain.likeness import alike
from kipp_desktop.services import creating, importing
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROWS = 10_000
ROUNDS = 12
HEADINGS = (
    "No", "Judul Inovasi", "Instansi", "Unit Kerja", "Kelompok", "Kategori", "Ringkasan", "Kontak",
    "Telepon", "Tahun", "SDGs", "Alamat", "Tautan", "Pernyataan", "Anggaran",
)  # fmt: skip
WORDS = (
    "sistem informasi pelayanan terpadu kesehatan warga desa pintar gerakan tanam sayur sekolah "
    "siaga bencana ibu anak lansia digital cepat tepat kampung pasar bersih air sampah"
).split()
#: The parser alone, in a process of its own as every foreign file is read in.
ALONE = (
    "import sys; from python_calamine import load_workbook; "
    "load_workbook(open(sys.argv[1], 'rb')).get_sheet_by_index(0).to_python()"
)


def run() -> Iterator[Row]:
    """Measure the import against calamine alone, and the near-duplicates against a sort."""
    with tempfile.TemporaryDirectory(prefix="kipp-bench-") as folder:
        path = Path(folder, "inovasi.xlsx")
        titles = _write(path)
        home = Home(Context(Path(folder, "rumah")))
        wanted = creating.NewCompetition("KIPP", "Setda", 2021, "", "laptops")
        with home.open(creating.create(home, wanted)) as panel:
            floors, times = [], []
            command = [sys.executable, "-c", ALONE, str(path)]
            for _ in range(ROUNDS):
                floors.append(_seconds(lambda: subprocess.run(command, check=True)))
                panel.workbench.remove_entries([row.id for row in panel.workbench.entries()])
                times.append(_seconds(lambda: importing.import_entries(home, panel, path)))
                assert len(panel.workbench.entries()) == ROWS
    yield Row("load 10,000 x 15 XLSX, of calamine alone", min(floors), min(times), 3.0)
    yield Row("alike among 10,000 titles, of 2 s", 2.0, _seconds(lambda: alike(titles)), 1.0)


def _write(path: Path) -> list[str]:
    choose = random.Random(1)
    titles = []
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for row in range(ROWS):
            name = "".join(choose.choices("abdeikmnorstu", k=6))
            titles.append(" ".join((*choose.choices(WORDS, k=4), name)).title())
            sheet.write_row(row + 1, 0, [
                row + 1, titles[-1], f"Dinas {row % 40}", f"Unit {row % 300}", "umum", "Kesehatan",
                " ".join(choose.choices(WORDS, k=40)), "Narahubung", "0812345678", 2019, "SDG 3",
                "Jalan Merdeka", "https://contoh.id/x", "ya", 1_500_000])  # fmt: skip
    return titles


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
