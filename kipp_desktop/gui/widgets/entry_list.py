"""Draws the entries of a judge's list in two lines, with the state as a chip at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.entry_list import LINE_ROLE, EntryLine, Index
from kipp_desktop.gui.models.sheet_states import STATES
from kipp_desktop.gui.translation import say

PAD: Final = 8


class EntryDelegate(QStyledItemDelegate):
    """Two lines an entry: number and title; organisation and state."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of two lines, at any text size."""
        line = QFontMetrics(theme.font()).height() + QFontMetrics(theme.font(theme.SMALL)).height()
        return QSize(option.rect.width(), line + theme.px(2 * PAD + 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one entry."""
        line: EntryLine = index.data(LINE_ROLE)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(box, theme.colour("selected"))
            bar = QRect(box.left(), box.top(), theme.px(3), box.height())
            painter.fillRect(bar, theme.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("neutral"))
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        inner = box.adjusted(theme.px(PAD + 3), theme.px(PAD), -theme.px(PAD), -theme.px(PAD))
        font = theme.font(bold=selected)
        metrics = QFontMetrics(font)
        top = QRect(inner.left(), inner.top(), inner.width(), metrics.height())
        painter.setFont(font)
        painter.setPen(theme.colour("on_selected" if selected else "text"))
        title = f"{line.number} · {line.title}"
        self._text(painter, metrics, top, title)
        below = QRect(inner.left(), top.bottom(), inner.width(), inner.bottom() - top.bottom())
        room = self._state(painter, below, line.state, selected=selected)
        below.setRight(below.right() - room)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("muted_on_selected" if selected else "muted"))
        small = QFontMetrics(painter.font())
        self._text(painter, small, below, line.organisation)
        painter.restore()

    def _state(self, painter: QPainter, box: QRect, state: str, *, selected: bool) -> int:
        """Draw the state at the right; return the width that it takes."""
        text, tone = STATES[state]
        words = say(text)
        painter.setFont(theme.font(theme.SMALL, bold=bool(tone)))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(words)
        align = Qt.AlignmentFlag.AlignVCenter
        if not tone:
            painter.setPen(theme.colour("muted_on_selected" if selected else "muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | align, words)
            return width + theme.px(8)
        wide, high = width + theme.px(20), metrics.height() + theme.px(4)
        left = box.right() - wide
        chip = QRectF(left, box.center().y() - high / 2, wide, high)
        painter.setPen(QColor(theme.edge(tone)))
        painter.setBrush(theme.colour(tone))
        painter.drawRoundedRect(chip, theme.px(8), theme.px(8))
        painter.setPen(theme.colour(f"on_{tone}"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        return int(wide) + theme.px(8)

    @staticmethod
    def _text(painter: QPainter, metrics: QFontMetrics, box: QRect, text: str) -> None:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def dress_entry_list(view: QListView) -> None:
    """Give a list view the house's entries."""
    view.setItemDelegate(EntryDelegate(view))
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setProperty("plain", True)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
