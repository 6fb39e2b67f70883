"""Two acts of a judge beside marking: give no marks to an entry, and mark it after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.signing import ask_and_sign
from kipp_desktop.gui.translation import say
from kipp_desktop.services import abstaining, judging
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.setup import Entry
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.gui.pages.base import House, Page
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.sheetbook import Sheetbook

    Act = Callable[[Home, Panel, Identity], Changes]


_MEANING = Text(
    "You sign that not marking it was a mistake, and why. Both records stay in the audit trail."
)


def ask_abstention(page: Page, marker: Marker, entry: Entry) -> None:
    """Ask why this judge does not mark an entry, and sign it."""
    dialog = AbstentionDialog(f"{entry.number} · {entry.title}", page)

    def decided() -> Act:
        why, reason = dialog.why(), dialog.reason.toPlainText()
        return lambda home, panel, identity: judging.abstain(
            home, panel, marker, identity, [entry.number], why, reason
        )

    told = Text("Recorded: you give no marks to number {number}.", number=entry.number)
    _sign(page, dialog, decided, told)


def ask_abstention_from_all(page: Page, book: Sheetbook) -> None:
    """Ask why this judge marks nothing in a stage, and sign it."""
    what = Text("All {count} innovations of {stage}", count=len(book.views), stage=book.stage.name)
    dialog = AbstentionDialog(say(what), page)

    def decided() -> Act:
        why, reason = dialog.why(), dialog.reason.toPlainText()
        return lambda home, panel, identity: judging.abstain(
            home, panel, book.marker, identity, None, why, reason
        )

    told = Text("Recorded: you give no marks in this stage.")
    _sign(page, dialog, decided, told)


def ask_withdrawal_from_all(page: Page, book: Sheetbook) -> None:
    """Ask why this judge marks after all what nothing was marked of, and sign it."""
    _ask_withdrawal(
        page,
        book.marker,
        None,
        Text("You mark the {count} innovations after all.", count=len(book.views)),
        Text("Recorded: you mark in this stage after all."),
    )


def ask_withdrawal(page: Page, marker: Marker, entry: Entry) -> None:
    """Ask why this judge marks an entry after all, and sign it."""
    _ask_withdrawal(
        page,
        marker,
        [entry.number],
        Text("You mark number {number} after all.", number=entry.number),
        Text("Recorded: you mark number {number} after all.", number=entry.number),
    )


def _ask_withdrawal(
    page: Page, marker: Marker, numbers: list[str] | None, what: Text, told: Text
) -> None:
    question = Question(
        title=Text("Mark after all"),
        what=what,
        meaning=_MEANING,
        button=Text("Sign: mark after all"),
        corrects=True,
    )
    dialog = SigningDialog(question, page)

    def decided() -> Act:
        reason = dialog.reason.text()
        return lambda home, panel, identity: abstaining.withdraw(
            home, panel, marker, identity, numbers, reason
        )

    _sign(page, dialog, decided, told)


def _sign(page: Page, dialog: QDialog, decided: Callable[[], Act], told: Text) -> None:
    house: House = page.house
    card = house.session.context.card
    ask_and_sign(house, dialog, card, decided, lambda _changes: house.show_message(told))
