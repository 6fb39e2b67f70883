"""The fields of a rubric, or of one criterion, with each mistake below its field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidgetItem

from kipp_desktop.domain.rubric_draft import (
    LevelDraft,
    NodeDraft,
    RubricDraft,
    ScaleDraft,
    node_at,
    with_node,
)
from kipp_desktop.domain.rule_words import MARKER_TEXTS, TOTAL_TEXTS
from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import (
        QCheckBox,
        QComboBox,
        QLabel,
        QLineEdit,
        QPlainTextEdit,
        QPushButton,
        QTableWidget,
        QWidget,
    )

    from kipp_desktop.domain.rubric import Mistake
    from kipp_desktop.domain.rubric_draft import Place

LEVELS: Final = 4
ROW: Final = 34

#: What the keys of a rubric's file are called in the window.
KEY_TEXTS: Final = {
    "name": Text("Name"),
    "weight": Text("Weight"),
    "description": Text("Description"),
    "source": Text("Source"),
    "total": Text("Total"),
    "min": Text("from"),
    "from": Text("from"),
    "max": Text("to"),
    "to": Text("to"),
    "step": Text("step"),
    "text": Text("What it means"),
}


def in_words(problem: Text) -> Text:
    """Return a mistake that names the field as the window does, not the key of the file."""
    key = KEY_TEXTS.get(str(problem.values.get("key")))
    return problem if key is None else Text(problem.source, **{**problem.values, "key": key})


class RubricFields(QObject):
    """``changed`` carries the whole draft as it is now typed."""

    changed = Signal(object)

    whole_box: QWidget
    whole_name: QLineEdit
    whole_source: QPlainTextEdit
    total: QComboBox
    shared: QCheckBox
    whole_low: QLineEdit
    whole_high: QLineEdit
    whole_step: QLineEdit
    node_box: QWidget
    node_name: QLineEdit
    weight: QLineEdit
    description: QPlainTextEdit
    marker: QComboBox
    own_scale: QCheckBox
    node_low: QLineEdit
    node_high: QLineEdit
    node_step: QLineEdit
    levels_label: QLabel
    levels: QTableWidget
    add_level: QPushButton
    remove_level: QPushButton
    whole_name_problem: QLabel
    source_problem: QLabel
    total_problem: QLabel
    whole_scale_problem: QLabel
    node_name_problem: QLabel
    weight_problem: QLabel
    description_problem: QLabel
    marker_problem: QLabel
    node_scale_problem: QLabel
    levels_problem: QLabel
    other_problem: QLabel

    def __init__(self, form: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        forms.bind(self, form, "rubric.ui")
        self._draft, self._place = RubricDraft(), tuple[int, ...]()
        self._problems = {
            (False, "name"): self.whole_name_problem,
            (False, "id"): self.whole_name_problem,
            (False, "source"): self.source_problem,
            (False, "total"): self.total_problem,
            (False, "scale"): self.whole_scale_problem,
            (True, "name"): self.node_name_problem,
            (True, "id"): self.node_name_problem,
            (True, "weight"): self.weight_problem,
            (True, "description"): self.description_problem,
            (True, "marked_by"): self.marker_problem,
            (True, "scale"): self.node_scale_problem,
            (True, "levels"): self.levels_problem,
        }
        self._fields: tuple[QWidget, ...] = (
            self.whole_name, self.whole_source, self.total, self.shared, self.whole_low,
            self.whole_high, self.whole_step, self.node_name, self.weight, self.description,
            self.marker, self.own_scale, self.node_low, self.node_high, self.node_step, self.levels,
        )  # fmt: skip
        for field in (self.whole_name, self.whole_low, self.whole_high, self.whole_step,
                      self.node_name, self.weight, self.node_low, self.node_high,
                      self.node_step):  # fmt: skip
            field.textEdited.connect(lambda _text: self._typed())
        for area in (self.whole_source, self.description):
            area.textChanged.connect(self._typed)
        for box in (self.total, self.marker):
            box.activated.connect(lambda _at: self._typed())
        for tick in (self.shared, self.own_scale):
            tick.toggled.connect(lambda _on: self._typed())
        table = self.levels
        table.setColumnCount(3)
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.itemChanged.connect(lambda _item: self._typed())
        self.add_level.clicked.connect(self._add_level)
        self.remove_level.clicked.connect(self._remove_level)
        self.say()

    def say(self) -> None:
        """Say the lists and headings, and measure them again."""
        for box, texts in ((self.total, TOTAL_TEXTS), (self.marker, MARKER_TEXTS)):
            blocker = QSignalBlocker(box)
            value = box.currentData()
            box.clear()
            for key, text in texts.items():
                words = say(text)
                box.addItem(words[:1].upper() + words[1:], key)
            box.setCurrentIndex(max(box.findData(value), 0))
            del blocker
        self.levels.setHorizontalHeaderLabels(
            [say(Text("from")), say(Text("to")), say(Text("What it means"))]
        )
        for area, lines in ((self.whole_source, 5), (self.description, 3)):
            area.setFixedHeight(lines * area.fontMetrics().lineSpacing() + theme.px(18))
        self.levels.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self.levels.setMinimumHeight(theme.px(ROW) * (LEVELS + 1))
        for column in (0, 1):
            self.levels.setColumnWidth(column, theme.px(64))

    def show_place(self, draft: RubricDraft, place: Place) -> None:
        """Show the fields of the rubric (no place) or of a criterion; emits nothing."""
        self._draft, self._place = draft, place
        blockers = [QSignalBlocker(field) for field in self._fields]
        self.whole_box.setVisible(not place)
        self.node_box.setVisible(bool(place))
        if place:
            self._show_node(node_at(draft, place))
        else:
            self.whole_name.setText(draft.name)
            self.whole_source.setPlainText(draft.source)
            self.total.setCurrentIndex(max(self.total.findData(draft.total), 0))
            self.shared.setChecked(draft.scale is not None)
            self._show_scale(draft.scale, (self.whole_low, self.whole_high, self.whole_step))
        del blockers

    def _show_node(self, node: NodeDraft) -> None:
        leaf = not node.children
        self.node_name.setText(node.name)
        self.weight.setText(node.weight)
        self.description.setPlainText(node.description)
        self.marker.setCurrentIndex(max(self.marker.findData(node.marked_by), 0))
        self.marker.setEnabled(leaf)
        self.own_scale.setChecked(node.scale is not None)
        self.own_scale.setEnabled(leaf or node.scale is not None)
        self._show_scale(node.scale, (self.node_low, self.node_high, self.node_step))
        with_levels = leaf or bool(node.levels)
        for widget in (self.levels_label, self.levels, self.add_level, self.remove_level):
            widget.setVisible(with_levels)
        self.levels.setRowCount(len(node.levels))
        for line, level in enumerate(node.levels):
            for column, text in enumerate((level.start, level.end, level.text)):
                self.levels.setItem(line, column, QTableWidgetItem(text))
        self.remove_level.setEnabled(bool(node.levels))

    @staticmethod
    def _show_scale(scale: ScaleDraft | None, fields: tuple[QLineEdit, ...]) -> None:
        texts = ("", "", "") if scale is None else (scale.minimum, scale.maximum, scale.step)
        for field, text in zip(fields, texts, strict=True):
            field.setText(text)
            field.setEnabled(scale is not None)

    def show_mistakes(self, mistakes: Iterable[Mistake]) -> None:
        """Say each mistake of what is shown below its field."""
        said: dict[QLabel, list[str]] = {}
        for mistake in mistakes:
            if mistake.place != self._place:
                continue
            label = self._problems.get((bool(self._place), mistake.field), self.other_problem)
            sentence = say(in_words(mistake.problem))
            said.setdefault(label, []).append(f"{sentence[:1].upper()}{sentence[1:]}.")
        for label in {*self._problems.values(), self.other_problem}:
            label.setText("\n".join(said.get(label, [])))
            label.setVisible(label in said)

    # --- what is typed ---

    def _typed(self) -> None:
        draft, place = self._draft, self._place
        if place:
            old = node_at(draft, place)
            node = replace(
                old,
                name=self.node_name.text(),
                weight=self.weight.text(),
                description=self.description.toPlainText(),
                marked_by=str(self.marker.currentData()),
                scale=self._scale(
                    self.own_scale, (self.node_low, self.node_high, self.node_step), old.scale
                ),
                levels=tuple(
                    LevelDraft(*(self._cell(line, column) for column in range(3)))
                    for line in range(self.levels.rowCount())
                ),
            )
            self._draft = with_node(draft, place, node)
        else:
            self._draft = replace(
                draft,
                name=self.whole_name.text(),
                source=self.whole_source.toPlainText(),
                total=str(self.total.currentData()),
                scale=self._scale(
                    self.shared, (self.whole_low, self.whole_high, self.whole_step), draft.scale
                ),
            )
        self.changed.emit(self._draft)

    def _scale(
        self, tick: QCheckBox, fields: tuple[QLineEdit, ...], before: ScaleDraft | None
    ) -> ScaleDraft | None:
        if not tick.isChecked():
            self._show_scale(None, fields)
            return None
        if before is None:
            # A scale that is switched on starts as the rubric's, or from 1 to 10.
            fresh = self._draft.scale or ScaleDraft("1", "10")
            self._show_scale(fresh, fields)
            return fresh
        return ScaleDraft(*(field.text() for field in fields))

    def _cell(self, line: int, column: int) -> str:
        item = self.levels.item(line, column)
        return item.text() if item is not None else ""

    def _add_level(self) -> None:
        line = self.levels.rowCount()
        blocker = QSignalBlocker(self.levels)
        self.levels.setRowCount(line + 1)
        for column in range(3):
            self.levels.setItem(line, column, QTableWidgetItem(""))
        del blocker
        self.remove_level.setEnabled(True)
        self._typed()
        self.levels.setCurrentCell(line, 0)
        self.levels.edit(self.levels.currentIndex())

    def _remove_level(self) -> None:
        line = max(self.levels.currentRow(), 0)
        self.levels.removeRow(line)
        self.remove_level.setEnabled(self.levels.rowCount() > 0)
        self._typed()
