"""Seleksi administrasi: entries against the conditions, what is proposed and what was found.

What is found here stays on this laptop; recording it signs who goes on and, with reasons, who does
not. A competition without this stage is asked whether it wants one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QMenu, QTableView

from kipp_desktop.files import write_whole
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.import_table import import_table
from kipp_desktop.gui.dialogs.selection_record import RecordSelectionDialog
from kipp_desktop.gui.forms import chain_tabs, place
from kipp_desktop.gui.models.rows import RowsModel
from kipp_desktop.gui.models.selection_rows import columns_for
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import catalogue, say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.checklist_items import ChecklistItems
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import selection
from kipp_desktop.services.catalogues import checklist_catalogue, load_checklist
from kipp_desktop.services.selection import SelectionLine, SelectionView
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QCheckBox,
        QComboBox,
        QDateEdit,
        QHBoxLayout,
        QLabel,
        QLineEdit,
        QPushButton,
        QSplitter,
        QWidget,
    )

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Listed

_NO_DATE: Final = QDate(2000, 1, 1)
_BREAK: Final = 900
_LIST, _DETAIL = 660, 460


@dataclass(frozen=True)
class Shown:
    """What the page shows: the selection, the checklists there are, other competitions here."""

    view: SelectionView
    checklists: tuple[tuple[str, str], ...]
    others: tuple[Listed, ...]


class SelectionPage(Page):
    """The table at the left, the conditions of the selected entry at the right."""

    form = "selection.ui"
    shows = frozenset({"entries", "organisations", "competition", "plan", "decisions"})

    on_box: QWidget
    off_place: QWidget
    setup_row: QHBoxLayout
    checklist: QComboBox
    closes: QDateEdit
    winners_button: QPushButton
    splitter: QSplitter
    search: QWidget
    undecided: QCheckBox
    accept_all_button: QPushButton
    table_place: QWidget
    entry_label: QLabel
    items_place: QWidget
    reason: QLineEdit
    problem_label: QLabel
    pass_button: QPushButton
    fail_button: QPushButton
    reopen_button: QPushButton
    accept_button: QPushButton
    verdict_row: QHBoxLayout

    def build(self) -> None:
        """Set up everything but the table, whose columns are the checklist's."""
        self._shown: Shown | None = None
        self._repainted: set[str] = set()
        self.model: RowsModel[SelectionLine] | None = None
        self.table: QTableView | None = None
        self.finder = SearchField()
        self.finder.setObjectName("search_field")
        place(self.finder, self.search)
        self.items = ChecklistItems()
        self.items.setObjectName("items")
        place(self.items, self.items_place)
        self.splitter.setHandleWidth(10)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_LIST, _DETAIL])
        BreakingRow(self.setup_row, _BREAK, self.on_box)
        self.closes.setMinimumDate(_NO_DATE)
        self.closes.setDisplayFormat("dd/MM/yyyy")
        self.closes.setCalendarPopup(True)
        self.winners_menu = QMenu(self)
        self.winners_button.setMenu(self.winners_menu)
        self.off = EmptyState("list-checks")
        self.off.on_click(self._begin)
        self.off.button.setObjectName("begin_button")
        place(self.off, self.off_place)
        self.export_button = self.add_action(
            Text("Save list…"), self._export, icon="save", name="export_button"
        )
        self.record_button = self.add_action(
            Text("Record outcome…"), self._ask_to_record, main=True, icon="gavel",
            name="record_button",
        )  # fmt: skip
        self.problem_label.hide()
        self.on_box.hide()
        self.off_place.hide()
        for button in (self.export_button, self.record_button):
            button.hide()
        self._connect()

    def _connect(self) -> None:
        self.finder.searched.connect(self._search)
        self.finder.left_down.connect(lambda: self.table is not None and self.table.setFocus())
        self.undecided.toggled.connect(self._filter)
        self.checklist.activated.connect(self._use)
        self.closes.editingFinished.connect(self._set_closes)
        self.items.settled.connect(self._settle)
        self.items.currentCellChanged.connect(lambda *_: self._look_at_item())
        self.pass_button.clicked.connect(lambda: self._settle(True))
        self.fail_button.clicked.connect(lambda: self._settle(False))
        self.reopen_button.clicked.connect(lambda: self._settle(None))
        self.accept_all_button.clicked.connect(lambda: self._accept(every=True))
        self.accept_button.clicked.connect(lambda: self._accept(every=False))
        self.reason.returnPressed.connect(lambda: self._settle(False))
        self.reason.textEdited.connect(lambda _text: self.problem_label.hide())

    def load(self) -> None:
        """Read the selection in the database thread, unless the page shows it already."""
        seen, own = self.watch.seen, self._repainted
        self._repainted = set()
        if seen and seen.entries and seen.kinds == {"entries"} and seen.entries <= own:
            return
        workplace: Workplace = self.house.session.context

        def work(task: TaskContext) -> Shown:
            home, panel = workplace.home(task), workplace.panel
            view = selection.selection_view(panel)
            known = {name: load_checklist(name).name for name in checklist_catalogue()}
            known.setdefault(view.checklist.id, view.checklist.name)
            others = [one for one in home.competitions() if one.id != panel.competition]
            return Shown(view, tuple(known.items()), tuple(others))

        self.run(work, self._show)

    def say_all(self) -> None:
        """Say everything again."""
        self.finder.say(say(Text("Search number, title or outcome")))
        self.closes.setSpecialValueText(say(Text("not set")))
        self.off.say(
            say(Text("This competition has no administrative selection.")),
            say(
                Text(
                    "It is a checklist before judging: applied long enough, not an earlier winner, "
                    "complete. What the table can answer is proposed; you decide, and recording it "
                    "signs who goes on."
                )
            ),
            say(Text("Use an administrative selection")),
        )
        if self._shown is not None:
            self._show(self._shown)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [
            ("Enter", Text("go to the conditions of the innovation")),
            ("+", Text("the condition is met")),
            ("-", Text("the condition is not met (with a reason)")),
            ("Del", Text("open the condition again")),
        ]

    # --- what is shown ---

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        view = shown.view
        used = view.stage is not None
        self.on_box.setVisible(used)
        self.off_place.setVisible(not used)
        for button in (self.export_button, self.record_button):
            button.setVisible(used)
        items = len(view.checklist.items)
        if self.model is None or len(self.model.columns) != len(columns_for(items)):
            self._make_table(items)
        assert self.model is not None
        assert self.table is not None
        line = max(self.table.currentIndex().row(), 0)
        self.model.set_rows(view.lines)
        self._select(line)
        self._show_setup(shown)
        self._show_counts(view)
        self._look()

    def _show_counts(self, view: SelectionView) -> None:
        used, count = view.stage is not None, len(view.open)
        self.set_subtitle(
            Text("{count} innovations, {open} undecided", count=len(view.lines), open=count)
            if used
            else None
        )
        self.record_button.setEnabled(bool(view.lines) and not count)
        self.accept_all_button.setEnabled(
            any(
                state.passed is None and state.proposal.passed is not None
                for one in view.lines
                for state in one.items
            )
        )

    def _show_setup(self, shown: Shown) -> None:
        view = shown.view
        self.checklist.clear()
        for name, title in shown.checklists:
            self.checklist.addItem(title, name)
        self.checklist.setCurrentIndex(self.checklist.findData(view.checklist.id))
        self.checklist.setToolTip(view.checklist.source)
        day = _NO_DATE
        if view.closes is not None:
            day = QDate(view.closes.year, view.closes.month, view.closes.day)
        self.closes.blockSignals(True)
        self.closes.setDate(day)
        self.closes.blockSignals(False)
        self.winners_button.setText(say(Text("{count} earlier &winners…", count=view.winners)))
        self.winners_menu.clear()
        self.winners_menu.addAction(say(Text("Import a table…")), self._import_winners)
        self.winners_menu.addAction(say(Text("Take over from a results file…")), self._winners_in)
        for other in shown.others:
            self.winners_menu.addAction(
                say(Text("Take over from {name}", name=other.name)),
                partial(self._winners_of, other),
            )

    def _make_table(self, items: int) -> None:
        """Make the table anew: the number of conditions has changed."""
        if self.table is not None:
            self.table.hide()
            self.table.deleteLater()
        self.table = QTableView()
        self.table.setObjectName("table")
        self.table.setAccessibleName(say(Text("Innovations and conditions")))
        place(self.table, self.table_place)
        self.model = RowsModel(columns_for(items), lambda line: line.entry.id, self)
        show_rows(self.table, self.model, lambda _line: self.items.setFocus())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._look())
        self._filter()
        chain_tabs(self)

    def _search(self, text: str) -> None:
        if self.model is not None:
            self.model.set_filter(text)
            self._select(0)
            self._look()

    def _filter(self) -> None:
        if self.model is not None:
            wanted = self.undecided.isChecked()
            self.model.set_accept((lambda line: line.passed is None) if wanted else None)
            self._select(0)
            self._look()

    def _select(self, line: int) -> None:
        if self.model is None or self.table is None or not self.model.rowCount():
            return
        if selected_row(self.table) is None:
            self.table.selectRow(min(line, self.model.rowCount() - 1))

    def _line(self) -> SelectionLine | None:
        return None if self.table is None else selected_row(self.table)

    def _look(self) -> None:
        line = self._line()
        if self._shown is None:
            return
        self.entry_label.setText(
            "" if line is None else f"{line.entry.number} · {line.entry.title}"
        )
        self.items.show_line(self._shown.view.checklist, line)
        self.accept_button.setEnabled(
            line is not None
            and any(s.passed is None and s.proposal.passed is not None for s in line.items)
        )
        self._look_at_item()

    def _look_at_item(self) -> None:
        state = self.items.current()
        for button in (self.pass_button, self.fail_button, self.reason):
            button.setEnabled(state is not None)
        self.reopen_button.setEnabled(state is not None and state.passed is not None)
        self.problem_label.hide()
        if state is None:
            self.reason.clear()
        elif state.passed is False:
            self.reason.setText(state.reason)
        else:
            proposed = state.proposal.passed is False
            self.reason.setText(say(state.proposal.why) if proposed else "")

    # --- what is decided ---

    def _settle(self, passed: object) -> None:
        line, state = self._line(), self.items.current()
        if line is None or state is None:
            return
        reason = self.reason.text().strip() if passed is False else ""
        if passed is False and not reason:
            self.problem_label.setText(say(Text("Write why the condition is not met.")))
            self.problem_label.show()
            self.reason.setFocus()
            return
        verdict = passed if isinstance(passed, bool) else None
        workplace: Workplace = self.house.session.context
        entry, number, item = line.entry.id, line.entry.number, state.item
        if verdict is not None:
            self.items.step_on()
        self.items.setFocus(Qt.FocusReason.OtherFocusReason)
        self.run(
            lambda task: selection.set_verdict(
                workplace.home(task), workplace.panel, number, item, verdict, reason
            ),
            lambda _changes: self._repaint(entry, item, verdict, reason),
        )

    def _repaint(self, entry: str, item: str, passed: bool | None, reason: str) -> None:
        """Show a verdict in its row; to read thousands of entries again would be felt."""
        if self._shown is None or self.model is None:
            return
        view, line = selection.with_verdict(self._shown.view, entry, item, passed, reason)
        self._shown = replace(self._shown, view=view)
        self._repainted.add(entry)
        self.model.replace_row(line)
        self._select(0)
        self._show_counts(view)
        self._look()

    def _accept(self, *, every: bool) -> None:
        line = self._line()
        numbers = None if every or line is None else [line.entry.number]
        workplace: Workplace = self.house.session.context

        def work(task: TaskContext) -> Accepted:
            home, panel = workplace.home(task), workplace.panel
            return Accepted(*selection.accept_proposals(home, panel, numbers))

        self.run(
            work,
            lambda done: self.house.show_message(
                Text("{count} conditions settled as proposed.", count=done.count)
            ),
        )

    def _ask_to_record(self) -> None:
        if self._shown is None:
            return
        dialog = RecordSelectionDialog(self._shown.view, self.window())
        dialog.accepted.connect(lambda: self._record(dialog.why()))
        dialog.open()

    def _record(self, reason: str) -> None:
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house,
            workplace.card,
            lambda task: selection.record_selection(workplace.home(task), workplace.panel, reason),
            lambda _changes: self.house.show_message(
                Text("The outcome of the administrative selection is recorded and signed.")
            ),
        )

    # --- the checklist, the date, earlier winners, the list ---

    def _begin(self) -> None:
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: selection.use_checklist(
                workplace.home(task), workplace.panel, load_checklist("kipp")
            )
        )

    def _use(self) -> None:
        name = self.checklist.currentData()
        workplace: Workplace = self.house.session.context
        if self._shown is None or name == self._shown.view.checklist.id:
            return
        self.run(
            lambda task: selection.use_checklist(
                workplace.home(task), workplace.panel, load_checklist(name)
            )
        )

    def _set_closes(self) -> None:
        picked = self.closes.date()
        day = date(picked.year(), picked.month(), picked.day())
        if picked == _NO_DATE or self._shown is None or day == self._shown.view.closes:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: selection.use_checklist(workplace.home(task), workplace.panel, None, day)
        )

    def _import_winners(self) -> None:
        import_table(self, "winners", selection.import_winners)

    def _winners_of(self, other: Listed) -> None:
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: selection.winners_of(workplace.home(task), workplace.panel, other),
            self._say_winners,
        )

    def _winners_in(self) -> None:
        filters = (files.PACKAGES, files.ALL)
        chosen = files.choose_open(
            self.window(), Text("Take over the winners of a results file"), filters
        )
        workplace: Workplace = self.house.session.context
        if chosen:
            self.run(
                lambda task: selection.winners_in(workplace.home(task), workplace.panel, chosen[0]),
                self._say_winners,
            )

    def _say_winners(self, count: int) -> None:
        self.house.show_message(Text("{count} earlier winners were added.", count=count))
        self.load()

    def _export(self) -> None:
        title = Text("Save the list of the selection")
        path = files.choose_save(self.window(), title, "seleksi-administrasi.xlsx", (files.SHEETS,))
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: write_whole(path, selection.selection_list(workplace.panel, catalogue())),
            lambda _done: self.house.show_message(Text("{file} is written.", file=path.name)),
        )

    def resizeEvent(self, event: Any) -> None:
        """Put the conditions below the list where big letters leave no room beside it."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(_BREAK)
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.splitter.orientation() != way:
            self.splitter.setOrientation(way)
            self.splitter.setSizes([_LIST, _DETAIL])

    def changeEvent(self, event: Any) -> None:
        """Follow language and text size in the conditions, too."""
        super().changeEvent(event)
        if hasattr(self, "items"):
            self.items.dress()


@dataclass(frozen=True)
class Accepted:
    """How many conditions were settled, and what changed."""

    count: int
    changes: Changes
