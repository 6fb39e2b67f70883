from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.fold import Tie
from kipp_desktop.domain.ties import OpenTie, Split, split


@dataclass
class Facts:
    """Values by ``(step, entry)``."""

    values: dict = field(default_factory=dict)

    def criterion_mean(self, entry, criterion):
        return self.values.get((f"criterion:{criterion}", entry))

    def stage_score(self, entry, stage):
        return self.values.get((f"stage:{stage}", entry))

    def median_total(self, entry):
        return self.values.get(("median", entry))

    def marks_below(self, entry, bound):
        return self.values.get((f"fewest-below:{bound}", entry), 0)


def facts(**steps):
    return Facts(
        {
            (step.replace("__", ":").replace("_", "-"), entry): Fraction(value)
            for step, of in steps.items()
            for entry, value in of.items()
        }
    )


def test_a_step_splits_and_its_subsets_go_on_with_the_next():
    known = facts(criterion__c={"a": 7, "b": 8, "c": 7}, median={"a": 1, "b": 0, "c": 2})

    splits, waiting = split("abc", ["criterion:c", "median"], known, [])

    assert splits == [
        Split(("b",), "criterion:c"),
        Split(("c",), "median"),
        Split(("a",), "median"),
    ]
    assert not waiting


def test_fewer_low_marks_win():
    splits, _ = split("ab", ["fewest-below:6"], facts(fewest_below__6={"a": 2, "b": 1}), [])

    assert [part.entries for part in splits] == [("b",), ("a",)]


def test_a_step_that_does_not_know_all_cannot_split():
    splits, waiting = split("ab", ["criterion:c"], facts(criterion__c={"a": 7}), [])

    assert splits == [Split(("a", "b"), None)]
    assert not waiting


def test_what_is_left_to_a_decision_waits_and_the_rest_of_the_ladder_goes_on():
    known = facts(median={"a": 1, "b": 2, "c": 1})

    splits, waiting = split("abc", ["plenary", "median", "lot"], known, [])

    assert [part.entries for part in splits] == [("b",), ("a", "c")]
    assert waiting == [OpenTie(("a", "c"), ("plenary", "lot"))]


def test_a_decision_puts_the_whole_set_in_order_and_the_last_one_stands():
    decided = [Tie("lot", ("b", "a", "c"), ""), Tie("lot", ("c", "a", "b"), "")]

    splits, waiting = split("ab", ["lot"], Facts(), decided)

    assert splits == [Split(("a",), "lot"), Split(("b",), "lot")]
    assert not waiting
    assert [part.entries for part in split("ab", ["lot"], Facts(), decided[:1])[0]] == [
        ("b",),
        ("a",),
    ]


def test_a_decision_about_a_part_or_by_another_method_does_not_settle_the_set():
    decided = [Tie("lot", ("a", "b"), ""), Tie("plenary", ("a", "b", "c"), "")]

    splits, waiting = split("abc", ["lot"], Facts(), decided)

    assert splits == [Split(("a", "b", "c"), None)]
    assert waiting == [OpenTie(("a", "b", "c"), ("lot",))]


@given(st.permutations("abcd"), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_the_order_in_which_entries_come_does_not_matter(order, numbers):
    known = facts(
        criterion__c=dict(zip("abcd", numbers, strict=False)),
        median=dict(zip("abcd", numbers[4:], strict=True)),
    )

    def sets(entries):
        splits, _ = split(entries, ["criterion:c", "median"], known, [])
        return [(frozenset(part.entries), part.step) for part in splits]

    assert sets(order) == sets("abcd")
    assert frozenset.union(*(entries for entries, _ in sets(order))) == frozenset("abcd")
