"""What waits for the panel is listed with its facts, and every decision settles it."""

import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.services import approving, choices, deciding, plenary, sheet_decisions
from kipp_desktop.services.context import Context
from kipp_desktop.services.desk import Votes
from kipp_desktop.services.home import Home
from kipp_desktop.services.standing import standing
from tests.examples import BODIES
from tests.flow.kipp import done, kipp
from tests.flow.stages import PRESENTASI, USULAN, Stages

SAY = Catalogue.load("en").say


@pytest.fixture(scope="session")
def _presented(tmp_path_factory):
    stages = Stages(tmp_path_factory.mktemp("facts")).create(approvals='approvals = ["members"]')
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    stages.mark("presentasi", "paparan", PRESENTASI)
    return stages


@pytest.fixture
def presented(_presented, tmp_path):
    copy = _presented.copy(tmp_path)
    copy.__class__ = Stages
    return copy


def listed(stages):
    return done(stages.desk, "--lang", "en", "decide", "list")["decisions"]


def opened(folder):
    home = Home(Context(folder))
    return home, home.open(home.choose(None))


def observe(stages, name, number, effect, **conclusion):
    """Let a member sign an observation that proposes something, and merge it."""
    home, opening = opened(stages.home(name))
    with opening as panel:
        card = home.card(panel.competition, "member")
        entry = next(one.id for one in panel.setup.entries if one.number == number)
        said = {"criterion": None, "mark": None, "reason": "Tidak ditemukan", **conclusion}
        body = {**BODIES["observation"], "entry": entry, "claims": []}
        body["conclusion"] = {**said, "effect": effect}
        record = panel.sign(home.unlock(card), home.context.at(), [("observation", body)])[0]
    done(stages.home(name), "hand-in", "--out", stages.folder / "lapangan.kipp")
    stages.merge(stages.folder / "lapangan.kipp")
    return record.id


def test_a_late_sheet_says_what_it_would_change_and_may_be_left_out(presented):
    done(presented.desk, "close", "presentasi")
    late = presented.mark_one(
        "Juri 1", "presentasi", "paparan", {"01": (1, 1)}, "--reason", "Salah lihat"
    )
    presented.merge(late)
    waiting = listed(presented)
    home, opening = opened(presented.desk)
    with opening as panel:
        case = plenary.cases(panel)[0]
        deciding.accept_sheets(
            home, panel, case.waiting.stage, case.records, False, "Sudah ditutup", Votes(3, 1, 0)
        )
        signed = panel.state
        last = SAY(plenary.resolved(panel)[0].text)
    places, _ = presented.ranked()

    assert [item["about"] for item in waiting] == ["late"]
    assert waiting[0]["facts"] == [
        "Entry 01: its total is 10; the sheet that counts has 90.",
        "Entry 02: place 2, score 82 → place 1, score 82, Top 1",
        "Entry 01: place 1, score 88, Top 1 → place 2, score 48",
    ]
    assert listed(presented) == []
    assert last == (
        "A sheet of Juri 1 for entry 01 does not count: Sudah ditutup Votes: 3 for, 1 against, 0 "
        "abstained."
    )
    assert signed.acts[-1].body["decision"] == signed.decisions[-1].id
    assert places["01"][1] == "88"


def test_a_sheet_that_counts_is_left_out_and_taken_back_in(presented):
    done(presented.desk, "close", "usulan")
    done(presented.desk, "close", "presentasi")
    home, opening = opened(presented.desk)
    with opening as panel:
        found = sheet_decisions.sheets_to_decide(panel)
        judge = next(one for one in found if (one.stage, one.name) == ("presentasi", "Juri 1"))
        first = sheet_decisions.sheet_case(panel, judge, judge.sheets[0])
        deciding.accept_sheets(home, panel, first.stage, [first.record], False, "Tertukar")
        again = next(
            one
            for one in sheet_decisions.sheets_to_decide(panel)
            if (one.stage, one.name) == ("presentasi", "Juri 1")
        )
        back = sheet_decisions.sheet_case(panel, again, again.sheets[0])
        complete_without = standing(panel).complete
        deciding.accept_sheets(home, panel, back.stage, [back.record], True, "Ternyata benar")
        complete_again = standing(panel).complete

    assert [one.counts for one in judge.sheets] == [True, True]
    assert [one.counts for one in again.sheets] == [False, True]
    assert SAY(first.what) == "The sheet of Juri 1 for entry 01 counts in Presentasi."
    facts = [SAY(fact) for fact in first.facts]
    assert facts[0] == "Its total is 90."
    assert facts[1].startswith("The results then wait for another sheet of this judge.")
    assert facts[2] == "Entry 01: place 1, score 88, Top 1 → place 1, score 86, Top 1"
    assert back.record == first.record
    assert SAY(back.facts[0]) == (
        "Entry 01: its total is 90; no sheet of this judge counts so far."
    )
    assert [complete_without, complete_again] == [False, True]


def test_all_late_sheets_of_a_judge_are_one_question(presented):
    done(presented.desk, "close", "presentasi")
    late = presented.mark_one(
        "Juri 1", "presentasi", "paparan", {"01": (1, 1), "02": (1, 1)}, "--reason", "Salah lihat"
    )
    presented.merge(late)

    waiting = listed(presented)

    assert [item["numbers"] for item in waiting] == [["01", "02"]]


def test_a_correction_from_the_field_says_marks_and_places_before_and_after(presented):
    record = observe(presented, "Juri 2", "01", "correct", criterion="mutu", mark="2")
    waiting = listed(presented)
    done(presented.desk, "decide", "correct", "01", "--stage", "presentasi", "--criterion", "mutu",
         "--mark", "2", "--observation", record, "--reason", "Sesuai lapangan")  # fmt: skip

    assert [item["about"] for item in waiting] == ["correct"]
    assert waiting[0]["facts"] == [
        "The judges gave 9 and 8; in every sheet it would be 2.",
        "Entry 02: place 2, score 82 → place 1, score 82, Top 1",
        "Entry 01: place 1, score 88, Top 1 → place 2, score 62",
    ]
    assert listed(presented) == []
    assert presented.ranked()[0]["01"][1] == "62"


@pytest.mark.parametrize(("words", "place"), [((), None), (("--reject",), 1)])
def test_a_proposed_disqualification_is_settled_either_way(presented, words, place):
    record = observe(presented, "Juri 2", "01", "disqualify")
    waiting = listed(presented)
    done(presented.desk, "decide", "disqualify", "01", "--observation", record, "--reason",
         "Dibahas", "--votes", "3", "0", "1", *words)  # fmt: skip

    assert [item["about"] for item in waiting] == ["disqualify"]
    assert waiting[0]["facts"][-1] == "Entry 01: place 1, score 88, Top 1 → without a place"
    assert listed(presented) == []
    assert presented.ranked()[0]["01"][0] == place


def test_places_are_not_told_before_the_stage_is_closed(presented):
    done(presented.desk, "decide", "award", "Top 1", "02", "--reason", "Contoh")
    observe(presented, "Juri 2", "01", "correct", criterion="mutu", mark="2")
    _, opening = opened(presented.desk)
    with opening as panel:
        view = plenary.plenary_view(panel)
        offered = choices.selections(panel)

    facts = [SAY(fact) for case in view.cases for fact in case.facts]
    assert view.hidden
    assert not any("place 1" in fact for fact in facts)
    assert {one.about for one in offered} == set()


def test_every_member_is_asked_and_may_answer_in_any_order(presented):
    out = presented.folder / "hasil"
    done(presented.desk, "publish", "--out", out)
    for name in ("Juri 1", "Juri 2"):
        done(presented.home(name), "approve", out / "hasil.kipp")
        done(presented.home(name), "hand-in", "--out", presented.file(name, "setuju"))
    missing = []
    for name in ("Juri 2", "Juri 1"):
        presented.merge(presented.file(name, "setuju"))
        done(presented.desk, "publish", "--out", out)
        details = {
            item["name"]: item["detail"]
            for item in kipp(presented.folder / "luar", "verify", out / "hasil.kipp").json["checks"]
        }
        missing.append("(members)" in details["approvals"] and "draf" in details["approvals"])

    assert missing == [True, False]


def test_only_the_last_results_that_were_looked_at_are_approved(presented):
    out = presented.folder / "hasil"
    done(presented.desk, "publish", "--out", out / "lama")
    done(presented.desk, "decide", "deviate", "02", "01", "--reason", "Manfaat lebih luas")
    done(presented.desk, "publish", "--out", out / "baru")
    home, opening = opened(presented.home("Juri 1"))
    with opening as panel:
        card = home.card(panel.competition, "member")
        offered = approving.look_at(home, panel, card, out / "lama" / "hasil.kipp")
        results = offered.verification.results
        with pytest.raises(Exception, match="not the last results") as other:
            approving.approve(home, panel, card, out / "baru" / "hasil.kipp", looked_at=results)
    old = kipp(presented.home("Juri 1"), "approve", out / "lama" / "hasil.kipp")

    assert offered.can_be_approved
    assert other.value.code == "other-results"
    assert old.code == "other-results"


def test_too_few_sheets_say_who_marked_and_who_did_not(tmp_path):
    stages = Stages(tmp_path).create(more="min_judges = 2")
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    done(stages.desk, "abstain", "--entry", "02", "--why", "conflict", "--reason", "Saudara",
         "--as", "Juri 2", "--stage", "presentasi")  # fmt: skip
    stages.mark("presentasi", "paparan", {"Juri 1": PRESENTASI["Juri 1"]})
    only = {"Juri 2": {"01": PRESENTASI["Juri 2"]["01"]}}
    stages.mark("presentasi", "paparan", only)

    waiting = [item for item in listed(stages) if item["about"] == "few-judges"]

    assert [item["numbers"] for item in waiting] == [["02"]]
    assert waiting[0]["facts"][0] == (
        "02 · Inovasi 2: 1 of 2 sheets in Presentasi (Juri 1); does not mark: Juri 2."
    )
