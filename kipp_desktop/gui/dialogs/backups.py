"""Take unsigned work back from a backup: choose its time, and it is there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.services import rolling
from kipp_desktop.services.rolling import Backup
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QLabel, QTableView, QWidget

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Listed

_COLUMNS: Final = (
    Column[Backup](Text("Made"), lambda backup: say_value(backup.at), bold=True, stretch=True),
    Column[Backup](Text("Drafts"), lambda backup: str(backup.drafts), right=True, width=14),
)
_ROWS_SHOWN: Final = 5


class BackupsDialog(FormDialog):
    """``chosen()`` is the backup to put back; there is at least one."""

    form = "backups.ui"
    title = Text("Restore drafts from a backup")
    wide = 560

    what_label: QLabel
    backups_table: QTableView
    buttons: QDialogButtonBox

    def __init__(self, backups: list[Backup], what: Text, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.what_label.setText(say(what))
        self.model = RowsModel(_COLUMNS, lambda backup: backup.path.name, self)
        show_rows(self.backups_table, self.model, lambda _backup: self.accept())
        self.model.set_rows(backups)
        self.backups_table.selectRow(0)
        self.backups_table.setMinimumHeight(theme.px(36) * _ROWS_SHOWN)
        self.main_button(self.buttons, Text("&Restore"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.backups_table.setFocus()

    def chosen(self) -> Backup:
        """Return the selected backup."""
        backup = selected_row(self.backups_table)
        assert isinstance(backup, Backup)
        return backup


def offer_backups(house: House, listed: Listed, card: Card, what: Text) -> None:
    """Let the user choose a backup of a closed or open competition, and open it with that.

    ``what`` says above the list why.
    """

    def show(found: list[Backup]) -> None:
        if not found:
            house.show_message(
                Text("There is no backup yet; the first is made when a competition is opened."),
                "wait",
            )
            return
        dialog = BackupsDialog(found, what, None)
        dialog.accepted.connect(lambda: _put_back(house, listed, card, dialog.chosen()))
        dialog.open()

    house.run(lambda _task: rolling.backups_of(listed), show)


def _put_back(house: House, listed: Listed, card: Card, backup: Backup) -> None:
    from kipp_desktop.gui.workplace import leave

    assert house.home is not None
    leave(house)
    house.run(
        partial(_reopen, house.home, listed, card, backup.path),
        partial(_enter, house, backup),
        title=Text("Restoring the backup"),
    )


def _reopen(folder: Path, listed: Listed, card: Card, path: Path, task: TaskContext) -> Workplace:
    from kipp_desktop.gui.workplace import home_for, open_workplace

    rolling.put_back(home_for(folder, task), listed, path)
    return open_workplace(folder, task, listed, card.role, card)


def _enter(house: House, backup: Backup, workplace: Workplace) -> None:
    from kipp_desktop.gui.workplace import enter

    enter(house, workplace)
    house.show_message(Text("The drafts of {at} are back.", at=backup.at))
