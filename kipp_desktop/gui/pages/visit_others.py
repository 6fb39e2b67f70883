"""What other verifiers signed about the same innovation, below the form of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from kipp_desktop.domain.visit import STATUS_TEXTS, conclusion_text, differences
from kipp_desktop.gui import forms
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.card_column import CardColumn
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from kipp_desktop.domain.visit import Visit
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.services.observations import Observed


class VisitOthers(QObject):
    """A card a verifier; ``approved`` with the observation that this one wants to agree with."""

    approved = Signal(object)

    others_place: QWidget

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._column = CardColumn(self.others_place)

    def show_others(
        self, others: Sequence[Observed], own: Visit, person: str, names: Mapping[str, str]
    ) -> None:
        """Show each, and where it differs from the ``own`` visit of ``person``.

        ``names`` are those of persons and criteria, by id.
        """
        self._column.clear()
        for other in others:
            name = names.get(other.person, other.person)
            card = Card(say(Text("Seen by {name}", name=name)))
            lines = [
                f"{finding.claim}: {say(STATUS_TEXTS[finding.status])}. {finding.note}"
                for finding in other.visit.findings
            ]
            ending = say(conclusion_text(other.visit.conclusion, names))
            lines.append(f"{ending}. {other.visit.conclusion.reason}")
            lines += ["≠ " + say(text) for text in differences(own, other.visit, names)]
            label = QLabel("\n".join(lines))
            label.setWordWrap(True)
            card.body.addWidget(label)
            agreed = any(word.person == person for word in other.approved)
            button = QPushButton(
                say(Text("Approved")) if agreed else say(Text("Approve this observation"))
            )
            button.setObjectName(f"approve_{other.person}")
            button.setEnabled(not agreed)
            button.clicked.connect(lambda _on=False, other=other: self.approved.emit(other))
            card.body.addWidget(button)
            self._column.add(card)
