"""Score sheets on paper: one page a judge and entry, empty or with the marks in their boxes.

The level descriptors stand on the sheet where they fit; otherwise they stand once for each judge on
a guide before the sheets, so that a sheet stays one page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import KeepInFrame, PageBreak, Spacer, Table

from kipp_desktop.documents.fonts import REGULAR, SEMIBOLD
from kipp_desktop.documents.page import TITLE, Footing, Page
from kipp_desktop.documents.paper_parts import (
    GREY,
    NAME,
    SMALL,
    MarkBox,
    levels_paragraph,
    mark_text,
    scale_text,
    signature_lines,
    who_and_what,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.paper_form import FormCriterion, FormSheet, PaperForm

CODE_SIDE: Final = 27 * mm


@dataclass(frozen=True)
class _Density:
    """How tightly a sheet is set: ``levels`` is the size of the descriptors, ``None`` for none.

    ``box`` is the height of a mark box in points, ``lines`` how many lines there are for notes.
    """

    levels: float | None
    box: float
    lines: int


_DENSITIES: Final = (
    _Density(9.0, 8 * mm, 3),
    _Density(9.0, 7 * mm, 2),
    _Density(8.25, 7 * mm, 1),
    _Density(7.5, 6.5 * mm, 1),
    _Density(7.0, 6.5 * mm, 1),
    _Density(None, 8 * mm, 3),
    _Density(None, 7 * mm, 2),
    _Density(None, 6 * mm, 1),
)
"""Tried one after the other until the sheet is one page."""


def render_sheets(form: PaperForm, catalogue: Catalogue) -> bytes:
    """Return the sheets as PDF, a page each; same form and language, same bytes.

    Raises ``KippError`` for an unknown paper or a logo that is no picture.
    """
    page = Page(form.paper, catalogue)
    density = _density(page, form)
    story: list[Flowable] = []
    judge = None
    for sheet in form.sheets:
        if story:
            story.append(PageBreak())
        if density.levels is None and sheet.judge != judge:
            story += [*guide(page, form), PageBreak()]
        judge = sheet.judge
        body = _sheet(page, form, sheet, density)
        # Whatever a title does: one sheet is one page.
        story.append(KeepInFrame(page.width, page.height, body, mode="shrink"))
    return page.build(
        story,
        title=catalogue.say(Text("Score sheets: {competition}", competition=form.competition)),
        author=form.organiser,
        at=form.printed_at,
        footing=Footing(running=running_line(form, catalogue), watermark=""),
    )


def running_line(form: PaperForm, catalogue: Catalogue) -> str:
    """Return what stands at the foot of every page."""
    return catalogue.say(
        Text(
            "{stage}, {competition} · rubric {rubric}",
            stage=form.stage_name,
            competition=form.competition,
            rubric=form.rubric[:16],
        )
    )


def guide(page: Page, form: PaperForm) -> list[Flowable]:
    """Return the criteria with what each level means, for the judge to keep at hand."""
    story = [
        page.paragraph(Text("GUIDE TO THE MARKS"), TITLE),
        page.paragraph(form.rubric_name, TITLE.clone("guide-name", fontSize=10.5, leading=14)),
        Spacer(0, 6),
    ]
    text = SMALL.clone("guide-text", leftIndent=14, spaceBefore=1)
    for criterion in form.criteria:
        indent = 14 * criterion.depth
        name = NAME.clone("guide-head", leftIndent=indent, spaceBefore=6, keepWithNext=1)
        story.append(page.paragraph(f"{criterion.number}. {criterion.name}", name))
        body = text.clone("guide-body", leftIndent=indent + 14)
        if criterion.description:
            story.append(page.paragraph(criterion.description, body))
        levels = levels_paragraph(page, criterion, body)
        if levels is not None:
            story.append(levels)
    return story


def _density(page: Page, form: PaperForm) -> _Density:
    """Return the loosest density at which the tallest sheet is one page, or the tightest of all."""
    tallest = max(form.sheets, key=lambda sheet: len(sheet.title) + len(sheet.organisation))
    for density in _DENSITIES:
        height = 0.0
        for flowable in _sheet(page, form, tallest, density):
            height += flowable.wrap(page.width, page.height)[1]
            height += flowable.getSpaceBefore() + flowable.getSpaceAfter()
        if height <= page.height:
            return density
    return _DENSITIES[-1]


def _sheet(page: Page, form: PaperForm, sheet: FormSheet, density: _Density) -> list[Flowable]:
    say = page.say
    story: list[Flowable] = [
        page.letterhead(form.letterhead),
        page.paragraph(Text("SCORE SHEET"), TITLE),
        page.paragraph(form.competition, TITLE.clone("sheet-name", fontSize=10.5, leading=14)),
        Spacer(0, 4),
        who_and_what(page, form, sheet, CODE_SIDE),
        Spacer(0, 4),
        _criteria(page, form, sheet, density),
        Spacer(0, 5),
    ]
    story.append(
        page.paragraph(
            Text(
                "Write one mark in each box. A correction: strike it out, write the new mark beside"
                " it, initial it."
            ),
            SMALL,
        )
    )
    lines = Table(
        [[say(Text("Notes and advice for the innovator"))], *([[""]] * density.lines)],
        colWidths=[page.width],
        hAlign="LEFT",
        rowHeights=[5 * mm, *([6.5 * mm] * density.lines)],
        style=[
            ("FONT", (0, 0), (-1, -1), REGULAR, 9),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, "black"),
        ],
    )
    story += [lines, Spacer(0, 8), signature_lines(page, sheet, form)]
    return story


def _criteria(page: Page, form: PaperForm, sheet: FormSheet, density: _Density) -> Flowable:
    """Return the table of criteria; the last row is the total by hand."""
    catalogue, marks = page.catalogue, dict(sheet.marks)
    rows: list[list[object]] = [[page.say(head) for head in _HEADS]]
    style: list[tuple[object, ...]] = [*_STYLE]
    for criterion in form.criteria:
        line = len(rows)
        name = page.paragraph(criterion.name, NAME)
        if not criterion.leaf:
            rows.append([criterion.number, name, "", "", "", ""])
            style += [("SPAN", (1, line), (-1, line)), ("BACKGROUND", (0, line), (-1, line), GREY)]
        elif criterion.by_panel:
            rows.append([criterion.number, name, page.say(Text("marked by the panel")), "", "", ""])
            style += [("SPAN", (2, line), (-1, line)), ("BACKGROUND", (2, line), (-1, line), GREY)]
        else:
            rows.append(
                [
                    criterion.number,
                    name,
                    page.paragraph(scale_text(catalogue, criterion), _MIDDLE),
                    MarkBox(mark_text(catalogue, marks.get(criterion.id, "")), height=density.box),
                    f"× {mark_text(catalogue, criterion.factor)}",
                    "",
                ]
            )
        told = _told(page, criterion, density.levels)
        if told:
            rows.append(["", told, "", "", "", ""])
            style += [
                ("SPAN", (1, line + 1), (-1, line + 1)),
                ("SPAN", (0, line), (0, line + 1)),
                ("TOPPADDING", (0, line + 1), (-1, line + 1), 1),
            ]
    last = len(rows)
    total = page.say(Text("Total (at most {maximum})", maximum=mark_text(catalogue, form.maximum)))
    box = MarkBox(mark_text(catalogue, sheet.written or sheet.total), width=22 * mm)
    rows.append([total, "", "", "", "", box])
    style += [
        ("SPAN", (0, last), (4, last)),
        ("ALIGN", (0, last), (4, last), "RIGHT"),
        ("FONT", (0, last), (4, last), SEMIBOLD, 10),
    ]
    widths = [11 * mm, 0.0, 19 * mm, 21 * mm, 17 * mm, 26 * mm]
    widths[1] = page.width - sum(widths)
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT")


def _told(page: Page, criterion: FormCriterion, size: float | None) -> list[Flowable]:
    """Return the description and what the levels mean; nothing without a size for them."""
    if size is None:
        return []
    text = SMALL.clone("levels", fontSize=size, leading=size * 1.2)
    told = [page.paragraph(criterion.description, text)] if criterion.description else []
    levels = levels_paragraph(page, criterion, text)
    return told if levels is None else [*told, levels]


_STYLE: Final = (
    ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ("BACKGROUND", (0, 0), (-1, 0), GREY),
    ("FONT", (0, 0), (-1, 0), SEMIBOLD, 9),
    ("FONT", (0, 1), (-1, -1), REGULAR, 9),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("ALIGN", (0, 0), (0, -1), "CENTER"),
    ("ALIGN", (2, 0), (-1, -1), "CENTER"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
)
_MIDDLE: Final = SMALL.clone("scale", fontSize=8, leading=9, alignment=TA_CENTER)
_HEADS: Final = (
    Text("No."),
    Text("Criterion"),
    Text("Scale"),
    Text("Mark"),
    Text("Times"),
    Text("Result"),
)
