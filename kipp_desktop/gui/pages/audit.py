"""Jejak audit: every signed record in words, newest first; on demand the line exactly as signed.

The newest records are read first and shown at once; the rest follows, so that a long trail costs
no waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent

from kipp_desktop.gui import theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.services import audit
from kipp_desktop.services.audit import KINDS, TrailLine
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QComboBox,
        QFrame,
        QLabel,
        QPlainTextEdit,
        QPushButton,
        QTableView,
        QWidget,
    )

    from kipp_desktop.gui.workplace import Workplace

FIRST: Final = 200
LINE_HEIGHT: Final = 96


@dataclass(frozen=True, slots=True)
class _Row:
    """A record with its words, said where it was read: 10,000 of them would stop the window."""

    line: TrailLine
    when: str
    kind: str
    said: str


def _row(line: TrailLine) -> _Row:
    moment = datetime.fromisoformat(line.at)
    when = say(Text("{date}, {time}", date=moment.date(), time=moment.time()))
    return _Row(line, when, say(KINDS[line.kind]), say(line.said))


COLUMNS: Final = (
    Column[_Row](Text("When"), lambda r: r.when, lambda r: r.line.at, width=21),
    Column[_Row](Text("Who"), lambda r: r.line.who, bold=True, width=14, least=8),
    Column[_Row](Text("Kind"), lambda r: r.kind, width=19, least=10),
    Column[_Row](Text("What it says"), lambda r: r.said, stretch=True),
)


class AuditPage(Page):
    """Filter while typing; the chosen record's line stands below."""

    form = "audit.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries", "results"})

    search: QWidget
    kinds: QComboBox
    table: QTableView
    detail_card: QFrame
    detail_label: QLabel
    line_button: QPushButton
    record_label: QLabel
    line: QPlainTextEdit

    def build(self) -> None:
        """Set up table, filters and detail."""
        self._loading = 0
        self._asked = ""
        self.model = RowsModel(COLUMNS, lambda row: row.line.id, self)
        show_rows(self.table, self.model)
        self.finder = SearchField()
        place(self.finder, self.search)
        self.finder.searched.connect(self._filter)
        self.finder.left_down.connect(self.table.setFocus)
        self.kinds.currentIndexChanged.connect(lambda _index: self._accept_kind())
        self.table.selectionModel().currentChanged.connect(lambda *_: self.show_detail())
        self.line.setFixedHeight(theme.px(LINE_HEIGHT))
        self.line_button.clicked.connect(self._turn_line)
        self.line.hide()
        self.detail_card.hide()

    # --- reading ---

    def load(self) -> None:
        """Read the newest records, then all."""
        workplace: Workplace = self.house.session.context
        self._loading += 1
        number = self._loading

        def read(count: int | None) -> list[_Row]:
            return [_row(line) for line in audit.trail(workplace.panel, count=count)]

        def show_all(rows: list[_Row]) -> None:
            if number == self._loading:
                self.show_rows(rows)

        def show_first(rows: list[_Row]) -> None:
            show_all(rows)
            if len(rows) == FIRST and number == self._loading:
                self.run(lambda _task: read(None), show_all)

        self.run(lambda _task: read(FIRST), show_first)

    def show_rows(self, rows: list[_Row]) -> None:
        """Show the trail."""
        self.model.set_rows(rows)
        there = [str(self.kinds.itemData(i)) for i in range(1, self.kinds.count())]
        found = list(audit.kinds_in([row.line for row in rows]))
        if there != found:
            self._offer(found)
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._asked = ""  # the words may be another language's
        self.show_detail()
        self._say_count()

    def _offer(self, found: list[str]) -> None:
        chosen = self.kinds.currentData()
        self.kinds.blockSignals(True)
        self.kinds.clear()
        self.kinds.addItem(say(Text("All kinds")), "")
        for kind in found:
            self.kinds.addItem(say(KINDS[kind]), kind)
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(chosen)))
        self.kinds.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.line.setFixedHeight(theme.px(LINE_HEIGHT))

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.finder.say(say(Text("Search the trail: entry, judge, words of a reason")))
        self._offer([str(self.kinds.itemData(i)) for i in range(1, self.kinds.count())])
        self._say_line_button()
        self._say_count()
        if self.model.total():
            self.load()

    def _say_count(self) -> None:
        total, shown = self.model.total(), len(self.model.shown_rows())
        self.set_subtitle(
            Text("{shown} of {total} signed records", shown=shown, total=total)
            if shown != total
            else Text("{total} signed records", total=total)
        )

    # --- filtering ---

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._say_count()

    def _accept_kind(self) -> None:
        kind = self.kinds.currentData()
        self.model.set_accept((lambda row: row.line.kind == kind) if kind else None)
        self._say_count()

    # --- the signed line ---

    def _turn_line(self) -> None:
        """Show the line as it was signed, or hide it: it is for who checks, not for who reads."""
        self.line.setVisible(self.line.isHidden())
        self._say_line_button()

    def _say_line_button(self) -> None:
        hidden = self.line.isHidden()
        text = Text("Show the line as signed") if hidden else Text("Hide the line as signed")
        self.line_button.setText(say(text))

    def show_detail(self) -> None:
        """Show the chosen record exactly as it was signed."""
        shown = self.model.row_at(self.table.currentIndex())
        if shown is None or shown.line.id == self._asked:
            return
        row = shown.line
        self._asked = row.id
        workplace: Workplace = self.house.session.context
        self.detail_card.show()
        self.detail_label.setText(shown.said)
        self.record_label.setText(
            say(
                Text(
                    "Record {id}, line {number} of the ledger of {who}",
                    id=row.id,
                    number=row.seq,
                    who=row.who,
                )
            )
        )

        def show(line: str) -> None:
            if self._asked == row.id:
                self.line.setPlainText(line)

        self.run(lambda _task: audit.signed_line(workplace.panel, row.author, row.seq), show)
