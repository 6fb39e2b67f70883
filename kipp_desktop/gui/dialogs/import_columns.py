"""The second step of an import: what each column of the table is, guessed and to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy

from kipp_desktop.exchange.tables import KEPT, LEFT_OUT
from kipp_desktop.gui import theme
from kipp_desktop.gui.field_names import FIELD_TEXTS
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGridLayout

    from kipp_desktop.exchange.guessing import ColumnGuess
    from kipp_desktop.exchange.tables import Kind
    from kipp_desktop.services.table_view import TableView

_HEADINGS: Final = (Text("Column in the table"), Text("Examples"), Text("Read as"), None)
_WIDEST: Final = 200
_COMBO: Final = 200


class ColumnRows(QObject):
    """A line a column: its heading, some cells, the field in a combo box, and how sure that is."""

    def __init__(self, grid: QGridLayout, kind: Kind, parent: QObject) -> None:
        super().__init__(parent)
        self._grid, self._kind = grid, kind
        self._combos: dict[int, QComboBox] = {}
        self._chips: dict[int, Chip] = {}
        grid.setColumnStretch(1, 1)

    def show_columns(self, view: TableView) -> None:
        """Show the columns of another table."""
        self._clear()
        for at, heading in enumerate(_HEADINGS):
            if heading is not None:
                label = QLabel(say(heading))
                label.setProperty("look", "small")
                self._grid.addWidget(label, 0, at)
        for line, column in enumerate(view.columns, start=1):
            self._add(line, column, view)

    def chosen(self) -> dict[int, str | None]:
        """Return the field of each column by its place; None keeps a column, ``-`` drops it."""
        found: dict[int, str | None] = {}
        for index, combo in self._combos.items():
            field = str(combo.currentData())
            found[index] = None if field == KEPT else field
        return found

    def unsure(self) -> int:
        """Return how many columns are guesses that nobody has confirmed."""
        return sum(chip.property("chip") == "wait" for chip in self._chips.values())

    def _clear(self) -> None:
        self._combos, self._chips = {}, {}
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, line: int, column: ColumnGuess, view: TableView) -> None:
        name = column.header or say(Text("column {letter}", letter=letters(column.index)))
        heading = ElidedLabel(name)
        heading.setProperty("look", "strong")
        heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        heading.setMaximumWidth(theme.px(_WIDEST))
        samples = ElidedLabel(" · ".join(column.samples))
        samples.setProperty("look", "muted")
        samples.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        combo = QComboBox()
        combo.setObjectName(f"column_{column.index + 1}")
        combo.setMinimumWidth(theme.px(_COMBO))
        for field, _ in view.choices:
            combo.addItem(say(FIELD_TEXTS[field]), field)
        if self._kind == "entries":
            if column.header:
                combo.addItem(say(Text("– kept with the innovation")), KEPT)
            combo.addItem(say(Text("– left out")), LEFT_OUT)
        else:
            combo.addItem(say(Text("– not used")), KEPT)
        field = column.field or KEPT
        if self._kind == "entries" and (column.left_out or not (column.field or column.header)):
            field = LEFT_OUT
        combo.setCurrentIndex(combo.findData(field))
        combo.setAccessibleName(say(Text("What the column “{name}” is read as", name=name)))
        chip = Chip()
        self._combos[column.index], self._chips[column.index] = combo, chip
        for at, widget in enumerate((heading, samples, combo, chip)):
            self._grid.addWidget(widget, line, at)
        self._say(column, chip, remembered=view.remembered)
        combo.currentIndexChanged.connect(lambda _at: chip.say(say(Text("chosen")), "calm"))

    def twice(self) -> Text | None:
        """Return what is wrong when two columns are read as the same field, else None."""
        seen: dict[str, QComboBox] = {}
        for combo in self._combos.values():
            field = str(combo.currentData())
            if field in seen and field not in {KEPT, LEFT_OUT}:
                return Text(
                    "Two columns are read as {field}. Keep it for one of them, and choose "
                    "something else for the other.",
                    field=FIELD_TEXTS[field],
                )
            seen[field] = combo
        return None

    def _say(self, column: ColumnGuess, chip: Chip, *, remembered: bool) -> None:
        if column.confidence == "likely":
            chip.say(say(Text("please check")), "wait")
        elif remembered:
            chip.say(say(Text("remembered")), "calm")
        elif column.field is not None:
            chip.say(say(Text("recognised")), "good")
        else:
            chip.say(say(Text("other column")), "neutral")


def letters(index: int) -> str:
    """Return what a spreadsheet calls the column at a place from 0: A, B, … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
