"""assign, agenda: who marks what, who presents when, and what happened."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.agenda import EVENTS, Break
from kipp_desktop.domain.agenda_clashes import time_of_day
from kipp_desktop.errors import UsageError
from kipp_desktop.services import agenda, assigning
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\Z", re.ASCII)
_SEED = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    assign = commands.add_parser("assign", help=say(Text("who marks which entries")))
    actions = assign.add_subparsers(dest="action", required=True)
    for name, run in (("show", run_show), ("all", run_all), ("rooms", run_rooms)):
        action = actions.add_parser(name, parents=[shared])
        action.add_argument("stage")
        action.set_defaults(run=run)
    random = actions.add_parser("random", parents=[shared])
    random.add_argument("stage")
    random.add_argument("--per-entry", type=int, required=True, metavar="K")
    random.add_argument("--seed", type=_seed)
    random.set_defaults(run=run_random)

    family = commands.add_parser("agenda", help=say(Text("who presents when and where")))
    actions = family.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", parents=[shared])
    add.add_argument("stage")
    add.add_argument("--day", type=_day, required=True, metavar="2021-03-16")
    add.add_argument("--room", required=True)
    add.add_argument("--start", type=_minute, required=True, metavar="08.30")
    add.add_argument("--end", type=_minute, required=True, metavar="16.00")
    add.add_argument("--judge", action="append", default=[], metavar="NAME")
    add.add_argument("--break", dest="breaks", type=_break, action="append", default=[],
                     metavar="12.00+60=Ishoma")  # fmt: skip
    add.add_argument("--changeover", type=int, default=0, metavar="MINUTES")
    add.set_defaults(run=run_add)
    remove = actions.add_parser("remove", parents=[shared])
    remove.add_argument("session")
    remove.set_defaults(run=run_remove)
    fill = actions.add_parser("fill", parents=[shared])
    fill.add_argument("stage")
    fill.add_argument("--order", choices=agenda.ORDERS, default="number")
    fill.add_argument("--by-room", action="store_true")
    fill.add_argument("--seed", type=_seed)
    fill.set_defaults(run=run_fill)
    swap = actions.add_parser("swap", parents=[shared])
    swap.add_argument("stage")
    swap.add_argument("one")
    swap.add_argument("other")
    swap.set_defaults(run=run_swap)
    move = actions.add_parser("move", parents=[shared])
    move.add_argument("stage")
    move.add_argument("number")
    move.add_argument("session")
    move.add_argument("position", type=int)
    move.set_defaults(run=run_move)
    event = actions.add_parser("record", parents=[shared])
    event.add_argument("stage")
    event.add_argument("number")
    event.add_argument("what", choices=EVENTS)
    event.add_argument("--minutes", type=int, default=1)
    event.set_defaults(run=run_record)
    for name, act in (("show", run_agenda), ("now", run_now), ("announce", run_announce)):
        actions.add_parser(name, parents=[shared]).set_defaults(run=act)
    write = actions.add_parser("write", parents=[shared])
    write.add_argument("--out", type=Path, required=True, metavar="FILE")
    write.set_defaults(run=run_write)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _minute(text: str) -> int:
    found = _TIME.match(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def _break(text: str) -> Break:
    when, _, title = text.partition("=")
    start, _, minutes = when.partition("+")
    return Break(_minute(start), int(minutes), title.strip())


def _seed(text: str) -> str:
    if not _SEED.match(text):
        raise ValueError(text)
    return text


# -- assign ----------------------------------------------------------------------------------------


def run_show(session: Session, options: argparse.Namespace) -> int:
    """Show who marks how many entries, and how many judges each entry has."""
    with session.open() as panel:
        view = assigning.assignment_view(panel, options.stage)
    for load in view.loads:
        session.line(f"{load.name}\t{load.entries}")
    for item in view.entries:
        session.line(f"{item.number}\t{len(item.judges)}/{item.total}\t{item.title}")
    session.answer(
        {
            "stage": view.stage,
            "method": view.method,
            "per_entry": view.per_entry,
            "seed": view.seed,
            "judges": [{"name": item.name, "entries": item.entries} for item in view.loads],
            "entries": [
                {"number": item.number, "judges": list(item.judges)} for item in view.entries
            ],
        }
    )
    return 0


def run_all(session: Session, options: argparse.Namespace) -> int:
    """Let everybody mark everything."""
    with session.open() as panel:
        assigning.assign_to_all(session.home, panel, options.stage)
    return run_show(session, options)


def run_rooms(session: Session, options: argparse.Namespace) -> int:
    """Let judges mark what is presented in their rooms."""
    with session.open() as panel:
        assigning.assign_by_rooms(session.home, panel, options.stage)
    return run_show(session, options)


def run_random(session: Session, options: argparse.Namespace) -> int:
    """Draw judges for each entry, with equal loads."""
    with session.open() as panel:
        assigning.assign_random(session.home, panel, options.stage, options.per_entry, options.seed)
    return run_show(session, options)


# -- agenda ----------------------------------------------------------------------------------------


def run_add(session: Session, options: argparse.Namespace) -> int:
    """Add a room on a day."""
    with session.open() as panel:
        judges = [assigning.person_named(panel, name) for name in options.judge]
        found, _ = agenda.add_session(
            session.home,
            panel,
            options.stage,
            options.day,
            options.room,
            options.start,
            options.end,
            judges,
            options.breaks,
            options.changeover,
        )
    session.tell(Text("The session {session} was added.", session=found))
    session.answer({"session": found})
    return 0


def run_remove(session: Session, options: argparse.Namespace) -> int:
    """Take a session out."""
    with session.open() as panel:
        agenda.remove_session(panel, options.session)
    session.answer({"session": options.session})
    return 0


def run_fill(session: Session, options: argparse.Namespace) -> int:
    """Give every entry a time."""
    with session.open() as panel:
        filled = agenda.fill(
            session.home,
            panel,
            options.stage,
            options.order,
            by_room=options.by_room,
            seed=options.seed,
        )
    if filled.seed:
        session.tell(Text("The lot was drawn with the seed {seed}.", seed=filled.seed))
    if filled.left:
        session.warn(Text("There is no time for these entries: {numbers}.", numbers=filled.left))
    session.answer({"seed": filled.seed, "left": list(filled.left)})
    return 0


def run_swap(session: Session, options: argparse.Namespace) -> int:
    """Let two entries take each other's time."""
    with session.open() as panel:
        agenda.swap(panel, options.stage, options.one, options.other)
    return run_agenda(session, options)


def run_move(session: Session, options: argparse.Namespace) -> int:
    """Put an entry elsewhere."""
    with session.open() as panel:
        agenda.move(panel, options.stage, options.number, options.session, options.position)
    return run_agenda(session, options)


def run_record(session: Session, options: argparse.Namespace) -> int:
    """Record what happens at a slot now."""
    if options.what == "add" and not 1 <= options.minutes <= 240:
        raise UsageError(
            "usage",
            Text("Add from 1 to 240 minutes."),
            Text("Example: kipp agenda record presentasi 7 add --minutes 2"),
        )
    minutes = options.minutes if options.what == "add" else 0
    with session.open() as panel:
        agenda.record(session.home, panel, options.stage, options.number, options.what, minutes)
    return run_now(session, options)


def run_agenda(session: Session, _options: argparse.Namespace) -> int:
    """Show the agenda with its clashes."""
    with session.open() as panel:
        view = agenda.agenda_view(panel)
    for item in view.sessions:
        where = item.session
        session.line(f"{where.id}\t{where.day}\t{where.room}\t{item.stage}")
        for line in item.lines:
            session.line(f"  {time_of_day(line.start)}–{time_of_day(line.end)}\t{line.number}\t"
                         f"{line.title}")  # fmt: skip
    for clash in view.clashes:
        session.warn(clash.text)
    for stage, numbers in view.unscheduled:
        session.warn(Text("Without a time in {stage}: {numbers}.", stage=stage, numbers=numbers))
    session.answer(
        {
            "announced": view.announced,
            "clashes": [
                {"kind": item.kind, "text": session.say(item.text)} for item in view.clashes
            ],
            "sessions": [_session_json(item) for item in view.sessions],
            "unscheduled": {stage: list(numbers) for stage, numbers in view.unscheduled},
        }
    )
    return 0


def _session_json(item: agenda.SessionView) -> dict[str, Any]:
    return {
        "id": item.session.id,
        "stage": item.session.stage,
        "day": item.session.day.isoformat(),
        "room": item.session.room,
        "judges": list(item.judges),
        "lines": [
            {
                "start": time_of_day(line.start),
                "end": time_of_day(line.end),
                "number": line.number,
                "title": line.title,
                "state": line.state,
            }
            for line in item.lines
        ],
    }


def run_now(session: Session, _options: argparse.Namespace) -> int:
    """Show what is on in each room, and what comes next."""
    with session.open() as panel:
        views = agenda.now(session.home, panel)
    for view in views:
        on, later = (f"{e.number} {e.title}" if e else "–" for e in (view.entry, view.next))
        clock = view.clock
        timer = f" ({clock.name}: {clock.remaining} s)" if clock else ""
        session.line(f"{view.session.room}: {on}{timer} → {later}")
    session.answer(
        {
            "rooms": [
                {
                    "session": view.session.id,
                    "room": view.session.room,
                    "now": view.entry.number if view.entry else None,
                    "next": view.next.number if view.next else None,
                    "state": view.clock.state if view.clock else None,
                    "part": view.clock.name if view.clock else None,
                    "remaining": view.clock.remaining if view.clock else None,
                }
                for view in views
            ]
        }
    )
    return 0


def run_announce(session: Session, _options: argparse.Namespace) -> int:
    """Sign the agenda, so that packages carry it."""
    with session.open() as panel:
        changed = agenda.announce(session.home, panel)
    session.tell(
        Text("The agenda is signed; packages and receipts carry it from now on.")
        if changed
        else Text("The agenda is as it was signed last.")
    )
    session.answer({"signed": changed})
    return 0


def run_write(session: Session, options: argparse.Namespace) -> int:
    """Write the agenda as PDF or XLSX."""
    with session.open() as panel:
        agenda.write_agenda(session.home, panel, options.out, session.catalogue)
    session.tell(Text("Written: {file}", file=str(options.out)))
    session.answer({"file": str(options.out)})
    return 0
