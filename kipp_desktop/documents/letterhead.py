"""The kop of an office: logo, centred lines, and the double rule."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from kipp_desktop.documents.fonts import BOLD, REGULAR, SEMIBOLD, wrap_lines
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


class LetterheadBlock(Flowable):
    """The kop: logo at the left, centred lines, the last one largest, and a double rule."""

    _LOGO = 22 * mm

    def __init__(
        self, lines: Sequence[str], address: str, logo: ImageReader | None, width: float
    ) -> None:
        super().__init__()
        self.width = width
        self._logo = logo
        # With a logo the text stays centred on the sheet, clear of the logo on both sides.
        room = width - 2 * (self._LOGO + 6) if logo else width
        self._lines: list[tuple[str, str, float, float]] = []
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            font, size = (BOLD, 16.0) if last else (SEMIBOLD, 13.0)
            self._lines += [
                (part, font, size, size * 1.18) for part in wrap_lines(line, font, size, room)
            ]
        if address:
            self._lines += [
                (part, REGULAR, 9.0, 11.5) for part in wrap_lines(address, REGULAR, 9.0, room)
            ]
        text_height = sum(leading for *_, leading in self._lines)
        self._block = max(text_height, self._LOGO if logo else 0)
        self._offset = (self._block - text_height) / 2
        self.height = self._block + 8
        self.spaceAfter = 14

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell reportlab the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw logo, lines and the double rule."""
        canvas = self.canv
        top = self.height
        if self._logo:
            canvas.drawImage(
                self._logo,
                0,
                top - (self._block + self._LOGO) / 2,
                self._LOGO,
                self._LOGO,
                mask="auto",
                preserveAspectRatio=True,
            )
        baseline = top - self._offset
        for text, font, size, leading in self._lines:
            baseline -= leading
            canvas.setFont(font, size)
            canvas.drawCentredString(self.width / 2, baseline + leading * 0.25, text)
        canvas.setLineWidth(2.2)
        canvas.line(0, 3.2, self.width, 3.2)
        canvas.setLineWidth(0.6)
        canvas.line(0, 0, self.width, 0)


def read_logo(data: bytes | None) -> ImageReader | None:
    """Return the logo as an image; a :class:`KippError` where the bytes are none."""
    if data is None:
        return None
    try:
        reader = ImageReader(io.BytesIO(data))
        reader.getRGBData()
    except Exception as fault:  # whatever Pillow raises at strange bytes
        raise KippError(
            "logo-unreadable",
            Text("The logo of the letterhead is not a PNG or JPEG picture."),
            Text("Choose another picture, or leave the logo out."),
        ) from fault
    return reader
