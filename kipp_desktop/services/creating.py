"""Creating a competition from the few answers that the window asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import MEMBERS
from kipp_desktop.services import catalogues, new_competition
from kipp_desktop.services.overview import HOW_MARKED
from kipp_desktop.services.templates import from_last_year
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.services.home import Home, Listed

#: The presets that come with the program, and what they are called.
PRESETS = {
    "kota": Text("City or regency: presentation, then field verification"),
    "provinsi": Text("Province: three gates, 50, then 40, then 30"),
    "nasional": Text("As the national one: selection, proposal, 99, presentation, field, 45"),
}


#: Whose approval a final publication may need, and how that is called.
APPROVALS = {
    (): Text("Nobody: it is final at once"),
    ("chair",): Text("The chair"),
    ("observer",): Text("An observer"),
    ("chair", "observer"): Text("The chair and an observer"),
    (MEMBERS,): Text("Every judge and the chair"),
}


@dataclass(frozen=True)
class NewCompetition:
    """What is asked before a competition exists; everything else comes from the preset.

    ``how_marked`` is one of :data:`kipp_desktop.services.overview.HOW_MARKED`; ``key_copy`` the
    folder on a second medium that gets a copy of the desk's key; ``approvals`` one of
    :data:`APPROVALS`; ``last_year`` the competition whose set-up is taken instead of the preset's.
    """

    name: str
    organiser: str
    year: int
    place: str = ""
    how_marked: str = "paper"
    preset: str = "kota"
    last_year: Listed | None = None
    passphrase: str | None = None
    key_copy: Path | None = None
    approvals: tuple[str, ...] = ()


def create(home: Home, wanted: NewCompetition) -> Listed:
    """Create the competition, with this laptop as its desk.

    Raises :class:`KippError` with code ``bad-competition`` or what writing files raises; nothing is
    then left behind.
    """
    if wanted.how_marked not in HOW_MARKED:
        raise ValueError(wanted.how_marked)
    base, logo = catalogues.preset_table(wanted.preset), b""
    if wanted.last_year is not None:
        base, logo = from_last_year(wanted.last_year)
    table = base | {
        "name": wanted.name,
        "organiser": wanted.organiser,
        "year": wanted.year,
        "place": wanted.place,
        "approvals": list(wanted.approvals),
    }
    listed = new_competition.create_competition(
        home, table, passphrase=wanted.passphrase, key_copy=wanted.key_copy
    )
    with home.open(listed) as panel:
        panel.workbench.set_document("how_marked", wanted.how_marked)
        if logo:
            panel.workbench.set_document("logo", logo.hex())
    return listed
