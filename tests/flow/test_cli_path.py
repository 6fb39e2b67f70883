"""The whole path through the command line: load, score, merge, rank, publish, verify."""

import hashlib
import itertools
import json
import tomllib
from fractions import Fraction

import pytest

from kipp_desktop.assets import asset
from tests.flow.kipp import (
    CRITERIA,
    MARKS,
    Competition,
    done,
    kipp,
    marks_table,
    plain,
    table,
)

SHEETS = {name: sum(len(marks) for marks in [given]) for name, given in MARKS.items()}


def mean(number, *judges):
    """The score by hand: equal weights, scale to 10, so a sheet's total is twice its sum."""
    totals = [2 * sum(MARKS[judge][number]) for judge in judges or MARKS]
    return str(Fraction(sum(totals), len(totals)))


# -- creating --------------------------------------------------------------------------------------


def test_init_answers_with_the_competition_and_the_desks_words(tmp_path):
    answer = done(tmp_path / "rumah", "init", "--name", "Kompetisi", "--organiser", "Setda",
                  "--year", "2021", "--no-passphrase", "--rubric", "malang-2021", "--desk", "Meja",
                  "--preset", "kota", "--key-copy", tmp_path / "stik")  # fmt: skip

    assert set(answer) == {"competition", "desk"}
    assert set(answer["desk"]) == {"fingerprint", "words"}
    assert len(answer["desk"]["words"].split(" ")) == 6
    assert len(answer["competition"]) == len(answer["desk"]["fingerprint"]) == 64
    [copy] = (tmp_path / "stik").iterdir()
    kept = tmp_path / "rumah" / "identities" / f"{answer['desk']['fingerprint']}.json"
    assert copy.read_bytes() == kept.read_bytes()


def test_init_takes_a_competition_file_with_a_rubric_beside_it(tmp_path):
    rubric = asset("resources", "rubrics", "malang-2021.toml").read_text("utf-8")
    (tmp_path / "kita.toml").write_text(rubric.replace("malang-2021", "kita"), "utf-8")
    (tmp_path / "kompetisi.toml").write_text(
        """
        name = "KIPP Kita"
        organiser = "Setda"
        year = 2022
        groups = ["umum", "replikasi"]
        [[stage]]
        id = "presentasi"
        kind = "presentation"
        rubric = "kita.toml"
        combine = "weighted"
        weight = "100"
        [[person]]
        name = "Juri 1"
        roles = ["judge"]
        conflicts = ["entry:02"]
        [[person]]
        name = "Sekretariat"
        roles = ["secretary", "clerk"]
        """,
        "utf-8",
    )
    home = tmp_path / "rumah"

    done(home, "init", tmp_path / "kompetisi.toml", "--no-passphrase")

    rows = [("1", "A", "replikasi"), ("02", "B", "Replikasi"), ("3", "C", ""), ("4", "D", "khusus")]
    entries = table(tmp_path / "e.csv", ("nomor", "judul", "kelompok"), rows)
    report = done(home, "entries", "import", entries)
    assert [problem["row"] for problem in report["problems"]] == [5]
    people = {item["name"]: item["roles"] for item in done(home, "people", "list")["people"]}
    assert people["Juri 1"] == ["judge"]
    assert set(people["Sekretariat"]) == {"secretary", "clerk"}
    done(home, "plan", "publish", "--out", tmp_path / "paket.kipp")
    groups = [group["group"] for group in done(home, "rank")["groups"]]
    assert groups == ["umum", "replikasi"]
    [status] = done(home, "status")["people"]
    assert (status["person"], status["expected"]) == ("Juri 1", 2)


def test_init_by_options_takes_a_rubric_file_of_the_working_folder(tmp_path, monkeypatch):
    rubric = asset("resources", "rubrics", "malang-2021.toml").read_text("utf-8")
    (tmp_path / "kita.toml").write_text(rubric.replace("malang-2021", "kita"), "utf-8")
    monkeypatch.chdir(tmp_path)

    answer = kipp(tmp_path / "rumah", "init", "--name", "K", "--organiser", "S", "--year", "2021",
                  "--rubric", "kita.toml", "--no-passphrase")  # fmt: skip

    assert answer.status == 0, answer.err


def test_a_failed_init_leaves_nothing_behind(tmp_path):
    (tmp_path / "stik").write_text("a file, not a folder")

    answer = kipp(tmp_path / "rumah", "init", "--name", "K", "--organiser", "S", "--year", "2021",
                  "--no-passphrase", "--key-copy", tmp_path / "stik")  # fmt: skip

    assert (answer.status, answer.code) == (1, "cannot-write")
    left = [path for path in (tmp_path / "rumah").rglob("*") if path.is_file()]
    assert left == []


def test_rubric_list_show_and_check_answer_from_the_catalogue(tmp_path):
    path = asset("resources", "rubrics", "malang-2021.toml")

    listed = done(tmp_path, "rubric", "list")
    shown = done(tmp_path, "rubric", "show", "malang-2021")
    checked = done(tmp_path, "rubric", "check", path)

    assert "malang-2021" in [item["id"] for item in listed["rubrics"]]
    assert set(shown) <= set(tomllib.loads(path.read_text("utf-8")))
    assert [item["id"] for item in shown["criterion"]] == list(CRITERIA)
    assert checked["ok"] is True


def test_rubric_check_names_what_is_wrong(tmp_path):
    path = tmp_path / "salah.toml"
    path.write_text('id = "salah"\nname = "S"\n[[criterion]]\nid = "a"\nname = "A"\nweight = "x"\n')

    answer = kipp(tmp_path, "rubric", "check", path)

    assert answer.status == 1
    assert answer.code in {"bad-rubric", "bad-decimal"}


# -- loading ---------------------------------------------------------------------------------------


def test_importing_the_same_entries_again_skips_all_and_a_changed_one_updates(planned):
    report = done(planned.desk, "entries", "import", planned.entries_table())
    assert report == {"rows": 3, "added": 0, "updated": 0, "skipped": 3, "problems": [],
                      "warnings": []}  # fmt: skip
    changed = table(planned.folder / "x.csv", ("nomor", "judul", "instansi"),
                    [("1", "Kebun Si Pintar Sekali", "Dinas Pendidikan")])  # fmt: skip

    report = done(planned.desk, "entries", "import", changed)

    assert (report["updated"], report["added"]) == (1, 0)
    titles = [item["title"] for item in done(planned.desk, "entries", "list")["entries"]]
    assert "Kebun Si Pintar Sekali" in titles
    assert len(titles) == 3


def test_every_unusable_row_is_named_with_row_field_and_reason(planned):
    rows = [("7", ""), ("8", "Delapan"), ("08", "Delapan lagi")]
    source = table(planned.folder / "x.csv", ("nomor", "judul"), rows)

    report = done(planned.desk, "entries", "import", source)

    assert report["added"] == 1
    found = [(item["row"], item["field"]) for item in report["problems"]]
    assert found == [(2, "judul"), (4, "nomor")]
    assert all(item["problem"] for item in report["problems"])


def test_a_dry_run_changes_nothing_and_no_usable_row_exits_1(planned):
    source = table(planned.folder / "x.csv", ("nomor", "judul"), [("9", "Sembilan")])
    empty = table(planned.folder / "y.csv", ("nomor", "judul"), [("9", "")])

    report = done(planned.desk, "entries", "import", source, "--dry-run")
    refused = kipp(planned.desk, "entries", "import", empty)

    assert report["added"] == 1
    assert len(done(planned.desk, "entries", "list")["entries"]) == 3
    assert refused.status == 1
    assert refused.json["problems"][0]["row"] == 2


def test_columns_can_be_mapped_and_the_header_row_named(planned):
    source = planned.folder / "x.csv"
    source.write_text("Rekap\n\nUrut;Apa\n9;Sembilan\n", "utf-8")

    report = done(planned.desk, "entries", "import", source, "--header-row", "3",
                  "--map", "Urut=nomor", "--map", "Apa=judul")  # fmt: skip

    assert report["added"] == 1


def test_a_member_cannot_change_the_plan(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")

    for words in (
        ["entries", "import", planned.entries_table()],
        ["people", "import", planned.people_table()],
        ["organisations", "import", table(planned.folder / "o.csv", ("nama",), [("Dinas",)])],
        ["plan", "publish", "--out", planned.folder / "lain.kipp"],
        ["close", "presentasi"],
        ["publish", "--out", planned.folder / "hasil"],
    ):
        answer = kipp(home, *words)

        assert (answer.status, answer.code) in {(1, "no-identity"), (1, "incomplete")}, words
    assert not (planned.folder / "hasil").exists()


def test_publishing_an_unchanged_plan_again_keeps_its_revision(planned):
    again = done(planned.desk, "plan", "publish", "--out", planned.folder / "lagi.kipp")

    assert again["revision"] == 1
    assert again["words"] == planned.words
    done(planned.desk, "entries", "import",
         table(planned.folder / "x.csv", ("nomor", "judul"), [("9", "Sembilan")]))  # fmt: skip
    changed = done(planned.desk, "plan", "publish", "--out", planned.folder / "baru.kipp")
    assert changed["revision"] == 2


def test_a_plan_without_entries_or_judges_is_refused(tmp_path):
    home = tmp_path / "rumah"
    done(home, "init", "--name", "K", "--organiser", "S", "--year", "2021", "--no-passphrase")

    answer = kipp(home, "plan", "publish", "--out", tmp_path / "paket.kipp")

    assert (answer.status, answer.code) == (1, "empty-plan")
    assert not (tmp_path / "paket.kipp").exists()


# -- joining ---------------------------------------------------------------------------------------


def test_join_with_the_right_words_says_that_they_were_compared(planned):
    answer = planned.join("Juri 1")

    assert set(answer) == {"person", "fingerprint", "words", "compared"}
    assert answer["compared"] is True
    assert answer["person"] == "Juri 1"
    assert len(answer["words"].split(" ")) == 6


def test_join_without_words_says_that_nothing_was_compared(planned):
    answer = done(planned.home("Juri 1"), "join", planned.package, "--as", "Juri 1",
                  "--out", planned.folder / "k.kipp", "--no-passphrase")  # fmt: skip

    assert answer["compared"] is False


@pytest.mark.parametrize(
    ("words", "name", "code"),
    [("kerupuk tapir beda gergaji aspek curam", "Juri 1", "wrong-words"),
     ("bukan kata yang ada di sini", "Juri 1", "wrong-words"),
     (None, "Juri 9", "no-person")],
)  # fmt: skip
def test_a_join_that_is_refused_leaves_no_key_behind(planned, words, name, code):
    home = planned.folder / "rumah-baru"
    compare = ["--words", words or planned.words]

    answer = kipp(home, "join", planned.package, "--as", name, *compare,
                  "--out", planned.folder / "k.kipp", "--no-passphrase")  # fmt: skip

    assert (answer.status, answer.code) == (1, code)
    assert not (planned.folder / "k.kipp").exists()
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_joining_again_gives_the_same_key(planned):
    first = planned.join("Juri 1")

    again = planned.join("Juri 1")

    assert again["fingerprint"] == first["fingerprint"]


# -- scoring ---------------------------------------------------------------------------------------


def test_submit_signs_complete_sheets_and_lists_the_others(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")
    source = marks_table(planned.folder / "n.csv", {"01": (9, 8, 7, 9, 6), "02": (7, "", 7, 7, 7)})

    report = done(home, "scores", "import", source)
    answer = done(home, "scores", "submit", "--all")

    assert (report["rows"], report["added"], report["problems"]) == (2, 2, [])
    assert answer == {"submitted": ["01"], "incomplete": ["02", "03"]}
    assert done(home, "scores", "submit", "--all")["submitted"] == []
    handed = done(home, "hand-in", "--out", planned.file("Juri 1"))
    assert handed == {"file": str(planned.file("Juri 1")), "records": 2}


def test_marks_that_cannot_be_are_named_and_the_other_rows_load(planned):
    planned.join("Juri 1")
    source = marks_table(
        planned.folder / "n.csv",
        {"1": (11, 8, 7, 9, 6), "2": ("7,5", 7, 7, 7, 7), "3": (5, 6, 5, 6, 5), "44": (1,) * 5,
         "03": (1,) * 5},
    )  # fmt: skip

    report = done(planned.home("Juri 1"), "scores", "import", source)

    assert report["added"] == 1
    assert [item["row"] for item in report["problems"]] == [2, 3, 5, 6]


def test_a_corrected_sheet_needs_a_reason(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")
    planned.score("Juri 1")
    done(home, "scores", "import", marks_table(planned.folder / "n.csv", {"01": (1,) * 5}))

    refused = kipp(home, "scores", "submit", "--all")
    signed = done(home, "scores", "submit", "--entry", "1", "--reason", "Salah baris")

    assert (refused.status, refused.code) == (1, "reason-needed")
    assert signed["submitted"] == ["01"]


# -- merging ---------------------------------------------------------------------------------------


def test_a_file_whose_key_is_not_admitted_waits_and_counts_once_it_is(planned):
    words = planned.join("Juri 1")["words"]
    file = planned.score("Juri 1")

    waiting = planned.merge(file)
    wrong = kipp(planned.desk, "admit", file, "--words", planned.words)
    places, complete = planned.rank()
    admitted = done(planned.desk, "admit", file, "--words", words)

    assert waiting == ["waiting-for-key"]
    assert (wrong.status, wrong.code) == (1, "wrong-words")
    assert {place for place, _ in places.values()} == {None}
    assert not complete
    assert admitted == {"admitted": ["Juri 1"], "compared": True}
    places, _ = planned.rank()
    assert places["01"] == (1, mean("01", "Juri 1"))
    assert planned.merge(file) == ["nothing-new"]


def test_admit_without_words_needs_yes_and_the_record_says_so(planned):
    planned.join("Juri 1")
    file = planned.file("Juri 1", "kunci")

    refused = kipp(planned.desk, "admit", file)
    admitted = done(planned.desk, "admit", file, "--yes")

    assert (refused.status, refused.code) == (2, "usage")
    assert admitted["compared"] is False


def test_files_merge_in_any_order_and_twice_to_the_same_places(scored, tmp_path_factory):
    files = ["Juri 1", "Juri 2"]
    old = [scored.file(name, "kunci") for name in files]
    found = []

    for order in itertools.permutations([*(scored.file(name) for name in files), *old]):
        fresh = scored.copy(tmp_path_factory.mktemp("order"))
        again = [fresh.folder / path.name for path in order]
        for path in (*again, *reversed(again)):
            fresh.merge(path)
        found.append(fresh.rank())
        if len(found) == 5:
            break

    places, complete = found[0]
    assert complete
    assert places == {"01": (1, mean("01")), "02": (3, mean("02")), "03": (2, mean("03"))}
    assert all(item == found[0] for item in found)


def test_a_whole_file_is_taken_beside_one_that_is_refused(scored):
    torn = scored.folder / "rusak.kipp"
    torn.write_bytes(scored.file("Juri 1").read_bytes()[:-100])

    answer = kipp(scored.desk, "merge", torn, scored.file("Juri 2"), scored.folder / "tiada.kipp")

    assert answer.status == 1
    files = answer.json["files"]
    assert [item["outcome"] for item in files] == ["refused", "merged", "refused"]
    assert [set(item) for item in files] == [{"file", "outcome", "records", "reason"}] * 3
    assert [bool(item["reason"]) for item in files] == [True, False, True]
    assert [item["records"] for item in files] == [0, 3, 0]


def test_a_file_of_another_competition_is_refused(scored, tmp_path_factory):
    other = Competition(tmp_path_factory.mktemp("other")).create()

    answer = kipp(scored.desk, "merge", other.package)

    assert answer.status == 1
    assert answer.json["files"][0]["outcome"] == "refused"


def test_a_judge_takes_the_receipt_and_a_later_plan_by_merging(scored):
    receipt = scored.folder / "tanda-terima.kipp"
    done(scored.desk, "merge", scored.file("Juri 1"), "--receipt", receipt)

    answer = kipp(scored.home("Juri 1"), "merge", receipt)

    assert answer.status == 0, answer.err
    assert answer.json["files"][0]["outcome"] == "merged"
    assert done(scored.home("Juri 1"), "merge", receipt)["files"][0]["outcome"] == "nothing-new"
    done(scored.home("Juri 1"), "check")


def test_status_says_who_has_sent_what(scored):
    scored.merge(scored.file("Juri 1"))

    answer = done(scored.desk, "status")

    assert answer == {
        "people": [
            {"person": "Juri 1", "sent": 3, "expected": 3, "abstained": 0, "paper": 0},
            {"person": "Juri 2", "sent": 0, "expected": 3, "abstained": 0, "paper": 0},
        ],
        "complete": False,
    }


# -- paper -----------------------------------------------------------------------------------------


def type_paper(competition, judge, marks, *who):
    source = marks_table(competition.folder / "kertas.csv", marks)
    done(competition.desk, "scores", "import", source, "--as", judge, *who)
    return done(competition.desk, "scores", "submit", "--all", "--as", judge, *who)


def second_clerk(competition):
    done(competition.desk, "join", competition.package, "--as", "Petugas 2",
         "--out", competition.folder / "p2.kipp", "--no-passphrase")  # fmt: skip
    done(competition.desk, "admit", competition.folder / "p2.kipp", "--yes")
    return "--person", "Petugas 2"


def sent_on_paper(competition, judge):
    people = {item["person"]: item for item in done(competition.desk, "status")["people"]}
    return people[judge]["sent"], people[judge]["paper"]


def test_paper_typed_once_counts_when_the_judge_has_initialled_it(planned):
    typed = type_paper(planned, "Juri 2", MARKS["Juri 2"])

    before = sent_on_paper(planned, "Juri 2")
    checked = done(planned.desk, "paper", "check", "--as", "Juri 2", "--all")

    assert typed == {"submitted": ["01", "02", "03"], "incomplete": []}
    assert before == (0, 0)
    assert sorted(checked["checked"]) == ["01", "02", "03"]
    assert sent_on_paper(planned, "Juri 2") == (3, 3)
    assert done(planned.desk, "paper", "check", "--as", "Juri 2", "--all")["checked"] == []


def test_paper_typed_blind_by_two_clerks_counts_where_they_agree(planned):
    second = second_clerk(planned)
    type_paper(planned, "Juri 2", MARKS["Juri 2"])

    type_paper(planned, "Juri 2", {**MARKS["Juri 2"], "02": (7, 6, 7, 6, 8)}, *second)

    assert sent_on_paper(planned, "Juri 2") == (2, 2)
    source = marks_table(planned.folder / "k.csv", {"02": MARKS["Juri 2"]["02"]})
    done(planned.desk, "scores", "import", source, "--as", "Juri 2", *second)
    done(planned.desk, "scores", "submit", "--all", "--as", "Juri 2", *second, "--reason", "Ketik")
    assert sent_on_paper(planned, "Juri 2") == (3, 3)
    places, _ = planned.rank()
    assert places["02"][1] == mean("02", "Juri 2")


def test_the_same_clerk_typing_again_is_not_a_second_typing(planned):
    type_paper(planned, "Juri 2", MARKS["Juri 2"])

    again = type_paper(planned, "Juri 2", MARKS["Juri 2"])

    assert again["submitted"] == []
    assert sent_on_paper(planned, "Juri 2") == (0, 0)


def test_a_judges_own_sheet_beats_paper(scored):
    type_paper(scored, "Juri 1", {"01": (1, 1, 1, 1, 1)})
    done(scored.desk, "paper", "check", "--as", "Juri 1", "--entry", "01")
    assert sent_on_paper(scored, "Juri 1") == (1, 1)

    scored.merge(scored.file("Juri 1"))

    assert sent_on_paper(scored, "Juri 1") == (3, 0)
    places, _ = scored.rank()
    assert places["01"][1] == mean("01", "Juri 1")


# -- abstentions and statuses ----------------------------------------------------------------------


def test_an_abstention_recorded_at_the_desk_leaves_the_mean(scored):
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))

    done(scored.desk, "abstain", "--entry", "01", "--why", "conflict", "--reason", "Atasan",
         "--as", "Juri 2")  # fmt: skip

    places, complete = scored.rank()
    assert places["01"][1] == mean("01", "Juri 1")
    assert complete
    people = {item["person"]: item for item in done(scored.desk, "status")["people"]}
    assert (people["Juri 2"]["abstained"], people["Juri 2"]["expected"]) == (1, 2)


def test_a_judges_own_abstention_travels_with_the_sheets(planned):
    words = planned.join("Juri 1")["words"]
    done(planned.desk, "admit", planned.file("Juri 1", "kunci"), "--words", words)

    answer = done(planned.home("Juri 1"), "abstain", "--entry", "1", "--why", "conflict",
                  "--reason", "Keluarga")  # fmt: skip
    planned.merge(planned.score("Juri 1", {"02": (7,) * 5, "03": (7,) * 5}))

    assert answer == {"abstained": ["1"]}
    people = {item["person"]: item for item in done(planned.desk, "status")["people"]}
    assert people["Juri 1"] == {"person": "Juri 1", "sent": 2, "expected": 2, "abstained": 1,
                                "paper": 0}  # fmt: skip


def test_a_judge_takes_an_abstention_back(planned):
    words = planned.join("Juri 1")["words"]
    done(planned.desk, "admit", planned.file("Juri 1", "kunci"), "--words", words)
    home = planned.home("Juri 1")
    done(home, "abstain", "--entry", "01", "02", "--why", "conflict", "--reason", "Keluarga")

    answer = done(home, "abstain", "--withdraw", "--entry", "01", "--reason", "Salah nomor")
    planned.merge(planned.score("Juri 1", {"01": (7,) * 5, "03": (7,) * 5}))

    assert answer == {"withdrawn": ["01"]}
    people = {item["person"]: item for item in done(planned.desk, "status")["people"]}
    assert (people["Juri 1"]["sent"], people["Juri 1"]["abstained"]) == (2, 1)
    again = kipp(home, "abstain", "--withdraw", "--entry", "01", "--reason", "Lagi")
    assert (again.status, again.code) == (1, "not-abstained")


def test_the_desk_takes_back_only_what_it_recorded(scored):
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))
    done(scored.desk, "abstain", "--all", "--why", "absent", "--reason", "Sakit", "--as", "Juri 2")

    some = kipp(scored.desk, "abstain", "--withdraw", "--entry", "01", "--reason", "x",
                "--as", "Juri 2")  # fmt: skip
    done(scored.desk, "abstain", "--withdraw", "--all", "--reason", "Datang", "--as", "Juri 2")

    assert (some.status, some.code) == (1, "abstained-from-all")
    people = {item["person"]: item for item in done(scored.desk, "status")["people"]}
    assert (people["Juri 2"]["sent"], people["Juri 2"]["abstained"]) == (3, 0)


def test_an_absent_judge_is_not_waited_for(scored):
    scored.merge(scored.file("Juri 1"))

    done(scored.desk, "abstain", "--all", "--why", "absent", "--reason", "Sakit", "--as", "Juri 2")

    _, complete = scored.rank()
    assert complete


def test_an_absent_entry_has_no_place(scored):
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))

    answer = done(scored.desk, "entry-status", "01", "absent", "--reason", "Tidak hadir")

    assert answer == {"number": "01", "status": "absent"}
    places, complete = scored.rank()
    assert (places["01"][0], places["03"][0], complete) == (None, 1, True)


# -- ranking, deciding, publishing -----------------------------------------------------------------


def test_rank_has_the_shape_that_scripts_rely_on(scored):
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))

    answer = done(scored.desk, "rank", "--group", "umum")

    assert set(answer) == {"complete", "groups"}
    [group] = answer["groups"]
    first = group["entries"][0]
    assert first == {
        "place": 1,
        "number": "01",
        "title": "Kebun Si Pintar",
        "score": "79.00",
        "exact": "79",
        "sheets": 2,
        "reached": "presentasi",
        "award": "Top 3",
    }
    assert done(scored.desk, "rank", "--group", "khusus")["groups"] == []


TIED = {"01": (7,) * 5, "02": (7,) * 5, "03": (5,) * 5}


def test_a_tie_is_shared_until_the_plenary_decides_it(planned):
    for name in MARKS:
        words = planned.join(name)["words"]
        done(planned.desk, "admit", planned.file(name, "kunci"), "--words", words)
        planned.merge(planned.score(name, TIED))
    places, _ = planned.rank()
    assert [place for place, _ in places.values()] == [1, 1, 3]

    answer = done(planned.desk, "decide", "tie", "02", "01", "--reason", "Musyawarah")

    assert answer == {"order": ["02", "01"], "by": "plenary"}
    places, _ = planned.rank()
    assert {number: place for number, (place, _) in places.items()} == {"02": 1, "01": 2, "03": 3}
    drawn = done(planned.desk, "decide", "tie", "01", "02", "--by", "lot", "--reason", "Undian")
    assert sorted(drawn["order"]) == ["01", "02"]


@pytest.mark.parametrize("numbers", [["01"], ["01", "1"], ["01", "77"]])
def test_a_tie_of_fewer_than_two_entries_is_refused(planned, numbers):
    answer = kipp(planned.desk, "decide", "tie", *numbers, "--reason", "Salah")

    assert answer.status == 1
    assert answer.code in {"bad-tie", "no-entry"}


def test_publish_names_the_missing_sheets_and_signs_nothing(scored):
    scored.merge(scored.file("Juri 1"))

    answer = kipp(scored.desk, "publish", "--out", scored.folder / "hasil")

    assert (answer.status, answer.code) == (1, "incomplete")
    assert "Juri 2" in answer.json["error"]["message"]
    assert not (scored.folder / "hasil").exists()
    assert done(scored.desk, "close", "presentasi") == {"closed": "presentasi"}


def test_publish_writes_the_documents_that_it_names(published):
    answer = published.results

    assert set(answer) == {"results", "files"}
    names = [item["file"].rpartition("/")[2] for item in answer["files"]]
    assert sorted(names) == [
        "berita-acara.pdf", "hasil-publik.kipp", "hasil.kipp", "rekapitulasi.xlsx"
    ]  # fmt: skip
    for item in answer["files"]:
        path = published.folder / "hasil" / item["file"].rpartition("/")[2]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == item["sha256"]


def test_publishing_again_is_a_new_publication_of_the_same_results(published):
    again = done(published.desk, "publish", "--out", published.folder / "lagi")

    assert again["results"] == published.results["results"]
    verified = plain("verify", "--json", *(published.folder / "lagi").glob("*.kipp"))
    assert verified.status == 0, verified.out


def test_a_closed_stage_takes_no_more_marks(published):
    refused = kipp(published.desk, "close", "presentasi")
    done(published.desk, "merge", published.file("Juri 1"))

    assert (refused.status, refused.code) == (1, "already-closed")
    receipt = published.folder / "t.kipp"
    done(published.desk, "merge", published.file("Juri 2"), "--receipt", receipt)
    home = published.home("Juri 2")
    done(home, "merge", receipt)
    source = marks_table(published.folder / "n.csv", {"01": (1,) * 5})
    late = kipp(home, "scores", "import", source, "--stage", "presentasi")
    assert late.status == 1
    assert late.json["problems"][0]["row"] == 2


# -- verifying -------------------------------------------------------------------------------------


def files_of(published):
    folder = published.folder / "hasil"
    return [folder / name for name in ("hasil.kipp", "hasil-publik.kipp", "berita-acara.pdf")]


def test_verify_needs_no_home_and_recomputes_the_ranking(published):
    ranked = done(published.desk, "rank")

    answer = plain("--home", published.folder / "tidak-ada", "verify", *files_of(published),
                   "--json", "--desk-words", published.words)  # fmt: skip

    assert answer.status == 0, answer.out
    found = answer.json
    assert set(found) == {"ok", "signer", "checks", "recomputed"}
    assert (found["ok"], found["signer"]) == (True, "compared")
    assert all(set(check) == {"name", "ok", "detail"} for check in found["checks"])
    numbers = [item["exact"] for item in found["recomputed"]["groups"][0]["entries"]]
    assert numbers == [item["exact"] for item in ranked["groups"][0]["entries"]]
    assert not (published.folder / "tidak-ada").exists()


def test_verify_without_words_says_that_the_signer_was_not_compared(published):
    answer = plain("verify", "--json", *files_of(published))

    assert (answer.status, answer.json["signer"]) == (0, "not compared")


def test_verify_answers_3_for_what_is_not_wholly_right(published):
    result = files_of(published)[0]
    torn, text = published.folder / "t.kipp", published.folder / "t.txt"
    torn.write_bytes(result.read_bytes()[:-1])
    text.write_text("not a zip")

    wrong = plain("verify", "--json", result, "--desk-words", " ".join(["abai"] * 6))

    assert wrong.status == 3
    for path in (torn, text):
        answer = plain("verify", "--json", path)
        assert (answer.status, answer.json["ok"]) == (3, False)
        assert path.name in answer.out


def test_verify_answers_1_only_for_a_path_that_cannot_be_read(published):
    missing = plain("verify", "--json", published.folder / "tiada.kipp")
    folder = plain("verify", "--json", published.folder)

    assert (missing.status, missing.code) == (1, "cannot-read")
    assert (folder.status, folder.code) == (1, "cannot-read")


def test_check_recomputes_everything_that_is_here(published):
    answer = done(published.desk, "check")

    assert answer["ok"] is True
    assert {item["name"] for item in answer["checks"]} == {
        "ledger",
        "database",
        "drafts",
        "projection",
    }


def test_json_survives_in_a_file_as_it_was_printed(published):
    answer = plain("verify", "--json", *files_of(published))

    assert json.loads(answer.out.encode()) == answer.json
