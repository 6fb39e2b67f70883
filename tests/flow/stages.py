"""A competition in two stages that judges mark: a proposal, then a presentation after a gate."""

from __future__ import annotations

from tests.flow.kipp import Competition, done, table

RUBRIC = """id = "{id}"
name = "{id}"
scale = {{min = "1", max = "10"}}
[[criterion]]
id = "{first}"
name = "{name}"
weight = "60"
[[criterion]]
id = "mutu"
name = "Mutu"
weight = "40"
{more}"""

RULES = """name = "KIPP Dua Tahap"
organiser = "Bagian Organisasi"
year = 2021
groups = ["umum"]
ties = ["criterion:mutu", "plenary"]
{approvals}
[[stage]]
id = "usulan"
kind = "proposal"
rubric = "usulan.toml"
combine = "gate"
advance = {{per_group = 2}}
[[stage]]
id = "presentasi"
kind = "presentation"
rubric = "presentasi.toml"
combine = "{combine}"
{more}
[[stage]]
id = "lapangan"
kind = "field"
combine = "correct"
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
"""

PANEL = '[[criterion]]\nid = "hadir"\nname = "Hadir"\nweight = "10"\nmarked_by = "panel"\n'

USULAN = {
    "Juri 1": {"01": (8, 7), "02": (9, 9), "03": (5, 6), "04": (2, 3)},
    "Juri 2": {"01": (7, 7), "02": (8, 9), "03": (6, 6), "04": (3, 3)},
}
PRESENTASI = {
    "Juri 1": {"01": (9, 9), "02": (8, 8)},
    "Juri 2": {"01": (9, 8), "02": (8, 9)},
}


def write_rubric(folder, name, first, more=""):
    """Write a rubric of two criteria, ``first`` and mutu, with weights 60 and 40."""
    text = RUBRIC.format(id=name, first=first, name=first.capitalize(), more=more)
    (folder / f"{name}.toml").write_text(text, "utf-8")


class Stages(Competition):
    def create(self, approvals="", combine="gate", panel=False, more=""):
        for name, first, extra in (
            ("usulan", "gagasan", ""),
            ("presentasi", "paparan", PANEL if panel else ""),
        ):
            write_rubric(self.folder, name, first, extra)
        rules = self.folder / "kompetisi.toml"
        rules.write_text(RULES.format(approvals=approvals, combine=combine, more=more), "utf-8")
        done(self.desk, "init", rules, "--no-passphrase", "--key-copy", self.folder / "stik")
        rows = [(f"0{n}", f"Inovasi {n}", "Dinas Kesehatan") for n in range(1, 5)]
        source = table(self.folder / "i.csv", ("No.", "Judul Inovasi", "Instansi"), rows)
        done(self.desk, "entries", "import", source)
        self.words = done(self.desk, "plan", "publish", "--out", self.package)["words"]
        for name in USULAN:
            self.admit(name)
        return self

    def mark(self, stage, first, marks, *extra):
        """Let both judges sign marks in a stage, and merge."""
        for name, given in marks.items():
            self.mark_one(name, stage, first, given, *extra)
            self.merge(self.file(name))

    def mark_one(self, name, stage, first, given, *extra):
        rows = [(number, *values) for number, values in given.items()]
        source = table(self.folder / "n.csv", ("nomor", first, "mutu"), rows)
        home = self.home(name)
        done(home, "scores", "import", source, "--stage", stage)
        done(home, "scores", "submit", "--all", "--stage", stage, *extra)
        done(home, "hand-in", "--out", self.file(name))
        return self.file(name)

    def ranked(self, *words):
        """Return ``{number: (place, exact, reached, award)}`` and whether it is complete."""
        answer = done(self.desk, "rank", *words)
        found = {
            item["number"]: (item["place"], item["exact"], item["reached"], item["award"])
            for group in answer["groups"]
            for item in group["entries"]
        }
        return found, answer["complete"]
