"""Run ``kipp`` in this process as a shell would, with a home of its own for everybody."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kipp_desktop.cli import main

CRITERIA = ("kebaruan", "efektif", "bermanfaat", "transfer", "berkelanjutan")


@dataclass(frozen=True)
class Answer:
    """What one command left behind: exit code, stdout, stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        """The one JSON object on stdout, and nothing else there."""
        value = json.loads(self.out)
        assert type(value) is dict
        assert self.out.count("\n") == 1
        return value

    @property
    def code(self):
        """The code of the error that is told on stdout, and in a sentence on stderr."""
        error = self.json["error"]
        assert set(error) == {"code", "message", "next"}
        assert error["message"] in self.err
        return error["code"]


def kipp(home, *words, home_option=True):
    """Run a command with ``--json``; ``home`` is the folder of ``--home``."""
    before = ["--home", str(home), "--json"] if home_option else ["--json"]
    return plain(*before, *words)


def plain(*words):
    """Run a command exactly as it is written."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(word) for word in words])
    return Answer(status, out.getvalue(), err.getvalue())


def done(home, *words):
    """Run a command that must succeed, and return its JSON."""
    answer = kipp(home, *words)
    assert answer.status == 0, answer.out + answer.err
    return answer.json


def table(path, header, rows):
    """Write a CSV table as a spreadsheet program in Indonesia does, and return its path."""
    lines = [";".join(map(str, row)) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def marks_table(path, marks):
    """Write marks, ``{number: (mark of each criterion)}``, and return the path."""
    return table(path, ("nomor", *CRITERIA), [(n, *given) for n, given in marks.items()])


MARKS = {
    "Juri 1": {"01": (9, 8, 7, 9, 6), "02": (7, 7, 7, 7, 7), "03": (5, 6, 5, 6, 5)},
    "Juri 2": {"01": (8, 8, 8, 8, 8), "02": (7, 6, 7, 6, 7), "03": (9, 9, 9, 9, 9)},
}


class Competition:
    """Three entries and two judges; the desk's home, and homes of the others beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = folder / "sekretariat"
        self.package = folder / "paket.kipp"

    def home(self, name):
        """Return the home of a member."""
        return self.folder / name.replace(" ", "-").lower()

    def create(self, people=None):
        """Create it, load it and publish the plan."""
        done(self.desk, "init", "--name", "KIPP Uji", "--organiser", "Bagian Organisasi",
             "--year", "2021", "--no-passphrase", "--key-copy", self.folder / "stik")  # fmt: skip
        done(self.desk, "entries", "import", self.entries_table())
        done(self.desk, "people", "import", self.people_table(people))
        self.words = done(self.desk, "plan", "publish", "--out", self.package)["words"]
        return self

    def entries_table(self):
        """Write the entries."""
        rows = [
            ("01", "Kebun Si Pintar", "Dinas Pendidikan"),
            ("02", "Getar Dilan", "Dinas Ketahanan Pangan"),
            ("03", "Peta Baper", "Bappeda"),
        ]
        return table(self.folder / "inovasi.csv", ("No.", "Judul Inovasi", "Instansi"), rows)

    def people_table(self, people=None):
        """Write the people."""
        rows = people or [
            ("Juri 1", "juri; ketua", ""),
            ("Juri 2", "juri", ""),
            ("Petugas 2", "petugas", ""),
        ]
        return table(self.folder / "panel.csv", ("Nama", "Peran", "Benturan"), rows)

    def join(self, name):
        """Let a member join, and return what ``join`` answered; the file is ``NAME-kunci.kipp``."""
        return done(self.home(name), "join", self.package, "--as", name, "--words", self.words,
                    "--out", self.file(name, "kunci"), "--no-passphrase")  # fmt: skip

    def file(self, name, kind="nilai"):
        """Return where a member's file is written."""
        return self.folder / f"{self.home(name).name}-{kind}.kipp"

    def score(self, name, marks=None):
        """Let a judge load and sign marks and hand in; returns the file."""
        home = self.home(name)
        source = marks_table(self.folder / f"{home.name}.csv", marks or MARKS[name])
        done(home, "scores", "import", source)
        done(home, "scores", "submit", "--all")
        done(home, "hand-in", "--out", self.file(name))
        return self.file(name)

    def admit(self, name):
        """Let a member join, and the desk compare the words."""
        words = self.join(name)["words"]
        done(self.desk, "admit", self.file(name, "kunci"), "--words", words)

    def admitted(self, name):
        """Let a judge join, be admitted and hand in everything; returns the file."""
        self.admit(name)
        return self.score(name)

    def merge(self, *files):
        """Merge at the desk, and return the outcomes."""
        answer = done(self.desk, "merge", *files)
        return [item["outcome"] for item in answer["files"]]

    def rank(self):
        """Return ``{number: (place, exact)}`` and whether it is complete."""
        answer = done(self.desk, "rank")
        places = {
            item["number"]: (item["place"], item["exact"])
            for group in answer["groups"]
            for item in group["entries"]
        }
        return places, answer["complete"]

    def copy(self, folder):
        """Return the same competition in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = type(self)(Path(folder))
        other.words = self.words
        return other


def clean_environment():
    """Forget what the shell that runs the tests may have set for ``kipp``."""
    for name in ("KIPP_HOME", "KIPP_PASSPHRASE", "KIPP_LANG"):
        os.environ.pop(name, None)
