"""Who works in this window: one person after the other, each with their own pages and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.gui.pages.base import NOBODY
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.services.home import Listed


def work_as(
    house: House, listed: Listed, card: Card, then: Callable[[], None] | None = None
) -> None:
    """Close what is open and go on as another person; ``then`` once their pages are there."""
    from kipp_desktop.gui.workplace import Workplace, enter, leave, open_workplace

    assert house.home is not None
    folder = house.home
    leave(house)  # one competition is open at a time, also when it is the same
    house.set_session(NOBODY)

    def entered(workplace: Workplace) -> None:
        enter(house, workplace)
        if then is not None:
            then()

    house.run(
        lambda task: open_workplace(folder, task, listed, card.role, card),
        entered,
        title=Text("Opening the competition"),
    )


def ask_who(window: MainWindow) -> None:
    """Let the next judge take over: F9. A key with a passphrase begins behind the curtain."""
    from kipp_desktop.gui.dialogs.who import WhoDialog
    from kipp_desktop.gui.workplace import home_for

    house = window.house
    context: Any = house.session.context
    if context is None:
        return

    def show(found: list[tuple[Listed, Card]]) -> None:
        others = [row for row in found if row[1].fingerprint != context.card.fingerprint]
        if not others:
            house.show_message(
                Text(
                    "Nobody else works on this laptop yet. Another judge joins with the package: "
                    "close the competition, then Start, Judge."
                ),
                "calm",
            )
            return
        dialog = WhoDialog(context.card.name, window)
        dialog.show_list(others)
        dialog.accepted.connect(lambda: _take_over(house, dialog.chosen()))
        dialog.open()

    assert house.home is not None
    folder = house.home
    house.run(lambda task: home_for(folder, task).openings(), show, owner=window)


def _take_over(house: House, row: tuple[Listed, Card] | None) -> None:
    from kipp_desktop.gui.idle_lock import lock_of

    if row is None:
        return
    listed, card = row

    def cover() -> None:
        lock = lock_of(house)
        if card.protected and lock is not None:
            lock.lock()

    work_as(house, listed, card, cover)
