"""Each rule explains itself, with numbers that the ranking gives."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kipp_desktop.assets import asset
from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.competition import (
    BETWEEN_JUDGES,
    COMBINE,
    ROLES,
    ROUNDING,
    Award,
    Rounding,
    Rules,
    Stage,
    read_rules,
)
from kipp_desktop.services.catalogues import load_toml
from kipp_desktop.services.creating import PRESETS
from kipp_desktop.services.explaining import explain_rules, explain_stage

STAGE = Stage("presentasi", "Presentasi", "presentation", "r")


def effect(stage, setting):
    return next(str(e.effect) for e in explain_stage(stage) if e.setting == setting)


def rule(rules, setting):
    return next(e for e in explain_rules(rules) if e.setting == setting)


@pytest.mark.parametrize(
    ("method", "a", "b", "first"),
    [
        ("mean", Fraction(90 + 84 + 80 + 40, 4), Fraction(302, 4), "B"),
        ("median", 82, Fraction(151, 2), "A"),
        ("trimmed-mean", Fraction(84 + 80, 2), Fraction(151, 2), "A"),
        ("placing", Fraction(1 + 1 + 1 + 2, 4), Fraction(2 + 2 + 2 + 1, 4), "A"),
    ],
)
def test_the_effect_between_judges_is_the_one_reckoned_by_hand(method, a, b, first):
    found = next(
        e for e in explain_stage(replace(STAGE, between_judges=method)) if
        e.setting == "between_judges"
    )  # fmt: skip

    assert found.effect.values == {"a": a, "b": b, "first": (first,)}


def test_nothing_is_dropped_where_the_trimmed_mean_asks_for_more_judges():
    trimmed = replace(STAGE, between_judges="trimmed-mean", trim_from=5)

    assert effect(trimmed, "between_judges") == effect(STAGE, "between_judges")


def test_a_missing_sheet_blocks_counts_or_waits_for_the_quorum():
    assert "A waits" in effect(STAGE, "missing")
    assert "A waits" in effect(replace(STAGE, missing="present", quorum=3), "missing")
    counted = effect(replace(STAGE, missing="present", quorum=2), "missing")
    assert "80 and 70: 75" in counted


def test_too_few_judges_wait_for_the_panel():
    assert "80; A" in effect(STAGE, "min_judges").replace("('A',)", "A")
    assert "waits for a decision" in effect(replace(STAGE, min_judges=2), "min_judges")


def test_stages_restart_weigh_confirm_or_correct():
    assert "A gets 70, B gets 84" in effect(replace(STAGE, combine="gate"), "combine")
    weighed = next(
        e for e in explain_stage(replace(STAGE, weight=Fraction(50))) if e.setting == "combine"
    )
    assert weighed.effect.values["a"] == Fraction(90 * 100 + 70 * 50, 150)
    assert "A has 90 and B has 80" in effect(replace(STAGE, combine="confirm"), "combine")
    assert "A gets 75" in effect(replace(STAGE, combine="correct"), "combine")
    assert "changes nothing" in effect(replace(STAGE, weight=Fraction(0)), "combine")


def test_rounding_before_places_shares_what_exact_scores_set_apart():
    rules = Rules((STAGE,))

    exact = rule(replace(rules, rounding=Rounding(1, "print")), "rounding").effect
    final = rule(replace(rules, rounding=Rounding(1, "final")), "rounding").effect

    assert exact.values["first"] == ("A",)
    assert exact.values["score_a"] == Fraction("80.04")
    assert final.values["score"] == 80


@pytest.mark.parametrize(
    ("step", "first"),
    [
        ("criterion:kebaruan", "A"),
        ("stage:proposal", "A"),
        ("median", "B"),
        ("fewest-below:70", "A"),
        ("fewest-below:50", None),
        ("plenary", None),
        ("lot", None),
    ],
)
def test_each_step_of_the_ladder_splits_the_example_or_says_that_it_does_not(step, first):
    found = rule(Rules((STAGE,), (step,)), "ties")

    assert found.effect.values.get("first", (None,)) == (first,)


def test_awards_nest_and_the_gate_proposes():
    awards = (Award("umum", "Top 6", 6), Award("umum", "Top 3", 3))

    found = rule(Rules((replace(STAGE, advance_per_group=40),), awards=awards), "awards")

    assert [str(part) for part in found.effect.values["parts"]] == [
        "Top 3 to places 1–3",
        "Top 6 to places 4–6",
    ]
    assert "first 40" in effect(replace(STAGE, advance_per_group=40), "advance")


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_rule_of_a_preset_explains_itself_in_both_languages(preset, language):
    say = Catalogue.load(language).say
    rules = read_rules(load_toml(asset("resources", "presets") / f"{preset}.toml"))

    for item in explain_rules(rules):
        assert say(item.sentence).endswith(".")
        assert say(item.effect).endswith(".")
        assert "{" not in say(item.sentence) + say(item.effect)


@pytest.mark.parametrize("between", BETWEEN_JUDGES)
@pytest.mark.parametrize("combine", COMBINE)
@pytest.mark.parametrize("when", ROUNDING)
@pytest.mark.parametrize("digits", [0, 2, 9])
def test_no_choice_is_without_an_explanation(between, combine, when, digits):
    stage = replace(STAGE, between_judges=between, combine=combine)

    found = explain_rules(Rules((stage,), rounding=Rounding(digits, when), approvals=ROLES))

    assert {"rounding", "combine", "ties", "approvals"} <= {item.setting for item in found}
