"""The Acara: who presents when and where, and what really happened. No rule depends on it.

A session is a room on a day. Its slots follow one another from its start and flow around its
breaks, so that a swap or a postponement moves everybody's time by itself. Times of day are minutes
after midnight, at the place of the competition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What is recorded of a slot as it happens; ``add`` has minutes.
EVENTS = (
    "start",
    "pause",
    "resume",
    "next",
    "add",
    "reset",
    "finish",
    "absent",
    "postpone",
    "reopen",
)


@dataclass(frozen=True)
class Event:
    """Something that happened at a slot; ``at`` is a time with its offset."""

    at: str
    what: str
    minutes: int = 0


@dataclass(frozen=True)
class Slot:
    """An entry's turn."""

    entry: str
    log: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Break:
    """A break at a fixed time."""

    start: int
    minutes: int
    title: str


@dataclass(frozen=True)
class Session:
    """A room on a day.

    ``judges`` are the persons who sit there; empty for all who mark the stage. ``parts`` are the
    parts of each slot with their minutes, ``changeover`` the minutes between two slots.
    """

    id: str
    stage: str
    day: date
    room: str
    start: int
    end: int
    parts: tuple[tuple[str, int], ...]
    changeover: int = 0
    judges: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def minutes(self) -> int:
        """The minutes of a slot."""
        return sum(minutes for _, minutes in self.parts)


@dataclass(frozen=True)
class Draw:
    """A lot that was drawn, so that anybody can draw it again.

    ``about`` is ``order`` (``entries`` by lot, group after group where ``method`` is ``groups``) or
    ``assignment`` (then ``judges`` and ``per_entry``). ``entries`` and ``judges`` are sorted: the
    outcome follows from them and the seed.
    """

    about: str
    stage: str
    seed: str
    entries: tuple[str, ...]
    method: str = "lot"
    judges: tuple[str, ...] = ()
    per_entry: int = 0


@dataclass(frozen=True)
class Agenda:
    """All sessions, and all lots that were drawn."""

    sessions: tuple[Session, ...] = ()
    draws: tuple[Draw, ...] = ()

    def session(self, session_id: str) -> Session:
        """Return a session; :class:`KippError` with code ``no-session``."""
        for session in self.sessions:
            if session.id == session_id:
                return session
        raise KippError(
            "no-session",
            Text("There is no session “{session}” in the agenda.", session=session_id),
            Text("The sessions are: {sessions}.", sessions=", ".join(s.id for s in self.sessions)),
        )

    def in_time(self, stage: str | None = None) -> list[Session]:
        """Return the sessions (of a stage) by day, start and room."""
        found = [item for item in self.sessions if stage in {None, item.stage}]
        return sorted(found, key=lambda item: (item.day, item.start, item.room, item.id))


@dataclass(frozen=True)
class Line:
    """A line of a session's timetable: a slot (``entry``) or a break (``title``)."""

    start: int
    end: int
    entry: str | None
    title: str = ""


def timetable(session: Session) -> tuple[Line, ...]:
    """Return the slots and breaks of a session by time."""
    breaks = _by_time(session.breaks)
    lines = [Line(b.start, b.start + b.minutes, None, b.title) for b in breaks]
    at = session.start
    for slot in session.slots:
        at = _free_from(at, session.minutes, breaks)
        lines.append(Line(at, at + session.minutes, slot.entry))
        at += session.minutes + session.changeover
    return tuple(sorted(lines, key=lambda line: (line.start, line.end, line.entry or "")))


def _by_time(breaks: Sequence[Break]) -> list[Break]:
    return sorted(breaks, key=lambda item: (item.start, item.minutes))


def _free_from(at: int, minutes: int, breaks: Sequence[Break]) -> int:
    """Return the first time from ``at`` on at which so many minutes meet no break."""
    for item in breaks:
        if at < item.start + item.minutes and at + minutes > item.start:
            at = item.start + item.minutes
    return at


def next_free(session: Session) -> int:
    """Return when a further slot would start."""
    added = replace(session, slots=(*session.slots, Slot("")))
    return next(line.start for line in timetable(added) if line.entry == "")


# -- making and moving -----------------------------------------------------------------------------


def put_session(agenda: Agenda, session: Session) -> Agenda:
    """Return the agenda with a session added, or replaced where its id is known."""
    if any(item.id == session.id for item in agenda.sessions):
        sessions = tuple(session if item.id == session.id else item for item in agenda.sessions)
    else:
        sessions = (*agenda.sessions, session)
    return replace(agenda, sessions=sessions)


def laid_out(
    agenda: Agenda, stage: str, entries: Sequence[str], *, by_room: bool = False
) -> tuple[Agenda, tuple[str, ...]]:
    """Put entries in order into the sessions of a stage; return also those for which no time is.

    The next entry gets the earliest free time of all rooms; with ``by_room`` one session is filled
    after the other. Slots that have begun stay where they are.
    """
    sessions = []
    for session in agenda.in_time(stage):
        kept = tuple(slot for slot in session.slots if slot.log)
        sessions.append(replace(session, slots=kept))
    begun = {slot.entry for session in sessions for slot in session.slots}
    free = [next_free(session) for session in sessions]
    added: list[list[Slot]] = [[] for _ in sessions]
    left = []
    for entry in entries:
        if entry in begun:
            continue
        open_ones = [
            (0 if by_room else session.day.toordinal(), 0 if by_room else free[at], at)
            for at, session in enumerate(sessions)
            if free[at] + session.minutes <= session.end
        ]
        if not open_ones:
            left.append(entry)
            continue
        at = min(open_ones)[2]
        session = sessions[at]
        added[at].append(Slot(entry))
        later = free[at] + session.minutes + session.changeover
        free[at] = _free_from(later, session.minutes, _by_time(session.breaks))
    sessions = [
        replace(session, slots=(*session.slots, *slots))
        for session, slots in zip(sessions, added, strict=True)
    ]
    for session in sessions:
        agenda = put_session(agenda, session)
    return agenda, tuple(left)


def where(agenda: Agenda, stage: str, entry: str) -> tuple[Session, int]:
    """Return session and position of an entry; :class:`KippError` with code ``not-scheduled``."""
    for session in agenda.sessions:
        for position, slot in enumerate(session.slots):
            if session.stage == stage and slot.entry == entry:
                return session, position
    raise KippError(
        "not-scheduled",
        Text("This entry has no time in the agenda yet."),
        Text("Give it one first (kipp agenda fill, or kipp agenda move)."),
    )


def swapped(agenda: Agenda, stage: str, one: str, other: str) -> Agenda:
    """Return the agenda with two entries in each other's place; each keeps what happened to it."""
    first, at = where(agenda, stage, one)
    second, to = where(agenda, stage, other)
    here, there = first.slots[at], second.slots[to]
    agenda = put_session(agenda, _with_slot(first, at, there))
    return put_session(agenda, _with_slot(agenda.session(second.id), to, here))


def _with_slot(session: Session, at: int, slot: Slot) -> Session:
    return replace(session, slots=(*session.slots[:at], slot, *session.slots[at + 1 :]))


def moved(agenda: Agenda, stage: str, entry: str, session_id: str, position: int) -> Agenda:
    """Return the agenda with an entry at a position (from 0) of a session of its stage."""
    target = agenda.session(session_id)
    slot = Slot(entry)
    for session in agenda.sessions:
        found = [item for item in session.slots if item.entry == entry]
        if session.stage == stage and found:
            slot = found[0]
            rest = tuple(item for item in session.slots if item.entry != entry)
            agenda = put_session(agenda, replace(session, slots=rest))
    slots = list(agenda.session(target.id).slots)
    slots.insert(min(max(position, 0), len(slots)), slot)
    return put_session(agenda, replace(agenda.session(target.id), slots=tuple(slots)))


def postponed(agenda: Agenda, stage: str, entry: str, at: str) -> Agenda:
    """Return the agenda with an entry at the end of its session; that it was is recorded."""
    session, _ = where(agenda, stage, entry)
    agenda = happened(agenda, stage, entry, Event(at, "postpone"))
    return moved(agenda, stage, entry, session.id, len(session.slots))


def happened(agenda: Agenda, stage: str, entry: str, event: Event) -> Agenda:
    """Return the agenda in which something happened at a slot.

    Raises :class:`KippError` with code ``bad-event`` where it cannot happen now.
    """
    session, at = where(agenda, stage, entry)
    slot = session.slots[at]
    if event.what not in _AFTER[state_of(slot)]:
        raise KippError(
            "bad-event",
            Text("That cannot be done with this slot now."),
            Text("Look at what is on now (kipp agenda now)."),
        )
    return put_session(agenda, _with_slot(session, at, replace(slot, log=(*slot.log, event))))


def with_logs_of(agenda: Agenda, other: Agenda) -> Agenda:
    """Return the agenda with what the other recorded beyond it, slot by slot.

    Logs only grow: the longer one is taken where it begins with the shorter one.
    """
    logs = {(s.stage, slot.entry): slot.log for s in other.sessions for slot in s.slots}

    def longer(stage: str, slot: Slot) -> Slot:
        log = logs.get((stage, slot.entry), ())
        return replace(slot, log=log) if log[: len(slot.log)] == slot.log else slot

    return replace(
        agenda,
        sessions=tuple(
            replace(s, slots=tuple(longer(s.stage, slot) for slot in s.slots))
            for s in agenda.sessions
        ),
    )


_STATES = {
    "start": "running",
    "resume": "running",
    "pause": "paused",
    "finish": "done",
    "absent": "absent",
    "postpone": "waiting",
    "reopen": "waiting",
}

_AFTER = {
    "waiting": ("start", "absent", "postpone"),
    "running": ("pause", "next", "add", "reset", "finish", "absent", "postpone"),
    "paused": ("resume", "next", "add", "reset", "finish", "absent", "postpone"),
    "done": ("reopen",),
    "absent": ("reopen", "postpone"),
}


def state_of(slot: Slot) -> str:
    """Return ``waiting``, ``running``, ``paused``, ``done`` or ``absent``."""
    states = [_STATES[event.what] for event in slot.log if event.what in _STATES]
    return states[-1] if states else "waiting"


# -- the clock -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The timer of a slot, in seconds.

    ``part`` is the position of the running part; ``elapsed`` and ``allotted`` are of that part.
    """

    state: str
    part: int
    name: str
    elapsed: int
    allotted: int

    @property
    def remaining(self) -> int:
        """Seconds that are left of the part; below 0 when it runs over."""
        return self.allotted - self.elapsed


def clock(session: Session, slot: Slot, moment: datetime) -> Clock:
    """Return the timer of a slot at a moment, from what was recorded alone.

    A clock that was set back never takes time away: a negative stretch counts as none.
    """
    part, before, extra = 0, 0.0, 0
    since: datetime | None = None
    for event in slot.log:
        at = datetime.fromisoformat(event.at)
        if event.what in {"start", "postpone", "absent", "reopen"}:
            part, before, extra = 0, 0.0, 0
            since = at if event.what == "start" else None
        elif event.what == "resume":
            since = at
        elif event.what in {"pause", "finish"}:
            before += _stretch(since, at)
            since = None
        elif event.what == "add":
            extra += event.minutes * 60
        elif event.what in {"next", "reset"}:
            if event.what == "next":
                part = min(part + 1, max(len(session.parts) - 1, 0))
            before, extra = 0.0, 0
            since = at if since is not None else None
    name, minutes = session.parts[part] if session.parts else ("", session.minutes)
    elapsed = int(before + _stretch(since, moment))
    return Clock(state_of(slot), part, name, elapsed, minutes * 60 + extra)


def _stretch(since: datetime | None, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds()) if since is not None else 0.0


def on_now(session: Session, moment: datetime) -> str | None:
    """Return the entry whose turn it is: the one that runs, else the one planned for this time."""
    for slot in session.slots:
        if state_of(slot) in {"running", "paused"}:
            return slot.entry
    if session.day != moment.date():
        return None
    minute = moment.hour * 60 + moment.minute
    waiting = {slot.entry for slot in session.slots if state_of(slot) == "waiting"}
    return next(
        (
            line.entry
            for line in timetable(session)
            if line.entry in waiting and line.start <= minute < line.end + session.changeover
        ),
        None,
    )


def up_next(session: Session) -> str | None:
    """Return the first entry of a session that waits and has not begun."""
    return next((slot.entry for slot in session.slots if state_of(slot) == "waiting"), None)


def order_of(agenda: Agenda, stage: str, person: str | None = None) -> list[str]:
    """Return the entries of a stage by their time, in the rooms in which a person sits (or all)."""
    turns = []
    for session in agenda.in_time(stage):
        if person is None or not session.judges or person in session.judges:
            turns += [
                (session.day, line.start, session.room, line.entry)
                for line in timetable(session)
                if line.entry is not None
            ]
    return [entry for _, _, _, entry in sorted(turns)]


def by_rooms(agenda: Agenda, stage: str, judges: Sequence[str]) -> dict[str, list[str]]:
    """Return for each judge the entries of the sessions in which that judge sits."""
    found: dict[str, list[str]] = {judge: [] for judge in judges}
    for session in agenda.in_time(stage):
        for judge in session.judges or judges:
            if judge in found:
                found[judge] += [slot.entry for slot in session.slots]
    return {judge: list(dict.fromkeys(entries)) for judge, entries in found.items()}
