"""Berkas masuk: files from sticks are merged, waiting laptops compared, and who is done is seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.words import misspelt
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.dialogs.passphrase import ask_passphrase
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_lines, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.cells import LinkDelegate
from kipp_desktop.gui.widgets.completeness import Completeness
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import arrivals, desk, inbox
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.models.rows import Index
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.arrivals import Arrival, InboxView, WaitingKey

RECEIPT: Final = "tanda-terima.kipp"
ACTION_COLUMN: Final = 4
MOST_LINES: Final = 12


def _outcome(row: Arrival) -> str:
    if row.outcome == "merged":
        return say(Text("Received {time}", time=datetime.fromisoformat(row.at).time()))
    return say(_OUTCOMES[row.outcome])


_OUTCOMES: Final = {
    "nothing-new": Text("Already here"),
    "waiting-for-key": Text("Waits to be compared"),
    "forked": Text("Two different versions"),
    "refused": Text("Refused"),
}
_TONES: Final = {
    "merged": "good",
    "nothing-new": "neutral",
    "waiting-for-key": "wait",
    "forked": "wait",
    "refused": "bad",
}
_ACTIONS: Final = {
    "waiting-for-key": Text("Compare …"),
    "forked": Text("What now?"),
    "refused": Text("Why?"),
}


def _action(row: Arrival) -> str:
    text = _ACTIONS.get(row.outcome)
    return "" if text is None else say(text)


COLUMNS: Final = (
    Column["Arrival"](Text("From"), lambda r: ", ".join(r.who) or "?", bold=True, width=10),
    Column["Arrival"](Text("File"), lambda r: r.file, width=18),
    Column["Arrival"](Text("Content"), lambda r: say(r.what), stretch=True),
    Column["Arrival"](Text("Outcome"), _outcome, tone=lambda r: _TONES[r.outcome], width=20),
    Column["Arrival"](Text("To do"), _action, width=11),
)


class InboxPage(Page):
    """Problems stand first, each with what can be done about it."""

    form = "inbox.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries"})

    waiting_card: QFrame
    waiting_title: QLabel
    waiting_hint: QLabel
    words: QLineEdit
    compare_button: QPushButton
    later_button: QPushButton
    words_problem: QLabel
    files: QTableView
    nothing: QWidget
    done_card: QFrame
    done: QWidget

    def build(self) -> None:
        """Set up the table, the card of words, and what takes files."""
        self._view: InboxView | None = None
        self._asked: WaitingKey | None = None
        self._later: set[str] = set()
        self._problem: Text | None = None
        self.model = RowsModel(COLUMNS, lambda row: row.number, self)
        show_rows(self.files, self.model, self.act_on)
        self.files.setItemDelegateForColumn(ACTION_COLUMN, LinkDelegate(self.files))
        self.files.clicked.connect(self._clicked)
        self.empty = EmptyState("inbox")
        place(self.empty, self.nothing)
        self.empty.on_click(self.choose_files)
        self.completeness = Completeness()
        place(self.completeness, self.done)
        self.receipt_button = self.add_action(
            Text("Receipt for the stick"), self.save_receipt, name="receipt_button"
        )
        self.open_button = self.add_action(
            Text("Open files …"), self.choose_files, main=True, name="open_button"
        )
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.choose_files)
        drop = FileDrop(self)
        drop.dropped.connect(self.merge)
        drop.hovered.connect(self._say_drop)
        self.words.returnPressed.connect(self.compare)
        self.words.textEdited.connect(lambda _typed: self._show_problem(None))
        self.compare_button.clicked.connect(self.compare)
        self.later_button.clicked.connect(self.put_off)
        self.waiting_card.hide()
        self._show_problem(None)
        self._say_drop(over=False)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [
            ("Ctrl+O", Text("open files from a stick")),
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
        self._fit()
        self.completeness.show_status(view.status)
        self.done_card.setVisible(bool(view.status.people))
        self._ask_next()

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("No file has been opened yet")),
            say(
                Text(
                    "Put the stick of a judge in, then drag the .kipp files here or open them. "
                    "A file may come twice, late, or in any order."
                )
            ),
        )
        self.words.setPlaceholderText(say(Text("the six words, with spaces between")))
        self._say_card()
        self._show_problem(self._problem)

    def _say_drop(self, over: bool) -> None:
        self.set_subtitle(
            Text("Drop the files here")
            if over
            else Text("Drag files here, or open them from the stick")
        )

    def _fit(self) -> None:
        lines = min(max(len(self.model.shown_rows()), 2), MOST_LINES)
        show_lines(self.files, lines)

    # --- files ---

    def choose_files(self) -> None:
        """Ask for files, then merge them."""
        chosen = file_dialogs.choose_open(
            self, Text("Open files from the stick"), [file_dialogs.PACKAGES], several=True
        )
        if chosen:
            self.merge(chosen)

    def merge(self, paths: Sequence[Path]) -> None:
        """Merge files; what is whole is stored, the rest refused with its reason."""
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house,
            workplace.card,
            ask_passphrase,
            lambda task: inbox.merge(workplace.home(task), workplace.panel, paths),
            lambda merged: self._tell(merged, len(paths)),
        )

    def _tell(self, merged: inbox.Merged, given: int) -> None:
        # Also files that brought nothing new stand in the history.
        self.load()
        refused = [one for one in merged.outcomes if one.outcome == "refused"]
        waiting = sum(one.outcome == "waiting-for-key" for one in merged.outcomes)
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

    def save_receipt(self) -> None:
        """Write what the desk has received, for the judges' laptops."""
        path = file_dialogs.choose_save(
            self, Text("Save the receipt on the stick"), RECEIPT, [file_dialogs.PACKAGES]
        )
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: inbox.merge(workplace.home(task), workplace.panel, [], path),
            lambda _merged: self.house.show_message(
                Text("The receipt is on the stick: {file}", file=path.name)
            ),
        )

    # --- what a line asks for ---

    def _clicked(self, index: Index) -> None:
        row = self.model.row_at(index)
        if row is not None and index.column() == ACTION_COLUMN:
            self.act_on(row)

    def act_on(self, row: Arrival) -> None:
        """Do what a line asks for: say why, or ask for the words."""
        if row.outcome == "waiting-for-key":
            self._later -= set(row.waiting)
            self._ask_next(first=row.waiting[0])
            self.words.setFocus()
        elif row.is_problem:
            self.house.show_error(
                KippError(
                    row.outcome, Text("{file}: {what}.", file=row.file, what=row.what), row.advice
                )
            )

    # --- comparing ---

    def _ask_next(self, first: str = "") -> None:
        """Show the card for a key that waits: ``first``, else the one shown, else any."""
        waiting = self._view.waiting if self._view is not None else ()
        shown = self._asked.key if self._asked is not None else ""
        open_ones = {one.key: one for one in waiting if one.key not in self._later}
        wanted = next((key for key in (first, shown) if key in open_ones), None)
        asked = open_ones[wanted] if wanted else next(iter(open_ones.values()), None)
        if asked is None or self._asked is None or asked.key != self._asked.key:
            focus: QWidget | None = QApplication.focusWidget()
            had_focus = focus is not None and self.waiting_card.isAncestorOf(focus)
            self.words.clear()
            self._show_problem(None)
            if had_focus:
                (self.open_button if asked is None else self.words).setFocus()
        self._asked = asked
        self._say_card()
        self.waiting_card.setVisible(asked is not None)

    def _say_card(self) -> None:
        if self._asked is None:
            return
        name = self._asked.name
        self.waiting_title.setText(say(Text("Compare the laptop of {name}", name=name)))
        self.waiting_hint.setText(
            say(
                Text(
                    "Type the six words that {name} wrote beside the signature on the attendance "
                    "list, or reads aloud.",
                    name=name,
                )
            )
        )

    def compare(self) -> None:
        """Admit the key whose words were typed; misspelt ones are named first."""
        asked, typed = self._asked, self.words.text()
        if asked is None:
            return
        if not typed.strip():
            self.words.setFocus()
            return
        wrong = misspelt(typed)
        if wrong:
            self._show_problem(_misspelt_text(wrong))
            self.words.setFocus()
            return
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house,
            workplace.card,
            ask_passphrase,
            lambda task: desk.admit(workplace.home(task), workplace.panel, asked.key, typed),
            lambda _changes: self.house.show_message(
                Text(
                    "The laptop of {name} is compared; {count} sheets are received.",
                    name=asked.name,
                    count=asked.sheets,
                )
            ),
            self._refused,
        )

    def put_off(self) -> None:
        """Leave this laptop for later; its line stays."""
        if self._asked is not None:
            self._later.add(self._asked.key)
            self._ask_next()

    def _refused(self, error: KippError) -> None:
        if error.code != "wrong-words":
            self.house.show_error(error)
            return
        self._show_problem(Text("{what} {next}", what=error.what, next=error.next or ""))
        self.words.setFocus()
        self.words.selectAll()

    def _show_problem(self, problem: Text | None) -> None:
        self._problem = problem
        said = "" if problem is None else say(problem)
        self.words_problem.setText(said)
        self.words_problem.setVisible(bool(said))
        self.words.setAccessibleDescription(said)
        say_look(self.words, "problem", bool(said))


def _misspelt_text(wrong: Sequence[tuple[str, str | None]]) -> Text:
    named = tuple(
        Text("“{word}”", word=word)
        if near is None
        else Text("“{word}” (perhaps “{near}”)", word=word, near=near)
        for word, near in wrong
    )
    return Text(
        "Not among the words that can occur: {words}. Look at the paper again.", words=named
    )
