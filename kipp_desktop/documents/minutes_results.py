"""The results in the minutes: the ranking of each group, entries without a place, the awards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak

from kipp_desktop.documents.page import CAPTION, INDENTED, NOTE, Page
from kipp_desktop.documents.tables import Column
from kipp_desktop.documents.wording import status_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.platypus import Flowable

    from kipp_desktop.domain.report import GroupReport, RankRow, Report

    Section = list[Text | Flowable]

# Room that a caption asks for on its page: the table below it needs some too.
_NOT_ALONE = 42 * mm


def ranking(page: Page, report: Report) -> Section:
    """Return the sentence and tables of the computed places."""
    section: Section = [Text("From these marks the ranking is:")]
    for group in report.groups:
        if len(report.groups) > 1:
            section += _caption(page, group)
        section += _group(page, group)
    return section


def awards(page: Page, report: Report) -> Section:
    """Return the sentence and tables of the awards that the panel proposes; empty without any."""
    if not any(group.awards for group in report.groups):
        return []
    section: Section = [Text("On this ranking the panel proposes these awards:")]
    for group in report.groups:
        if len(report.groups) > 1 and group.awards:
            section += _caption(page, group)
        rows = [
            (award.tier, _place(row), row.number, row.title, row.organisation)
            for award in group.awards
            for row in award.rows
        ]
        if rows:
            columns = [
                Column(page.say(Text("Award")), 24),
                Column(page.say(Text("Place")), 16, "centre"),
                Column(page.say(Text("No.")), 12, "centre"),
                Column(page.say(Text("Title")), 62),
                Column(page.say(Text("Agency")), 42),
            ]
            section.append(page.table(columns, rows))
    section.append(
        page.paragraph(
            Text(
                "Places and awards in these minutes are the panel's recommendation to the official"
                " who decides them."
            ),
            INDENTED,
        )
    )
    return section


def unranked(page: Page, rows: Sequence[RankRow]) -> Flowable:
    """Return the table of entries without a place, and why."""
    return page.table(
        [
            Column(page.say(Text("No.")), 12, "centre"),
            Column(page.say(Text("Title")), 60),
            Column(page.say(Text("Agency")), 40),
            Column(page.say(Text("Remark")), 40),
        ],
        [(row.number, row.title, row.organisation, page.say(status_of(row))) for row in rows],
    )


def _group(page: Page, group: GroupReport) -> list[Flowable]:
    placed = [row for row in group.rows if row.place is not None]
    others = [row for row in group.rows if row.place is None]
    flowables: list[Flowable] = []
    if placed:
        flowables.append(_places(page, placed))
    if any(row.shared for row in placed):
        flowables.append(page.paragraph(Text("* Shared place."), NOTE))
    by_step: dict[Text, list[RankRow]] = {}
    for row in placed:
        if row.decided_by is not None:
            by_step.setdefault(row.decided_by, []).append(row)
    for step, rows in by_step.items():
        note = Text(
            "Equal scores, the order decided by {step}: places {places}.",
            step=step,
            places=", ".join(str(row.place) for row in rows),
        )
        flowables.append(page.paragraph(note, NOTE))
    if others:
        flowables += [
            CondPageBreak(_NOT_ALONE),
            page.paragraph(Text("Entries without a place:"), INDENTED),
            unranked(page, others),
        ]
    return flowables


def _places(page: Page, rows: Sequence[RankRow]) -> Flowable:
    with_awards = any(row.award for row in rows)
    columns = [
        Column(page.say(Text("Place")), 17, "centre"),
        Column(page.say(Text("No.")), 12, "centre"),
        Column(page.say(Text("Title")), 56),
        Column(page.say(Text("Agency")), 38),
        Column(page.say(Text("Score")), 15, "right"),
        Column(page.say(Text("Judges")), 13, "centre"),
    ]
    if with_awards:
        columns.append(Column(page.say(Text("Award")), 22))
    cells = [
        (
            _place(row),
            row.number,
            row.title,
            row.organisation,
            page.catalogue.number(row.score or ""),
            str(row.sheets),
            row.award or "",
        )
        for row in rows
    ]
    return page.table(columns, [row[: len(columns)] for row in cells])


def _caption(page: Page, group: GroupReport) -> list[Flowable]:
    caption = page.paragraph(Text("Group {group}", group=group.name), CAPTION)
    return [CondPageBreak(_NOT_ALONE), caption]


def _place(row: RankRow) -> str:
    return f"{row.place or '–'}{'*' if row.shared else ''}"
