"""Two verifiers, three visits each, 30 photos: from the card to the ranking, by the command line.

The means before are computed in ``tests/flow/field.py``: 01 has 83, 02 has 82, 03 has 68.
Verifikator 1 proposes paparan 7 for 01, mutu 10 for 02, and to disqualify 03.

- 01 accepted: with paparan 7 both judges' sheets are 6 x 7 + 4 x 8 = 74, the mean 74.
- 02 refused: 82 stays. 03 disqualified: no place.

So 02 is first with 82 and 01 second with 74, where before 01 was first with 83.
"""

import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from kipp_desktop.services import backups, carrying, fieldwork, inbox
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.field import CONCLUSIONS, HEADER, Field, opened, visits_of
from tests.flow.kipp import done, kipp, table


@pytest.fixture(scope="session")
def _advanced(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("field")).create()


@pytest.fixture(scope="session")
def _visited(_advanced, tmp_path_factory):
    """Both verifiers have signed three visits; nothing of it is at the desk."""
    visited = _advanced.copy(tmp_path_factory.mktemp("visited"))
    for name in CONCLUSIONS:
        visited.visit(name)
    return visited


@pytest.fixture
def advanced(_advanced, tmp_path):
    return _advanced.copy(tmp_path)


@pytest.fixture
def visited(_visited, tmp_path):
    return _visited.copy(tmp_path)


def ranked(field):
    places, complete = field.rank()
    return places, complete


def listed(home):
    return {row["number"]: row for row in done(home, "observe", "list")["visits"]}


def test_claims_of_judges_and_of_the_desk_reach_the_verifier(advanced):
    rows = listed(advanced.home("Verifikator 1"))

    assert list(rows) == ["01", "02", "03"]
    assert [(c["claim"], c["criterion"]) for c in rows["01"]["claims"]] == [
        ("200 pengguna sehari", "paparan"),
        ("Ada buku tamu", None),
    ]
    assert [(c["claim"], c["criterion"]) for c in rows["02"]["claims"]] == [
        ("Mutu dijaga dengan SOP", "mutu")
    ]


def test_what_judges_ask_stays_at_home_until_it_is_decided_who_goes_on(advanced):
    with opened(advanced.home("Verifikator 1")) as (_, panel):
        texts = [text for _, _, text in panel.setup.claims]

    assert "Tidak ikut" not in texts


def test_visits_with_photos_are_signed_handed_in_and_merged(visited):
    outcomes = visited.merge(*(visited.file(name) for name in CONCLUSIONS))
    rows = listed(visited.desk)

    assert outcomes == ["merged", "merged"]
    assert [len(row["observations"]) for row in rows.values()] == [2, 2, 2]
    assert sum(o["photos"] for row in rows.values() for o in row["observations"]) == 30


def test_before_and_after_the_panels_decisions_are_as_computed_by_hand(visited):
    visited.merge(*(visited.file(name) for name in CONCLUSIONS))
    before, complete = visited.rank()
    waiting = done(visited.desk, "decide", "list")["decisions"]
    records = {o["effect"]: o["record"] for r in listed(visited.desk).values()
               for o in r["observations"] if o["effect"] != "confirm"}  # fmt: skip
    first = next(o["record"] for o in listed(visited.desk)["01"]["observations"]
                 if o["effect"] == "correct")  # fmt: skip
    done(visited.desk, "decide", "correct", "01", "--stage", "presentasi", "--criterion",
         "paparan", "--mark", "7", "--observation", first, "--reason", "Terbukti")  # fmt: skip
    second = next(o["record"] for o in listed(visited.desk)["02"]["observations"]
                  if o["effect"] == "correct")  # fmt: skip
    done(visited.desk, "decide", "correct", "02", "--stage", "presentasi", "--criterion", "mutu",
         "--reject", "--observation", second, "--reason", "Sudah dinilai juri")  # fmt: skip
    done(visited.desk, "decide", "disqualify", "03", "--observation", records["disqualify"],
         "--reason", "Tidak berjalan")  # fmt: skip
    after, _ = visited.rank()
    left = done(visited.desk, "decide", "list")["decisions"]

    assert complete
    assert {n: before[n] for n in ("01", "02", "03")} == {
        "01": (1, "83"),
        "02": (2, "82"),
        "03": (3, "68"),
    }
    assert sorted(item["about"] for item in waiting) == ["correct", "correct", "disqualify"]
    assert {n: after[n] for n in ("01", "02", "03")} == {
        "01": (2, "74"),
        "02": (1, "82"),
        "03": (None, None),
    }
    assert left == []


def test_the_result_is_published_and_verified_and_private_things_stay_out_of_it(visited):
    visited.merge(*(visited.file(name) for name in CONCLUSIONS))
    out = visited.folder / "hasil"
    done(visited.desk, "publish", "--out", out)

    checked = kipp(visited.folder / "luar", "verify", out / "hasil.kipp", out / "berita-acara.pdf")
    public = zipfile.ZipFile(out / "hasil-publik.kipp")
    data = b"".join(public.read(name) for name in public.namelist())
    public.close()

    assert checked.status == 0, checked.out
    assert b"Nama Uji" not in data
    assert b"JFIF" not in data


def test_a_later_observation_replaces_the_earlier_one_and_says_why(visited):
    home = visited.home("Verifikator 1")
    rows = visits_of({"01": ("sesuai", "konfirmasi", "", "", "Ternyata benar")})
    source = table(visited.folder / "lagi.csv", HEADER, rows)
    without = kipp(home, "observe", "import", source, "--photos", visited.folder / "kartu-1")
    done(home, "observe", "submit", "--entry", "01", "--reason", "Salah hitung")
    done(home, "hand-in", "--out", visited.file("Verifikator 1"))
    visited.merge(visited.file("Verifikator 1"))

    waiting = [item["numbers"] for item in done(visited.desk, "decide", "list")["decisions"]]

    assert without.code == "reason-needed"
    assert ["01"] not in waiting
    assert ["02"] in waiting


def test_where_two_verifiers_differ_is_shown_until_one_approves_the_other(visited):
    visited.merge(*(visited.file(name) for name in CONCLUSIONS))
    before = listed(visited.desk)["01"]["differences"]
    home = visited.home("Verifikator 2")
    done(home, "merge", visited.file("Verifikator 1"))
    done(home, "observe", "approve", "--of", "Verifikator 1", "--entry", "01")
    done(home, "hand-in", "--out", visited.file("Verifikator 2", "setuju"))
    visited.merge(visited.file("Verifikator 2", "setuju"))

    row = listed(visited.desk)["01"]

    assert len(before) == 2
    assert row["differences"] == []
    assert [o["approved"] for o in row["observations"]] == [["Verifikator 2"], []]


def test_a_verifier_cannot_approve_their_own_observation(visited):
    answer = kipp(visited.home("Verifikator 1"), "observe", "approve", "--of", "Verifikator 1",
                  "--entry", "01")  # fmt: skip

    assert answer.code == "own-observation"


def test_a_visit_with_gaps_stays_a_draft_and_says_what_is_missing(advanced):
    rows = [("01", "200 pengguna sehari", *[""] * 14)]

    answer = advanced.observe("Verifikator 1", rows)

    assert answer["submitted"] == []
    assert answer["incomplete"] == ["01"]
    assert len(answer["gaps"]["01"]) >= 5


def test_a_conclusion_that_contradicts_the_claims_asks_a_question(advanced):
    rows = visits_of({"03": ("tidak sesuai", "konfirmasi", "", "", "Tetap baik")})

    answer = advanced.observe("Verifikator 1", rows)

    assert answer["submitted"] == ["03"]
    assert len(answer["questions"]) == 1


def test_a_judge_is_no_verifier(advanced):
    source = table(advanced.folder / "v.csv", HEADER, visits_of(CONCLUSIONS["Verifikator 2"]))

    answer = kipp(advanced.home("Juri 1"), "observe", "import", source)

    assert answer.code == "no-verifier"


def test_words_and_files_that_are_not_there_are_named_by_their_row(advanced):
    rows = [
        ("01", "200 pengguna sehari", "Tanpa nama", "barangkali", "", "hilang.jpg", *[""] * 10),
        ("09", "x", *[""] * 14),
    ]

    problems = advanced.observe("Verifikator 1", rows)["problems"]

    assert [(p["row"], p["field"]) for p in problems] == [
        (3, "nomor"),
        (2, "kriteria"),
        (2, "temuan"),
        (2, "foto"),
    ]


def test_the_same_import_again_changes_nothing(visited):
    home = visited.home("Verifikator 1")
    source = visited.folder / f"{home.name}.csv"

    again = done(home, "observe", "import", source, "--photos", visited.folder / "kartu-1")

    assert again["photos"] == 0
    assert again["submitted"] == []
    assert again["incomplete"] == []


def test_a_broken_photo_is_named_and_the_others_are_taken(advanced):
    folder = advanced.photos("Verifikator 1")
    data = (folder / "1-2.jpg").read_bytes()
    (folder / "1-2.jpg").write_bytes(data[: len(data) // 2])
    source = table(advanced.folder / "v.csv", HEADER, visits_of(CONCLUSIONS["Verifikator 1"]))

    answer = done(advanced.home("Verifikator 1"), "observe", "import", source, "--photos", folder)

    assert answer["photos"] == 14
    assert [p["field"] for p in answer["problems"]] == ["foto"]


def test_the_papers_of_the_field_are_written_and_hold_no_name_of_people_met(visited):
    visited.merge(*(visited.file(name) for name in CONCLUSIONS))

    after = done(visited.desk, "observe", "print", "--out", visited.folder / "sesudah")["files"]
    before = done(visited.desk, "observe", "print", "--before", "--out", visited.folder / "s")

    assert len(after) == 3 + 2
    assert len(before["files"]) == 1 + 3
    document = pypdfium2.PdfDocument(after[0])
    text = "".join(document[n].get_textpage().get_text_bounded() for n in range(len(document)))
    document.close()
    assert "Kepala desa" in text
    assert "Nama Uji" not in text
    assert "Loket" in text


# -- in parts --------------------------------------------------------------------------------------


def carried(field, name, size):
    """Write a verifier's photos in parts of ``size`` bytes."""
    with opened(field.home(name)) as (home, panel):
        card = home.card(panel.competition, "member")
        return carrying.carry(panel, card, field.file(name), "observations", part_size=size)


def test_numbered_files_are_each_whole_and_any_order_does(visited):
    files = carried(visited, "Verifikator 1", 40_000)
    last = files[-1]

    assert len(files) > 2
    assert last.name == f"verifikator-1-nilai-{len(files)}-dari-{len(files)}.kipp"
    assert visited.merge(*reversed(files))[0] == "merged"
    assert visited.merge(*files) == ["nothing-new"] * len(files)
    assert done(visited.desk, "observe", "list")["missing"] == []


def test_a_missing_part_is_named(visited):
    files = carried(visited, "Verifikator 1", 40_000)
    visited.merge(files[0], *files[2:])

    missing = done(visited.desk, "observe", "list", "--lang", "en")["missing"]

    assert len(missing) == 1
    assert "Verifikator 1" in missing[0]
    assert f"file 2 of {len(files)}" in missing[0]


def test_writing_again_goes_on_where_it_was_stopped(visited):
    files = carried(visited, "Verifikator 1", 40_000)
    kept = files[0].stat().st_mtime_ns
    files[1].unlink()
    files[2].write_bytes(b"x")

    again = carried(visited, "Verifikator 1", 40_000)

    assert again == files
    assert files[0].stat().st_mtime_ns == kept
    assert visited.merge(*files)[0] == "merged"


def kept(panel):
    """Return every file that a competition keeps beside its database."""
    folders = ("blobs", "received")
    return {
        path.name for name in folders for path in (panel.folder / name).glob("*") if path.is_file()
    }


def test_stopping_in_the_middle_of_a_file_keeps_nothing_of_it_and_it_can_be_taken_again(visited):
    file = visited.file("Verifikator 1")
    with opened(visited.desk) as (home, panel):
        examined = inbox.examine(home, panel, [file])
        before = kept(panel)

    for limit in (0.1, 0.4, 0.6, 0.8):
        with opened(visited.desk) as (home, panel):
            shares = [0.0]
            stopping = watching(home, shares, limit)

            merged = inbox.store(stopping, panel, examined)

            assert merged.outcomes == ()
            assert limit <= shares[-2] < 1
            assert kept(panel) == before

    with opened(visited.desk) as (home, panel):
        merged = inbox.store(home, panel, examined)
        assert [item.outcome for item in merged.outcomes] == ["merged"]
        assert len(kept(panel)) > len(before) + 15


def watching(home, shares, limit):
    """Return the home, with somebody who notes the progress and stops at a share of the work."""
    context = replace(
        home.context,
        progress=lambda share, _text: shares.append(share),
        cancelled=lambda: shares[-1] >= limit,
    )
    return Home(context)


def test_originals_are_given_on_request_as_they_came_and_sha256sum_agrees(visited):
    home, out = visited.home("Verifikator 1"), visited.folder / "asli"

    files = done(home, "observe", "originals", "--entry", "01", "--out", out)["files"]
    elsewhere = kipp(visited.home("Verifikator 2"), "observe", "originals", "--entry", "04",
                     "--out", out)  # fmt: skip
    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=out, capture_output=True, check=False
    )

    assert len(files) == 5 + 1
    assert checked.returncode == 0
    assert Path(files[0]).read_bytes() == (visited.folder / "kartu-1" / "1-1.jpg").read_bytes()
    assert elsewhere.code == "no-observation"


# -- backups --------------------------------------------------------------------------------------


def saved_in_parts(field, name, size=40_000):
    """Save a verifier's home to files of ``size`` bytes of photos each."""
    home = Home(Context(field.home(name)))
    return list(backups.back_up(home, field.folder / "rumah.kippbackup", size).files)


def files_of(home):
    """Return what a home holds of photos and files that came in."""
    return {
        path.name: path.read_bytes()
        for folder in ("originals", "blobs", "received")
        for path in home.glob(f"competitions/*/{folder}/*")
    }


def test_a_home_of_many_photos_is_saved_to_several_files_and_comes_back_whole(visited):
    files = saved_in_parts(visited, "Verifikator 1")
    other = visited.folder / "pengganti"

    restored = done(other, "restore", *reversed(files))

    assert len(files) > 3
    assert files[0].name == f"rumah-1-dari-{len(files)}.kippbackup"
    assert restored == {"competitions": 1, "kept": 0, "missing": []}
    assert files_of(other) == files_of(visited.home("Verifikator 1"))
    assert done(other, "check")["ok"]
    done(other, "hand-in", "--out", visited.folder / "lagi.kipp")
    assert visited.merge(visited.folder / "lagi.kipp") == ["merged"]


def test_each_file_of_a_backup_is_whole_and_names_what_is_missing(visited):
    files = saved_in_parts(visited, "Verifikator 1")
    other = visited.folder / "pengganti"

    restored = done(other, "restore", files[1])
    checked = kipp(other, "check")
    rows = listed(other)

    assert restored["missing"] == [1, *range(3, len(files) + 1)]
    assert checked.status == 3
    assert [item["name"] for item in checked.json["checks"] if not item["ok"]] == ["original"]
    assert all(row["observations"] for row in rows.values())


def test_a_further_file_adds_photos_and_leaves_newer_drafts_alone(visited):
    files = saved_in_parts(visited, "Verifikator 1")
    other = visited.folder / "pengganti"
    done(other, "restore", files[0])
    with opened(other) as (home, panel):
        visitor = fieldwork.visitor_of(panel, home.card(panel.competition, "member"))
        view = fieldwork.visits(panel, visitor)[0]
        fieldwork.save(home, panel, visitor, view.entry.id, replace(view.visit, place="Lebih baru"))

    done(other, "restore", *files[1:])

    with opened(other) as (_, panel):
        assert fieldwork.visits(panel, visitor)[0].visit.place == "Lebih baru"
    assert set(files_of(other)) == set(files_of(visited.home("Verifikator 1")))


def test_a_photo_under_a_false_name_is_refused_in_a_backup(visited):
    (file,) = saved_in_parts(visited, "Verifikator 1", 1 << 30)
    original = next(visited.home("Verifikator 1").glob("competitions/*/originals/*"))
    original.write_bytes(b"another photo")
    changed, *_ = saved_in_parts(visited, "Verifikator 1", 1 << 30)

    refused = kipp(visited.folder / "pengganti", "restore", changed)
    checked = kipp(visited.home("Verifikator 1"), "check")

    assert file == changed
    assert refused.code == "bad-file"
    assert checked.status == 3


# -- marks in the field ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("combine", "expected"),
    [
        # 01: presentation 83, visit 6 x 5 + 4 x 5 = 50; weighted 50:50 is 66.5, as a gate 50.
        ("weighted", {"01": (2, "133/2"), "02": (1, "86"), "03": (3, "59")}),
        ("gate", {"01": (2, "50"), "02": (1, "90"), "03": (3, "50")}),
    ],
)
def test_marks_of_a_stage_with_a_rubric_count(tmp_path, combine, expected):
    field = Field(tmp_path).create(combine=combine, more='rubric = "lapangan.toml"')
    marks = {"01": 5, "02": 9, "03": 5}
    for name in CONCLUSIONS:
        home = field.home(name)
        field.observe(name, visits_of(CONCLUSIONS["Verifikator 2"]), "--draft")
        with opened(home) as (place, panel):
            card = place.card(panel.competition, "member")
            visitor = fieldwork.visitor_of(panel, card)
            for view in fieldwork.visits(panel, visitor):
                for criterion in ("paparan", "mutu"):
                    fieldwork.set_mark(
                        place, panel, visitor, view.entry.id, criterion, marks[view.entry.number]
                    )
        done(home, "observe", "submit", "--all")
        done(home, "hand-in", "--out", field.file(name))
        field.merge(field.file(name))

    places, complete = field.rank()

    assert complete
    if combine == "gate":
        # 01 and 03 share 50, and the ladder's criterion cannot part them either.
        expected = {"01": (2, "50"), "02": (1, "90"), "03": (2, "50")}
    assert {n: places[n] for n in expected} == expected
