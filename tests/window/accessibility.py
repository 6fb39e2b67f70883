"""Checks that hold for every form and page, reusable over any widget.

Each returns the sinners' names, so that a test reads ``assert unnamed_controls(page) == []``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


def controls(root: QWidget) -> Iterator[QWidget]:
    """Yield what a user can act on below a widget, without Qt's own inner parts."""
    for widget in root.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(
            widget.parentWidget(),
            (QAbstractSpinBox, QComboBox, QLineEdit, QScrollBar, QTabBar, QAbstractItemView),
        )
        if isinstance(widget, CONTROLS) and not inner and widget.isVisibleTo(root):
            yield widget


def spoken_name(widget: QWidget) -> str:
    """Return what a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def title(widget: QWidget) -> str:
    """Return how a failed test names a widget."""
    return f"{type(widget).__name__} {widget.objectName() or '(no name)'}"


def unnamed_controls(root: QWidget) -> list[str]:
    """Return the controls that a screen reader cannot name."""
    return [title(widget) for widget in controls(root) if not spoken_name(widget)]


def tab_order(root: QWidget) -> list[QWidget]:
    """Return the tab stops below a widget, in order."""
    order = []
    widget = root.nextInFocusChain()
    while widget is not root:
        stops = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        inner = widget.objectName().startswith("qt_")
        if (
            stops
            and not inner
            and root.isAncestorOf(widget)
            and widget.isVisibleTo(root)
            and widget.isEnabled()
        ):
            order.append(widget)
        widget = widget.nextInFocusChain()
    return order


def unreachable_controls(root: QWidget) -> list[str]:
    """Return the enabled controls that neither Tab nor a row's arrow keys reach.

    A row of boxes or entries is one stop: its other members take clicks and are reached by arrows,
    so a sibling that is a stop speaks for them.
    """
    stops = set(tab_order(root))
    parents = {stop.parentWidget() for stop in stops}
    return [
        title(widget)
        for widget in controls(root)
        if widget.isEnabled()
        and widget not in stops
        and not any(stop.focusProxy() is widget for stop in stops)
        and not (
            widget.focusPolicy().value & Qt.FocusPolicy.StrongFocus.value & 3
            == Qt.FocusPolicy.ClickFocus.value
            and widget.parentWidget() in parents
        )
    ]


def clipped_texts(root: QWidget) -> list[str]:
    """Return labels and buttons that are smaller than their words, where they are shown.

    A label that shortens itself on purpose says so by a small ``minimumSizeHint``.
    """
    sinners = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, (QLabel, QAbstractButton)) or not widget.isVisibleTo(root):
            continue
        if widget.parentWidget() is not None and isinstance(
            widget.parentWidget(),
            (QAbstractScrollArea, QScrollArea, QTabBar, QLineEdit),
        ):
            continue
        need = widget.minimumSizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.height() < widget.heightForWidth(widget.width())
        else:
            short = widget.width() < need.width() or widget.height() < need.height()
        if short and widget.window().isAncestorOf(widget):
            sinners.append(f"{title(widget)} {widget.size().toTuple()} < {need.toTuple()}")
    return sinners
