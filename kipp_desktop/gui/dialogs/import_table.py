"""Load a table in three steps: sheet and headings, what the columns are, what would happen.

Everything is guessed. A table with headings that are known opens at its columns, so that after the
choice of the file the main button is pressed twice; one whose columns were confirmed before opens
at its last step. Nothing is stored before the last button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QStyledItemDelegate,
    QTableWidgetItem,
)

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.import_columns import ColumnRows, letters
from kipp_desktop.gui.dialogs.import_lines import LINE_COLUMNS, counts, lines_of
from kipp_desktop.gui.forms import chain_tabs
from kipp_desktop.gui.models.rows import RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.translation import catalogue, say, say_next
from kipp_desktop.services.importing import AS_GUESSED, ImportReport, Layout
from kipp_desktop.services.rejects import write_rejects
from kipp_desktop.services.table_view import TableView, look_at_table
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import (
        QComboBox,
        QGridLayout,
        QLabel,
        QProgressBar,
        QPushButton,
        QScrollArea,
        QSpinBox,
        QStyleOptionViewItem,
        QTableView,
        QTableWidget,
        QWidget,
    )

    from kipp_desktop.errors import KippError
    from kipp_desktop.exchange.tables import Kind
    from kipp_desktop.gui.models.rows import Index
    from kipp_desktop.gui.pages.base import House, Page
    from kipp_desktop.gui.tasks import Task, TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

SHEET, COLUMNS, PREVIEW = range(3)
_STEPS: Final = (
    Text("Step 1 of 3: where is the list?"),
    Text("Step 2 of 3: what are the columns?"),
    Text("Step 3 of 3: what will happen?"),
)
_LOOK_MS: Final = 100
_WAIT: Final = 4  # looks before progress is shown
_NARROWEST, _WIDEST, _AROUND = 56, 220, 28
_ROW: Final = 30
_HIGH: Final = 340
_SHARE: Final = 0.45  # of the screen's height, where letters are big


class _HeadingsDelegate(QStyledItemDelegate):
    """Colours the row of headings; the style sheet leaves a cell's own ground out."""

    row = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        if index.row() == self.row:
            painter.fillRect(option.rect, theme.colour("selected"))
        super().paint(painter, option, index)


class Loader(Protocol):
    """One of the services that load a table."""

    def __call__(
        self, home: Home, panel: Panel, path: Path, layout: Layout, /, *, dry_run: bool
    ) -> ImportReport:
        """Load the table, or only say what would happen."""


@dataclass(frozen=True)
class Source:
    """A table to load: the file, what it lists, and the service that loads it."""

    path: Path
    kind: Kind
    load: Loader


class ImportDialog(FormDialog):
    """Accepted when the table was loaded; :attr:`report` then says what was done."""

    form = "import_table.ui"
    title = Text("Import a table")
    wide = 980

    file_label: QLabel
    step_label: QLabel
    sheet_step: QWidget
    sheet_label: QLabel
    sheet: QComboBox
    header_row: QSpinBox
    top: QTableWidget
    columns_step: QWidget
    columns_label: QLabel
    columns_area: QScrollArea
    columns_grid: QGridLayout
    preview_step: QWidget
    summary_label: QLabel
    table: QTableView
    clean_label: QLabel
    safe_label: QLabel
    export_button: QPushButton
    problem_label: QLabel
    progress_row: QWidget
    progress_label: QLabel
    progress: QProgressBar
    stop_button: QPushButton
    buttons: QDialogButtonBox

    def __init__(
        self, house: House, source: Source, view: TableView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._house, self._source = house, source
        self._task: Task[Any] | None = None
        self._looks = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._show_progress)
        self.report = ImportReport()
        self.file_label.setText(source.path.name)
        self.file_label.setToolTip(str(source.path))
        self.rows = ColumnRows(self.columns_grid, source.kind, self)
        self.model = RowsModel(LINE_COLUMNS, lambda line: line.number, self)
        show_rows(self.table, self.model)
        self.top.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.top.setTabKeyNavigation(False)
        self.top.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._headings = _HeadingsDelegate(self.top)
        self.top.setItemDelegate(self._headings)
        self.back_button = self.buttons.addButton(
            say(Text("Back")), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.back_button.setObjectName("back_button")
        self._next = self.main_button(self.buttons, Text("Continue"))
        self._keep_room()
        self._show_view(view)
        self._show_step(COLUMNS if view.problem is None else SHEET)
        self._connect()
        if view.remembered:
            self._look_ahead()

    def _connect(self) -> None:
        self.sheet.activated.connect(lambda _at: self._read_again(None))
        self.header_row.valueChanged.connect(self._read_again)
        self.top.doubleClicked.connect(
            lambda index: self.header_row.setValue(self._view.top[index.row()][0])
        )
        self.back_button.clicked.connect(lambda: self._show_step(self.step - 1))
        self.export_button.clicked.connect(self._export)
        self.stop_button.clicked.connect(self._stop)
        self._house.tasks.ended.connect(self._ended)
        self.buttons.accepted.connect(self._forward)
        self.buttons.rejected.connect(self.reject)

    def _keep_room(self) -> None:
        """Let nothing jump when progress or problems appear and go."""
        high = min(theme.px(_HIGH), int(self._room().height() * _SHARE))
        for widget in (self.top, self.columns_area, self.table):
            widget.setMinimumHeight(high)
        policy = self.progress_row.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress_row.setSizePolicy(policy)
        self.progress_row.hide()
        self.problem_label.hide()

    # --- the steps ---

    def _show_step(self, step: int) -> None:
        self.step = step
        for number, widget in enumerate((self.sheet_step, self.columns_step, self.preview_step)):
            widget.setVisible(number == step)
        self.step_label.setText(say(_STEPS[step]))
        self.back_button.setVisible(step > SHEET)
        self.problem_label.hide()
        if step == PREVIEW:
            usable = self.report.added + self.report.updated
            self.main_button(self.buttons, Text("Load {count} rows", count=usable))
            self._next.setEnabled(bool(usable))
        else:
            self.main_button(self.buttons, Text("Continue"))
            self._next.setEnabled(True)
        chain_tabs(self)
        (self._next if self._next.isEnabled() else self.back_button).setFocus()
        self.fit()

    def _forward(self) -> None:
        if self._task is not None:
            return
        if self.step == SHEET:
            self._show_step(COLUMNS)
        elif self.step == COLUMNS:
            self._look_ahead()
        elif self._next.isEnabled():
            self._load()

    def _look_ahead(self) -> None:
        twice = self.rows.twice()
        if twice is not None:
            self._say_problem(twice)
            return
        layout = self._view.layout(self.rows.chosen())
        self._run(lambda task: self._work(task, layout, dry_run=True), self._preview)

    def _preview(self, report: ImportReport) -> None:
        self.report = report
        self.summary_label.setText(say(counts(report)))
        lines = lines_of(report)
        self.model.set_rows(lines)
        self.table.setVisible(bool(lines))
        self.clean_label.setVisible(not lines)
        refused = len(report.rejects.rows)
        self.export_button.setVisible(bool(refused))
        self.export_button.setText(say(Text("E&xport {count} rows with problems…", count=refused)))
        self._show_step(PREVIEW)

    def _load(self) -> None:
        layout = self._view.layout(self.rows.chosen())
        self._run(lambda task: self._work(task, layout, dry_run=False), self._loaded)

    def _loaded(self, report: ImportReport) -> None:
        self.report = report
        self.accept()

    def _work(self, task: TaskContext, layout: Layout, *, dry_run: bool) -> ImportReport:
        workplace: Workplace = self._house.session.context
        source = self._source
        home = workplace.home(task)
        return source.load(home, workplace.panel, source.path, layout, dry_run=dry_run)

    # --- sheet and row of headings ---

    def _read_again(self, row: int | None) -> None:
        layout = Layout(self.sheet.currentData(), row)
        self._run(lambda task: look(self._house, task, self._source, layout), self._show_view)

    def _show_view(self, view: TableView) -> None:
        self._view = view
        for widget in (self.sheet, self.header_row):
            widget.blockSignals(True)
        self.sheet.clear()
        for name, count in view.sheets:
            self.sheet.addItem(say(Text("{name} ({count} rows)", name=name, count=count)), name)
        self.sheet.setCurrentIndex(self.sheet.findData(view.sheet))
        several = len(view.sheets) > 1
        self.sheet.setVisible(several)
        self.sheet_label.setVisible(several)
        self.header_row.setValue(view.header_row)
        for widget in (self.sheet, self.header_row):
            widget.blockSignals(False)
        self._show_top(view)
        self.rows.show_columns(view)
        unsure = self.rows.unsure()
        text = Text("Every column below is read as its heading says. Change what is wrong.")
        if view.remembered:
            text = Text("A table with these headings was loaded before; it is read as then.")
        elif unsure:
            text = Text("{count} columns are guesses: please check them.", count=unsure)
        where = Text(
            "Sheet “{sheet}”, headings in row {row}.", sheet=view.sheet, row=view.header_row
        )
        self.columns_label.setText(f"{say(where)} {say(text)}")

    def _show_top(self, view: TableView) -> None:
        width = max((len(cells) for _, cells in view.top if any(cells)), default=1)
        self.top.clear()
        self.top.setRowCount(len(view.top))
        self.top.setColumnCount(width)
        self.top.setHorizontalHeaderLabels([letters(n) for n in range(width)])
        self.top.setVerticalHeaderLabels([str(row) for row, _ in view.top])
        for line, (row, cells) in enumerate(view.top):
            for at in range(width):
                item = QTableWidgetItem(cells[at] if at < len(cells) else "")
                item.setToolTip(item.text())
                if row == view.header_row:
                    item.setFont(theme.font(bold=True))
                    item.setForeground(theme.colour("on_selected"))
                self.top.setItem(line, at, item)
        self.top.clearSpans()
        for line, (row, cells) in enumerate(view.top):
            if row < view.header_row and width > 1 and not any(cells[1:]):
                self.top.setSpan(line, 0, 1, width)
        letter = self.top.fontMetrics().horizontalAdvance
        for at in range(width):
            # Titles above the list reach over the cells at their right.
            rows = [c for row, c in view.top if row >= view.header_row and at < len(c)]
            wish = max((letter(cells[at]) for cells in rows), default=0) + theme.px(_AROUND)
            self.top.setColumnWidth(at, max(theme.px(_NARROWEST), min(wish, theme.px(_WIDEST))))
        self.top.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        line = next((n for n, (row, _) in enumerate(view.top) if row == view.header_row), 0)
        self._headings.row = line
        self.top.setCurrentCell(line, 0)

    # --- the rows that cannot be used ---

    def _export(self) -> None:
        name = f"{self._source.path.stem}-perbaiki.xlsx"
        path = files.choose_save(self, Text("Export the rows with problems"), name, (files.SHEETS,))
        if path is None:
            return
        report = self.report
        self._run(
            lambda _task: write_rejects(report, path, catalogue()),
            lambda count: self._say_exported(count, path),
        )

    def _say_exported(self, count: int, path: Path) -> None:
        self.safe_label.setText(
            say(
                Text(
                    "{count} rows are in {file}, each with its reason. Correct them there and "
                    "import that file.",
                    count=count,
                    file=path.name,
                )
            )
        )

    # --- work, its progress, and stopping it ---

    def _run(self, work: Callable[[TaskContext], Any], done: Callable[[Any], None]) -> None:
        self.problem_label.hide()
        self._looks = 0
        self._wait(running=True)
        for widget in (self.sheet_step, self.columns_step, self.preview_step):
            widget.setEnabled(False)
        self._clock.start()

        def at_rest(result: Any) -> None:
            # First, so that what is done next finds its buttons enabled.
            self._ended(self._task)
            done(result)

        self._task = self._house.run(work, at_rest, self._failed, owner=self)

    def _failed(self, error: KippError) -> None:
        self._say_problem(error.what, error.next)

    def _say_problem(self, what: Text, next_step: Text | None = None) -> None:
        self.problem_label.setText(f"{say(what)} {say_next(next_step)}".strip())
        self.problem_label.show()
        self.fit()

    def _ended(self, task: Task[Any] | None) -> None:
        if task is None or task is not self._task:
            return
        self._task = None
        self._clock.stop()
        self.progress_row.hide()
        self._wait(running=False)
        for widget in (self.sheet_step, self.columns_step, self.preview_step):
            widget.setEnabled(True)
        if self.focusWidget() is None or not self.focusWidget().isEnabled():
            (self._next if self._next.isEnabled() else self.back_button).setFocus()

    def _show_progress(self) -> None:
        self._looks += 1
        if self._task is None or self._looks < _WAIT:
            return
        context = self._task.context
        self.progress_label.setText(say(context.text or Text("One moment …")))
        self.progress.setRange(0, 1000 if context.fraction else 0)
        self.progress.setValue(round(context.fraction * 1000))
        self.stop_button.setEnabled(not context.cancelled)
        self.progress_row.show()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.stop_button.setEnabled(False)

    def reject(self) -> None:
        """Stop what is being done; otherwise close, with nothing stored."""
        if self._task is not None:
            self._stop()
        else:
            super().reject()


def look(house: House, task: TaskContext, source: Source, layout: Layout) -> TableView:
    """Return what a table seems to hold (in the database thread)."""
    workplace: Workplace = house.session.context
    home = workplace.home(task)
    return look_at_table(home, workplace.panel, source.path, source.kind, layout)


def import_table(page: Page, kind: Kind, load: Loader, path: Path | None = None) -> None:
    """Ask for a table unless it is there, and lead through loading it; one that is none is said."""
    if path is None:
        filters = (files.TABLES, files.ALL)
        chosen = files.choose_open(page.window(), Text("Import a table"), filters)
        if not chosen:
            return
        path = chosen[0]
    source = Source(path, kind, load)

    def show(view: TableView) -> None:
        dialog = ImportDialog(page.house, source, view, page.window())
        dialog.accepted.connect(lambda: page.house.show_message(counts(dialog.report)))
        dialog.open()

    page.run(
        lambda task: look(page.house, task, source, AS_GUESSED),
        show,
        title=Text("Reading the table"),
    )
