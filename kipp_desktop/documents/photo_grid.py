"""Photos two a row, each with its number and caption, none cut by the end of a page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from kipp_desktop.documents.fonts import REGULAR, SEMIBOLD, wrap_lines
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.documents.page import Page
    from kipp_desktop.domain.field_report import PhotoLine

_GAP = 5 * mm
#: A landscape photo fills its cell; an upright one is as high, and stands in its middle.
_SHAPE = 3 / 4
_SIZE, _LEADING = 8.5, 10.5
_MOST_LINES = 6
_FRAME = Color(0.75, 0.75, 0.75)


def photo_grid(page: Page, photos: Sequence[PhotoLine], first: int = 1) -> list[Flowable]:
    """Return rows of photos; those that cannot be shown are named by their SHA-256 in a cell."""
    return [
        _Row(page, list(enumerate(photos, start=first))[start : start + 2])
        for start in range(0, len(photos), 2)
    ]


class _Row(Flowable):
    """Two cells; a row is never cut."""

    def __init__(self, page: Page, cells: Sequence[tuple[int, PhotoLine]]) -> None:
        super().__init__()
        self.width = page.width
        self._cell = (page.width - _GAP) / 2
        self._high = self._cell * _SHAPE
        self._cells = []
        for number, photo in cells:
            text = f"{number}. {page.glyphs.clean(photo.caption)}"
            lines = wrap_lines(text, REGULAR, _SIZE, self._cell)
            if len(lines) > _MOST_LINES:
                lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1].rstrip() + " …"]
            instead = (
                ""
                if photo.image is not None
                else page.say(Text("Private"))
                if photo.private
                else page.say(Text("Not at hand here"))
            )
            self._cells.append((photo, lines, instead))
        most = max(len(lines) for _, lines, _ in self._cells)
        self.height = self._high + 4 + most * _LEADING + 8

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell reportlab the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the pictures within their frames, captions below."""
        canvas = self.canv
        for column, (photo, lines, instead) in enumerate(self._cells):
            left = column * (self._cell + _GAP)
            bottom = self.height - self._high
            canvas.setStrokeColor(_FRAME)
            canvas.setLineWidth(0.5)
            canvas.rect(left, bottom, self._cell, self._high, stroke=1, fill=0)
            if photo.image is not None:
                self._picture(photo.image, left, bottom)
            else:
                middle = left + self._cell / 2
                canvas.setFont(SEMIBOLD, 10)
                canvas.drawCentredString(middle, bottom + self._high / 2 + 4, instead)
                canvas.setFont(REGULAR, 7)
                for row, part in enumerate((photo.sha256[:32], photo.sha256[32:])):
                    canvas.drawCentredString(middle, bottom + self._high / 2 - 10 - 9 * row, part)
            canvas.setFont(REGULAR, _SIZE)
            for row, line in enumerate(lines):
                canvas.drawString(left, bottom - 12 - row * _LEADING, line)

    def _picture(self, data: bytes, left: float, bottom: float) -> None:
        reader = ImageReader(io.BytesIO(data))
        wide, high = reader.getSize()
        scale = min((self._cell - 2) / wide, (self._high - 2) / high)
        wide, high = wide * scale, high * scale
        self.canv.drawImage(
            reader, left + (self._cell - wide) / 2, bottom + (self._high - high) / 2, wide, high
        )
