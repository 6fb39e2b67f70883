"""What a file that was dropped or double-clicked is for on this laptop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Home, Listed

RESULT_ENDINGS = frozenset({".pdf"})
FOR_MEMBERS = frozenset({"plan", "receipt"})


@dataclass(frozen=True)
class Recognised:
    """A file and what is to be done with it here.

    ``act`` is ``check`` (a result), ``receive`` (at the desk), ``update`` (a package for a judge
    who joined) or ``join``; ``listed`` and ``card`` say which competition is opened as whom, where
    one is.
    """

    path: Path
    act: str
    listed: Listed | None = None
    card: Card | None = None


def recognise(home: Home, path: Path, working: Card | None = None) -> Recognised:
    """Return what a file is for; ``working`` is the key that works here now.

    Files are told by their content, never by their names. What cannot be used is received all the
    same where the desk works: it stands there among the refused, with what to do. Elsewhere raises
    :class:`KippError` with code ``bad-file``, ``cannot-read``, ``newer-format``, or
    ``not-for-here`` for a file that only the desk can use.
    """
    if path.suffix.lower() in RESULT_ENDINGS:
        return Recognised(path, "check")
    try:
        with Bundle.open(path) as bundle:
            purpose, competition = bundle.purpose, bundle.competition
    except KippError:
        if working is None or working.role != "desk":
            raise
        return Recognised(path, "receive", home.choose(working.competition), working)
    if purpose == "results":
        return Recognised(path, "check")
    known = [listed for listed in home.competitions() if listed.id == competition]
    cards = home.identities(competition) if known else []
    desk = next((card for card in cards if card.role == "desk"), None)
    if desk is not None:
        return Recognised(path, "receive", known[0], desk)
    if purpose not in FOR_MEMBERS:
        raise KippError(
            "not-for-here",
            Text("The file {file} is for the secretariat.", file=path.name),
            Text("Take it to the secretariat's laptop; it is opened there."),
        )
    members = [card for card in cards if card.role == "member"]
    if not members:
        return Recognised(path, "join")
    here = working is not None and working.competition == competition
    return Recognised(path, "update", known[0], working if here else members[0])
