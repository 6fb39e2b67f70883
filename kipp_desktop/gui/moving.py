"""Marks on the wrong entry: one act moves them, signed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.move import MoveDialog
from kipp_desktop.gui.signing import ask_and_sign
from kipp_desktop.services import moving
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.gui.pages.base import House, Page
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker, SheetView
    from kipp_desktop.services.moving import Moved
    from kipp_desktop.services.panel import Panel

    Act = Callable[[Home, Panel, Identity], Moved]


def ask_move(
    page: Page,
    marker: Marker,
    view: SheetView,
    views: Sequence[SheetView],
    moved: Callable[[str], None],
) -> None:
    """Ask where the marks of a sheet belong and move them; ``moved`` hears the entry's id."""
    house: House = page.house
    dialog = MoveDialog(view, views, page.window())
    source = view.entry.id

    def told(result: Moved, to: str) -> None:
        moved(to)
        house.show_message(
            Text(
                "The marks of number {number} stand at number {to} now.",
                number=result.number,
                to=result.to,
            )
        )

    if view.signed is None:
        dialog.accepted.connect(lambda: move_draft(dialog.target))
    else:
        chosen: list[str] = []

        def decided() -> Act:
            to, reason = dialog.target, dialog.reason.text()
            chosen.append(to)
            return lambda home, panel, identity: moving.move_signed(
                home, panel, marker, identity, source, to, reason
            )

        card = house.session.context.card
        ask_and_sign(house, dialog, card, decided, lambda result: told(result, chosen[-1]))
        return

    def move_draft(to: str) -> None:
        workplace: Workplace = house.session.context
        page.run(
            lambda task: moving.move_draft(
                workplace.home(task), workplace.panel, marker, source, to
            ),
            lambda result: told(result, to),
        )

    dialog.open()
