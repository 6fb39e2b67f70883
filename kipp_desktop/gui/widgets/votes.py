"""How the panel voted, where it did: for, against, abstained."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.forms import SPIN_MARGIN
from kipp_desktop.gui.translation import say
from kipp_desktop.services.desk import Votes
from kipp_desktop.texts import Text

MOST_VOTES: Final = 999
BOX_WIDTH: Final = 84


class VotesRow(QWidget):
    """A tick and, once it is set, three numbers."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        self.voted = QCheckBox(say(Text("There was a &vote")))
        self.voted.setObjectName("voted")
        column.addWidget(self.voted)
        self._numbers = QWidget()
        column.addWidget(self._numbers)
        row = QHBoxLayout(self._numbers)
        row.setContentsMargins(theme.px(32), 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.boxes: list[QSpinBox] = []
        for name, text in (
            ("votes_for", Text("For")),
            ("votes_against", Text("Against")),
            ("votes_abstained", Text("Abstained")),
        ):
            label, box = QLabel(say(text)), QSpinBox()
            box.setObjectName(name)
            box.setRange(0, MOST_VOTES)
            box.setFixedWidth(theme.px(BOX_WIDTH))
            box.setAccessibleName(say(text))
            box.lineEdit().setTextMargins(SPIN_MARGIN, 0, 0, 0)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
            self.boxes.append(box)
        row.addStretch(1)
        self._numbers.hide()
        self.voted.toggled.connect(self._numbers.setVisible)

    def votes(self) -> Votes | None:
        """Return the votes; ``None`` where there was no vote."""
        if not self.voted.isChecked():
            return None
        return Votes(*(box.value() for box in self.boxes))

    def missing(self) -> bool:
        """Return whether a vote is said to have been, and nobody voted."""
        return self.voted.isChecked() and not any(box.value() for box in self.boxes)
