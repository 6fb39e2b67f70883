from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.agenda import (
    Agenda,
    Break,
    Draw,
    Event,
    Session,
    Slot,
    by_rooms,
    clock,
    happened,
    laid_out,
    moved,
    on_now,
    order_of,
    postponed,
    put_session,
    state_of,
    swapped,
    timetable,
    up_next,
    with_logs_of,
)
from kipp_desktop.domain.agenda_blob import agenda_blob, read_agenda
from kipp_desktop.domain.agenda_clashes import clashes
from kipp_desktop.errors import KippError
from tests.strategies import json_values

DAY = date(2021, 3, 16)
PARTS = (("video", 3), ("paparan", 7), ("wawancara", 20))


def session(name="s1", room="A", start=510, end=960, **more):
    return Session(name, "presentasi", more.pop("day", DAY), room, start, end, PARTS, **more)


def at(text):
    return datetime.fromisoformat(f"2021-03-16T{text}+07:00")


def event(text, what, minutes=0):
    return Event(at(text).isoformat(), what, minutes)


def agenda_of(*entries, **more):
    return Agenda((session(slots=tuple(map(Slot, entries)), **more),))


def starts(found):
    return {line.entry or line.title: line.start for line in timetable(found)}


def test_slots_follow_one_another_and_flow_around_a_break():
    slots = tuple(map(Slot, ("e1", "e2", "e3", "e4")))
    found = session(start=660, breaks=(Break(720, 60, "Ishoma"),), slots=slots)

    assert starts(found) == {"e1": 660, "e2": 690, "Ishoma": 720, "e3": 780, "e4": 810}


def test_a_slot_that_would_run_into_the_break_starts_after_it():
    found = session(start=700, breaks=(Break(720, 60, "Ishoma"),), slots=(Slot("e1"),))

    assert starts(found)["e1"] == 780


def test_the_changeover_lies_between_two_slots():
    found = session(changeover=5, slots=(Slot("e1"), Slot("e2")))

    assert starts(found) == {"e1": 510, "e2": 545}


def test_rooms_are_filled_by_time_or_one_after_the_other():
    rooms = Agenda((session("s1", "A", end=570), session("s2", "B", end=570)))

    by_time, left = laid_out(rooms, "presentasi", ["e1", "e2", "e3", "e4", "e5"])
    one_by_one, _ = laid_out(rooms, "presentasi", ["e1", "e2", "e3"], by_room=True)

    assert [slot.entry for slot in by_time.session("s1").slots] == ["e1", "e3"]
    assert [slot.entry for slot in by_time.session("s2").slots] == ["e2", "e4"]
    assert left == ("e5",)
    assert [slot.entry for slot in one_by_one.session("s1").slots] == ["e1", "e2"]


def test_filling_again_leaves_what_has_begun_where_it_is():
    begun = happened(agenda_of("e1", "e2"), "presentasi", "e1", event("08:30:00", "start"))

    again, left = laid_out(begun, "presentasi", ["e3", "e2", "e1"])

    assert [slot.entry for slot in again.session("s1").slots] == ["e1", "e3", "e2"]
    assert left == ()


def test_two_entries_swap_their_times_also_between_rooms():
    rooms = Agenda(
        (
            session("s1", "A", slots=(Slot("e1"), Slot("e2"))),
            session("s2", "B", slots=(Slot("e3"),)),
        )
    )

    found = swapped(swapped(rooms, "presentasi", "e1", "e2"), "presentasi", "e1", "e3")

    assert [slot.entry for slot in found.session("s1").slots] == ["e2", "e3"]
    assert [slot.entry for slot in found.session("s2").slots] == ["e1"]


def test_an_entry_moves_to_another_room_with_what_happened_to_it():
    rooms = put_session(agenda_of("e1", "e2"), session("s2", "B", slots=(Slot("e3"),)))
    begun = happened(rooms, "presentasi", "e1", event("08:30:00", "absent"))

    found = moved(begun, "presentasi", "e1", "s2", 0)

    assert [slot.entry for slot in found.session("s2").slots] == ["e1", "e3"]
    assert [slot.entry for slot in found.session("s1").slots] == ["e2"]
    assert state_of(found.session("s2").slots[0]) == "absent"


def test_a_postponed_entry_waits_at_the_end_and_the_others_move_up():
    found = postponed(
        agenda_of("e1", "e2", "e3"), "presentasi", "e1", event("08:30:00", "start").at
    )

    assert starts(found.session("s1")) == {"e2": 510, "e3": 540, "e1": 570}
    assert state_of(found.session("s1").slots[2]) == "waiting"
    assert up_next(found.session("s1")) == "e2"


@pytest.mark.parametrize("what", ["pause", "resume", "next", "add", "reset", "finish", "reopen"])
def test_what_cannot_happen_to_a_waiting_slot_is_refused(what):
    with pytest.raises(KippError) as caught:
        happened(agenda_of("e1"), "presentasi", "e1", event("08:30:00", what))

    assert caught.value.code == "bad-event"


def run(*events):
    found = agenda_of("e1")
    for item in events:
        found = happened(found, "presentasi", "e1", item)
    return found.session("s1"), found.session("s1").slots[0]


def test_what_was_recorded_here_is_carried_into_a_newer_agenda():
    here = happened(agenda_of("e1", "e2"), "presentasi", "e1", event("08:30:00", "start"))
    newer = moved(agenda_of("e1", "e2"), "presentasi", "e1", "s1", 1)
    other = happened(newer, "presentasi", "e1", event("08:31:00", "absent"))

    assert with_logs_of(newer, here).session("s1").slots[1].log == here.sessions[0].slots[0].log
    assert with_logs_of(other, here) == other
    assert with_logs_of(here, newer) == here


def test_the_timer_counts_a_part_without_its_pauses():
    room, slot = run(
        event("08:30:00", "start"), event("08:31:00", "pause"), event("08:40:00", "resume")
    )

    found = clock(room, slot, at("08:40:30"))

    assert (found.state, found.name, found.elapsed, found.allotted) == ("running", "video", 90, 180)
    assert found.remaining == 90


def test_the_next_part_starts_at_nought_and_a_minute_can_be_added():
    room, slot = run(
        event("08:30:00", "start"), event("08:33:00", "next"), event("08:34:00", "add", 2)
    )

    found = clock(room, slot, at("08:35:00"))

    assert (found.part, found.name, found.elapsed, found.allotted) == (1, "paparan", 120, 540)


def test_a_reset_part_begins_again_and_a_finished_slot_stands_still():
    room, slot = run(event("08:30:00", "start"), event("08:32:00", "reset"))
    done_room, done = run(event("08:30:00", "start"), event("08:32:00", "finish"))

    assert clock(room, slot, at("08:32:10")).elapsed == 10
    assert clock(done_room, done, at("10:00:00")).elapsed == 120
    assert clock(done_room, done, at("10:00:00")).state == "done"


def test_a_clock_that_was_set_back_takes_no_time_away():
    room, slot = run(event("08:30:00", "start"), event("08:31:00", "pause"))
    again = replace(slot, log=(*slot.log, event("06:31:00", "resume")))

    assert clock(room, again, at("06:31:30")).elapsed == 90
    assert clock(room, again, at("05:00:00")).elapsed == 60


def test_what_runs_is_on_now_else_what_is_planned_for_this_time():
    plan = agenda_of("e1", "e2")
    late = happened(plan, "presentasi", "e1", event("08:50:00", "start"))

    assert on_now(plan.session("s1"), at("09:05:00")) == "e2"
    assert on_now(late.session("s1"), at("09:05:00")) == "e1"
    assert on_now(plan.session("s1"), at("17:00:00")) is None
    assert on_now(plan.session("s1"), datetime.fromisoformat("2021-03-17T09:05:00+07:00")) is None


def test_a_judge_gets_the_entries_of_the_own_rooms_in_their_order():
    rooms = Agenda(
        (
            session("s2", "B", judges=("j2",), slots=(Slot("e2"),)),
            session("s1", "A", judges=("j1",), slots=(Slot("e1"), Slot("e4"))),
            session("s3", "A", day=date(2021, 3, 15), slots=(Slot("e3"),)),
        )
    )

    assert order_of(rooms, "presentasi", "j1") == ["e3", "e1", "e4"]
    assert order_of(rooms, "presentasi") == ["e3", "e1", "e2", "e4"]
    assert by_rooms(rooms, "presentasi", ["j1", "j2"]) == {
        "j1": ["e3", "e1", "e4"],
        "j2": ["e3", "e2"],
    }


def found_clashes(agenda, judges=("j1", "j2"), agency=None):
    return [
        (clash.kind, clash.who)
        for clash in clashes(agenda, {"presentasi": judges}, agency or {}, {})
    ]


def test_a_judge_in_two_rooms_at_once_is_a_clash_unless_the_rooms_have_their_own():
    rooms = Agenda(
        (session("s1", "A", slots=(Slot("e1"),)), session("s2", "B", slots=(Slot("e2"),)))
    )
    own = Agenda(
        tuple(replace(s, judges=(j,)) for s, j in zip(rooms.sessions, ("j1", "j2"), strict=True))
    )
    after = Agenda((rooms.sessions[0], replace(rooms.sessions[1], start=540)))

    assert found_clashes(rooms) == [("judge", "j1"), ("judge", "j2")]
    assert found_clashes(own) == []
    assert found_clashes(after) == []


def test_a_team_or_agency_in_two_rooms_at_once_and_an_entry_twice_are_clashes():
    rooms = Agenda(
        (
            session("s1", "A", judges=("j1",), slots=(Slot("e1"), Slot("e2"))),
            session("s2", "B", judges=("j2",), slots=(Slot("e1"), Slot("e3"))),
        )
    )

    assert found_clashes(rooms, agency={"e2": "o1", "e3": "o1"}) == [
        ("entry", "e1"),
        ("agency", "o1"),
        ("twice", "e1"),
    ]


def test_a_slot_after_the_hours_is_a_clash():
    assert found_clashes(agenda_of("e1", "e2", end=560)) == [("hours", "e2")]


ids = st.text("abc123", min_size=1, max_size=4)
times = st.integers(0, 1440)
agendas = st.builds(
    Agenda,
    st.lists(
        st.builds(
            Session, ids, ids, st.dates(), st.sampled_from(["A", "Aula é"]), times, times,
            st.lists(st.tuples(st.sampled_from(["video", ""]), times), max_size=2).map(tuple),
            times, st.lists(ids, max_size=2).map(tuple),
            st.lists(st.builds(Break, times, times, st.just("Ishoma")), max_size=2).map(tuple),
            st.lists(st.builds(Slot, ids, st.just((event("08:30:00", "add", 2),))),
                     max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(Draw, st.sampled_from(["order", "assignment"]), ids, st.just("0" * 32),
                  st.lists(ids).map(tuple)),
        max_size=2,
    ).map(tuple),
)  # fmt: skip


@given(agendas)
def test_an_agenda_comes_back_from_its_blob(agenda):
    assert read_agenda(agenda_blob(agenda)) == agenda


@given(st.binary() | json_values.map(lambda value: repr(value).encode()))
def test_any_bytes_are_an_agenda_or_refused(data):
    with pytest.raises(KippError) as caught:
        read_agenda(data)

    assert caught.value.code == "bad-agenda"


@given(agendas, st.data())
def test_a_changed_blob_is_refused_or_another_agenda(agenda, data):
    blob = bytearray(agenda_blob(agenda))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with suppress(KippError):
        assert read_agenda(bytes(blob)) != agenda
