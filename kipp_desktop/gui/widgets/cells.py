"""How cells of our tables are drawn beyond words: links, lines between rows, totals on a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.table import ChipDelegate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from PySide6.QtCore import QObject

    from kipp_desktop.gui.models.rows import Index

LARGE: Final = 17
PADDING, BOX = 10, 26


def row_of(index: Index) -> Any:
    """Return the row behind an index of a :class:`~kipp_desktop.gui.models.rows.RowsModel`."""
    model: Any = index.model()
    return model.row_at(index)


class WrappingDelegate(QStyledItemDelegate):
    """Asks for the height that a cell's words need in its column, box and padding counted.

    Qt forgets both when it counts lines, and leaves the last one out.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height at the column's width."""
        self.initStyleOption(option, index)
        view: Any = option.widget
        room = view.columnWidth(index.column()) - theme.px(2 * PADDING)
        if option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
            room -= theme.px(BOX)
        wrapped = int(Qt.TextFlag.TextWordWrap)
        needed = option.fontMetrics.boundingRect(0, 0, max(room, 1), 0, wrapped, option.text)
        return QSize(needed.width(), needed.height() + theme.px(PADDING))


class LinkDelegate(QStyledItemDelegate):
    """Draws a cell's words as what they are: something that can be done."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Take the colour and weight of a link."""
        super().initStyleOption(option, index)
        option.font = theme.font(bold=True)
        palette = option.palette
        for role in (palette.ColorRole.Text, palette.ColorRole.HighlightedText):
            palette.setColor(role, theme.colour("link"))
        option.palette = palette


class LargeDelegate(QStyledItemDelegate):
    """Draws words that are read aloud, where ``has`` says so: larger than the rest of the line."""

    def __init__(self, has: Callable[[Any], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has = has

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Take the larger font."""
        super().initStyleOption(option, index)
        if not self._has(row_of(index)):
            return
        font = theme.font(bold=True)
        font.setPixelSize(theme.px(LARGE))
        option.font = font


class LinedDelegate(ChipDelegate):
    """Draws cells as usual, and a line below the rows of which ``below`` says so."""

    def __init__(self, below: Callable[[Any], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._below = below

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell and its share of the line."""
        super().paint(painter, option, index)
        if self._below(row_of(index)):
            painter.save()
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            y = option.rect.bottom()
            painter.drawLine(option.rect.left(), y, option.rect.right() + 1, y)
            painter.restore()


class DotsDelegate(LinedDelegate):
    """Draws each judge's total as a dot on a scale, and the score as a stroke.

    ``values`` gives a row's totals and its score; :attr:`scale` the ends of the scale.
    """

    def __init__(
        self,
        values: Callable[[Any], tuple[Sequence[Fraction], Fraction | None]],
        below: Callable[[Any], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(below, parent)
        self._values = values
        self.scale: tuple[float, float] = (0.0, 100.0)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Leave the words to who listens or points at the cell."""
        super().initStyleOption(option, index)
        option.text = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        super().paint(painter, option, index)
        totals, score = self._values(row_of(index))
        if not totals:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        cell = QRectF(option.rect).adjusted(theme.px(12), 0, -theme.px(12), 0)
        middle = cell.center().y()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(theme.colour("muted_on_selected" if chosen else "track"), theme.px(1.5))
        )
        painter.drawLine(QPointF(cell.left(), middle), QPointF(cell.right(), middle))
        # Strong enough for 3:1 where dots stand alone, and still telling two on one spot from one.
        mark = theme.colour("on_selected" if chosen else "accent")
        ink = QColor(mark)
        ink.setAlphaF(0.6)
        painter.setPen(QPen(mark, 1))
        painter.setBrush(ink)
        radius = theme.px(4.5)
        for total in totals:
            painter.drawEllipse(QPointF(self._x(total, cell), middle), radius, radius)
        if score is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("on_selected" if chosen else "text"))
            x, half = self._x(score, cell), theme.px(9)
            painter.drawRect(QRectF(x - theme.px(1.5), middle - half, theme.px(3), 2 * half))
        painter.restore()

    def _x(self, value: Fraction, cell: QRectF) -> float:
        low, high = self.scale
        share = 0.5 if high <= low else (float(value) - low) / (high - low)
        return cell.left() + cell.width() * min(1.0, max(0.0, share))
