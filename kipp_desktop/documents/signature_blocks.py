"""The end of the minutes: closing sentence, and a place for each signature and a stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer, Table

from kipp_desktop.documents.fonts import BOLD, REGULAR
from kipp_desktop.documents.page import BODY, CENTRED, Page
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

    from kipp_desktop.domain.report import JudgeLine, Report, Signatory

_DOTS = "……………………………………"
# A stamp is some 40 mm wide and a signature 20 mm high.
_SIGNATURE_ROOM = 22 * mm
_NAME = CENTRED.clone("name", fontName=BOLD, leading=13, underlineWidth=0.6)
_LINE = CENTRED.clone("line", fontSize=9.5, leading=12)


def signature_blocks(page: Page, report: Report) -> list[Flowable]:
    """Return closing sentence, place and date, the panel's blocks (chair first), then the others.

    Blocks stand two a row; a row is never cut, and the closing sentence never stands alone.
    """
    judges = sorted(report.judges, key=lambda judge: not judge.chair)
    panel = _rows(page, [_judge(page, judge) for judge in judges])
    others = _rows(page, [_signatory(page, signatory) for signatory in report.signatories])
    closing = [
        Spacer(0, 10),
        page.paragraph(Text("These minutes are made in truth, to be used as is proper."), BODY),
        Spacer(0, 8),
        _right_half(page, report),
    ]
    first, rest = panel[:1], panel[1:]
    return [KeepTogether([*closing, *first]), *rest, *others]


def name_blocks(
    page: Page,
    place: str,
    on: date | None,
    names: Sequence[tuple[Text | str, str, str, str]],
    closing: Flowable | None = None,
) -> list[Flowable]:
    """Return place and date, then blocks of (office, name, NIP, line below), two a row.

    ``closing`` is a sentence before them that never stands alone. Without a date dots stand
    for it, or no line where there is no place either.
    """
    blocks = [_block(page, [office], name, nip, [below]) for office, name, nip, below in names]
    rows = _rows(page, blocks)
    dated: list[Flowable] = []
    if place or on is not None:
        text = Text("{place}, {date}", place=place or _DOTS, date=on or _DOTS)
        dated = [_grid(page, [["", [page.paragraph(text, CENTRED)]]])]
    return [KeepTogether([Spacer(0, 10), *filter(None, [closing]), *dated, *rows[:1]]), *rows[1:]]


def _right_half(page: Page, report: Report) -> Flowable:
    """Return place and date above the right column, and who signs below."""
    lines = [
        page.paragraph(
            Text("{place}, {date}", place=report.place or _DOTS, date=report.held_on.date()),
            CENTRED,
        ),
        page.paragraph(report.panel_name or Text("The assessment team"), CENTRED),
    ]
    return _grid(page, [["", lines]])


def _rows(page: Page, blocks: list[list[Flowable]]) -> list[Flowable]:
    """Return rows of two blocks; a last single one stands at the right, as offices do."""
    rows = []
    for start in range(0, len(blocks), 2):
        pair: list[object] = list(blocks[start : start + 2])
        rows.append(_grid(page, [pair if len(pair) == 2 else ["", *pair]]))
    return rows


def _grid(page: Page, rows: list[list[object]]) -> Flowable:
    grid = _table(page, rows, cut=False)
    _, height = grid.wrap(page.width, page.height)
    # A block must not be cut between office and name, unless it is taller than a page.
    return grid if height <= page.height else _table(page, rows, cut=True)


def _table(page: Page, rows: list[list[object]], *, cut: bool) -> Flowable:
    return Table(
        rows,
        colWidths=[page.width / 2] * 2,
        splitInRow=int(cut),
        style=[
            # The default is Helvetica, which is not embedded, even for an empty cell.
            ("FONT", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ],
    )


def _judge(page: Page, judge: JudgeLine) -> list[Flowable]:
    role = Text("Chair,") if judge.chair else Text("Member,")
    below = [", ".join(filter(None, (judge.title, judge.institution)))]
    return _block(page, [role], judge.name, judge.nip, below)


def _signatory(page: Page, signatory: Signatory) -> list[Flowable]:
    """Return the block of an official; "Mengetahui," stands above the office, once."""
    head, comma, office = signatory.title.partition(",")
    if comma and " " not in head.strip():
        above: list[Text | str] = [f"{head.strip()},", f"{office.strip()},"]
    else:
        above = [Text("Acknowledged by,"), f"{signatory.title},"]
    return _block(page, above, signatory.name, signatory.nip, [])


def _block(
    page: Page, above: list[Text] | list[Text | str], name: str, nip: str, below: list[str]
) -> list[Flowable]:
    def lines(texts: list[str], style: ParagraphStyle) -> list[Flowable]:
        return [page.paragraph(text, style) for text in texts if text]

    return [
        *(page.paragraph(text, CENTRED) for text in above),
        Spacer(0, _SIGNATURE_ROOM),
        page.paragraph(name, _NAME, underlined=True) if name else page.paragraph(_DOTS, CENTRED),
        *lines(below, _LINE),
        *([page.paragraph(Text("NIP {nip}", nip=nip), _LINE)] if nip else []),
    ]
