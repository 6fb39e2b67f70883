"""Name, letterhead and paper of the competition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPixmap

from kipp_desktop.domain.competition import PAPERS
from kipp_desktop.files import cannot_read
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.services.rules import RulesView, save_competition, save_logo
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QPlainTextEdit,
        QPushButton,
        QSpinBox,
        QWidget,
    )

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace

PICTURES: files.Filter = (Text("Pictures"), ("*.png", "*.jpg", "*.jpeg"))
MOST_LOGO: Final = 5_000_000
LINES: Final = 4


class ParticularsDialog(FormDialog):
    """Stays open until everything is stored."""

    form = "particulars.ui"
    title = Text("Name and letterhead")
    wide = 720

    name: QLineEdit
    organiser: QLineEdit
    year: QSpinBox
    place: QLineEdit
    theme: QLineEdit
    panel_name: QLineEdit
    legal_basis: QLineEdit
    letterhead: QPlainTextEdit
    address: QLineEdit
    paper: QComboBox
    logo_button: QPushButton
    no_logo_button: QPushButton
    logo_state: QLabel
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, house: House, view: RulesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._house, self._view, self._logo = house, view, view.logo
        now = view.competition
        for key in ("name", "organiser", "place", "theme", "panel_name", "legal_basis", "address"):
            field: QLineEdit = getattr(self, key)
            field.setText(getattr(now, key))
            field.setCursorPosition(0)
        self.year.setValue(now.year)
        self.letterhead.setPlainText("\n".join(now.letterhead))
        self.letterhead.setFixedHeight(LINES * self.letterhead.fontMetrics().lineSpacing() + 20)
        self.paper.addItems(list(PAPERS))
        self.paper.setCurrentText(now.paper)
        self.problem_label.hide()
        self.main_button(self.buttons, Text("Save"))
        self.logo_button.clicked.connect(self._choose_logo)
        self.no_logo_button.clicked.connect(lambda: self._set_logo(b""))
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._set_logo(self._logo)
        self.name.setFocus()

    def _choose_logo(self) -> None:
        chosen = files.choose_open(self, Text("Choose the logo"), (PICTURES,))
        if not chosen:
            return
        path = chosen[0]

        def read(_task: TaskContext) -> bytes:
            try:
                with path.open("rb") as file:
                    return file.read(MOST_LOGO)
            except OSError as error:
                raise cannot_read(path, error) from error

        self._house.run(read, self._set_logo, self.show_problem, owner=self, pure=True)

    def _set_logo(self, data: bytes) -> None:
        self._logo = data
        picture = QPixmap()
        picture.loadFromData(data)
        self.no_logo_button.setEnabled(bool(data))
        if picture.isNull():
            self.logo_state.setText(say(Text("none yet")))
        else:
            self.logo_state.setPixmap(picture.scaledToHeight(theme.px(34)))
        self.logo_state.setAccessibleName(say(Text("Logo")))

    def _save(self) -> None:
        workplace: Workplace = self._house.session.context
        lines = self.letterhead.toPlainText().splitlines()
        wanted = replace(
            self._view.competition,
            name=self.name.text(),
            organiser=self.organiser.text(),
            year=self.year.value(),
            place=self.place.text(),
            theme=self.theme.text(),
            panel_name=self.panel_name.text(),
            legal_basis=self.legal_basis.text(),
            letterhead=tuple(line.strip() for line in lines if line.strip()),
            address=self.address.text(),
            paper=self.paper.currentText(),
        )
        logo = self._logo

        def work(task: TaskContext) -> Changes:
            home = workplace.home(task)
            if logo != self._view.logo:
                save_logo(home, workplace.panel, logo)
            return save_competition(home, workplace.panel, wanted)

        self._house.run(work, lambda _changes: self.accept(), self.show_problem, owner=self)
