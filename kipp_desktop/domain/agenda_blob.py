"""The agenda as a blob that the ``agenda`` record cites (docs/formats/agenda.md).

Canonical JSON. It holds ids of persons and entries, never a name; it is for the panel, not for the
public.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from kipp_desktop.domain.agenda import EVENTS, Agenda, Break, Draw, Event, Session, Slot
from kipp_desktop.domain.canonical import ID, Json, normalise
from kipp_desktop.domain.setup import MAX_BLOB, encode_large
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

_DAY = 24 * 60


def agenda_json(agenda: Agenda) -> dict[str, Json]:
    """Return the agenda as JSON."""
    return {
        "draws": [
            {
                "about": draw.about,
                "entries": list(draw.entries),
                "judges": list(draw.judges),
                "method": draw.method,
                "per_entry": draw.per_entry,
                "seed": draw.seed,
                "stage": draw.stage,
            }
            for draw in agenda.draws
        ],
        "sessions": [_session_json(session) for session in agenda.sessions],
    }


def _session_json(session: Session) -> Json:
    return {
        "breaks": [
            {"minutes": item.minutes, "start": item.start, "title": normalise(item.title)}
            for item in session.breaks
        ],
        "changeover": session.changeover,
        "day": session.day.isoformat(),
        "end": session.end,
        "id": session.id,
        "judges": list(session.judges),
        "parts": [{"minutes": minutes, "part": normalise(part)} for part, minutes in session.parts],
        "room": normalise(session.room),
        "slots": [
            {
                "entry": slot.entry,
                "log": [
                    {"at": event.at, "minutes": event.minutes, "what": event.what}
                    for event in slot.log
                ],
            }
            for slot in session.slots
        ],
        "stage": session.stage,
        "start": session.start,
    }


def agenda_blob(agenda: Agenda) -> bytes:
    """Return the agenda in canonical form."""
    return encode_large(agenda_json(agenda))


def read_agenda(data: bytes) -> Agenda:
    """Return the agenda of a blob.

    Raises :class:`KippError` with code ``bad-agenda`` unless it is what the writer writes.
    """
    try:
        if len(data) > MAX_BLOB:
            raise _bad()
        value = json.loads(data)
        agenda = agenda_of(value)
        whole = agenda_blob(agenda) == data
    except KippError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _bad() from error
    if not whole:
        raise _bad()
    return agenda


def agenda_of(value: Any) -> Agenda:
    """Return the agenda of its JSON; :class:`KippError` or a lookup error for anything else."""
    return Agenda(
        tuple(_session(item) for item in value["sessions"]),
        tuple(
            Draw(
                _one_of(item["about"], "order", "assignment"),
                _ident(item["stage"]),
                _str(item["seed"]),
                tuple(map(_ident, item["entries"])),
                _one_of(item["method"], "lot", "groups", "random"),
                tuple(map(_ident, item["judges"])),
                _count(item["per_entry"], 100_000),
            )
            for item in value["draws"]
        ),
    )


def _session(item: Any) -> Session:
    return Session(
        id=_ident(item["id"]),
        stage=_ident(item["stage"]),
        day=date.fromisoformat(_str(item["day"])),
        room=_str(item["room"]),
        start=_count(item["start"], _DAY),
        end=_count(item["end"], _DAY),
        parts=tuple((_str(p["part"]), _count(p["minutes"], _DAY)) for p in item["parts"]),
        changeover=_count(item["changeover"], _DAY),
        judges=tuple(map(_ident, item["judges"])),
        breaks=tuple(
            Break(_count(b["start"], _DAY), _count(b["minutes"], _DAY), _str(b["title"]))
            for b in item["breaks"]
        ),
        slots=tuple(
            Slot(_ident(s["entry"]), tuple(_event(event) for event in s["log"]))
            for s in item["slots"]
        ),
    )


def _event(item: Any) -> Event:
    at = _str(item["at"])
    if datetime.fromisoformat(at).tzinfo is None:
        raise _bad()
    return Event(at, _one_of(item["what"], *EVENTS), _count(item["minutes"], _DAY))


def _str(value: Any) -> str:
    if type(value) is not str:
        raise _bad()
    return value


def _ident(value: Any) -> str:
    if type(value) is not str or not ID.match(value):
        raise _bad()
    return value


def _one_of(value: Any, *choices: str) -> str:
    if value not in choices:
        raise _bad()
    return str(value)


def _count(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise _bad()
    return value


def _bad() -> KippError:
    return KippError(
        "bad-agenda",
        Text("The agenda in this file is not as this program writes it."),
        Text("Ask the secretariat for a new file."),
    )
