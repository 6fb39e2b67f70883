"""Acts that a person signs: asked in a dialog, done under that person's key in the database thread.

The dialog says what is signed; the passphrase is asked for after it, where the key has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services import judging

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog

    from kipp_desktop.exchange.keys import Card, Identity
    from kipp_desktop.gui.dialogs.signing import SigningDialog
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker, Submitted
    from kipp_desktop.services.panel import Panel

T = TypeVar("T")


def ask_and_sign(
    house: House,
    dialog: QDialog,
    card: Card,
    decided: Callable[[], Callable[[Home, Panel, Identity], T]],
    done: Callable[[T], None],
) -> None:
    """Open a dialog; when it is accepted, do what was decided in it with the key of ``card``.

    ``decided`` reads the dialog in the window's thread and returns the act, which runs in the
    database thread.
    """

    def sign() -> None:
        workplace: Workplace = house.session.context
        act = decided()

        def work(task: TaskContext) -> T:
            home = workplace.home(task)
            return act(home, workplace.panel, home.unlock(card))

        ask_and_run(house, card, work, done)

    dialog.accepted.connect(sign)
    dialog.open()


def ask_and_submit(
    house: House,
    dialog: SigningDialog,
    card: Card,
    marker: Marker,
    done: Callable[[Submitted], None],
) -> None:
    """Open a dialog; when it is accepted, sign all complete sheets of ``marker``."""

    def decided() -> Callable[[Home, Panel, Identity], Submitted]:
        reason = dialog.reason.text()
        return lambda home, panel, identity: judging.submit(
            home, panel, marker, identity, None, reason
        )

    ask_and_sign(house, dialog, card, decided, done)
