"""Copies of unsigned marks on a stick, made without asking; signing and handing in stay acts.

Drafts are nobody's business but the judge's: a copy goes only to a stick that belongs to this
competition, which is one that carries a file of it (the package, or what was handed in), or an
earlier copy. A stick that somebody brought with a presentation is left alone. The copy is the
table that the judge can also save by hand, so that any laptop reads it: what is handed in lies on
the same stick and says the same, and a key that opened an encrypted copy would be lost with the
laptop for whose loss the copy is made. Private notes are not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.competition import slug
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.services.handing_in import write_drafts

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel

MOST_FILES: Final = 200
"""So many ``.kipp`` files of a stick are looked at."""


def copy_name(card: Card) -> str:
    """Return how a judge's copy is called: ``juri-1_draf.csv``."""
    return f"{slug(card.name)}_draf.csv"


def is_ours(stick: Path, card: Card) -> bool:
    """Return whether a stick belongs to the competition of a key."""
    try:
        if (stick / copy_name(card)).is_file():
            return True
        files = [path for path in stick.iterdir() if path.suffix.lower() == ".kipp"]
    except OSError:
        return False
    return any(_is_of(path, card.competition) for path in files[:MOST_FILES])


def copy_drafts(panel: Panel, card: Card, marker: Marker, stick: Path) -> int | None:
    """Write the unsigned marks to a stick; return the number of sheets, ``None`` without a copy.

    Where nothing is unsigned an earlier copy is emptied and none is begun. Nobody asked for it, so
    it fails without a word: a stick that is full, write-protected or gone again gets none.
    """
    drafts = panel.drafts.of(marker.author, marker.judge, marker.stage)
    if not drafts and not (stick / copy_name(card)).exists():
        return None
    try:
        return write_drafts(panel, marker, stick / copy_name(card))
    except KippError as error:
        if error.code != "cannot-write":
            raise
        return None


def _is_of(path: Path, competition: str) -> bool:
    try:
        with Bundle.open(path) as bundle:
            return bundle.competition == competition
    except KippError:
        return False
