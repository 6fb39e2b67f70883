"""Something that waits for the panel: what it is, the facts to decide on, and one action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class CaseCard(QFrame):
    """``urgent`` cases stand before a publication; the button says what can be done."""

    def __init__(  # noqa: PLR0917 - what is shown, from top to bottom
        self,
        kind: Text,
        urgent: bool,
        text: Text,
        facts: Sequence[Text],
        action: Text,
        act: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.button = QPushButton(say(action))
        self.button.setAccessibleDescription(say(text))
        self.button.clicked.connect(lambda _on=False: act())
        if urgent:
            self.button.setProperty("look", "main")
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(Chip(say(kind), "wait" if urgent else "neutral"))
        self.words = QLabel(say(text))
        self.words.setProperty("look", "strong")
        self.words.setWordWrap(True)
        head.addWidget(self.words, 1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 10)
        column.setSpacing(theme.px(4))
        column.addLayout(head)
        self.facts = QLabel("\n".join(f"• {say(fact)}" for fact in facts))
        self.facts.setWordWrap(True)
        self.facts.setVisible(bool(facts))
        column.addWidget(self.facts)
        self.setAccessibleName(say(text))
