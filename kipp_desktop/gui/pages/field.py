"""Verifikasi lapangan at the desk: what verifiers saw, where they differ, and the papers of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.visit import STATUS_TEXTS, conclusion_text
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.import_table import import_table
from kipp_desktop.gui.dialogs.rows import Field, RowsDialog, Sheet
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.services import field_reports
from kipp_desktop.services.claims import import_claims, set_claims
from kipp_desktop.services.field_board import FieldBoard, FieldLine, field_board
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import (
        QGridLayout,
        QLabel,
        QPushButton,
        QSplitter,
        QTableView,
        QTextBrowser,
        QWidget,
    )

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

#: From this size of 100 pixels on, four buttons are too wide for one row.
LARGE: Final = 150

_COLUMNS: Final = (
    Column[FieldLine](Text("No."), lambda r: r.entry.number, right=True, width=4),
    Column[FieldLine](Text("Innovation"), lambda r: r.entry.title, stretch=True, bold=True),
    Column[FieldLine](
        Text("Verifiers"),
        lambda r: (
            say(Text("not visited yet"))
            if not r.observations
            else say(Text("differ"))
            if r.differences
            else say(Text("agree"))
        ),
        tone=lambda r: "neutral" if not r.observations else "wait" if r.differences else "good",
        width=15,
    ),
    Column[FieldLine](Text("Seen"), lambda r: str(len(r.observations)), right=True, width=5),
    Column[FieldLine](Text("Claims"), lambda r: str(len(r.claims)), right=True, width=6),
)


class FieldPage(Page):
    """A line an entry, beside it what each verifier saw."""

    form = "field.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries"})

    missing_label: QLabel
    splitter: QSplitter
    table: QTableView
    detail: QTextBrowser
    empty_place: QWidget
    print_button: QPushButton
    before_button: QPushButton
    claims_button: QPushButton
    table_button: QPushButton
    acts: QGridLayout

    def build(self) -> None:
        """Set up table and buttons."""
        self._board: FieldBoard | None = None
        self.model = RowsModel(_COLUMNS, lambda r: r.entry.id, self)
        show_rows(self.table, self.model, lambda _row: self.detail.setFocus())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_detail())
        self.splitter.setHandleWidth(10)
        self.splitter.setChildrenCollapsible(False)
        self.empty = EmptyState("map-pin")
        self.empty.button.hide()
        place(self.empty, self.empty_place)
        self.print_button.clicked.connect(lambda: self._write(before=False))
        self.before_button.clicked.connect(lambda: self._write(before=True))
        self.claims_button.clicked.connect(self._ask_claims)
        self.table_button.clicked.connect(lambda: import_table(self, "claims", import_claims))
        self.add_action(
            Text("Plenary"),
            lambda: self.house.go_to("plenary"),
            icon="chevron-left",
            name="back_button",
        )
        for widget in (self.missing_label, self.empty_place, self.splitter):
            widget.hide()
        self._fit()

    def load(self) -> None:
        """Read what has arrived."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: field_board(workplace.panel), self._show, self._show_none)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("No innovation has come to the field yet.")),
            say(
                Text(
                    "Where the rules have a stage in the field, the innovations stand here once "
                    "the panel has decided who goes on."
                )
            ),
            "",
        )
        self._show_detail()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """Put the buttons beside each other, or two and two where letters are large."""
        buttons = (self.print_button, self.before_button, self.claims_button, self.table_button)
        large = theme.px(100) >= LARGE
        across = 2 if large else len(buttons)
        for position, button in enumerate(buttons):
            self.acts.removeWidget(button)
            self.acts.addWidget(button, position // across, position % across)
        for column in range(len(buttons) + 1):
            self.acts.setColumnStretch(column, int(column == len(buttons)))
        # The table keeps its chips whole.
        self.splitter.setSizes([620, 380] if large else [500, 500])

    def _show_none(self, error: KippError) -> None:
        if error.code not in {"which-stage", "no-plan"}:
            self.house.show_error(error)
        self._show(FieldBoard((), (), {}))

    def _show(self, board: FieldBoard) -> None:
        self._board = board
        self.model.set_rows(board.lines)
        self.splitter.setVisible(bool(board.lines))
        self.empty_place.setVisible(not board.lines)
        self.missing_label.setText("\n".join(say(text) for text in board.missing))
        self.missing_label.setVisible(bool(board.missing))
        self.print_button.setEnabled(any(line.observations for line in board.lines))
        for button in (self.before_button, self.claims_button, self.table_button):
            button.setEnabled(bool(board.lines))
        if board.lines and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._show_detail()
        if not self.isAncestorOf(self.window().focusWidget()):
            self.table.setFocus()

    def _show_detail(self) -> None:
        row = selected_row(self.table)
        self.detail.setHtml("" if row is None else self._told(row))

    def _told(self, row: FieldLine) -> str:
        names = self._board.names if self._board else {}
        escape = html.escape
        parts = [f"<h3>{escape(row.entry.number)} · {escape(row.entry.title)}</h3>"]
        parts.append(f"<p>{escape(row.agency)}</p>")
        parts += self._asked(row)
        for one in row.observations:
            said = one.visit
            photos = sum(1 for _, item in said.evidence if item.original is not None)
            parts.append(f"<p><b>{escape(names.get(one.person, one.person))}</b><br>")
            parts.append(escape(say(conclusion_text(said.conclusion, names))))
            parts.append(f". {escape(said.conclusion.reason)}<br>")
            parts.append(escape(say(Text("{count} photos and documents", count=photos))))
            parts.append("</p><ul>")
            for finding in said.findings:
                status = say(STATUS_TEXTS[finding.status])
                parts.append(f"<li>{escape(finding.claim)}: <b>{escape(status)}</b>")
                parts.append(f". {escape(finding.note)}</li>" if finding.note else "</li>")
            parts.append("</ul>")
        if row.differences:
            heading = escape(say(Text("Where the verifiers differ")))
            lines = "".join(f"<li>{escape(say(text))}</li>" for text in row.differences)
            parts.append(f"<p><b>{heading}</b></p><ul>{lines}</ul>")
        return "".join(parts)

    def _asked(self, row: FieldLine) -> Iterator[str]:
        """Yield what is asked to be checked, until somebody has looked at it."""
        names = self._board.names if self._board else {}
        escape = html.escape
        if row.claims and not row.observations:
            yield f"<p><b>{escape(say(Text('To be checked on site')))}</b></p><ul>"
            for one in row.claims:
                by = Text("a judge asks") if one.by == "judge" else Text("the secretariat asks")
                named = [names[one.criterion]] if one.criterion in names else []
                yield f"<li>{escape(one.text)} ({escape(', '.join([*named, say(by)]))})</li>"
            yield "</ul>"
        if row.unsent:
            text = Text("{count} claims go out with the next package.", count=row.unsent)
            yield f"<p>{escape(say(text))}</p>"

    def _ask_claims(self) -> None:
        """Let the desk type what is to be checked of the selected innovation."""
        row = selected_row(self.table)
        board = self._board
        if row is None or board is None:
            return
        own = [one for one in row.claims if one.by == "desk"]
        count = len(row.claims) - len(own)
        sheet = Sheet(
            Text("Claims to check: number {number}", number=row.entry.number),
            Text(
                "What verifiers look at on site, beside the {count} claims that judges ask for. "
                "They get it with the next package.",
                count=count,
            ),
            (
                Field(Text("Claim")),
                Field(
                    Text("Criterion"),
                    22,
                    (("", "–"), *((name, board.names[name]) for name in board.criteria)),
                ),
            ),
            tuple((one.text, one.criterion or "") for one in own),
        )
        workplace: Workplace = self.house.session.context
        entry = row.entry.id

        def store(task: TaskContext, rows: list[tuple[str, ...]]) -> Changes:
            typed = [(text, criterion or None) for text, criterion in rows]
            return set_claims(workplace.home(task), workplace.panel, entry, typed)

        RowsDialog(self.house, sheet, store, self.window()).open()

    def _write(self, *, before: bool) -> None:
        folder = files.choose_folder(self, Text("Folder for the documents of the field"))
        if folder is None:
            return
        workplace: Workplace = self.house.session.context
        write = field_reports.write_sheets if before else field_reports.write_reports
        self.run(
            lambda task: write(workplace.home(task), workplace.panel, folder),
            lambda written: self.house.show_message(
                Text(
                    "{count} documents are in the folder {folder}.",
                    count=len(written.files),
                    folder=folder.name,
                )
            ),
            title=Text("Writing the documents of the field"),
        )
