"""Two typings of one sheet differ: cell by cell who typed what, and what stands on the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel

from kipp_desktop.domain.canonical import parse_decimal
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.mark_field import MarkField
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QWidget

    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.paper import Typing

_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class SettleDialog(FormDialog):
    """Accepted when every differing criterion has the mark that stands on the paper."""

    form = "settle.ui"
    title = Text("Settle a difference")
    wide = 620

    what_label: QLabel
    marks_grid: QGridLayout
    who_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self,
        view: SheetView,
        typing: Typing,
        leaves: Sequence[Leaf],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._typing = typing
        self.entry = view.entry.id
        self.fields: dict[str, MarkField] = {}
        by_id = {leaf.id: leaf for leaf in leaves}
        self.what_label.setText(
            say(Text("Number {number}: {title}", number=view.entry.number, title=view.entry.title))
        )
        heads = [say(Text("Criterion")), *typing.names, say(Text("On the paper"))]
        for column, head in enumerate(heads):
            label = QLabel(head)
            label.setProperty("look", "muted")
            self.marks_grid.addWidget(label, 0, column, _side(column))
        for row, (criterion, marks) in enumerate(typing.differences, start=1):
            leaf = by_id[criterion]
            name = QLabel(leaf.criterion.name)
            name.setWordWrap(True)
            self.marks_grid.addWidget(name, row, 0)
            for column, mark in enumerate(marks, start=1):
                said = QLabel(say_value(parse_decimal(mark)) if mark else "–")
                self.marks_grid.addWidget(said, row, column, _side(column))
            field = MarkField(leaf.scale, leaf.criterion.name)
            field.textChanged.connect(lambda _text: self._look())
            field.marked.connect(lambda _mark: self._look())
            field.installEventFilter(self)
            self.fields[criterion] = field
            self.marks_grid.addWidget(field, row, len(marks) + 1, _side(1))
        self.marks_grid.setColumnStretch(0, 1)
        self._ok = self.main_button(self.buttons, Text("Settle"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        next(iter(self.fields.values())).setFocus()

    def agreed(self) -> dict[str, Fraction | None]:
        """Return the marks that stand on the paper, by criterion."""
        return {criterion: field.mark for criterion, field in self.fields.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go on with Enter: to the next mark, then to the button."""
        if (
            isinstance(watched, MarkField)
            and event.type() == QEvent.Type.KeyPress
            and Qt.Key(event.key()) in _ENTER  # type: ignore[attr-defined]
        ):
            fields = list(self.fields.values())
            following = fields.index(watched) + 1
            # The field sets what stands in it when it is left; only then the button works.
            self.setFocus()
            (fields[following] if following < len(fields) else self._ok).setFocus()
            return True
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        """Say who is corrected by what is typed so far."""
        whole = all(mark is not None for mark in self.agreed().values())
        wrong = []
        for number, name in enumerate(self._typing.names):
            slips = sum(
                parse_decimal(marks[number]) != self.fields[criterion].mark
                for criterion, marks in self._typing.differences
                if marks[number]
            )
            if slips:
                wrong.append(Text("{name} ({count} marks)", name=name, count=slips))
        self.who_label.setText(
            say(Text("To be corrected: {names}.", names=wrong)) if whole and wrong else " "
        )
        self._ok.setEnabled(whole)


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
