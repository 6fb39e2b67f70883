"""Berkas masuk: files from sticks are looked at and stored, and who is done is seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from kipp_desktop.errors import KippError
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.dialogs.arrival_preview import ArrivalPreviewDialog
from kipp_desktop.gui.dialogs.history import HistoryDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.arrivals import OUTCOMES, TONES
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_lines, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.cells import LinkDelegate
from kipp_desktop.gui.widgets.compare_card import CompareCard
from kipp_desktop.gui.widgets.completeness import Completeness
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.file_opener import FileOpener
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import arrivals, inbox, sticks
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.models.rows import Index
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.arrivals import Arrival, InboxView, Preview
    from kipp_desktop.services.sticks import Gathered

RECEIPT: Final = "tanda-terima.kipp"
ACTION_COLUMN: Final = 4
MOST_LINES: Final = 12


def _outcome(row: Arrival) -> str:
    if row.outcome == "merged":
        return say(Text("Received {time}", time=datetime.fromisoformat(row.at).time()))
    return say(OUTCOMES[row.outcome])


_ACTIONS: Final = {
    "waiting-for-key": Text("Compare…"),
    "second": Text("Keys…"),
    "forked": Text("Both sides…"),
    "refused": Text("Why?"),
}


def _action(row: Arrival) -> str:
    text = _ACTIONS.get(row.outcome)
    return "" if text is None else say(text)


COLUMNS: Final = (
    Column["Arrival"](Text("From"), lambda r: ", ".join(r.who) or "?", bold=True, width=10),
    Column["Arrival"](Text("File"), lambda r: r.file, width=18),
    Column["Arrival"](Text("Content"), lambda r: say(r.what), stretch=True),
    Column["Arrival"](Text("Outcome"), _outcome, tone=lambda r: TONES[r.outcome], width=20),
    Column["Arrival"](Text("To do"), _action, width=11),
)


class InboxPage(Page):
    """Files are looked at before anything is stored; problems stand first, each with its action."""

    form = "inbox.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries"})

    comparing: QWidget
    receipt_card: QFrame
    receipt_label: QLabel
    return_button: QPushButton
    no_receipt_button: QPushButton
    files: QTableView
    nothing: QWidget
    history_button: QPushButton
    keys_button: QPushButton
    receipt_button: QPushButton
    done_card: QFrame
    done: QWidget

    def build(self) -> None:
        """Set up the table, the card of words, and what takes files."""
        self._view: InboxView | None = None
        self._back_to: Path | None = None
        self.model = RowsModel(COLUMNS, lambda row: row.number, self)
        show_rows(self.files, self.model, self.act_on)
        self.files.setItemDelegateForColumn(ACTION_COLUMN, LinkDelegate(self.files))
        self.files.clicked.connect(self._clicked)
        self.compare_card = CompareCard(self.house)
        place(self.compare_card, self.comparing)
        self.completeness = Completeness()
        place(self.completeness, self.done)
        self.history_button.clicked.connect(self.show_history)
        self.keys_button.clicked.connect(lambda: self.house.go_to("keys"))
        self.opener = FileOpener(
            self,
            Text("Open files from the stick"),
            (file_dialogs.PACKAGES, file_dialogs.ALL),
            Text("Drag files here, or open them from the stick"),
            Text("Open a whole stick"),
        )
        self.opener.opened.connect(self.look_at)
        self.empty = EmptyState("inbox")
        place(self.empty, self.nothing)
        self.compare_card.ended.connect(self.opener.button.setFocus)
        self.receipt_button.clicked.connect(self.save_receipt)
        self.return_button.clicked.connect(self.return_receipt)
        self.no_receipt_button.clicked.connect(lambda: self._propose_receipt(None))
        self.receipt_card.hide()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [
            *self.opener.keys(Text("open files from a stick")),
            ("Enter", Text("do what the line asks for")),
        ]

    # --- reading ---

    def load(self) -> None:
        """Read what arrived."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: arrivals.inbox_view(workplace.panel), self.show_view)

    def show_view(self, view: InboxView) -> None:
        """Show what arrived."""
        self._view = view
        self.model.set_rows(view.arrivals)
        self.files.setVisible(bool(view.arrivals))
        self.nothing.setVisible(not view.arrivals)
        self.history_button.setEnabled(bool(view.history))
        show_lines(self.files, min(max(len(self.model.shown_rows()), 2), MOST_LINES))
        self.completeness.show_status(view.status)
        self.done_card.setVisible(bool(view.status.people))
        self.compare_card.show_waiting(view.waiting)

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("No file has been opened yet")),
            say(
                Text(
                    "Put the stick of a judge in, then drag it or its files here, or open them. "
                    "A file may come twice, late, or in any order."
                )
            ),
        )
        self._say_receipt()

    # --- files ---

    def look_at(self, paths: Sequence[Path]) -> None:
        """Say what files, folders or a stick would bring; nothing is stored yet."""
        workplace: Workplace = self.house.session.context

        def work(task: TaskContext) -> tuple[Gathered, tuple[Preview, ...]]:
            home = workplace.home(task)
            gathered = sticks.gather(home.context, paths)
            found = inbox.examine(home, workplace.panel, gathered.files)
            return gathered, arrivals.previews(workplace.panel, found)

        self.run(work, lambda found: self.show_preview(*found), title=Text("Looking at the files"))

    def show_preview(self, gathered: Gathered, previews: Sequence[Preview]) -> None:
        """Ask whether what was found is to be stored."""
        if not previews:
            self.house.show_message(
                Text(
                    "None of the {count} files there is one of ours. Look whether it is the right "
                    "stick.",
                    count=gathered.ignored,
                ),
                "wait",
            )
            return
        dialog = ArrivalPreviewDialog(previews, gathered.ignored, self.window())
        dialog.accepted.connect(lambda: self.store(previews, gathered.folder))
        dialog.open()

    def store(self, previews: Sequence[Preview], folder: Path | None) -> None:
        """Take what was looked at; what is whole is stored, the rest refused with its reason."""
        workplace: Workplace = self.house.session.context
        examined = [one.examined for one in sorted(previews, key=lambda one: one.number)]
        ask_and_run(
            self.house,
            workplace.card,
            lambda task: inbox.store(workplace.home(task), workplace.panel, examined),
            lambda merged: self._tell(merged, len(examined), folder),
        )

    def _tell(self, merged: inbox.Merged, given: int, folder: Path | None) -> None:
        # Also files that brought nothing new stand in the history.
        self.load()
        refused = [one for one in merged.outcomes if one.outcome == "refused"]
        waiting = sum(one.outcome == "waiting-for-key" for one in merged.outcomes)
        forked = sum(one.outcome == "forked" for one in merged.outcomes)
        taken = len(merged.outcomes) - len(refused)
        if len(merged.outcomes) < given:
            self.house.show_message(
                Text(
                    "Stopped: {taken} of {given} files were received, the others not opened.",
                    taken=taken,
                    given=given,
                ),
                "wait",
            )
        elif refused:
            self.house.show_message(
                Text(
                    "{taken} files received, {refused} refused. What was received is safe.",
                    taken=taken,
                    refused=len(refused),
                ),
                "wait",
            )
        elif forked:
            self.house.show_message(
                Text(
                    "{taken} files received; {forked} of them differ from what had arrived. Both "
                    "versions are kept.",
                    taken=taken,
                    forked=forked,
                ),
                "wait",
            )
        elif waiting:
            self.house.show_message(
                Text(
                    "{taken} files received; {waiting} of them wait to be compared.",
                    taken=taken,
                    waiting=waiting,
                ),
                "wait",
            )
        else:
            self.house.show_message(Text("{taken} files received.", taken=taken))
        if taken:
            self._propose_receipt(folder)

    # --- the receipt ---

    def _propose_receipt(self, folder: Path | None) -> None:
        had_focus = self.receipt_card.isAncestorOf(self.window().focusWidget())
        self._back_to = folder
        self._say_receipt()
        self.receipt_card.setVisible(folder is not None)
        if had_focus:
            self.opener.button.setFocus()

    def _say_receipt(self) -> None:
        if self._back_to is not None:
            text = Text(
                "A receipt tells the judges' laptops what has arrived. It goes to {folder}, where "
                "the files came from.",
                folder=str(self._back_to),
            )
            self.receipt_label.setText(say(text))

    def return_receipt(self) -> None:
        """Write what the desk has received to where the files came from."""
        if self._back_to is not None:
            self._write_receipt(self._back_to / RECEIPT)

    def save_receipt(self) -> None:
        """Ask where to write what the desk has received."""
        path = file_dialogs.choose_save(
            self, Text("Save the receipt on the stick"), RECEIPT, [file_dialogs.PACKAGES]
        )
        if path is not None:
            self._write_receipt(path)

    def _write_receipt(self, path: Path) -> None:
        workplace: Workplace = self.house.session.context

        def written(_merged: inbox.Merged) -> None:
            self.house.show_message(Text("The receipt is on the stick: {file}", file=path.name))
            self._propose_receipt(None)

        self.run(lambda task: inbox.merge(workplace.home(task), workplace.panel, [], path), written)

    # --- what a line asks for ---

    def show_history(self) -> None:
        """Show every file that was ever opened."""
        if self._view is not None:
            HistoryDialog(self._view.history, self.window()).open()

    def _clicked(self, index: Index) -> None:
        row = self.model.row_at(index)
        if row is not None and index.column() == ACTION_COLUMN:
            self.act_on(row)

    def act_on(self, row: Arrival) -> None:
        """Do what a line asks for: say why, ask for the words, or show the keys."""
        if row.outcome == "waiting-for-key":
            self.compare_card.ask(row.waiting[0])
        elif row.outcome in {"forked", "second"}:
            self.house.go_to("keys")
        elif row.is_problem:
            self.house.show_error(
                KippError(
                    row.outcome, Text("{file}: {what}.", file=row.file, what=row.what), row.advice
                )
            )
