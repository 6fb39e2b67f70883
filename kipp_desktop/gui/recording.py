"""Recording what the panel decided: the same questions and services from every page that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.decide import DecideDialog
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import deciding
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.dialogs.decide import Decided
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.board import Question
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

RECORDED = Text("The decision is recorded and will stand in the minutes.")


def record(page: Page, act: Callable[[Home, Panel], Changes], said: Text = RECORDED) -> None:
    """Sign what ``act`` records, after asking for the passphrase where there is one."""
    workplace: Workplace = page.house.session.context
    ask_and_run(
        page.house,
        workplace.card,
        lambda task: act(workplace.home(task), workplace.panel),
        lambda _changes: page.house.show_message(said),
    )


def decide_question(page: Page, question: Question) -> None:
    """Ask how the panel settled a shared place, and record it."""
    dialog = DecideDialog(question, page.window())
    dialog.accepted.connect(lambda: _record_question(page, question, dialog.decided))
    dialog.open()


def _record_question(page: Page, question: Question, decided: Decided | None) -> None:
    if decided is None:
        return

    def act(home: Home, panel: Panel) -> Changes:
        if decided.method == "award":
            return deciding.decide_award(
                home,
                panel,
                question.group,
                question.tier or "",
                decided.numbers,
                decided.reason,
                decided.votes,
            )
        return deciding.decide_tie(
            home, panel, decided.numbers, decided.method, decided.reason, decided.votes
        )

    record(page, act)
