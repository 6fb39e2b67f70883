"""All criteria of a sheet, one below the other, with the sum of their weights."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.criterion_row import CriterionRow
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.mark_field import MarkField
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kipp_desktop.domain.rubric import Criterion, Rubric


class CriteriaCard(QFrame):
    """``marked`` carries criterion, new mark and the mark before; ``commented`` a criterion.

    One row is active at a time: the one that was worked in last shows what its mark means, so
    that nothing jumps when the focus goes elsewhere.
    """

    marked = Signal(str, object, object)
    commented = Signal(str)
    entered = Signal(str)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.rows: dict[str, CriterionRow] = {}
        self._rubric: Rubric | None = None
        self._active = ""
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self.sum_label, self.hint_label = QLabel(), ElidedLabel()
        foot = QHBoxLayout()
        foot.setContentsMargins(0, theme.px(6), 0, 0)
        for label in (self.sum_label, self.hint_label):
            label.setProperty("look", "small")
        foot.addWidget(self.sum_label)
        self.hint_label.setAlignment(Qt.AlignmentFlag.AlignRight)
        foot.addWidget(self.hint_label, 1)
        self._column.addLayout(foot)
        self._fit()

    @property
    def active(self) -> str:
        """The criterion that was worked in last."""
        return self._active

    def set_rubric(self, rubric: Rubric) -> None:
        """Show other criteria; nothing happens where they are the same."""
        if rubric == self._rubric:
            return
        self._rubric = rubric
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows, self._active = {}, ""
        group: tuple[Criterion, ...] = ()
        for leaf in rubric.judged.leaves:
            if leaf.path[:-1] != group:
                group = leaf.path[:-1]
                self._add_heading(group)
            row = CriterionRow(leaf)
            row.setObjectName(f"criterion_{leaf.id}")
            name = leaf.id
            row.marked.connect(lambda new, old, name=name: self.marked.emit(name, new, old))
            row.commented.connect(lambda _text, name=name: self.commented.emit(name))
            row.entered.connect(lambda name=name: self.activate(name))
            row.left.connect(lambda step, name=name: self._go(name, step))
            row.refused.connect(self.refused)
            self.rows[name] = row
            at = self._column.count() - 1
            self._column.insertWidget(at, row)
            rule = QFrame()
            rule.setProperty("rule", True)
            self._column.insertWidget(at + 1, rule)
        self._say()

    def _add_heading(self, group: tuple[Criterion, ...]) -> None:
        """Name the branch of the tree to which the next criteria belong."""
        heading = QLabel(" › ".join(part.name for part in group))  # noqa: RUF001 - a sign
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        heading.setProperty("look", "group")
        heading.setIndent(0)
        self._column.insertWidget(self._column.count() - 1, heading)

    def show_sheet(self, marks: Mapping[str, Fraction | None], comments: Mapping[str, str]) -> None:
        """Show what is stored of a sheet; its first gap becomes active."""
        for name, row in self.rows.items():
            row.show_sheet(marks[name], comments.get(name, ""))
        self._active = ""
        self.activate(self.first_gap() or next(iter(self.rows)))

    def show_marks(self, marks: Mapping[str, Fraction | None]) -> None:
        """Show stored marks and leave all else as it is."""
        for name, row in self.rows.items():
            row.show_mark(marks[name])

    def comments(self) -> tuple[tuple[str, str], ...]:
        """Return the comments that are written, sorted by criterion."""
        texts = ((name, row.comment.toPlainText()) for name, row in sorted(self.rows.items()))
        return tuple((name, text) for name, text in texts if text.strip())

    def first_gap(self) -> str | None:
        """Return the first criterion that is not marked."""
        return next((name for name, row in self.rows.items() if row.mark is None), None)

    def activate(self, criterion: str) -> None:
        """Show what the mark of this criterion means."""
        if criterion == self._active:
            return
        self._active = criterion
        for name, row in self.rows.items():
            row.set_active(name == criterion)
        self.entered.emit(criterion)

    def focus(self, criterion: str) -> None:
        """Give a criterion's mark the focus."""
        self.rows[criterion].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.activate(criterion)

    def finish_typing(self) -> None:
        """Set the mark that still stands half typed in a field: going on must not lose it."""
        row = self.rows.get(self._active)
        if row is not None and isinstance(row.editor, MarkField):
            row.editor.finish()

    def set_editable(self, editable: bool) -> None:
        """Let the sheet be changed, or only be read."""
        for row in self.rows.values():
            row.set_editable(editable)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _go(self, criterion: str, step: int) -> None:
        names = list(self.rows)
        at = names.index(criterion) + step
        if 0 <= at < len(names):
            self.focus(names[at])

    def _fit(self) -> None:
        # At the sides as every card: big letters need the width for the boxes.
        self._column.setContentsMargins(16, theme.px(5), 16, theme.px(9))

    def _say(self) -> None:
        rubric = self._rubric
        if rubric is None:
            return
        for row in self.rows.values():
            weight = round_half_up(row.leaf.coefficient * row.leaf.scale.maximum, 2)
            row.show_weight(f"{say_value(weight)}%" if rubric.total == "percent" else "")
        highest = sum(
            (leaf.coefficient * leaf.scale.maximum for leaf in rubric.judged.leaves), Fraction(0)
        )
        self.sum_label.setText(
            say(
                Text("Sum of weights {sum}%", sum=highest)
                if rubric.total == "percent"
                else Text("Highest total {total}", total=highest)
            )
        )
        ten = any(
            leaf.scale.minimum > 0 and leaf.scale.index(Fraction(10)) is not None
            for leaf in rubric.judged.leaves
        )
        self.hint_label.say(
            say(
                Text("0 = mark 10 · ↑↓ criterion · F1 list of keys")
                if ten
                else Text("↑↓ criterion · F1 list of keys")
            )
        )
