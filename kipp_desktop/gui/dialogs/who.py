"""Who goes on at this laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.dialogs.listing import ListingDialog
from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Listed

    Row = tuple[Listed, Card]


class WhoDialog(ListingDialog["Row"]):
    """Everybody else whose key is here."""

    title = Text("Change who works here")
    wide = 640

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            say(Text("{name} works here now. Who goes on?", name=name)),
            Text(
                "Each sees only their own marks. A passphrase is asked for at the curtain and when "
                "signing; the curtain hides the screen, it does not guard the laptop."
            ),
            (
                Column["Row"](Text("Person"), lambda row: row[1].name, bold=True, width=22),
                Column["Row"](Text("Competition"), lambda row: row[0].name, stretch=True),
                Column["Row"](
                    Text("Protection"),
                    lambda row: say(
                        Text("with passphrase") if row[1].protected else Text("without passphrase")
                    ),
                    width=18,
                ),
            ),
            lambda row: row[1].fingerprint,
            Text("&Go on as this person"),
            parent,
        )
