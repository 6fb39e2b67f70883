"""What the desk sees of the field: who saw what of each entry, where they differ, what lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.services import fieldwork, observations
from kipp_desktop.services.claims import claims_for

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Entry
    from kipp_desktop.services.claims import Claim
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.texts import Text


@dataclass(frozen=True)
class FieldLine:
    """An entry in the field: the observations that stand, and where they differ.

    ``claims`` are what the next package asks to check; ``unsent`` of them are in no package yet.
    """

    entry: Entry
    agency: str
    observations: tuple[Observed, ...]
    differences: tuple[Text, ...]
    claims: tuple[Claim, ...] = ()
    unsent: int = 0


@dataclass(frozen=True)
class FieldBoard:
    """All entries in the field; ``missing`` names photos that have not arrived.

    ``names`` are those of criteria and persons, by id; ``criteria`` are the ids of those to which a
    claim can be tied.
    """

    lines: tuple[FieldLine, ...]
    missing: tuple[Text, ...]
    names: dict[str, str]
    criteria: tuple[str, ...] = ()


def field_board(panel: Panel) -> FieldBoard:
    """Return what has arrived from the field.

    Raises :class:`UsageError` ``which-stage`` where no stage is in the field.
    """
    setup = panel.setup
    stage = fieldwork.field_stage(panel)
    names = fieldwork.criterion_names(panel)
    seen = observations.observed(panel, stage.id)
    alive = fieldwork.alive_in(panel, stage.id)
    asked = claims_for(panel, setup)
    leaves = {leaf.id: leaf.criterion.name for rubric in setup.rubrics for leaf in rubric.leaves}
    lines = []
    for entry in setup.entries:
        found = tuple(one for one in seen if one.entry == entry.id)
        if found or entry.id in alive:
            different = tuple(observations.differing(found, names))
            claims = tuple(one for one in asked if one.entry == entry.id)
            unsent = sum((one.entry, one.criterion, one.text) not in setup.claims for one in claims)
            agency = setup.organisation_name(entry)
            lines.append(FieldLine(entry, agency, found, different, claims, unsent))
    return FieldBoard(
        tuple(lines),
        tuple(observations.lacking_text(setup, item) for item in observations.lacking(panel)),
        names | leaves | {person.id: setup.name_of(person.id) for person in setup.persons},
        tuple(leaves),
    )
