"""All signed versions of one sheet: when, which marks, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.gui.dialogs.listing import ListingDialog
from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.services.sheet_history import Version, sheet_history
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.judging import Marker, SheetView

KINDS: Final = {
    "signed": (Text("Signed"), "good"),
    "corrected": (Text("Corrected"), "calm"),
    "withdrawn": (Text("Withdrawn"), "wait"),
}


def _when(version: Version) -> str:
    at = datetime.fromisoformat(version.at)
    return say(Text("{date}, {time}", date=at.date(), time=at.time()))


class SheetHistoryDialog(ListingDialog[Version]):
    """The newest version stands first; nothing can be changed here."""

    title = Text("History of this sheet")
    wide = 980

    def __init__(self, view: SheetView, digits: int, parent: QWidget | None = None) -> None:
        columns = (
            Column[Version](Text("When"), _when, lambda v: v.number, width=21, least=16),
            Column[Version](
                Text("Act"),
                lambda v: say(KINDS[v.kind][0]),
                tone=lambda v: KINDS[v.kind][1],
                width=13,
            ),
            Column[Version](
                Text("Marks"),
                lambda v: " · ".join(say_value(m) for _, m in v.marks),
                width=26,
                least=12,
            ),
            Column[Version](
                Text("Total"),
                lambda v: "–" if v.total is None else say_value(round_half_up(v.total, digits)),
                right=True,
                bold=True,
                width=7,
            ),
            Column[Version](Text("Reason"), lambda v: v.reason or "–", stretch=True),
        )
        super().__init__(
            f"{view.entry.number} · {view.entry.title}",
            Text("Every version stays as it was signed. The last one counts."),
            columns,
            lambda version: version.number,
            None,
            parent,
        )


def show_history(page: Page, marker: Marker, view: SheetView, digits: int) -> None:
    """Read the versions of a sheet and show them."""
    workplace: Workplace = page.house.session.context

    def show(found: list[Version]) -> None:
        if not found:
            page.house.show_message(Text("Nothing is signed here yet."), "calm")
            return
        dialog = SheetHistoryDialog(view, digits, page)
        dialog.show_list(found[::-1])
        dialog.open()

    entry = view.entry.id
    page.run(lambda _task: sheet_history(workplace.panel, marker, entry), show)
