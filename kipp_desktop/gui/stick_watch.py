"""Sticks that come and go: a judge's drafts are copied to one of the competition, by itself.

The look at what is mounted happens beside the window and beside the database, every few seconds;
only the writing itself goes to the database thread, like everything that reads marks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QStorageInfo, QTimer

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

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

    def __init__(
        self, window: MainWindow, sticks: Callable[[], frozenset[Path]] = mounted_sticks
    ) -> None:
        super().__init__(window)
        self._house = window.house
        self._sticks = sticks
        self._seen: frozenset[Path] = frozenset()
        self._ours: frozenset[Path] = frozenset()
        self._who = ""
        self._looking = self._changed = False
        self._clock, self._again = QTimer(self), QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.copy_again)
        self._again.start()
        window.house.changes.published.connect(self._note)

    def look(self) -> None:
        """Look once; a look that takes long is not overtaken by the next."""
        context = self._judge()
        if self._looking or context is None:
            return
        # Services are not imported before somebody works here: the start stays fast.
        from kipp_desktop.services import draft_copies

        self._looking = True
        card, known = context.card, self._seen if self._who == context.card.fingerprint else None

        def find(_task: TaskContext) -> tuple[frozenset[Path], frozenset[Path]]:
            now = self._sticks()
            fresh = now if known is None else now - known
            return now, frozenset(root for root in fresh if draft_copies.is_ours(root, card))

        def found(result: tuple[frozenset[Path], frozenset[Path]]) -> None:
            self._looking = False
            now = self._judge()
            if now is None or now.card.fingerprint != card.fingerprint:
                return  # somebody else works here by now
            self._who = card.fingerprint
            self._seen, fresh = result
            self._ours = (self._ours & self._seen if known is not None else frozenset()) | fresh
            for root in fresh:
                self._copy(root, tell=True)

        self._house.run(find, found, owner=self, pure=True)

    def copy_again(self) -> None:
        """Copy to the sticks that are still in, where marks were set since."""
        if self._changed:
            self._changed = False
            for root in self._ours:
                self._copy(root, tell=False)

    def _judge(self) -> Workplace | None:
        """Return where a judge works now; ``None`` at the desk and at Start."""
        workplace: Workplace | None = self._house.session.context
        return None if workplace is None or workplace.is_desk else workplace

    def _note(self, changes: Changes) -> None:
        self._changed = self._changed or "drafts" in changes

    def _copy(self, root: Path, *, tell: bool) -> None:
        from kipp_desktop.services import draft_copies, judging
        from kipp_desktop.services.sheetbook import marking_stages

        workplace = self._judge()
        if workplace is None:
            return
        panel, card = workplace.panel, workplace.card

        def copy(_task: TaskContext) -> int | None:
            stages = marking_stages(panel, card.person)
            if not stages:
                return None
            marker = judging.marker_of(panel, card, stages[0].id)
            return draft_copies.copy_drafts(panel, card, marker, root)

        def done(count: int | None) -> None:
            if tell and count:
                self._house.show_message(
                    Text(
                        "{count} unsigned sheets are copied to the stick, as {file}. They are not "
                        "handed in by that.",
                        count=count,
                        file=draft_copies.copy_name(card),
                    ),
                    "calm",
                )

        self._house.run(copy, done, owner=self)
