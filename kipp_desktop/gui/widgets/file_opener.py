"""How files come to a page: dropped on it, or chosen with the buttons in its header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from kipp_desktop.gui.pages.base import Page


class FileOpener(QObject):
    """Emits :attr:`opened` with the paths; with ``folder`` a whole stick can be opened too.

    ``title`` is the system dialog's, ``rest`` the page's subtitle while nothing is over it.
    """

    opened = Signal(list)

    def __init__(
        self,
        page: Page,
        title: Text,
        filters: Sequence[file_dialogs.Filter],
        rest: Text,
        folder: Text | None = None,
    ) -> None:
        super().__init__(page)
        self._page, self._title, self._filters, self._rest = page, title, tuple(filters), rest
        self._folder = folder
        self.folder_button: QPushButton | None = None
        if folder is not None:
            self.folder_button = page.add_action(
                Text("Open a stick…"), self.choose_folder, icon="usb", name="folder_button"
            )
            QShortcut(QKeySequence("Ctrl+Shift+O"), page).activated.connect(self.choose_folder)
        self.button = page.add_action(
            Text("Open files…"), self.choose, main=True, name="open_button"
        )
        QShortcut(QKeySequence("Ctrl+O"), page).activated.connect(self.choose)
        drop = FileDrop(page)
        drop.dropped.connect(self.opened)
        drop.hovered.connect(self._say_drop)
        self._say_drop(over=False)

    def keys(self, what: Text) -> list[tuple[str, Text]]:
        """Return the keys for F1; ``what`` says what opening files does here."""
        found = [("Ctrl+O", what)]
        if self._folder is not None:
            found.append(("Ctrl+Shift+O", Text("open a whole stick")))
        return found

    def choose(self) -> None:
        """Ask for files."""
        chosen = file_dialogs.choose_open(self._page, self._title, self._filters, several=True)
        if chosen:
            self.opened.emit(chosen)

    def choose_folder(self) -> None:
        """Ask for a folder or a stick."""
        assert self._folder is not None
        chosen = file_dialogs.choose_folder(self._page, self._folder)
        if chosen is not None:
            self.opened.emit([chosen])

    def _say_drop(self, over: bool) -> None:
        self._page.set_subtitle(Text("Drop the files here") if over else self._rest)
