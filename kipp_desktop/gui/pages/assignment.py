"""Who marks what, stage by stage: a part of the page Panel & rubrik."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox

from kipp_desktop.gui import forms
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.services.assigning import (
    AssignmentView,
    EntryJudges,
    Load,
    assign_by_rooms,
    assign_random,
    assign_to_all,
    assignment_view,
)
from kipp_desktop.services.rules import rules_view
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QTableView, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.panel import Panel

LEAST: Final = 900
METHOD_TEXTS: Final = {
    "all": Text("all judges, all innovations"),
    "rooms": Text("by the rooms of the agenda"),
    "random": Text("drawn, loads equal"),
}


def _tone(judges: int, expected: int) -> str:
    return "bad" if not judges else "wait" if judges < expected else "good"


_LOADS: Final = (
    Column[Load](Text("Judge"), lambda p: p.name, bold=True, stretch=True),
    Column[Load](
        Text("Innovations"), lambda p: str(p.entries), lambda p: p.entries, right=True, width=9
    ),
    Column[Load](
        Text("Conflicts"), lambda p: str(p.conflicts), lambda p: p.conflicts, right=True, width=18
    ),
)


def _entries(expected: Callable[[EntryJudges], int]) -> tuple[Column[EntryJudges], ...]:
    return (
        Column[EntryJudges](Text("No."), lambda e: e.number, right=True, width=4),
        Column[EntryJudges](Text("Innovation"), lambda e: e.title, bold=True, stretch=True),
        Column[EntryJudges](
            Text("Judges"),
            lambda e: say(Text("{done} of {total}", done=len(e.judges), total=e.total)),
            lambda e: len(e.judges),
            tone=lambda e: (
                "bad" if not e.judges else "wait" if len(e.judges) < expected(e) else "good"
            ),
            width=12,
        ),
        Column[EntryJudges](Text("Who"), lambda e: ", ".join(e.judges), width=24, least=12),
    )


class AssignmentPart(QObject):
    """Nothing is assigned before the button is pressed; conflicts are always taken off."""

    stage: QComboBox
    method: QComboBox
    per_entry: QSpinBox
    assign_button: QPushButton
    left_label: QLabel
    left_table: QTableView
    load_table: QTableView
    left_tab: QWidget
    assign_row: QHBoxLayout
    left_halves: QHBoxLayout

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, "people.ui")
        self._page = page
        self._view: AssignmentView | None = None
        self.entries = RowsModel(_entries(self._expected), lambda e: e.entry, self)
        self.loads = RowsModel(_LOADS, lambda p: p.person, self)
        show_rows(self.left_table, self.entries)
        show_rows(self.load_table, self.loads)
        BreakingRow(self.assign_row, LEAST, self.left_tab)
        BreakingRow(self.left_halves, LEAST, self.left_tab)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        for box in (self.stage, self.method):
            box.setSizeAdjustPolicy(adjust)
        self.say()
        self.stage.activated.connect(lambda _at: self.load())
        self.method.currentIndexChanged.connect(lambda _at: self._look())
        self.assign_button.clicked.connect(self._assign)

    def _expected(self, line: EntryJudges) -> int:
        """Return how many judges an entry should have."""
        drawn = self._view is not None and self._view.method == "random"
        return self._view.per_entry if drawn and self._view is not None else line.total

    def say(self) -> None:
        """Say the methods and what is assigned again."""
        value = self.method.currentData()
        self.method.blockSignals(True)
        self.method.clear()
        for key, text in METHOD_TEXTS.items():
            words = say(text)
            self.method.addItem(words[:1].upper() + words[1:], key)
        self.method.setCurrentIndex(max(self.method.findData(value), 0))
        self.method.blockSignals(False)
        self._look()
        if self._view is not None:
            self._say_state(self._view)

    def load(self) -> None:
        """Read who marks what in the chosen stage, in the database thread."""
        workplace: Workplace = self._page.house.session.context
        wanted = self.stage.currentData()

        def shown(found: tuple[list[tuple[str, str]], AssignmentView | None]) -> None:
            # Whoever runs through the stages by arrows has chosen another since.
            if wanted is None or self.stage.currentData() == wanted:
                self._show(found)

        self._page.run(lambda _task: _read(workplace.panel, wanted), shown)

    def _show(self, found: tuple[list[tuple[str, str]], AssignmentView | None]) -> None:
        stages, view = found
        self._view = view
        self.stage.clear()
        for stage, name in stages:
            self.stage.addItem(name, stage)
        self.assign_button.setEnabled(view is not None)
        if view is None:
            self.entries.set_rows([])
            self.loads.set_rows([])
            self.left_label.setText(say(Text("No stage has marks.")))
            return
        self.stage.setCurrentIndex(self.stage.findData(view.stage))
        self.method.setCurrentIndex(self.method.findData(view.method))
        if view.per_entry > 0 and view.method == "random":
            self.per_entry.setValue(view.per_entry)
        elif view.loads:
            self.per_entry.setValue(min(self.per_entry.value(), len(view.loads)))
        self.entries.set_rows(view.entries)
        self.loads.set_rows(view.loads)
        self._say_state(view)
        self._look()

    def _say_state(self, view: AssignmentView) -> None:
        parts = [
            Text(
                "The innovation with fewest judges has {least} of {total}; conflicts are already "
                "taken off.",
                least=view.least,
                total=len(view.loads),
            )
        ]
        if view.method == "random":
            parts.append(
                Text(
                    "Drawn with {count} judges each; seed {seed}.",
                    count=view.per_entry,
                    seed=view.seed,
                )
            )
        elif view.method == "rooms":
            parts.append(Text("Each judge marks what the rooms of the agenda give."))
        self.left_label.setText(" ".join(say(part) for part in parts))

    def _look(self) -> None:
        self.per_entry.setVisible(self.method.currentData() == "random")

    def _assign(self) -> None:
        workplace: Workplace = self._page.house.session.context
        stage, method = str(self.stage.currentData()), str(self.method.currentData())
        count = self.per_entry.value()

        def work(task: TaskContext) -> Changes:
            home, panel = workplace.home(task), workplace.panel
            if method == "random":
                return assign_random(home, panel, stage, count)
            return (assign_by_rooms if method == "rooms" else assign_to_all)(home, panel, stage)

        self._page.run(
            work,
            lambda _changes: self._page.house.show_message(
                Text("The assignment is kept; it holds from the next package on.")
            ),
        )


def _read(panel: Panel, wanted: str | None) -> tuple[list[tuple[str, str]], AssignmentView | None]:
    marked = [stage for stage in rules_view(panel).rules.stages if stage.rubric is not None]
    stages = [(stage.id, stage.name) for stage in marked]
    known = [stage for stage, _ in stages]
    chosen = wanted if wanted in known else known[0] if known else None
    return stages, assignment_view(panel, chosen) if chosen is not None else None
