"""Who has to read again after an act: the bus of :class:`~kipp_desktop.domain.changes.Changes`.

A view that shows something watches the bus. When what it shows was touched, it reloads at once if
it can be seen, and otherwise when it is shown next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from kipp_desktop.domain.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class ChangesBus(QObject):
    """Hands every :class:`Changes` of the database thread to whoever watches."""

    published = Signal(object)

    def publish(self, changes: Changes) -> None:
        """Tell everybody what was touched; an empty value tells nobody."""
        if changes:
            self.published.emit(changes)

    def publish_result(self, result: object) -> None:
        """Publish what a service returned: a ``Changes``, or a value that has ``.changes``."""
        found = result if isinstance(result, Changes) else getattr(result, "changes", None)
        if isinstance(found, Changes):
            self.publish(found)


class Watch(QObject):
    """Reloads one view: once when first shown, and after changes that touch what it shows.

    Several changes in one turn of the event loop cost one reload. ``changes`` of the reload's cause
    stands in :attr:`seen` (everything since the last reload; ``None`` at the first).
    """

    def __init__(
        self,
        view: QWidget,
        bus: ChangesBus,
        shows: frozenset[str],
        reload: Callable[[], None],
    ) -> None:
        super().__init__(view)
        self._view, self._shows, self._reload = view, shows, reload
        self._stale = True
        self._gathered = Changes()
        self.seen: Changes | None = None
        self._first = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._reload_if_seen)
        bus.published.connect(self._note)
        view.installEventFilter(self)

    def forget(self) -> None:
        """Make the view reload when shown next (or now), whatever changed."""
        self._stale = True
        self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the view being shown."""
        if event.type() == QEvent.Type.Show and watched is self._view and self._stale:
            self._soon.start()
        return False

    def _note(self, changes: Changes) -> None:
        if changes.touches(self._shows):
            self._gathered |= changes
            self.forget()

    def _reload_if_seen(self) -> None:
        if self._stale and self._view.isVisible():
            self._stale = False
            self.seen = None if self._first else self._gathered
            self._first, self._gathered = False, Changes()
            self._reload()
