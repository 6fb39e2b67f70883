"""A judge's own clock for the parts of a slot; nothing depends on it, and it makes no sound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kipp_desktop.gui import icons
from kipp_desktop.gui.forms import fill, place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QLabel, QPushButton

LAST_MINUTE: Final = 60
TICK_MS: Final = 250


class SlotClock(QWidget):
    """Counts one part down, then beyond; the colour changes once, a minute before its end.

    It reads a clock that no change of the laptop's time moves. ``put_away`` when the judge is done
    with it.
    """

    put_away = Signal()

    time_label: QLabel
    part_place: QWidget
    run_button: QPushButton
    part_button: QPushButton
    reset_button: QPushButton
    hide_button: QPushButton

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        fill(self, "slot_clock.ui")
        self._clock = clock
        self._parts: tuple[tuple[str, int], ...] = ()
        self._part = 0
        self._spent = 0.0
        self._since: float | None = None
        self._shown = ""
        self.part_label = ElidedLabel()
        self.part_label.setProperty("look", "muted")
        place(self.part_label, self.part_place)
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self.tick)
        self.run_button.clicked.connect(self.turn)
        self.part_button.clicked.connect(self.next_part)
        self.reset_button.clicked.connect(self.reset)
        self.hide_button.clicked.connect(self.put_away)

    def set_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Take the parts of a slot: name and minutes of each; the same ones change nothing."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.reset()

    @property
    def running(self) -> bool:
        """Whether time is counted."""
        return self._since is not None

    @property
    def left(self) -> int:
        """Seconds that are left of the part; below 0 when it is over."""
        minutes = self._parts[self._part][1] if self._parts else 0
        more = 0.0 if self._since is None else self._clock() - self._since
        return int(minutes * 60 - self._spent - more)

    def turn(self) -> None:
        """Start, or pause."""
        if self._since is None:
            self._since = self._clock()
            self._ticks.start()
        else:
            self._stop()
        self._say()

    def next_part(self) -> None:
        """Go to the next part; it runs on where the clock was running."""
        running = self.running
        self._stop()
        self._part = min(self._part + 1, max(len(self._parts) - 1, 0))
        self._spent = 0.0
        if running:
            self.turn()
        self._say()

    def reset(self) -> None:
        """Go back to the start of the first part."""
        self._stop()
        self._part, self._spent = 0, 0.0
        self._say()

    def tick(self) -> None:
        """Show the time where another second has come."""
        if self._words() != self._shown:
            self._show_time()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._parts:
            self._say()

    def _stop(self) -> None:
        if self._since is not None:
            self._spent += self._clock() - self._since
            self._since = None
        self._ticks.stop()

    def _words(self) -> str:
        seconds = abs(self.left)
        sign = "+" if self.left < 0 else ""
        return f"{sign}{seconds // 60}.{seconds % 60:02d}"

    def _show_time(self) -> None:
        self._shown = self._words()
        self.time_label.setText(self._shown)
        started = self.running or self._spent > 0
        say_look(
            self.time_label, "chip", "wait" if started and self.left <= LAST_MINUTE else "calm"
        )

    def _say(self) -> None:
        if not self._parts:
            return
        name, minutes = self._parts[self._part]
        self.part_label.say(
            say(
                Text(
                    "{part}, {minutes} minutes · part {number} of {total}",
                    part=name,
                    minutes=minutes,
                    number=self._part + 1,
                    total=len(self._parts),
                )
            )
        )
        started = self.running or self._spent > 0
        word = Text("Pause") if self.running else Text("Go on") if started else Text("Start clock")
        self.run_button.setAccessibleName(say(word))
        self.run_button.setToolTip(say(word))
        icons.wear(self.run_button, "pause" if self.running else "play", "accent")
        self.part_button.setEnabled(self._part + 1 < len(self._parts))
        self._show_time()
