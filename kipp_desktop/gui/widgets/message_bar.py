"""A message above the page that stops nobody: done, failed, or what to do next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kipp_desktop.gui import icons
from kipp_desktop.gui.translation import say, say_next
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.texts import Text

ICONS: Final = {
    "calm": "info",
    "good": "circle-check",
    "wait": "triangle-alert",
    "bad": "circle-alert",
}
STAYS_MS: Final = 8000


class MessageBar(QFrame):
    """One message at a time; good news goes by itself, all else stays until closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._what: Text | None = None
        self._next: Text | None = None
        self._kind = "calm"
        self._picture = QLabel()
        self.what_label, self.next_label = QLabel(), QLabel()
        for label in (self.what_label, self.next_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.what_label.setProperty("look", "strong")
        self.close_button = QPushButton()
        self.close_button.setProperty("look", "icon")
        self.close_button.clicked.connect(self.hide)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.what_label)
        words.addWidget(self.next_label)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        row.addWidget(self.close_button)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.hide)
        self.hide()

    def show_message(self, what: Text, next_step: Text | None = None, kind: str = "calm") -> None:
        """Show a message; ``kind`` is a key of :data:`ICONS`."""
        self._what, self._next, self._kind = what, next_step, kind
        say_look(self, "bar", kind)
        self._say()
        self.show()
        if kind == "good":
            self._clock.start(STAYS_MS)
        else:
            self._clock.stop()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def hideEvent(self, event: object) -> None:
        """Stop the clock with the message."""
        self._clock.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.StyleChange}:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        if self._what is None:
            return
        what = say(self._what)
        then = say_next(self._next)
        self.what_label.setText(what)
        self.next_label.setText(then)
        self.next_label.setVisible(bool(then))
        self.setAccessibleName(f"{what} {then}".strip())
        self.close_button.setAccessibleName(say(Text("Close this message")))
        self.close_button.setToolTip(self.close_button.accessibleName())
        colour = f"on_{self._kind}"
        icons.wear(self.close_button, "x", colour)
        self._picture.setPixmap(
            icons.pixmap(ICONS[self._kind], colour, 20, self.devicePixelRatioF()),
        )
