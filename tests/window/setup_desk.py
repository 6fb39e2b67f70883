"""A desk in the days before the panel: entries that look alike, organisations, a checklist."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kipp_desktop.assets import asset
from kipp_desktop.services import (
    attachments,
    catalogues,
    importing,
    new_competition,
    selection,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home

if TYPE_CHECKING:
    from pathlib import Path

#: Beside the sample: 201 and 3 are one, 202 and 203 too; 204 has an agency of another spelling.
MORE = """\
nomor;judul;instansi;unit;kategori;ringkasan;mulai diterapkan;sdgs;pernyataan;video
201;Getar Dilan;Pemerintah Kabupaten Luwu Utara;Dinas Ketahanan Pangan;;\
Pekarangan warga ditanami sayur;01-02-2019;Tujuan 2;ya;https://contoh.go.id/getar-dilan
202;Si Dora Eman;Pemerintah Kota Malang;Dinas Kependudukan dan Pencatatan Sipil;Adminduk;\
Dokumen penduduk diantar ke rumah;15-01-2020;Tujuan 16;ya;
203;Si Dora Emon;Pemerintah Kota Malang;Dinas Kependudukan dan Pencatatan Sipil;;\
Dokumen penduduk diantar;2021;;belum;
204;Layanan Antar Jemput Pasien Rujukan Terpadu Satu Pintu bagi Warga Lanjut Usia dan \
Penyandang Disabilitas;Dispendukcapil Kota Malang;Puskesmas Dinoyo;;;;;;
"""
TREE = """\
nama;jenis;induk;wajib;singkatan
Pemerintah Kota Malang;Pemerintah daerah;;ya;
Dinas Kependudukan dan Pencatatan Sipil;Dinas;Pemerintah Kota Malang;ya;Disdukcapil
Dinas Pekerjaan Umum, Penataan Ruang, Perumahan dan Kawasan Permukiman;Dinas;\
Pemerintah Kota Malang;ya;DPUPRPKP
Kecamatan Lowokwaru;Kecamatan;Pemerintah Kota Malang;ya;
Kelurahan Dinoyo;Kelurahan;Kecamatan Lowokwaru;tidak;
Puskesmas Dinoyo;Puskesmas;Pemerintah Kota Malang;tidak;
Pemerintah Kabupaten Luwu Utara;Pemerintah daerah;;ya;
"""
PDF = b"%PDF-1.4\n% contoh\n" + b" " * 2048


def begin(folder: Path) -> Home:
    """Return the home of a desk with all of that; nothing is published yet."""
    home = Home(Context(home=folder / "meja"))
    table = {
        **catalogues.preset_table("kota"),
        "name": "KIPP Kota 2021",
        "organiser": "Bagian Organisasi Sekretariat Daerah",
        "year": 2021,
        "legal_basis": "Peraturan Wali Kota tentang Satu Perangkat Daerah Satu Inovasi",
        "person": [{"name": "Juri 1", "roles": ["judge"]}],
    }
    listed = new_competition.create_competition(home, table)
    files = {"lebih.csv": MORE, "organisasi.csv": TREE}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    proposal = folder / "Proposal Getar Dilan.pdf"
    proposal.write_bytes(PDF)
    with home.open(listed) as panel:
        importing.import_organisations(home, panel, folder / "organisasi.csv")
        importing.import_entries(home, panel, asset("resources", "sample", "entries.csv"))
        importing.import_entries(home, panel, folder / "lebih.csv")
        attachments.attach(home, panel, "201", proposal)
        selection.use_checklist(home, panel, catalogues.load_checklist("kipp"), date(2021, 2, 28))
    return home
