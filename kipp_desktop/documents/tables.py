"""A ruled table that flows over pages, in time linear to its rows.

reportlab's own ``Table`` is quadratic in its rows. This one has fixed column widths, wraps each
cell once, and is cut between rows (inside a row only where that row is taller than a page); the
header stands again on each page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, black
from reportlab.platypus import Flowable

from kipp_desktop.documents.fonts import REGULAR, SEMIBOLD, text_width, wrap_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = 9.0
_LEADING = 11.0
_PADDING = 3.5
_RULE = 0.5
_SHADE = Color(0.91, 0.91, 0.91)

Line = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the table's width, ``left``, ``right`` or ``centre``."""

    heading: str
    share: float
    align: str = "left"


@dataclass(frozen=True)
class _Row:
    """A row wrapped to its columns: the lines of each cell."""

    cells: tuple[Line, ...]

    @property
    def lines(self) -> int:
        return max(len(cell) for cell in self.cells)

    @property
    def height(self) -> float:
        return self.lines * _LEADING + 2 * _PADDING

    def cut(self, lines: int) -> tuple[_Row, _Row]:
        return (
            _Row(tuple(cell[:lines] for cell in self.cells)),
            _Row(tuple(cell[lines:] for cell in self.cells)),
        )


class RuledTable(Flowable):
    """A table of ``rows`` (a string a cell) under ``columns``, ``width`` points wide.

    ``page_height`` is the height of an empty frame in points: a row taller than that is cut.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        width: float,
        page_height: float,
    ) -> None:
        widths = _widths(columns, width)
        header = _wrapped([column.heading for column in columns], widths, SEMIBOLD)
        body = [_wrapped(row, widths, REGULAR) for row in rows]
        self._set(columns, widths, header, body, page_height)

    def _set(
        self,
        columns: Sequence[Column],
        widths: tuple[float, ...],
        header: _Row,
        body: list[_Row],
        page_height: float,
    ) -> None:
        super().__init__()
        self.hAlign = "RIGHT"
        self.spaceBefore = self.spaceAfter = 4
        self._columns = columns
        self._widths = widths
        self._header = header
        self._body = body
        self._page_height = page_height
        self.width = sum(widths)
        self.height = header.height + sum(row.height for row in body)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell reportlab the size."""
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[RuledTable]:
        """Cut at the last row that fits into ``height``; an empty list means: on the next page."""
        room = height - self._header.height
        fitting = 0
        while fitting < len(self._body) and self._body[fitting].height <= room:
            room -= self._body[fitting].height
            fitting += 1
        head, rest = self._body[:fitting], self._body[fitting:]
        if rest and rest[0].height > self._page_height - self._header.height:
            lines = int((room - 2 * _PADDING) // _LEADING)
            if lines > 0:
                top, bottom = rest[0].cut(lines)
                head, rest = [*head, top], [bottom, *rest[1:]]
        if not head:
            return []
        return [self._part(head), self._part(rest)]

    def _part(self, body: list[_Row]) -> RuledTable:
        part = RuledTable.__new__(RuledTable)
        part._set(self._columns, self._widths, self._header, body, self._page_height)  # noqa: SLF001
        return part

    def draw(self) -> None:
        """Draw header, rows and rules on the page."""
        canvas = self.canv
        canvas.setFillColor(_SHADE)
        canvas.rect(
            0, self.height - self._header.height, self.width, self._header.height, stroke=0, fill=1
        )
        canvas.setFillColor(black)
        canvas.setStrokeColor(black)
        canvas.setLineWidth(_RULE)
        top = self._draw_row(self._header, self.height, SEMIBOLD, heading=True)
        canvas.line(0, self.height, self.width, self.height)
        canvas.line(0, top, self.width, top)
        for row in self._body:
            top = self._draw_row(row, top, REGULAR, heading=False)
            canvas.line(0, top, self.width, top)
        left = 0.0
        for width in (*self._widths, 0.0):
            canvas.line(left, 0, left, self.height)
            left += width

    def _draw_row(self, row: _Row, top: float, font: str, *, heading: bool) -> float:
        canvas = self.canv
        canvas.setFont(font, _SIZE)
        left = 0.0
        for column, width, cell in zip(self._columns, self._widths, row.cells, strict=True):
            baseline = top - _PADDING - _LEADING * 0.78
            if heading:
                baseline -= (row.lines - len(cell)) * _LEADING / 2
            for line in cell:
                if heading or column.align == "centre":
                    canvas.drawCentredString(left + width / 2, baseline, line)
                elif column.align == "right":
                    canvas.drawRightString(left + width - _PADDING, baseline, line)
                else:
                    canvas.drawString(left + _PADDING, baseline, line)
                baseline -= _LEADING
            left += width
        return top - row.height


def _widths(columns: Sequence[Column], width: float) -> tuple[float, ...]:
    """Share ``width`` out, but let no heading break inside a word."""
    needed = [
        max(text_width(word, SEMIBOLD, _SIZE) for word in column.heading.split(" "))
        + 2 * _PADDING
        + 1
        for column in columns
    ]
    free = {index: column.share for index, column in enumerate(columns)}
    left = width
    while True:
        scale = left / sum(free.values())
        narrow = [index for index, share in free.items() if share * scale < needed[index]]
        if not narrow or len(narrow) == len(free):
            break
        for index in narrow:
            left -= needed[index]
            del free[index]
    return tuple(
        free[index] * scale if index in free else least for index, least in enumerate(needed)
    )


def _wrapped(cells: Sequence[str], widths: tuple[float, ...], font: str) -> _Row:
    return _Row(
        tuple(
            tuple(wrap_lines(cell, font, _SIZE, width - 2 * _PADDING))
            for cell, width in zip(cells, widths, strict=True)
        )
    )
