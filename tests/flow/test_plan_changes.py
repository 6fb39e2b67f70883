"""A plan that changes on the day: what is said before it is signed, and what comes of it."""

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.services import audit, judging, publishing
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests import second_reader
from tests.flow.kipp import done, kipp, marks_table, table

MARKS = {"01": (10, 5, 5, 5, 6), "02": (5, 10, 5, 5, 5), "03": (1, 1, 1, 1, 1)}


def change_rubric(home, edit):
    """Change the rubric of the next plan at the desk."""
    with home.open(home.choose()) as panel:
        tables = panel.workbench.document("rubrics")
        edit(tables[0])
        rules = panel.workbench.document("rules")
        rules["stages"][0]["rubric"] = read_rubric(tables[0]).fingerprint
        panel.workbench.set_document("rules", rules)
        panel.workbench.set_document("rubrics", tables)


def reweigh(rubric):
    for criterion, weight in zip(rubric["criterion"], ("10", "40"), strict=False):
        criterion["weight"] = weight


def rescale(rubric):
    rubric["criterion"][0]["scale"] = {"max": "5", "min": "1", "step": "1"}


def open_home(folder):
    return Home(Context(Path(folder)))


@pytest.fixture(scope="module")
def _marked(_planned, tmp_path_factory):
    marked = _planned.copy(tmp_path_factory.mktemp("marked"))
    for name in ("Juri 1", "Juri 2"):
        words = marked.join(name)["words"]
        done(marked.desk, "admit", marked.file(name, "kunci"), "--words", words)
        marked.score(name, MARKS)
    marked.merge(marked.file("Juri 1"), marked.file("Juri 2"))
    return marked


@pytest.fixture
def marked(_marked, tmp_path):
    return _marked.copy(tmp_path)


def test_a_weight_changed_after_marks_is_printed_with_the_places_before_and_after(marked):
    before, _ = marked.rank()
    change_rubric(open_home(marked.desk), reweigh)

    plan = done(marked.desk, "plan", "publish", "--out", marked.package)
    after, complete = marked.rank()
    out = marked.folder / "hasil"
    done(marked.desk, "publish", "--out", out)
    pdf = out / "berita-acara.pdf"
    minutes = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    said = " ".join(minutes.stdout.decode().split())
    checked = kipp(marked.folder / "luar", "verify", out / "hasil.kipp", pdf)
    found = [item for item in checked.json["checks"] if item["name"] == "rules-changed"]

    assert (before["01"], before["02"]) == ((1, "62"), (2, "60"))
    assert complete
    assert (after["02"], after["01"]) == ((1, str(Fraction(750, 11))), (2, str(Fraction(620, 11))))
    assert plan["changes"] == [
        "Bobot Kebaruan pada Presentasi: 20 → 10",
        "Bobot Efektif pada Presentasi: 20 → 40",
    ]
    assert plan["stale"] == []
    assert "Aturan berubah setelah 6 lembar yang diperhitungkan ditandatangani" in said
    assert "Bobot Kebaruan pada Presentasi: 20 → 10 dan Bobot Efektif" in said
    assert "Inovasi 02: peringkat 2 (Top 3) menurut aturan semula, sekarang peringkat 1" in said
    assert "Inovasi 01: peringkat 1 (Top 3) menurut aturan semula, sekarang peringkat 2" in said
    assert checked.status == 0, checked.out
    assert [item["ok"] for item in found] == [True] * 3
    second_reader.main(out / "hasil.kipp")


def test_marks_given_under_the_changed_rules_are_no_news(marked):
    home = open_home(marked.desk)
    change_rubric(home, reweigh)
    done(marked.desk, "plan", "publish", "--out", marked.package)
    for name in ("Juri 1", "Juri 2"):
        at_judge = marked.home(name)
        done(at_judge, "merge", marked.package)
        changed = {**MARKS, "01": (9, 5, 5, 5, 6), "02": (5, 9, 5, 5, 5), "03": (2, 1, 1, 1, 1)}
        source = marks_table(marked.folder / "lagi.csv", changed)
        done(at_judge, "scores", "import", source)
        done(at_judge, "scores", "submit", "--all", "--reason", "Bobot berubah")
        done(at_judge, "hand-in", "--out", marked.file(name))
    marked.merge(marked.file("Juri 1"), marked.file("Juri 2"))

    out = marked.folder / "hasil"
    done(marked.desk, "publish", "--out", out)
    checks = kipp(marked.folder / "luar", "verify", out / "hasil.kipp").json["checks"]

    assert [item for item in checks if item["name"] == "rules-changed"] == []


def test_a_changed_scale_says_whose_sheets_are_stale_and_keeps_their_marks(marked):
    desk = open_home(marked.desk)
    change_rubric(desk, rescale)

    dry = done(marked.desk, "plan", "publish", "--dry-run")
    with desk.open(desk.choose()) as panel:
        assert panel.state.plan.revision == 1
    signed = done(marked.desk, "plan", "publish", "--out", marked.package)
    with desk.open(desk.choose()) as panel:
        line = next(line for line in audit.trail(panel) if line.kind == "plan")
        trail = Catalogue.load("id").say(line.said)
    told = done(marked.home("Juri 1"), "merge", marked.package)
    again = done(marked.home("Juri 1"), "merge", marked.package)
    at_judge = open_home(marked.home("Juri 1"))
    with at_judge.open(at_judge.choose()) as panel:
        marker = judging.marker_of(panel, at_judge.card(panel.competition, "member"))
        views = {view.entry.number: view for view in judging.sheets(panel, marker)}

    assert {**dry, "file": signed["file"]} == signed
    change = "Skala Kebaruan pada Presentasi: 1 sampai 10 dengan langkah 1 → 1 sampai 5"
    assert change in dry["changes"][0]
    assert change in trail
    assert [text.split(" yang sudah")[0] for text in dry["stale"]] == [
        "3 lembar Juri 1",
        "3 lembar Juri 2",
    ]
    assert "Berikan paket baru kepada Juri 1, Juri 2" in dry["todo"]
    assert any(text.startswith("Juri 1 memeriksa kembali") for text in dry["todo"])
    assert told["plan_news"][0] == dry["changes"][0]
    assert told["plan_news"][1].startswith("3 lembar Anda yang sudah ditandatangani")
    assert "plan_news" not in again
    assert [views[n].state for n in ("01", "02", "03")] == ["draft", "complete", "complete"]
    assert views["01"].notes.private == "Kebaruan: 10"
    assert marked.rank()[1] is False


def test_a_judge_who_was_replaced_keeps_a_name_in_a_closed_stage(marked):
    desk = open_home(marked.desk)
    before, _ = marked.rank()
    done(marked.desk, "close", "presentasi")
    with desk.open(desk.choose()) as panel:
        gone = next(row.id for row in panel.workbench.people() if row.name == "Juri 2")
        panel.workbench.remove_people([gone])
    done(marked.desk, "people", "import", marked.people_table([("Juri 9", "juri", "")]))

    plan = done(marked.desk, "plan", "publish", "--out", marked.package)
    after, complete = marked.rank()
    out = marked.folder / "hasil"
    done(marked.desk, "publish", "--out", out)
    checked = kipp(marked.folder / "luar", "verify", out / "hasil.kipp")

    assert "Juri 2 keluar dari panel" in plan["changes"]
    assert "Juri 9 bergabung: juri" in plan["changes"]
    assert any("sudah ditutup" in text for text in plan["todo"])
    assert (after, complete) == (before, True)
    assert checked.status == 0, checked.out
    second_reader.main(out / "hasil.kipp")


def test_a_new_entry_says_who_has_to_mark_it(marked):
    rows = [("04", "Layanan Terlambat", "Bappeda")]
    source = table(marked.folder / "baru.csv", ("No.", "Judul Inovasi", "Instansi"), rows)
    done(marked.desk, "entries", "import", source)

    dry = done(marked.desk, "plan", "publish", "--dry-run")

    assert dry["changes"] == ["Inovasi baru 04: Layanan Terlambat"]
    assert dry["stale"] == []
    assert dry["todo"] == [
        "Berikan paket baru kepada Juri 1, Juri 2",
        "Juri 1 harus menilai pada Presentasi: 04",
        "Juri 2 harus menilai pada Presentasi: 04",
    ]


def test_a_medium_that_cannot_be_written_leaves_no_signed_publication(marked):
    desk = open_home(marked.desk)
    blocked = marked.folder / "stik"
    (blocked / "hasil").parent.mkdir(exist_ok=True)
    (blocked / "hasil").write_text("a file, no folder", "utf-8")

    answer = kipp(marked.desk, "publish", "--out", blocked / "hasil")

    assert answer.code == "cannot-write"
    with desk.open(desk.choose()) as panel:
        assert panel.state.publications == []


def test_a_medium_that_fails_after_signing_is_told_and_published_again(marked):
    desk = open_home(marked.desk)
    out = marked.folder / "hasil"
    (out / publishing.RESULTS).mkdir(parents=True)  # a folder where the file should stand

    answer = kipp(marked.desk, "publish", "--out", out)
    (out / publishing.RESULTS).rmdir()
    again = done(marked.desk, "publish", "--out", out)

    assert answer.code == "published-not-written"
    assert sorted(item.name for item in out.iterdir()) == sorted(
        Path(item["file"]).name for item in again["files"]
    )
    with desk.open(desk.choose()) as panel:
        assert len(panel.state.results) == 1
        assert len(panel.state.publications) == 2
