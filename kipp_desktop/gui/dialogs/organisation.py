"""Add or change one organisation of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.services.organisations import OrganisationLine, save_organisation
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import (
        QCheckBox,
        QComboBox,
        QDialogButtonBox,
        QLabel,
        QLineEdit,
        QWidget,
    )

    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.workplace import Workplace


class OrganisationDialog(FormDialog):
    """Stays open until the organisation is stored; the pages then reload by themselves."""

    form = "organisation.ui"
    title = Text("Organisation")
    wide = 640

    name: QLineEdit
    abbreviation: QLineEdit
    kind: QComboBox
    above: QComboBox
    must_enter: QCheckBox
    aliases_label: QLabel
    problem_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        house: House,
        line: OrganisationLine,
        lines: Sequence[OrganisationLine],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._house, self._line = house, line
        self.name.setText(line.name)
        self.abbreviation.setText(line.abbreviation)
        self.kind.setEditable(True)
        self.kind.addItems(sorted({one.kind for one in lines if one.kind}))
        self.kind.setCurrentText(line.kind)
        self.above.addItem(say(Text("none")), None)
        for one in sorted(lines, key=lambda one: one.name.casefold()):
            if one.id != line.id:
                self.above.addItem(one.name, one.id)
        self.above.setCurrentIndex(max(self.above.findData(line.parent), 0))
        self.above.setMinimumContentsLength(12)
        self.must_enter.setChecked(line.must_enter)
        self.aliases_label.setVisible(bool(line.aliases))
        self.aliases_label.setText(
            say(Text("Also recognised as: {names}", names=", ".join(line.aliases)))
        )
        self.problem_label.hide()
        self._ok = self.main_button(self.buttons, Text("Save"))
        self.name.textChanged.connect(self._look)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.name.setFocus()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.name.text().strip()))

    def _save(self) -> None:
        workplace: Workplace = self._house.session.context
        wanted = OrganisationLine(
            id=self._line.id,
            name=self.name.text(),
            kind=self.kind.currentText(),
            parent=self.above.currentData(),
            must_enter=self.must_enter.isChecked(),
            abbreviation=self.abbreviation.text(),
        )
        self._house.run(
            lambda task: save_organisation(workplace.home(task), workplace.panel, wanted),
            lambda _changes: self.accept(),
            self.show_problem,
            owner=self,
        )
