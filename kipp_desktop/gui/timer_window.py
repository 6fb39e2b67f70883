"""The timer for the projector: a room, who is on, the part, and what is left of it in large digits.

It draws what the log of a slot says at this moment, so that after a restart it goes on where it
was. One minute before the end of a part its colours change, once and quietly; there is no sound.
F11 fills the screen, Esc leaves it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from kipp_desktop.domain.agenda import Clock

LAST: Final = 60
"""Seconds before the end of a part from which its colours are those of the end."""
MOST: Final = 100 * 60 - 1
SIZE: Final = (960, 540)
OVER: Final = "+"


def spell(seconds: int) -> str:
    """Return seconds that are left as ``7:05``, and time that is over as ``+0:12``.

    More than can be read at a glance stays at ``+99:59``: a slot that nobody finished.
    """
    minutes, rest = divmod(abs(max(seconds, -MOST)), 60)
    return f"{OVER if seconds < 0 else ''}{minutes}:{rest:02d}"


@dataclass(frozen=True)
class TimerView:
    """What the window shows; ``entry`` is number and title, ``clock`` None where nothing is on."""

    room: str
    entry: str
    next: str
    clock: Clock | None


NOTHING: Final = TimerView("", "", "", None)


def part_words(clock: Clock) -> str:
    """Return the name of the part, and what is to be known of it."""
    words = [clock.name] if clock.name else []
    if clock.state == "paused":
        words.append(say(Text("Paused")))
    elif clock.state == "waiting":
        words.append(say(Text("About to begin")))
    elif clock.remaining < 0:
        words.append(say(Text("time is up")))
    return " · ".join(words)


class TimerWindow(QWidget):
    """A window of its own that belongs to the page; the page shows it what is on."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._page = page
        self.setMinimumSize(480, 270)
        self.resize(*SIZE)
        self.view = NOTHING
        self._say_title()

    def open(self) -> None:
        """Show the window, on the projector's screen where there is a second one."""
        here = self._page.screen()
        others = [screen for screen in here.virtualSiblings() if screen is not here]
        if others:
            place = others[0].availableGeometry()
            self.move(place.center() - self.rect().center())
        self.show()
        self.activateWindow()

    def show_view(self, view: TimerView) -> None:
        """Show this moment."""
        if view == self.view:
            return
        self.view = view
        self.update()
        parts = [view.room, view.entry, *([part_words(view.clock)] if view.clock else [])]
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setAccessibleDescription(spell(view.clock.remaining) if view.clock else "")

    def fill_screen(self) -> None:
        """Fill the screen, or leave it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fill the screen with F11; leave it with F11 or Esc."""
        if event.key() == Qt.Key.Key_F11:
            self.fill_screen()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say_title()
        self.update()
        super().changeEvent(event)

    def _say_title(self) -> None:
        self.setWindowTitle(say(Text("Timer")))

    # --- drawing ---

    def colours(self) -> tuple[QColor, QColor]:
        """Return the ground and the ink of this moment."""
        clock = self.view.clock
        if clock is None or clock.remaining > LAST or clock.state in {"waiting", "done"}:
            return theme.colour("surface"), theme.colour("text")
        if theme.colours() is theme.CONTRAST:
            # There every chip is white: only turning it over is seen from the last row.
            return theme.colour("selected"), theme.colour("on_selected")
        return theme.colour("wait"), theme.colour("on_wait")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the whole window; every size follows its height and width."""
        painter = QPainter(self)
        ground, ink = self.colours()
        painter.fillRect(self.rect(), ground)
        painter.setPen(ink)
        unit = min(self.height() / 100, self.width() / 178)
        margin = 4 * unit
        inner = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        view = self.view
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
        centre = Qt.AlignmentFlag.AlignCenter
        room = QRectF(inner.left(), inner.top(), inner.width(), 7 * unit)
        _line(painter, room, view.room, 5 * unit, top)
        entry = QRectF(inner.left(), room.bottom(), inner.width(), 17 * unit)
        _wrapped(painter, entry, view.entry, 6.5 * unit)
        below = QRectF(inner.left(), inner.bottom() - 6 * unit, inner.width(), 6 * unit)
        _line(painter, below, view.next, 4.2 * unit, centre)
        part = QRectF(inner.left(), below.top() - 11 * unit, inner.width(), 10 * unit)
        middle = QRectF(inner.left(), entry.bottom(), inner.width(), part.top() - entry.bottom())
        if view.clock is not None:
            _line(painter, part, part_words(view.clock), 7.5 * unit, centre)
            _digits(painter, middle, spell(view.clock.remaining))
        painter.end()


def _font(pixels: float, *, bold: bool = False) -> QFont:
    font = QFont(theme.FAMILY)
    font.setPixelSize(max(1, round(pixels)))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _line(
    painter: QPainter, box: QRectF, text: str, pixels: float, place: Qt.AlignmentFlag
) -> None:
    painter.setFont(_font(pixels))
    wide = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(place), wide)


def _wrapped(painter: QPainter, box: QRectF, text: str, pixels: float) -> None:
    """Draw a title in at most two lines; a long one in smaller letters, down to a half."""
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5):
        painter.setFont(_font(pixels * share, bold=True))
        if painter.boundingRect(box, flags, text).height() <= box.height():
            break
    painter.drawText(box, flags, text)


def _digits(painter: QPainter, box: QRectF, text: str) -> None:
    """Draw the digits as large as they fit, each in a cell of one width so that none jumps."""
    trial = QFontMetricsF(_font(100, bold=True))
    digit = max(trial.horizontalAdvance(sign) for sign in "0123456789")
    signs = [digit if s.isdecimal() else trial.horizontalAdvance(s) for s in text]
    # As large as five signs need, so that ten minutes are not smaller than nine.
    least = 4 * digit + trial.horizontalAdvance(":")
    wide = max(sum(signs), least)
    pixels = min(box.width() * 0.96 / wide, box.height() / trial.capHeight() * 0.94) * 100
    scale = pixels / 100
    painter.setFont(_font(pixels, bold=True))
    baseline = box.center().y() + trial.capHeight() * scale / 2
    left = box.center().x() - sum(signs) * scale / 2
    metrics = QFontMetricsF(painter.font())
    for sign, width in zip(text, signs, strict=True):
        inset = (width * scale - metrics.horizontalAdvance(sign)) / 2
        painter.drawText(round(left + inset), round(baseline), sign)
        left += width * scale
