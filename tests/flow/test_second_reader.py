"""The second reader, written from the formats alone, finds the places that the program found."""

import random
import subprocess
import sys

import pytest

from tests import second_reader
from tests.flow.kipp import done
from tests.flow.stages import PRESENTASI, USULAN, Stages
from tests.flow.test_stages import _proposed, proposed  # noqa: F401 - fixtures

RUBRIC = """id = "campur"
name = "Campur"
total = "{total}"
scale = {{min = "1", max = "10", step = "0.5"}}
[[criterion]]
id = "a"
name = "A"
weight = "60"
[[criterion.criterion]]
id = "a1"
name = "A1"
weight = "1"
[[criterion.criterion]]
id = "a2"
name = "A2"
weight = "2"
scale = {{min = "0", max = "4"}}
[[criterion]]
id = "b"
name = "B"
weight = "33.3"
"""

RULES = """name = "KIPP Acak"
organiser = "Bagian Organisasi"
year = 2021
groups = ["umum", "khusus"]
ties = ["criterion:b", "median", "fewest-below:5", "lot"]
rounding = {{digits = {digits}, when = "{when}"}}
[[stage]]
id = "presentasi"
rubric = "campur.toml"
combine = "gate"
between_judges = "{between}"
missing = "{missing}"
quorum = 2
[[award]]
group = "umum"
tier = "Top 2"
size = 2
{persons}"""

JUDGES = [f"Juri {n}" for n in range(1, 5)]


def verified(stages):
    out = stages.folder / "hasil"
    done(stages.desk, "publish", "--out", out)
    return second_reader.check(out / "hasil.kipp")


class Random(Stages):
    """Four judges at one desk, on paper, with marks from a seed."""

    def create(self, seed, between, when, missing, total):
        dice = random.Random(seed)
        (self.folder / "campur.toml").write_text(RUBRIC.format(total=total), "utf-8")
        persons = "".join(f'[[person]]\nname = "{n}"\nroles = ["judge"]\n' for n in JUDGES)
        rules = self.folder / "k.toml"
        rules.write_text(
            RULES.format(
                between=between, when=when, missing=missing, persons=persons,
                digits=dice.randrange(3),
            ),
            "utf-8",
        )  # fmt: skip
        done(self.desk, "init", rules, "--no-passphrase", "--key-copy", self.folder / "stik")
        numbers = [f"0{n}" for n in range(1, 8)]
        rows = [(n, f"Inovasi {n}", "umum" if n < "05" else "khusus") for n in numbers]
        source = self.folder / "i.csv"
        source.write_text(
            "nomor;judul;kelompok\n" + "".join(";".join(row) + "\n" for row in rows), "utf-8"
        )
        done(self.desk, "entries", "import", source)
        done(self.desk, "plan", "publish", "--out", self.package)
        for number, judge in enumerate(JUDGES):
            given = numbers if missing == "block" or number < 2 else dice.sample(numbers, 4)
            marks = self.folder / "m.csv"
            marks.write_text(
                "nomor;a1;a2;b\n"
                + "".join(
                    f"{n};{dice.choice([3, 3.5, 7])};{dice.choice([0, 2, 4])}"
                    f";{dice.choice([4, 8])}\n"
                    for n in given
                ),
                "utf-8",
            )
            done(self.desk, "scores", "import", marks, "--as", judge)
            done(self.desk, "scores", "submit", "--all", "--as", judge)
            done(self.desk, "paper", "check", "--all", "--as", judge)
        if dice.random() < 0.5:
            done(self.desk, "entry-status", "03", "absent", "--reason", "Tidak hadir")
        ties = [d["numbers"] for d in done(self.desk, "decide", "list")["decisions"]]
        for tied in ties:
            if len(tied) > 1:
                done(self.desk, "decide", "tie", *tied, "--by", "lot", "--reason", "Diundi")
        return self


@pytest.mark.parametrize(
    ("seed", "between", "when", "missing", "total"),
    [
        (1, "mean", "print", "block", "percent"),
        (2, "median", "stage", "present", "sum"),
        (3, "trimmed-mean", "final", "present", "percent"),
        (4, "placing", "print", "block", "sum"),
        (5, "placing", "final", "present", "percent"),
    ],
)
def test_it_finds_the_same_places_under_every_rule(  # noqa: PLR0917 - a rule each
    tmp_path, seed, between, when, missing, total
):
    stages = Random(tmp_path).create(seed, between, when, missing, total)

    published, computed, complete = verified(stages)

    assert complete
    assert computed == published


def test_it_finds_the_same_places_after_a_gate_and_every_decision(proposed):  # noqa: F811
    desk = proposed.desk
    done(desk, "decide", "advance", "usulan", "01", "02", "03", "--reason", "Tiga terbaik")
    more = {name: {**given, "03": (8, 8)} for name, given in PRESENTASI.items()}
    proposed.mark("presentasi", "paparan", more)
    done(desk, "decide", "tie", "03", "02", "--reason", "Pleno")
    done(desk, "decide", "deviate", "02", "--reason", "Manfaat")
    done(desk, "decide", "correct", "01", "--stage", "presentasi", "--criterion", "mutu",
         "--mark", "3", "--reason", "Terbukti")  # fmt: skip
    done(desk, "close", "presentasi")
    late = proposed.mark_one(
        "Juri 2", "presentasi", "paparan", {"03": (2, 2)}, "--reason", "Keliru"
    )
    proposed.merge(late)
    done(desk, "decide", "accept", "--judge", "Juri 2", "--entry", "03", "--stage", "presentasi",
         "--reason", "Listrik padam")  # fmt: skip

    published, computed, complete = verified(proposed)

    assert complete
    assert computed == published
    assert {row["status"] for row in computed[0]["entries"]} == {"present", "not-advanced"}


def test_it_averages_weighted_stages_and_adds_the_panels_marks(tmp_path):
    stages = Stages(tmp_path).create(combine="weighted", panel=True)
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    stages.mark("presentasi", "paparan", PRESENTASI)
    for number, mark in (("01", "10"), ("02", "4")):
        done(stages.desk, "panel-mark", "--entry", number, "--criterion", "hadir", mark)

    published, computed, complete = verified(stages)

    assert complete
    assert computed == published


def test_it_runs_alone(published):
    file = published.folder / "hasil" / "hasil.kipp"

    ran = subprocess.run(
        [sys.executable, "-I", second_reader.__file__, file], capture_output=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert b"computed anew" in ran.stdout
