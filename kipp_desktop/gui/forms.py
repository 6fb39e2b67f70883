"""Designer forms, loaded into a view whose annotations say which children it uses.

    class PeoplePage(Page):
        people_table: QTableView
        add_button: QPushButton

    fill(view, "people.ui")

A page of several parts binds each part to the children that are its own, with :func:`bind`.

Every public annotation whose type is a Qt class (``Q…``) names a child of the form; a missing child
or one of another class is a :class:`FormError` at load, not an ``AttributeError`` on some click.
The form stands inside the view in a layout without margins; nothing is loaded "onto" the view,
which Qt does not support. Texts of forms are English sources; they follow the language by
themselves. Widgets of ours are put into a placeholder with :func:`place`.
"""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.assets import asset
from kipp_desktop.gui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Iterator


SPIN_MARGIN: Final = 9
_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


class FormError(Exception):
    """A form and its view do not fit: our fault, found at load."""


class _Loader(QUiLoader):
    """Makes the widgets of Qt in Python.

    To hand a widget over that Qt made, PySide first builds every class of widgets, which takes a
    tenth of the start.
    """

    def createWidget(
        self, class_name: str, parent: QWidget | None = None, name: str = ""
    ) -> QWidget:
        kind = getattr(QtWidgets, class_name, None)
        if kind is None:
            return super().createWidget(class_name, parent, name)
        made: QWidget = kind(parent)
        return made


@cache
def _loader() -> QUiLoader:
    # A new loader looks for Designer's plugins and loads them, which takes a tenth of the start;
    # our forms have Qt's own widgets only.
    paths = QCoreApplication.libraryPaths()
    QCoreApplication.setLibraryPaths([])
    loader = _Loader()
    QCoreApplication.setLibraryPaths(paths)
    loader.setLanguageChangeEnabled(True)
    return loader


def names() -> tuple[str, ...]:
    """Return the file names of all forms, sorted."""
    return tuple(sorted(path.name for path in asset("ui").glob("*.ui")))


def load(name: str | Path, parent: QWidget | None = None) -> QWidget:
    """Return the widget that a form describes: its name in ``ui/``, or a path.

    :raises FormError: when the file is missing or is no form.
    """
    path = name if isinstance(name, Path) else asset("ui", name)
    try:
        form = _loader().load(str(path), parent)
    except RuntimeError as error:
        raise FormError(f"{name}: {error}") from error
    if form is None:
        raise FormError(f"{name}: {_loader().errorString()}")
    icons.wear_again(form)
    for spin_box in form.findChildren(QAbstractSpinBox):
        SpinMargin(spin_box)
    return form


class SpinMargin(QObject):
    """Keeps a spin box's text off its border; the style sheet's padding does not reach it."""

    def __init__(self, spin_box: QAbstractSpinBox) -> None:
        super().__init__(spin_box)
        self._spin_box = spin_box
        spin_box.installEventFilter(self)
        self._fit()

    def eventFilter(self, _spin_box: QObject, event: QEvent) -> bool:
        """Follow the text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        return False

    def _fit(self) -> None:
        for field in self._spin_box.findChildren(QLineEdit):
            field.setTextMargins(theme.px(SPIN_MARGIN), 0, 0, 0)


def fill(view: QWidget, name: str | Path, into: QLayout | None = None) -> QWidget:
    """Load a form into a view (or into one of its layouts) and bind the annotated children.

    :returns: the form's own widget, which is seldom needed.
    :raises FormError: when the file is no form or has not the children that the view declares.
    """
    form = load(name, view)
    if into is None:
        into = QVBoxLayout(view)
        into.setContentsMargins(0, 0, 0, 0)
    into.addWidget(form)
    bind(view, form, name)
    return form


def bind(view: QObject, form: QWidget, name: str | Path) -> None:
    """Bind the annotated children of a form that is there: the whole view, or one part of a page.

    :raises FormError: when the form (``name``, for the sentence) has not these children.
    """
    for child_name, class_name in declared(type(view)):
        child = form.findChild(QObject, child_name)
        if child is None or not child.inherits(class_name):
            raise FormError(f"{name} has no {class_name} named {child_name!r}")
        setattr(view, child_name, child)


def declared(view: type) -> Iterator[tuple[str, str]]:
    """Yield (child, class) for every public annotation ``child: QSomething`` of a view's classes.

    The annotations stay strings (``from __future__ import annotations``): Qt itself knows the
    classes' names, so nothing has to be imported for them at run time.
    """
    for kind in view.__mro__:
        if kind.__module__.startswith(("PySide6.", "shiboken6.")):
            continue
        for name, annotation in vars(kind).get("__annotations__", {}).items():
            class_name = str(getattr(annotation, "__name__", annotation)).rpartition(".")[2]
            if not name.startswith("_") and class_name[:1] == "Q" and class_name.isalnum():
                yield name, class_name


def place(widget: QWidget, placeholder: QWidget) -> None:
    """Put one of our own widgets into an empty ``QWidget`` of a form."""
    layout = placeholder.layout()
    if layout is None:
        layout = QVBoxLayout(placeholder)
        layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    # No focus proxy: Tab stops at a placeholder that has one, wherever it stands in the chain.
    for label in placeholder.window().findChildren(QLabel):
        if label.buddy() is placeholder:
            label.setBuddy(widget)


def chain_tabs(root: QWidget) -> None:
    """Let Tab go through everything in the order of the layouts, row by row.

    Qt's own order is that of creation, in which our widgets in placeholders and the header's
    actions come last. The main window calls it for a page that it takes in; whoever adds controls
    later, or builds a dialog with :func:`place`, calls it again.
    """
    before: QWidget | None = None
    redirected: list[tuple[QWidget, QWidget, Qt.FocusPolicy]] = []
    for tabs in root.findChildren(QTabWidget):
        # Tab would stop at the proxy's owner, too, and so jump over what stands between.
        tabs.setFocusProxy(None)  # type: ignore[arg-type]
        tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for widget in _in_layout_order(root):
        inner = widget.focusProxy()
        if inner is not None:
            # Tab stops at whoever has a focus proxy (a row of mark boxes), wherever it stands in
            # the chain; it can only be moved while it stands for itself.
            widget.setFocusProxy(None)  # type: ignore[arg-type]
            redirected.append((widget, inner, widget.focusPolicy()))
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget
    for widget, inner, policy in redirected:
        widget.setFocusPolicy(policy)
        widget.setFocusProxy(inner)


def _in_layout_order(widget: QWidget) -> Iterator[QWidget]:
    proxy = widget.focusProxy()
    if proxy is None:
        wanted = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    else:
        wanted = widget.isAncestorOf(proxy)
    if wanted:
        yield widget
    inner: list[QWidget | None]
    if isinstance(widget, QScrollArea):
        inner = [widget.widget()]
    elif isinstance(widget, (QSplitter, QStackedWidget)):
        inner = [widget.widget(i) for i in range(widget.count())]
    elif isinstance(widget, QTabWidget):
        inner = [widget.tabBar(), *(widget.widget(i) for i in range(widget.count()))]
    else:
        layout = widget.layout()
        inner = [] if layout is None else list(_widgets(layout))
    for child in filter(None, inner):
        yield from _in_layout_order(child)


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    # By index of what stands in the layout, not by its items: items are no QObjects, and a wrapper
    # of one that is gone can come back as the wrapper of something else.
    owner = layout.parentWidget()
    children: list[Any] = [*layout.findChildren(QLayout, options=_DIRECT)]
    if owner is not None:
        children += owner.findChildren(QWidget, options=_DIRECT)
    found: list[tuple[tuple[int, ...], QWidget | QLayout]] = []
    for child in children:
        at = layout.indexOf(child)
        if at >= 0:
            position: Any = (at,)
            if isinstance(layout, QGridLayout):
                position = layout.getItemPosition(at)
            found.append((tuple(position)[:2], child))
    for _, child in sorted(found, key=itemgetter(0)):
        if isinstance(child, QLayout):
            yield from _widgets(child)
        else:
            yield child
