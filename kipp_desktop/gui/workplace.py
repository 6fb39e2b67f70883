"""An opened competition in the window, and who works on it.

The :class:`Workplace` is the ``context`` of the window's session. Its panel belongs to the database
thread: pages touch it only inside :meth:`Page.run`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from kipp_desktop.gui.pages.base import Session
from kipp_desktop.gui.rolling_backups import keep_backup
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.observations import field_stages
from kipp_desktop.services.sheetbook import marking_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kipp_desktop.errors import KippError
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.gui.pages.base import House
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.services.home import Listed
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.texts import Text

T = TypeVar("T")


@dataclass
class Workplace:
    """A competition that this window has open; ``name`` is shown in the sidebar.

    ``card`` is the identity that acts (the desk's, or a member's); ``clerk`` types paper at the
    desk. ``passphrases`` are those that were typed since the start, by the identity's name;
    ``marks`` whether the plan lets this member mark in some stage, ``verifies`` whether it sends
    this member into the field, ``moderates`` whether this member keeps the agenda's time.
    """

    folder: Path
    panel: Panel
    card: Card
    clerk: Card | None
    name: str
    passphrases: dict[str, str] = field(default_factory=dict)
    marks: bool = True
    verifies: bool = False
    moderates: bool = False

    @property
    def is_desk(self) -> bool:
        """Whether this is the secretariat's desk."""
        return self.card.role == "desk"

    def take_cards(self, cards: Iterable[Card]) -> None:
        """Take over what the files of keys say now; their passphrases are asked for again."""
        for card in cards:
            self.passphrases.pop(card.name, None)
            if card.fingerprint == self.card.fingerprint:
                self.card = card
            elif self.clerk is not None and card.fingerprint == self.clerk.fingerprint:
                self.clerk = card

    def home(self, task: TaskContext) -> Home:
        """Return the home for one task: its progress and its cancel button."""
        return home_for(self.folder, task, self.passphrases)


def home_for(folder: Path, task: TaskContext, passphrases: dict[str, str] | None = None) -> Home:
    """Return a home whose services report to a task of the window."""

    def tell(share: float, text: Text) -> None:
        # Unlike the task's own progress this never stops the work: services stop by themselves,
        # and only where nothing is half done.
        task.fraction, task.text = share, text

    return Home(
        Context(
            home=folder,
            passphrase=(passphrases or {}).get,
            progress=tell,
            cancelled=lambda: task.cancelled,
        )
    )


def open_workplace(
    folder: Path,
    task: TaskContext,
    listed: Listed,
    role: str,
    card: Card | None = None,
) -> Workplace:
    """Open a competition (in the database thread) as its ``desk`` or as a ``member``.

    ``card`` says which member, where several use this laptop.
    """
    home = home_for(folder, task)
    card = card or home.card(listed.id, role)
    clerks = [c for c in home.identities(listed.id) if c.role == "clerk"]
    panel = home.open(listed)
    member = role != "desk" and panel.state.plan is not None
    # What verifiers mark stands on the form of their visit.
    marks = member and any(stage.kind != "field" for stage in marking_stages(panel, card.person))
    person = panel.setup.person_by_id.get(card.person) if member else None
    verifies = person is not None and person.has("verifier") and bool(field_stages(panel.setup))
    return Workplace(
        folder,
        panel,
        card,
        clerks[0] if clerks else None,
        listed.name,
        marks=marks,
        verifies=verifies,
        moderates=person is not None and person.has("moderator"),
    )


def enter(house: House, workplace: Workplace) -> None:
    """Show the pages of a competition that was opened."""
    leave(house)
    roles = {"judge"} if workplace.marks else set()
    if workplace.verifies:
        roles.add("verifier")
    if workplace.is_desk or not roles:
        roles = {"desk" if workplace.is_desk else "member"}
    if workplace.moderates:
        roles.add("moderator")
    house.set_session(
        Session(
            frozenset(roles),
            competition=workplace.name,
            person=workplace.card.name,
            context=workplace,
        )
    )
    keep_backup(house)
    if workplace.marks:
        from kipp_desktop.gui.dialogs.plan_news import tell_news

        tell_news(house)


def leave(house: House) -> None:
    """Close the competition that is open, if any; the file is free for others afterwards."""
    workplace = house.session.context
    if isinstance(workplace, Workplace):
        house.run(lambda _task: workplace.panel.close())


def ask_and_run(
    house: House,
    card: Card,
    work: Callable[[TaskContext], T],
    done: Callable[[T], None] | None = None,
    failed: Callable[[KippError], None] | None = None,
) -> None:
    """Run work that signs under ``card``, having asked for its passphrase where there is one.

    A wrong passphrase is asked for again, until the user gives up.
    """
    from kipp_desktop.gui.dialogs.passphrase import ask_passphrase

    workplace: Workplace = house.session.context
    if card.protected and card.name not in workplace.passphrases:
        typed = ask_passphrase(card)
        if typed is None:
            return
        workplace.passphrases[card.name] = typed

    def refused(error: KippError) -> None:
        if error.code == "wrong-passphrase":
            workplace.passphrases.pop(card.name, None)
            house.show_error(error)
            ask_and_run(house, card, work, done, failed)
        elif failed is not None:
            failed(error)
        else:
            house.show_error(error)

    house.run(work, done, refused)
