"""Set, change or remove the passphrase of the key that works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.new_passphrase import NONE, NewPassphrase
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.workplace import home_for
from kipp_desktop.services.passphrases import change_passphrase
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.passphrases import Resealed


class ChangePassphraseDialog(FormDialog):
    """Stays open until the key's file is sealed anew; the old file holds until that moment."""

    form = "change_passphrase.ui"
    title = Text("Passphrase")
    wide = 520

    what_label: QLabel
    old_label: QLabel
    old: QLineEdit
    first: QLineEdit
    again: QLineEdit
    none: QCheckBox
    hint_label: QLabel
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._house = house
        self._workplace: Workplace = house.session.context
        self._card = self._workplace.card
        self.what_label.setText(
            say(
                Text("The key of {name} has a passphrase.", name=self._card.name)
                if self._card.protected
                else Text("The key of {name} has no passphrase yet.", name=self._card.name)
            )
        )
        for widget in (self.old_label, self.old, self.none):
            widget.setVisible(self._card.protected)
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons)
        self._new = NewPassphrase(self.first, self.again, self.hint_label, self._look)
        self.old.textChanged.connect(self._look)
        self.none.toggled.connect(self._look)
        self.buttons.accepted.connect(self._change)
        self.buttons.rejected.connect(self.reject)
        self._look()
        (self.old if self._card.protected else self.first).setFocus()

    def _look(self) -> None:
        none = self.none.isChecked()
        self.first.setEnabled(not none)
        if none:
            self.again.setEnabled(False)
            self.hint_label.setText(say(NONE))
        else:
            self._new.say()
        self._ok.setText(say(Text("Remove it") if none else Text("Set the passphrase")))
        known = bool(self.old.text()) or not self._card.protected
        wanted = none or (self._new.ready and self._new.value is not None)
        self._ok.setEnabled(known and wanted)

    def _change(self) -> None:
        old, new = self.old.text(), None if self.none.isChecked() else self._new.value
        card, folder = self._card, self._workplace.folder

        def work(task: TaskContext) -> Resealed:
            return change_passphrase(home_for(folder, task, {card.name: old}), card, new)

        self._wait(running=True)
        self._house.run(work, lambda done: self._done(done, new), self._refused, owner=self)

    def _done(self, done: Resealed, new: str | None) -> None:
        self._workplace.take_cards(done.cards)
        self._wait(running=False)
        self._house.show_message(
            Text("The key of {name} has no passphrase now.", name=self._card.name)
            if new is None
            else Text("The key of {name} has its new passphrase.", name=self._card.name),
            "wait" if new is None else "good",
        )
        self.accept()

    def _refused(self, error: KippError) -> None:
        self.show_problem(error)
        self.old.selectAll()
        self.old.setFocus()
