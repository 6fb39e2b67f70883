"""The Acara: making the timetable, moving what must be moved, and recording what happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from kipp_desktop.domain.agenda import (
    Agenda,
    Break,
    Clock,
    Draw,
    Event,
    Line,
    Session,
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
)
from kipp_desktop.domain.agenda_clashes import Clash, clashes, time_of_day
from kipp_desktop.domain.agenda_report import AgendaReport, AgendaRow, AgendaSession
from kipp_desktop.domain.lots import draw
from kipp_desktop.domain.report import Letterhead
from kipp_desktop.errors import KippError
from kipp_desktop.files import write_whole
from kipp_desktop.services.agenda_store import (
    agenda_of_panel,
    announced,
    keep_agenda,
    sign_agenda,
)
from kipp_desktop.services.desk import desk_identity
from kipp_desktop.services.judging import alive_entries
from kipp_desktop.services.naming import entry_in
from kipp_desktop.services.setup import next_setup
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.setup import Entry, Setup
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

ORDERS = ("number", "lot", "groups", "groups-lot")
"""How entries are put in order: by number, by lot, or group after group (in it by either)."""

STATE_TEXTS = {
    "waiting": Text("Waiting"),
    "running": Text("On now"),
    "paused": Text("Paused"),
    "done": Text("Finished"),
    "absent": Text("Absent"),
}


@dataclass(frozen=True)
class AgendaLine:
    """A slot or (``entry`` is None) a break; ``began`` and ``ended`` are recorded times."""

    start: int
    end: int
    entry: str | None
    number: str
    title: str
    agency: str
    state: str
    began: str
    ended: str


@dataclass(frozen=True)
class SessionView:
    """A session with its timetable; ``judges`` are names, all of the stage where none is set."""

    session: Session
    stage: str
    judges: tuple[str, ...]
    lines: tuple[AgendaLine, ...]


@dataclass(frozen=True)
class AgendaView:
    """The agenda as a page shows it.

    ``unscheduled`` are (stage, numbers of entries without a time); ``announced`` whether the
    packages carry what is shown.
    """

    sessions: tuple[SessionView, ...]
    clashes: tuple[Clash, ...]
    unscheduled: tuple[tuple[str, tuple[str, ...]], ...]
    draws: tuple[Draw, ...]
    announced: bool


@dataclass(frozen=True)
class NowView:
    """A room now: the entry whose turn it is with its timer, and the next one."""

    session: Session
    entry: Entry | None
    clock: Clock | None
    next: Entry | None


@dataclass(frozen=True)
class Turn:
    """When and where an entry has its turn; times are minutes after midnight."""

    entry: str
    day: date
    start: int
    end: int
    room: str


def agenda_view(panel: Panel) -> AgendaView:
    """Return the agenda with names, clashes, and what has no time yet."""
    agenda = agenda_of_panel(panel)
    setup = setup_of(panel)
    stages = dict.fromkeys(session.stage for session in agenda.sessions)
    unscheduled = []
    for stage in stages:
        known = set(order_of(agenda, stage))
        numbers = tuple(e.number for e in candidates_of(panel, setup, stage) if e.id not in known)
        if numbers:
            unscheduled.append((stage, numbers))
    return AgendaView(
        tuple(_session_view(setup, session) for session in agenda.in_time()),
        clashes_of(setup, agenda),
        tuple(unscheduled),
        agenda.draws,
        announced(panel),
    )


def clashes_of(setup: Setup, agenda: Agenda) -> tuple[Clash, ...]:
    """Return who would be in two rooms at once, and what lies outside the hours."""
    names = {person.id: setup.name_of(person.id) for person in setup.persons}
    names |= {entry.id: f"{entry.number} {entry.title}" for entry in setup.entries}
    names |= {item.id: item.name for item in setup.organisations}
    return clashes(
        agenda,
        {stage.id: setup.judges_of(stage.id) for stage in setup.rules.stages},
        {entry.id: entry.organisation for entry in setup.entries if entry.organisation},
        names,
    )


def _session_view(setup: Setup, session: Session) -> SessionView:
    judges = session.judges or setup.judges_of(session.stage)
    stages = {stage.id: stage.name for stage in setup.rules.stages}
    return SessionView(
        session,
        stages.get(session.stage, session.stage),
        tuple(setup.name_of(judge) for judge in judges),
        tuple(_line(setup, session, line) for line in timetable(session)),
    )


def _line(setup: Setup, session: Session, line: Line) -> AgendaLine:
    if line.entry is None:
        return AgendaLine(line.start, line.end, None, "", line.title, "", "", "", "")
    slot = next(item for item in session.slots if item.entry == line.entry)
    entry = setup.entry_by_id.get(line.entry)
    began = [event.at for event in slot.log if event.what == "start"]
    ended = [event.at for event in slot.log if event.what == "finish"]
    return AgendaLine(
        line.start,
        line.end,
        line.entry,
        entry.number if entry else "",
        entry.title if entry else line.entry,
        setup.organisation_name(entry) if entry else "",
        state_of(slot),
        began[-1] if began else "",
        ended[-1] if ended else "",
    )


def setup_of(panel: Panel) -> Setup:
    """Return the next plan at the desk, the plan in force elsewhere."""
    if panel.workbench.document("desk") is None:
        return panel.setup
    return next_setup(panel)[0]


def candidates_of(panel: Panel, setup: Setup, stage: str) -> list[Entry]:
    """Return the entries that may present in a stage, as far as it is known here."""
    out = {
        entry
        for entry, (status, _) in panel.state.statuses.items()
        if status in {"withdrawn", "disqualified"}
    }
    alive = alive_entries(panel, setup, stage)
    return [setup.entry_by_id[entry] for entry in alive if entry not in out]


# -- making it -------------------------------------------------------------------------------------


def add_session(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    stage: str,
    day: date,
    room: str,
    start: int,
    end: int,
    judges: Sequence[str] = (),
    breaks: Sequence[Break] = (),
    changeover: int = 0,
) -> tuple[str, Changes]:
    """Add a room on a day for a stage; its slots have the parts of the stage.

    ``judges`` are ids of persons; empty for all of the stage. Raises :class:`KippError` with code
    ``no-stage`` or ``bad-session``.
    """
    setup = setup_of(panel)
    parts = setup.rules.stage(stage).slot or (("", 20),)
    session = Session(
        home.context.new_id("s"),
        stage,
        day,
        room.strip(),
        start,
        end,
        parts,
        changeover,
        tuple(judges),
        tuple(breaks),
    )
    return session.id, save_session(panel, session)


def save_session(panel: Panel, session: Session) -> Changes:
    """Add or replace a session. Raises :class:`KippError` with code ``bad-session``."""
    if not session.room:
        raise _bad(Text("The room has no name."))
    if not session.start < session.end:
        raise _bad(Text("The session must end after it starts."))
    if session.minutes < 1:
        raise _bad(Text("A slot must have at least one minute."))
    for item in session.breaks:
        if item.minutes < 1 or not session.start <= item.start < session.end:
            raise _bad(Text("The break “{title}” lies outside the session.", title=item.title))
    return keep_agenda(panel, put_session(agenda_of_panel(panel), session))


def remove_session(panel: Panel, session_id: str) -> Changes:
    """Take a session out of the agenda; its entries have then no time."""
    agenda = agenda_of_panel(panel)
    agenda.session(session_id)
    sessions = tuple(item for item in agenda.sessions if item.id != session_id)
    return keep_agenda(panel, replace(agenda, sessions=sessions))


@dataclass(frozen=True)
class Filled:
    """What filling did: the seed of the lot (empty without one), and numbers without a time."""

    seed: str
    left: tuple[str, ...]
    changes: Changes


def fill(
    home: Home,
    panel: Panel,
    stage: str,
    order: str = "number",
    *,
    by_room: bool = False,
    seed: str | None = None,
) -> Filled:
    """Give every entry of a stage a time, in an order of :data:`ORDERS`.

    A lot draws a seed (or takes ``seed``, to repeat one) and records it. With ``by_room`` one room
    is filled after the other. Raises :class:`KippError` with code ``no-session``.
    """
    agenda = agenda_of_panel(panel)
    setup = setup_of(panel)
    setup.rules.stage(stage)
    if not agenda.in_time(stage):
        raise KippError(
            "no-session",
            Text("The stage {stage} has no session yet.", stage=stage),
            Text("Add a room and a day first (kipp agenda add)."),
        )
    entries = candidates_of(panel, setup, stage)
    groups = [group.id for group in setup.groups]
    ids = [entry.id for entry in entries]
    if order.endswith("lot"):
        seed = seed or home.context.randomness(16).hex()
        ids = draw(ids, seed)
        method = "groups" if order.startswith("groups") else "lot"
        lot = Draw("order", stage, seed, tuple(sorted(ids)), method)
        agenda = replace(agenda, draws=(*agenda.draws, lot))
    if order.startswith("groups"):
        group_of = {entry.id: entry.group for entry in entries}
        ids.sort(key=lambda entry: groups.index(group_of[entry]))
    agenda, left = laid_out(agenda, stage, ids, by_room=by_room)
    numbers = tuple(setup.entry_by_id[entry].number for entry in left)
    return Filled(seed or "" if order.endswith("lot") else "", numbers, keep_agenda(panel, agenda))


def swap(panel: Panel, stage: str, one: str, other: str) -> Changes:
    """Let two entries (by number) take each other's time."""
    first, second = entry_in(setup_of(panel), one), entry_in(setup_of(panel), other)
    return keep_agenda(panel, swapped(agenda_of_panel(panel), stage, first, second))


def move(panel: Panel, stage: str, number: str, session_id: str, position: int) -> Changes:
    """Put an entry at a position (from 1) of a session."""
    agenda = agenda_of_panel(panel)
    if agenda.session(session_id).stage != stage:
        raise _bad(Text("That session belongs to another stage."))
    entry = entry_in(setup_of(panel), number)
    return keep_agenda(panel, moved(agenda, stage, entry, session_id, position - 1))


def _bad(what: Text) -> KippError:
    return KippError("bad-session", what, Text("Correct it and try again; nothing was stored."))


# -- the day itself --------------------------------------------------------------------------------


def record(  # noqa: PLR0917 - the words of the command
    home: Home, panel: Panel, stage: str, number: str, what: str, minutes: int = 0
) -> Changes:
    """Record what happens at a slot now: one of ``EVENTS``; durable on return.

    Absence here only frees the moderator's list; what counts is the entry's status. Raises
    :class:`KippError` with code ``bad-event`` or ``not-scheduled``.
    """
    agenda, entry, at = agenda_of_panel(panel), entry_in(setup_of(panel), number), home.context.at()
    if what == "postpone":
        return keep_agenda(panel, postponed(agenda, stage, entry, at))
    return keep_agenda(panel, happened(agenda, stage, entry, Event(at, what, minutes)))


def now(home: Home, panel: Panel) -> list[NowView]:
    """Return for each room of today, or in which a slot runs, what is on and what comes next."""
    moment = home.context.clock()
    setup = setup_of(panel)
    views = []
    for session in agenda_of_panel(panel).in_time():
        entry = on_now(session, moment)
        if session.day != moment.date() and entry is None:
            continue
        slot = next((item for item in session.slots if item.entry == entry), None)
        later = up_next(session)
        if later == entry:
            waiting = [s.entry for s in session.slots if state_of(s) == "waiting"]
            later = waiting[1] if len(waiting) > 1 else None
        views.append(
            NowView(
                session,
                setup.entry_by_id.get(entry or ""),
                clock(session, slot, moment) if slot else None,
                setup.entry_by_id.get(later or ""),
            )
        )
    return views


def turns(panel: Panel, stage: str, person: str | None = None) -> list[Turn]:
    """Return the turns of a stage by time, in the rooms where a person sits (or in all)."""
    found = [
        Turn(line.entry, session.day, line.start, line.end, session.room)
        for session in agenda_of_panel(panel).in_time(stage)
        if person is None or not session.judges or person in session.judges
        for line in timetable(session)
        if line.entry is not None
    ]
    return sorted(found, key=lambda turn: (turn.day, turn.start, turn.room, turn.entry))


def announce(home: Home, panel: Panel) -> bool:
    """Sign the agenda, so that packages and receipts carry it; return whether it had changed."""
    if announced(panel):
        return False
    return sign_agenda(panel, desk_identity(home, panel), home.context.at())


# -- on paper --------------------------------------------------------------------------------------


def agenda_report(panel: Panel, at: datetime, catalogue: Catalogue) -> AgendaReport:
    """Return what the printed agenda says. Raises :class:`KippError` ``empty-agenda``."""
    view = agenda_view(panel)
    if not view.sessions:
        raise KippError(
            "empty-agenda",
            Text("The agenda has no session yet."),
            Text("Add a room and a day first (kipp agenda add)."),
        )
    setup = setup_of(panel)
    groups = {group.id: group.name for group in setup.groups}
    stages = {stage.id: stage.name for stage in setup.rules.stages}
    logo = panel.workbench.document("logo") or ""
    competition = setup.competition
    return AgendaReport(
        competition.name,
        competition.organiser,
        competition.place,
        Letterhead(competition.letterhead, competition.address, bytes.fromhex(logo) or None),
        competition.paper,
        at,
        tuple(_printed(setup, item, groups, catalogue) for item in view.sessions),
        tuple(
            Text(
                "The order of {stage} was drawn by lot; seed {seed}.",
                stage=stages.get(stage, stage),
                seed=seed,
            )
            for stage, seed in {d.stage: d.seed for d in view.draws if d.about == "order"}.items()
        ),
        len(groups) > 1,
    )


def _printed(
    setup: Setup, view: SessionView, groups: dict[str, str], catalogue: Catalogue
) -> AgendaSession:
    rows = []
    for line in view.lines:
        entry = setup.entry_by_id.get(line.entry or "")
        state = STATE_TEXTS.get(line.state)
        rows.append(
            AgendaRow(
                time_of_day(line.start),
                time_of_day(line.end),
                line.number,
                line.title,
                line.agency,
                groups.get(entry.group, "") if entry else "",
                catalogue.say(state) if state and line.state != "waiting" else "",
                "–".join(
                    catalogue.time(datetime.fromisoformat(moment))
                    for moment in (line.began, line.ended)
                    if moment
                ),
            )
        )
    session = view.session
    return AgendaSession(
        view.stage,
        session.day,
        session.room,
        f"{time_of_day(session.start)}–{time_of_day(session.end)}",
        view.judges,
        session.parts,
        tuple(rows),
    )


def write_agenda(home: Home, panel: Panel, out: Path, catalogue: Catalogue) -> None:
    """Write the agenda as PDF, or as XLSX where the name ends so."""
    report = agenda_report(panel, home.context.clock(), catalogue)
    # Heavy, and needed only here.
    if out.suffix.casefold() == ".xlsx":
        from kipp_desktop.documents.agenda_book import render_agenda_book

        write_whole(out, render_agenda_book(report, catalogue))
    else:
        from kipp_desktop.documents.agenda_sheet import render_agenda

        write_whole(out, render_agenda(report, catalogue))
