"""The heaviest sheet that is promised to work: twelve criteria in three levels, 0-100 by 0.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.window import panels

if TYPE_CHECKING:
    from pathlib import Path

TITLE = (
    "Pelayanan Administrasi Kependudukan Terpadu Berbasis Partisipasi Masyarakat Kelurahan bagi "
    "Lansia, Penyandang Disabilitas, dan Warga Kepulauan Nomor {n}"
)
"""Some 150 letters, as such titles have."""
MEANING = "Data sebelum dan sesudah tersedia, masuk akal, dan dapat dijelaskan cara mengukurnya. "
BRANCHES = {
    "Kebaruan dan kesesuaian dengan masalah": ("Gagasan", "Pelaksanaan"),
    "Hasil dan manfaat bagi pengguna layanan": ("Capaian", "Pemerataan"),
    "Keberlanjutan dan peluang replikasi": ("Kelembagaan", "Penyebaran"),
}


def write_rubric(folder: Path) -> str:
    """Write the rubric beside a competition; return its file's name."""
    lines = [
        'id = "berat"',
        'name = "Dua belas kriteria dalam tiga tingkat"',
        'source = "contoh"',
        'total = "percent"',
        'scale = {min = "0", max = "100", step = "0.5"}',
    ]
    for a, (branch, twigs) in enumerate(BRANCHES.items()):
        lines += _criterion(1, f"c{a}", branch, "1")
        for b, twig in enumerate(twigs):
            lines += _criterion(2, f"c{a}-{b}", twig, "1")
            for c, leaf in enumerate(("kualitas bukti", "dampak yang terukur")):
                lines += _criterion(3, f"c{a}-{b}-{c}", f"{twig}: {leaf}", "1")
                low = f'{{from = "0", to = "49.5", text = "Belum. {MEANING}"}}'
                high = f'{{from = "50", to = "100", text = "{MEANING}"}}'
                lines += [f'description = "{2 * MEANING}"', f"levels = [{low}, {high}]"]
    (folder / "berat.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return "berat.toml"


def publish(folder: Path, entries: int) -> panels.Desk:
    """Publish a competition of such sheets, with titles of 150 letters."""
    return panels.publish_desk(folder, entries, rubric=write_rubric(folder), title=TITLE)


def _criterion(depth: int, name: str, title: str, weight: str) -> list[str]:
    path = ".".join(["criterion"] * depth)
    return ["", f"[[{path}]]", f'id = "{name}"', f'name = "{title}"', f'weight = "{weight}"']
