"""How the panel voted, where it did: for, against, abstained."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.forms import SPIN_MARGIN
from kipp_desktop.gui.translation import say
from kipp_desktop.services.desk import Votes
from kipp_desktop.texts import Text

MOST_VOTES: Final = 999


class VotesRow(QWidget):
    """A tick and three numbers, which can be typed only where there was a vote."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.voted = QCheckBox(say(Text("There was a &vote")))
        self.voted.setObjectName("voted")
        row.addWidget(self.voted)
        self.boxes: list[QSpinBox] = []
        self._labels: list[QLabel] = []
        for name, text in (
            ("votes_for", Text("For")),
            ("votes_against", Text("Against")),
            ("votes_abstained", Text("Abstained")),
        ):
            label, box = QLabel(say(text)), QSpinBox()
            box.setObjectName(name)
            box.setRange(0, MOST_VOTES)
            box.setAccessibleName(say(text))
            box.lineEdit().setTextMargins(SPIN_MARGIN, 0, 0, 0)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
            self.boxes.append(box)
            self._labels.append(label)
        row.addStretch(1)
        self.voted.toggled.connect(self._look)
        self._look(on=False)

    def votes(self) -> Votes | None:
        """Return the votes; ``None`` where there was no vote."""
        if not self.voted.isChecked():
            return None
        return Votes(*(box.value() for box in self.boxes))

    def missing(self) -> bool:
        """Return whether a vote is said to have been, and nobody voted."""
        return self.voted.isChecked() and not any(box.value() for box in self.boxes)

    def _look(self, on: bool) -> None:
        for widget in (*self.boxes, *self._labels):
            widget.setEnabled(on)
