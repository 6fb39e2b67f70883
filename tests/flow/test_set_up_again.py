"""Rules that are changed before a plan, own rubrics, presets, and next year's set-up."""

import tomllib
from dataclasses import replace
from fractions import Fraction

import pytest

from kipp_desktop.domain.competition import Award, Rounding, Signatory
from kipp_desktop.domain.rubric_draft import NodeDraft, RubricDraft, ScaleDraft, with_node
from kipp_desktop.errors import KippError
from kipp_desktop.services import creating, rubrics, rules, stages
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.setup import next_setup, publish_plan
from tests.flow.kipp import Competition, done, kipp, table

OWN = RubricDraft(
    id="lokal",
    name="Rubrik lokal",
    scale=ScaleDraft("0", "100"),
    criteria=(
        NodeDraft(id="efektif", name="Efektif", weight="60"),
        NodeDraft(id="dampak", name="Dampak", weight="40"),
    ),
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8


@pytest.fixture
def opened(planned):
    home = Home(Context(planned.desk))
    with home.open(home.choose()) as panel:
        yield home, panel


def refuses(code, act, *words):
    with pytest.raises(KippError) as caught:
        act(*words)
    assert caught.value.code == code


# -- rules -----------------------------------------------------------------------------------------


def test_every_rule_can_be_read_changed_and_stands_in_the_next_plan(opened, tmp_path):
    home, panel = opened
    old = rules.rules_view(panel).rules
    stage = replace(
        old.stages[0],
        between_judges="median",
        missing="present",
        quorum=2,
        min_judges=2,
        weight=Fraction(60),
        advance_per_group=6,
        slot=(("paparan", 10),),
    )
    wanted = replace(
        old,
        stages=(stage, *old.stages[1:]),
        ties=("median", "lot"),
        rounding=Rounding(3, "final"),
        awards=(Award("umum", "Top 1", 1),),
        approvals=("chair",),
    )

    rules.save_rules(home, panel, wanted)
    publish_plan(home, panel, tmp_path / "paket.kipp")

    assert panel.setup.rules == wanted
    assert panel.state.plan.revision == 2


@pytest.mark.parametrize(
    "change",
    [
        {"ties": ("criterion:tidak-ada",)},
        {"ties": ("stage:tidak-ada",)},
        {"ties": ("undi",)},
        {"awards": (Award("khusus", "Top 1", 1),)},
        {"rounding": Rounding(10, "print")},
        {"stages": ()},
    ],
)
def test_rules_that_cannot_be_used_change_nothing(opened, change):
    home, panel = opened
    before = rules.rules_view(panel)

    refuses("bad-competition", rules.save_rules, home, panel, replace(before.rules, **change))

    assert rules.rules_view(panel) == before


def test_a_single_rule_is_changed_on_the_command_line(planned):
    for words in (
        ["between_judges", "median", "--stage", "presentasi"],
        ["advance", "{per_group = 6}", "--stage", "presentasi"],
        ["min_judges", "2", "--stage", "presentasi"],
        ["ties", '["median", "lot"]'],
        ["rounding", '{digits = 3, when = "final"}'],
        ["award", '[{group = "umum", tier = "Top 1", size = 1}]'],
    ):
        shown = done(planned.desk, "rules", "set", *words)["rules"]

    values = {item["setting"]: item["value"] for item in shown if item["stage"] != "verifikasi"}
    assert values == {
        "between_judges": "median",
        "missing": "block",
        "min_judges": "2",
        "combine": "weighted",
        "advance": "6",
        "rounding": "final 3",
        "ties": "lot",
        "awards": "Top 1",
        "approvals": "",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["between_judges", "rata-rata", "--stage", "presentasi"],
        ["rubric", "metro", "--stage", "presentasi"],
        ["median", "1"],
        ["ties", "median"],
        ["missing", "present", "--stage", "tidak-ada"],
    ],
)
def test_a_single_rule_that_cannot_be_is_refused(planned, words):
    answer = kipp(planned.desk, "rules", "set", *words)

    assert answer.status == 1
    assert answer.code in {"bad-competition", "no-stage"}


def test_stages_come_and_go_and_those_that_stay_keep_their_rules(opened):
    home, panel = opened
    first, *rest = stages.stage_lines(rules.rules_view(panel))
    old = rules.rules_view(panel).rules.stages
    new = stages.StageLine("Penilaian proposal", "proposal", "kipp-proposal-2023", "gate")

    stages.save_stages(home, panel, [new, first])
    fewer = rules.rules_view(panel)
    stages.save_stages(home, panel, [first, *rest])

    assert rest
    assert [stage.id for stage in fewer.rules.stages] == ["penilaian-proposal", old[0].id]
    assert fewer.rubrics[fewer.rules.stages[0].rubric].id == "kipp-proposal-2023"
    assert fewer.rules.stages[1] == old[0]
    assert rules.rules_view(panel).rules.stages[0] == old[0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: [], "it has no stage"),
        (lambda lines: [replace(lines[0], name=" "), *lines[1:]], "a stage has no name"),
        (lambda lines: [*lines, lines[0]], "two stages have the same name"),
        (lambda lines: [replace(lines[0], rubric=""), *lines[1:]], "take it out of"),
    ],
)
def test_stages_that_cannot_be_are_refused_in_one_sentence(opened, change, sentence):
    home, panel = opened
    before = rules.rules_view(panel)
    lines = list(stages.stage_lines(before))

    with pytest.raises(KippError) as caught:
        stages.save_stages(home, panel, change(lines))

    assert sentence in str(caught.value.what)
    assert rules.rules_view(panel) == before


def test_a_stage_with_marks_keeps_its_place_its_kind_and_its_rubric(published):
    home = Home(Context(published.desk))
    with home.open(home.choose()) as panel:
        lines = list(stages.stage_lines(rules.rules_view(panel)))
        changed = [replace(lines[0], kind="proposal"), *lines[1:]]
        tries = [lines[1:], changed, [lines[1], lines[0], *lines[2:]]]
        told = []
        for wanted in tries:
            with pytest.raises(KippError) as caught:
                stages.save_stages(home, panel, wanted)
            told.append(str(caught.value.what))

    assert ["cannot go" in told[0], "rubric stay" in told[1], "their order" in told[2]] == [
        True
    ] * 3


def test_letterhead_signatories_and_logo_are_kept(opened):
    home, panel = opened
    competition = replace(rules.rules_view(panel).competition, letterhead=("PEMKOT",), paper="F4")
    signatory = Signatory("Kepala Bagian Organisasi", "Nama", "19700101")

    rules.save_competition(home, panel, competition)
    rules.save_signatories(home, panel, [signatory])
    rules.save_logo(home, panel, PNG)

    view = rules.rules_view(panel)
    assert (view.competition, view.signatories, view.logo) == (competition, (signatory,), PNG)
    refuses("bad-logo", rules.save_logo, home, panel, b"GIF89a")
    refuses("bad-competition", rules.save_competition, home, panel, replace(competition, name=" "))


def test_groups_are_added_and_only_an_empty_one_goes(opened):
    home, panel = opened

    rules.save_groups(home, panel, ["Umum", "Replikasi"])
    refuses("bad-competition", rules.save_groups, home, panel, ["Replikasi"])
    refuses("bad-competition", rules.save_groups, home, panel, ["Umum", "umum"])
    rules.save_groups(home, panel, ["Umum"])

    assert [group.id for group in next_setup(panel)[0].groups] == ["umum"]


@pytest.mark.parametrize("preset", creating.PRESETS)
def test_a_competition_of_each_preset_can_publish_its_plan(preset, tmp_path):
    made = Competition(tmp_path)
    done(made.desk, "init", "--name", "KIPP", "--organiser", "Setda", "--year", "2021",
         "--preset", preset, "--no-passphrase")  # fmt: skip
    done(made.desk, "entries", "import", made.entries_table())
    people = [("Juri 1", "juri", ""), ("Evaluator 1", "evaluator", ""),
              ("Verifikator 1", "verifikator", "")]  # fmt: skip
    done(made.desk, "people", "import", made.people_table(people))

    done(made.desk, "plan", "publish", "--out", made.package)

    shown = done(made.desk, "rules", "show")["rules"]
    gates = {item["stage"]: item["value"] for item in shown if item["setting"] == "advance"}
    awards = next(item["value"] for item in shown if item["setting"] == "awards")
    assert (gates, awards) == {
        "kota": ({}, "Top 3, Top 6"),
        "provinsi": ({"proposal": "50", "presentasi": "40"}, "Top 30"),
        "nasional": ({"proposal": "99"}, "Top 45, Top 99"),
    }[preset]


def test_a_preset_replaces_the_rules_and_gives_each_group_its_awards(opened):
    home, panel = opened
    rules.save_groups(home, panel, ["Umum", "Replikasi"])

    rules.use_preset(home, panel, "provinsi")

    found = rules.rules_view(panel).rules
    assert [stage.id for stage in found.stages] == ["proposal", "presentasi", "verifikasi"]
    assert {(award.group, award.size) for award in found.awards} == {
        ("umum", 30),
        ("replikasi", 30),
    }


# -- rubrics ---------------------------------------------------------------------------------------


def test_an_own_rubric_is_kept_with_its_mistakes_and_followed_once_it_has_none(opened):
    home, panel = opened
    rubrics.keep_draft(home, panel, OWN)
    rubrics.use_rubric(home, panel, "presentasi", "lokal")
    broken = with_node(OWN, (0,), NodeDraft(id="efektif", name="Efektif", weight="enam puluh"))

    rubrics.keep_draft(home, panel, broken)

    line = next(item for item in rubrics.rubric_lines(panel) if item.id == "lokal")
    assert (line.own, line.usable, line.stages) == (True, False, ("Presentasi",))
    assert rubrics.open_draft(panel, "lokal").criteria[0].weight == "enam puluh"
    assert next_setup(panel)[0].rubrics[0].criteria[0].weight == 60

    rubrics.keep_draft(home, panel, with_node(OWN, (0,), replace(OWN.criteria[0], weight="70")))

    assert next_setup(panel)[0].rubrics[0].criteria[0].weight == 70


def test_a_rubric_without_the_criterion_of_the_ladder_is_refused_for_the_stage(opened):
    home, panel = opened
    other = with_node(OWN, (0,), replace(OWN.criteria[0], id="lain"))
    rubrics.keep_draft(home, panel, other)

    refuses("bad-competition", rubrics.use_rubric, home, panel, "presentasi", "lokal")


def test_the_catalogue_is_listed_beside_what_is_used(opened):
    _, panel = opened

    lines = {item.id: item for item in rubrics.rubric_lines(panel)}

    assert len(lines) == 8
    assert lines["malang-2021"].stages == ("Presentasi",)
    view = rubrics.look_at(rubrics.open_draft(panel, "kovablik-presentasi"))
    assert view.mistakes == ()
    assert [row.by_panel for row in view.sheet.rows] == [False, False, False, True]


def test_a_rubric_file_with_two_mistakes_tells_both(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(
        'id = "r"\nname = "R"\nscale = {min = "1", max = "10"}\n'
        '[[criterion]]\nid = "a"\nname = "A"\nwieght = "1"\n'
        '[[criterion]]\nid = "b"\nname = "B"\nweight = "-1"\n',
        "utf-8",
    )

    answer = kipp(tmp_path, "--lang", "en", "rubric", "check", path)

    assert answer.code == "bad-rubric"
    assert "wieght" in answer.err
    assert "negative" in answer.err


# -- next year -------------------------------------------------------------------------------------


def test_the_template_of_a_decided_competition_sets_up_the_next(published, tmp_path):
    units = table(published.folder / "unit.csv", ("Nama", "Jenis", "Induk", "Wajib"),
                  [("SDN 1", "sekolah", "Dinas Pendidikan", "ya")])  # fmt: skip
    done(published.desk, "organisations", "import", units)
    home = Home(Context(published.desk))
    with home.open(home.choose()) as panel:
        rubrics.keep_draft(home, panel, OWN)
        rubrics.use_rubric(home, panel, "presentasi", "lokal")
        rules.save_signatories(home, panel, [Signatory("Kepala", "Nama", "1")])
        rules.save_logo(home, panel, PNG)
        old = rules.rules_view(panel)

    out = published.folder / "2022.toml"
    files = done(published.desk, "template", "--out", out)["files"]
    done(tmp_path / "baru", "init", out, "--no-passphrase")

    again = Home(Context(tmp_path / "baru"))
    with again.open(again.choose()) as panel:
        view = rules.rules_view(panel)
        setup, _ = next_setup(panel)
        winners = panel.workbench.document("earlier-winners")
    assert len(files) == 2
    assert view.competition == replace(old.competition, year=2022, decrees=(), theme="")
    assert (view.rules, view.groups, view.rubrics) == (old.rules, old.groups, old.rubrics)
    assert (view.signatories, view.logo) == (old.signatories, PNG)
    parents = {item.name: item.parent for item in setup.organisations}
    ids = {item.name: item.id for item in setup.organisations}
    assert parents["SDN 1"] == ids["Dinas Pendidikan"]
    assert next(o.must_enter for o in setup.organisations if o.name == "SDN 1")
    assert ["Kebun Si Pintar", "Dinas Pendidikan", "2021", "Top 3"] in winners
    assert len(winners) == 3
    assert setup.entries == ()
    assert tomllib.loads(out.read_text("utf-8"))["rubric"][0]["id"] == "lokal"


def test_the_window_creates_from_last_year_with_its_own_name(published):
    home = Home(Context(published.desk))
    last = home.choose()
    with home.open(last) as panel:
        rules.save_logo(home, panel, PNG)

    listed = creating.create(
        home, creating.NewCompetition("KIPP 2022", "Bagian Organisasi", 2022, last_year=last)
    )

    with home.open(listed) as panel:
        view = rules.rules_view(panel)
        assert (view.competition.name, view.competition.year) == ("KIPP 2022", 2022)
        assert view.logo == PNG
        assert len(panel.workbench.document("earlier-winners")) == 3
        assert len(panel.workbench.organisations()) == 3


def test_init_takes_over_a_competition_of_this_home(planned):
    done(planned.desk, "init", "--from", "KIPP Uji", "--name", "KIPP Baru", "--no-passphrase")

    shown = done(planned.desk, "organisations", "list")["organisations"]

    assert [item["name"] for item in shown] == [
        "Dinas Pendidikan",
        "Dinas Ketahanan Pangan",
        "Bappeda",
    ]


def test_an_organisation_below_one_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "k.toml"
    path.write_text(
        'name = "K"\norganiser = "O"\nyear = 2022\n[[stage]]\nid = "p"\nrubric = "metro"\n'
        '[[organisation]]\nname = "SDN 1"\nparent = "Dinas"\n',
        "utf-8",
    )

    answer = kipp(tmp_path / "h", "init", path, "--no-passphrase")

    assert answer.code == "bad-competition"
    assert not (tmp_path / "h" / "identities").exists()
