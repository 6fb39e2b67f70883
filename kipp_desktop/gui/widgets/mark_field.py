"""A criterion's mark as a typed number, for scales of many or broken marks.

What cannot become a mark of the scale is refused as it is typed. A mark is set as soon as no
further digit could follow ("87" on 0-100), else with Enter or when the field is left ("8", "10").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFocusEvent
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.domain.rubric import Scale


class ScaleValidator(QValidator):
    """Knows every spelling of the scale's marks, with point or comma, and their beginnings."""

    def __init__(self, scale: Scale, parent: QObject | None = None) -> None:
        super().__init__(parent)
        marks = [scale.mark(i) for i in range(scale.steps + 1)]
        width = max(len(format_decimal(mark).partition(".")[2]) for mark in marks)
        self._marks = {
            spelling: mark for mark in marks for spelling in _spellings(format_decimal(mark), width)
        }
        self._beginnings = {text[:n] for text in self._marks for n in range(len(text) + 1)}
        self._open = {
            text[:n]
            for text, mark in self._marks.items()
            for n in range(1, len(text))
            if self._marks.get(text[:n], mark) != mark
        }
        """Spellings of which another digit makes another mark: "8" on 0-100."""

    def mark(self, text: str) -> Fraction | None:
        """Return the mark that a text spells."""
        return self._marks.get(_with_point(text))

    def is_closed(self, text: str) -> bool:
        """Return whether a text spells a mark and cannot become another."""
        return self.mark(text) is not None and _with_point(text) not in self._open

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Judge a text as it is typed."""
        typed = _with_point(text)
        if typed in self._marks:
            return QValidator.State.Acceptable, text, position
        if typed in self._beginnings:
            return QValidator.State.Intermediate, text, position
        return QValidator.State.Invalid, text, position


def _with_point(text: str) -> str:
    return text.strip().replace(",", ".")


def _spellings(decimal: str, width: int) -> set[str]:
    """Return a mark's spellings: 7, 7.5, 7.50; the bare "7." is a beginning only."""
    whole, _, part = decimal.partition(".")
    padded = {f"{whole}.{part.ljust(n, '0')}" for n in range(max(1, len(part)), width + 1)}
    return {decimal} | padded


class MarkField(QLineEdit):
    """The typed mark of one criterion; signals as in :class:`.mark_boxes.MarkBoxes`.

    ``refused`` carries a :class:`Text` that says what the scale allows.
    """

    marked = Signal(object)
    looked_at = Signal(object)
    left = Signal(int)
    refused = Signal(object)

    def __init__(self, scale: Scale, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._mark: Fraction | None = None
        self._validator = ScaleValidator(scale, self)
        self._typed_digit = False
        self.setValidator(self._validator)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rename(name)
        self._describe()
        self.textEdited.connect(self._typed)
        self.inputRejected.connect(self._refuse)
        self.editingFinished.connect(self.finish)

    @property
    def mark(self) -> Fraction | None:
        """The mark that is set."""
        return self._mark

    def rule(self) -> Text:
        """Return the sentence that says what the scale allows."""
        scale = self._scale
        if scale.step == 1:
            return Text("From {low} to {high}.", low=scale.minimum, high=scale.maximum)
        return Text(
            "From {low} to {high}, in steps of {step}.",
            low=scale.minimum,
            high=scale.maximum,
            step=scale.step,
        )

    def show_mark(self, mark: Fraction | None) -> None:
        """Show a stored mark; emits nothing."""
        self._mark = mark
        self.setText("" if mark is None else say_value(mark))

    def rename(self, name: str) -> None:
        """Change the criterion's name, as it is read aloud."""
        self.setAccessibleName(name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the text size."""
        if event.type() == QEvent.Type.LanguageChange:
            self.show_mark(self._mark)
            self._describe()
        elif event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._describe()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the page: it takes back marks, not letters."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer the whole number for typing over."""
        super().focusInEvent(event)
        self.selectAll()
        self.looked_at.emit(self._mark)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Set what stands here, or show again what was set."""
        super().focusOutEvent(event)
        self.finish()
        self.looked_at.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbouring criterion with up and down; Esc shows what was set."""
        key = Qt.Key(event.key())
        self._typed_digit = event.text().isdecimal()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.finish()
            self.left.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            # An empty field is no mark, so Qt would not call it finished.
            self.finish()
        elif key == Qt.Key.Key_Escape and self._validator.mark(self.text()) != self._mark:
            self.show_mark(self._mark)
        else:
            super().keyPressEvent(event)

    def _refuse(self) -> None:
        """Take back the whole number that a digit led off the scale: of 105 no 10 may stay."""
        if self._typed_digit:
            self.show_mark(self._mark)
            self.selectAll()
        self.refused.emit(self.rule())

    def _typed(self, text: str) -> None:
        mark = self._validator.mark(text)
        if self._validator.is_closed(text):
            self._set(mark)
        elif mark is not None:
            # Not set yet, for more may be typed; but what it means is shown with each digit.
            self.looked_at.emit(mark)

    def finish(self) -> None:
        """Set what stands here where it is on the scale, or show again what was set."""
        # "87," was to be 87 with a part that was not typed.
        mark = self._validator.mark(self.text().rstrip(".,"))
        if mark is not None or not self.text():
            self._set(mark)
        self.setText("" if self._mark is None else say_value(self._mark))

    def _set(self, mark: Fraction | None) -> None:
        if mark != self._mark:
            self._mark = mark
            self.looked_at.emit(mark)
            self.marked.emit(mark)

    def _describe(self) -> None:
        self.setToolTip(say(self.rule()))
        self.setAccessibleDescription(say(self.rule()))
        widest = max(len(say_value(self._scale.maximum - self._scale.step)), 3) + 1
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * widest) + 26)
