"""Icons: one black SVG each, in the colour of the theme and crisp at any pixel ratio.

A button says which icon it wears with :func:`wear` (in a form: the dynamic properties ``icon_name``
and ``icon_colour``); when the theme, the text size or the screen changes, :func:`wear_again`
dresses every button below a widget anew.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from kipp_desktop.assets import asset
from kipp_desktop.gui import theme

SIZE: Final = 18
GAP: Final = 4
_NAME: Final = "icon_name"
_COLOUR: Final = "icon_colour"
_SIZE: Final = "icon_pixels"


def names() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    return tuple(sorted(path.stem for path in asset("resources", "icons").glob("*.svg")))


@cache
def _source(name: str) -> str:
    return asset("resources", "icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, pixels: int, gap: int) -> QPixmap:
    """Return the icon drawn on exactly ``pixels`` square device pixels, and a gap at its right."""
    svg = _source(name).replace("#000000", colour).encode()
    pixmap = QPixmap(QSize(pixels + gap, pixels))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def pixmap(
    name: str,
    colour: str = "text",
    size: int = SIZE,
    ratio: float = 1.0,
    gap: int = 0,
) -> QPixmap:
    """Return an icon.

    ``colour`` names one of :class:`kipp_desktop.gui.theme.Colours`, ``size`` is its side in pixels
    at 100 % text, ``ratio`` the device pixels of a pixel where it will be shown, ``gap`` the empty
    pixels at its right.

    :raises FileNotFoundError: when there is no such icon.
    """
    value = getattr(theme.colours(), colour)
    made = QPixmap(_drawn(name, value, round(theme.px(size) * ratio), round(theme.px(gap) * ratio)))
    made.setDevicePixelRatio(ratio)
    return made


def icon(
    name: str,
    colour: str = "text",
    size: int = SIZE,
    ratio: float = 1.0,
    gap: int = 0,
) -> QIcon:
    """Return the same as an icon, grey where its control is disabled."""
    made = QIcon(pixmap(name, colour, size, ratio, gap))
    made.addPixmap(pixmap(name, "disabled", size, ratio, gap), QIcon.Mode.Disabled)
    return made


def wear(button: QAbstractButton, name: str, colour: str = "text", size: int = SIZE) -> None:
    """Give a button an icon that follows the theme."""
    button.setProperty(_NAME, name)
    button.setProperty(_COLOUR, colour)
    button.setProperty(_SIZE, size)
    _dress(button)


def wear_again(root: QWidget) -> None:
    """Dress every button below a widget that says which icon it wears."""
    for button in root.findChildren(QAbstractButton):
        if button.property(_NAME):
            _dress(button)


def _dress(button: QAbstractButton) -> None:
    size = int(button.property(_SIZE) or SIZE)
    colour = str(button.property(_COLOUR) or "text")
    # Fusion leaves four pixels between icon and words, which is too little.
    gap = GAP if button.text() else 0
    button.setIconSize(QSize(theme.px(size) + theme.px(gap), theme.px(size)))
    ratio = button.devicePixelRatioF()
    button.setIcon(icon(str(button.property(_NAME)), colour, size, ratio, gap))
