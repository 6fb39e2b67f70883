"""The grid of marks: typed with the digits alone, Enter goes on to the next cell.

What is not on the scale is refused as it is typed, with a sentence; the cell then takes nothing
until something else is typed, so that a typist who looks at the paper stores nothing wrong.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QRegularExpressionValidator
from PySide6.QtWidgets import QAbstractItemDelegate, QHeaderView, QLineEdit, QTableView

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.table import ROW, ChipDelegate
from kipp_desktop.gui.translation import say_value
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.gui.widgets.mark_field import ScaleValidator
from kipp_desktop.gui.widgets.pinned_column import PinnedColumn
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.gui.models.mark_grid import Index, MarkGridModel

ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
MOST_LINES: Final = 3
MOST_HEIGHT: Final = 10_000
HEADER_ROOM: Final = 18
"""What a header leaves free around its words, in pixels at 100 % text."""
CHIP_ROOM: Final = 30
"""What two marks that differ leave free around them, in pixels at 100 % text."""
TITLE: Final = 190
"""The least width of the title, in pixels at 100 % text."""
MOVES: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class MarkCell(QLineEdit):
    """The field of one cell. ``value`` is what it holds; ``refused`` carries a sentence."""

    refused = Signal(object)

    def __init__(self, leaf: Leaf | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._leaf = leaf
        self._stuck = False
        self._typed = ""
        self._scale = None if leaf is None else ScaleValidator(leaf.scale, self)
        self.setValidator(
            QRegularExpressionValidator(r"\d{1,5}([.,]\d{0,4})?", self)
            if self._scale is None
            else self._scale
        )
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFrame(False)
        self.setTextMargins(0, 0, 0, 0)
        self.setStyleSheet("QLineEdit { padding: 0; border-radius: 0; min-height: 0; }")
        if leaf is not None:
            self.setAccessibleName(leaf.criterion.name)
        self.textEdited.connect(self._fresh)
        self.inputRejected.connect(lambda: self._refuse(self._typed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember what is being typed, for the sentence that refuses it."""
        kept = "" if self.hasSelectedText() else self.text()
        self._typed = kept + event.text()
        super().keyPressEvent(event)

    def value(self) -> Fraction | None:
        """Return the number that stands here and may be stored; ``None`` for none."""
        text = self.text().strip().replace(",", ".")
        if self._stuck or not text:
            return None
        if self._scale is not None:
            return self._scale.mark(text)
        return Fraction(text.rstrip("."))

    def is_stuck(self) -> bool:
        """Return whether something was refused here and nothing typed since."""
        if self.text() and self.value() is None and not self._stuck:
            self._refuse(self.text())
        return self._stuck

    def _refuse(self, typed: str) -> None:
        self._stuck = True
        say_look(self, "problem", True)
        self.clear()
        if self._leaf is None:
            self.refused.emit(Text("“{text}” is not a number.", text=typed))
            return
        scale = self._leaf.scale
        self.refused.emit(
            Text(
                "“{text}” is not on the scale of {criterion}: from {low} to {high}.",
                text=typed,
                criterion=self._leaf.criterion.name,
                low=scale.minimum,
                high=scale.maximum,
            )
            if scale.step == 1
            else Text(
                "“{text}” is not on the scale of {criterion}: from {low} to {high}, "
                "in steps of {step}.",
                text=typed,
                criterion=self._leaf.criterion.name,
                low=scale.minimum,
                high=scale.maximum,
                step=scale.step,
            )
        )

    def _fresh(self, _text: str) -> None:
        self._stuck = False
        say_look(self, "problem", False)


class MarkDelegate(ChipDelegate):
    """Opens a :class:`MarkCell` in a cell, and moves on when it is left."""

    refused = Signal(object)
    moved = Signal(int, int)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field for the criterion of the cell."""
        model: MarkGridModel = index.model()  # type: ignore[assignment]
        cell = MarkCell(model.leaf_at(index.column()), parent)
        cell.refused.connect(self.refused)
        return cell

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Start with the number that stands there, to be typed over."""
        model: MarkGridModel = index.model()  # type: ignore[assignment]
        value = model.value_at(index)
        assert isinstance(editor, MarkCell)
        editor.setText("" if value is None else say_value(value))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Store what was typed; an empty or refused cell stays as it was."""
        assert isinstance(editor, MarkCell)
        value = None if editor.is_stuck() else editor.value()
        if value is not None:
            model.setData(index, value)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Take Enter, Up and Down in the field: store and go on."""
        if event.type() == QEvent.Type.KeyPress and isinstance(editor, MarkCell):
            key = Qt.Key(event.key())  # type: ignore[attr-defined]
            if key in ENTER or key in MOVES:
                if not editor.is_stuck():
                    self.commitData.emit(editor)
                    self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                    self.moved.emit(*MOVES.get(key, (0, 1)))
                return True
        return super().eventFilter(editor, event)


class MarkGrid(QTableView):
    """Shows a :class:`MarkGridModel`; ``refused`` carries why something typed was not taken."""

    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = MarkDelegate(self)
        self._delegate.refused.connect(self.refused)
        self._delegate.moved.connect(self._move)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(
            QTableView.EditTrigger.AnyKeyPressed
            | QTableView.EditTrigger.EditKeyPressed
            | QTableView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        # It stays when the grid scrolls sideways: the number is what stands on the paper.
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setHighlightSections(False)
        self.horizontalHeader().setHighlightSections(False)
        # Names of criteria go over several lines, which eliding would prevent.
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)
        self._pinned = PinnedColumn(self)

    def show_model(self, model: MarkGridModel) -> None:
        """Show a model; the sizes follow its columns."""
        self.setModel(model)
        self.setColumnHidden(0, True)
        model.modelReset.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give every column its width: the title what the others leave."""
        model: Any = self.model()
        if model is None:
            return
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        header, letter = self.horizontalHeader(), self.fontMetrics().horizontalAdvance("n")
        header.setMinimumSectionSize(theme.px(30))
        last, left = model.columnCount() - 1, self.viewport().width()
        highest = 0
        for column in range(1, last + 1):
            if column != 1:
                wide = (16 if column == last else 7) * letter + theme.px(20)
                if column in model.typing_columns():
                    different = QFontMetrics(theme.font(bold=True)).horizontalAdvance(
                        model.widest_difference(column)
                    )
                    wide = max(wide, different + theme.px(CHIP_ROOM) if different else 0)
                    wide, high = self._room_of_name(column, wide)
                    highest = max(highest, high)
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, wide)
                left -= wide
        header.setFixedHeight(highest + theme.px(HEADER_ROOM))
        # The title takes what the others leave; where that is too little, the grid scrolls.
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(1, max(left, theme.px(TITLE)))
        # Whoever goes on or corrects looks at the total: it stays, however many criteria there are.
        total = last - 1
        for at, column in enumerate((*range(total), last, total)):
            header.moveSection(header.visualIndex(column), at)
        self._pinned.show_column(model, total)

    def _room_of_name(self, column: int, least: int) -> tuple[int, int]:
        """Return the width at which a column's name stands in few lines, and their height."""
        name = self.model().headerData(column, Qt.Orientation.Horizontal)
        metrics, room = QFontMetrics(theme.font(theme.SMALL)), theme.px(HEADER_ROOM)
        widest = max(map(metrics.horizontalAdvance, name.split()), default=0)
        wide = max(least, widest + room)
        while True:
            box = QRect(0, 0, wide - room, MOST_HEIGHT)
            height = metrics.boundingRect(box, Qt.TextFlag.TextWordWrap, name).height()
            # A line may take part of a pixel more than it says.
            if height <= MOST_LINES * (metrics.lineSpacing() + 1):
                return wide, height
            wide += metrics.averageCharWidth()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the title what is left."""
        super().resizeEvent(event)
        self.fit()

    def start(self, *, at: str = "") -> None:
        """Put the cursor into the first empty cell that can be typed into, of an entry or any."""
        model: Any = self.model()
        for line in range(model.rowCount()):
            row = model.row_of(line)
            if at and row.entry != at:
                continue
            for column in model.typing_columns():
                index = model.index(line, column)
                if at or (row.due and row.editable and model.value_at(index) is None):
                    self._go(line, column)
                    return
        if model.rowCount():
            self._go(0, next(iter(model.typing_columns())))

    def chosen_entries(self) -> list[str]:
        """Return the entries of the rows in which cells are selected."""
        model: Any = self.model()
        lines = sorted({index.row() for index in self.selectedIndexes()})
        return [model.row_of(line).entry for line in lines]

    def current_entry(self) -> str:
        """Return the entry of the cursor's row, or ""."""
        model: Any = self.model()
        index = self.currentIndex()
        return model.row_of(index.row()).entry if index.isValid() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, clear with Delete, and refuse letters before a field opens."""
        index, key = self.currentIndex(), Qt.Key(event.key())
        model: Any = self.model()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = index.isValid() and index.column() in model.typing_columns()
        if key in ENTER and plain:
            self._move(0, 1)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and plain and typing:
            model.setData(index, None)
        elif typing and plain and event.text().isdigit() and not model.row_of(index.row()).editable:
            model.locked.emit(model.row_of(index.row()).entry)
        elif plain and event.text().isprintable() and event.text() and not event.text().isdigit():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow text size and language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit()
        elif event.type() == QEvent.Type.LanguageChange and self.model() is not None:
            model: Any = self.model()
            model.translate()
            self.fit()

    def _move(self, down: int, right: int) -> None:
        index = self.currentIndex()
        model: Any = self.model()
        if not index.isValid():
            self.start()
            return
        columns = model.typing_columns()
        line, column = index.row() + down, max(index.column() + right, columns.start)
        if column >= columns.stop:
            line, column = line + 1, columns.start
            # A pile of papers has none of these: what is typed on belongs to the next row.
            while line < model.rowCount() and not model.row_of(line).due:
                line += 1
        if 0 <= line < model.rowCount():
            self._go(line, column)

    def _go(self, line: int, column: int) -> None:
        model: Any = self.model()
        index = model.index(line, column)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index)
        # Nor may the cell lie below the total.
        beyond = self.visualRect(index).right() + 1 - self.viewport().width() + self._pinned.covers
        if beyond > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + beyond)
