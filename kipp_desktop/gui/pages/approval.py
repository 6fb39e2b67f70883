"""Persetujuan: a member looks at the results, and signs that they agree or why they do not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeySequence, QShortcut

from kipp_desktop.gui import forms, icons, theme
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.dialogs.resolve import Matter, ResolveDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.places import PLACES, places_of
from kipp_desktop.gui.models.rows import RowsModel
from kipp_desktop.gui.models.table import ROW, show_rows
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import approving
from kipp_desktop.services.approvals import approval_sentences
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QTableView, QWidget

    from kipp_desktop.gui.dialogs.resolve import Answer
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.approving import Offered

RESULTS: Final[file_dialogs.Filter] = (Text("Results"), ("*.kipp",))
VERDICT_ICON: Final = 34
LEAST_PLACES: Final = 5


class ApprovalPage(Page):
    """Open the file, read what it says, give one's word, hand in."""

    form = "approval.ui"

    verdict_card: QFrame
    verdict_icon: QLabel
    verdict_label: QLabel
    remark_label: QLabel
    nothing: QWidget
    facts_label: QLabel
    ranking: QTableView
    word_card: QFrame
    word_label: QLabel
    agree_button: QPushButton
    dissent_button: QPushButton
    hand_in_button: QPushButton

    def build(self) -> None:
        """Set up the table and what takes the file."""
        self._offered: Offered | None = None
        self.model = RowsModel(PLACES, lambda row: (row.group, row.number), self)
        show_rows(self.ranking, self.model)
        self.empty = EmptyState("user-check")
        place(self.empty, self.nothing)
        self.open_button = self.add_action(
            Text("Open hasil.kipp…"), self.choose_file, main=True, name="open_button"
        )
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.choose_file)
        FileDrop(self).dropped.connect(lambda paths: self.look_at(paths[0]))
        self.agree_button.clicked.connect(self.ask_agree)
        self.dissent_button.clicked.connect(self.ask_dissent)
        self.hand_in_button.clicked.connect(lambda: self.house.go_to("hand-in"))
        self._show()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's keys."""
        return [("Ctrl+O", Text("open the results"))]

    def say_all(self) -> None:
        """Say what is not the form's."""
        self.empty.say(
            say(Text("No results have been opened yet")),
            say(
                Text(
                    "When the panel has decided, the secretariat brings hasil.kipp on a stick. "
                    "Open it here: it is checked, you see places and awards, and you sign whether "
                    "you agree."
                )
            ),
        )
        self._show()

    # --- looking ---

    def choose_file(self) -> None:
        """Ask for the file, then check it."""
        chosen = file_dialogs.choose_open(
            self, Text("Open the results"), [RESULTS, file_dialogs.ALL]
        )
        if chosen:
            self.look_at(chosen[0])

    def look_at(self, file: Path) -> None:
        """Check the file and show what it says; nothing is stored."""
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: approving.look_at(
                workplace.home(task), workplace.panel, workplace.card, file
            ),
            self.show_offered,
            title=Text("Checking {file}", file=file.name),
        )

    def show_offered(self, offered: Offered) -> None:
        """Show what a file says, and what can be done about it."""
        self._offered = offered
        self._show()
        forms.chain_tabs(self)
        (self.agree_button if offered.can_be_approved else self.open_button).setFocus()

    def _show(self) -> None:
        offered = self._offered
        shown = offered is not None
        good = offered is not None and offered.can_be_approved
        self.nothing.setVisible(not shown)
        self.verdict_card.setVisible(shown)
        for widget in (self.facts_label, self.ranking, self.word_card):
            widget.setVisible(good)
        if offered is None:
            return
        self._say_verdict(offered)
        self.set_subtitle(Text("Checked: {files}", files=offered.file.name))
        if not good:
            return
        self.model.set_rows(places_of(offered.verification))
        header = self.ranking.horizontalHeader().sizeHint().height()
        self.ranking.setMinimumHeight(header + LEAST_PLACES * theme.px(ROW))
        self.facts_label.setText("\n".join(say(text) for text in _facts(offered)))
        self._say_word(offered)

    def _say_verdict(self, offered: Offered) -> None:
        found = offered.verification
        if offered.can_be_approved:
            text, icon, colour = Text("This result holds."), "circle-check", "on_good"
            remark = Text(
                "Every byte is whole, every signature holds, and places and awards, computed anew "
                "on this laptop, are the same."
            )
        elif found.ok:
            text, icon, colour = Text("This file carries no results."), "circle-alert", "on_wait"
            remark = Text("Ask the secretariat for hasil.kipp.")
        else:
            wrong = next(check for check in found.checks if not check.ok)
            text, icon, colour = Text("This result does not hold."), "circle-alert", "on_bad"
            remark = Text(
                "{what} Do not approve it; ask the secretariat for the file anew.",
                what=wrong.detail,
            )
        self.verdict_label.setText(say(text))
        self.remark_label.setText(say(remark))
        ratio = self.devicePixelRatioF()
        self.verdict_icon.setPixmap(icons.pixmap(icon, colour, VERDICT_ICON, ratio))
        self.verdict_card.setAccessibleName(f"{say(text)} {say(remark)}")

    def _say_word(self, offered: Offered) -> None:
        said = offered.said
        if said is None:
            text = Text("You have not said anything about these results yet.")
        elif said.dissent is None:
            text = Text(
                "You agreed on {at}. Hand it in, so that the secretariat has it.",
                at=datetime.fromisoformat(said.at),
            )
        else:
            text = Text(
                "You dissented on {at}: {reason} Hand it in, so that the secretariat has it.",
                at=datetime.fromisoformat(said.at),
                reason=said.dissent,
            )
        self.word_label.setText(say(text))
        self.hand_in_button.setVisible(said is not None)
        self.agree_button.setEnabled(said is None or said.dissent is not None)

    # --- the word ---

    def ask_agree(self) -> None:
        """Ask once, then sign the agreement."""
        self._ask(
            Matter(
                title=Text("Agree with the results"),
                what=Text("I have seen these results and agree with them."),
                button=Text("Sign: I agree"),
                facts=(Text("It is signed with your key and stands in the minutes."),),
                votes=False,
                asks_reason=False,
            )
        )

    def ask_dissent(self) -> None:
        """Ask for the reason, then sign the dissent."""
        self._ask(
            Matter(
                title=Text("Dissent from the results"),
                what=Text("I have seen these results and do not agree with them."),
                button=Text("Sign: I do not agree"),
                facts=(Text("Your reason is signed, printed in the minutes, and public."),),
                votes=False,
            )
        )

    def _ask(self, matter: Matter) -> None:
        dialog = ResolveDialog(matter, self.window())
        dialog.accepted.connect(lambda: self._sign(dialog.answer))
        dialog.open()

    def _sign(self, answer: Answer | None) -> None:
        offered = self._offered
        if answer is None or offered is None:
            return
        workplace: Workplace = self.house.session.context
        card, panel = workplace.card, workplace.panel
        looked_at = offered.verification.results

        def done(_results: str) -> None:
            self.house.show_message(
                Text("Signed. Write the file for the secretariat on the page “Hand in”.")
            )
            self.look_at(offered.file)

        ask_and_run(
            self.house,
            card,
            lambda task: approving.approve(
                workplace.home(task),
                panel,
                card,
                offered.file,
                answer.reason or None,
                looked_at,
            ),
            done,
        )


def _facts(offered: Offered) -> Iterator[Text]:
    found = offered.verification
    assert found.setup is not None
    name = found.setup.competition.name
    yield (
        Text("{name}: published as final.", name=name)
        if found.final
        else Text("{name}: a draft, until the approvals asked for are there.", name=name)
    )
    yield Text(
        "Judged by {judges}.",
        judges=tuple(
            Text(
                "{name} ({sent} of {expected})",
                name=one.person,
                sent=one.sent,
                expected=one.expected,
            )
            for one in found.people
        ),
    )
    yield from approval_sentences(found.setup, found.said)
