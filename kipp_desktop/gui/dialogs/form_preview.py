"""What a judge's filled form would bring, before it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.import_lines import LINE_COLUMNS, Line, counts, lines_of
from kipp_desktop.gui.dialogs.listing import ListingDialog
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.services.importing import ImportReport


class FormPreviewDialog(ListingDialog[Line]):
    """Accepted when the form is to be loaded."""

    title = Text("Read a judge's form")

    def __init__(self, report: ImportReport, parent: QWidget | None) -> None:
        usable = report.added + report.updated
        super().__init__(
            say(counts(report)),
            Text("Nothing is loaded yet. What is loaded stands in the grid and is signed there."),
            LINE_COLUMNS,
            lambda line: line.number,
            Text("Load {count} rows", count=usable),
            parent,
        )
        self.show_list(lines_of(report))
        self._ok.setEnabled(bool(usable))
