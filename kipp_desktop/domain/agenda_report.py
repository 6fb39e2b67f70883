"""What the printed agenda and its spreadsheet say: plain values, put together by a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kipp_desktop.domain.report import Letterhead
    from kipp_desktop.texts import Text


@dataclass(frozen=True)
class AgendaRow:
    """A line of a session: times as 08.30; a break has no number. ``really`` are recorded times."""

    start: str
    end: str
    number: str
    title: str
    agency: str
    group: str
    state: str
    really: str


@dataclass(frozen=True)
class AgendaSession:
    """A room on a day, with who sits there and the parts of each slot."""

    stage: str
    day: date
    room: str
    hours: str
    judges: tuple[str, ...]
    parts: tuple[tuple[str, int], ...]
    rows: tuple[AgendaRow, ...]


@dataclass(frozen=True)
class AgendaReport:
    """The whole agenda. ``several_groups`` says whether groups are worth a column."""

    competition: str
    organiser: str
    place: str
    letterhead: Letterhead
    paper: str
    printed_at: datetime
    sessions: tuple[AgendaSession, ...]
    draws: tuple[Text, ...]
    several_groups: bool
