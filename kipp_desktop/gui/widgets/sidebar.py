"""The dark bar at the left: what is open, who works, and the pages.

When the words would take too much of a narrow window, only the icons stay; the words are then tool
tips and are read aloud as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from kipp_desktop.gui.pages.base import PageInfo, Session

PROMISE: Final = Text("Stored on this laptop, without internet")
WIDTH: Final = 184
BAR: Final = 10
MOST_OF_WINDOW: Final = 0.22


class NavButton(QPushButton):
    """A page's entry. Up and down go to the neighbours; only the current one is a tab stop."""

    moved = Signal(int)

    def __init__(self, info: PageInfo) -> None:
        super().__init__()
        self.info = info
        self.setObjectName(f"nav_{info.key}")
        self.setProperty("look", "nav")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the entries."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """Stay as the sidebar says; a click on the current page changes nothing."""

    def say(self, *, compact: bool) -> None:
        """Show words and icon, or the icon alone."""
        title = say(self.info.title)
        self.setText("" if compact else title.replace("&", "&&"))
        self.setAccessibleName(title)
        self.setToolTip(title if compact else "")
        icons.wear(self, self.info.icon, "on_sidebar_current" if self.isChecked() else "on_sidebar")


class Sidebar(QWidget):
    """Emits :attr:`chosen` with a page's key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: list[NavButton] = []
        self.compact = False
        self._room = 0
        self._current = ""
        self._who = ("", "")
        self.app_label, self.competition_label = QLabel("KIPP Desktop"), QLabel()
        self.person_label, self.promise_label = QLabel(), QLabel()
        self.app_label.setObjectName("app_name")
        self._words = (
            self.app_label,
            self.competition_label,
            self.person_label,
            self.promise_label,
        )
        for label in self._words:
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._list = QWidget()
        self._entries = QVBoxLayout(self._list)
        self._entries.setContentsMargins(0, 0, 0, 0)
        self._entries.setSpacing(2)
        self._entries.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._list)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 14)
        column.setSpacing(2)
        column.addWidget(self.app_label)
        column.addWidget(self.competition_label)
        column.addWidget(self.person_label)
        column.addSpacing(10)
        column.addWidget(scroll, 1)
        column.addWidget(self.promise_label)

    def show_session(self, session: Session, pages: list[PageInfo]) -> None:
        """Show who works on what, and these entries."""
        for button in self.buttons:
            self._entries.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [NavButton(info) for info in pages]
        for at, button in enumerate(self.buttons):
            self._entries.insertWidget(at, button)
            button.clicked.connect(lambda _on=False, b=button: self.chosen.emit(b.info.key))
            button.moved.connect(lambda step, b=button: self._move(b, step))
        self._who = (session.competition, session.person)
        self.competition_label.setText(session.competition)
        self.person_label.setText(session.person)
        self.fit(self._room)

    def show_current(self, key: str) -> None:
        """Mark the page that is shown."""
        self._current = key
        for button in self.buttons:
            current = button.info.key == key
            button.setChecked(current)
            policy = Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
            button.say(compact=self.compact)
            if current:
                self._scroll.ensureWidgetVisible(button)

    def current_button(self) -> NavButton | None:
        """Return the entry of the page that is shown."""
        return next((b for b in self.buttons if b.info.key == self._current), None)

    def fit(self, window_width: int) -> None:
        """Take the width that the words need, or only the icons where that is too much."""
        self._room = window_width
        # The entry of the current page is bold, and any may be it.
        metrics = QFontMetrics(theme.font(bold=True))
        words = [say(button.info.title) for button in self.buttons]
        widest = max(map(metrics.horizontalAdvance, words), default=0)
        bar = BAR if self._needs_bar() else 0
        width = max(WIDTH, widest + theme.px(18 + 30) + 24 + bar)
        self.compact = bool(window_width) and width > window_width * MOST_OF_WINDOW
        if self.compact:
            width = theme.px(18 + icons.GAP + 20) + 24 + bar
        for label in self._words:
            label.setVisible(not self.compact and bool(label.text()))
        self.setToolTip(" · ".join(filter(None, self._who)) if self.compact else "")
        self.setFixedWidth(width)
        self.promise_label.setText(say(PROMISE))
        self.show_current(self._current)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.StyleChange}:
            self.fit(self._room)
        super().changeEvent(event)

    def _needs_bar(self) -> bool:
        entry = max(theme.px(24 + 12) + 4, self.fontMetrics().height() + theme.px(12) + 4) + 2
        # To hand the viewport itself over, PySide would first build every class of widgets.
        return entry * len(self.buttons) > self._scroll.maximumViewportSize().height() > 0

    def _move(self, button: NavButton, step: int) -> None:
        at = self.buttons.index(button) + step
        if 0 <= at < len(self.buttons):
            self.buttons[at].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.buttons[at])
