"""What cannot be in an agenda: somebody in two rooms at once, a slot outside the hours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kipp_desktop.domain.agenda import Agenda, Session, timetable
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Clash:
    """A clash: ``kind`` is ``judge``, ``entry``, ``agency``, ``twice`` or ``hours``.

    ``sessions`` are the ids of those that it touches; ``who`` the person, entry or organisation.
    """

    kind: str
    sessions: tuple[str, ...]
    who: str
    text: Text


@dataclass(frozen=True)
class _Stay:
    """Somebody is in a room from a minute to a minute of a day."""

    day: int
    start: int
    end: int
    session: Session


def clashes(
    agenda: Agenda,
    judges: Mapping[str, Sequence[str]],
    agency: Mapping[str, str],
    names: Mapping[str, str],
) -> tuple[Clash, ...]:
    """Return every clash.

    ``judges`` are the persons who mark each stage, ``agency`` the organisation of each entry, and
    ``names`` what persons, entries and organisations are called.
    """
    people: dict[str, list[_Stay]] = {}
    teams: dict[str, list[_Stay]] = {}
    agencies: dict[str, list[_Stay]] = {}
    found: list[Clash] = []
    for session in agenda.in_time():
        lines = [line for line in timetable(session) if line.entry is not None]
        day = session.day.toordinal()
        for line in lines:
            stay = _Stay(day, line.start, line.end, session)
            entry = line.entry or ""
            teams.setdefault(entry, []).append(stay)
            if entry in agency:
                agencies.setdefault(agency[entry], []).append(stay)
            if line.end > session.end or line.start < session.start:
                found.append(_outside(session, line.end, entry, names))
        if lines:
            stay = _Stay(day, lines[0].start, max(line.end for line in lines), session)
            for judge in session.judges or judges.get(session.stage, ()):
                people.setdefault(judge, []).append(stay)
    for kind, stays in (("judge", people), ("entry", teams), ("agency", agencies)):
        for who, own in stays.items():
            found += _overlaps(kind, who, own, names)
    found += _twice(teams, names)
    return tuple(found)


def _outside(session: Session, end: int, entry: str, names: Mapping[str, str]) -> Clash:
    return Clash(
        "hours",
        (session.id,),
        entry,
        Text(
            "{entry} in {room} would end at {end}, after the session ends at {limit}.",
            entry=names.get(entry, entry),
            room=session.room,
            end=time_of_day(end),
            limit=time_of_day(session.end),
        ),
    )


_SENTENCES = {
    "judge": Text("{who} would sit in {one} and in {other} at once, at {time}."),
    "entry": Text("{who} would present in {one} and in {other} at once, at {time}."),
    "agency": Text("{who} would present in {one} and in {other} at once, at {time}."),
}


def _overlaps(kind: str, who: str, stays: Sequence[_Stay], names: Mapping[str, str]) -> list[Clash]:
    found = {}
    ordered = sorted(stays, key=lambda stay: (stay.day, stay.start, stay.session.room))
    for number, stay in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other.day != stay.day or other.start >= stay.end:
                break
            pair = (stay.session.id, other.session.id)
            if pair not in found:
                found[pair] = Clash(
                    kind,
                    pair,
                    who,
                    Text(
                        _SENTENCES[kind].source,
                        who=names.get(who, who),
                        one=stay.session.room,
                        other=other.session.room,
                        time=time_of_day(other.start),
                    ),
                )
    return list(found.values())


def _twice(teams: Mapping[str, Sequence[_Stay]], names: Mapping[str, str]) -> list[Clash]:
    found = []
    for entry, stays in teams.items():
        ordered = sorted(stays, key=lambda stay: stay.session.stage)
        for one, other in pairwise(ordered):
            if one.session.stage == other.session.stage:
                text = Text("{who} is in the agenda twice.", who=names.get(entry, entry))
                found.append(Clash("twice", (one.session.id, other.session.id), entry, text))
    return found


def time_of_day(minute: int) -> str:
    """Return minutes after midnight as ``08.30``, the way of the minutes in Indonesia."""
    return f"{minute // 60:02d}.{minute % 60:02d}"
