"""Joining a competition on a member's laptop, and handing in what was signed there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.setup import Person, read_setup
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.desk_ledger import desk_ledger
from kipp_desktop.exchange.keys import Card, new_identity
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.exchange.words import same_words, words_of
from kipp_desktop.services.admission import wrong_words
from kipp_desktop.services.agenda_times import recorded_slots
from kipp_desktop.services.carrying import carry, cited
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.naming import person_of
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.replanning import plan_told
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.context import Context
    from kipp_desktop.services.home import Home, Listed


@dataclass(frozen=True)
class Joined:
    """A person's key on this laptop. ``compared`` says whether the desk's words were typed."""

    listed: Listed
    person: str
    fingerprint: str
    words: str
    compared: bool


def join(  # noqa: PLR0917 - the words of the command
    home: Home,
    package: Path,
    name: str,
    out: Path,
    desk_words: str | None = None,
    passphrase: str | None = None,
) -> Joined:
    """Join a competition with the secretariat's package, and write the file for the desk.

    A person whose key on this laptop the desk has revoked gets a new one.
    Raises :class:`KippError` with code ``wrong-words``, ``not-a-package``, ``no-person``,
    ``bad-file`` or ``bad-ledger``; nothing is then left behind.
    """
    with Bundle.open(package) as bundle:
        desk = desk_of(bundle)
    if desk_words is not None and not same_words(desk_words, desk):
        raise wrong_words(desk_words, Text("the secretariat"))
    known = {item.id for item in home.competitions()}
    folder = home.folder_of(bundle.competition)
    fresh = bundle.competition not in known
    making = folder.with_name(f".{bundle.competition[:16]}.new") if fresh else folder
    try:
        with Panel(making, bundle.competition, desk) as panel:
            take_bundle(panel, package)
            joined = _enrol(home, panel, name, desk_words is not None, passphrase)
            plan_told(panel, joined)
            title = panel.setup.competition.name
            write_hand_in(panel, joined, out, "enrolment")
        if fresh:
            home.register(making, bundle.competition, desk, title)
            making.rename(folder)
    except BaseException:
        if fresh:
            shutil.rmtree(making, ignore_errors=True)
        raise
    home.remember(bundle.competition)
    return Joined(
        home.choose(bundle.competition),
        joined.name,
        joined.fingerprint,
        words_of(joined.fingerprint),
        desk_words is not None,
    )


@dataclass(frozen=True)
class Package:
    """What a secretariat's package says before one joins: the competition, and its people."""

    name: str
    organiser: str
    people: tuple[Person, ...]


def look_into(package: Path) -> Package:
    """Read a package without joining.

    Raises :class:`KippError` with code ``not-a-package``, ``bad-file`` or ``bad-ledger``.
    """
    with Bundle.open(package) as bundle:
        ledger = bundle.ledger(desk_of(bundle))
        assert ledger is not None
        file = read_ledger(
            ledger.data, ledger.signature, author=ledger.name, competition=bundle.competition
        )
        body = [record.body for record in file.records if record.kind == "plan"][-1]
        data = bundle.blob(str(body["setup"]))
        people = bundle.blob(str(body["people"]))
    if data is None or people is None:
        raise _not_a_package()
    setup = read_setup(data, people)
    return Package(setup.competition.name, setup.competition.organiser, setup.persons)


def desk_of(bundle: Bundle) -> str:
    """Return the key of the desk whose competition a file is of, after checking its ledger."""
    file = desk_ledger(bundle)
    if file is not None:
        return file.author
    raise _not_a_package()


def _not_a_package() -> KippError:
    return KippError(
        "not-a-package",
        Text("This is not a package of a secretariat."),
        Text("Ask the secretariat for the file paket.kipp."),
    )


def _enrol(home: Home, panel: Panel, name: str, compared: bool, passphrase: str | None) -> Card:
    context = home.context
    person = person_of(panel, name)
    ended = []
    for card in home.identities(panel.competition):
        if card.person == person and card.role == "member":
            known = panel.state.keys.get(card.fingerprint)
            if known is not None and known.revoked:
                ended.append(card)
                continue
            if panel.projection.ledger(card.fingerprint) is not None:
                return card
            # Made just before a crash: it never signed anything, and a new one takes its place.
            home.identity_path(card.fingerprint).unlink()
    identity = new_identity(
        context.randomness(32),
        competition=panel.competition,
        person=person,
        name=panel.setup.name_of(person),
        role="member",
    )
    identity = home.keep(identity, passphrase)
    body: dict[str, Json] = {
        "certificate": None,
        "compared": "words" if compared else "none",
        "desk": panel.desk,
        "passphrase": identity.card.protected,
        "person": person,
    }
    try:
        panel.sign(identity, context.at(), [("enrolment", body)])
    except BaseException:
        home.identity_path(identity.fingerprint).unlink(missing_ok=True)
        raise
    for card in ended:
        home.retire(card)
    return identity.card


@dataclass(frozen=True)
class HandedIn:
    """What was written: the files (several where photos do not fit into one), and how much.

    ``slots`` are those of which a moderator's times are in it.
    """

    files: tuple[Path, ...]
    records: int
    photos: int
    slots: int = 0


def hand_in(context: Context, panel: Panel, card: Card, out: Path) -> HandedIn:
    """Write all that a member has signed, the photos and a moderator's times.

    What was signed last names the file's purpose.
    Raises :class:`KippError` ``cancelled``; numbered files that are whole by then stay.
    """
    share = 0.0

    def tell(more: float) -> None:
        nonlocal share
        share += more
        context.step(min(share, 1.0), Text("Writing the file"))

    files = carry(panel, card, out, purpose_of(panel, card), tell)
    context.progress(1.0, Text("Done"))
    row = panel.projection.ledger(card.fingerprint)
    slots = recorded_slots(panel, card)
    return HandedIn(tuple(files), row.seq if row else 0, len(cited(panel, card)), slots)


def write_hand_in(panel: Panel, card: Card, out: Path, purpose: str = "sheets") -> int:
    """Write a member's file, whatever was signed; return the number of records."""
    carry(panel, card, out, purpose)
    row = panel.projection.ledger(card.fingerprint)
    return row.seq if row else 0


def purpose_of(panel: Panel, card: Card) -> str:
    """Return what a member's file is for now: what was signed last says it."""
    row = panel.projection.ledger(card.fingerprint)
    last = panel.projection.record(card.fingerprint, row.seq).kind if row else ""
    return {"approval": "approval", "observation": "observations"}.get(last, "sheets")
