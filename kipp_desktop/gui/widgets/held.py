"""Labels whose words change at every mark, held so that the page around them is not laid out anew.

A label in a layout asks all layouts above it again whenever its text changes. What holds it here
hears that, puts the label itself, and asks further up only for another height.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QLabel


class _Held(QWidget):
    """Takes the width that it gets; a subclass puts its labels there and says their height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the labels in this width."""
        raise NotImplementedError

    def put(self) -> None:
        """Give the labels their places in the width that there is."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        """Return the height that is needed now; any width is good."""
        return QSize(self.minimumSizeHint().width(), self.heightForWidth(max(1, self.width())))

    def event(self, event: QEvent) -> bool:
        """Hear that a label has other words or letters."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the labels into another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        high = self.heightForWidth(self.width())
        if high != self._told:
            self._told = high
            self.updateGeometry()
        self.put()


class HeldLabel(_Held):
    """One label, at the left or the right, no wider than its words."""

    def __init__(self, label: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self._right = True
        label.setParent(self)
        label.show()

    def align(self, side: Qt.AlignmentFlag) -> None:
        """Put the label at the left or the right."""
        self._right = side == Qt.AlignmentFlag.AlignRight
        self.put()

    def minimumSizeHint(self) -> QSize:
        """Return what the label needs at least."""
        return self.label.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the label in this width."""
        return self.label.heightForWidth(min(width, self.label.sizeHint().width()))

    def put(self) -> None:
        """Give the label its place."""
        wide = min(self.width(), self.label.sizeHint().width())
        left = self.width() - wide if self._right else 0
        self.label.setGeometry(left, 0, wide, self.height())


class HeldRow(_Held):
    """Words at the left and at the right, and between them what may be shortened."""

    def __init__(
        self, left: QLabel, middle: QLabel, right: QLabel, gap: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._left, self._middle, self._right, self._gap = left, middle, right, gap
        for label in (left, middle, right):
            label.setParent(self)
            label.show()

    def minimumSizeHint(self) -> QSize:
        """Return the words at both sides and some letters between them."""
        wide = self._left.sizeHint().width() + self._right.sizeHint().width()
        middle = self._middle.minimumSizeHint().width()
        return QSize(wide + middle + 2 * self._gap, self.heightForWidth(0))

    def heightForWidth(self, _width: int) -> int:
        """Return the height of the highest."""
        labels = (self._left, self._middle, self._right)
        return max(label.sizeHint().height() for label in labels)

    def put(self) -> None:
        """Give each its place."""
        high = self.height()
        left, right = self._left.sizeHint().width(), self._right.sizeHint().width()
        begin, end = left + self._gap, self.width() - right
        self._left.setGeometry(0, 0, left, high)
        self._middle.setGeometry(begin, 0, max(0, end - self._gap - begin), high)
        self._right.setGeometry(end, 0, right, high)
