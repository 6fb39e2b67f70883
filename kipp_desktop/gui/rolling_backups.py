"""A backup at the start, every half hour, and at handing in; nobody has to think of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.pages.base import House

EVERY_MS: Final = 30 * 60_000


class BackupClock(QObject):
    """Asks for a backup of what is open every half hour."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._house = window.house
        self._clock = QTimer(self)
        self._clock.setInterval(EVERY_MS)
        self._clock.timeout.connect(self._keep)
        self._clock.start()

    def _keep(self) -> None:
        if self._house.session.context is not None:
            keep_backup(self._house)


def keep_backup(house: House) -> None:
    """Make a backup of what is open, behind whatever the database thread has to do before it."""
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services import rolling

    workplace = house.session.context
    if isinstance(workplace, Workplace):
        house.run(lambda task: rolling.keep(workplace.home(task), workplace.panel))
