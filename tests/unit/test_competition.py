import datetime as dt
import tomllib
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.competition import (
    competition_json,
    read_competition,
    read_rules,
    rules_json,
    slug,
)
from kipp_desktop.errors import KippError
from tests.strategies import any_text, json_values

FILE = tomllib.loads("""
name = "KIPP Kota Malang 2021"
organiser = "Bagian Organisasi Setda Kota Malang"
year = 2021
panel_name = "Tim Panel Independen"
decrees = [{number = "188.45/1/2021", date = "2021-03-01", about = "Tim Panel"}]
letterhead = {lines = ["PEMERINTAH KOTA MALANG", "SEKRETARIAT DAERAH"], address = "Jalan"}
paper = "F4"
ties = ["criterion:efektif", "fewest-below:5.5", "plenary", "lot"]
rounding = {digits = 3, when = "stage"}
approvals = ["chair"]
[[stage]]
id = "presentasi"
rubric = "malang-2021"
between_judges = "trimmed-mean"
trim_from = 4
missing = "present"
quorum = 2
combine = "weighted"
weight = "62.5"
advance = {per_group = 10}
slot = [{part = "video", minutes = 3}]
[[award]]
group = "Umum"
tier = "Top 6"
size = 6
""")
STAGE = FILE["stage"][0]


def refuses(read, table):
    with pytest.raises(KippError) as caught:
        read(table)
    assert caught.value.code == "bad-competition"
    assert str(caught.value)


def test_a_competition_comes_back_from_what_is_signed():
    competition = read_competition(FILE)

    assert read_competition(competition_json(competition)) == competition
    assert competition.letterhead == ("PEMERINTAH KOTA MALANG", "SEKRETARIAT DAERAH")
    assert competition.paper == "F4"
    assert competition.decrees[0].on == "2021-03-01"


def test_rules_come_back_from_what_is_signed():
    rules = read_rules(FILE)

    assert read_rules(rules_json(rules)) == rules
    assert rules.stages[0].weight == Fraction(125, 2)
    assert rules.stages[0].advance_per_group == 10
    assert rules.awards[0].group == "umum"
    assert (rules.rounding.digits, rules.rounding.when) == (3, "stage")
    assert rules.stage("presentasi") is rules.stages[0]
    with pytest.raises(KippError):
        rules.stage("lapangan")


def test_right_defaults_need_nobody_to_open_the_rules():
    rules = read_rules({"stage": [{"id": "presentasi", "rubric": "r"}]})

    stage = rules.stages[0]
    assert (stage.between_judges, stage.missing, stage.combine) == ("mean", "block", "weighted")
    assert (stage.quorum, stage.min_judges, stage.trim_from) == (1, 1, 4)
    assert (rules.rounding.digits, rules.rounding.when) == (2, "print")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"organiser": None},
        {"year": "2021"},
        {"year": True},
        {"year": 21},
        {"paper": "A3"},
        {"decrees": {}},
        {"decrees": ["SK"]},
        {"decrees": [{"number": "1", "date": "1 Maret"}]},
        {"letterhead": "PEMERINTAH"},
        {"place": ["Malang"]},
    ],
)
def test_a_mistake_in_a_competition_is_told(change):
    refuses(read_competition, {**FILE, **change})


def test_a_date_may_be_written_as_toml_writes_dates():
    decrees = [{"number": "1", "date": dt.date(2021, 3, 1)}]

    assert read_competition({**FILE, "decrees": decrees}).decrees[0].on == "2021-03-01"


@pytest.mark.parametrize(
    "change",
    [
        {"stage": []},
        {"stage": "presentasi"},
        {"stage": [STAGE, STAGE]},
        {"ties": ["coin"]},
        {"ties": ["fewest-below:x"]},
        {"ties": ["criterion:"]},
        {"ties": "lot"},
        {"approvals": ["mayor"]},
        {"rounding": 2},
        {"rounding": {"digits": 10}},
        {"rounding": {"digits": "2"}},
        {"rounding": {"when": "never"}},
        {"award": [{"group": "umum", "tier": "Top 6", "size": 0}]},
        {"award": [{"group": "umum", "size": 6}]},
    ],
)
def test_a_mistake_in_the_rules_is_told(change):
    refuses(read_rules, {**FILE, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Presentasi"},
        {"id": None},
        {"kind": "interview"},
        {"rubric": 7},
        {"between_judges": "mode"},
        {"between_judges": "placing"},
        {"missing": "ignore"},
        {"combine": "add"},
        {"trim_from": 2},
        {"quorum": 0},
        {"min_judges": 1.5},
        {"weight": "-1"},
        {"weight": "07"},
        {"weight": 0.5},
        {"weight": 10**60},
        {"advance": {"per_group": 0}},
        {"slot": ["video"]},
        {"slot": [{"part": "video"}]},
    ],
)
def test_a_mistake_in_a_stage_is_told(change):
    refuses(read_rules, {**FILE, "stage": [{**STAGE, **change}]})


def test_stages_that_cannot_be_averaged_are_refused():
    gate = {"id": "a", "rubric": "r", "combine": "gate"}
    then = {"id": "b", "rubric": "r", "combine": "weighted"}

    assert read_rules({"stage": [gate, then]})
    assert read_rules({"stage": [then, {**gate, "between_judges": "placing"}]})
    refuses(read_rules, {"stage": [{**gate, "between_judges": "placing"}, then]})
    refuses(read_rules, {"stage": [{**gate, "weight": "0"}, {**then, "weight": "0"}]})


@given(st.dictionaries(st.sampled_from(sorted({*FILE, *STAGE})), json_values))
def test_any_tables_are_read_or_told(table):
    for read in (read_competition, read_rules, lambda t: read_rules({"stage": [{**STAGE, **t}]})):
        with suppress(KippError):
            read({**FILE, **table})


@given(any_text)
def test_a_slug_is_an_id_and_its_own_slug(name):
    assert slug(slug(name)) == slug(name)
    assert slug(name).replace("-", "").isalnum()
    assert slug(name).isascii()
