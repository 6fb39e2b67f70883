"""The home folder: which competitions and which identities are on this laptop."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.exchange.keys import Card, Identity, read_card, save_identity, unlock
from kipp_desktop.files import write_whole
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.services.context import Context


@dataclass(frozen=True)
class Listed:
    """A competition on this laptop."""

    id: str
    desk: str
    name: str
    folder: Path


class Home:
    """One home folder."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._folder = context.home

    # -- competitions

    def competitions(self) -> list[Listed]:
        """Return the competitions on this laptop, by name."""
        found = []
        for path in sorted((self._folder / "competitions").glob("*/competition.json")):
            if path.parent.name.startswith("."):
                continue  # being made, or left by a crash while it was made
            value = json.loads(path.read_bytes())
            found.append(Listed(value["id"], value["desk"], value["name"], path.parent))
        return sorted(found, key=lambda item: (item.name.casefold(), item.id))

    def choose(self, wanted: str | None = None) -> Listed:
        """Return the competition of a name or (the beginning of) an id; by default the last used.

        Raises :class:`KippError` ``no-competition`` or :class:`UsageError` ``which-competition``.
        """
        known = self.competitions()
        if wanted is None:
            last = self._folder / "competitions" / "last"
            wanted = last.read_text("utf-8").strip() if last.exists() else None
        matches = [
            item
            for item in known
            if wanted is None
            or item.name.casefold() == wanted.casefold()
            or item.id.startswith(wanted.lower())
        ]
        if not known:
            raise KippError(
                "no-competition",
                Text("There is no competition on this laptop yet."),
                Text("Create one (kipp init) or join one with the secretariat's package."),
            )
        if not matches:
            raise KippError(
                "no-competition",
                Text("There is no such competition on this laptop."),
                Text("Create one (kipp init) or join one with the secretariat's package."),
            )
        if len(matches) > 1:
            raise UsageError(
                "which-competition",
                Text("There are several competitions on this laptop."),
                Text("Name one with --competition; “kipp status” shows the last used."),
            )
        return matches[0]

    def openings(self) -> list[tuple[Listed, Card]]:
        """Return who can open which competition here: the last used first, the desk before members.

        The clerk's key is the desk keeper's second one and opens nothing by itself.
        """
        last = self._folder / "competitions" / "last"
        used = last.read_text("utf-8").strip() if last.exists() else ""
        listed = sorted(self.competitions(), key=lambda item: item.id != used)
        found = []
        for item in listed:
            cards = [card for card in self.identities(item.id) if card.role != "clerk"]
            cards.sort(key=lambda card: (card.role != "desk", card.name.casefold()))
            found += [(item, card) for card in cards]
        return found

    def folder_of(self, competition: str) -> Path:
        """Return where a competition stands."""
        return self._folder / "competitions" / competition

    def open(self, listed: Listed) -> Panel:
        """Open a competition and remember it as the last used."""
        panel = Panel(listed.folder, listed.id, listed.desk)
        self.remember(listed.id)
        return panel

    def register(self, folder: Path, competition: str, desk: str, name: str) -> Listed:
        """Say in its folder what a competition is called."""
        value = {"desk": desk, "id": competition, "name": name}
        write_whole(folder / "competition.json", (json.dumps(value, indent=1) + "\n").encode())
        return Listed(competition, desk, name, folder)

    def remember(self, competition: str) -> None:
        """Remember a competition as the last used."""
        last = self._folder / "competitions" / "last"
        if not last.exists() or last.read_text("utf-8") != competition:
            write_whole(last, competition.encode())

    # -- identities

    def identities(self, competition: str) -> list[Card]:
        """Return whose keys for a competition are on this laptop."""
        cards = [read_card(path) for path in sorted((self._folder / "identities").glob("*.json"))]
        return [card for card in cards if card.competition == competition]

    def card(self, competition: str, role: str, person: str | None = None) -> Card:
        """Return the identity that is to act.

        ``role`` is ``desk``, ``clerk`` or ``member``; with ``person`` (a name) the identity of
        that name, whatever its role but the desk's. Raises :class:`KippError` with code
        ``no-identity`` or :class:`UsageError` ``which-person``.
        """
        cards = self.identities(competition)
        if person is not None and role != "desk":
            cards = [
                card
                for card in cards
                if card.name.casefold() == person.casefold() and card.role != "desk"
            ]
        else:
            cards = [card for card in cards if card.role == role]
        if not cards:
            raise KippError("no-identity", _NOBODY[role], _WHAT_NOW[role])
        if len(cards) > 1:
            last = self.folder_of(competition) / "last-person"
            used = last.read_text("utf-8", "replace") if last.exists() else ""
            cards = [card for card in cards if card.fingerprint == used] or cards
        if len(cards) > 1:
            raise UsageError(
                "which-person",
                Text(
                    "Several persons use this laptop: {names}.",
                    names=", ".join(card.name for card in cards),
                ),
                Text("Say who acts with --person NAME."),
            )
        return cards[0]

    def unlock(self, card: Card) -> Identity:
        """Return an identity that can sign; asks for the passphrase where there is one."""
        passphrase = self.context.passphrase(card.name) if card.protected else None
        identity = unlock(self.identity_path(card.fingerprint), passphrase)
        write_whole(self.folder_of(card.competition) / "last-person", card.fingerprint.encode())
        return identity

    def keep(self, identity: Identity, passphrase: str | None) -> Identity:
        """Write an identity's file."""
        path = self.identity_path(identity.fingerprint)
        return save_identity(identity, path, passphrase, self.context.randomness)

    def retire(self, card: Card) -> None:
        """Lay aside a key that was revoked: it acts no more here, and is not lost."""
        path = self.identity_path(card.fingerprint)
        path.replace(path.with_suffix(".revoked"))

    def identity_path(self, fingerprint: str) -> Path:
        """Return where an identity's file stands."""
        return self._folder / "identities" / f"{fingerprint}.json"


_NOBODY = {
    "desk": Text("This laptop is not the secretariat's desk of this competition."),
    "clerk": Text("Nobody on this laptop may type paper sheets yet."),
    "member": Text("Nobody on this laptop has joined this competition yet."),
}
_WHAT_NOW = {
    "desk": Text("Do this on the secretariat's laptop."),
    "clerk": Text("Publish the plan first; it makes the key for typing paper."),
    "member": Text("Join with the secretariat's package (kipp join)."),
}
