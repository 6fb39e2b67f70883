"""Before the visits: the letter that announces them, and the sheet that is filled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Spacer

from kipp_desktop.documents.field_page import build_field
from kipp_desktop.documents.page import BODY, CENTRED, INDENTED, TITLE, Page
from kipp_desktop.documents.signature_blocks import name_blocks
from kipp_desktop.documents.tables import Column
from kipp_desktop.domain.visit import STATUS_TEXTS, STATUSES
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.field_report import FieldHead, PlannedVisit

_DOTS = "……………………………………"
_FLUSH = INDENTED.clone("flush", leftIndent=0)
#: Lines of a claim on paper, to write on by hand; each fills a line of its cell.
_LINES = " ".join(["…" * 11] * 3)


def render_notice(head: FieldHead, planned: Sequence[PlannedVisit], catalogue: Catalogue) -> bytes:
    """Return the letter to the agencies; dates are left to be written by hand."""
    page = Page(head.paper, catalogue)
    columns = [
        Column("No.", 1.4, "right"),
        Column(page.say(Text("Innovation")), 7),
        Column(page.say(Text("Agency")), 6),
        Column(page.say(Text("Day, date, time")), 5),
    ]
    rows = [(one.number, one.title, one.agency, "…………………") for one in planned]
    story: list[Flowable] = [
        page.letterhead(head.letterhead),
        page.paragraph(
            Text("{place}, {date}", place=head.place or _DOTS, date=head.printed_at.date()),
            BODY.clone("right", alignment=2),
        ),
        page.paragraph(Text("Number: {number}", number=_DOTS), _FLUSH),
        page.paragraph(Text("Subject: notice of a visit for field verification"), _FLUSH),
        Spacer(0, 8),
        page.paragraph(Text("To the heads of the agencies in the list below"), _FLUSH),
        Spacer(0, 8),
        page.paragraph(
            Text(
                "In the course of {competition}, the innovations below have come to the stage "
                "{stage}. Verifiers will visit the place where each of them is applied, to compare "
                "what was presented with what is there, and to speak with those whom it serves.",
                competition=head.competition,
                stage=head.stage,
            ),
            _FLUSH,
        ),
        page.table(columns, rows, indent=0),
        page.paragraph(
            Text(
                "Please have ready the documents that support what was claimed, and somebody who "
                "uses the service. Photos are taken only with consent. The visit costs nothing, "
                "and gifts are not accepted."
            ),
            _FLUSH,
        ),
        Spacer(0, 6),
        page.paragraph(Text("Thank you for your attention and help."), _FLUSH),
    ]
    story += name_blocks(
        page,
        "",
        None,
        [(f"{s.title},", s.name, s.nip, "") for s in head.signatories]
        or [(head.organiser + ",", "", "", "")],
    )
    return build_field(page, head, story, page.say(Text("Notice of a visit")))


def render_visit_sheet(head: FieldHead, planned: PlannedVisit, catalogue: Catalogue) -> bytes:
    """Return the sheet of one visit: the claims with room for finding and note."""
    page = Page(head.paper, catalogue)
    columns = [
        Column("No.", 1, "right"),
        Column(page.say(Text("Claim")), 6),
        Column(page.say(Text("Criterion")), 3),
        *(Column(page.say(STATUS_TEXTS[status]), 1.8, "centre") for status in STATUSES),
        Column(page.say(Text("Note, documents seen, number of photos")), 6),
    ]
    claims = [*planned.claims, ("", ""), ("", "")]
    rows = [
        (str(number), claim or _LINES, criterion, *("☐" for _ in STATUSES), _LINES)
        for number, (claim, criterion) in enumerate(claims, start=1)
    ]
    lines = [
        Text("Innovation: {number} · {title}", number=planned.number, title=planned.title),
        Text("Agency: {agency}", agency=planned.agency),
        Text("Day and date: {dots}  Begin: {short}  End: {short}", dots=_DOTS, short="…………"),
        Text("Place: {dots}  ☐ visit  ☐ video", dots=_DOTS * 2),
        Text("People met (role, agreed to be cited): {dots}", dots=_DOTS),
    ]
    story: list[Flowable] = [
        page.letterhead(head.letterhead),
        page.paragraph(Text("VISIT SHEET"), TITLE, underlined=True),
        page.paragraph(Text("{a} · {b}", a=head.competition, b=head.stage), CENTRED),
        Spacer(0, 6),
        *(page.paragraph(line, _FLUSH) for line in lines),
        page.table(columns, rows, indent=0),
        page.paragraph(
            Text("Conclusion:  ☐ confirms   ☐ correction of {dots} to ……   ☐ disqualification",
                 dots="…………………"),
            _FLUSH,
        ),
        page.paragraph(Text("Reason: {dots}", dots=_DOTS * 2), _FLUSH),
    ]  # fmt: skip
    story += name_blocks(
        page,
        head.place,
        None,
        [(Text("Verifier 1,"), "", "", ""), (Text("Verifier 2,"), "", "", "")],
    )
    title = page.say(Text("Visit sheet, number {number}", number=planned.number))
    return build_field(page, head, story, title)
