"""Storing marks and notes from a page: at once, in order, with undo, and never half believed.

A mark is shown when the key is pressed and durable when :attr:`SheetWriter.stored` comes; when it
cannot be stored, :attr:`SheetWriter.refused` lets the page take it back where the user sees it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kipp_desktop.domain.changes import Changes
from kipp_desktop.services import judging

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from kipp_desktop.domain.sheet import Notes
    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import Marker, SheetView


@dataclass(frozen=True)
class Step:
    """A mark that was set, for undo."""

    entry: str
    criterion: str
    before: Fraction | None
    after: Fraction | None


class SheetWriter(QObject):
    """Writes the drafts of one marker for one page."""

    stored = Signal(object)
    """A :class:`SheetView` as it is on the disk now."""
    refused = Signal(str)
    """The entry whose sheet was not changed; the message is shown already."""
    steps_changed = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._marker: Marker | None = None
        self._steps: list[Step] = []
        self._pending: Counter[str] = Counter()
        self._waiting: dict[str, Notes] = {}
        self._writing_notes: set[str] = set()
        self._own: set[str] = set()

    def use(self, marker: Marker) -> None:
        """Write for this marker from now on; steps of another cannot be undone."""
        if marker != self._marker:
            self._marker = marker
            self._forget_steps()

    def forget(self) -> None:
        """Forget the steps: what they changed is signed."""
        self._forget_steps()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._steps)

    def is_pending(self, entry: str) -> bool:
        """Return whether something of an entry is not on the disk yet."""
        return bool(self._pending[entry])

    def knows(self, changes: Changes | None) -> bool:
        """Return whether changes are only this writer's own, which its page shows already."""
        known = (
            changes is not None
            and changes.kinds == {"drafts"}
            and bool(changes.entries)
            and changes.entries <= self._own
        )
        self._own.clear()
        return known

    def set_mark(
        self, entry: str, criterion: str, mark: Fraction | None, before: Fraction | None
    ) -> None:
        """Store a mark; ``before`` is what undo sets again."""
        step = Step(entry, criterion, before, mark)
        self._steps.append(step)
        self.steps_changed.emit()
        self._store(step, mark, lambda: self._drop(step))

    def undo(self) -> Step | None:
        """Take the last step back, and return it; ``None`` when there is none."""
        if not self._steps:
            return None
        step = self._steps.pop()
        self.steps_changed.emit()
        self._store(step, step.before, lambda: self._steps.append(step))
        return step

    def set_notes(self, entry: str, notes: Notes) -> None:
        """Store what is written beside the marks; of a fast typist's letters the last wins."""
        if entry in self._writing_notes:
            self._waiting[entry] = notes
            return
        self._writing_notes.add(entry)
        marker, workplace = self._where()

        def done(view: SheetView) -> None:
            self._writing_notes.discard(entry)
            self._tell(view)
            following = self._waiting.pop(entry, None)
            if following is not None:
                self.set_notes(entry, following)

        def failed(error: KippError) -> None:
            self._writing_notes.discard(entry)
            self._waiting.pop(entry, None)
            self._refuse(entry, error)

        self._run(
            entry,
            lambda task: judging.set_notes(
                workplace.home(task), workplace.panel, marker, entry, notes
            ),
            done,
            failed,
        )

    def _store(self, step: Step, mark: Fraction | None, take_back: Callable[[], None]) -> None:
        marker, workplace = self._where()

        def failed(error: KippError) -> None:
            take_back()
            self.steps_changed.emit()
            self._refuse(step.entry, error)

        self._run(
            step.entry,
            lambda task: judging.set_mark(
                workplace.home(task), workplace.panel, marker, step.entry, step.criterion, mark
            ),
            self._tell,
            failed,
        )

    def _run(
        self,
        entry: str,
        work: Callable[[TaskContext], SheetView],
        done: Callable[[SheetView], None],
        failed: Callable[[KippError], None],
    ) -> None:
        self._pending[entry] += 1

        def stored(view: SheetView) -> None:
            self._pending[entry] -= 1
            done(view)

        def refused(error: KippError) -> None:
            self._pending[entry] -= 1
            failed(error)

        self._page.run(work, stored, refused)

    def _tell(self, view: SheetView) -> None:
        marker, _ = self._where()
        self._own.add(view.entry.id)
        self.stored.emit(view)
        changes = Changes.of("drafts", persons=[marker.judge], entries=[view.entry.id])
        self._page.house.changes.publish(changes)

    def _refuse(self, entry: str, error: KippError) -> None:
        self._page.house.show_error(error)
        self.refused.emit(entry)

    def _where(self) -> tuple[Marker, Workplace]:
        assert self._marker is not None, "a page shows sheets before anybody can mark them"
        context: Any = self._page.house.session.context
        return self._marker, context

    def _drop(self, step: Step) -> None:
        # By identity: the same mark may have been set twice.
        self._steps = [kept for kept in self._steps if kept is not step]

    def _forget_steps(self) -> None:
        self._steps.clear()
        self.steps_changed.emit()
