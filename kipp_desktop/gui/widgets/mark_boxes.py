"""A criterion's mark as a row of boxes, for scales of at most eleven marks.

The row is one stop of the tab order. Digits set a mark (0 is 10 where the scale has no 0), left and
right look at the neighbours, Space or Enter sets the mark looked at, Delete takes it away; up and
down ask for the neighbouring criterion.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

    from kipp_desktop.domain.rubric import Scale

MOST_BOXES: Final = 11
SIDE: Final = 44


class MarkBox(QAbstractButton):
    """One mark: 44 x 44 pixels or more, filled when set, ringed when looked at."""

    def __init__(self, mark: Fraction, parent: QWidget) -> None:
        super().__init__(parent)
        self.mark = mark
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return a square that holds the number at any text size."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 14
        side = max(SIDE, wide, self.fontMetrics().height() + 12)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box in the theme's colours."""
        filled = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self.hasFocus() else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        border = "focus" if self.hasFocus() else "accent" if filled else "border"
        if not self.isEnabled():
            border = "line"
        painter.setPen(QPen(theme.colour(border), width))
        ground = "accent" if filled else "neutral" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, 6, 6)
        if filled and self.hasFocus():
            painter.setPen(QPen(theme.colour("on_accent"), 1))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 4, 4)
        text = "on_accent" if filled else "text" if self.isEnabled() else "disabled"
        painter.setPen(theme.colour(text))
        painter.setFont(theme.font(bold=filled))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class MarkBoxes(QWidget):
    """The boxes of one criterion.

    ``marked`` carries the new mark (``Fraction``, or ``None`` when taken away) as soon as the user
    sets it; ``looked_at`` the mark in focus (``None`` when the focus leaves the row), for its
    descriptor; ``left`` is -1 or 1 when the user wants the criterion above or below.
    """

    marked = Signal(object)
    looked_at = Signal(object)
    left = Signal(int)

    def __init__(self, scale: Scale, name: str = "", parent: QWidget | None = None) -> None:
        """Build the row.

        :raises ValueError: for a scale of more than :data:`MOST_BOXES` marks.
        """
        super().__init__(parent)
        if scale.steps >= MOST_BOXES:
            message = f"{scale.steps + 1} marks are too many for boxes"
            raise ValueError(message)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._name = name
        self._mark: Fraction | None = None
        self.boxes = [MarkBox(scale.mark(i), self) for i in range(scale.steps + 1)]
        for box in self.boxes:
            self._row.addWidget(box)
            box.clicked.connect(lambda _on=False, box=box: self._set(box))
            box.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name_boxes()
        self._show_mark()

    @property
    def mark(self) -> Fraction | None:
        """The mark that is set."""
        return self._mark

    def show_mark(self, mark: Fraction | None) -> None:
        """Show a stored mark; emits nothing."""
        self._mark = mark
        self._show_mark()

    def rename(self, name: str) -> None:
        """Change the criterion's name, as it is read aloud."""
        self._name = name
        self._name_boxes()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language: decimals are written with its sign."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name_boxes()
        super().changeEvent(event)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """Watch the boxes' focus and keys."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, MarkBox):
            self.looked_at.emit(watched.mark)
        elif event.type() == QEvent.Type.FocusOut:
            self._note_leaving(event)  # type: ignore[arg-type]
        elif event.type() == QEvent.Type.KeyPress and isinstance(watched, MarkBox):
            return self._key(watched, event)  # type: ignore[arg-type]
        return False

    def _note_leaving(self, event: QFocusEvent) -> None:
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.looked_at.emit(None)

    def _key(self, box: MarkBox, event: QKeyEvent) -> bool:
        at = self.boxes.index(box)
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key == Qt.Key.Key_Left and at > 0:
            self.boxes[at - 1].setFocus()
        elif key == Qt.Key.Key_Right and at + 1 < len(self.boxes):
            self.boxes[at + 1].setFocus()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            pass
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.left.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._set(box)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._take_away()
        elif event.text().isdecimal():
            self._digit(int(event.text()))
        else:
            return False
        return True

    def _digit(self, digit: int) -> None:
        marks = {box.mark: box for box in self.boxes}
        box = marks.get(Fraction(digit)) or (marks.get(Fraction(10)) if digit == 0 else None)
        if box is not None:
            box.setFocus()
            self._set(box)

    def _set(self, box: MarkBox) -> None:
        self._mark = box.mark
        self._show_mark()
        self.marked.emit(self._mark)

    def _take_away(self) -> None:
        if self._mark is not None:
            self._mark = None
            self._show_mark()
            self.marked.emit(None)

    def _show_mark(self) -> None:
        stop = self.boxes[0]
        for box in self.boxes:
            box.setChecked(box.mark == self._mark)
            box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            stop = box if box.isChecked() else stop
        stop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(stop)

    def _name_boxes(self) -> None:
        self.setAccessibleName(self._name)
        for box in self.boxes:
            box.setText(say_value(box.mark))
            box.setAccessibleName(
                say(Text("{criterion}: {mark}", criterion=self._name, mark=box.mark)),
            )
