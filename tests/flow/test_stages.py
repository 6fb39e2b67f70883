"""Several stages and the panel's decisions, from the command line to the verified result."""

import json

import pytest

from kipp_desktop.catalogue import Catalogue
from tests.flow.kipp import done, kipp
from tests.flow.stages import PRESENTASI, USULAN, Stages


@pytest.fixture(scope="session")
def _proposed(tmp_path_factory):
    stages = Stages(tmp_path_factory.mktemp("stages")).create()
    stages.mark("usulan", "gagasan", USULAN)
    return stages


@pytest.fixture
def proposed(_proposed, tmp_path):
    copy = _proposed.copy(tmp_path)
    copy.__class__ = Stages
    return copy


@pytest.fixture
def presented(proposed):
    done(proposed.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik",
         "--votes", "5", "1", "0")  # fmt: skip
    proposed.mark("presentasi", "paparan", PRESENTASI)
    return proposed


def minutes(stages):
    """Publish, verify, and return the text of the minutes."""
    out = stages.folder / "hasil"
    done(stages.desk, "publish", "--out", out)
    checked = kipp(stages.folder / "luar", "verify", out / "hasil.kipp", out / "berita-acara.pdf")
    assert checked.status == 0, checked.out
    return checked.json


def test_without_a_decision_nobody_goes_on_and_the_best_are_proposed(proposed):
    places, complete = proposed.ranked()
    waiting = done(proposed.desk, "decide", "list")["decisions"]

    assert not complete
    assert {place for place, *_ in places.values()} == {None}
    assert [(item["about"], item["numbers"]) for item in waiting] == [("advance", ["02", "01"])]


def test_a_stage_is_ranked_by_itself(proposed):
    places, _ = proposed.ranked("--stage", "usulan")

    assert places["02"] == (1, "87", "usulan", None)
    assert [places[n][0] for n in ("01", "03", "04")] == [2, 3, 4]


def test_after_a_gate_only_those_who_advanced_have_a_place(presented):
    places, complete = presented.ranked()

    assert complete
    assert places["01"] == (1, "88", "presentasi", "Top 1")
    assert places["02"][:3] == (2, "82", "presentasi")
    assert places["03"] == (None, None, "usulan", None)
    assert places["04"] == (None, None, "usulan", None)


def test_weighted_stages_are_averaged_over_those_who_went_on(tmp_path):
    stages = Stages(tmp_path).create(combine="weighted")
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    stages.mark("presentasi", "paparan", PRESENTASI)

    places, complete = stages.ranked()

    assert complete
    assert places["02"][:2] == (1, "169/2")
    assert places["01"][:2] == (2, "161/2")


def test_later_sheets_are_expected_only_of_those_who_went_on(presented):
    people = done(presented.desk, "status")["people"]

    assert [(item["sent"], item["expected"]) for item in people] == [(6, 6), (6, 6)]


def test_a_result_of_several_stages_is_published_and_verified(presented):
    checked = minutes(presented)

    assert checked["ok"]
    assert checked["recomputed"]["groups"][0]["entries"][2]["reached"] == "usulan"


def test_an_accepted_correction_sets_that_mark_in_every_sheet(presented):
    done(presented.desk, "decide", "correct", "02", "--stage", "presentasi", "--criterion",
         "paparan", "--mark", "10", "--reason", "Terbukti di lapangan")  # fmt: skip
    after, _ = presented.ranked()
    done(presented.desk, "decide", "correct", "02", "--stage", "presentasi", "--criterion",
         "paparan", "--reject", "--reason", "Ternyata keliru")  # fmt: skip
    back, _ = presented.ranked()

    assert after["02"][:2] == (1, "94")
    assert back["02"][:2] == (2, "82")


def test_a_correction_off_the_scale_is_refused(presented):
    answer = kipp(presented.desk, "decide", "correct", "02", "--stage", "presentasi",
                  "--criterion", "paparan", "--mark", "11", "--reason", "x")  # fmt: skip

    assert answer.status == 1
    assert answer.code == "off-scale"


def test_the_panels_own_order_moves_awards_and_no_places(presented):
    done(presented.desk, "decide", "deviate", "02", "01", "--reason", "Manfaat lebih luas")

    places, complete = presented.ranked()

    assert complete
    assert (places["01"][0], places["01"][3]) == (1, None)
    assert (places["02"][0], places["02"][3]) == (2, "Top 1")
    assert minutes(presented)["ok"]


def test_a_late_sheet_counts_only_by_acceptance(presented):
    done(presented.desk, "close", "presentasi")
    # Signed in time by nobody's word but that laptop's clock: the stage is closed here.
    late = presented.mark_one(
        "Juri 1", "presentasi", "paparan", {"01": (1, 1)}, "--reason", "Salah lihat"
    )
    presented.merge(late)
    before, _ = presented.ranked()
    waiting = [item["about"] for item in done(presented.desk, "decide", "list")["decisions"]]
    done(presented.desk, "decide", "accept", "--judge", "Juri 1", "--entry", "01", "--stage",
         "presentasi", "--reason", "Listrik padam")  # fmt: skip
    after, _ = presented.ranked()

    assert before["01"][1] == "88"
    assert waiting == ["late"]
    assert after["01"][1] == "48"


def test_a_counted_sheet_may_be_taken_out_and_the_result_waits(presented):
    done(presented.desk, "decide", "accept", "--reject", "--judge", "Juri 1", "--entry", "01",
         "--stage", "presentasi", "--reason", "Tertukar")  # fmt: skip

    _, complete = presented.ranked()

    assert not complete


def test_a_reopened_stage_takes_late_sheets(presented):
    done(presented.desk, "close", "presentasi")
    late = presented.mark_one(
        "Juri 1", "presentasi", "paparan", {"01": (1, 1)}, "--reason", "Salah lihat"
    )
    presented.merge(late)
    done(presented.desk, "decide", "reopen", "presentasi", "--reason", "Kesalahan umum")

    places, _ = presented.ranked()

    assert places["01"][1] == "48"


def test_what_a_revoked_key_signs_later_does_not_count(presented):
    head = done(presented.desk, "decide", "revoke", "Juri 1", "--reason", "Laptop hilang")["head"]
    later = presented.mark_one(
        "Juri 1", "presentasi", "paparan", {"01": (1, 1)}, "--reason", "Palsu"
    )
    presented.merge(later)

    places, _ = presented.ranked()

    assert len(head) == 64
    assert places["01"][1] == "88"


def test_every_decision_has_its_sentence_in_the_minutes(presented):
    say = Catalogue.load("en").say
    for words in (
        ("deviate", "02", "01"),
        ("correct", "01", "--stage", "presentasi", "--criterion", "mutu", "--mark", "10"),
        ("accept", "--judge", "Juri 1", "--entry", "01", "--stage", "presentasi", "--reject"),
        ("revoke", "Juri 2"),
        ("tie", "01", "02"),
        ("award", "Top 1", "01"),
    ):
        done(presented.desk, "decide", *words, "--reason", f"Alasan {words[0]}")
    done(presented.desk, "close", "presentasi")
    done(presented.desk, "decide", "reopen", "presentasi", "--reason", "Alasan reopen")

    from kipp_desktop.services.context import Context
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.resolutions import sentences

    home = Home(Context(presented.desk))
    with home.open(home.choose(None)) as panel:
        text = [say(item) for item in sentences(panel, panel.setup)]

    for word in ("deviate", "correct", "accept", "revoke", "tie", "award", "reopen"):
        assert sum(f"Alasan {word}" in line for line in text) == 1
    assert any("5 for, 1 against, 0 abstained" in line for line in text)


def test_the_panels_criterion_is_marked_once_for_all(tmp_path):
    stages = Stages(tmp_path).create(panel=True)
    stages.mark("usulan", "gagasan", USULAN)
    done(stages.desk, "decide", "advance", "usulan", "01", "02", "--reason", "Dua terbaik")
    stages.mark("presentasi", "paparan", PRESENTASI)
    _, before = stages.ranked()
    for number in ("01", "02"):
        done(stages.desk, "panel-mark", "--entry", number, "--criterion", "hadir", "10")

    places, complete = stages.ranked()

    assert (before, complete) == (False, True)
    assert places["01"][1] == "980/11"


def test_an_entry_that_is_not_in_the_stage_cannot_go_on(proposed):
    done(proposed.desk, "entry-status", "01", "withdrawn", "--reason", "Mundur")

    answer = kipp(proposed.desk, "decide", "advance", "usulan", "01", "--reason", "x")

    assert answer.code == "not-alive"


def test_stages_whose_highest_totals_differ_are_not_averaged(tmp_path):
    rubric = 'id = "{0}"\nname = "{0}"\ntotal = "sum"\nscale = {{min = "1", max = "{1}"}}\n'
    one = '[[criterion]]\nid = "a"\nname = "A"\n'
    for name, top in (("satu", 10), ("dua", 20)):
        (tmp_path / f"{name}.toml").write_text(rubric.format(name, top) + one, "utf-8")
    stage = '[[stage]]\nid = "{0}"\nrubric = "{0}.toml"\n'
    rules = tmp_path / "k.toml"
    rules.write_text(
        'name = "K"\norganiser = "O"\nyear = 2021\n' + stage.format("satu") + stage.format("dua")
    )

    answer = kipp(tmp_path / "h", "init", rules, "--no-passphrase")

    assert answer.status == 1
    assert answer.code == "bad-competition"
    assert "20" in json.dumps(answer.json)
