"""The places of a result as an outsider or a member reads them: computed anew from the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say_number
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.services.checking import Verification


@dataclass(frozen=True)
class Place:
    """A line of the recomputed ranking."""

    group: str
    place: int | None
    number: str
    title: str
    organisation: str
    score: str | None
    award: str | None


PLACES: Final = (
    Column[Place](
        Text("Place"),
        lambda r: "–" if r.place is None else str(r.place),
        lambda r: r.place,
        right=True,
        bold=True,
        width=7,
    ),
    Column[Place](Text("No."), lambda r: r.number, right=True, width=5),
    Column[Place](Text("Innovation"), lambda r: r.title, stretch=True),
    Column[Place](Text("Organisation"), lambda r: r.organisation, width=28, least=10),
    Column[Place](Text("Final score"), lambda r: say_number(r.score or "–"), right=True, width=9),
    Column[Place](
        Text("Award"), lambda r: r.award or "", tone=lambda r: "calm" if r.award else None, width=11
    ),
)


def places_of(found: Verification) -> Iterator[Place]:
    """Yield the lines of the ranking that was recomputed; none where there is none."""
    setup = found.setup
    if found.recomputed is None or setup is None:
        return
    for group in found.recomputed.groups:
        for item in group.entries:
            entry = setup.entry_by_id[item.entry]
            yield Place(
                group.group,
                item.place,
                entry.number,
                entry.title,
                setup.organisation_name(entry),
                item.score,
                item.award,
            )
