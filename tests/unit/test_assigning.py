"""The balanced draw: k judges an entry, loads equal within one, conflicts respected, repeatable."""

import random
import time
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.assigning import balanced, too_few

SEED = "0123456789abcdef0123456789abcdef"


def loads(held):
    return sorted(len(entries) for entries in held.values())


def check(held, entries, judges, barred, per_entry):
    """Return the spread of the loads, after checking what always holds."""
    count = Counter(entry for own in held.values() for entry in own)
    assert set(held) == set(judges)
    assert count == dict.fromkeys(entries, per_entry)
    for judge, own in held.items():
        assert len(set(own)) == len(own)
        assert not set(own) & set(barred.get(judge, ()))
    return loads(held)[-1] - loads(held)[0]


@pytest.mark.parametrize(("entries", "judges", "per_entry"), [(46, 5, 3), (3054, 30, 3)])
def test_a_real_panel_is_balanced_within_one_in_seconds(entries, judges, per_entry):
    numbers = random.Random(1)
    names = [f"e{n}" for n in range(entries)]
    panel = [f"j{n}" for n in range(judges)]
    barred = {judge: numbers.sample(names, entries // 10) for judge in panel}
    start = time.perf_counter()

    held = balanced(names, panel, barred, per_entry, SEED)

    assert time.perf_counter() - start < 10
    assert check(held, names, panel, barred, per_entry) <= 1


@st.composite
def panels(draw):
    entries = [f"e{n}" for n in range(draw(st.integers(1, 9)))]
    judges = [f"j{n}" for n in range(draw(st.integers(1, 5)))]
    barred = {judge: draw(st.sets(st.sampled_from(entries))) for judge in judges}
    return entries, judges, barred, draw(st.integers(1, 3)), draw(st.binary(min_size=16)).hex()


@given(panels())
def test_no_assignment_is_more_even_than_the_draw(panel):
    entries, judges, barred, per_entry, seed = panel
    if too_few(entries, judges, barred, per_entry):
        return

    held = balanced(entries, judges, barred, per_entry, seed)

    check(held, entries, judges, barred, per_entry)
    assert sum(n * n for n in loads(held)) == least_squares(entries, judges, barred, per_entry)


def least_squares(entries, judges, barred, per_entry):
    """Return the smallest sum of squared loads, by trying every assignment."""
    reached = {tuple([0] * len(judges))}
    for entry in entries:
        free = [n for n, judge in enumerate(judges) if entry not in barred[judge]]
        reached = {
            tuple(load + (n in chosen) for n, load in enumerate(state))
            for state in reached
            for chosen in combinations(free, per_entry)
        }
    return min(sum(n * n for n in state) for state in reached)


@given(panels(), st.randoms())
def test_the_order_in_which_entries_and_judges_are_named_changes_nothing(panel, shuffler):
    entries, judges, barred, per_entry, seed = panel
    if too_few(entries, judges, barred, per_entry):
        return
    others, people = list(entries), list(judges)
    shuffler.shuffle(others)
    shuffler.shuffle(people)

    assert balanced(entries, judges, barred, per_entry, seed) == balanced(
        others, people, barred, per_entry, seed
    )


def test_another_seed_is_another_draw_and_the_same_is_the_same():
    names, panel = [f"e{n}" for n in range(46)], ["j1", "j2", "j3", "j4", "j5"]

    first = balanced(names, panel, {}, 3, SEED)

    assert balanced(names, panel, {}, 3, SEED) == first
    assert balanced(names, panel, {}, 3, SEED[::-1]) != first


def test_one_crowded_judge_is_relieved_through_a_third():
    # j3 may mark e4 to e6 only; what j1 has too much must go over j2.
    entries = [f"e{n}" for n in range(1, 7)]
    barred = {"j1": {"e4", "e5"}, "j2": set(), "j3": {"e1", "e2", "e3"}}

    held = balanced(entries, ["j1", "j2", "j3"], barred, 1, SEED)

    assert loads(held) == [2, 2, 2]


def test_entries_with_too_few_judges_are_named():
    assert too_few(["e1", "e2"], ["j1", "j2"], {"j1": ["e2", "x"]}, 2) == ["e2"]
