"""What files would bring, before anything is stored: problems first, each with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.gui.dialogs.base import FormDialog
from kipp_desktop.gui.models.arrivals import OUTCOMES, TONES
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_lines, show_rows
from kipp_desktop.gui.translation import say
from kipp_desktop.services.arrivals import Preview
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTableView, QWidget

MOST_LINES: Final = 9


def _would_be(one: Preview) -> str:
    return say(Text("New") if one.outcome == "merged" else OUTCOMES[one.outcome])


_COLUMNS: Final = (
    Column[Preview](Text("From"), lambda one: ", ".join(one.who) or "?", bold=True, width=13),
    Column[Preview](Text("File"), lambda one: one.file, width=20),
    Column[Preview](Text("What it brings"), lambda one: say(one.what), stretch=True),
    Column[Preview](Text("Outcome"), _would_be, tone=lambda one: TONES[one.outcome], width=20),
)


class ArrivalPreviewDialog(FormDialog):
    """Accepted when the files are to be stored; whole ones are, refused ones are noted."""

    form = "arrival_preview.ui"
    title = Text("What the files bring")
    wide = 1120

    summary_label: QLabel
    table: QTableView
    detail_label: QLabel
    safe_label: QLabel
    buttons: QDialogButtonBox

    def __init__(
        self, previews: Sequence[Preview], ignored: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = RowsModel(_COLUMNS, lambda one: one.number, self)
        show_rows(self.table, self.model)
        self.model.set_rows(previews)
        show_lines(self.table, min(max(len(previews), 2), MOST_LINES))
        usable = sum(one.outcome not in {"refused", "nothing-new"} for one in previews)
        refused = sum(one.outcome == "refused" for one in previews)
        self.summary_label.setText(
            say(
                Text(
                    "{files} files: {usable} bring something new, {known} nothing new, {refused} "
                    "cannot be used. {ignored} others there are not ours and were left alone.",
                    files=len(previews),
                    usable=usable,
                    known=len(previews) - usable - refused,
                    refused=refused,
                    ignored=ignored,
                )
            )
        )
        # Also refused files are noted in the history.
        self._ok = self.main_button(
            self.buttons, Text("Save") if usable else Text("Note in the history")
        )
        self.table.selectionModel().selectionChanged.connect(self._show_detail)
        self.table.selectRow(0)
        self._show_detail()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._ok.setFocus()

    def _show_detail(self) -> None:
        one: Preview | None = selected_row(self.table)
        if one is None:
            return
        reason = one.examined.reason
        what = reason.what if reason is not None else one.what
        said = [say(what).rstrip(".") + "."]
        if one.advice is not None:
            said.append(say(one.advice))
        self.detail_label.setText(f"{one.file}: {' '.join(said)}")
