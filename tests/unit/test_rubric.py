import tomllib
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.assets import read_text
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.sheet import pack, total
from kipp_desktop.errors import KippError
from tests import reference_ranking
from tests.strategies import json_values
from tests.worlds import _rubric_table, rubrics

LEAF = {"id": "c", "name": "C", "weight": "1"}
GOOD = {"id": "r", "name": "R", "scale": {"min": "1", "max": "10"}, "criterion": [LEAF]}


def refuses(table):
    with pytest.raises(KippError) as caught:
        read_rubric(table)
    assert caught.value.code == "bad-rubric"
    assert str(caught.value)


@given(rubrics())
def test_a_rubric_comes_back_from_its_table_with_the_same_fingerprint(world):
    rubric = read_rubric(_rubric_table(world, "r"))

    again = read_rubric(rubric.as_json())

    assert again == rubric
    assert again.fingerprint == rubric.fingerprint


@given(rubrics(), st.data())
def test_integers_give_the_same_total_as_fractions(world, data):
    rubric = read_rubric(_rubric_table(world, "r"))
    known = reference_ranking.leaves(world)
    marks = {}
    for leaf, (_, (low, high, step), by) in known.items():
        if by == "judge":
            marks[leaf] = low + step * data.draw(st.integers(0, int((high - low) / step)))

    packed = pack(rubric, {leaf: _decimal(mark) for leaf, mark in marks.items()})

    judged = {leaf: of for leaf, of in known.items() if of[2] == "judge"}
    expected = sum(of[0] * marks[leaf] for leaf, of in judged.items())
    assert Fraction(total(rubric, packed), rubric.judged.denominator) == expected
    assert rubric.judged.denominator == rubric.by_panel.denominator
    assert rubric.maximum == sum(of[0] * of[1][1] for of in known.values())
    if world["total"] == "percent":
        assert rubric.maximum == 100


def _decimal(value):
    from kipp_desktop.domain.canonical import format_decimal

    return format_decimal(value)


def test_a_tree_weighs_its_leaves_by_shares_of_shares():
    table = {
        **GOOD,
        "criterion": [
            {"id": "a", "name": "A", "weight": "60", "criterion": [
                {"id": "a1", "name": "A1", "weight": "1"},
                {"id": "a2", "name": "A2", "weight": "2", "scale": {"min": "0", "max": "4"}},
            ]},
            {"id": "b", "name": "B", "weight": "40"},
        ],
    }  # fmt: skip

    percent = {leaf.id: leaf.coefficient for leaf in read_rubric(table).leaves}
    summed = {leaf.id: leaf.coefficient for leaf in read_rubric({**table, "total": "sum"}).leaves}

    assert percent == {"a1": Fraction(20, 10), "a2": Fraction(40, 4), "b": Fraction(40, 10)}
    assert summed == {"a1": 60, "a2": 120, "b": 40}


def test_the_shape_is_kept_by_a_weight_and_changed_by_a_scale():
    rubric = read_rubric(GOOD)
    weighed = read_rubric({**GOOD, "criterion": [{**LEAF, "weight": "7"}]})
    scaled = read_rubric({**GOOD, "scale": {"min": "0", "max": "10"}})
    by_panel = read_rubric(
        {**GOOD, "criterion": [LEAF, {"id": "d", "name": "D", "marked_by": "panel"}]}
    )

    assert weighed.shape == rubric.shape
    assert weighed.fingerprint != rubric.fingerprint
    assert len({rubric.shape, scaled.shape, by_panel.shape}) == 3


def test_weights_that_do_not_sum_to_a_hundred_are_a_warning_in_percent_only():
    assert read_rubric(GOOD).warnings()
    assert not read_rubric({**GOOD, "total": "sum"}).warnings()
    assert not read_rubric({**GOOD, "criterion": [{**LEAF, "weight": "100"}]}).warnings()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "R"},
        {"id": ""},
        {"name": " "},
        {"extra": 1},
        {"total": "mean"},
        {"total": ["sum"]},
        {"criterion": []},
        {"criterion": {}},
        {"criterion": ["c"]},
        {"criterion": [LEAF, LEAF]},
        {"criterion": [{**LEAF, "weight": "0"}]},
        {"criterion": [{**LEAF, "weight": "-1"}]},
        {"criterion": [{**LEAF, "weight": "07"}]},
        {"criterion": [{**LEAF, "weight": 0.5}]},
        {"criterion": [{**LEAF, "weight": True}]},
        {"criterion": [{**LEAF, "weight": 10**60}]},
        {"criterion": [{**LEAF, "marked_by": "panel"}]},
        {"criterion": [{**LEAF, "wieght": "1"}]},
        {"criterion": [{**LEAF, "criterion": [{**LEAF, "id": "d"}], "scale": GOOD["scale"]}]},
        {"criterion": [{**LEAF, "levels": [{"from": "5", "to": "1", "text": ""}]}]},
        {"criterion": [{**LEAF, "levels": [7]}]},
        {"scale": {"min": "1", "max": "1"}},
        {"scale": {"min": "-1", "max": "1"}},
        {"scale": {"min": "0", "max": "1", "step": "0"}},
        {"scale": {"min": "0", "max": "1", "step": "0.3"}},
        {"scale": {"min": "0", "max": "70000"}},
        {"scale": {"min": "0"}},
        {"scale": "1-10"},
        {"scale": {"min": "0", "max": "1", "step": "0.00000000000000000000000000000001"}},
    ],
)  # fmt: skip
def test_a_mistake_in_a_rubric_is_told(change):
    assert read_rubric(GOOD)

    refuses({**GOOD, **change})


def test_a_tree_of_five_levels_is_refused():
    table = {"id": "x5", "name": "X"}
    for level in range(4, 0, -1):
        table = {"id": f"x{level}", "name": "X", "criterion": [table]}

    refuses({**GOOD, "criterion": [table]})
    assert read_rubric({**GOOD, "criterion": table["criterion"]})


def test_no_scale_anywhere_is_told():
    refuses({"id": "r", "name": "R", "criterion": [LEAF]})


@given(st.dictionaries(st.sampled_from([*GOOD, "total", "source"]), json_values))
def test_any_table_is_a_rubric_or_told(table):
    with suppress(KippError):
        read_rubric({**GOOD, **table})


def test_malang_2021_has_five_equal_leaves_from_one_to_ten_and_says_whose_weights_they_are():
    rubric = read_rubric(tomllib.loads(read_text("resources", "rubrics", "malang-2021.toml")))

    assert {leaf.id for leaf in rubric.leaves} == {
        "kebaruan", "efektif", "bermanfaat", "transfer", "berkelanjutan",
    }  # fmt: skip
    assert {leaf.coefficient for leaf in rubric.leaves} == {Fraction(2)}
    assert {
        (leaf.scale.minimum, leaf.scale.maximum, leaf.scale.step) for leaf in rubric.leaves
    } == {(1, 10, 1)}
    assert rubric.maximum == 100
    assert not rubric.warnings()
    assert "tidak dipublikasikan" in rubric.source
