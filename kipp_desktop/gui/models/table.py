"""Dress a ``QTableView`` for a :class:`~kipp_desktop.gui.models.rows.RowsModel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from kipp_desktop.gui import theme
from kipp_desktop.gui.models.rows import CHIP_ROLE, Index

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from kipp_desktop.gui.models.rows import RowsModel

ROW: Final = 36
LEAST_ROWS: Final = 4
LINES: Final = "lines"
LEAST_LETTERS: Final = 18
_SEEN: Final = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.KeyPress,
        QEvent.Type.StyleChange,
        QEvent.Type.LanguageChange,
    }
)


def show_rows(
    view: QTableView,
    model: RowsModel[Any],
    opened: Callable[[Any], None] | None = None,
) -> None:
    """Show a model in a table: whole rows, sorting by header, chips, selection kept by key.

    ``opened`` is called with a row on Enter or double click.
    """
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    view.setSortingEnabled(True)
    chips = ChipDelegate(view)
    for number, column in enumerate(model.columns):
        if column.tone:
            view.setItemDelegateForColumn(number, chips)
    _Dressing(view, model, opened)


def selected_row(view: QTableView) -> Any | None:
    """Return the row that is selected in a table dressed by :func:`show_rows`."""
    model: Any = view.model()
    chosen = view.selectionModel().selectedRows()
    return model.row_at(chosen[0]) if chosen else None


def show_lines(view: QTableView, lines: int) -> None:
    """Make a table dressed by :func:`show_rows` exactly so many lines high, at any text size."""
    view.setProperty(LINES, lines)
    _fit_lines(view)


def _fit_lines(view: QTableView) -> None:
    lines = view.property(LINES)
    if lines is None:
        return
    header = view.horizontalHeader()
    # Room for the bar below, so that it hides no line where big letters need it.
    bar = view.horizontalScrollBar().sizeHint().height()
    wide = header.length() > view.viewport().width()
    height = header.sizeHint().height() + lines * theme.px(ROW) + 6
    view.setFixedHeight(height + (bar if wide else 0))


class _Dressing(QObject):
    """Keeps the selection over a reset, the sizes over a change of theme, and opens rows."""

    def __init__(
        self,
        view: QTableView,
        model: RowsModel[Any],
        opened: Callable[[Any], None] | None,
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._opened = view, model, opened
        self._key: Hashable | None = None
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._select_again)
        view.doubleClicked.connect(self._open)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See Enter, and changes of room, theme, text size and language."""
        kind = event.type()
        if kind not in _SEEN:
            # Nothing of this object may be asked for here: when Python collects a table that is
            # part of a cycle, it empties this object before Qt sends the table its last events.
            return False
        if watched is not self._view:
            if kind == QEvent.Type.Resize:
                self._fit_stretched()
        elif kind == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._opened is not None:
                self._open(self._view.currentIndex())
                return True
        elif kind == QEvent.Type.StyleChange:
            self._fit()
        elif kind == QEvent.Type.LanguageChange:
            self._model.translate()
        return False

    def _fit(self) -> None:
        self._view.verticalHeader().setMinimumSectionSize(theme.px(ROW))
        self._view.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        if self._view.property(LINES) is None:
            self._view.setMinimumHeight(theme.px(ROW) * LEAST_ROWS)
        header = self._view.horizontalHeader()
        header.setMinimumSectionSize(theme.px(24))
        for number, column in enumerate(self._model.columns):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                number, mode.Stretch if column.stretch else mode.Interactive
            )
            if column.width:
                self._view.setColumnWidth(number, self._width(column.width))
        self._fit_stretched()
        _fit_lines(self._view)

    def _fit_stretched(self) -> None:
        """Let a stretched column scroll rather than vanish where big letters leave no room."""
        header = self._view.horizontalHeader()
        stretched = [n for n, column in enumerate(self._model.columns) if column.stretch]
        if not stretched:
            return
        least = self._width(LEAST_LETTERS)
        self._give_way(least * len(stretched))
        others = sum(header.sectionSize(n) for n in range(header.count()) if n not in stretched)
        short = self._view.viewport().width() - others < least * len(stretched)
        mode = QHeaderView.ResizeMode.Interactive if short else QHeaderView.ResizeMode.Stretch
        for number in stretched:
            header.setSectionResizeMode(number, mode)
            if short:
                self._view.setColumnWidth(number, least)

    def _give_way(self, stretched: int) -> None:
        """Narrow the columns that may be narrowed by what is missing, each by its share."""
        giving = [
            (n, self._width(column.width), self._width(column.least))
            for n, column in enumerate(self._model.columns)
            if column.least
        ]
        room = sum(width - least for _, width, least in giving)
        if not room:
            return
        header = self._view.horizontalHeader()
        kept = {n for n, _, _ in giving}
        fixed = sum(
            header.sectionSize(n)
            for n, column in enumerate(self._model.columns)
            if n not in kept and not column.stretch
        )
        wanted = fixed + stretched + sum(width for _, width, _ in giving)
        missing = min(room, max(0, wanted - self._view.viewport().width()))
        for number, width, least in giving:
            # Rounded up: a pixel too many would show a bar.
            given = -(-missing * (width - least) // room)
            self._view.setColumnWidth(number, width - given)

    def _width(self, letters: int) -> int:
        return letters * self._view.fontMetrics().horizontalAdvance("n") + theme.px(24)

    def _open(self, index: Index) -> None:
        row = self._model.row_at(index)
        if row is not None and self._opened is not None:
            self._opened(row)

    def _remember(self) -> None:
        row = self._model.row_at(self._view.currentIndex())
        if row is not None:
            self._key = self._model.key(row)

    def _select_again(self) -> None:
        line = None if self._key is None else self._model.line_of(self._key)
        if line is not None:
            self._view.setCurrentIndex(self._model.index(line, 0))


class ChipDelegate(QStyledItemDelegate):
    """Draws cells that have a tone as chips; all others as usual."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        tone = index.data(CHIP_ROLE)
        text = str(index.data())
        if not tone or not text:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL, bold=True))
        metrics = painter.fontMetrics()
        cell = QRectF(option.rect)
        room = cell.width() - theme.px(16)
        width = min(metrics.horizontalAdvance(text) + theme.px(20), room)
        height = metrics.height() + theme.px(4)
        chip = QRectF(cell.left() + theme.px(8), cell.center().y() - height / 2, width, height)
        painter.setPen(QColor(theme.edge(tone)))
        painter.setBrush(theme.colour(tone))
        painter.drawRoundedRect(chip, theme.px(8), theme.px(8))
        painter.setPen(theme.colour(f"on_{tone}"))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width - theme.px(12)))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()
