"""What a page of marks knows: the sheets as they are stored, and those opened for correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.models.sheet_states import DONE, OUT, state_of

if TYPE_CHECKING:
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.sheetbook import Sheetbook


class Sheets:
    """The sheets of one marker in one stage, by entry id, in the order of the plan.

    ``done`` of ``expected`` sheets have every mark; they are counted as sheets come, because a
    judge may have thousands and every mark asks.
    """

    def __init__(self) -> None:
        self._book: Sheetbook | None = None
        self._views: dict[str, SheetView] = {}
        self._opened: set[str] = set()
        self.done = self.expected = 0

    @property
    def loaded(self) -> bool:
        """Whether sheets were read already."""
        return self._book is not None

    @property
    def book(self) -> Sheetbook:
        """What stands around the marks; ask only when :attr:`loaded`."""
        assert self._book is not None, "a page shows nothing before its sheets are read"
        return self._book

    def take(self, book: Sheetbook) -> None:
        """Take what was read.

        What was opened for correction stays open for the same marker, until the correction is
        signed.
        """
        if self._book is not None and self._book.marker != book.marker:
            self._opened.clear()
        before = self._views
        self._book = book
        self._views = {view.entry.id: view for view in book.views}
        self._opened &= {
            entry
            for entry, view in self._views.items()
            if view.state != "empty"
            and not (view.state == "final" and entry in before and before[entry].state != "final")
        }
        states = [state_of(view) for view in book.views]
        self.done = sum(state in DONE for state in states)
        self.expected = sum(state not in OUT for state in states)

    def put(self, view: SheetView) -> bool:
        """Take one sheet as it is stored now; return whether its state is another."""
        was, now = state_of(self._views[view.entry.id]), state_of(view)
        self._views[view.entry.id] = view
        self.done += (now in DONE) - (was in DONE)
        self.expected += (was in OUT) - (now in OUT)
        return was != now

    def __contains__(self, entry: object) -> bool:
        """Return whether this marker has a sheet for an entry."""
        return entry in self._views

    def __getitem__(self, entry: str) -> SheetView:
        """Return the sheet of an entry."""
        return self._views[entry]

    def get(self, entry: str) -> SheetView | None:
        """Return the sheet of an entry, ``None`` where there is none."""
        return self._views.get(entry)

    def views(self) -> list[SheetView]:
        """Return all sheets as they are stored now."""
        return list(self._views.values())

    @property
    def abstains_from_all(self) -> bool:
        """Whether this judge marks nothing in this stage."""
        return bool(self._views) and all(view.abstained for view in self._views.values())

    def first_open(self) -> str:
        """Return the first entry that waits for marks, or the first of all."""
        waiting = (v for v in self._views.values() if state_of(v) not in DONE | OUT)
        return next(waiting, next(iter(self._views.values()))).entry.id

    def is_locked(self, view: SheetView) -> bool:
        """Return whether a sheet is signed and was not opened for correction."""
        return state_of(view) == "final" and view.entry.id not in self._opened

    def may_edit(self, view: SheetView) -> bool:
        """Return whether marks and notes of a sheet can be changed now."""
        return not (self.book.closed or view.abstained or self.is_locked(view))

    def open(self, entry: str) -> None:
        """Let a signed sheet be changed: its correction is signed with a reason."""
        self._opened.add(entry)

    def close_all(self) -> None:
        """Lock every signed sheet again: the corrections are signed."""
        self._opened.clear()
