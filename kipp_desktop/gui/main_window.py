"""The shell: sidebar, message bar, the page, and what is being done.

Keys: Ctrl+1 … Ctrl+9 and Ctrl+0 open the first ten pages, Ctrl+, the settings, F6 goes between
sidebar and page, F1 lists all keys, Esc stops what is being done.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.errors import KippError
from kipp_desktop.gui import forms, icons, theme, translation
from kipp_desktop.gui.key_list import KeyList
from kipp_desktop.gui.pages.base import House, Page, PageInfo, Session
from kipp_desktop.gui.refresh import ChangesBus
from kipp_desktop.gui.tasks import Tasks
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.widgets.message_bar import MessageBar
from kipp_desktop.gui.widgets.sidebar import Sidebar
from kipp_desktop.gui.widgets.task_strip import TaskStrip
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from kipp_desktop.gui.crash import CrashReporter
    from kipp_desktop.settings import Settings

SIZE: Final = (1366, 768)
SMALLEST: Final = (800, 500)
_TURNS: Final = (
    ("F8", Text("a judge: fill the screen with what is done and missing, without marks")),
    ("F9", Text("let somebody else go on at this laptop")),
)
DIGIT_KEYS: Final = 10


class MainWindow(QMainWindow):
    """The window; see :class:`kipp_desktop.gui.pages.base.Shell` for what pages may ask of it."""

    def __init__(
        self,
        settings: Settings,
        crash: CrashReporter,
        pages: Sequence[PageInfo],
        home: Path | None = None,
    ) -> None:
        super().__init__()
        self.all_pages = tuple(pages)
        self.infos: list[PageInfo] = []
        # Asked again, PySide would first build every class of widgets to hand an area over.
        self._areas: dict[str, QScrollArea] = {}
        self._made: dict[str, Page] = {}
        self._before: QWidget | None = None
        self._closing = False
        crash.window = self
        self.tasks = Tasks(self.show_error, self._show_stopped, crash.report, self)
        self.house = House(self.tasks, ChangesBus(self), settings, self, home)
        self.sidebar = Sidebar()
        self.messages = MessageBar()
        self.stack = QStackedWidget()
        self.strip = TaskStrip(self.tasks)
        self._lay_out()
        self._bind_keys()
        self.sidebar.chosen.connect(self.go_to)
        self.tasks.ended.connect(self._close_if_waiting)
        # Where a page takes files itself, it gets them first.
        FileDrop(self).dropped.connect(self._open_dropped)
        self.setMinimumSize(*SMALLEST)
        self._restore_geometry()
        self._set_title()

    # --- for pages ---

    def show_message(self, text: Text, kind: str = "good") -> None:
        """Show a message above the page; ``kind`` is calm, good, wait or bad."""
        self.messages.show_message(text, kind=kind)

    def show_error(self, error: KippError) -> None:
        """Show what happened and what to do next; stays until closed."""
        self.messages.show_message(error.what, error.next, "bad")

    def go_to(self, key: str) -> Page | None:
        """Show a page, made at its first visit; ``None`` when this session has no such page."""
        info = next((i for i in self.infos if i.key == key), None)
        if info is None:
            return None
        page = self._made.get(key)
        if page is None:
            page = self._made[key] = info.make(self.house)
            self._areas[key] = _scrolling(page)
            self.stack.addWidget(self._areas[key])
            # Only now: taking a page into the window turns the chain of its tab stops.
            forms.chain_tabs(page)
        self.stack.setCurrentWidget(self._areas[key])
        self.sidebar.show_current(key)
        self._set_title()
        return page

    def set_session(self, session: Session) -> None:
        """Open another session; its first page is shown, and no page of the old one stays."""
        self.house.session = session
        self.infos = [info for info in self.all_pages if info.roles & session.roles]
        for area in self._areas.values():
            self.stack.removeWidget(area)
            area.hide()
            area.deleteLater()
        self._areas.clear()
        self._made.clear()
        self._before = None
        self.messages.hide()
        self.sidebar.show_session(session, [info for info in self.infos if info.in_sidebar])
        self._fit()
        self._set_title()
        if self.infos:
            self.go_to(self.infos[0].key)

    def apply_settings(self) -> None:
        """Take over language, theme and text size from the settings."""
        settings = self.house.settings
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        translation.install(Catalogue.load("en" if settings.language == "en" else "id"))
        theme.apply(app, settings.theme, settings.text_size)
        icons.wear_again(self)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        scroll = self.stack.currentWidget()
        page = scroll.widget() if isinstance(scroll, QScrollArea) else None
        return page if isinstance(page, Page) else None

    # --- keys ---

    def _bind_keys(self) -> None:
        for number in range(DIGIT_KEYS):
            self._bind(f"Ctrl+{(number + 1) % 10}", partial(self._go_to_number, number))
        self._bind("Ctrl+,", partial(self.go_to, "settings"))
        self._bind("F1", self.show_keys)
        self._bind("F6", self._switch_side)
        self._bind("F8", self._show_standing)
        self._bind("F9", self._ask_who)

    def _bind(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)

    def _go_to_number(self, number: int) -> None:
        if number < len(self.sidebar.buttons):
            self.go_to(self.sidebar.buttons[number].info.key)

    def show_keys(self) -> KeyList:
        """Open the list of keys: the shell's and the page's."""
        keys = [
            ("Ctrl+1 … Ctrl+9, Ctrl+0", Text("open a page")),
            ("Ctrl+,", Text("open the settings")),
            ("F6", Text("between the list of pages and the page")),
            *([] if self.house.session.context is None else _TURNS),
            ("Tab, Shift+Tab", Text("to the next field, to the one before")),
            ("Esc", Text("stop what is being done, close a message")),
            ("F1", Text("this list")),
        ]
        own = self.page.keys() if self.page is not None else []
        dialog = KeyList([*own, *keys], self)
        dialog.show()
        return dialog

    def _show_standing(self) -> None:
        from kipp_desktop.gui.dialogs.standing import show_standing

        show_standing(self.house, self)

    def _ask_who(self) -> None:
        from kipp_desktop.gui.switching import ask_who

        ask_who(self)

    def _open_dropped(self, paths: list[Path]) -> None:
        from kipp_desktop.gui.opening import open_files

        open_files(self, paths)

    def _switch_side(self) -> None:
        focus = cast("QWidget | None", self.focusWidget())
        if focus is not None and self.stack.isAncestorOf(focus):
            self._before = focus
            button = self.sidebar.current_button()
            if button is not None:
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.page is not None:
            focus_first(self.page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc that no field wanted; a shortcut would take it from the fields."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.strip.isVisible():
            self.strip.cancel()
        else:
            self.messages.hide()

    # --- inside ---

    def _lay_out(self) -> None:
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        column.addWidget(_Margin(self.messages, above=14))
        column.addWidget(self.stack, 1)
        column.addWidget(_Margin(self.strip, below=14))
        self.setCentralWidget(centre)

    def _set_title(self) -> None:
        parts = ["KIPP Desktop"]
        if self.house.session.competition:
            parts.insert(0, self.house.session.competition)
        if self.page is not None:
            parts.insert(0, say(self.page.info.title))
        self.setWindowTitle(" · ".join(parts))

    def _fit(self) -> None:
        self.sidebar.fit(self.width())

    def _show_stopped(self) -> None:
        self.show_message(Text("Stopped before the end, as you asked."), "calm")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sidebar its share."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the screen."""
        if event.type() == QEvent.Type.LanguageChange:
            self._set_title()
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            icons.wear_again(self)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for what is being written; then remember the place and go."""
        if self.tasks.busy:
            event.ignore()
            if not self._closing:
                self._closing = True
                text = Text("The window closes as soon as what is being done is stored.")
                self.show_message(text, "calm")
            return
        self._remember_geometry()
        self.tasks.stop()
        event.accept()

    def _close_if_waiting(self) -> None:
        if self._closing and not self.tasks.busy:
            QTimer.singleShot(0, self, self.close)

    def _remember_geometry(self) -> None:
        try:
            data = self.saveGeometry().toBase64().data()
            self.house.settings.geometry = bytes(data).decode("ascii")
        except KippError:
            # A full or read-only disk must not keep anybody from closing the window.
            return

    def _restore_geometry(self) -> None:
        self.resize(*SIZE)
        stored = self.house.settings.geometry
        try:
            data = base64.b64decode(stored, validate=True)
        except ValueError:
            return
        if data:
            self.restoreGeometry(QByteArray(data))


class _Margin(QWidget):
    """Keeps a bar in line with the page, and takes no room while the bar is hidden."""

    def __init__(self, bar: QWidget, above: int = 0, below: int = 0) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(18, above, 18, below)
        row.addWidget(bar)
        bar.hide()
        bar.installEventFilter(self)
        self.hide()

    def eventFilter(self, _bar: QObject, event: QEvent) -> bool:
        """Come and go with the bar."""
        if event.type() == QEvent.Type.ShowToParent:
            self.show()
        elif event.type() == QEvent.Type.HideToParent:
            self.hide()
        return False


def _scrolling(page: Page) -> QScrollArea:
    """Return the page in an area that scrolls when big letters leave too little room."""
    scroll = QScrollArea()
    scroll.setProperty("page", True)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(page)
    return scroll


def focus_first(page: QWidget) -> None:
    """Give the focus to the first control of a page, in tab order."""
    widget = page
    while (widget := cast("QWidget", widget.nextInFocusChain())) is not page:
        wants = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if wants and widget.isVisibleTo(page) and widget.isEnabled() and page.isAncestorOf(widget):
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
