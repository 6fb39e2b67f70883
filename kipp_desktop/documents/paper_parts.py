"""What single score sheets and the judge's book share: the code, mark boxes, names, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table

from kipp_desktop.documents.fonts import BOLD, REGULAR, SEMIBOLD
from kipp_desktop.documents.page import BODY
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.documents.page import Page
    from kipp_desktop.domain.paper_form import FormCriterion, FormSheet, PaperForm

DOTS = "." * 48
GREY = Color(0.91, 0.91, 0.91)
SMALL = BODY.clone("paper-small", fontSize=9, leading=11.2, alignment=TA_LEFT)
NAME = SMALL.clone("paper-name", fontName=SEMIBOLD, fontSize=10, leading=12.2)
HEADING = SMALL.clone("paper-heading", fontName=BOLD, fontSize=13, leading=16)


class MarkBox(Flowable):
    """An empty box to write a number in, or one with the number in it; sizes in points."""

    def __init__(self, text: str = "", *, width: float = 17 * mm, height: float = 8 * mm) -> None:
        super().__init__()
        self.width, self.height, self._text = width, height, text
        self.hAlign = "CENTER"

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell reportlab the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the box and what stands in it."""
        canvas = self.canv
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.9)
        canvas.rect(0, 0, self.width, self.height)
        if self._text:
            size = min(12.0, self.height * 0.62)
            canvas.setFillColor(black)
            canvas.setFont(BOLD, size)
            canvas.drawCentredString(self.width / 2, (self.height - size * 0.7) / 2, self._text)


def code_picture(code: str, side: float) -> Drawing:
    """Return the QR code of a sheet, ``side`` points wide, with its quiet border."""
    widget = QrCodeWidget(code, barLevel="M", barBorder=3)
    left, bottom, right, top = widget.getBounds()
    scale = [side / (right - left), 0, 0, side / (top - bottom), 0, 0]
    drawing = Drawing(side, side, transform=scale)
    drawing.add(widget)
    return drawing


def mark_text(catalogue: Catalogue, decimal: str) -> str:
    """Return a mark or total as this language writes it; empty for none."""
    return catalogue.number(decimal) if decimal else ""


def scale_text(catalogue: Catalogue, criterion: FormCriterion) -> str:
    """Return ``1–10``, with the step in a second line where it is not 1."""
    number = catalogue.number
    ends = f"{number(criterion.low)}–{number(criterion.high)}"
    if criterion.step == "1":
        return ends
    return catalogue.say(
        Text("{scale} in steps of {step}", scale=ends, step=number(criterion.step))
    )


def marked_up(page: Page, parts: list[tuple[str, bool]], style: ParagraphStyle) -> Paragraph:
    """Return one paragraph of parts, each bold or not; every part is cleaned and escaped."""
    markup = " ".join(
        f'<font name="{SEMIBOLD}">{escape(clean)}</font>' if bold else escape(clean)
        for text, bold in parts
        if (clean := page.glyphs.clean(text))
    )
    return Paragraph(markup, style)


def levels_paragraph(
    page: Page, criterion: FormCriterion, style: ParagraphStyle
) -> Paragraph | None:
    """Return the level descriptors run together, ``None`` where there are none."""
    parts: list[tuple[str, bool]] = []
    for marks, text in criterion.levels:
        parts += [(f"{marks}:", True), (text, False)]
    return marked_up(page, parts, style) if parts else None


def who_and_what(page: Page, form: PaperForm, sheet: FormSheet, side: float) -> Flowable:
    """Return the rows of judge, entry, organisation and stage, with the code at the right."""
    entry = f"{sheet.number} – {sheet.title}" if sheet.entry else DOTS
    rows = [
        (Text("Judge"), sheet.judge_name or DOTS),
        (Text("Innovation"), entry),
        (Text("Agency"), sheet.organisation or ("–" if sheet.entry else DOTS)),
        (Text("Stage"), form.stage_name),
    ]
    told = Table(
        [[page.paragraph(name, SMALL), ":", page.paragraph(value, NAME)] for name, value in rows],
        colWidths=[26 * mm, 4 * mm, page.width - side - 4 - 30 * mm],
        style=[*_PLAIN, ("FONT", (0, 0), (-1, -1), REGULAR, 9)],
    )
    return Table(
        [[told, code_picture(sheet.code, side)]],
        colWidths=[page.width - side - 4, side + 4],
        hAlign="LEFT",
        style=[*_PLAIN, ("ALIGN", (1, 0), (1, 0), "RIGHT")],
    )


def signature_lines(page: Page, sheet: FormSheet, form: PaperForm) -> Flowable:
    """Return where the judge signs, and where the desk's typists put their initials."""
    place = f"{form.place}, {DOTS[:28]}" if form.place else DOTS[:36]
    left = [
        page.paragraph(Text("Filled in by the secretariat"), SMALL),
        page.paragraph(
            Text("Typed by: {dots} initials: {short}", dots=DOTS[:22], short=DOTS[:10]), SMALL
        ),
        page.paragraph(
            Text("Typed by: {dots} initials: {short}", dots=DOTS[:22], short=DOTS[:10]), SMALL
        ),
    ]
    right = [
        page.paragraph(place, SMALL),
        page.paragraph(Text("Signature of the judge"), SMALL),
    ]
    name = sheet.judge_name or DOTS[:36]
    return Table(
        [[left, right], ["", page.paragraph(f"( {name} )", SMALL)]],
        colWidths=[page.width * 0.58, page.width * 0.42],
        rowHeights=[None, 14 * mm],
        hAlign="LEFT",
        style=[
            *_PLAIN,
            ("VALIGN", (1, 1), (1, 1), "BOTTOM"),
        ],
    )


_PLAIN = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
]
