"""When nobody is at the laptop: after some minutes a curtain hides the window.

Where the key that works here has a passphrase, the curtain asks for it; otherwise it says that it
only hides. The keys themselves are protected by their passphrase alone, never by the curtain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.pages.base import House

_ACTS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
MINUTE_MS: Final = 60_000


class IdleLock(QObject):
    """Watches one window; asks the settings for the minutes again after every lock or change."""

    def __init__(self, window: MainWindow, minute_ms: int = MINUTE_MS) -> None:
        super().__init__(window)
        self._window, self._minute_ms = window, minute_ms
        self.locked = False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.lock)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())
        self.start()

    def start(self) -> None:
        """Count the minutes of the settings from now; 0 minutes never lock."""
        minutes = self._window.house.settings.idle_lock
        if minutes and not self.locked:
            self._clock.start(minutes * self._minute_ms)
        else:
            self._clock.stop()

    def _watch(self, focused: QWindow | None) -> None:
        # The window of the system sees every key and movement first; a filter of the whole
        # application would be asked at every event of every widget.
        if focused is not None:
            focused.installEventFilter(self)
            self._note()

    def _note(self) -> None:
        if self._clock.isActive():
            self._clock.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Start counting anew at every key and every movement."""
        if event.type() in _ACTS:
            self._note()
        return False

    def lock(self) -> None:
        """Hide the window behind the curtain; at Start there is nothing to hide."""
        from kipp_desktop.gui.dialogs.curtain import Curtain

        self._clock.stop()
        if self.locked or self._window.house.session.context is None:
            return
        self.locked = True
        self._show_window(shown=False)
        curtain = Curtain(self._window.house, self._window)
        curtain.accepted.connect(self._unlock)
        curtain.cover()

    def _unlock(self) -> None:
        self.locked = False
        self._show_window(shown=True)
        self.start()

    def _show_window(self, *, shown: bool) -> None:
        centre = self._window.centralWidget()
        assert centre is not None
        centre.setVisible(shown)


def lock_of(house: House) -> IdleLock | None:
    """Return the lock of the window that a house belongs to."""
    shell = house.shell
    return shell.findChild(IdleLock) if isinstance(shell, QObject) else None
