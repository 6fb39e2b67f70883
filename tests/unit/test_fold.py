from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.competition import Competition, Group, Rules, Stage
from kipp_desktop.domain.fold import (
    RULES,
    Abstention,
    Bounds,
    SheetFact,
    abstentions_of,
    bounds_of,
    count_judge,
    read_desk,
)
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import Assignment, Entry, Person, Setup
from tests.examples import DESK, HASH, Author, author_of, judge

K1, K2, K3 = (author_of(name) for name in ("k1", "k2", "k3"))
RUBRIC = read_rubric(
    {
        "id": "r",
        "name": "R",
        "scale": {"min": "1", "max": "10"},
        "criterion": [{"id": "c", "name": "C"}],
    }
)
STAGE = Stage("presentasi", "Presentasi", "presentation", RUBRIC.fingerprint)
SETUP = Setup(
    Competition("K", "O", 2021),
    (Group("umum", "Umum"),),
    Rules((STAGE,)),
    (RUBRIC,),
    (),
    tuple(Entry(f"e{i}", str(i), f"E{i}", group="umum") for i in range(1, 5)),
    (
        Person("juri-1", "", ("judge",)),
        Person("petugas", "", ("clerk",)),
        Person("sekretaris", "", ("secretary",)),
    ),
    (Assignment("presentasi", "juri-1", None, ("e4",)),),
)


def desk_of(*records):
    """Return the state of a desk that enrolled and signed ``(kind, changes)`` in turn."""
    author = Author("desk")
    author.write("enrolment", person="sekretaris", desk=author.id)
    author.write("plan", changes=[])
    for kind, changes in records:
        author.write(kind, **changes)
    return read_desk(DESK, author.records), author


def admit(key, person="juri-1"):
    return "admission", {"key": key, "person": person}


def revoke(key, head=HASH):
    return "revocation", {"key": key, "head": head}


def close(heads, plan=HASH, stage="presentasi"):
    return "closing", {"heads": heads, "plan": plan, "stage": stage}


def sheet(seq, *, author=K1, entry="e1", marks=b"\x00\x05", shape=RUBRIC.shape, paper=False,
          withdrawn=False):  # fmt: skip
    return SheetFact(
        author, seq, f"{author[:8]}-{seq}", paper, "juri-1", "presentasi", entry, shape,
        None if withdrawn else marks, withdrawn,
    )  # fmt: skip


def bounds(limits=None, clerks=(K2, K3), accepted=None, order=None):
    order = order or {K1: 3, K2: 4, K3: 5}
    return Bounds(order, dict.fromkeys(order) | (limits or {}), frozenset(clerks), accepted or {})


def count(facts, *, checked=(), abstentions=(), within=None, own=(K1,), setup=SETUP):
    return count_judge(
        "juri-1", own, facts, checked, abstentions, setup, "presentasi", within or bounds()
    )


def counted(tally):
    return {entry: (item.fact.author, item.fact.seq, item.how)
            for entry, item in tally.counted.items()}  # fmt: skip


def stopped(tally):
    return {(item.fact.author, item.fact.seq, item.rule) for item in tally.stopped}


# -- keys ------------------------------------------------------------------------------------------


def test_a_second_admission_is_void_until_the_first_key_is_revoked():
    before, _ = desk_of(admit(K1), admit(K2))
    after, _ = desk_of(admit(K1), admit(K2), revoke(K1))

    assert before.live_key("juri-1").key == K1
    assert [key.key for key in before.waiting] == [K2]
    assert after.live_key("juri-1").key == K2
    assert not after.waiting
    assert [key.key for key in after.keys_of("juri-1")] == [K1, K2]


def test_one_key_is_one_person():
    state, _ = desk_of(admit(K1), admit(K1, "juri-2"))

    assert state.keys[K1].person == "juri-1"
    assert state.live_key("juri-2") is None


def test_a_void_admission_for_somebody_else_does_not_come_back():
    state, _ = desk_of(admit(K1), admit(K2), admit(K2, "juri-2"), revoke(K1))

    assert state.keys[K2].person == "juri-2"
    assert state.live_key("juri-1") is None


def test_a_key_that_waits_for_two_persons_is_the_one_whose_key_is_revoked_first():
    waits = [admit(K1), admit(K2, "juri-2"), admit(K3), admit(K3, "juri-2")]

    second, _ = desk_of(*waits, revoke(K2), revoke(K1))
    first, _ = desk_of(*waits, revoke(K1), revoke(K2))

    assert (second.keys[K3].person, first.keys[K3].person) == ("juri-2", "juri-1")
    assert not second.waiting
    assert not first.waiting


def test_a_revoked_key_is_not_admitted_again():
    state, _ = desk_of(admit(K1), revoke(K1), admit(K1))

    assert not state.keys[K1].live
    assert state.live_key("juri-1") is None


def test_the_desk_cannot_admit_itself():
    state, _ = desk_of(admit(DESK))

    assert not state.keys
    assert not state.waiting


def test_of_several_that_wait_the_first_is_the_heir_and_keeps_its_place_in_the_order():
    state, _ = desk_of(admit(K1), admit(K2), admit(K3), admit(K3), revoke(K1))

    assert state.live_key("juri-1").key == K2
    assert [(key.key, key.person) for key in state.waiting] == [(K3, "juri-1")]
    assert (state.keys[K2].order, state.keys[K2].since) == (4, 7)


def test_a_void_admission_can_be_withdrawn_by_revoking_it():
    state, _ = desk_of(admit(K1), admit(K2), revoke(K2), revoke(K1))

    assert state.live_key("juri-1") is None


# -- limits ----------------------------------------------------------------------------------------


def limit_of(state, key=K1, heads=None):
    heads = heads or {HASH: 5, "cd" * 32: 3}
    return state.limit(state.keys[key], "presentasi", lambda _key, head: heads.get(head))


def test_while_a_stage_is_open_everything_counts():
    state, _ = desk_of(admit(K1))

    assert limit_of(state) is None


def test_a_closing_counts_up_to_the_head_that_it_cites():
    state, _ = desk_of(admit(K1), close({K1: HASH}))

    assert limit_of(state) == 5


def test_of_a_key_that_a_closing_does_not_cite_nothing_counts():
    state, _ = desk_of(admit(K1), close({}))

    assert limit_of(state) == 0


def test_of_a_key_admitted_after_the_closing_nothing_counts():
    state, _ = desk_of(close({K1: HASH}), admit(K1))

    assert limit_of(state) == 0


def test_of_a_key_whose_admission_was_void_at_the_closing_nothing_counts():
    state, _ = desk_of(admit(K1), admit(K2), close({K1: HASH, K2: HASH}), revoke(K1))

    assert limit_of(state, K2) == 0
    assert limit_of(state, K1) == 5


def test_a_revocation_counts_up_to_its_head_or_nothing():
    at_head, _ = desk_of(admit(K1), revoke(K1, "cd" * 32))
    at_none, _ = desk_of(admit(K1), revoke(K1, None))

    assert limit_of(at_head) == 3
    assert limit_of(at_none) == 0


def test_a_closing_keeps_what_it_cites_whatever_is_revoked_later():
    state, _ = desk_of(admit(K1), close({K1: HASH}), revoke(K1, "cd" * 32))

    assert limit_of(state) == 5


def test_a_closing_does_not_bring_back_what_stands_behind_an_earlier_revocation():
    state, _ = desk_of(admit(K1), revoke(K1, "cd" * 32), close({K1: HASH}))

    assert limit_of(state) == 3


def test_a_second_closing_changes_nothing_until_the_stage_is_reopened():
    reopen = "decision", {"about": "reopen", "stage": "presentasi", "method": None}
    closed, _ = desk_of(admit(K1), close({K1: "cd" * 32}), close({K1: HASH}))
    again, _ = desk_of(admit(K1), close({K1: "cd" * 32}), reopen, close({K1: HASH}))

    assert limit_of(closed) == 3
    assert limit_of(again) == 5


def test_a_closing_freezes_the_plan_of_its_stage():
    author = Author("desk")
    author.write("enrolment", person="sekretaris", desk=author.id)
    first = author.write("plan", changes=[])
    author.write("closing", heads={}, plan=first.id)
    second = author.write("plan", changes=[], revision=2)
    state = read_desk(DESK, author.records)

    assert state.plan.id == second.id
    assert state.plan_for("presentasi").id == first.id
    assert state.plan_for("lapangan").id == second.id


def test_a_key_is_revoked_once_and_for_good():
    state, _ = desk_of(admit(K1), revoke(K1, "cd" * 32), revoke(K1, HASH))

    assert limit_of(state) == 3


def test_a_closing_behind_a_revocation_counts_up_to_the_lesser_head():
    state, _ = desk_of(admit(K1), revoke(K1, HASH), close({K1: "cd" * 32}))

    assert limit_of(state) == 3


def test_of_a_head_that_is_not_held_nothing_counts():
    closed, _ = desk_of(admit(K1), close({K1: "ef" * 32}))
    revoked, _ = desk_of(admit(K1), revoke(K1, "ef" * 32))

    assert limit_of(closed) == 0
    assert limit_of(revoked) == 0


def test_a_fork_binds_until_it_is_revoked_and_never_a_closed_stage():
    states = [
        desk_of(admit(K1), *more)[0]
        for more in ((), [close({K1: HASH})], [revoke(K1, HASH)], [revoke(K1, None)])
    ]
    for state in states:
        state.forked[K1] = 2

    assert [limit_of(state) for state in states] == [2, 5, 5, 0]


def test_a_fork_is_unsettled_until_its_admitted_key_is_revoked():
    state, _ = desk_of(admit(K1), admit(K2, "juri-2"), revoke(K2))
    state.forked = {K1: 2, K2: 2, K3: 2}

    assert state.unsettled == (K1,)


def test_a_record_at_the_limit_counts_and_the_next_one_does_not():
    within = bounds({K1: 3})

    assert [within.within(K1, seq) for seq in (3, 4)] == [True, False]
    assert within.within(K2, 99)
    assert counted(count([sheet(3), sheet(4)], within=within)) == {"e1": (K1, 3, "laptop")}


def test_of_what_the_desk_says_twice_of_one_thing_the_last_stands():
    state, _ = desk_of(
        ("entry-status", {"status": "absent", "reason": ""}),
        ("entry-status", {"status": "present", "reason": "datang"}),
        ("panel-mark", {"mark": "5"}),
        ("panel-mark", {"mark": None}),
        ("acceptance", {"counts": True}),
        ("acceptance", {"counts": False}),
    )

    assert state.statuses == {"e1": ("present", "datang")}
    assert list(state.panel_marks.values()) == [None]
    assert state.acceptances == {HASH: False}


def test_the_keeper_of_the_plan_that_a_closing_froze_may_type_in_its_stage():
    author = Author("desk")
    author.write("enrolment", person="sekretaris", desk=author.id)
    first = author.write("plan", changes=[], keeper="sekretaris")
    author.write("admission", key=K3, person="sekretaris")
    author.write("closing", heads={}, plan=first.id)
    author.write("plan", changes=[], keeper="juri-1", revision=2)
    state = read_desk(DESK, author.records)

    typing = [bounds_of(state, SETUP, stage, lambda *_: None).clerks
              for stage in ("presentasi", "lapangan")]  # fmt: skip

    assert typing == [{K3}, set()]


def test_only_clerks_and_the_keeper_may_type():
    state, _ = desk_of(admit(K1), admit(K2, "petugas"), admit(K3, "sekretaris"))

    assert bounds_of(state, SETUP, "presentasi", lambda *_: None).clerks == {K2, K3}


# -- counting --------------------------------------------------------------------------------------


def test_the_last_sheet_counts_and_the_others_were_replaced():
    tally = count([sheet(2), sheet(4), sheet(3)])

    assert counted(tally) == {"e1": (K1, 4, "laptop")}
    assert stopped(tally) == {(K1, 2, "replaced"), (K1, 3, "replaced")}


def test_a_later_key_comes_after_an_earlier_one_whatever_the_seq():
    tally = count([sheet(9), sheet(2, author=K2)], own=(K1, K2))

    assert counted(tally) == {"e1": (K2, 2, "laptop")}


@pytest.mark.parametrize(
    ("last", "rule"),
    [
        ({"shape": "other"}, "other-rubric"),
        ({"marks": None}, "bad-marks"),
        ({"withdrawn": True}, "withdrawn"),
    ],
)
def test_a_sheet_once_replaced_never_returns(last, rule):
    tally = count([sheet(2), sheet(3, **last)])

    assert not tally.counted
    assert stopped(tally) == {(K1, 2, "replaced"), (K1, 3, rule)}


def test_a_replaced_sheet_stays_so_when_the_desk_does_not_accept_the_last():
    tally = count([sheet(2), sheet(3)], within=bounds(accepted={sheet(3).id: False}))

    assert not tally.counted
    assert stopped(tally) == {(K1, 2, "replaced"), (K1, 3, "not-accepted")}


def test_a_late_sheet_counts_only_by_acceptance():
    late = sheet(5)

    without = count([sheet(2), late], within=bounds({K1: 3}))
    accepted = count([sheet(2), late], within=bounds({K1: 3}, accepted={late.id: True}))
    refused = count([sheet(2), late], within=bounds({K1: 3}, accepted={late.id: False}))

    assert counted(without) == {"e1": (K1, 2, "laptop")}
    assert stopped(without) == {(K1, 5, "after-limit")}
    assert counted(accepted) == {"e1": (K1, 5, "laptop")}
    assert refused == without


def test_sheets_of_an_unknown_key_wait_and_of_another_person_do_not_count():
    tally = count([sheet(2, author="ff" * 32), sheet(3, author=K2)])

    assert not tally.counted
    assert stopped(tally) == {("ff" * 32, 2, "key-waiting"), (K2, 3, "not-assigned")}


def test_entries_that_are_not_assigned_do_not_count():
    nowhere = replace(SETUP, assignments=())

    assert stopped(count([sheet(2, entry="e4")])) == {(K1, 2, "not-assigned")}
    assert stopped(count([sheet(2, entry="e9")])) == {(K1, 2, "not-assigned")}
    assert stopped(count([sheet(2)], setup=nowhere)) == {(K1, 2, "not-assigned")}


@pytest.mark.parametrize("entries", [None, frozenset({"e1"})])
def test_who_abstains_gives_no_marks(entries):
    abstention = Abstention("a", "juri-1", "presentasi", entries, "conflict", "")

    tally = count([sheet(2), sheet(3, entry="e2")], abstentions=[abstention])

    assert "e1" not in tally.counted
    assert ("e2" in tally.counted) == (entries is not None)
    assert (K1, 2, "abstained") in stopped(tally)


def test_of_several_rules_that_a_sheet_breaks_the_first_is_told():
    everything = [Abstention("a", "juri-1", "presentasi", None, "conflict", "")]
    other, unfit = sheet(2, shape="other", marks=None), sheet(2, marks=None)
    refused = bounds(accepted={unfit.id: False})

    elsewhere = count([sheet(2, entry="e4")], abstentions=everything)
    abstaining = count([other], abstentions=everything)

    assert stopped(elsewhere) == {(K1, 2, "not-assigned")}
    assert stopped(abstaining) == {(K1, 2, "abstained")}
    assert stopped(count([other], within=refused)) == {(K1, 2, "other-rubric")}
    assert stopped(count([unfit], within=refused)) == {(K1, 2, "bad-marks")}


# -- paper -----------------------------------------------------------------------------------------


def typed(seq, author=K2, **fields):
    return sheet(seq, author=author, paper=True, **fields)


def test_paper_counts_when_two_keys_typed_the_same():
    tally = count([typed(2), typed(2, K3)])

    assert counted(tally) == {"e1": (K3, 2, "paper-twice")}
    assert stopped(tally) == {(K2, 2, "replaced")}


def test_paper_typed_once_or_twice_by_the_same_key_does_not_count():
    assert stopped(count([typed(2)])) == {(K2, 2, "typed-once")}
    assert stopped(count([typed(2), typed(3)])) == {(K2, 2, "replaced"), (K2, 3, "typed-once")}


def test_paper_typed_differently_does_not_count():
    tally = count([typed(2), typed(2, K3, marks=b"\x00\x06")])

    assert not tally.counted
    assert stopped(tally) == {(K2, 2, "typed-differently"), (K3, 2, "typed-differently")}


def test_paper_with_marks_off_the_scale_is_not_made_good_by_typing_it_twice():
    assert not count([typed(2, marks=None), typed(2, K3, marks=None)]).counted


def test_marks_that_do_not_fit_equal_no_others_beside_a_checked_sheet():
    sheets = [typed(2, marks=None), typed(2, K3, marks=None)]

    tally = count(sheets, checked={sheets[0].id})

    assert stopped(tally) == {(K2, 2, "bad-marks"), (K3, 2, "typed-differently")}


def test_paper_that_was_checked_counts_and_the_check_does_not_pass_to_its_correction():
    checked = typed(2)

    assert counted(count([checked], checked={checked.id})) == {"e1": (K2, 2, "paper-checked")}
    assert not count([checked, typed(3)], checked={checked.id}).counted


def test_of_two_typings_that_were_checked_the_last_stands():
    sheets = [typed(2, marks=b"\x00\x04"), typed(2, K3)]

    tally = count(sheets, checked={one.id for one in sheets})

    assert counted(tally) == {"e1": (K3, 2, "paper-checked")}


def test_a_checked_typing_beats_two_that_are_alike():
    sheets = [typed(2, marks=b"\x00\x04"), typed(2, K3), typed(2, K1)]

    tally = count(sheets, checked={sheets[0].id}, within=bounds(clerks={K1, K2, K3}))

    assert counted(tally) == {"e1": (K2, 2, "paper-checked")}
    assert stopped(tally) == {(K1, 2, "typed-differently"), (K3, 2, "typed-differently")}


def test_a_typing_that_was_withdrawn_leaves_nothing():
    tally = count([typed(2), typed(3, withdrawn=True)], checked={typed(2).id})

    assert not tally.counted
    assert stopped(tally) == {(K2, 2, "replaced"), (K2, 3, "withdrawn")}


def test_the_same_marks_under_rubrics_of_other_shapes_are_not_typed_alike():
    tally = count([typed(2), typed(2, K3, shape="other")])

    assert stopped(tally) == {(K2, 2, "typed-differently"), (K3, 2, "typed-differently")}


def test_only_clerks_type():
    tally = count([typed(2), typed(2, K3)], within=bounds(clerks={K2}))

    assert not tally.counted
    assert (K3, 2, "not-assigned") in stopped(tally)


def test_a_judges_own_sheet_beats_paper():
    paper = typed(7, marks=b"\x00\x09")

    tally = count([sheet(2), paper], checked={paper.id})

    assert counted(tally) == {"e1": (K1, 2, "laptop")}
    assert stopped(tally) == {(K2, 7, "own-sheet-counts")}


def test_a_judge_who_withdraws_the_own_sheet_leaves_the_paper():
    paper = typed(7)

    tally = count([sheet(2), sheet(3, withdrawn=True), paper], checked={paper.id})

    assert counted(tally) == {"e1": (K2, 7, "paper-checked")}


facts = st.builds(
    sheet,
    st.integers(2, 9),
    author=st.sampled_from([K1, K2, K3, "ff" * 32]),
    entry=st.sampled_from(["e1", "e2", "e4"]),
    marks=st.sampled_from([b"\x00\x05", b"\x00\x06", None]),
    shape=st.sampled_from([RUBRIC.shape, RUBRIC.shape, "other"]),
    paper=st.booleans(),
    withdrawn=st.sampled_from([False, False, True]),
)
piles = st.lists(facts, max_size=12, unique_by=lambda fact: fact.id)


@given(piles, st.data())
def test_the_order_of_arrival_does_not_matter_and_every_sheet_is_accounted_for_once(pile, data):
    some = st.sets(st.sampled_from([fact.id for fact in pile] or ["x"]))
    checked = data.draw(some)
    accepted = {key: data.draw(st.booleans()) for key in data.draw(some)}
    within = bounds({K1: data.draw(st.none() | st.integers(0, 9))}, accepted=accepted)
    shuffled = data.draw(st.permutations(pile))

    one = count(pile, checked=checked, within=within)
    other = count(shuffled, checked=checked, within=within)

    assert one.counted == other.counted
    assert sorted(one.stopped, key=lambda item: item.fact.id) == sorted(
        other.stopped, key=lambda item: item.fact.id
    )
    told = [item.fact.id for item in one.stopped] + [c.fact.id for c in one.counted.values()]
    assert sorted(told) == sorted(fact.id for fact in pile)
    assert {item.rule for item in one.stopped} <= set(RULES)


@given(piles, facts)
def test_nothing_that_arrives_behind_the_limits_moves_what_counts(pile, late):
    within = bounds({K1: 5, K2: 5, K3: 5})
    here = [fact for fact in pile if fact.seq <= 5]
    behind = late._replace(seq=6, id="late")

    assert count([*here, behind], within=within).counted == count(here, within=within).counted


# -- abstentions -----------------------------------------------------------------------------------


def test_the_judge_and_the_desk_may_abstain_and_take_it_back():
    member = judge(0)
    first = member.write("abstention")
    state, author = desk_of(("abstention", {"entries": None, "why": "absent"}))

    both = abstentions_of("juri-1", "presentasi", member.records, state)
    member.write("abstention", supersedes=first.id, why=None)
    author.write("abstention", entries=["e2"], supersedes=author.head)
    after = abstentions_of("juri-1", "presentasi", member.records, read_desk(DESK, author.records))

    assert {item.entries for item in both} == {frozenset({"e1"}), None}
    assert {item.entries for item in after} == {frozenset({"e2"})}


def test_an_abstention_in_another_stage_takes_no_place_here():
    member = judge(0)
    first = member.write("abstention")
    member.write("abstention", stage="lapangan", supersedes=first.id)

    standing = abstentions_of("juri-1", "presentasi", member.records, desk_of()[0])

    assert [item.id for item in standing] == [first.id]


def test_an_abstention_for_another_judge_or_stage_or_after_the_closing_is_void():
    member = judge(0)
    member.write("abstention", judge="juri-2")
    member.write("abstention", stage="lapangan")
    state, _ = desk_of(close({}), ("abstention", {}))

    assert not abstentions_of("juri-1", "presentasi", member.records, state)
