"""The curtain before the window while nobody is at the laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.workplace import home_for
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

ONLY_A_CURTAIN = Text(
    "This key has no passphrase: the curtain hides the screen, but anybody can open it."
)


class Curtain(FormDialog):
    """Covers its window; goes only when it is opened, with the passphrase where there is one."""

    form = "curtain.ui"
    title = Text("Locked")

    what_label: QLabel
    who_label: QLabel
    passphrase_label: QLabel
    passphrase: QLineEdit
    problem_label: QLabel
    open_button: QPushButton
    _covers = False

    def __init__(self, house: House, parent: QWidget) -> None:
        super().__init__(parent)
        self._house, self._over = house, parent
        self._workplace: Workplace = house.session.context
        self._card = self._workplace.card
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.what_label.setText(self._workplace.name)
        protected = self._card.protected
        self.who_label.setText(
            say(Text("Locked. Type the passphrase of {name}.", name=self._card.name))
            if protected
            else say(ONLY_A_CURTAIN)
        )
        self.passphrase_label.setVisible(protected)
        self.passphrase.setVisible(protected)
        self.problem_label.hide()
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self._try)
        (self.passphrase if protected else self.open_button).setFocus()

    def fit(self) -> None:
        """Stay as large as the window below, not as small as the words."""
        if not self._covers:
            super().fit()

    def cover(self) -> None:
        """Show the curtain exactly over its window."""
        self._covers = True
        self.setGeometry(self._over.geometry())
        self.open()

    def reject(self) -> None:
        """Stay: Esc opens nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: closing the curtain would open the window."""
        event.ignore()

    def _try(self) -> None:
        if not self._card.protected:
            self.accept()
            return
        typed, folder = self.passphrase.text(), self._workplace.folder

        def work(task: TaskContext) -> None:
            home_for(folder, task, {self._card.name: typed}).unlock(self._card)

        self.open_button.setEnabled(False)
        self._house.run(work, lambda _none: self.accept(), self._refused, owner=self)

    def _refused(self, error: KippError) -> None:
        self.open_button.setEnabled(True)
        self.problem_label.setText(say(error.what))
        self.problem_label.show()
        self.passphrase.selectAll()
        self.passphrase.setFocus()
