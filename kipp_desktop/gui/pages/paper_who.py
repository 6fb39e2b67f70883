"""Whose paper is typed, and who types: the two choices above the grid of Lembar kertas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from kipp_desktop.gui import forms
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QComboBox, QLabel

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.sheetbook import JudgeProgress


class WhoRow(QObject):
    """``chosen`` when the user takes another judge or typist."""

    chosen = Signal()

    judge_choice: QComboBox
    typist_label: QLabel
    typist_choice: QComboBox

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self.judge_choice.activated.connect(lambda _at: self.chosen.emit())
        self.typist_choice.activated.connect(lambda _at: self.chosen.emit())

    def show_judges(self, judges: Sequence[JudgeProgress], chosen: int) -> None:
        """Offer the judges with how far each is; the stage is named where there are several."""
        several = len({judge.stage for judge in judges}) > 1
        self.judge_choice.clear()
        for judge in judges:
            text = Text(
                "{name} · {done} of {total}",
                name=f"{judge.name} ({judge.stage})" if several else judge.name,
                done=judge.counted,
                total=judge.expected,
            )
            self.judge_choice.addItem(say(text), key_of(judge))
        self.judge_choice.setCurrentIndex(chosen)

    def show_typists(self, cards: Sequence[Card], chosen: int) -> None:
        """Offer the typists; a single one is not asked about."""
        self.typist_choice.clear()
        for card in cards:
            self.typist_choice.addItem(card.name, card.fingerprint)
        self.typist_choice.setCurrentIndex(chosen)
        self.typist_label.setVisible(len(cards) > 1)
        self.typist_choice.setVisible(len(cards) > 1)

    def hide(self) -> None:
        """Offer nothing: there is nothing to type yet."""
        for widget in (self.judge_choice, self.typist_label, self.typist_choice):
            widget.hide()

    def judge(self) -> str:
        """Return the key of the chosen judge, as :func:`key_of` makes it."""
        return str(self.judge_choice.currentData())

    def typist(self) -> str:
        """Return the fingerprint of the chosen typist."""
        return str(self.typist_choice.currentData())


def key_of(judge: JudgeProgress) -> str:
    """Return what tells a judge of one stage from all others."""
    return f"{judge.stage}/{judge.id}"
