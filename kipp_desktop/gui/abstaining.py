"""Two acts of a judge beside marking: give no marks to an entry, and mark it after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.passphrase import ask_passphrase
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import abstaining, judging
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.setup import Entry
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import Marker


def ask_abstention(page: Page, marker: Marker, entry: Entry) -> None:
    """Ask why this judge does not mark an entry, and sign it."""
    dialog = AbstentionDialog(f"{entry.number} · {entry.title}", page)

    def sign() -> None:
        why, reason = dialog.why(), dialog.reason.toPlainText()
        workplace: Workplace = page.house.session.context

        def work(task: TaskContext) -> Changes:
            home, panel = workplace.home(task), workplace.panel
            identity = home.unlock(workplace.card)
            return judging.abstain(home, panel, marker, identity, [entry.number], why, reason)

        text = Text("Recorded: you give no marks to number {number}.", number=entry.number)
        ask_and_run(
            page.house,
            workplace.card,
            ask_passphrase,
            work,
            lambda _changes: page.house.show_message(text),
        )

    dialog.accepted.connect(sign)
    dialog.open()


def ask_withdrawal(page: Page, marker: Marker, entry: Entry) -> None:
    """Ask why this judge marks an entry after all, and sign it."""
    question = Question(
        title=Text("Mark after all"),
        what=Text("You mark number {number} after all.", number=entry.number),
        meaning=Text(
            "You sign that not marking it was a mistake, and why. Both records stay in the "
            "audit trail."
        ),
        button=Text("Sign: mark after all"),
        corrects=True,
    )
    dialog = SigningDialog(question, page)

    def sign() -> None:
        reason = dialog.reason.text()
        workplace: Workplace = page.house.session.context

        def work(task: TaskContext) -> Changes:
            home, panel = workplace.home(task), workplace.panel
            identity = home.unlock(workplace.card)
            return abstaining.withdraw(home, panel, marker, identity, [entry.number], reason)

        text = Text("Recorded: you mark number {number} after all.", number=entry.number)
        ask_and_run(
            page.house,
            workplace.card,
            ask_passphrase,
            work,
            lambda _changes: page.house.show_message(text),
        )

    dialog.accepted.connect(sign)
    dialog.open()
