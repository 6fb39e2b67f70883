"""Add or change one person of the panel or of the secretariat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QGridLayout

from kipp_desktop.domain.rule_words import ROLE_TEXTS
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.services.people import PersonLine, save_person
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.workplace import Workplace

COLUMNS = 3


class PersonDialog(FormDialog):
    """Stays open until the person is stored; the pages then reload by themselves."""

    form = "person.ui"
    title = Text("Person")
    wide = 640

    name: QLineEdit
    roles_label: QLabel
    roles: QGridLayout
    institution: QLineEdit
    position: QLineEdit
    conflicts: QLineEdit
    nip: QLineEdit
    phone: QLineEdit
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(self, house: House, line: PersonLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._house, self._line = house, line
        self.boxes: dict[str, QCheckBox] = {}
        for at, (role, text) in enumerate(ROLE_TEXTS.items()):
            name = say(text)
            box = QCheckBox(name[:1].upper() + name[1:])
            box.setObjectName(f"role_{role}")
            box.setChecked(role in line.roles)
            box.toggled.connect(self._look)
            self.roles.addWidget(box, at // COLUMNS, at % COLUMNS)
            self.boxes[role] = box
        # In line with the first row of boxes, which have a ring for the focus around them.
        self.roles_label.setContentsMargins(0, theme.px(4) + 2, 0, 0)
        self.boxes["secretary"].setEnabled(not line.keeper)
        self.name.setText(line.name)
        self.institution.setText(line.institution)
        self.position.setText(line.title)
        self.conflicts.setText(line.conflicts)
        self.nip.setText(line.nip)
        self.phone.setText(line.phone)
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons, Text("Save"))
        self.name.textChanged.connect(self._look)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        forms.chain_tabs(self)
        self._look()
        self.name.setFocus()

    def _chosen(self) -> tuple[str, ...]:
        return tuple(role for role, box in self.boxes.items() if box.isChecked())

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.name.text().strip() and self._chosen()))

    def _save(self) -> None:
        workplace: Workplace = self._house.session.context
        wanted = PersonLine(
            id=self._line.id,
            name=self.name.text(),
            roles=self._chosen(),
            institution=self.institution.text(),
            title=self.position.text(),
            conflicts=self.conflicts.text(),
            nip=self.nip.text(),
            phone=self.phone.text(),
        )
        self._house.run(
            lambda task: save_person(workplace.home(task), workplace.panel, wanted),
            lambda _changes: self.accept(),
            self.show_problem,
            owner=self,
        )
