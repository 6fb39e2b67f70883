"""Join a competition on this laptop with the secretariat's package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import slug
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.dialogs.new_passphrase import NewPassphrase
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.workplace import enter, home_for, open_workplace
from kipp_desktop.services.joining import Joined, Package, join, look_into
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import (
        QCheckBox,
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QPushButton,
        QWidget,
    )

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

WHAT = Text(
    "Write these six words beside your name on the attendance list: by them the secretariat "
    "recognises this laptop."
)


class JoinDialog(FormDialog):
    """First the package, then who one is; the words of one's own key come at the end."""

    form = "join.ui"
    title = Text("Join as a judge")
    wide = 700

    package_button: QPushButton
    package_place: QWidget
    competition_label: QLabel
    person: QComboBox
    words: QLineEdit
    skip: QCheckBox
    skip_warning: QLabel
    passphrase: QLineEdit
    again: QLineEdit
    passphrase_hint: QLabel
    out_button: QPushButton
    out_place: QWidget
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self, house: House, parent: QWidget | None = None, *, as_verifier: bool = False
    ) -> None:
        self._roles = ("verifier",) if as_verifier else ("judge", "evaluator")
        super().__init__(parent)
        self._house = house
        self._package: Path | None = None
        self._out: Path | None = None
        self.package_label = ElidedLabel(say(Text("none yet")))
        self.out_label = ElidedLabel(say(Text("beside the package")))
        place(self.package_label, self.package_place)
        place(self.out_label, self.out_place)
        for hidden in (self.competition_label, self.skip_warning, self.problem_label):
            hidden.hide()
        self._ok = self.main_button(self.buttons, Text("Join"))
        self._secret = NewPassphrase(self.passphrase, self.again, self.passphrase_hint, self._look)
        self.package_button.clicked.connect(self._choose_package)
        self.person.currentIndexChanged.connect(self._propose_out)
        self.words.textChanged.connect(self._look)
        self.skip.toggled.connect(self._look)
        self.out_button.clicked.connect(self._choose_out)
        self.buttons.accepted.connect(self._join)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.package_button.setFocus()

    def _look(self) -> None:
        known = self._package is not None
        for field in (self.person, self.words, self.skip, self.passphrase, self.out_button):
            field.setEnabled(known)
        self.skip_warning.setVisible(self.skip.isChecked())
        self.words.setEnabled(known and not self.skip.isChecked())
        compared = self.skip.isChecked() or bool(self.words.text().strip())
        chosen = self.person.currentIndex() >= 0
        self._ok.setEnabled(known and compared and chosen and self._secret.ready)

    def _choose_package(self) -> None:
        chosen = files.choose_open(self, Text("Package of the secretariat"), (files.PACKAGES,))
        if chosen:
            self.take_package(chosen[0])

    def take_package(self, path: Path) -> None:
        """Read a package that was chosen, dropped or double-clicked."""
        self._house.run(
            lambda _task: look_into(path),
            lambda package: self._show_package(path, package),
            self.show_problem,
            owner=self,
            pure=True,
        )

    def _show_package(self, path: Path, package: Package) -> None:
        self._package = path
        self.problem_label.hide()
        self.package_label.say(str(path))
        self.competition_label.setText(f"{package.name} · {package.organiser}")
        self.competition_label.show()
        self.person.clear()
        for person in package.people:
            if person.has(*self._roles):
                self.person.addItem(person.name, person.id)
        self.person.setCurrentIndex(-1)
        self._look()
        self.person.setFocus()

    def _propose_out(self) -> None:
        if self._package is not None and self.person.currentIndex() >= 0:
            name = f"{slug(self.person.currentText())}-kunci.kipp"
            self._out = self._package.with_name(name)
            self.out_label.say(str(self._out))
        self._look()

    def _choose_out(self) -> None:
        proposed = self._out.name if self._out else "kunci.kipp"
        title = Text("File for the secretariat")
        chosen = files.choose_save(self, title, proposed, (files.PACKAGES,))
        if chosen is not None:
            self._out = chosen
            self.out_label.say(str(chosen))

    def _join(self) -> None:
        package, out, folder = self._package, self._out, self._house.home
        assert package is not None
        assert out is not None
        assert folder is not None
        person = self.person.currentData()
        words = None if self.skip.isChecked() else self.words.text()
        secret = self._secret.value

        def work(task: TaskContext) -> tuple[Joined, Workplace]:
            home = home_for(folder, task)
            joined = join(home, package, person, out, words, secret)
            cards = home.identities(joined.listed.id)
            card = next(card for card in cards if card.fingerprint == joined.fingerprint)
            made = open_workplace(folder, task, joined.listed, "member", card)
            if secret is not None:
                made.passphrases[card.name] = secret
            return joined, made

        self._wait(running=True)
        self._house.run(
            work,
            lambda found: self._done(*found, out),
            self.show_problem,
            owner=self,
            title=Text("Joining"),
        )

    def _done(self, joined: Joined, workplace: Workplace, out: Path) -> None:
        window = self.parentWidget()
        self._wait(running=False)
        self.accept()
        enter(self._house, workplace)
        WordsDialog(window, WHAT, joined.words, out).open()

    def _say_title(self) -> None:
        verifier = self._roles == ("verifier",)
        self.setWindowTitle(say(Text("Join as a verifier") if verifier else self.title))
