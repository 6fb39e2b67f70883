"""Somebody has a key and signs what the program would not: each is refused or named."""

import shutil
import subprocess

import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.services import plenary
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.standing import standing, status
from tests.attacks.hands import Hand, results_with
from tests.flow.kipp import Competition, done, kipp


def closed(competition):
    """Both judges have handed in, and the stage is closed."""
    competition.merge(competition.file("Juri 1"), competition.file("Juri 2"))
    done(competition.desk, "close", "presentasi")
    return competition


def rules_at(folder):
    """Return ``{(entry number, rule)}`` of the sheets that do not count."""
    home = Home(Context(folder))
    with home.open(home.choose(None)) as panel:
        stage = panel.setup.rules.counted()[0].id
        return {
            (panel.setup.entry_by_id[entry].number, rule)
            for _, _, _, entry, rule in panel.projection.stopped(stage)
        }


def doubts_at(folder):
    home = Home(Context(folder))
    with home.open(home.choose(None)) as panel:
        return {item.code for item in status(panel).doubts}


def failed_checks(competition, file):
    answer = kipp(competition.folder / "luar", "verify", file)
    assert answer.status == 3
    return {item["name"] for item in answer.json["checks"] if not item["ok"]}


def sheet_for(hand, entry=None, **changes):
    """Return the body of the hand's last sheet, for another entry or with other marks."""
    last = next(record for record in reversed(hand.records) if record.kind == "score-sheet")
    body = {**last.body, **changes}
    return body if entry is None else {**body, "entry": entry, "supersedes": None}


# -- a judge ---------------------------------------------------------------------------------------


def test_a_sheet_after_the_closing_does_not_count(scored):
    closed(scored)
    before = scored.rank()
    hand = Hand.at(scored.home("Juri 1"))
    hand.sign("score-sheet", sheet_for(hand))

    outcome = scored.merge(hand.write(scored.folder / "nanti.kipp"))

    assert outcome == ["merged"]
    assert scored.rank() == before
    assert {rule for _, rule in rules_at(scored.desk)} == {"after-limit"}


def test_a_fork_at_the_first_record_after_the_closing_voids_nothing(scored):
    closed(scored)
    before, _ = scored.rank()
    hand = Hand.at(scored.home("Juri 1")).cut(1)
    hand.lines[0] = hand.lines[0].replace(b'"at":"20', b'"at":"19')
    hand.sign("score-sheet", sheet_for(Hand.at(scored.home("Juri 1"))))

    outcome = scored.merge(hand.write(scored.folder / "cabang.kipp"))
    again = scored.merge(scored.folder / "cabang.kipp", scored.file("Juri 1"))

    places, complete = scored.rank()
    assert outcome == ["forked"]
    assert "forked" not in again
    assert places == before
    assert not complete
    assert doubts_at(scored.desk) == {"fork"}


def test_a_settled_fork_is_published_and_verified_as_settled(scored):
    closed(scored)
    hand = Hand.at(scored.home("Juri 1")).cut(2)
    hand.sign("score-sheet", sheet_for(Hand.at(scored.home("Juri 1"))))
    scored.merge(hand.write(scored.folder / "cabang.kipp"))
    refused = kipp(scored.desk, "publish", "--out", scored.folder / "hasil")
    head = Hand.at(scored.home("Juri 1")).records[-1].id

    done(scored.desk, "decide", "revoke", "Juri 1", "--head", head, "--reason", "Laptop disalin")
    done(scored.desk, "publish", "--out", scored.folder / "hasil")

    checked = kipp(scored.folder / "luar", "verify", scored.folder / "hasil" / "hasil.kipp")
    assert refused.code == "undecided"
    assert checked.status == 0
    assert checked.json["recomputed"]["complete"]


@pytest.mark.parametrize("first", ["asli", "cabang"])
def test_an_open_fork_counts_up_to_its_last_shared_record_whichever_came_first(scored, first):
    hand = Hand.at(scored.home("Juri 1"))
    branch = hand.cut(2)
    branch.sign("score-sheet", sheet_for(hand))
    files = {
        "asli": scored.file("Juri 1"),
        "cabang": branch.write(scored.folder / "cabang.kipp"),
    }
    for name in sorted(files, key=lambda item: item != first):
        scored.merge(files[name])

    home = Home(Context(scored.desk))
    with home.open(home.choose(None)) as panel:
        counted = panel.projection.counted(panel.setup.rules.counted()[0].id)
        complete = standing(panel).complete

    assert len(counted) == 1
    assert not complete


@pytest.mark.parametrize("branch_stands", [True, False])
def test_a_revocation_says_which_branch_stands(scored, branch_stands):
    hand = Hand.at(scored.home("Juri 1"))
    branch = hand.cut(2)
    for record in hand.records[2:]:
        branch.sign(record.kind, {**record.body, "feedback": "cabang"})
    scored.merge(scored.file("Juri 1"))
    scored.merge(branch.write(scored.folder / "cabang.kipp"))
    wanted = branch if branch_stands else hand

    done(scored.desk, "decide", "revoke", "Juri 1", "--head", wanted.records[-1].id,
         "--reason", "Laptop disalin", "--votes", "4", "1", "0")  # fmt: skip

    home = Home(Context(scored.desk))
    with home.open(home.choose(None)) as panel:
        stage = panel.setup.rules.counted()[0].id
        ids = {
            panel.projection.record(author, seq).id
            for _, _, author, seq, _, _, _ in panel.projection.counted_details(stage)
        }
        said = Catalogue.load("en").say(plenary.resolved(panel)[0].text)
        before = panel.projection.dump()
        panel.rebuild()
        assert panel.projection.dump() == before
    assert ids == {record.id for record in wanted.records if record.kind == "score-sheet"}
    assert said.endswith("counts: Laptop disalin Votes: 4 for, 1 against, 0 abstained.")


def test_votes_about_a_key_that_did_not_fork_are_refused(scored):
    scored.merge(scored.file("Juri 1"))

    answer = kipp(scored.desk, "decide", "revoke", "Juri 1", "--reason", "x", "--votes", 1, 0, 0)

    assert answer.code == "no-fork"


def test_a_judge_who_marks_an_entry_in_conflict_is_stopped(tmp_path):
    people = [("Juri 1", "juri", "Dinas Pendidikan"), ("Juri 2", "juri", "")]
    competition = Competition(tmp_path).create(people)
    marks = {"02": (7,) * 5, "03": (8,) * 5}
    words = competition.join("Juri 1")["words"]
    done(competition.desk, "admit", competition.file("Juri 1", "kunci"), "--words", words)
    competition.score("Juri 1", marks)
    hand = Hand.at(competition.home("Juri 1"))
    home = Home(Context(competition.desk))
    with home.open(home.choose(None)) as panel:
        forbidden = next(e.id for e in panel.setup.entries if e.number == "01")
    hand.sign("score-sheet", sheet_for(hand, forbidden))

    competition.merge(hand.write(tmp_path / "curang.kipp"))

    assert rules_at(competition.desk) == {("01", "not-assigned")}


def test_marks_after_an_abstention_are_stopped(scored):
    hand = Hand.at(scored.home("Juri 1"))
    entry = sheet_for(hand)["entry"]
    body = {"entries": [entry], "judge": hand.identity.card.person, "reason": "Keluarga",
            "stage": "presentasi", "supersedes": None, "why": "conflict"}  # fmt: skip
    hand.sign("abstention", body)
    hand.sign("score-sheet", sheet_for(hand))

    scored.merge(hand.write(scored.folder / "curang.kipp"))

    assert {rule for _, rule in rules_at(scored.desk)} == {"replaced", "abstained"}


@pytest.mark.parametrize("mark", ["11", "0", "7.5", "-1", "1000000"])
def test_marks_off_the_scale_are_stopped(scored, mark):
    hand = Hand.at(scored.home("Juri 1"))
    body = sheet_for(hand)
    hand.sign("score-sheet", {**body, "marks": {**body["marks"], "efektif": mark}})

    scored.merge(hand.write(scored.folder / "curang.kipp"))

    assert "bad-marks" in {rule for _, rule in rules_at(scored.desk)}


@pytest.mark.parametrize("mark", ["07", "7.0", "٧", "1e1", "NaN", "", "+7", " 7", 7, None])
def test_marks_that_are_no_canonical_decimals_refuse_the_file(scored, mark):
    hand = Hand.at(scored.home("Juri 1"))
    body = sheet_for(hand)
    hand.sign("score-sheet", {**body, "marks": {**body["marks"], "efektif": mark}}, check=False)

    answer = kipp(scored.desk, "merge", hand.write(scored.folder / "curang.kipp"))

    assert answer.status == 1
    assert answer.json["files"][0]["outcome"] == "refused"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("admission", {"compared": "words", "key": "ab" * 32, "person": "p1"}),
        ("closing", {"heads": {}, "plan": "ab" * 32, "stage": "presentasi"}),
        ("entry-status", {"entry": "e1", "reason": "x", "status": "absent"}),
        ("acceptance", {"counts": True, "decision": None, "reason": "x", "record": "ab" * 32,
                        "stage": "presentasi"}),
    ],
)  # fmt: skip
def test_what_only_the_desk_may_say_refuses_a_members_file(scored, kind, body):
    hand = Hand.at(scored.home("Juri 1"))
    hand.sign(kind, body)

    answer = kipp(scored.desk, "merge", hand.write(scored.folder / "curang.kipp"))

    assert answer.json["files"][0]["outcome"] == "refused"


@pytest.mark.parametrize("field", ["author", "competition", "seq", "prev"])
def test_a_record_of_another_ledger_refuses_the_file(scored, field):
    hand = Hand.at(scored.home("Juri 1"))
    other = Hand.at(scored.home("Juri 2"))
    value = {"author": other.key, "competition": "ab" * 32, "seq": 9, "prev": "ab" * 32}[field]
    hand.sign("score-sheet", sheet_for(hand), **{field: value})

    answer = kipp(scored.desk, "merge", hand.write(scored.folder / "curang.kipp"))

    assert answer.json["files"][0]["outcome"] == "refused"


def test_a_sheet_under_a_key_that_was_never_admitted_waits(planned):
    planned.join("Juri 1")
    file = planned.score("Juri 1")

    outcome = planned.merge(file)

    assert outcome == ["waiting-for-key"]
    assert rules_at(planned.desk) == set()
    assert planned.rank()[1] is False


@pytest.mark.parametrize("second", [False, True])
def test_sheets_under_a_key_that_is_nobodys_are_told_in_the_minutes_and_when_checking(
    scored, second
):
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))
    home, key = scored.folder / "laptop-lain", scored.folder / "laptop-lain.kipp"
    joined = done(home, "join", scored.package, "--as", "Juri 1", "--out", key, "--no-passphrase")
    hand = Hand.at(home)
    hand.sign("score-sheet", sheet_for(Hand.at(scored.home("Juri 1"))))
    scored.merge(hand.write(scored.folder / "lain.kipp"))
    if second:
        done(scored.desk, "admit", key, "--words", joined["words"])

    done(scored.desk, "--lang", "en", "publish", "--out", scored.folder / "hasil")

    checked = done(scored.folder / "luar", "--lang", "en", "verify",
                   scored.folder / "hasil" / "hasil.kipp")  # fmt: skip
    said = [check["detail"] for check in checked["checks"] if check["name"] == "unadmitted"]
    minutes = scored.folder / "hasil" / "berita-acara.pdf"
    printed = subprocess.run(
        ["pdftotext", minutes, "-"], capture_output=True, text=True, check=True
    ).stdout
    short = hand.key[:12]
    assert said == [
        f"The second key of Juri 1 ({short}) is void until the first one is revoked; its 1 sheets "
        "count nowhere."
        if second
        else f"The key {short}, which says that it is Juri 1's, was not admitted; its 1 sheets "
        "count nowhere."
    ]
    assert short in printed


def test_a_judges_word_on_paper_is_no_check_of_typed_sheets(scored):
    done(scored.desk, "scores", "import", _one_row(scored), "--as", "Juri 2")
    done(scored.desk, "scores", "submit", "--all", "--as", "Juri 2")
    typed = Hand.at(scored.desk, "clerk").records[-1]
    hand = Hand.at(scored.home("Juri 1"))
    hand.sign("paper-check", {"judge": typed.body["judge"], "sheet": typed.id})

    scored.merge(hand.write(scored.folder / "curang.kipp"))

    assert rules_at(scored.desk) == {("01", "typed-once")}


def _one_row(competition):
    from tests.flow.kipp import marks_table

    return marks_table(competition.folder / "k.csv", {"01": (4,) * 5})


# -- the desk --------------------------------------------------------------------------------------


def test_a_desk_that_shows_two_plans_stops_at_the_last_shared_record(scored):
    desk = Hand.at(scored.desk, "desk")
    plan = next(record for record in desk.records if record.kind == "plan")
    other = desk.cut(plan.seq - 1)
    other.sign("plan", {**plan.body, "revision": 2})
    hand = Hand.at(scored.home("Juri 1"))

    outcome = scored.merge(hand.write(scored.folder / "dua.kipp", other.ledger))
    refused = kipp(scored.desk, "close", "presentasi")

    assert outcome == ["forked"]
    assert refused.status == 1
    home = Home(Context(scored.desk))
    with home.open(home.choose(None)) as panel:
        assert panel.state.seq == plan.seq - 1
        assert panel.desk_forked == plan.seq - 1


def test_a_desk_rolled_back_behind_what_a_judge_had_seen_is_named(published):
    desk = Hand.at(published.desk, "desk")
    judge = Hand.at(published.home("Juri 1"))
    judge.sign("approval", {"dissent": None, "person": judge.identity.card.person,
                            "record": "ab" * 32, "wet": False},
               seen=desk.records[-1].id)  # fmt: skip
    file = published.folder / "hasil" / "hasil.kipp"
    shorter = desk.cut(len(desk.lines) - 1)

    forged = results_with(file, published.folder / "x.kipp", shorter.ledger, judge.ledger)

    assert "seen" in failed_checks(published, forged)


def test_status_names_a_desk_that_lost_what_a_judge_had_seen(scored):
    hand = Hand.at(scored.home("Juri 1"))
    hand.sign("score-sheet", sheet_for(hand), seen="ab" * 32)

    scored.merge(hand.write(scored.folder / "seen.kipp"))

    assert "seen" in doubts_at(scored.desk)
    assert done(scored.desk, "status")["complete"] is False


def test_a_closing_that_cites_less_than_a_receipt_is_named(published):
    desk = Hand.at(published.desk, "desk")
    judge = Hand.at(published.home("Juri 1"))
    closing = next(record for record in desk.records if record.kind == "closing")
    forged = desk.cut(closing.seq - 1)
    heads = {**closing.body["heads"], judge.key: judge.records[1].id}
    forged.sign("closing", {**closing.body, "heads": heads})
    for record in desk.records[closing.seq :]:
        forged.sign(record.kind, record.body)
    file = published.folder / "hasil" / "hasil.kipp"

    wrong = failed_checks(published, results_with(file, published.folder / "x.kipp", forged.ledger))

    assert {"receipts", "ranking"} <= wrong


def test_a_judges_last_records_left_out_of_a_result_are_missed(published):
    judge = Hand.at(published.home("Juri 1"))
    file = published.folder / "hasil" / "hasil.kipp"

    shorter = results_with(
        file, published.folder / "x.kipp", judge.cut(len(judge.lines) - 1).ledger
    )

    assert {"heads", "ranking"} <= failed_checks(published, shorter)


def test_a_changed_place_in_the_results_is_found(published):
    desk = Hand.at(published.desk, "desk")
    results = next(record for record in desk.records if record.kind == "results")
    forged = desk.cut(results.seq - 1)
    places = [
        {**group, "entries": [dict(item) for item in group["entries"]]}
        for group in results.body["places"]
    ]
    first, second = places[0]["entries"][:2]
    first["place"], second["place"] = second["place"], first["place"]
    forged.sign("results", {**results.body, "places": places})
    file = published.folder / "hasil" / "hasil.kipp"

    wrong = failed_checks(published, results_with(file, published.folder / "x.kipp", forged.ledger))

    assert "ranking" in wrong


def test_what_came_after_the_results_changes_no_verification(published):
    judge = Hand.at(published.home("Juri 1"))
    judge.sign("score-sheet", sheet_for(judge))
    file = published.folder / "hasil" / "hasil.kipp"

    longer = results_with(file, published.folder / "x.kipp", judge.ledger)

    assert kipp(published.folder / "luar", "verify", longer).status == 0


# -- mistakes that look like attacks ---------------------------------------------------------------


def test_the_same_file_under_another_name_brings_nothing_new(scored):
    scored.merge(scored.file("Juri 1"))
    copy = scored.folder / "Juri 1 (2) FINAL.kipp"
    shutil.copyfile(scored.file("Juri 1"), copy)

    assert scored.merge(copy) == ["nothing-new"]


def test_a_file_of_another_competition_is_refused(scored, tmp_path_factory):
    other = Competition(tmp_path_factory.mktemp("lain")).create()
    other.join("Juri 1")

    answer = kipp(scored.desk, "merge", other.file("Juri 1", "kunci"))

    assert answer.status == 1
    assert answer.json["files"][0]["outcome"] == "refused"


def test_two_persons_of_one_name_are_told_apart_by_id(tmp_path):
    competition = Competition(tmp_path)
    persons = '[[person]]\nname = "Juri 1"\nroles = ["judge"]\n' * 2
    rules = tmp_path / "k.toml"
    stage = '[[stage]]\nid = "presentasi"\nrubric = "malang-2021"\n'
    rules.write_text('name = "K"\norganiser = "O"\nyear = 2021\n' + stage + persons, "utf-8")
    done(competition.desk, "init", rules, "--no-passphrase")
    done(competition.desk, "entries", "import", competition.entries_table())
    done(competition.desk, "plan", "publish", "--out", competition.package)

    answer = kipp(competition.home("x"), "join", competition.package, "--as", "Juri 1",
                  "--no-passphrase", "--out", tmp_path / "k.kipp")  # fmt: skip

    assert answer.status == 1
    assert answer.code == "two-persons"
