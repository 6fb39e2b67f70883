"""Pengaturan: how the window looks, when it locks, and whose keys are on this laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.gui.idle_lock import lock_of
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_lines, show_rows
from kipp_desktop.gui.pages.base import NOBODY, Page
from kipp_desktop.gui.translation import say
from kipp_desktop.settings import LANGUAGES, THEMES
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QTableView

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.services.home import Listed

    Row = tuple[Listed, Card]

LANGUAGE_NAMES: Final = {"id": "Bahasa Indonesia", "en": "English"}
THEME_TEXTS: Final = {
    "light": Text("Light"),
    "dark": Text("Dark"),
    "contrast": Text("High contrast"),
}
MOST_KEYS: Final = 8
SIZES: Final = (100, 110, 125, 150, 175, 200)


def _protection(row: Row) -> str:
    return say(Text("with passphrase") if row[1].protected else Text("without passphrase"))


_COLUMNS: Final = (
    Column["Row"](Text("Person"), lambda row: row[1].name, bold=True, width=28, least=9),
    Column["Row"](
        Text("Role"),
        lambda row: say(
            Text("Secretariat") if row[1].role == "desk" else Text("Member of the panel")
        ),
        width=24,
        least=10,
    ),
    Column["Row"](Text("Competition"), lambda row: row[0].name, stretch=True),
    Column["Row"](
        Text("Protection"),
        _protection,
        tone=lambda row: "good" if row[1].protected else "wait",
        width=18,
    ),
)


class SettingsPage(Page):
    """Every choice holds at once and is stored."""

    form = "settings.ui"
    shows = frozenset({"identities", "competition", "people"})

    language: QComboBox
    theme: QComboBox
    text_size: QComboBox
    idle_lock: QSpinBox
    lock_button: QPushButton
    passphrase_button: QPushButton
    lock_hint: QLabel
    who_table: QTableView
    switch_button: QPushButton
    backups_button: QPushButton
    close_button: QPushButton

    def build(self) -> None:
        """Fill the choices and bind them to the settings."""
        settings = self.house.settings
        for key in LANGUAGES:
            self.language.addItem(LANGUAGE_NAMES[key], key)
        for key in THEMES:
            self.theme.addItem("", key)
        for size in sorted({*SIZES, settings.text_size}):
            self.text_size.addItem(f"{size}%", size)
        self.language.setCurrentIndex(self.language.findData(settings.language))
        self.theme.setCurrentIndex(self.theme.findData(settings.theme))
        self.text_size.setCurrentIndex(self.text_size.findData(settings.text_size))
        self.idle_lock.setValue(settings.idle_lock)
        self.language.activated.connect(self._store_look)
        self.theme.activated.connect(self._store_look)
        self.text_size.activated.connect(self._store_look)
        self.idle_lock.valueChanged.connect(self._store_lock)
        self.lock_button.clicked.connect(self._lock_now)
        self.close_button.clicked.connect(self._close)
        self.backups_button.clicked.connect(self._restore)
        opened = self.house.session.context is not None
        self.lock_button.setVisible(opened)
        self.passphrase_button.setVisible(opened)
        self.passphrase_button.clicked.connect(self._change_passphrase)
        self.close_button.setVisible(opened)
        self.backups_button.setVisible(opened)
        self.switch_button.setVisible(opened)
        self.switch_button.clicked.connect(self._switch)
        self.model = RowsModel(_COLUMNS, lambda row: row[1].fingerprint, self)
        show_rows(self.who_table, self.model, lambda _row: self._switch())
        self.who_table.selectionModel().selectionChanged.connect(self._look)
        self._here: list[Row] = []
        self._look()

    def load(self) -> None:
        """Ask whose keys are here."""
        self.run(self._list, self._show_list)

    def _show_list(self, found: list[Row]) -> None:
        self._here = found
        self.model.set_rows(found)
        show_lines(self.who_table, min(max(len(found), 2), MOST_KEYS))
        if found and selected_row(self.who_table) is None:
            self.who_table.selectRow(0)

    def _list(self, task: TaskContext) -> list[Row]:
        from kipp_desktop.gui.workplace import home_for

        assert self.house.home is not None
        return home_for(self.house.home, task).openings()

    def say_all(self) -> None:
        """Say the choices again."""
        for at, key in enumerate(THEMES):
            self.theme.setItemText(at, say(THEME_TEXTS[key]))
        context = self.house.session.context
        if context is not None and not context.card.protected:
            hint = Text(
                "The key of {name} has no passphrase: the lock is only a curtain that anybody "
                "can open.",
                name=context.card.name,
            )
        else:
            hint = Text("The window is hidden until the passphrase is typed. Nothing is lost.")
        self.lock_hint.setText(say(hint))

    def _store_look(self) -> None:
        settings = self.house.settings
        settings.language = self.language.currentData()
        settings.theme = self.theme.currentData()
        settings.text_size = self.text_size.currentData()
        self.house.shell.apply_settings()

    def _store_lock(self, minutes: int) -> None:
        self.house.settings.idle_lock = minutes
        lock = lock_of(self.house)
        if lock is not None:
            lock.start()

    def _lock_now(self) -> None:
        lock = lock_of(self.house)
        if lock is not None:
            lock.lock()

    def _change_passphrase(self) -> None:
        from kipp_desktop.gui.dialogs.change_passphrase import ChangePassphraseDialog

        dialog = ChangePassphraseDialog(self.house, self.window())
        dialog.accepted.connect(self.say_all)
        dialog.open()

    def _look(self) -> None:
        self.switch_button.setEnabled(self._other() is not None)

    def _other(self) -> Row | None:
        """Return the selected row, unless that person works here already."""
        row: Row | None = selected_row(self.who_table)
        context = self.house.session.context
        if row is None or context is None or row[1].fingerprint == context.card.fingerprint:
            return None
        return row

    def _switch(self) -> None:
        """Go on as the selected person: judges take turns on one laptop."""
        from kipp_desktop.gui.switching import work_as

        row = self._other()
        if row is not None and self.house.home is not None:
            work_as(self.house, *row)

    def _restore(self) -> None:
        """Offer the backups of the competition that is open."""
        from kipp_desktop.gui.dialogs.backups import offer_backups

        card = self.house.session.context.card
        for listed, other in self._here:
            if other.fingerprint == card.fingerprint:
                offer_backups(self.house, listed, card, Text("Take the drafts of which moment?"))

    def _close(self) -> None:
        from kipp_desktop.gui.workplace import leave

        leave(self.house)
        self.house.set_session(NOBODY)
