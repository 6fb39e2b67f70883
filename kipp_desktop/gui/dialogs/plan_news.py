"""What a new package changes for a judge: told once, where the judge works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.gui.dialogs.plan import PlanForm
from kipp_desktop.gui.idle_lock import lock_of
from kipp_desktop.services.replanning import PlanNews, plan_news, plan_told
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.workplace import Workplace


class PlanNewsDialog(PlanForm):
    """There is nothing to decide: marks and drafts are kept as they are."""

    title = Text("The secretariat has changed the competition")

    def __init__(self, news: PlanNews, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.show_lists(news.changes, (*news.sheets, *news.drafts), ())
        self.main_button(self.buttons, Text("I have &read it"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).hide()
        self.buttons.accepted.connect(self.accept)
        self.fit()


def tell_news(house: House) -> None:
    """Tell the judge who works here what a new package changes, unless it was told before."""
    workplace: Workplace = house.session.context
    panel, card = workplace.panel, workplace.card

    def show(news: PlanNews | None) -> None:
        lock = lock_of(house)
        # Behind the curtain nobody reads it; then it is told the next time.
        if news is None or house.session.context is not workplace or (lock and lock.locked):
            return
        dialog = PlanNewsDialog(news, None)
        dialog.finished.connect(lambda: house.run(lambda _task: plan_told(panel, card)))
        dialog.open()

    house.run(lambda _task: plan_news(panel, card), show)
