"""Kunci dan kata: the attendance list with everybody's words, and what becomes of each key.

A page of its own, not a part of Panel & rubrik: there everything is the next plan's and can be
edited; a key is a signed fact of the day. It is reached from there and from Berkas masuk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.fork import ForkDialog
from kipp_desktop.gui.dialogs.revoke import RevokeDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.cells import LargeDelegate
from kipp_desktop.gui.widgets.compare_card import CompareCard
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import arrivals, deciding, forks, keyring
from kipp_desktop.services.keyring import STATE_TEXTS, KeyLine
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.arrivals import WaitingKey
    from kipp_desktop.services.deciding import Revoked
    from kipp_desktop.services.desk import Votes
    from kipp_desktop.services.forks import Fork
    from kipp_desktop.services.keyring import Head, KeysView

WORDS: Final = 22
"""The size of the desk's words; those of the members stand in :class:`LargeDelegate`."""
WORDS_COLUMN: Final = 2
_TONES: Final = {
    "forked": "bad",
    "waiting": "wait",
    "second": "wait",
    "admitted": "good",
    "none": "neutral",
    "revoked": "neutral",
}


def _words(line: KeyLine) -> str:
    return say(Text("typed first, then shown")) if line.state == "waiting" else line.words


def _compared(line: KeyLine) -> str:
    if not line.words:
        return ""
    return say(Text("compared") if line.compared else Text("not compared"))


def _protection(line: KeyLine) -> str:
    if not line.key:
        return ""
    return say(Text("with") if line.protected else Text("without"))


_COLUMNS: Final = (
    Column[KeyLine](Text("Name"), lambda line: line.name, bold=True, stretch=True),
    Column[KeyLine](
        Text("Key"),
        lambda line: say(STATE_TEXTS[line.state]),
        tone=lambda line: _TONES[line.state],
        width=19,
    ),
    Column[KeyLine](Text("Six words"), _words, width=44),
    Column[KeyLine](
        Text("Words"),
        _compared,
        tone=lambda line: None if not line.words else "good" if line.compared else "wait",
        width=16,
    ),
    Column[KeyLine](
        Text("Passphrase"),
        _protection,
        tone=lambda line: None if not line.key else "neutral" if line.protected else "wait",
        width=11,
    ),
    Column[KeyLine](
        Text("Sheets"),
        lambda line: str(line.sheets) if line.key else "",
        lambda line: line.sheets,
        right=True,
        width=7,
    ),
)


def meaning(line: KeyLine) -> Text:
    """Return what the state of a key means, and what can be done."""
    name = line.name
    if line.state == "none":
        return Text("{name} has not joined on a laptop; on paper none is needed.", name=name)
    if line.state == "forked":
        return Text(
            "This key has signed two different versions; only what both share counts until the "
            "panel says which one stands."
        )
    if line.state == "waiting" and line.rivals:
        return Text(
            "Two laptops say that they are {name}. Compare the words with the person, not with a "
            "file; what the wrong one signed never counts.",
            name=name,
        )
    if line.state == "waiting":
        return Text("What this key signed counts once its words are compared.")
    if line.state == "second":
        return Text(
            "A second laptop of {name}: noted, but void. Revoke the key of the first laptop, and "
            "this one speaks.",
            name=name,
        )
    if line.state == "revoked":
        return Text(
            "Revoked ({reason}); of {count} records those up to {upto} count.",
            reason=line.reason,
            count=line.records,
            upto=line.upto or 0,
        )
    if not line.compared:
        return Text("Admitted without comparing the words; the records and every check say so.")
    if not line.protected:
        return Text(
            "The words were compared. The key has no passphrase: anybody at that laptop could sign."
        )
    return Text("The words were compared, and a passphrase protects the key.")


class KeysPage(Page):
    """What asks for something stands first; every act is a record of the desk."""

    form = "keys.ui"
    shows = frozenset({"people", "ledgers", "plan", "decisions"})

    desk_words: QLabel
    comparing: QWidget
    table: QTableView
    detail_label: QLabel
    sides_button: QPushButton
    revoke_button: QPushButton

    def build(self) -> None:
        """Set up the list and its acts."""
        self._view: KeysView | None = None
        self.compare_card = CompareCard(self.house)
        place(self.compare_card, self.comparing)
        self.compare_card.ended.connect(self.table.setFocus)
        self.model = RowsModel(_COLUMNS, lambda line: line.key or line.person, self)
        show_rows(self.table, self.model, self.act_on)
        self.table.setItemDelegateForColumn(
            WORDS_COLUMN, LargeDelegate(lambda line: bool(line.words), self.table)
        )
        self.table.selectionModel().selectionChanged.connect(self._look)
        self.sides_button.clicked.connect(self.show_sides)
        self.revoke_button.clicked.connect(self.ask_to_revoke)
        self.back_button = self.add_action(
            Text("Incoming files"),
            lambda: self.house.go_to("inbox"),
            icon="inbox",
            name="back_button",
        )
        self._fit()
        self._look()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [("Enter", Text("do what the line asks for"))]

    def load(self) -> None:
        """Read the keys."""
        workplace: Workplace = self.house.session.context

        def read(_task: object) -> tuple[KeysView, tuple[WaitingKey, ...]]:
            panel = workplace.panel
            return keyring.keys_view(panel), arrivals.waiting(panel)

        self.run(read, lambda found: self.show_view(*found))

    def show_view(self, view: KeysView, waiting: tuple[WaitingKey, ...]) -> None:
        """Show the keys."""
        self._view = view
        self.desk_words.setText(view.desk_words)
        self.model.set_rows(view.lines)
        if view.lines and selected_row(self.table) is None:
            self.table.selectRow(0)
        self.set_subtitle(
            Text(
                "{admitted} admitted · {waiting} waiting · {none} without a key",
                admitted=view.count("admitted"),
                waiting=view.count("waiting"),
                none=view.count("none"),
            )
        )
        self.compare_card.show_waiting(waiting)
        self._look()

    def say_all(self) -> None:
        """Say what is not the form's."""
        self._look()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.desk_words.setStyleSheet(f"font-size: {theme.px(WORDS)}px; font-weight: 600;")

    def _line(self) -> KeyLine | None:
        line: KeyLine | None = selected_row(self.table)
        return line

    def _look(self) -> None:
        line = self._line()
        state = line.state if line is not None else ""
        self.detail_label.setText("" if line is None else say(meaning(line)))
        self.sides_button.setVisible(state == "forked")
        self.revoke_button.setVisible(state in {"admitted", "second"})

    # --- acts ---

    def act_on(self, line: KeyLine) -> None:
        """Do what a line asks for."""
        if line.state == "waiting":
            self.compare_card.ask(line.key)
        elif line.state == "forked":
            self.show_sides()
        elif line.state == "second":
            self._revoke_first_of(line)
        elif line.state == "admitted":
            self.ask_to_revoke()

    def ask_to_revoke(self) -> None:
        """Ask where the key ends, and why."""
        line = self._line()
        if line is not None and line.state in {"admitted", "second"}:
            self._ask(line)

    def _revoke_first_of(self, line: KeyLine) -> None:
        """Ask about the key that speaks, so that the second laptop can take its place."""
        assert self._view is not None
        live = next(
            (
                one
                for one in self._view.lines
                if one.person == line.person and one.state in {"admitted", "forked"}
            ),
            None,
        )
        if live is not None and live.state == "forked":
            self._ask_sides(live.key)
        elif live is not None:
            self._ask(live)

    def _ask(self, line: KeyLine) -> None:
        assert self._view is not None
        workplace: Workplace = self.house.session.context
        heir = line.state == "admitted" and any(
            one.person == line.person and one.state == "second" for one in self._view.lines
        )

        def show(heads: tuple[Head, ...]) -> None:
            dialog = RevokeDialog(line, heads, heir, self.window())
            dialog.accepted.connect(lambda: self._revoke(line.key, *dialog.answer()))
            dialog.open()

        self.run(lambda _task: keyring.heads_of(workplace.panel, line.key), show)

    def show_sides(self) -> None:
        """Show both sides of the selected key."""
        line = self._line()
        if line is not None and line.state == "forked":
            self._ask_sides(line.key)

    def _ask_sides(self, key: str) -> None:
        workplace: Workplace = self.house.session.context

        def show(fork: Fork) -> None:
            dialog = ForkDialog(fork, self.window())

            def accepted() -> None:
                head, reason, votes = dialog.answer()
                self._revoke(key, head or fork.shared_head, reason, votes)

            dialog.accepted.connect(accepted)
            dialog.open()

        self.run(lambda _task: forks.fork_of(workplace.panel, key), show)

    def _revoke(self, key: str, head: str | None, reason: str, votes: Votes | None = None) -> None:
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house,
            workplace.card,
            lambda task: deciding.revoke(
                workplace.home(task),
                workplace.panel,
                key,
                reason,
                head,
                votes,
                nothing=head is None,
            ),
            self._tell,
        )

    def _tell(self, revoked: Revoked) -> None:
        self.house.show_message(
            Text("The key is revoked. The second laptop speaks from now on.")
            if revoked.heir is not None
            else Text("The key is revoked; it stands in the minutes with its reason.")
        )
