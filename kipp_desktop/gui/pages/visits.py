"""Kunjungan: the entries that this verifier visits, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.visit import conclusion_text
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.services import fieldwork, inbox
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.fieldwork import VisitView

STATES: Final = {
    "empty": (Text("Not begun"), "neutral"),
    "draft": (Text("Draft"), "wait"),
    "complete": (Text("To be signed"), "calm"),
    "final": (Text("Final"), "good"),
}


@dataclass(frozen=True)
class _Row:
    view: VisitView
    agency: str
    conclusion: Text


_COLUMNS: Final = (
    Column[_Row](Text("No."), lambda r: r.view.entry.number, right=True, width=4),
    Column[_Row](Text("Innovation"), lambda r: r.view.entry.title, stretch=True, bold=True),
    Column[_Row](
        Text("Status"),
        lambda r: say(STATES[r.view.state][0]),
        tone=lambda r: STATES[r.view.state][1],
        width=17,
    ),
    Column[_Row](
        Text("Claims"),
        lambda r: (
            f"{sum(bool(one.status) for one in r.view.visit.findings)}/{len(r.view.visit.findings)}"
        ),
        right=True,
        width=6,
    ),
    Column[_Row](
        Text("Photos"),
        lambda r: str(sum(item.original is not None for _, item in r.view.visit.evidence)),
        right=True,
        width=6,
    ),
    Column[_Row](
        Text("Conclusion"),
        lambda r: say(r.conclusion),
        width=20,
        least=10,
    ),
    Column[_Row](Text("Agency"), lambda r: r.agency, width=22, least=11),
)


class VisitsPage(Page):
    """A line a visit; Enter opens it."""

    form = "visits.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions"})

    summary_label: QLabel
    table: QTableView
    empty_place: QWidget
    open_button: QPushButton
    other_button: QPushButton

    def build(self) -> None:
        """Set up the table."""
        self.setProperty("touch", True)
        self._rows: list[_Row] = []
        self.model = RowsModel(_COLUMNS, lambda r: r.view.entry.id, self)
        show_rows(self.table, self.model, self._open)
        self.empty = EmptyState("map-pin")
        self.empty.button.hide()
        place(self.empty, self.empty_place)
        self.open_button.clicked.connect(lambda: self._open(selected_row(self.table)))
        self.other_button.clicked.connect(self._take_other)
        self.open_button.setEnabled(False)
        self.empty_place.hide()

    def load(self) -> None:
        """Read the visits of this verifier."""
        workplace: Workplace = self.house.session.context
        panel, card = workplace.panel, workplace.card

        def read(_task: TaskContext) -> list[_Row]:
            visitor = fieldwork.visitor_of(panel, card)
            names = fieldwork.criterion_names(panel)
            return [
                _Row(
                    view,
                    panel.setup.organisation_name(view.entry),
                    conclusion_text(view.visit.conclusion, names),
                )
                for view in fieldwork.visits(panel, visitor)
            ]

        self.run(read, self._show)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("No innovation has come to the field yet.")),
            say(
                Text(
                    "Once the panel has decided who goes on, the secretariat writes a new package. "
                    "Open it here, and the visits stand in this list."
                )
            ),
            "",
        )
        self._summarise()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("Enter", Text("open the visit"))]

    def _show(self, rows: list[_Row]) -> None:
        self._rows = rows
        self.model.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty_place.setVisible(not rows)
        self.open_button.setEnabled(bool(rows))
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._summarise()
        if not self.isAncestorOf(self.window().focusWidget()):
            (self.table if rows else self.other_button).setFocus()

    def _summarise(self) -> None:
        done = sum(row.view.state == "final" for row in self._rows)
        ready = sum(row.view.state == "complete" for row in self._rows)
        self.summary_label.setText(
            say(
                Text(
                    "{done} of {count} visits are signed, {ready} are complete and not signed.",
                    done=done,
                    count=len(self._rows),
                    ready=ready,
                )
            )
        )
        self.summary_label.setVisible(bool(self._rows))

    def _open(self, row: _Row | None) -> None:
        if row is None:
            return
        from kipp_desktop.gui.pages.visit import VisitPage

        page = self.house.go_to("visit")
        assert isinstance(page, VisitPage)
        page.show_entry(row.view.entry.id)

    def _take_other(self) -> None:
        """Take a new package of the secretariat, or another verifier's file."""
        chosen = files.choose_open(
            self, Text("Open a package or another verifier's file"), (files.PACKAGES,)
        )
        if not chosen:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: inbox.merge(workplace.home(task), workplace.panel, chosen),
            self._taken,
            title=Text("Reading {file}", file=chosen[0].name),
        )

    def _taken(self, merged: inbox.Merged) -> None:
        reason = merged.outcomes[0].reason if merged.outcomes else None
        if reason is not None:
            self.house.show_error(reason)
            return
        self.load()
        self.house.show_message(Text("The file was read."))
