from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kipp_desktop.domain.competition import Award, Competition, Group, Rounding, Rules, Stage
from kipp_desktop.domain.fold import DeskState
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.domain.setup import Assignment, Entry, Person, Setup
from kipp_desktop.domain.sheet import pack, total
from kipp_desktop.domain.standing import StageCount
from tests import reference_ranking
from tests.worlds import program_view, worlds


def seen(standing):
    """Return what the program says in the words of the reference."""
    return {
        "groups": {
            group.group: {
                "places": {
                    item.entry: {
                        "place": item.place,
                        "exact": item.exact,
                        "by": item.by,
                        "award": item.award,
                    }
                    for item in group.entries
                    if item.place is not None
                },
                "ties": {(frozenset(tie.entries), tie.methods) for tie in group.ties},
                "lines": {(line.tier, frozenset(line.entries)) for line in group.lines},
            }
            for group in standing.groups
        },
        "missing": {(item.stage, item.entry, item.judge) for item in standing.missing},
        "waiting": set(standing.waiting),
        "complete": standing.complete,
    }


@settings(max_examples=300)
@given(worlds())
def test_the_ranking_equals_the_slow_and_obvious_one(world):
    assert seen(rank(*program_view(world))) == reference_ranking.rank(world)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_sheets_lie_about_changes_nothing(world, random):
    straight = rank(*program_view(world))

    shuffled = rank(*program_view(world, lambda rows: random.sample(rows, len(rows))))

    assert shuffled == straight


@given(worlds())
def test_every_entry_stands_once_and_a_place_is_one_more_than_those_before_it(world):
    standing = rank(*program_view(world))

    for group in standing.groups:
        members = [entry for entry, of in world["entries"].items() if of[0] == group.group]
        assert sorted(item.entry for item in group.entries) == sorted(members)
        ranked = [item for item in group.entries if item.place is not None]
        for item in ranked:
            assert item.place == 1 + sum(other.place < item.place for other in ranked)
            assert item.status == "present"
            alike = [other for other in ranked if other.place == item.place]
            assert item.shared == (len(alike) > 1)
        for item in group.entries[len(ranked) :]:
            status = world["entries"][item.entry][1]
            assert item.status == ("incomplete" if status == "present" else status)
            assert (item.place, item.exact, item.score, item.award) == (None,) * 4


@given(worlds())
def test_different_scores_are_printed_differently_and_each_is_half_up(world):
    digits = world["rounding"][0]

    for group in rank(*program_view(world)).groups:
        ranked = [item for item in group.entries if item.exact is not None]
        exact = {item.exact for item in ranked}
        assert len({item.score for item in ranked}) == len(exact)
        for item in ranked:
            more = len(item.score.partition(".")[2])
            assert Fraction(item.score) == round_half_up(item.exact, more)
            alone = all(
                round_half_up(other, digits) != round_half_up(item.exact, digits)
                for other in exact - {item.exact}
            )
            assert more == digits if alone else more > digits


def _all_nodes(nodes):
    for node in nodes:
        yield node
        yield from _all_nodes(node.get("children", ()))


@given(worlds(whole=True), st.sampled_from([Fraction(2), Fraction(10), Fraction(5, 2)]))
def test_scaling_all_weights_changes_nothing_in_percent(world, factor):
    for stage in world["stages"]:
        stage["rubric"]["total"] = "percent"
    before = seen(rank(*program_view(world)))

    scaled = set()
    for stage in world["stages"]:
        stage["weight"] *= factor
        for node in _all_nodes(stage["rubric"]["tree"]):
            if id(node) not in scaled:
                scaled.add(id(node))
                node["weight"] *= factor

    assert seen(rank(*program_view(world))) == before


@given(worlds(whole=True))
def test_the_same_panel_mark_for_all_keeps_the_order(world):
    world["rounding"] = (2, "print")
    world["ties"] = []
    before = rank(*program_view(world))

    stage = world["stages"][-1]
    node = {"id": "hadir", "weight": Fraction(3), "by": "panel", "scale": (0, 5, 1)}
    node["scale"] = tuple(map(Fraction, node["scale"]))
    stage["rubric"]["tree"].append(node)
    for other in world["stages"]:
        if any(of is node for of in other["rubric"]["tree"]):
            other["panel"] |= {(entry, "hadir"): Fraction(5) for entry in world["entries"]}

    after = rank(*program_view(world))
    for old, new in zip(before.groups, after.groups, strict=True):
        if len(world["stages"]) == 1 or world["stages"][-1]["combine"] == "gate":
            assert [(i.entry, i.place) for i in old.entries] == [
                (i.entry, i.place) for i in new.entries
            ]


@given(worlds(whole=True))
def test_with_every_sheet_here_every_entry_with_a_judge_is_ranked(world):
    for stage in world["stages"]:
        stage["quorum"] = 1
    standing = rank(*program_view(world))

    for group in standing.groups:
        for item in group.entries:
            gate = world["stages"][-1]["combine"] == "gate"
            judged = all(
                any(entry == item.entry for _, entry in stage["marks"])
                for stage in world["stages"][-1 if gate else 0 :]
            )
            assert (item.place is not None) == judged


# -- golden cases ----------------------------------------------------------------------------------


def simple(
    marks,
    *,
    scale,
    digits=2,
    when="print",
    ties=(),
    awards=(),
    weight="1",
    state=None,
    **stage_fields,
):
    """Rank entries by sheets ``{entry: [mark of judge 0, of judge 1, …]}`` of one criterion."""
    low, high, step = scale
    rubric = read_rubric(
        {
            "id": "r",
            "name": "R",
            "total": "sum",
            "scale": {"min": low, "max": high, "step": step},
            "criterion": [{"id": "c", "name": "C", "weight": weight}],
        }
    )
    stage = Stage("s", "S", "presentation", rubric.fingerprint, **stage_fields)
    judges = [f"j{i}" for i in range(max(len(of) for of in marks.values()))]
    setup = Setup(
        Competition("K", "O", 2021),
        (Group("umum", "Umum"),),
        Rules((stage,), tuple(ties), Rounding(digits, when), tuple(awards)),
        (rubric,),
        (),
        tuple(Entry(entry, entry, entry, group="umum") for entry in marks),
        tuple(Person(judge, "", ("judge",)) for judge in judges),
        tuple(Assignment("s", judge) for judge in judges),
    )
    rows = []
    for entry, of in marks.items():
        for judge, mark in zip(judges, of, strict=False):
            if mark is not None:
                packed = pack(rubric, {"c": mark})
                assert packed is not None, mark
                rows.append((entry, judge, total(rubric, packed), packed))
    count = StageCount(stage, rubric, rows, judges)
    return rank(setup, state or DeskState("desk"), {"s": count})


def table(standing):
    return [(i.entry, i.place, i.score) for i in standing.groups[0].entries]


def test_a_margin_of_three_hundredths_is_reversed_by_one_corrected_mark():
    before = simple({"a": ["887.76"], "b": ["888.23"]}, scale=("800", "1000", "0.01"))
    after = simple({"a": ["888.26"], "b": ["888.23"]}, scale=("800", "1000", "0.01"))

    assert table(before) == [("b", 1, "888.23"), ("a", 2, "887.76")]
    assert table(after) == [("a", 1, "888.26"), ("b", 2, "888.23")]


def test_half_a_hundredth_is_rounded_up():
    standing = simple({"a": ["1.01", "1"], "b": ["1", "1"]}, scale=("0", "10", "0.01"))

    assert table(standing) == [("a", 1, "1.01"), ("b", 2, "1.00")]


@pytest.mark.parametrize("when", ["stage", "final"])
def test_rounding_before_ranking_makes_a_tie_of_what_was_apart(when):
    marks = {"a": ["1.01", "1"], "b": ["1.01", "1.01"]}

    apart = simple(marks, scale=("0", "10", "0.01"))
    tied = simple(marks, scale=("0", "10", "0.01"), when=when)

    assert table(apart) == [("b", 1, "1.010"), ("a", 2, "1.005")]
    assert table(tied) == [("a", 1, "1.01"), ("b", 1, "1.01")]
    assert [i.exact for i in tied.groups[0].entries] == [Fraction(101, 100)] * 2


def test_scores_that_differ_in_the_fifteenth_digit_are_ranked_and_printed_apart():
    tiny = simple({"a": ["1"], "b": ["2"]}, weight="0.000000000000001", scale=("1", "2", "1"))
    assert table(tiny) == [("b", 1, "0.000000000000002"), ("a", 2, "0.000000000000001")]


def marked(criteria, sheets, *, total_rule="percent", corrections=(), **rules):
    """Rank entries by sheets ``{entry: [{leaf: mark}, …]}``, one a judge, of a rubric's table."""
    rubric = read_rubric({"id": "r", "name": "R", "total": total_rule, "criterion": criteria})
    stage = Stage("s", "S", "presentation", rubric.fingerprint)
    judges = [f"j{number}" for number in range(max(map(len, sheets.values())))]
    setup = Setup(
        Competition("K", "O", 2021),
        (Group("umum", "Umum"),),
        Rules((stage,), **rules),
        (rubric,),
        entries=tuple(Entry(entry, entry, entry, group="umum") for entry in sheets),
        assignments=tuple(Assignment("s", judge) for judge in judges),
    )
    rows = []
    for entry, of in sheets.items():
        for judge, given_marks in zip(judges, of, strict=True):
            packed = pack(rubric, given_marks)
            assert packed is not None, given_marks
            rows.append((entry, judge, total(rubric, packed), packed))
    state = DeskState("desk")
    state.corrections = {("s", *place): mark for place, mark in corrections}
    return rank(setup, state, {"s": StageCount(stage, rubric, rows, judges)})


def leaf(name, weight="1", low="0", high="500", step="0.01"):
    scale = {"min": low, "max": high, "step": step}
    return {"id": name, "name": name, "weight": weight, "scale": scale}


def test_a_correction_of_one_mark_by_the_panel_reverses_a_margin_of_three_hundredths():
    # a: 300.5 + 293.26 + 294 = 887.76, behind b by 0.47; the second mark becomes 293.76,
    # and a: 300.5 + 293.76 + 294 = 888.26, ahead of b = 300 + 294.23 + 294 = 888.23 by 0.03.
    criteria = [leaf("x"), leaf("y"), leaf("z")]
    sheets = {
        "a": [{"x": "300.5", "y": "293.26", "z": "294"}],
        "b": [{"x": "300", "y": "294.23", "z": "294"}],
    }

    before = marked(criteria, sheets, total_rule="sum")
    after = marked(criteria, sheets, total_rule="sum", corrections=[(("a", "y"), "293.76")])

    assert table(before) == [("b", 1, "888.23"), ("a", 2, "887.76")]
    assert table(after) == [("a", 1, "888.26"), ("b", 2, "888.23")]


def test_a_tree_with_fractional_weights_and_odd_steps_is_exact():
    # A weighs 60 of 93.3, B 33.3; A's a1 a third of it, a2 two thirds. In percent a mark counts
    # a1: 100 · 60/93.3 · 1/3 / 10 = 2000/933, a2: 100 · 60/93.3 · 2/3 / 4 = 10000/933,
    # b: 100 · 33.3/93.3 / 10 = 3330/933.
    criteria = [
        {"id": "a", "name": "A", "weight": "60",
         "criterion": [leaf("a1", "1", "1", "10", "0.75"), leaf("a2", "2", "0.4", "4", "0.9")]},
        leaf("b", "33.3", "1", "10", "0.5"),
    ]  # fmt: skip
    sheets = {
        # 7.75 · 2000 + 3.1 · 10000 + 6.5 · 3330 = 15500 + 31000 + 21645 = 68145
        "a": [{"a1": "7.75", "a2": "3.1", "b": "6.5"}],
        # 10 · 2000 + 4 · 10000 + 1 · 3330 = 63330
        "b": [{"a1": "10", "a2": "4", "b": "1"}],
    }

    standing = marked(criteria, sheets)

    assert [item.exact for item in standing.groups[0].entries] == [
        Fraction(68145, 933),
        Fraction(63330, 933),
    ]
    assert table(standing) == [("a", 1, "73.04"), ("b", 2, "67.88")]


def test_means_that_floats_take_for_different_share_a_place():
    # (0.1 + 0.2 + 0.3) / 3 = 0.2 = (0.2 + 0.2 + 0.2) / 3, which floats deny.
    assert sum([0.1, 0.2, 0.3]) / 3 != 0.2

    standing = simple(
        {"a": ["0.1", "0.2", "0.3"], "b": ["0.2", "0.2", "0.2"]}, scale=("0", "1", "0.1")
    )

    assert table(standing) == [("a", 1, "0.20"), ("b", 1, "0.20")]


def test_means_that_differ_in_the_fifteenth_digit_are_apart_though_floats_take_them_for_one():
    # Weights 1 and 10⁻¹⁵: a = (9 + 10⁻¹⁵ · 2 + 9 + 10⁻¹⁵ · 1) / 2 = 9 + 1.5 · 10⁻¹⁵, and
    # b = 9 + 10⁻¹⁵; between 8 and 16 floats are 1.8 · 10⁻¹⁵ apart.
    criteria = [
        leaf("x", "1", "1", "10", "1"),
        leaf("y", "0.000000000000001", "1", "2", "1"),
    ]
    assert 9 + 1.5e-15 == 9 + 1e-15

    standing = marked(
        criteria,
        {"b": [{"x": "9", "y": "1"}] * 2, "a": [{"x": "9", "y": "2"}, {"x": "9", "y": "1"}]},
        total_rule="sum",
    )

    assert [(item.entry, item.place) for item in standing.groups[0].entries] == [("a", 1), ("b", 2)]
    assert standing.groups[0].entries[0].exact - 9 == Fraction(3, 2 * 10**15)


@pytest.mark.parametrize(
    ("marks", "printed"),
    [
        (("2.67", "2.68"), "2.68"),  # 2.675, of which the nearest float is below
        (("1", "1.01"), "1.01"),  # 1.005, likewise
        (("0.12", "0.13"), "0.13"),  # 0.125, where rounding to even would go down
        (("0.13", "0.14"), "0.14"),  # 0.135
        (("0.12", "0.12", "0.13"), "0.12"),  # 0.12333…
    ],
)
def test_halves_go_up(marks, printed):
    assert table(simple({"a": list(marks)}, scale=("0", "10", "0.01"))) == [("a", 1, printed)]


def test_shared_places_across_two_award_lines_wait_at_each_that_they_cross():
    # Places 1, 2, 2, 4, 4, 4: the lines behind 2 and behind 5 both cut a shared place.
    awards = [Award("umum", "Top 2", 2), Award("umum", "Top 5", 5), Award("umum", "Top 6", 6)]
    marks = {"a": ["9"], "b": ["8"], "c": ["8"], "d": ["7"], "e": ["7"], "f": ["7"]}

    group = simple(marks, scale=("1", "10", "1"), awards=awards).groups[0]

    assert [item.place for item in group.entries] == [1, 2, 2, 4, 4, 4]
    assert [(line.tier, line.entries) for line in group.lines] == [
        ("Top 2", ("b", "c")),
        ("Top 5", ("d", "e", "f")),
    ]
    assert [item.award for item in group.entries] == ["Top 2", None, None, None, None, None]


def test_judges_disagree_on_odd_numbers_and_the_mean_stays_exact():
    standing = simple({"a": ["1", "1", "2"], "b": ["1", "2", "1"]}, scale=("1", "10", "1"))

    assert [i.exact for i in standing.groups[0].entries] == [Fraction(4, 3)] * 2
    assert table(standing) == [("a", 1, "1.33"), ("b", 1, "1.33")]


def test_a_shared_place_skips_the_next_and_waits_at_an_award_line():
    awards = [Award("umum", "Top 1", 1), Award("umum", "Top 3", 3)]

    standing = simple(
        {"a": ["9"], "b": ["9"], "c": ["8"], "d": ["7"]},
        scale=("1", "10", "1"),
        ties=["plenary", "lot"],
        awards=awards,
    )

    group = standing.groups[0]
    assert table(standing) == [
        ("a", 1, "9.00"),
        ("b", 1, "9.00"),
        ("c", 3, "8.00"),
        ("d", 4, "7.00"),
    ]
    assert [i.award for i in group.entries] == [None, None, "Top 3", None]
    assert [(line.tier, line.entries) for line in group.lines] == [("Top 1", ("a", "b"))]
    assert [(tie.entries, tie.methods) for tie in group.ties] == [(("a", "b"), ("plenary", "lot"))]


def test_a_decided_award_gives_the_others_their_larger_tier():
    state = DeskState("desk")
    state.awards["umum", "Top 1"] = ("b",)

    standing = simple(
        {"a": ["9"], "b": ["9"], "c": ["8"]},
        scale=("1", "10", "1"),
        awards=[Award("umum", "Top 1", 1), Award("umum", "Top 3", 3)],
        state=state,
    )

    assert [(i.entry, i.award) for i in standing.groups[0].entries] == [
        ("a", "Top 3"),
        ("b", "Top 1"),
        ("c", "Top 3"),
    ]


def test_a_missing_sheet_blocks_and_is_named_but_not_where_present_sheets_suffice():
    marks = {"a": ["9", None], "b": ["8", "8"]}

    block = simple(marks, scale=("1", "10", "1"))
    present = simple(marks, scale=("1", "10", "1"), missing="present")
    quorum = simple(marks, scale=("1", "10", "1"), missing="present", quorum=2)

    assert [(m.entry, m.judge) for m in block.missing] == [("a", "j1")]
    assert not block.complete
    assert present.complete
    assert [(m.entry, m.judge) for m in quorum.missing] == [("a", "")]
    assert table(quorum) == [("b", 1, "8.00"), ("a", None, None)]


def test_an_entry_with_its_quorum_and_too_few_judges_waits_for_a_decision():
    standing = simple(
        {"a": ["9", None], "b": ["8", "8"]},
        scale=("1", "10", "1"),
        missing="present",
        min_judges=2,
    )

    assert standing.complete
    assert standing.waiting == ("a",)


def test_absent_entries_are_listed_without_a_place_and_expect_no_sheets():
    state = DeskState("desk")
    state.statuses["a"] = ("withdrawn", "")

    standing = simple({"a": [None], "b": ["8"]}, scale=("1", "10", "1"), state=state)

    assert standing.complete
    assert [(i.entry, i.place, i.status) for i in standing.groups[0].entries] == [
        ("b", 1, "present"),
        ("a", None, "withdrawn"),
    ]


def test_the_standing_of_nothing_is_empty():
    setup = Setup(Competition("K", "O", 2021), (Group("umum", "U"),), Rules(()))

    standing = rank(setup, DeskState("desk"), {})

    assert standing.complete
    assert standing.groups[0].entries == ()
    assert replace(standing, waiting=()) == standing


def test_the_panels_mark_belongs_to_every_judges_total_in_the_ladder():
    scale = {"min": "0", "max": "10"}
    rubric = read_rubric(
        {
            "id": "r",
            "name": "R",
            "total": "sum",
            "scale": scale,
            "criterion": [
                {"id": "c", "name": "C"},
                {"id": "hadir", "name": "Hadir", "marked_by": "panel"},
            ],
        }
    )
    stage = Stage("s", "S", "presentation", rubric.fingerprint)
    sheets = {"a": ("0", "6", "6"), "b": ("5", "5", "5")}
    panel = {("a", "hadir"): "2", ("b", "hadir"): "1"}
    rows = [
        (entry, f"j{number}", total(rubric, pack(rubric, {"c": mark})), pack(rubric, {"c": mark}))
        for entry, marks in sheets.items()
        for number, mark in enumerate(marks)
    ]

    def order(ladder, **marks):
        setup = Setup(
            Competition("K", "O", 2021),
            (Group("umum", "Umum"),),
            Rules((stage,), (ladder,)),
            (rubric,),
            entries=tuple(Entry(entry, entry, entry, group="umum") for entry in sheets),
            assignments=tuple(Assignment("s", f"j{number}") for number in range(3)),
        )
        count = StageCount(stage, rubric, rows, ["j0", "j1", "j2"], {}, {**panel, **marks})
        return table(rank(setup, DeskState("desk"), {"s": count}))

    # The means are (0 + 6 + 6) / 3 + 2 and 5 + 1; the medians 6 + 2 and 5 + 1.
    assert order("criterion:hadir") == [("a", 1, "6.00"), ("b", 2, "6.00")]
    assert order("median") == [("a", 1, "6.00"), ("b", 2, "6.00")]
    rows[:3] = [(e, j, t, p) for (_, j, t, p), e in zip(rows[3:], "aaa", strict=True)]
    rows[3:] = [
        ("b", f"j{n}", total(rubric, pack(rubric, {"c": m})), pack(rubric, {"c": m}))
        for n, m in enumerate(["7", "5", "6"])
    ]
    # Now 5 + 2 against 6 + 1: equal means; the medians are 7 and 7 and split nothing.
    assert order("median") == [("a", 1, "7.00"), ("b", 1, "7.00")]
