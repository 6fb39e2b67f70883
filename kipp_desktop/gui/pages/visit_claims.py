"""The claims of a visit, a card each, with what supports them in small pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from kipp_desktop.domain.visit import Finding
from kipp_desktop.domain.whereabouts import remarks
from kipp_desktop.gui import forms
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card_column import CardColumn
from kipp_desktop.gui.widgets.claim_card import ClaimCard
from kipp_desktop.services import evidence, fieldwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QPushButton, QWidget

    from kipp_desktop.domain.visit import Visit
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.workplace import Workplace


class VisitClaims(QObject):
    """``changed`` when a card was changed; ``wanted`` with a card and the files for it.

    No files ask for a choice of them. ``folder_wanted`` and ``pasted`` carry the card too.
    """

    changed = Signal()
    wanted = Signal(object, list)
    folder_wanted = Signal(object)
    pasted = Signal(object)

    claims_place: QWidget
    claim_button: QPushButton

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._page = page
        self._column = CardColumn(self.claims_place)
        self.cards: list[ClaimCard] = []

    def show_findings(self, findings: Sequence[Finding], names: Mapping[str, str]) -> None:
        """Show a card a claim; ``names`` are those of the criteria, by id."""
        self._column.clear()
        self.cards = []
        for finding in findings:
            self._add(finding, names)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the cards say now."""
        return tuple(card.finding for card in self.cards)

    def add_claim(self, visit: Visit) -> ClaimCard:
        """Add an empty card for a claim that was found on site, and give it the keyboard."""
        card = self._add(Finding(fieldwork.new_claim(visit), ""), {})
        forms.chain_tabs(self._page)
        card.show()
        card.text.setFocus()
        self.changed.emit()
        return card

    def set_locked(self, locked: bool) -> None:
        """Let nothing be changed: it is signed."""
        self.claim_button.setEnabled(not locked)
        for card in self.cards:
            card.set_locked(locked)

    def show_remarks(self, place: tuple[float, float] | None, visit: Visit) -> None:
        """Say beside each photo what it says of itself, against the stated place and time."""
        for card in self.cards:
            card.show_remarks(
                {
                    row: " · ".join(
                        say(text) for text in remarks(item, place, visit.started, visit.ended)
                    )
                    for row, item in enumerate(card.finding.evidence)
                }
            )

    def show_thumbs(self) -> None:
        """Make the small pictures in a thread without database."""
        wanted = [
            item.copy
            for finding in self.findings
            for item in finding.evidence
            if item.copy is not None
        ]
        if not wanted:
            return
        workplace: Workplace = self._page.house.session.context
        copies = workplace.panel.blobs

        def show(found: Mapping[str, bytes]) -> None:
            for card in self.cards:
                card.show_thumbs(found)

        self._page.run(
            lambda task: evidence.images(
                copies, wanted, evidence.THUMB_SIDE, lambda: task.cancelled
            ),
            show,
            pure=True,
        )

    def _add(self, finding: Finding, names: Mapping[str, str]) -> ClaimCard:
        own = finding.id.startswith("s")
        named = names.get(finding.criterion or "", finding.criterion or "")
        card = ClaimCard(len(self.cards) + 1, finding, named, own=own)
        card.changed.connect(self.changed)
        card.wanted.connect(lambda paths, card=card: self.wanted.emit(card, paths))
        card.folder_wanted.connect(lambda card=card: self.folder_wanted.emit(card))
        card.pasted.connect(lambda card=card: self.pasted.emit(card))
        self._column.add(card)
        self.cards.append(card)
        return card
