"""The card on which the words of waiting laptops are typed, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from kipp_desktop.gui import forms
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.words_field import WordsField
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import admission
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.arrivals import WaitingKey


class CompareCard(QFrame):
    """Asks for the words of one waiting key at a time, and hides when none waits.

    :attr:`ended` says that the last one is done and the keyboard was here.
    """

    ended = Signal()

    title_label: QLabel
    hint_label: QLabel
    words: QLineEdit
    compare_button: QPushButton
    later_button: QPushButton
    problem_label: QLabel

    def __init__(self, house: House) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._house = house
        self._waiting: dict[str, WaitingKey] = {}
        self._asked: WaitingKey | None = None
        self._later: set[str] = set()
        forms.fill(self, "compare.ui")
        self._field = WordsField(self.words, self.problem_label)
        self.words.returnPressed.connect(self.compare)
        self.compare_button.clicked.connect(self.compare)
        self.later_button.clicked.connect(self.put_off)
        self.hide()
        self._say()

    def show_waiting(self, waiting: Sequence[WaitingKey]) -> None:
        """Show which keys wait now; the one that is asked for stays if it still waits."""
        self._waiting = {one.key: one for one in waiting}
        self._ask_next()

    def ask(self, key: str) -> None:
        """Ask for this key's words now."""
        self._later.discard(key)
        self._ask_next(first=key)
        self.words.setFocus()

    def put_off(self) -> None:
        """Leave this laptop for later."""
        if self._asked is not None:
            self._later.add(self._asked.key)
            self._ask_next()

    def compare(self) -> None:
        """Admit the key whose words were typed; misspelt ones are named first."""
        asked, typed = self._asked, self._field.text()
        if asked is None:
            return
        if not typed:
            self.words.setFocus()
            return
        if not self._field.is_spelt():
            return
        workplace: Workplace = self._house.session.context
        ask_and_run(
            self._house,
            workplace.card,
            lambda task: admission.admit(workplace.home(task), workplace.panel, asked.key, typed),
            lambda admitted: self._tell(asked, admitted),
            self._refused,
        )

    def _tell(self, asked: WaitingKey, admitted: admission.Admitted) -> None:
        if admitted.void_until is not None:
            self._house.show_message(admission.void_text(admitted), "wait")
            return
        self._house.show_message(
            Text(
                "The laptop of {name} is compared; {count} sheets are received.",
                name=asked.name,
                count=asked.sheets,
            )
        )

    def _ask_next(self, first: str = "") -> None:
        """Ask for ``first``, else for the one that is asked for, else for any."""
        shown = self._asked.key if self._asked is not None else ""
        open_ones = {key: one for key, one in self._waiting.items() if key not in self._later}
        wanted = next((key for key in (first, shown) if key in open_ones), None)
        asked = open_ones[wanted] if wanted else next(iter(open_ones.values()), None)
        if asked is None or asked.key != shown:
            focus: QWidget | None = QApplication.focusWidget()
            had_focus = focus is not None and self.isAncestorOf(focus)
            self._field.clear()
            if had_focus and asked is None:
                self.ended.emit()
            elif had_focus:
                self.words.setFocus()
        self._asked = asked
        self._say()
        self.setVisible(asked is not None)

    def _refused(self, error: KippError) -> None:
        if error.code != "wrong-words":
            self._house.show_error(error)
            return
        self._field.show_problem(Text("{what} {next}", what=error.what, next=error.next or ""))
        self.words.setFocus()
        self.words.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self._field.say()
        if self._asked is None:
            return
        name = self._asked.name
        self.title_label.setText(say(Text("Compare the laptop of {name}", name=name)))
        self.hint_label.setText(
            say(
                Text(
                    "Type the six words that {name} wrote beside the signature on the attendance "
                    "list, or reads aloud.",
                    name=name,
                )
            )
        )
