"""The box at the end of the minutes: with what a reader can check the electronic copy.

The QR code holds the same ids as the text beside it. It is no signature and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.platypus import Spacer, Table

from kipp_desktop.documents.fonts import REGULAR, SEMIBOLD
from kipp_desktop.documents.page import BODY, Page
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from kipp_desktop.domain.report import Report

_QR_SIDE = 32 * mm
_SMALL = BODY.clone("seal", fontSize=8.5, leading=10.8, alignment=0, spaceBefore=2)
_HEAD = _SMALL.clone("seal-head", fontName=SEMIBOLD, fontSize=9.5, leading=12)
_TINY = _SMALL.clone("seal-tiny", fontSize=7.5, leading=9, alignment=1)


def qr_payload(report: Report) -> str:
    """Return what the QR code holds: the results record and the desk's key, as hex ids."""
    return f"kipp-results:{report.results_id} desk:{report.desk_fingerprint}"


def seal_box(page: Page, report: Report) -> list[Flowable]:
    """Return the ruled box, never cut over two pages."""
    head = (
        Text("Draft: not yet approved by the panel")
        if report.draft
        else Text("How to check the electronic copy")
    )
    told = [
        page.paragraph(head, _HEAD),
        page.paragraph(
            Text(
                "The PDF file carries an uncertified electronic signature of the secretariat's"
                " desk. It shows that the file is unchanged since it was sealed; it stands for no"
                " person and does not replace the signatures above."
            ),
            _SMALL,
        ),
        page.paragraph(
            Text("Desk key: {fingerprint}", fingerprint=_grouped(report.desk_fingerprint)), _SMALL
        ),
        page.paragraph(Text("Six words: {words}", words=report.desk_words), _SMALL),
        page.paragraph(Text("Results: {results}", results=_grouped(report.results_id)), _SMALL),
        page.paragraph(
            Text(
                "Whoever holds hasil.kipp can check that its signer has these six words, that its"
                " results have this number, and can compute the whole ranking again from the"
                ' signed marks: kipp verify hasil.kipp --desk-words "{words}"',
                words=report.desk_words,
            ),
            _SMALL,
        ),
    ]
    code = [
        _qr(qr_payload(report)),
        page.paragraph(Text("The code holds both numbers; it is not a signature."), _TINY),
    ]
    box = Table(
        [[code, told]],
        colWidths=[_QR_SIDE + 10, page.width - _QR_SIDE - 10],
        style=[
            ("FONT", (0, 0), (-1, -1), REGULAR),
            ("BOX", (0, 0), (-1, -1), 0.6, "black"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ],
    )
    return [Spacer(0, 12), box]


def _grouped(identifier: str) -> str:
    """Return a hex id in groups of eight, to be compared by eye."""
    return " ".join(identifier[start : start + 8] for start in range(0, len(identifier), 8))


def _qr(payload: str) -> Flowable:
    code = QrCodeWidget(payload, barLevel="M", barBorder=2)
    left, bottom, right, top = code.getBounds()
    drawing = Drawing(
        _QR_SIDE,
        _QR_SIDE,
        transform=[_QR_SIDE / (right - left), 0, 0, _QR_SIDE / (top - bottom), 0, 0],
    )
    drawing.add(code)
    return drawing
