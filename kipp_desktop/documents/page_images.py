"""The pages of a PDF as pictures, for looking at them in the window."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

#: PDFium is not safe in two threads at once.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class PageImage:
    """A page: ``height`` rows of ``stride`` bytes; a pixel is blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes


def render_pages(pdf: bytes, width: int) -> tuple[PageImage, ...]:
    """Return every page of a PDF, each ``width`` pixels wide.

    Raises :class:`KippError` with code ``bad-pdf`` where it cannot be read.
    """
    # Heavy, and needed only here.
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise KippError(
                "bad-pdf",
                Text("This PDF cannot be shown; it is damaged."),
                Text("Open it with another program, or publish again."),
            ) from error
        try:
            found = []
            for page in document:
                bitmap = page.render(
                    scale=width / page.get_width(), rev_byteorder=False, prefer_bgrx=True
                )
                found.append(
                    PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
                )
                bitmap.close()
                page.close()
        finally:
            document.close()
    return tuple(found)
