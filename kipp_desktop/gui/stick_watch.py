"""Sticks that come and go: a judge's drafts are copied to one of the competition, by itself.

A stick may be slow, or hang. So everything that touches it happens in a thread of its own, one at a
time: neither the window, nor the database and its marks, nor closing the window wait for it.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QStorageInfo, QTimer, Signal

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

T = TypeVar("T")
LOOK_MS: Final = 4_000
AGAIN_MS: Final = 5 * 60_000
"""Between copies to a stick that stays in, where marks were set since."""
MOUNTS: Final = ("/media/", "/run/media/", "/Volumes/")
REMOVABLE: Final = 2
"""What Windows calls a drive that can be pulled out (GetDriveTypeW)."""


def mounted_sticks() -> frozenset[Path]:
    """Return the roots of the removable drives that are mounted and can be written."""
    return frozenset(
        Path(volume.rootPath())
        for volume in QStorageInfo.mountedVolumes()
        if volume.isValid() and volume.isReady() and not volume.isReadOnly() and _removable(volume)
    )


def _removable(volume: QStorageInfo) -> bool:
    root = volume.rootPath()
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(root.replace("/", "\\"))) == REMOVABLE
    return root.startswith(MOUNTS)


class StickWatch(QObject):
    """Looks for sticks while a judge works; tells quietly what it did, and never asks.

    ``sticks`` replaces :func:`mounted_sticks`.
    """

    _came_back = Signal(object)

    def __init__(
        self, window: MainWindow, sticks: Callable[[], frozenset[Path]] = mounted_sticks
    ) -> None:
        super().__init__(window)
        self._house = window.house
        self._sticks = sticks
        self._seen: frozenset[Path] = frozenset()
        self._ours: frozenset[Path] = frozenset()
        self._who = ""
        self._busy = self._changed = False
        self._clock, self._again = QTimer(self), QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.copy_again)
        self._again.start()
        self._came_back.connect(self._deliver)
        window.house.changes.published.connect(self._note)

    @property
    def busy(self) -> bool:
        """Whether a stick is being looked at or written to."""
        return self._busy

    def look(self) -> None:
        """Look once; a look or a copy that takes long is not overtaken by the next."""
        workplace = self._judge()
        if self._busy or workplace is None:
            return
        # Services are not imported before somebody works here: the start stays fast.
        from kipp_desktop.services import draft_copies

        card = workplace.card
        known = self._seen if self._who == card.fingerprint else None

        def find() -> tuple[frozenset[Path], frozenset[Path]]:
            now = self._sticks()
            fresh = now if known is None else now - known
            return now, frozenset(root for root in fresh if draft_copies.is_ours(root, card))

        def found(result: tuple[frozenset[Path], frozenset[Path]]) -> None:
            here = self._judge()
            if here is None or here.card.fingerprint != card.fingerprint:
                return  # somebody else works here by now
            self._who = card.fingerprint
            self._seen, fresh = result
            self._ours = (self._ours & self._seen if known is not None else frozenset()) | fresh
            self._copy(fresh, tell=True)

        self._beside(find, found)

    def copy_again(self) -> None:
        """Copy to the sticks that are still in, where marks were set since."""
        if self._changed and self._ours and not self._busy:
            self._changed = False
            self._copy(self._ours, tell=False)

    def _judge(self) -> Workplace | None:
        """Return where a judge works now; ``None`` at the desk and at Start."""
        workplace: Workplace | None = self._house.session.context
        return None if workplace is None or workplace.is_desk else workplace

    def _note(self, changes: Changes) -> None:
        self._changed = self._changed or "drafts" in changes

    def _copy(self, roots: frozenset[Path], *, tell: bool) -> None:
        """Read the marks in the database thread, then write them beside it."""
        from kipp_desktop.services import draft_copies, judging
        from kipp_desktop.services.handing_in import drafts_table
        from kipp_desktop.services.sheetbook import marking_stages

        workplace = self._judge()
        if workplace is None or not roots:
            return
        panel, card = workplace.panel, workplace.card
        self._busy = True

        def table(_task: TaskContext) -> tuple[bytes, int] | None:
            stages = marking_stages(panel, card.person)
            if not stages:
                return None
            return drafts_table(panel, judging.marker_of(panel, card, stages[0].id))

        def write(made: tuple[bytes, int] | None) -> None:
            self._busy = False
            if made is None:
                return
            data, count = made

            def copy() -> bool:
                written = [draft_copies.write_copy(card, root, data, count) for root in roots]
                return any(written)

            self._beside(copy, lambda done: self._tell(count, card) if done and tell else None)

        # Where the drafts cannot be read, the pages that show them say so.
        self._house.run(table, write, lambda _error: write(None), owner=self)

    def _tell(self, count: int, card: Card) -> None:
        from kipp_desktop.services.draft_copies import copy_name

        self._house.show_message(
            Text(
                "{count} unsigned sheets are copied to the stick, as {file}. They are not handed "
                "in by that.",
                count=count,
                file=copy_name(card),
            ),
            "calm",
        )

    def _beside(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do work in a thread that nobody waits for, and call ``done`` in the window's."""
        self._busy = True

        def carry_out() -> None:
            result = work()
            with suppress(RuntimeError):  # the window is gone by now
                self._came_back.emit(lambda: done(result))

        threading.Thread(target=carry_out, name="stick", daemon=True).start()

    def _deliver(self, tell: Callable[[], object]) -> None:
        self._busy = False
        tell()
