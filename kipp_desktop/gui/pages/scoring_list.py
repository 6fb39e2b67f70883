"""The left part of Penilaian: stage, progress, search, and the entries with their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from kipp_desktop.gui import forms
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.entry_list import EntryLine, EntryListModel
from kipp_desktop.gui.models.sheet_states import state_of
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.entry_list import dress_entry_list
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QComboBox, QLabel, QListView, QWidget

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.gui.models.sheets import Sheets
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.sheetbook import Sheetbook


class EntryPane(QObject):
    """Who is marked next. It never opens a sheet itself: it says what the user wants to see.

    ``chosen`` carries an entry id, ``activated`` says that its marks want the focus, ``filtered``
    that other entries are shown; ``stage_chosen`` carries a stage id.
    """

    chosen = Signal(str)
    activated = Signal()
    filtered = Signal()
    stage_chosen = Signal(str)

    stage_label: QLabel
    stage_choice: QComboBox
    progress_label: QLabel
    progress: QWidget
    search: QWidget
    entry_list: QListView

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self.model = EntryListModel()
        self.line, self.finder = ProgressLine(), SearchField()
        place(self.line, self.progress)
        place(self.finder, self.search)
        self.entry_list.setModel(self.model)
        dress_entry_list(self.entry_list)
        self.entry_list.selectionModel().currentChanged.connect(self._choose)
        self.entry_list.activated.connect(lambda _index: self.activated.emit())
        self.finder.searched.connect(self._search)
        self.finder.left_down.connect(self.entry_list.setFocus)
        self.stage_choice.activated.connect(
            lambda number: self.stage_chosen.emit(str(self.stage_choice.itemData(number)))
        )

    def show_stages(self, stages: Sequence[Stage], chosen: Stage) -> None:
        """Name the stage; with several, let the judge choose one."""
        self.stage_label.setText(chosen.name)
        self.stage_choice.setVisible(len(stages) > 1)
        self.stage_label.setVisible(len(stages) == 1)
        self.stage_choice.clear()
        for stage in stages:
            self.stage_choice.addItem(stage.name, stage.id)
        self.stage_choice.setCurrentIndex(self.stage_choice.findData(chosen.id))

    def show_sheets(self, sheets: Sheets) -> None:
        """Show other sheets; the filter stays."""
        self.model.set_lines([_line_of(sheets.book, view) for view in sheets.views()])
        self.show_count(sheets)

    def show_state(self, sheets: Sheets, view: SheetView) -> None:
        """Show that a sheet has another state now."""
        self.entry_list.update(self.model.replace_line(_line_of(sheets.book, view)))
        self.show_count(sheets)

    def show_count(self, sheets: Sheets) -> None:
        """Say how many sheets are complete."""
        self.line.show_progress(sheets.done, sheets.expected)
        text = Text("{done} of {total} complete", done=sheets.done, total=sheets.expected)
        self.progress_label.setText(say(text))

    def select(self, entry: str) -> None:
        """Put the cursor on an entry and scroll there, unless the filter hides it."""
        at = self.model.place_of(entry)
        if at is not None:
            index = self.model.index(at)
            self.entry_list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            view = self.entry_list
            if not view.viewport().rect().contains(view.visualRect(index)):
                view.scrollTo(index, view.ScrollHint.PositionAtCenter)

    def neighbour(self, entry: str, step: int) -> EntryLine | None:
        """Return the line before (-1) or after (1) an entry; ``None`` where there is none."""
        here = self.model.place_of(entry)
        return None if here is None else self.model.line_at(self.model.index(here + step))

    def say(self) -> None:
        """Say what is not the form's."""
        self.finder.say(say(Text("Search title, organisation, number")))

    def _choose(self, index: QModelIndex, _before: QModelIndex) -> None:
        line = self.model.line_at(index)
        if line is not None:
            self.chosen.emit(line.entry)

    def _search(self, text: str) -> None:
        self.model.set_filter(text)
        self.filtered.emit()


def _line_of(book: Sheetbook, view: SheetView) -> EntryLine:
    entry = view.entry
    organisation = book.organisations[entry.id]
    return EntryLine(entry.id, entry.number, entry.title, organisation, state_of(view))
