"""What every dialog of a form shares: title, size, and who opened it."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

SHARE_OF_SCREEN: Final = 0.92
_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


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
        self._inner = QWidget()
        inside = QVBoxLayout(self._inner)
        inside.setContentsMargins(0, 0, 0, 0)
        forms.fill(self, self.form, inside)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        self._inner.installEventFilter(self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._scroll)
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
        forms.chain_tabs(self._inner)
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
        wide = max(self.minimumWidth(), min(layout.sizeHint().width(), self._room().width()))
        if not self.isVisible():
            self.resize(wide, 0)
        high = max(layout.totalHeightForWidth(self.width()), layout.minimumSize().height())
        high = min(high, self._room().height())
        if high > self.height() or not self.isVisible():
            self.resize(self.width(), high)

    def _wait(self, *, running: bool) -> None:
        """Stay open while the dialog's work runs: what it opens would belong to nobody."""
        self._running = running
        for box in self.findChildren(QDialogButtonBox):
            box.setEnabled(not running)

    def reject(self) -> None:
        """Close, unless the dialog's work is running."""
        if not self._running:
            super().reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See that the form needs more room."""
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def main_button(self, box: QDialogButtonBox, text: Text | None = None) -> QPushButton:
        """Return the OK button of a box, dressed as the dialog's main one."""
        button = box.button(QDialogButtonBox.StandardButton.Ok)
        if text is not None:
            button.setText(say(text))
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
