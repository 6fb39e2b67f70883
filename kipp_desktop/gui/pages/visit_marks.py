"""The marks of a visit, where the rubric of its stage asks for some."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.sheet import unpack
from kipp_desktop.exchange.tables import parse_cell_decimal
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.card_column import CardColumn
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.domain.rubric import Leaf, Rubric
    from kipp_desktop.gui.pages.base import Page

_WIDTH: Final = 120


class VisitMarks(QObject):
    """``marked`` with the id of a criterion and its mark or ``None``, ``refused`` with why not."""

    marked = Signal(str, object)
    refused = Signal(Text)

    marks_place: QWidget

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        forms.bind(self, page, page.form)
        self._column = CardColumn(self.marks_place)
        self._set: dict[str, str] = {}
        self.fields: dict[str, QLineEdit] = {}

    def show_marks(self, rubric: Rubric | None, marks: bytes) -> None:
        """Show a field a criterion with what is set; nothing where nothing is marked."""
        self._column.clear()
        self.fields = {}
        if rubric is None:
            return
        card = Card(say(Text("Marks")))
        self.take_marks(rubric, marks)
        for leaf in rubric.judged.leaves:
            field = QLineEdit(self._set.get(leaf.id, ""))
            field.setObjectName(f"mark_{leaf.id}")
            field.setAccessibleName(leaf.criterion.name)
            field.setPlaceholderText(
                f"{format_decimal(leaf.scale.minimum)}–{format_decimal(leaf.scale.maximum)}"
            )
            field.setMaximumWidth(theme.px(_WIDTH))
            field.editingFinished.connect(lambda leaf=leaf: self._edited(leaf))
            label = QLabel(leaf.criterion.name)
            label.setBuddy(field)
            card.body.addWidget(label)
            card.body.addWidget(field)
            self.fields[leaf.id] = field
        self._column.add(card)

    def take_marks(self, rubric: Rubric | None, marks: bytes) -> None:
        """Remember what is stored: a mark that is refused goes back to it."""
        self._set = unpack(rubric, marks) if rubric else {}

    def set_locked(self, locked: bool) -> None:
        """Let nothing be changed: it is signed."""
        for field in self.fields.values():
            field.setReadOnly(locked)

    def _edited(self, leaf: Leaf) -> None:
        field = self.fields[leaf.id]
        if field.isReadOnly():
            return
        text = field.text().strip()
        value: Fraction | None = parse_cell_decimal(text) if text else None
        if text and (value is None or leaf.scale.index(value) is None):
            self.refused.emit(Text("“{text}” is not a mark.", text=text[:20]))
            field.setText(self._set.get(leaf.id, ""))
            return
        self.marked.emit(leaf.id, value)
