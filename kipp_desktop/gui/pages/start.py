"""Start: four doors, a sample to try, and the competitions that are on this laptop.

The page is painted before anything of the services is imported; the list comes right after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from kipp_desktop.gui.forms import chain_tabs, place
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.door import Door
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget

    from kipp_desktop.errors import KippError
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.pages.known_list import KnownList
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Listed

    Opening = tuple[Listed, Card]

LIST_AFTER_MS: Final = 30


class StartPage(Page):
    """Who are you? Every answer is one key away."""

    form = "start.ui"
    shows = frozenset({"competition", "identities"})

    desk_place: QWidget
    judge_place: QWidget
    verifier_place: QWidget
    check_place: QWidget
    sample_button: QPushButton
    known_place: QWidget

    def build(self) -> None:
        """Hang the doors."""
        self.desk_door, self.judge_door = Door("folder-open"), Door("clipboard-check")
        self.verifier_door, self.check_door = Door("map-pin"), Door("shield-check")
        for name, door, room, act in (
            ("desk_door", self.desk_door, self.desk_place, self._create),
            ("judge_door", self.judge_door, self.judge_place, self._join),
            ("verifier_door", self.verifier_door, self.verifier_place, self._join_field),
            ("check_door", self.check_door, self.check_place, self._check),
        ):
            door.setObjectName(name)
            place(door, room)
            door.clicked.connect(act)
        self.known: KnownList | None = None
        self.sample_button.clicked.connect(self._try_sample)
        self.known_place.hide()

    def say_all(self) -> None:
        """Say what is behind the doors."""
        self.desk_door.say(
            say(Text("Secretariat")),
            say(
                Text("Create a competition, load the innovations, collect marks, make the minutes.")
            ),
        )
        self.judge_door.say(
            say(Text("Judge")),
            say(Text("Join with the secretariat's package, mark, and hand in your marks.")),
        )
        self.verifier_door.say(
            say(Text("Verifier")),
            say(Text("Join with the package, record what was seen in the field, with photos.")),
        )
        self.check_door.say(
            say(Text("Check a result")),
            say(Text("See whether published files are whole, and compute the result again.")),
        )

    def load(self) -> None:
        """Ask for the competitions of this laptop, once the page has been painted."""
        QTimer.singleShot(LIST_AFTER_MS, self, lambda: self.run(self._list, self._show_list))

    def _list(self, task: TaskContext) -> list[Opening]:
        from kipp_desktop.gui.workplace import home_for

        assert self.house.home is not None
        return home_for(self.house.home, task).openings()

    def _show_list(self, found: list[Opening]) -> None:
        self.known_place.setVisible(bool(found))
        if not found:
            return
        if self.known is None:
            from kipp_desktop.gui.pages.known_list import KnownList

            self.known = KnownList(self._open)
            place(self.known, self.known_place)
            chain_tabs(self)
        self.known.show_list(found)
        if self.window().focusWidget() is None:
            self.known.known_table.setFocus()

    def _open(self, row: Opening) -> None:
        from kipp_desktop.gui.workplace import enter, open_workplace

        assert self.house.home is not None
        folder, (listed, card) = self.house.home, row
        self.run(
            lambda task: open_workplace(folder, task, listed, card.role, card),
            lambda workplace: enter(self.house, workplace),
            lambda error: self._not_opened(row, error),
            title=Text("Opening the competition"),
        )

    def _not_opened(self, row: Opening, error: KippError) -> None:
        if error.code != "damaged-database":
            self.house.show_error(error)
            return
        from kipp_desktop.gui.dialogs.backups import offer_backups

        offer_backups(self.house, *row, error.what)

    def _try_sample(self) -> None:
        from kipp_desktop.gui.workplace import enter

        self.sample_button.setEnabled(False)
        self.run(
            self._make_sample,
            lambda workplace: enter(self.house, workplace),
            self._sample_failed,
            title=Text("Preparing the sample"),
        )

    def _make_sample(self, task: TaskContext) -> Workplace:
        from kipp_desktop.gui.workplace import home_for, open_workplace
        from kipp_desktop.services.sample import create_sample

        assert self.house.home is not None
        listed = create_sample(home_for(self.house.home, task))
        return open_workplace(self.house.home, task, listed, "desk")

    def _sample_failed(self, error: Exception) -> None:
        from kipp_desktop.errors import KippError

        self.sample_button.setEnabled(True)
        assert isinstance(error, KippError)
        self.house.show_error(error)

    def _create(self) -> None:
        from kipp_desktop.gui.dialogs.create import CreateDialog

        CreateDialog(self.house, self.window()).open()

    def _join(self) -> None:
        from kipp_desktop.gui.dialogs.join import JoinDialog

        JoinDialog(self.house, self.window()).open()

    def _join_field(self) -> None:
        from kipp_desktop.gui.dialogs.join import JoinDialog

        JoinDialog(self.house, self.window(), as_verifier=True).open()

    def _check(self) -> None:
        self.house.go_to("check")
