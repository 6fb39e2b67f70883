"""The small button that opens a criterion's comment; filled where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class NoteButton(QAbstractButton):
    """A checkable button: down while the comment is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.used = False

    def say(self, criterion: str, *, used: bool) -> None:
        """Tell whose comment it opens and whether there is one."""
        self.used = used
        name = (
            Text("Comment on {criterion} (written)", criterion=criterion)
            if used
            else Text("Comment on {criterion}", criterion=criterion)
        )
        self.setAccessibleName(say(name))
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square around the icon."""
        side = max(36, theme.px(icons.SIZE + 14))
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, the ring of the focus, and the icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = "accent" if self.used else "neutral" if self._is_lit() else None
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        ring = QPen(theme.colour("focus"), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
        painter.setPen(ring)
        painter.drawRoundedRect(box, 6, 6)
        if self.used and self.hasFocus():
            painter.setPen(QPen(theme.colour("on_accent"), 1))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 4, 4)
        colour = "on_accent" if self.used else "muted"
        picture = icons.pixmap("pencil", colour, ratio=self.devicePixelRatioF())
        side = theme.px(icons.SIZE)
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, picture)

    def _is_lit(self) -> bool:
        return self.underMouse() or self.isChecked()
