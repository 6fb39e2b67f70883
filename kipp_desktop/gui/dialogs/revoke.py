"""End a key: what of it counts, what becomes of the rest, and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QWidget

    from kipp_desktop.services.keyring import Head, KeyLine


class RevokeDialog(FormDialog):
    """Accepted only with a reason. By default all that arrived counts."""

    form = "revoke.ui"
    title = Text("Revoke a key")
    wide = 820

    what_label: QLabel
    head: QComboBox
    behind_label: QLabel
    then_label: QLabel
    reason: QLineEdit
    buttons: QDialogButtonBox

    def __init__(
        self, line: KeyLine, heads: Sequence[Head], heir: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self.what_label.setText(
            say(Text("The key {key} of {name} ends for good.", key=line.short, name=line.name))
        )
        self.then_label.setText(
            say(
                Text(
                    "The second laptop of {name}, compared already, speaks from then on.",
                    name=line.name,
                )
                if heir
                else Text(
                    "To go on, {name} joins again with the package on a laptop that works, and "
                    "brings its file; the desk then compares the new words.",
                    name=line.name,
                )
            )
        )
        for number, one in enumerate(self._heads):
            at = datetime.fromisoformat(one.at)
            text = (
                Text(
                    "all that arrived, up to record {seq} ({what}, {at})",
                    seq=one.seq,
                    what=one.what,
                    at=at,
                )
                if number == 0
                else Text("up to record {seq} ({what}, {at})", seq=one.seq, what=one.what, at=at)
            )
            self.head.addItem(say(text), one.id)
        self.head.addItem(say(Text("nothing of it")), None)
        self._ok = self.main_button(self.buttons, Text("Revoke"))
        self.head.currentIndexChanged.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.reason.setFocus()

    def answer(self) -> tuple[str | None, str]:
        """Return the id of the last record that counts (``None``: nothing), and the reason."""
        return self.head.currentData(), self.reason.text().strip()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.answer()[1]))
        behind = self.head.currentIndex()
        self.behind_label.setText(
            say(
                Text("Records that arrive later count only if the panel accepts them one by one.")
                if behind == 0
                else Text(
                    "{count} records behind it, and all that arrive later, count only if the "
                    "panel accepts them one by one.",
                    count=behind,
                )
            )
        )
