"""The printed agenda: a table for each room and day, to be hung on the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Spacer

from kipp_desktop.documents.page import CAPTION, CENTRED, NOTE, TITLE, Footing, Page
from kipp_desktop.documents.tables import Column
from kipp_desktop.documents.words_id import weekday_in_words
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.agenda_report import AgendaReport, AgendaSession

# A heading asks for room for some rows below it.
_NOT_ALONE = 60 * mm
# What stands between the lines of a room.
_MARGIN = 8 * mm
_HEAD = CAPTION.clone("room", leftIndent=0, spaceBefore=8)
_SMALL = NOTE.clone("about", leftIndent=0)


def render_agenda(report: AgendaReport, catalogue: Catalogue) -> bytes:
    """Return the agenda as PDF; same report and language, same bytes."""
    page = Page(report.paper, catalogue)
    story: list[Flowable] = []
    if report.letterhead.lines:
        story.append(page.letterhead(report.letterhead))
    story += [
        page.paragraph(Text("AGENDA"), TITLE),
        page.paragraph(report.competition, CENTRED),
        Spacer(0, 6),
    ]
    for session in report.sessions:
        story += _session(page, report, session)
    story += [page.paragraph(sentence, _SMALL) for sentence in report.draws]
    return page.build(
        story,
        title=page.say(Text("Agenda: {competition}", competition=report.competition)),
        author=report.organiser,
        at=report.printed_at,
        footing=Footing(
            running=catalogue.say(
                Text(
                    "Agenda, {competition} · printed {at}",
                    competition=report.competition,
                    at=report.printed_at,
                )
            ),
            watermark="",
        ),
    )


def _session(page: Page, report: AgendaReport, session: AgendaSession) -> list[Flowable]:
    day = Text(
        "{weekday}, {date}, {hours} – {room}",
        weekday=_weekday(page, session),
        date=session.day,
        hours=session.hours,
        room=session.room,
    )
    lines: list[Flowable] = [page.paragraph(day, _HEAD), page.paragraph(_about(session), _SMALL)]
    if session.judges:
        panel = Text("Panel: {judges}.", judges=session.judges)
        lines.append(page.paragraph(panel, _SMALL))
    lines.append(Spacer(0, 4))
    really = any(row.really or row.state for row in session.rows)
    columns = [
        Column(page.say(Text("Time")), 13),
        Column(page.say(Text("No.")), 7, "right"),
        Column(page.say(Text("Title")), 44),
        Column(page.say(Text("Agency")), 36),
    ]
    if report.several_groups:
        columns.append(Column(page.say(Text("Group")), 14))
    if really:
        columns.append(Column(page.say(Text("In fact")), 15))
    rows = []
    for row in session.rows:
        cells = [f"{row.start}–{row.end}", row.number, row.title, row.agency]
        if report.several_groups:
            cells.append(row.group)
        if really:
            cells.append(" ".join(part for part in (row.really, row.state) if part))
        rows.append(cells)
    lines.append(page.table(columns, rows, indent=0))
    # A room whose day fits on one page stands on one: it is hung on the door.
    height = sum(line.wrap(page.width, page.height)[1] for line in lines) + _MARGIN
    lines.append(Spacer(0, 8))
    return [CondPageBreak(height if height <= page.height else _NOT_ALONE), *lines]


def _about(session: AgendaSession) -> Text:
    parts = tuple(
        Text("{part} {minutes} minutes", part=part, minutes=minutes)
        for part, minutes in session.parts
        if part
    )
    total = sum(minutes for _, minutes in session.parts)
    each = (
        Text("{total} minutes each: {parts}", total=total, parts=parts)
        if parts
        else Text("{total} minutes each", total=total)
    )
    return Text("{stage}. {each}.", stage=session.stage, each=each)


def _weekday(page: Page, session: AgendaSession) -> str:
    if page.catalogue.language == "id":
        return weekday_in_words(session.day)
    return f"{session.day:%A}"
