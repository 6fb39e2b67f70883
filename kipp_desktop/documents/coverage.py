"""Cakupan, one agency one innovation: the report as PDF and as a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Spacer

from kipp_desktop.documents.page import BODY, CENTRED, NUMBERED, TITLE, Footing, Page
from kipp_desktop.documents.plain_table import render_xlsx
from kipp_desktop.documents.tables import Column
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.competition import Competition
    from kipp_desktop.domain.coverage import Coverage, CoverageRow
    from kipp_desktop.domain.report import Letterhead

_NO_KIND = Text("not said")


def render_coverage_pdf(
    coverage: Coverage,
    competition: Competition,
    letterhead: Letterhead,
    at: datetime,
    catalogue: Catalogue,
) -> bytes:
    """Return the report as PDF; same values, same bytes.

    Raises ``KippError`` for an unknown paper or a logo that is no picture.
    """
    page = Page(competition.paper, catalogue)
    say = page.say
    story: list[Flowable] = [
        page.letterhead(letterhead),
        page.paragraph(Text("COVERAGE: ONE AGENCY ONE INNOVATION"), TITLE, underlined=True),
        page.paragraph(competition.name, CENTRED),
        Spacer(0, 10),
        page.paragraph(_summary(coverage), BODY),
        page.paragraph(_basis(competition), BODY.clone("basis", spaceBefore=6)),
        page.paragraph(Text("By kind of organisation:"), NUMBERED, mark="1."),
        page.table(
            [
                Column(say(Text("Kind")), 0.3),
                *(
                    Column(say(heading), 0.14, "right")
                    for heading in (
                        Text("Organisations"),
                        Text("Obliged"),
                        Text("Entered"),
                        Text("Not entered"),
                        Text("Entries"),
                    )
                ),
            ],
            [
                [row.kind or say(_NO_KIND), *map(str, (row.organisations, row.obliged, row.entered,
                                                      row.missing, row.entries))]
                for row in coverage.kinds
            ],
        ),
    ]  # fmt: skip
    number = 2
    if coverage.missing:
        story += [
            page.paragraph(
                Text("Obliged, and without an entry of their own or of a unit below them:"),
                NUMBERED,
                mark=f"{number}.",
            ),
            page.table(
                [
                    Column(say(Text("No.")), 0.08, "right"),
                    Column(say(Text("Organisation")), 0.62),
                    Column(say(Text("Kind")), 0.3),
                ],
                [
                    [str(position), row.name, row.kind or say(_NO_KIND)]
                    for position, row in enumerate(coverage.missing, start=1)
                ],
            ),
        ]
        number += 1
    story += [
        page.paragraph(Text("All organisations:"), NUMBERED, mark=f"{number}."),
        page.table(
            [
                Column(say(Text("Organisation")), 0.44),
                Column(say(Text("Obliged")), 0.12, "centre"),
                Column(say(Text("Own")), 0.1, "right"),
                Column(say(Text("With units")), 0.12, "right"),
                Column(say(Text("Entries")), 0.22),
            ],
            [
                [
                    "\N{NO-BREAK SPACE}" * 4 * row.depth + row.name,
                    say(Text("yes")) if row.must_enter else "",
                    str(row.own),
                    str(row.total),
                    ", ".join(row.numbers),
                ]
                for row in coverage.rows
            ],
        ),
    ]
    if coverage.without:
        story.append(
            page.paragraph(
                Text(
                    "Entries without an organisation: {numbers}.",
                    numbers=", ".join(coverage.without),
                ),
                BODY.clone("without", spaceBefore=6),
            )
        )
    title = Text("Coverage: {competition}", competition=competition.name)
    return page.build(
        story,
        title=say(title),
        author=competition.organiser,
        at=at,
        footing=Footing(running=say(title), watermark=""),
    )


def render_coverage_xlsx(
    coverage: Coverage, competition: Competition, catalogue: Catalogue
) -> bytes:
    """Return the report as a workbook: organisations, kinds, legal basis."""
    say = catalogue.say
    return render_xlsx(
        (
            say(Text("Organisations")),
            [
                say(heading)
                for heading in (
                    Text("Organisation"),
                    Text("Kind"),
                    Text("Obliged"),
                    Text("Own"),
                    Text("With units"),
                    Text("State"),
                    Text("Entries"),
                )
            ],
            [
                [
                    " " * 4 * row.depth + row.name,
                    row.kind,
                    say(Text("yes")) if row.must_enter else "",
                    row.own,
                    row.total,
                    say(_state(row)),
                    ", ".join(row.numbers),
                ]
                for row in coverage.rows
            ],
        ),
        (
            say(Text("By kind")),
            [
                say(heading)
                for heading in (
                    Text("Kind"),
                    Text("Organisations"),
                    Text("Obliged"),
                    Text("Entered"),
                    Text("Not entered"),
                    Text("Entries"),
                )
            ],
            [
                [row.kind or say(_NO_KIND), row.organisations, row.obliged, row.entered,
                 row.missing, row.entries]
                for row in coverage.kinds
            ],
        ),
        (
            say(Text("Basis")),
            [competition.name],
            [[say(_summary(coverage))], [say(_basis(competition))]],
        ),
    )  # fmt: skip


def _state(row: CoverageRow) -> Text:
    if row.own:
        return Text("entered")
    if row.total:
        return Text("entered by a unit below it")
    return Text("did not enter")


def _summary(coverage: Coverage) -> Text:
    missing = len(coverage.missing)
    if not coverage.obliged:
        return Text("No organisation is marked as one that must enter an innovation.")
    return Text(
        "Of {obliged} organisations that must enter an innovation, {entered} did and {missing} "
        "did not.",
        obliged=coverage.obliged,
        entered=coverage.obliged - missing,
        missing=missing,
    )


def _basis(competition: Competition) -> Text:
    if not competition.legal_basis:
        return Text("The legal basis is not filled in yet.")
    return Text("Legal basis: {basis}.", basis=competition.legal_basis.rstrip("."))
