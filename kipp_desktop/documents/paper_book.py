"""The judge's book and the proof of typing: all entries of one judge, several to a page.

A block is an entry: its names, a numbered box for each criterion, the total, and room for initials.
In the book the boxes are empty; in the proof they hold what was typed, for the judge to compare.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak, Spacer, Table

from kipp_desktop.documents.fonts import REGULAR, SEMIBOLD
from kipp_desktop.documents.page import BODY, TITLE, Footing, Page
from kipp_desktop.documents.paper_parts import (
    GREY,
    NAME,
    SMALL,
    MarkBox,
    code_picture,
    mark_text,
    signature_lines,
)
from kipp_desktop.documents.paper_sheet import guide, running_line
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.paper_form import FormCriterion, FormSheet, PaperForm

CODE_SIDE: Final = 21 * mm
MOST_IN_ROW: Final = 9
"""So many boxes stand side by side; more go into further rows."""
_TINY = SMALL.clone("book-tiny", fontSize=7.5, leading=9)


def render_book(form: PaperForm, catalogue: Catalogue) -> bytes:
    """Return each judge's book as PDF: a guide to the marks, then the entries."""
    return _render(
        form, catalogue, Text("Judge's book: {name}", name=form.competition), proof=False
    )


def render_proof(form: PaperForm, catalogue: Catalogue) -> bytes:
    """Return what was typed for each judge as PDF, to be compared with the paper and initialled."""
    return _render(
        form, catalogue, Text("Proof of typing: {name}", name=form.competition), proof=True
    )


def _render(form: PaperForm, catalogue: Catalogue, title: Text, *, proof: bool) -> bytes:
    page = Page(form.paper, catalogue)
    story: list[Flowable] = []
    for _, sheets in groupby(form.sheets, lambda sheet: sheet.judge):
        if story:
            story.append(PageBreak())
        own = list(sheets)
        story += _judge(page, form, own, proof=proof)
    return page.build(
        story,
        title=catalogue.say(title),
        author=form.organiser,
        at=form.printed_at,
        footing=Footing(running=running_line(form, catalogue), watermark=""),
    )


def _judge(
    page: Page, form: PaperForm, sheets: Sequence[FormSheet], *, proof: bool
) -> list[Flowable]:
    name = sheets[0].judge_name
    head = Text("PROOF OF TYPING") if proof else Text("SCORE BOOK")
    story = [
        page.letterhead(form.letterhead),
        page.paragraph(head, TITLE),
        page.paragraph(form.competition, TITLE.clone("book-name", fontSize=10.5, leading=14)),
        Spacer(0, 6),
        page.paragraph(
            Text("Judge: {name}. Stage: {stage}.", name=name, stage=form.stage_name), NAME
        ),
        Spacer(0, 3),
    ]
    if proof:
        story += [
            page.paragraph(
                Text(
                    "These marks were typed from the sheets of this judge. Compare every mark with"
                    " the paper, then put your initials beside the entry. Where a mark is wrong,"
                    " strike it out and write the right one; the secretariat types it again."
                ),
                BODY.clone("proof-told", fontSize=9.5, leading=12.5),
            ),
            Spacer(0, 5),
            *_legend(page, form),
        ]
    else:
        story += [*guide(page, form), PageBreak()]
    *most, last = sheets
    for sheet in most:
        story.append(KeepTogether([_block(page, form, sheet, proof=proof), Spacer(0, 5)]))
    signing = [Spacer(0, 10), signature_lines(page, last, form)]
    # Nobody signs a page on which nothing else stands.
    story.append(KeepTogether([_block(page, form, last, proof=proof), *signing]))
    return story


def _legend(page: Page, form: PaperForm) -> list[Flowable]:
    """Return which number is which criterion."""
    named = ";  ".join(f"{c.number} = {c.name}" for c in form.marked)
    return [page.paragraph(named, SMALL), Spacer(0, 6)]


def _block(page: Page, form: PaperForm, sheet: FormSheet, *, proof: bool) -> Flowable:
    said = [page.paragraph(f"{sheet.number} – {sheet.title}", NAME)]
    if sheet.organisation:
        said.append(page.paragraph(sheet.organisation, _TINY))
    if proof:
        said.append(
            page.paragraph(
                Text("Typed by {name} · record {id}", name=sheet.typed, id=sheet.record[:12]), _TINY
            )
        )
    room = page.width - CODE_SIDE - 8
    rows = [
        _boxes(page, form.marked[start : start + MOST_IN_ROW], sheet, room)
        for start in range(0, len(form.marked), MOST_IN_ROW)
    ]
    rows.append(_totals(page, sheet, room, proof=proof))
    return Table(
        [[[*said, Spacer(0, 2), *rows], code_picture(sheet.code, CODE_SIDE)]],
        colWidths=[room, CODE_SIDE + 8],
        style=[
            ("BOX", (0, 0), (-1, -1), 0.6, "black"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (1, 0), (1, 0), "MIDDLE"),
            ("ALIGN", (1, 0), (1, 0), "CENTER"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ],
    )


def _boxes(
    page: Page, criteria: Sequence[FormCriterion], sheet: FormSheet, room: float
) -> Flowable:
    marks, width = dict(sheet.marks), (room - 8) / MOST_IN_ROW
    numbers = [criterion.number for criterion in criteria]
    boxes = [
        MarkBox(
            mark_text(page.catalogue, marks.get(criterion.id, "")),
            width=width - 6,
            height=7 * mm,
        )
        for criterion in criteria
    ]
    return Table(
        [numbers, boxes],
        colWidths=[width] * len(criteria),
        hAlign="LEFT",
        style=[
            ("FONT", (0, 0), (-1, 0), SEMIBOLD, 8),
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )


def _totals(page: Page, sheet: FormSheet, room: float, *, proof: bool) -> Flowable:
    number = page.catalogue
    if proof:
        cells = [
            (Text("Total of the marks"), sheet.total),
            (Text("Total on paper"), sheet.written),
        ]
        differs = bool(sheet.written) and sheet.written != sheet.total
    else:
        cells, differs = [(Text("Total"), "")], False
    row: list[object] = []
    widths: list[float] = []
    for text, value in cells:
        row += [
            page.paragraph(text, _TINY),
            MarkBox(mark_text(number, value), width=20 * mm, height=7 * mm),
        ]
        widths += [19 * mm, 23 * mm]
    row += [
        page.paragraph(Text("Initials of the judge"), _TINY),
        MarkBox(width=20 * mm, height=7 * mm),
    ]
    widths += [19 * mm, 23 * mm]
    style: list[tuple[object, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    if differs:
        style.append(("BACKGROUND", (2, 0), (3, 0), GREY))
    scale = min(1.0, (room - 8) / sum(widths))
    return Table([row], colWidths=[w * scale for w in widths], hAlign="LEFT", style=style)
