"""The typeface of the documents, and what it can print.

Source Sans 3 is embedded, in static files: reportlab takes the thinnest instance of a variable
font. A character that the typeface lacks would vanish without a warning, so every string goes
through :class:`Glyphs`, which prints a box in its place and remembers it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kipp_desktop import assets

REGULAR = "SourceSans3-Regular"
SEMIBOLD = "SourceSans3-SemiBold"
BOLD = "SourceSans3-Bold"
ITALIC = "SourceSans3-Italic"

#: Stands for a character that the typeface lacks.
BOX = "□"
_SPACES = {"\t", "\n", "\r", "\v", "\f", "\u2028", "\u2029"}


@cache
def register_fonts() -> None:
    """Make the four faces known to reportlab, as its default faces."""
    for name in (REGULAR, SEMIBOLD, BOLD, ITALIC):
        file = assets.asset("resources", "fonts", f"{name}.ttf")
        pdfmetrics.registerFont(TTFont(name, str(file)))
    # Also the base font of canvases and drawings: otherwise every file refers to Helvetica, which
    # is not embedded, and PDF/A forbids that.
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD, baseFontFor="all"
    )


@cache
def _repertoire() -> frozenset[int]:
    """Return the code points that all four faces have."""
    register_fonts()
    faces: list[Any] = [pdfmetrics.getFont(name).face for name in (REGULAR, SEMIBOLD, BOLD, ITALIC)]
    return frozenset.intersection(*(frozenset(face.charToGlyph) for face in faces))


def text_width(text: str, font: str, size: float) -> float:
    """Return the width of ``text`` in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def wrap_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Break ``text`` into lines of at most ``width`` points, inside a word where one is longer."""
    space = text_width(" ", font, size)
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split(" "):
        length = text_width(word, font, size)
        if line and used + space + length <= width:
            line, used = f"{line} {word}", used + space + length
            continue
        if line:
            lines.append(line)
        while length > width and len(word) > 1:
            cut = _longest_start(word, font, size, width)
            lines.append(word[:cut])
            word = word[cut:]  # noqa: PLW2901 - what is left of the word
            length = text_width(word, font, size)
        line, used = word, length
    lines.append(line)
    return lines


def _longest_start(word: str, font: str, size: float, width: float) -> int:
    """Return how many characters of ``word`` fit into ``width``; at least one."""
    used = 0.0
    for index, character in enumerate(word):
        used += text_width(character, font, size)
        if used > width:
            return max(1, index)
    return len(word)


class Glyphs:
    """Turns any string into one that the typeface can print, and counts what it could not."""

    def __init__(self) -> None:
        self.missing: dict[str, int] = {}

    def clean(self, text: str) -> str:
        """Return ``text`` in NFC, line breaks as spaces, a box for each character without a glyph.

        A character that steers the direction or joins others (category Cf) gets a box too: unseen
        ones could make a printed title read differently from the signed one.
        """
        composed = unicodedata.normalize("NFC", text)
        if composed.isascii() and composed.isprintable():
            return composed
        return "".join(map(self._printable, composed))

    def _printable(self, character: str) -> str:
        if character in _SPACES:
            return " "
        if ord(character) in _repertoire() and unicodedata.category(character)[0] != "C":
            return character
        self.missing[character] = self.missing.get(character, 0) + 1
        return BOX
