"""A competition with a visit after the presentation: three entries, two judges, two verifiers.

A total is 6 x paparan + 4 x mutu (weights 60 and 40, marks 1 to 10).

    entry   Juri 1                Juri 2                mean
    01      9, 8: 54 + 32 = 86    8, 8: 48 + 32 = 80    83
    02      8, 8: 48 + 32 = 80    8, 9: 48 + 36 = 84    82
    03      7, 6: 42 + 24 = 66    7, 7: 42 + 28 = 70    68
"""

from __future__ import annotations

from datetime import datetime

from kipp_desktop.domain.sheet import Notes
from kipp_desktop.services import judging
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.camera import PLACE, pdf, photo
from tests.flow.kipp import Competition, done, table
from tests.flow.stages import write_rubric

RULES = """name = "KIPP Lapangan"
organiser = "Bagian Organisasi"
year = 2021
groups = ["umum"]
ties = ["criterion:mutu", "plenary"]
[[stage]]
id = "presentasi"
kind = "presentation"
rubric = "presentasi.toml"
advance = {{per_group = 3}}
[[stage]]
id = "verifikasi"
name = "Verifikasi lapangan"
kind = "field"
combine = "{combine}"
{more}
[[award]]
group = "umum"
tier = "Top 1"
size = 1
[[person]]
name = "Juri 1"
roles = ["judge", "chair"]
[[person]]
name = "Juri 2"
roles = ["judge"]
[[person]]
name = "Verifikator 1"
roles = ["verifier"]
[[person]]
name = "Verifikator 2"
roles = ["verifier"]
"""

MARKS = {
    "Juri 1": {"01": (9, 8), "02": (8, 8), "03": (7, 6), "04": (1, 1)},
    "Juri 2": {"01": (8, 8), "02": (8, 9), "03": (7, 7), "04": (1, 1)},
}
VERIFIERS = ("Verifikator 1", "Verifikator 2")
HEADER = (
    "nomor", "klaim", "kriteria", "temuan", "catatan", "foto", "keterangan foto", "mulai",
    "selesai", "tempat", "cara", "ditemui", "kesimpulan", "kriteria koreksi", "nilai usulan",
    "alasan",
)  # fmt: skip


class Field(Competition):
    """Judged and advanced; claims are in the plan, the verifiers have joined."""

    def create(self, combine="correct", more=""):
        for name in ("presentasi", "lapangan"):
            write_rubric(self.folder, name, "paparan")
        rules = self.folder / "kompetisi.toml"
        rules.write_text(RULES.format(combine=combine, more=more), "utf-8")
        done(self.desk, "init", rules, "--no-passphrase", "--key-copy", self.folder / "stik")
        rows = [
            (f"0{n}", f"Inovasi {n}", "Dinas Kesehatan", "-7.9500, 112.6100") for n in range(1, 5)
        ]
        header = ("No.", "Judul Inovasi", "Instansi", "Koordinat")
        done(self.desk, "entries", "import", table(self.folder / "i.csv", header, rows))
        self.words = done(self.desk, "plan", "publish", "--out", self.package)["words"]
        for name in MARKS:
            self.admit(name)
            self.mark(name)
        self.advance()
        for name in VERIFIERS:
            self.admit(name)
        return self

    def mark(self, name):
        rows = [(number, *values) for number, values in MARKS[name].items()]
        source = table(self.folder / "n.csv", ("nomor", "paparan", "mutu"), rows)
        home = self.home(name)
        done(home, "scores", "import", source)
        if name == "Juri 1":
            ask(home, "01", "Paparan: 200 pengguna sehari\nAda buku tamu")
            ask(home, "04", "Tidak ikut")
        done(home, "scores", "submit", "--all")
        done(home, "hand-in", "--out", self.file(name))
        self.merge(self.file(name))

    def advance(self):
        done(self.desk, "decide", "advance", "presentasi", "01", "02", "03", "--reason", "Terbaik")
        rows = [("02", "Mutu dijaga dengan SOP", "Mutu"), ("03", "Sudah dua tahun berjalan", "")]
        source = table(self.folder / "k.csv", ("nomor", "klaim", "kriteria"), rows)
        done(self.desk, "observe", "claims", source)
        done(self.desk, "plan", "publish", "--out", self.package)

    def photos(self, name, each=5):
        """Draw a verifier's card: five photos an entry, some with a place, one clock a day off."""
        folder = self.folder / f"kartu-{name[-1]}"
        folder.mkdir(exist_ok=True)
        for entry in (1, 2, 3):
            for number in range(1, each + 1):
                day = 17 if entry == 2 else 18
                photo(
                    folder / f"{entry}-{number}.jpg",
                    entry * 10 + number + 100 * int(name[-1]),
                    size=(400, 300) if number % 2 else (300, 400),
                    taken=datetime(2021, 3, day, 9, number),  # noqa: DTZ001 - a camera
                    place=PLACE if number % 2 else None,
                )
        return folder

    def observe(self, name, rows, *words):
        """Import a table of visits of a verifier; returns what the command answered."""
        source = table(self.folder / f"{self.home(name).name}.csv", HEADER, rows)
        return done(
            self.home(name), "observe", "import", source, "--photos", self.photos(name), *words
        )

    def visit(self, name, conclusions=None):
        """Let a verifier make three visits, sign and hand in; returns the file."""
        self.observe(name, visits_of(conclusions or CONCLUSIONS[name]))
        done(self.home(name), "hand-in", "--out", self.file(name))
        return self.file(name)


#: Entry: finding of its first claim, conclusion, criterion and mark, why.
CONCLUSIONS = {
    "Verifikator 1": {
        "01": ("tidak sesuai", "koreksi", "Paparan", "7", "Pengguna jauh lebih sedikit"),
        "02": ("sesuai sebagian", "koreksi", "Mutu", "10", "SOP sangat rapi"),
        "03": ("tidak sesuai", "rekomendasi gugur", "", "", "Tidak berjalan"),
    },
    "Verifikator 2": {
        "01": ("sesuai", "konfirmasi", "", "", "Sesuai paparan"),
        "02": ("sesuai sebagian", "konfirmasi", "", "", "SOP ada"),
        "03": ("tidak sesuai", "konfirmasi", "", "", "Sempat berhenti"),
    },
}
CLAIMS = {
    "01": ("200 pengguna sehari", "Ada buku tamu"),
    "02": ("Mutu dijaga dengan SOP",),
    "03": ("Sudah dua tahun berjalan",),
}


def quoted(cell):
    """Return a cell as a spreadsheet program writes it where it holds the delimiter."""
    return f'"{cell}"' if ";" in cell else cell


def visits_of(conclusions):
    """Return the rows of a table of visits."""
    rows = []
    for number, (finding, effect, criterion, mark, why) in conclusions.items():
        entry = int(number)
        names = [f"{entry}-{n}.jpg" for n in range(1, 6)]
        for position, claim in enumerate(CLAIMS[number]):
            first = position == 0
            rows.append(
                (
                    number, claim, "", finding if first else "sesuai", "Dilihat langsung",
                    "; ".join(names) if first else "", "Loket; Papan" if first else "",
                    "18/03/2021 09.00" if first else "", "11.00" if first else "",
                    f"Kantor desa {number}" if first else "", "kunjungan" if first else "",
                    "Kepala desa (Nama Uji)*; Warga" if first else "",
                    *((effect, criterion, mark, why) if first else ("", "", "", "")),
                )
            )  # fmt: skip
    return [tuple(map(quoted, row)) for row in rows]


def ask(home, number, text):
    """Let a judge write what is to be looked at in the field."""
    with opened(home) as (place, panel):
        card = place.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        entry = next(item.id for item in panel.setup.entries if item.number == number)
        judging.set_notes(place, panel, marker, entry, Notes(check=text))


class opened:  # noqa: N801 - reads as a word of the test
    """The home and panel of a folder, closed at the end."""

    def __init__(self, folder):
        self._home = Home(Context(folder))

    def __enter__(self):
        self._panel = self._home.open(self._home.choose(None))
        return self._home, self._panel

    def __exit__(self, *_):
        self._panel.close()


__all__ = ["CLAIMS", "CONCLUSIONS", "HEADER", "Field", "ask", "opened", "pdf", "visits_of"]
