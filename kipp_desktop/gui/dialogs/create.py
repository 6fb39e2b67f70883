"""Create a competition: the few answers that no preset can give."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.new_passphrase import NewPassphrase
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.workplace import enter, home_for, open_workplace
from kipp_desktop.services.creating import APPROVALS, PRESETS, NewCompetition, create
from kipp_desktop.services.overview import HOW_MARKED, HOW_MARKED_TEXTS
from kipp_desktop.services.templates import from_last_year
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import (
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QPushButton,
        QSpinBox,
        QWidget,
    )

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home, Listed

_HINTS = {
    "paper": Text("One laptop, one key: nothing has to be compared, no files travel."),
    "turns": Text("Each judge has a key of their own here and marks when it is their turn."),
    "laptops": Text("Each judge gets the package on a stick and hands in a file."),
    "mixed": Text("Everything is possible beside each other."),
}


class CreateDialog(FormDialog):
    """Stays open until the competition exists; then its overview is shown."""

    form = "create.ui"
    title = Text("New competition")
    wide = 760

    how_marked: QComboBox
    how_hint: QLabel
    last_year_label: QLabel
    last_year: QComboBox
    name: QLineEdit
    organiser: QLineEdit
    year: QSpinBox
    place: QLineEdit
    preset_label: QLabel
    preset: QComboBox
    approvals: QComboBox
    passphrase: QLineEdit
    again: QLineEdit
    passphrase_hint: QLabel
    copy_button: QPushButton
    copy_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._house = house
        self._key_copy: Path | None = None
        for key in HOW_MARKED:
            self.how_marked.addItem(say(HOW_MARKED_TEXTS[key]), key)
        for preset, text in PRESETS.items():
            self.preset.addItem(say(text), preset)
        for roles, text in APPROVALS.items():
            self.approvals.addItem(say(text), roles)
        self.year.setValue(date.today().year)  # noqa: DTZ011 (a proposal, in local time)
        self.copy_label = ElidedLabel(say(Text("none yet")))
        place(self.copy_label, self.copy_place)
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons, Text("Create"))
        self._secret = NewPassphrase(self.passphrase, self.again, self.passphrase_hint, self._look)
        self.how_marked.currentIndexChanged.connect(self._say_how)
        self.name.textChanged.connect(self._look)
        self.organiser.textChanged.connect(self._look)
        self.copy_button.clicked.connect(self._choose_copy)
        self.buttons.accepted.connect(self._create)
        self.buttons.rejected.connect(self.reject)
        self.last_year.addItem(say(Text("no, from a preset")))
        self._earlier: list[Listed] = []
        for widget in (self.last_year_label, self.last_year):
            widget.hide()
        self.last_year.activated.connect(lambda _at: self._take_over())
        self._ask_for_earlier()
        self._say_how()
        self._look()
        self.how_marked.setFocus()

    # --- last year's ---

    def _ask_for_earlier(self) -> None:
        """Offer the competitions whose desk is here; without one nothing is asked."""
        folder = self._house.home
        if folder is not None:
            self._house.run(lambda task: _desks(home_for(folder, task)), self._offer, owner=self)

    def _offer(self, earlier: list[Listed]) -> None:
        self._earlier = earlier
        for listed in earlier:
            self.last_year.addItem(listed.name)
        for widget in (self.last_year_label, self.last_year):
            widget.setVisible(bool(earlier))
        self.fit()

    @property
    def _chosen(self) -> Listed | None:
        at = self.last_year.currentIndex()
        return self._earlier[at - 1] if at > 0 else None

    def _take_over(self) -> None:
        """Propose what the earlier competition was called; its rules replace the preset's."""
        chosen = self._chosen
        for widget in (self.preset_label, self.preset):
            widget.setEnabled(chosen is None)
        if chosen is not None:
            self._house.run(
                lambda _task: from_last_year(chosen)[0],
                self._propose,
                self.show_problem,
                owner=self,
            )

    def _propose(self, table: dict[str, Any]) -> None:
        self.name.setText(str(table["name"]))
        self.organiser.setText(str(table["organiser"]))
        self.place.setText(str(table.get("place", "")))
        self.year.setValue(int(table["year"]))
        approvals = tuple(table.get("approvals", ()))
        if approvals in APPROVALS:
            self.approvals.setCurrentIndex(list(APPROVALS).index(approvals))

    def _say_how(self) -> None:
        self.how_hint.setText(say(_HINTS[self.how_marked.currentData()]))

    def _look(self) -> None:
        named = bool(self.name.text().strip() and self.organiser.text().strip())
        self._ok.setEnabled(named and self._secret.ready)

    def _choose_copy(self) -> None:
        chosen = files.choose_folder(self, Text("Folder on a second medium"))
        if chosen is not None:
            self._key_copy = chosen
            self.copy_label.say(str(chosen))

    def _create(self) -> None:
        assert self._house.home is not None
        folder = self._house.home
        wanted = NewCompetition(
            name=self.name.text(),
            organiser=self.organiser.text(),
            year=self.year.value(),
            place=self.place.text(),
            how_marked=self.how_marked.currentData(),
            preset=self.preset.currentData(),
            last_year=self._chosen,
            passphrase=self._secret.value,
            key_copy=self._key_copy,
            approvals=tuple(APPROVALS)[self.approvals.currentIndex()],
        )

        def work(task: TaskContext) -> Workplace:
            listed = create(home_for(folder, task), wanted)
            made = open_workplace(folder, task, listed, "desk")
            if wanted.passphrase is not None:
                made.passphrases[made.card.name] = wanted.passphrase
            return made

        self._wait(running=True)
        self._house.run(work, self._done, self.show_problem, owner=self, title=Text("Creating"))

    def _done(self, workplace: Workplace) -> None:
        self._wait(running=False)
        self.accept()
        enter(self._house, workplace)


def _desks(home: Home) -> list[Listed]:
    """Return the competitions of this home whose desk's key is here."""
    return [
        listed
        for listed in home.competitions()
        if any(card.role == "desk" for card in home.identities(listed.id))
    ]
