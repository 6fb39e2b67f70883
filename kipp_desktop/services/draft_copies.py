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
from kipp_desktop.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card

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


def write_copy(card: Card, stick: Path, data: bytes, count: int) -> bool:
    """Write a copy of ``count`` sheets (``handing_in.drafts_table``); return whether one is there.

    Where nothing is unsigned an earlier copy is emptied and none is begun. Nobody asked for it, so
    it fails without a word: a stick that is full, write-protected or gone again gets none.
    """
    path = stick / copy_name(card)
    try:
        if not count and not path.exists():
            return False
        write_whole(path, data)
    except (OSError, KippError):
        return False
    return bool(count)


def _is_of(path: Path, competition: str) -> bool:
    try:
        with Bundle.open(path) as bundle:
            return bundle.competition == competition
    except KippError:
        return False
