"""The passphrase of a person's keys on this laptop: set, changed or taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import reseal, unlock

if TYPE_CHECKING:
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Home


@dataclass(frozen=True)
class Resealed:
    """The keys whose passphrase is the new one now."""

    cards: tuple[Card, ...]
    changes: Changes


def change_passphrase(home: Home, card: Card, new: str | None) -> Resealed:
    """Seal a key under another passphrase, or under none; it signs as before.

    The desk keeper's second key, which types paper, goes with the desk's. The old passphrase is
    asked of the context. Raises :class:`KippError` with code ``passphrase-needed``,
    ``wrong-passphrase``, ``bad-identity`` or ``cannot-write``; the key's file is then as it was.
    """
    context = home.context
    old = context.passphrase(card.name) if card.protected else None
    pair = [card]
    if card.role == "desk":
        # First, so that after a power cut in between the desk's own still says what is to be done.
        others = home.identities(card.competition)
        pair = [*(c for c in others if c.role == "clerk" and c.person == card.person), card]
    unlock(home.identity_path(card.fingerprint), old)
    done = []
    for item in pair:
        path = home.identity_path(item.fingerprint)
        try:
            done.append(reseal(path, old, new, context.randomness))
        except KippError as error:
            if item is card or error.code not in {"wrong-passphrase", "passphrase-needed"}:
                raise
            # The second key has had the new one since a power cut, or one of its own.
    return Resealed(tuple(done), Changes.of("identities"))
