"""A field for six typed words, and the line that says which of them cannot be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from kipp_desktop.exchange.words import misspelt
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel, QLineEdit


class WordsField(QObject):
    """Binds a field and a label of a form."""

    def __init__(self, field: QLineEdit, problem: QLabel) -> None:
        super().__init__(field)
        self._field, self._label = field, problem
        self._problem: Text | None = None
        field.textEdited.connect(lambda _typed: self.show_problem(None))
        self.show_problem(None)

    def text(self) -> str:
        """Return what was typed, without the spaces around it."""
        return self._field.text().strip()

    def is_spelt(self) -> bool:
        """Return whether every word can occur; otherwise name those that cannot, and wait there."""
        wrong = misspelt(self.text())
        self.show_problem(_misspelt_text(wrong) if wrong else None)
        if wrong:
            self._field.setFocus()
        return not wrong

    def clear(self) -> None:
        """Empty the field."""
        self._field.clear()
        self.show_problem(None)

    def say(self) -> None:
        """Say hint and problem again."""
        self._field.setPlaceholderText(say(Text("the six words, with spaces between")))
        self.show_problem(self._problem)

    def show_problem(self, problem: Text | None) -> None:
        """Show what is wrong with the words, or that nothing is."""
        self._problem = problem
        said = "" if problem is None else say(problem)
        self._label.setText(said)
        self._label.setVisible(bool(said))
        self._field.setAccessibleDescription(said)
        say_look(self._field, "problem", bool(said))


def _misspelt_text(wrong: Sequence[tuple[str, str | None]]) -> Text:
    named = tuple(
        Text("“{word}”", word=word)
        if near is None
        else Text("“{word}” (perhaps “{near}”)", word=word, near=near)
        for word, near in wrong
    )
    return Text(
        "Not among the words that can occur: {words}. Look at the paper again.", words=named
    )
