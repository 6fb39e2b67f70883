"""F8: how far a judge is, in letters that somebody who walks past can read; no marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.grid_rows import in_runs
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.services import judging
from kipp_desktop.services.sheetbook import (
    OwnProgress,
    marking_stages,
    own_progress,
    read_sheetbook,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

WHO: Final = 34
COUNT: Final = 92
LARGE: Final = 30
NUMBERS: Final = 46
MOST_LETTERS: Final = 150
"""In per cent: these letters are large already, and more would push the numbers off the screen."""


class StandingScreen(QDialog):
    """Fills the screen until Esc or F8."""

    who_label: QLabel
    close_button: QPushButton
    count_label: QLabel
    signed_label: QLabel
    line_place: QWidget
    missing_title: QLabel
    missing_scroll: QScrollArea
    missing_label: QLabel
    abstained_label: QLabel
    promise_label: QLabel

    def __init__(self, who: str, stage: str, found: OwnProgress, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setProperty("page", True)
        forms.fill(self, "standing.ui")
        self.setWindowTitle(say(Text("What is done and what is missing")))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = ProgressLine()
        place(self.line, self.line_place)
        expected = len(found.done) + len(found.missing)
        self.who_label.setText(f"{who} · {stage}")
        self.count_label.setText(
            say(Text("{done} of {total} complete", done=len(found.done), total=expected))
        )
        self.signed_label.setText(
            say(Text("{count} of them signed", count=found.signed))
            if found.signed
            else say(Text("none of them signed yet"))
        )
        self.line.show_progress(len(found.done), expected)
        self.missing_label.setText(in_runs(found.missing))
        for widget in (self.missing_title, self.missing_scroll):
            widget.setVisible(bool(found.missing))
        self.abstained_label.setText(
            say(Text("Gives no marks to: {numbers}", numbers=in_runs(found.abstained)))
        )
        self.abstained_label.setVisible(bool(found.abstained))
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence("F8"), self).activated.connect(self.close)
        self._fit()
        self.close_button.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        for label, size, weight in (
            (self.who_label, WHO, 400),
            (self.count_label, COUNT, 700),
            (self.signed_label, LARGE, 400),
            (self.missing_title, LARGE, 600),
            (self.missing_label, NUMBERS, 600),
            (self.abstained_label, LARGE, 400),
        ):
            pixels = min(theme.px(size), size * MOST_LETTERS // 100)
            label.setStyleSheet(f"font-size: {pixels}px; font-weight: {weight};")


def show_standing(house: House, parent: QWidget) -> None:
    """Read how far the judge who works here is, and fill the screen with it."""
    workplace: Workplace | None = house.session.context
    if workplace is None or workplace.is_desk:
        return
    panel, card = workplace.panel, workplace.card

    def read(_task: TaskContext) -> tuple[str, OwnProgress] | None:
        stages = marking_stages(panel, card.person)
        if not stages:
            return None
        book = read_sheetbook(panel, judging.marker_of(panel, card, stages[0].id))
        return book.stage.name, own_progress(book)

    def show(found: tuple[str, OwnProgress] | None) -> None:
        if found is None:
            house.show_message(Text("The secretariat's plan gives you no innovations."), "calm")
            return
        screen = StandingScreen(card.name, *found, parent)
        screen.setModal(True)
        screen.showFullScreen()

    house.run(read, show, owner=parent)
