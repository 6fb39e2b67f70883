"""Inovasi: every entry of the next plan, its details, its table, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.dialogs.import_table import import_table
from kipp_desktop.gui.dialogs.status import StatusDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.entry_details import FILE, details_html
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import attachments, duplicates, organisations, selection
from kipp_desktop.services.desk import record_status
from kipp_desktop.services.entries import STATUS_TEXTS, EntryLine, entry_lines
from kipp_desktop.services.entry_papers import unpack_file
from kipp_desktop.services.importing import import_entries
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QHBoxLayout,
        QLabel,
        QPushButton,
        QSplitter,
        QTableView,
        QTextBrowser,
        QWidget,
    )

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.setup import Attachment
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.panel import Panel

TONES: Final = {"present": None, "absent": "wait", "withdrawn": "wait", "disqualified": "bad"}


def _number_key(line: EntryLine) -> tuple[int, str]:
    digits = "".join(c for c in line.number if c.isdecimal())
    return (int(digits) if digits else 0, line.number)


_COLUMNS: Final = (
    Column[EntryLine](Text("No."), lambda e: e.number, _number_key, right=True, width=4),
    Column[EntryLine](Text("Innovation"), lambda e: e.title, stretch=True, bold=True),
    Column[EntryLine](Text("Agency"), lambda e: e.agency, width=24, least=11),
    Column[EntryLine](
        Text("Status"),
        lambda e: "" if e.status == "present" else say(STATUS_TEXTS[e.status]),
        tone=lambda e: TONES[e.status],
        width=14,
    ),
)


_BREAK: Final = 560
PICTURES: Final = (Text("PDF and pictures"), ("*.pdf", "*.png", "*.jpg", "*.jpeg"))


@dataclass(frozen=True)
class Asks:
    """What of the list asks for somebody: pairs, undecided entries, organisations without any.

    ``undecided`` is None where the rules have no administrative selection.
    """

    pairs: int
    undecided: int | None
    missing: int
    matches: int


class EntriesPage(Page):
    """A table that filters while typing, and beside it everything about one entry."""

    form = "entries.ui"
    shows = frozenset({"entries", "organisations", "plan", "decisions", "competition"})

    list_box: QWidget
    asks_row: QHBoxLayout
    pairs_button: QPushButton
    selection_button: QPushButton
    coverage_button: QPushButton
    search: QWidget
    splitter: QSplitter
    table: QTableView
    status_chip: QLabel
    status_button: QPushButton
    detail: QTextBrowser
    attach_button: QPushButton
    empty_place: QWidget

    def build(self) -> None:
        """Set up table, filter and actions."""
        self.finder = SearchField()
        self.finder.setObjectName("search_field")
        place(self.finder, self.search)
        self.model = RowsModel(_COLUMNS, lambda e: e.id, self)
        show_rows(self.table, self.model, lambda _row: self.detail.setFocus())
        self.finder.searched.connect(self._filter)
        self.finder.left_down.connect(self._go_down)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_detail())
        self.model.modelReset.connect(self._show_detail)
        self.splitter.setHandleWidth(10)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 1)
        self.empty = EmptyState("lightbulb")
        self.empty.button.setObjectName("empty_import_button")
        self.empty.on_click(self._import)
        place(self.empty, self.empty_place)
        self.status_button.clicked.connect(self._change_status)
        self._files: dict[str, tuple[Attachment, ...]] = {}
        self._asks: Asks | None = None
        self.detail.anchorClicked.connect(self._open_file)
        self.attach_button.clicked.connect(self._attach)
        for button, key in (
            (self.pairs_button, "duplicates"),
            (self.selection_button, "selection"),
            (self.coverage_button, "coverage"),
        ):
            button.clicked.connect(lambda _on=False, key=key: self.house.go_to(key))
        self.pairs_button.hide()
        BreakingRow(self.asks_row, _BREAK, self.list_box)
        FileDrop(self).dropped.connect(self._dropped)
        self.import_button = self.add_action(
            Text("Import a table…"), self._import, main=True, icon="upload", name="import_button"
        )
        self.list_box.hide()
        self.empty_place.hide()

    def load(self) -> None:
        """Read the entries in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: (
                entry_lines(workplace.panel),
                attachments.files_by_entry(workplace.panel),
            ),
            self._show,
        )
        # Apart, so that a long list stands there while its titles are still being compared.
        self.run(lambda _task: _asks(workplace.panel), self._show_asks)

    def say_all(self) -> None:
        """Say hints and details again."""
        self.finder.say(say(Text("Search number, title, agency or status")))
        self.empty.say(
            say(Text("No innovation has been loaded yet.")),
            say(
                Text(
                    "Choose the table as it is (Excel, ODS or CSV): columns such as nomor, judul "
                    "and instansi are recognised, and you see every problem before anything is "
                    "stored."
                )
            ),
            say(Text("Import a table…")),
        )
        self._show_detail()
        if self._asks is not None:
            self._show_asks(self._asks)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("Enter", Text("read the details of the innovation"))]

    def _show(self, found: tuple[list[EntryLine], dict[str, tuple[Attachment, ...]]]) -> None:
        lines, self._files = found
        self.model.set_rows(lines)
        self.list_box.setVisible(bool(lines))
        self.empty_place.setVisible(not lines)
        self.import_button.setVisible(bool(lines))
        self._count()
        self._select_any()
        self._show_detail()

    def _show_asks(self, asks: Asks) -> None:
        self._asks = asks
        self.pairs_button.setVisible(bool(asks.pairs))
        self.pairs_button.setText(say(Text("{count} similar pairs…", count=asks.pairs)))
        chosen = Text("Selection…")
        if asks.undecided:
            chosen = Text("Selection: {count} undecided…", count=asks.undecided)
        self.selection_button.setText(say(chosen))
        covered = Text("Organisations…")
        if asks.matches:
            covered = Text("Organisations: {count} names…", count=asks.matches)
        elif asks.missing:
            covered = Text("Coverage: {count} missing…", count=asks.missing)
        self.coverage_button.setText(say(covered))
        # After the words: an icon beside words has room around it.
        icons.wear(self.pairs_button, "copy")
        icons.wear(self.selection_button, "list-checks")
        icons.wear(self.coverage_button, "users")

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._count()
        self._select_any()

    def _select_any(self) -> None:
        if self.model.rowCount() and selected_row(self.table) is None:
            self.table.selectRow(0)

    def _count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total()
        text = Text("{count} innovations", count=total)
        if shown != total:
            text = Text("{shown} of {count} innovations", shown=shown, count=total)
        self.set_subtitle(text if total else None)

    def _go_down(self) -> None:
        self.table.setFocus()

    def _show_detail(self) -> None:
        line: EntryLine | None = selected_row(self.table)
        self.status_button.setEnabled(line is not None)
        self.attach_button.setEnabled(line is not None)
        if line is None:
            self.detail.clear()
            self.status_chip.hide()
            return
        self.status_chip.setText(say(STATUS_TEXTS[line.status]))
        say_look(self.status_chip, "chip", TONES[line.status] or "good")
        self.status_chip.show()
        self.detail.setHtml(details_html(line, self._files.get(line.id, ())))

    def _dropped(self, paths: list[Path]) -> None:
        import_table(self, "entries", import_entries, paths[0])

    def _attach(self) -> None:
        line: EntryLine | None = selected_row(self.table)
        if line is None:
            return
        chosen = file_dialogs.choose_open(
            self.window(), Text("Add a file to the innovation"), (PICTURES,)
        )
        if not chosen:
            return
        number = line.number
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: attachments.attach(
                workplace.home(task), workplace.panel, number, chosen[0]
            ),
            lambda _changes: self.house.show_message(
                Text("{file} is kept with the innovation.", file=chosen[0].name)
            ),
        )

    def _open_file(self, link: QUrl) -> None:
        """Open a copy of an attachment with the system's own program for it."""
        line: EntryLine | None = selected_row(self.table)
        wanted = link.path()
        files = self._files.get(line.id, ()) if line is not None else ()
        file = next((one for one in files if one.sha256 == wanted), None)
        if link.scheme() != FILE or file is None:
            return
        workplace: Workplace = self.house.session.context
        folder = Path(gettempdir()) / "kipp-desktop"
        self.run(
            lambda _task: unpack_file(workplace.panel, file, folder),
            _open,
        )

    def _import(self) -> None:
        import_table(self, "entries", import_entries)

    def _change_status(self) -> None:
        line: EntryLine | None = selected_row(self.table)
        if line is None:
            return
        if not line.published:
            self.house.show_message(
                Text("A status can be recorded once the package has been published."), "calm"
            )
            return
        dialog = StatusDialog(line, self.window())
        dialog.accepted.connect(lambda: self._record(line, *dialog.answer()))
        dialog.open()

    def _record(self, line: EntryLine, status: str, reason: str) -> None:
        workplace: Workplace = self.house.session.context

        def work(task: TaskContext) -> Changes:
            return record_status(workplace.home(task), workplace.panel, line.number, status, reason)

        ask_and_run(self.house, workplace.card, work)

    def changeEvent(self, event: object) -> None:
        """Write the details again in other colours."""
        super().changeEvent(event)  # type: ignore[arg-type]
        if getattr(self, "_drawn_in", theme.colours()) is not theme.colours():
            self._show_detail()
        self._drawn_in = theme.colours()


def _asks(panel: Panel) -> Asks:
    """Return what of the list asks for somebody (in the database thread)."""
    used = selection.stage_of(panel) is not None
    return Asks(
        len(duplicates.pairs(panel)),
        len(selection.selection_view(panel).open) if used else None,
        len(organisations.coverage_view(panel).missing),
        len(organisations.matches(panel)),
    )


def _open(path: Path) -> None:
    """Let the system's own program show a file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
