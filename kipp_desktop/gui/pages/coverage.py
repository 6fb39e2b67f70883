"""Organisasi & cakupan: the tree of organisations, names to confirm, and who entered how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTreeWidgetItem

from kipp_desktop.files import write_whole
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.import_table import import_table
from kipp_desktop.gui.dialogs.organisation import OrganisationDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.coverage_rows import KINDS, MATCHES
from kipp_desktop.gui.models.rows import RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import catalogue, say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.services import organisations
from kipp_desktop.services.importing import import_organisations
from kipp_desktop.services.organisations import Match, OrganisationLine
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import (
        QCheckBox,
        QHBoxLayout,
        QLabel,
        QPushButton,
        QTableView,
        QTabWidget,
        QTreeWidget,
        QWidget,
    )

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.coverage import Coverage, CoverageRow
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

_ID: Final = int(Qt.ItemDataRole.UserRole)
_BREAK: Final = 820
_NUMBERS: Final = range(2, 5)
_WIDTHS: Final = {1: 130, 2: 84, 3: 80, 4: 104}
_HIGH: Final = 220


@dataclass(frozen=True)
class Shown:
    """What the page shows, read in one go."""

    coverage: Coverage
    lines: dict[str, OrganisationLine]
    matches: list[Match]
    legal_basis: str


class CoveragePage(Page):
    """One agency, one innovation: organisations, names to confirm, sums by kind."""

    form = "coverage.ui"
    shows = frozenset({"organisations", "entries", "competition"})

    box: QWidget
    summary_label: QLabel
    legal_label: QLabel
    tabs: QTabWidget
    tree_tab: QWidget
    tree_row: QHBoxLayout
    missing_box: QCheckBox
    add_button: QPushButton
    edit_button: QPushButton
    remove_button: QPushButton
    import_button: QPushButton
    tree: QTreeWidget
    matches_tab: QWidget
    matches_hint: QLabel
    matches_table: QTableView
    matches_row: QHBoxLayout
    same_button: QPushButton
    apart_button: QPushButton
    kinds_table: QTableView
    empty_place: QWidget

    def build(self) -> None:
        """Set up tree, tables and acts."""
        self._shown: Shown | None = None
        self.matches = RowsModel(MATCHES, lambda m: m.id, self)
        self.kinds = RowsModel(KINDS, lambda k: k.kind, self)
        show_rows(self.matches_table, self.matches, lambda _m: self.same_button.setFocus())
        show_rows(self.kinds_table, self.kinds)
        self.tree.setColumnCount(5)
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tabs.tabBar().setDrawBase(False)
        BreakingRow(self.tree_row, _BREAK, self.tree_tab)
        self.empty = EmptyState("users")
        self.empty.button.setObjectName("empty_import_button")
        self.empty.on_click(self._import)
        place(self.empty, self.empty_place)
        self.pdf_button = self.add_action(
            Text("PDF report…"), self._save_pdf, icon="file-text", name="pdf_button"
        )
        self.xlsx_button = self.add_action(
            Text("XLSX table…"), self._save_xlsx, icon="save", name="xlsx_button"
        )
        FileDrop(self).dropped.connect(self._dropped)
        self.tree.itemSelectionChanged.connect(self._look)
        self.tree.itemActivated.connect(lambda *_: self._edit())
        self.missing_box.toggled.connect(lambda _on: self._fill_tree())
        self.add_button.clicked.connect(lambda: self._open(OrganisationLine()))
        self.edit_button.clicked.connect(self._edit)
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.import_button.clicked.connect(self._import)
        self.same_button.clicked.connect(lambda: self._answer(same=True))
        self.apart_button.clicked.connect(lambda: self._answer(same=False))
        self.matches_table.selectionModel().selectionChanged.connect(lambda *_: self._look())
        self.tabs.currentChanged.connect(self._fit_tabs)
        self.box.hide()
        self.empty_place.hide()
        self._fit_tabs()
        self._dress()

    def load(self) -> None:
        """Read organisations and entries in the database thread."""
        workplace: Workplace = self.house.session.context

        def work(_task: TaskContext) -> Shown:
            panel = workplace.panel
            return Shown(
                organisations.coverage_view(panel),
                {line.id: line for line in organisations.organisation_lines(panel)},
                organisations.matches(panel),
                organisations.legal_basis(panel),
            )

        self.run(work, self._show)

    def say_all(self) -> None:
        """Say everything again."""
        self.empty.say(
            say(Text("No organisation is known yet.")),
            say(
                Text(
                    "Load the list of agencies that must enter an innovation: columns such as "
                    "nama, jenis, induk and wajib are recognised. Agencies named in the "
                    "innovations come by themselves."
                )
            ),
            say(Text("Import a table…")),
        )
        if self._shown is not None:
            self._show(self._shown)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("Enter", Text("change the organisation"))]

    # --- what is shown ---

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        some = bool(shown.lines)
        self.box.setVisible(some)
        self.empty_place.setVisible(not some)
        self.pdf_button.setVisible(some)
        self.xlsx_button.setVisible(some)
        found = shown.coverage
        self.set_subtitle(Text("{count} organisations", count=len(found.rows)) if some else None)
        missing = len(found.missing)
        self.summary_label.setText(
            say(
                Text(
                    "Of {obliged} organisations that must enter an innovation, {entered} did and "
                    "{missing} did not.",
                    obliged=found.obliged,
                    entered=found.obliged - missing,
                    missing=missing,
                )
                if found.obliged
                else Text("No organisation is marked as one that must enter an innovation.")
            )
        )
        basis = shown.legal_basis
        self.legal_label.setText(say(Text("Legal basis: {text}", text=basis)) if basis else "")
        self.legal_label.setVisible(bool(basis))
        self._say_matches(shown)
        self.kinds.set_rows(found.kinds)
        self._fill_tree()

    def _say_matches(self, shown: Shown) -> None:
        count = len(shown.matches)
        self.tabs.setTabText(
            self.tabs.indexOf(self.matches_tab),
            say(
                Text("Names to confirm ({count})", count=count)
                if count
                else Text("Names to confirm")
            ),
        )
        self.matches_hint.setText(
            say(
                Text(
                    "These names came with innovations and perhaps mean an organisation of the "
                    "list. Confirmed ones are recognised in the next table, too."
                )
                if count
                else Text("Every name in the innovations is one of the list.")
            )
        )
        self.matches_table.setVisible(bool(count))
        self.same_button.setVisible(bool(count))
        self.apart_button.setVisible(bool(count))
        line = max(self.matches_table.currentIndex().row(), 0)
        self.matches.set_rows(shown.matches)
        if count and selected_row(self.matches_table) is None:
            self.matches_table.selectRow(min(line, count - 1))

    def _fill_tree(self) -> None:
        if self._shown is None:
            return
        chosen = self._chosen()
        self.tree.blockSignals(True)
        self.tree.clear()
        titles = (
            Text("Organisation"),
            Text("Kind"),
            Text("Must enter"),
            Text("Innovations"),
            Text("With units"),
        )
        self.tree.setHeaderLabels([say(text) for text in titles])
        above: list[QTreeWidgetItem] = []
        current: QTreeWidgetItem | None = None
        missing_only = self.missing_box.isChecked()
        for row in self._shown.coverage.rows:
            if missing_only and (row.entered or not row.must_enter):
                continue
            item = _item(row)
            del above[0 if missing_only else row.depth :]
            if above:
                above[-1].addChild(item)
            else:
                self.tree.addTopLevelItem(item)
            above.append(item)
            if chosen is not None and row.id == chosen.id:
                current = item
        self.tree.setRootIsDecorated(any(item.childCount() for item in _roots(self.tree)))
        self.tree.expandAll()
        _to_the_right(self.tree.headerItem())
        self.tree.blockSignals(False)
        wanted = current or self.tree.topLevelItem(0)
        if wanted is not None:
            self.tree.setCurrentItem(wanted)
        self._look()

    def _look(self) -> None:
        line = self._chosen()
        self.edit_button.setEnabled(line is not None)
        self.remove_button.setEnabled(line is not None)
        match = selected_row(self.matches_table)
        self.same_button.setEnabled(match is not None)
        self.apart_button.setEnabled(match is not None)

    def _chosen(self) -> OrganisationLine | None:
        item = self.tree.currentItem()
        if item is None or self._shown is None:
            return None
        return self._shown.lines.get(str(item.data(0, _ID)))

    # --- what is done ---

    def _open(self, line: OrganisationLine) -> None:
        if self._shown is not None:
            lines = list(self._shown.lines.values())
            OrganisationDialog(self.house, line, lines, self.window()).open()

    def _edit(self) -> None:
        line = self._chosen()
        if line is not None:
            self._open(line)

    def _ask_to_remove(self) -> None:
        line = self._chosen()
        if line is None:
            return
        dialog = ConfirmDialog(
            Text("Take {name} out of the list of organisations?", name=line.name),
            Text("Units below it move up. It holds from the next package on."),
            Text("Take out"),
            self.window(),
        )
        dialog.accepted.connect(lambda: self._remove(line))
        dialog.open()

    def _remove(self, line: OrganisationLine) -> None:
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: organisations.remove_organisation(
                workplace.home(task), workplace.panel, line.id
            )
        )

    def _import(self) -> None:
        import_table(self, "organisations", import_organisations)

    def _dropped(self, paths: list[Path]) -> None:
        import_table(self, "organisations", import_organisations, paths[0])

    def _answer(self, *, same: bool) -> None:
        match: Match | None = selected_row(self.matches_table)
        if match is None:
            return
        workplace: Workplace = self.house.session.context
        self.matches_table.setFocus(Qt.FocusReason.OtherFocusReason)
        if same:
            self.run(
                lambda task: organisations.confirm_match(
                    workplace.home(task), workplace.panel, match.id, match.means
                )
            )
        else:
            self.run(lambda _task: organisations.keep_apart(workplace.panel, match.id, match.means))

    def _save_pdf(self) -> None:
        path = files.choose_save(
            self.window(), Text("Save the report"), "cakupan.pdf", (files.PDFS,)
        )
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        words = _words()
        self.run(
            lambda task: write_whole(
                path, organisations.coverage_pdf(workplace.home(task), workplace.panel, words)
            ),
            lambda _done: self.house.show_message(Text("{file} is written.", file=path.name)),
            title=Text("Writing the report"),
        )

    def _save_xlsx(self) -> None:
        path = files.choose_save(
            self.window(), Text("Save the table"), "cakupan.xlsx", (files.SHEETS,)
        )
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        words = _words()
        self.run(
            lambda _task: write_whole(path, organisations.coverage_xlsx(workplace.panel, words)),
            lambda _done: self.house.show_message(Text("{file} is written.", file=path.name)),
        )

    def _fit_tabs(self) -> None:
        """Let only the tab that is shown say how much room it needs.

        What is hidden keeps the letters of the size at which it was seen last.
        """
        for at in range(self.tabs.count()):
            tab = self.tabs.widget(at)
            policy = QSizePolicy.Policy
            shown = at == self.tabs.currentIndex()
            way = policy.Preferred if shown else policy.Ignored
            if tab is not None:
                tab.setSizePolicy(way, way)

    def _dress(self) -> None:
        for column, width in _WIDTHS.items():
            self.tree.setColumnWidth(column, theme.px(width))
        self.tree.setMinimumHeight(theme.px(_HIGH))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if hasattr(self, "tree"):
            self._dress()


def _roots(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    found = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [item for item in found if item is not None]


def _words() -> Catalogue:
    words = catalogue()
    assert words is not None
    return words


def _item(row: CoverageRow) -> QTreeWidgetItem:
    must = say(Text("yes")) if row.must_enter else ""
    numbers = ["" if not row.own else str(row.own), "" if not row.total else str(row.total)]
    if row.must_enter and not row.entered:
        numbers = ["", say(Text("not yet"))]
    item = QTreeWidgetItem([row.name, row.kind, must, *numbers])
    item.setData(0, _ID, row.id)
    item.setToolTip(0, row.name)
    item.setToolTip(3, ", ".join(row.numbers))
    if row.must_enter and not row.entered:
        item.setForeground(4, theme.colour("on_wait"))
        item.setFont(4, theme.font(bold=True))
    _to_the_right(item)
    return item


def _to_the_right(item: QTreeWidgetItem) -> None:
    for column in _NUMBERS:
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
