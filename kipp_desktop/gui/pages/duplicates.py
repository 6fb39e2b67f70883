"""Inovasi mirip: two entries that are perhaps one, side by side: keep both, merge, or drop one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt

from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.compare_entries import CompareEntries
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.services import duplicates
from kipp_desktop.services.duplicates import REASON_TEXTS, Pair
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTableView, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_BREAK: Final = 760

_SHORT: Final = {
    "same": Text("same letters"),
    "expansion": Text("short name"),
    "letters": Text("a letter or two"),
}
_COLUMNS: Final = (
    Column[Pair](Text("One"), lambda p: f"{p.first.number} · {p.first.title}", stretch=True),
    Column[Pair](
        Text("The other"), lambda p: f"{p.second.number} · {p.second.title}", stretch=True
    ),
    Column[Pair](Text("Why"), lambda p: say(_SHORT[p.reason]), tone=lambda _p: "wait", width=18),
)


class DuplicatesPage(Page):
    """The pair that is selected is compared below; what is chosen there stands in the one entry."""

    form = "duplicates.ui"
    shows = frozenset({"entries", "organisations"})

    box: QWidget
    table: QTableView
    reason_label: QLabel
    compare_place: QWidget
    marks_label: QLabel
    acts_row: QHBoxLayout
    keep_button: QPushButton
    merge_button: QPushButton
    drop_first_button: QPushButton
    drop_second_button: QPushButton
    empty_place: QWidget

    def build(self) -> None:
        """Set up the list of pairs, the comparison and the acts."""
        self.model = RowsModel(_COLUMNS, lambda p: (p.first.id, p.second.id), self)
        self.compare = CompareEntries()
        self.compare.setObjectName("compare")
        place(self.compare, self.compare_place)
        show_rows(self.table, self.model, lambda _pair: self.compare.setFocus())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._look())
        self.model.modelReset.connect(self._look)
        BreakingRow(self.acts_row, _BREAK, self.box)
        self.keep_button.clicked.connect(self._keep)
        self.merge_button.clicked.connect(self._merge)
        self.drop_first_button.clicked.connect(lambda: self._ask_to_drop(first=True))
        self.drop_second_button.clicked.connect(lambda: self._ask_to_drop(first=False))
        self.empty = EmptyState("circle-check")
        place(self.empty, self.empty_place)
        self.add_action(
            Text("To the innovations"),
            lambda: self.house.go_to("entries"),
            icon="lightbulb",
            name="entries_button",
        )
        self.box.hide()
        self.empty_place.hide()

    def load(self) -> None:
        """Look for pairs in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: duplicates.pairs(workplace.panel),
            self._show,
            title=Text("Comparing the titles"),
        )

    def say_all(self) -> None:
        """Say the empty state and the comparison again."""
        self.empty.say(
            say(Text("No two innovations look alike.")),
            say(
                Text(
                    "Titles are compared without case, spaces and punctuation, with one or two "
                    "letters changed, and with or without what a short name stands for."
                )
            ),
        )
        self._look()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [
            ("Enter", Text("compare the pair")),
            ("Space", Text("take the other's value into the merged innovation")),
        ]

    def _show(self, pairs: list[Pair]) -> None:
        line = max(self.table.currentIndex().row(), 0)
        self.model.set_rows(pairs)
        self.box.setVisible(bool(pairs))
        self.empty_place.setVisible(not pairs)
        self.set_subtitle(Text("{count} similar pairs", count=len(pairs)) if pairs else None)
        if pairs and selected_row(self.table) is None:
            # The next pair takes the place of the one that was settled.
            self.table.selectRow(min(line, len(pairs) - 1))
        self._look()

    def _look(self) -> None:
        pair: Pair | None = selected_row(self.table)
        self.compare.show_pair(pair)
        for button in (self.keep_button, self.merge_button):
            button.setEnabled(pair is not None)
        if pair is None:
            return
        first, second = (line.id in pair.marked for line in (pair.first, pair.second))
        self.reason_label.setText(say(Text("Why: {reason}.", reason=REASON_TEXTS[pair.reason])))
        self.drop_first_button.setText(say(Text("Drop number {number}…", number=pair.first.number)))
        self.drop_second_button.setText(
            say(Text("Drop number {number}…", number=pair.second.number))
        )
        self.drop_first_button.setEnabled(not first)
        self.drop_second_button.setEnabled(not second)
        self.merge_button.setEnabled(not (first and second))
        marked = [line.number for line in (pair.first, pair.second) if line.id in pair.marked]
        self.marks_label.setVisible(bool(marked))
        self.marks_label.setText(
            say(
                Text(
                    "Marks or decisions of {numbers} are here already, so it cannot be dropped.",
                    numbers=", ".join(marked),
                )
            )
        )

    # --- what is decided ---

    def _act(self, work: Callable[[Home, Panel], Changes], told: Text) -> None:
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: work(workplace.home(task), workplace.panel),
            lambda _changes: self.house.show_message(told),
        )
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        pair: Pair | None = selected_row(self.table)
        if pair is not None:
            one, other = pair.first.number, pair.second.number
            self._act(
                lambda _home, panel: duplicates.keep_both(panel, one, other),
                Text("{first} and {second} stay two.", first=one, second=other),
            )

    def _merge(self) -> None:
        pair: Pair | None = selected_row(self.table)
        if pair is None:
            return
        stays, goes = pair.first, pair.second
        if goes.id in pair.marked:
            stays, goes = goes, stays
        taken = self.compare.taken(stays.id)
        self._act(
            lambda home, panel: duplicates.merge_entries(
                home, panel, stays.number, goes.number, taken
            ),
            Text("{second} went into {first}.", first=stays.number, second=goes.number),
        )

    def _ask_to_drop(self, *, first: bool) -> None:
        pair: Pair | None = selected_row(self.table)
        if pair is None:
            return
        line = pair.first if first else pair.second
        dialog = ConfirmDialog(
            Text("Take {number} · {title} out of the list?", number=line.number, title=line.title),
            Text("It is not in the next package. Loading its table again brings it back."),
            Text("Take out"),
            self.window(),
        )
        dialog.accepted.connect(
            lambda: self._act(
                lambda home, panel: duplicates.drop(home, panel, line.number),
                Text("{number} was taken out of the list.", number=line.number),
            )
        )
        dialog.open()

    def changeEvent(self, event: Any) -> None:
        """Draw the comparison again in other colours and letters."""
        super().changeEvent(event)
        if hasattr(self, "compare"):
            self.compare.dress()
