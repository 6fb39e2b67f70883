"""What every dialog of a form shares: title, size, and who opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.translation import say, say_next
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from kipp_desktop.errors import KippError

SHARE_OF_SCREEN: Final = 0.92
_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


class _Inner(QWidget):
    """What scrolls, as high as its words are at its width."""

    def minimumSizeHint(self) -> QSize:
        """Return no height where words wrap: Qt's is that of their narrowest shape."""
        least, layout = super().minimumSizeHint(), self.layout()
        wraps = layout is not None and layout.hasHeightForWidth()
        return QSize(least.width(), 0) if wraps else least


class FormDialog(QDialog):
    """A modal dialog whose widgets stand in ``ui/``.

    ``wide`` is in pixels at 100 % text. Open it with ``open()`` and listen to ``accepted``; it is
    deleted when it closes. A dialog that is waited for with ``exec()`` keeps itself.
    """

    form: ClassVar[str] = ""
    title: ClassVar[Text] = Text("KIPP Desktop")
    wide: ClassVar[int] = 520

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent or QApplication.activeWindow())
        self._running = False
        self._main: tuple[QPushButton, Text] | None = None
        self._settled = False
        self._inner = _Inner()
        inside = QVBoxLayout(self._inner)
        inside.setContentsMargins(0, 0, 0, 0)
        form = forms.fill(self, self.form, inside)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        self._inner.installEventFilter(self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(self._scroll, 1)
        self._foot = QWidget()
        around.addWidget(self._foot)
        self._keep_buttons_in_sight(form)
        for box in self.findChildren(QDialogButtonBox):
            for button in box.buttons():
                button.setIcon(QIcon())  # some desktops bring theirs
        self.setModal(True)
        self._say_title()
        self.setMinimumWidth(min(theme.px(self.wide), self._room().width()))
        self.fit()

    def open(self) -> None:
        """Show the dialog above its window and go on; it deletes itself when closed."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forms.chain_tabs(self)
        self.fit()
        super().open()

    def fit(self) -> None:
        """Grow with the words, but never beyond the screen: then the form scrolls."""
        layout = self._inner.layout()
        assert layout is not None
        for form in self._inner.findChildren(QWidget, options=_DIRECT):
            inside = form.layout()
            if inside is not None:
                inside.activate()  # what was hidden since then takes no room
        layout.activate()
        foot = self._foot.sizeHint().expandedTo(QSize(0, 0))
        wish = max(layout.sizeHint().width(), foot.width())
        wide = max(self.minimumWidth(), min(wish, self._room().width()))
        if not self.isVisible():
            self.resize(wide, 0)
        wraps = layout.hasHeightForWidth()
        inner = layout.totalHeightForWidth(self.width()) if wraps else layout.minimumSize().height()
        high = min(inner + foot.height(), self._room().height())
        if high > self.height() or not self._settled:
            self.resize(self.width(), high)
        if self._scroll.verticalScrollBar().isVisible() and inner + foot.height() <= self.height():
            # Qt measures beside a bar that it shows; once taken away, it does not come back.
            self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure once more: only what is shown has its style's letters."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        self.fit()
        # From now on it only grows: buttons must not jump up under the pointer.
        self._settled = True

    def _keep_buttons_in_sight(self, form: QWidget) -> None:
        """Move the form's row of buttons below what scrolls, with a line where it does scroll."""
        column, box = form.layout(), form.findChild(QDialogButtonBox)
        self._foot.setVisible(bool(box))
        if box is None or not isinstance(column, QVBoxLayout):
            return
        margins = column.contentsMargins()
        column.removeWidget(box)
        below = QVBoxLayout(self._foot)
        below.setContentsMargins(0, 0, 0, margins.bottom())
        below.setSpacing(column.spacing())
        rule = QFrame()
        rule.setProperty("rule", True)
        rule.setStyleSheet("background: transparent")
        row = QHBoxLayout()
        row.setContentsMargins(margins.left(), 0, margins.right(), 0)
        row.addWidget(box)
        below.addWidget(rule)
        below.addLayout(row)
        column.setContentsMargins(margins.left(), margins.top(), margins.right(), column.spacing())
        self._scroll.verticalScrollBar().rangeChanged.connect(
            lambda _least, most: rule.setStyleSheet("" if most else "background: transparent")
        )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Show the field that Tab comes to, also from the buttons, which stand outside."""
        moved = super().focusNextPrevChild(forward)
        field = cast("QWidget | None", self.focusWidget())
        if moved and field is not None and self._inner.isAncestorOf(field):
            self._scroll.ensureWidgetVisible(field)
        return moved

    def _wait(self, *, running: bool) -> None:
        """Stay open while the dialog's work runs: what it opens would belong to nobody."""
        self._running = running
        for box in self.findChildren(QDialogButtonBox):
            box.setEnabled(not running)

    def show_problem(self, error: KippError) -> None:
        """Say in the form's ``problem_label`` what went wrong and what to do."""
        self._wait(running=False)
        label = self.findChild(QLabel, "problem_label")
        assert isinstance(label, QLabel)
        label.setText(f"{say(error.what)} {say_next(error.next)}")
        label.show()
        self.fit()

    def reject(self) -> None:
        """Close, unless the dialog's work is running."""
        if not self._running:
            super().reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See that the form needs more room, and that Qt gave the main button its own word."""
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        elif event.type() == QEvent.Type.LanguageChange and self._main is not None:
            button, text = self._main
            if watched is button:
                button.setText(say(text))
        return super().eventFilter(watched, event)

    def main_button(self, box: QDialogButtonBox, text: Text | None = None) -> QPushButton:
        """Return the OK button of a box, dressed as the dialog's main one.

        With ``text`` it says what it does, in every language; call this again to say another.
        """
        button = box.button(QDialogButtonBox.StandardButton.Ok)
        if text is not None:
            self._main = button, text
            button.setText(say(text))
            # The box says "OK" again at a change of language, just before the button hears of it.
            button.installEventFilter(self)
        say_look(button, "look", "main")
        return button

    def _room(self) -> QSize:
        return self.screen().availableGeometry().size() * SHARE_OF_SCREEN

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say_title()
        super().changeEvent(event)

    def _say_title(self) -> None:
        self.setWindowTitle(say(self.title))
