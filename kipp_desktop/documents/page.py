"""The printed page of an official document: paper, letterhead, styles, page numbers, watermark."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from kipp_desktop.documents.fonts import (
    BOLD,
    REGULAR,
    SEMIBOLD,
    Glyphs,
    register_fonts,
    text_width,
    wrap_lines,
)
from kipp_desktop.documents.letterhead import LetterheadBlock, read_logo
from kipp_desktop.documents.tables import Column, RuledTable
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.report import Letterhead

#: Width and height in points. F4 is the folio sheet of Indonesian offices.
PAPERS = {"A4": (210 * mm, 297 * mm), "F4": (215 * mm, 330 * mm)}
_LEFT, _RIGHT, _TOP, _BOTTOM = 25 * mm, 20 * mm, 18 * mm, 20 * mm

BODY = ParagraphStyle(
    "body",
    fontName=REGULAR,
    bulletFontName=REGULAR,
    bulletFontSize=10.5,
    fontSize=10.5,
    leading=14,
    alignment=TA_JUSTIFY,
)
NUMBERED = ParagraphStyle("numbered", parent=BODY, leftIndent=20, bulletIndent=0, spaceBefore=6)
LETTERED = ParagraphStyle("lettered", parent=BODY, leftIndent=38, bulletIndent=22, spaceBefore=2)
INDENTED = ParagraphStyle("indented", parent=BODY, leftIndent=20, spaceBefore=4)
CAPTION = ParagraphStyle("caption", parent=INDENTED, fontName=SEMIBOLD, spaceBefore=6)
NOTE = ParagraphStyle("note", parent=INDENTED, fontSize=9, leading=11.5, spaceBefore=3)
TITLE = ParagraphStyle(
    "title",
    fontName=BOLD,
    bulletFontName=BOLD,
    fontSize=13,
    leading=17,
    alignment=TA_CENTER,
    underlineWidth=0.8,
)
CENTRED = ParagraphStyle("centred", parent=BODY, alignment=TA_CENTER)


@dataclass(frozen=True)
class Footing:
    """What every page carries beside its number: a running line, and a watermark or none."""

    running: str
    watermark: str


class Page:
    """A sheet of ``paper`` ("A4" or "F4"): makes flowables and, at the end, the bytes of the PDF.

    Every string that goes through here is cleaned by :attr:`glyphs` and escaped: no title can set
    markup or lose a character unseen. Another paper is a :class:`KippError`.
    """

    def __init__(self, paper: str, catalogue: Catalogue) -> None:
        if paper not in PAPERS:
            raise KippError(
                "unknown-paper",
                Text("There is no paper “{paper}”.", paper=paper),
                Text("Choose A4 or F4."),
            )
        register_fonts()
        self.size = PAPERS[paper]
        self.width = self.size[0] - _LEFT - _RIGHT
        self.height = self.size[1] - _TOP - _BOTTOM
        self.catalogue = catalogue
        self.glyphs = Glyphs()

    def say(self, text: Text) -> str:
        """Return ``text`` in the document's language, ready to print."""
        return self.glyphs.clean(self.catalogue.say(text))

    def paragraph(
        self,
        text: Text | str,
        style: ParagraphStyle,
        *,
        mark: str | None = None,
        underlined: bool = False,
    ) -> Flowable:
        """Return a paragraph; ``mark`` is the number or letter before it."""
        plain = self.say(text) if isinstance(text, Text) else self.glyphs.clean(text)
        markup = escape(plain)
        return Paragraph(f"<u>{markup}</u>" if underlined else markup, style, bulletText=mark)

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, indent: float = 20
    ) -> Flowable:
        """Return a ruled table, ``indent`` points from the left margin, to the right margin."""
        clean = self.glyphs.clean
        return RuledTable(
            [Column(clean(c.heading), c.share, c.align) for c in columns],
            [[clean(cell) for cell in row] for row in rows],
            self.width - indent,
            self.height,
        )

    def letterhead(self, letterhead: Letterhead) -> Flowable:
        """Return the kop; a :class:`KippError` where it leaves no room for anything else."""
        kop = LetterheadBlock(
            [self.glyphs.clean(line) for line in letterhead.lines],
            self.glyphs.clean(letterhead.address),
            read_logo(letterhead.logo),
            self.width,
        )
        if kop.height > self.height / 3:
            raise KippError(
                "letterhead-too-tall",
                Text("The letterhead takes more than a third of the page."),
                Text("Shorten its lines and its address."),
            )
        return kop

    def build(
        self, story: list[Flowable], *, title: str, author: str, at: datetime, footing: Footing
    ) -> bytes:
        """Return the PDF: the same bytes for the same story, title, author, time and footing."""
        buffer = io.BytesIO()
        document = BaseDocTemplate(
            buffer,
            pagesize=self.size,
            title=title,
            author=author,
            subject=title,
            creator="KIPP Desktop",
            producer="KIPP Desktop",
            lang="id-ID",
            invariant=1,
            pageCompression=1,
            displayDocTitle=True,
        )
        frame = Frame(
            _LEFT, _BOTTOM, self.width, self.height, 0, 0, 0, 0, id="body", showBoundary=0
        )
        document.addPageTemplates(
            PageTemplate(id="page", frames=[frame], onPage=self._watermark(footing))
        )
        document.build(story, canvasmaker=self._canvas_maker(footing, at))
        return buffer.getvalue()

    def _watermark(self, footing: Footing) -> Any:
        def draw(canvas: Any, _document: Any) -> None:
            if footing.watermark:
                canvas.saveState()
                canvas.translate(self.size[0] / 2, self.size[1] / 2)
                canvas.rotate(55)
                canvas.setFont(BOLD, 170)
                canvas.setFillColor(Color(0.91, 0.91, 0.91))
                canvas.drawCentredString(0, -58, self.glyphs.clean(footing.watermark))
                canvas.restoreState()

        return draw

    def _canvas_maker(self, footing: Footing, at: datetime) -> Any:
        offset = at.strftime("%z") or "+0000"
        stamp = f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"

        def make(*arguments: Any, **options: Any) -> _NumberedCanvas:
            canvas = _NumberedCanvas(*arguments, **options)
            canvas.setDateFormatter(lambda *_now: stamp)
            canvas.foot = self._foot(footing)
            return canvas

        return make

    def _foot(self, footing: Footing) -> Any:
        running = self.glyphs.clean(footing.running)

        def draw(canvas: Any, page: int, pages: int) -> None:
            number = self.say(Text("Page {page} of {pages}", page=page, pages=pages))
            baseline = 11 * mm
            canvas.setFillColor(black)
            canvas.setStrokeColor(black)
            canvas.setLineWidth(0.4)
            canvas.line(_LEFT, baseline + 10, _LEFT + self.width, baseline + 10)
            canvas.setFont(REGULAR, 8)
            room = self.width - text_width(number, REGULAR, 8) - 12
            canvas.drawString(_LEFT, baseline, wrap_lines(running, REGULAR, 8, room)[0])
            canvas.drawRightString(_LEFT + self.width, baseline, number)

        return draw


class _NumberedCanvas(Canvas):
    """Keeps the pages until the last one is known, then numbers them."""

    foot: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the kept pages, each with its number."""
        pages = len(self._kept)
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self.foot(self, number, pages)
            super().showPage()
        super().save()
