"""assign, agenda: who marks what, who presents when, and what happened."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command, add_family, add_number, add_out, add_stage
from kipp_desktop.cli.numbers import day_of, minute_of
from kipp_desktop.domain.agenda import EVENTS, Break
from kipp_desktop.domain.agenda_clashes import time_of_day
from kipp_desktop.errors import UsageError
from kipp_desktop.services import agenda, assigning
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session

_MINUTES = re.compile(r"[0-9]{1,4}\Z", re.ASCII)
_SEED = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    _add_assign(commands, shared, say)
    actions = add_family(
        commands,
        "agenda",
        say,
        Text("who presents when and where"),
        more=Text("Rooms and days, the order of the innovations, and what happens on the day."),
        example='kipp agenda add presentasi --day 2021-03-16 --room "Ruang A" --start 08.30 '
        "--end 16.00 --break 12.00+60=Ishoma",
    )
    _add_sessions(actions, shared, say)
    _add_order(actions, shared, say)
    for name, text, run in (
        ("show", Text("show the agenda, and what clashes in it"), run_agenda),
        ("now", Text("show what is on in each room, and what comes next"), run_now),
        ("announce", Text("sign the agenda, so that packages and receipts carry it"), run_announce),
    ):
        add_command(actions, name, say, text, shared=shared).set_defaults(run=run)
    write = add_command(actions, "write", say, Text("write the agenda to print"), shared=shared)
    add_out(write, say, Text("the file to write: PDF, or .xlsx"))
    write.set_defaults(run=run_write)


def _add_assign(commands: Any, shared: Parser, say: Say) -> None:
    actions = add_family(
        commands,
        "assign",
        say,
        Text("who marks which entries"),
        example="kipp assign random presentasi --per-entry 3",
    )
    for name, text, run in (
        ("show", Text("show who marks how many, and how many judges each has"), run_show),
        ("all", Text("every judge marks everything"), run_all),
        ("rooms", Text("judges mark what is presented in their room"), run_rooms),
    ):
        action = add_command(actions, name, say, text, shared=shared)
        add_stage(action, say)
        action.set_defaults(run=run)
    random = add_command(
        actions, "random", say, Text("draw judges for each entry, with equal loads"), shared=shared
    )
    add_stage(random, say)
    random.add_argument(
        "--per-entry",
        type=int,
        required=True,
        metavar="K",
        help=say(Text("how many judges mark each innovation")),
    )
    _add_seed(random, say)
    random.set_defaults(run=run_random)


def _add_sessions(actions: Any, shared: Parser, say: Say) -> None:
    add = add_command(actions, "add", say, Text("add a room on a day"), shared=shared)
    add_stage(add, say)
    add.add_argument(
        "--day",
        type=day_of,
        required=True,
        metavar=say(Text("YYYY-MM-DD")),
        help=say(Text("day: year, month, day, such as 2021-03-16")),
    )
    add.add_argument(
        "--room", required=True, metavar=say(Text("ROOM")), help=say(Text("name of the room"))
    )
    add.add_argument(
        "--start",
        type=minute_of,
        required=True,
        metavar=say(Text("HH:MM")),
        help=say(Text("when it begins: hours and minutes, such as 08.30 or 08:30")),
    )
    add.add_argument(
        "--end",
        type=minute_of,
        required=True,
        metavar=say(Text("HH:MM")),
        help=say(Text("when it ends: hours and minutes, such as 16.00 or 16:00")),
    )
    add.add_argument(
        "--judge",
        action="append",
        default=[],
        metavar=say(Text("NAME")),
        help=say(Text("a judge of this room; may be given several times")),
    )
    add.add_argument(
        "--break",
        dest="breaks",
        type=_break,
        action="append",
        default=[],
        metavar=say(Text("HH:MM+MINUTES=TITLE")),
        help=say(
            Text(
                "a break: when, how many minutes and what, such as 12.00+60=Ishoma; "
                "may be given several times"
            )
        ),
    )
    add.add_argument(
        "--changeover",
        type=int,
        default=0,
        metavar=say(Text("MIN")),
        help=say(Text("minutes between two presentations; otherwise none")),
    )
    add.set_defaults(run=run_add)
    remove = add_command(actions, "remove", say, Text("take a room's day out"), shared=shared)
    _add_session(remove, say)
    remove.set_defaults(run=run_remove)


def _add_order(actions: Any, shared: Parser, say: Say) -> None:
    fill = add_command(actions, "fill", say, Text("give every innovation a time"), shared=shared)
    add_stage(fill, say)
    fill.add_argument(
        "--order",
        choices=agenda.ORDERS,
        default="number",
        help=say(
            Text(
                "by number (the default), by lot, or group after group, in each by number "
                "(groups) or by lot (groups-lot)"
            )
        ),
    )
    fill.add_argument(
        "--by-room",
        action="store_true",
        help=say(Text("fill one room after the other; otherwise all at once")),
    )
    _add_seed(fill, say)
    fill.set_defaults(run=run_fill)
    swap = add_command(
        actions, "swap", say, Text("let two innovations take each other's time"), shared=shared
    )
    add_stage(swap, say)
    add_number(swap, say, "one")
    add_number(swap, say, "other")
    swap.set_defaults(run=run_swap)
    move = add_command(actions, "move", say, Text("put an innovation elsewhere"), shared=shared)
    add_stage(move, say)
    add_number(move, say)
    _add_session(move, say)
    move.add_argument(
        "position",
        type=int,
        metavar=say(Text("POSITION")),
        help=say(Text("its place in the session, from 1")),
    )
    move.set_defaults(run=run_move)
    event = add_command(
        actions, "record", say, Text("record what happens in the room now"), shared=shared
    )
    add_stage(event, say)
    add_number(event, say)
    event.add_argument(
        "what",
        choices=EVENTS,
        metavar=say(Text("EVENT")),
        help=say(
            Text(
                "of the clock: start, pause, resume, next (part), add (minutes), reset; of the "
                "team: finish, absent, postpone, reopen (it is on again)"
            )
        ),
    )
    event.add_argument(
        "--minutes",
        type=int,
        default=1,
        metavar=say(Text("MIN")),
        help=say(Text("how many minutes “add” adds, 1 to 240; otherwise 1")),
    )
    event.set_defaults(run=run_record)


def _add_session(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "session",
        metavar=say(Text("SESSION")),
        help=say(Text("id of a room's day, as “kipp agenda show” writes it")),
    )


def _add_seed(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--seed",
        type=_seed,
        metavar=say(Text("SEED")),
        help=say(Text("repeat a drawing: its 32 digits of 0-9 and a-f; otherwise a new one")),
    )


def _break(text: str) -> Break:
    when, _, title = text.partition("=")
    start, _, minutes = when.partition("+")
    if not _MINUTES.match(minutes):
        raise UsageError(
            "usage",
            Text("“{value}” is not a break.", value=text),
            Text("Write when, how many minutes and what, for example 12.00+60=Ishoma."),
        )
    return Break(minute_of(start), int(minutes), title.strip())


def _seed(text: str) -> str:
    if not _SEED.match(text):
        raise UsageError(
            "usage",
            Text("“{value}” is not a seed.", value=text),
            Text("A seed has 32 digits of 0-9 and a-f, as the drawing showed it."),
        )
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
