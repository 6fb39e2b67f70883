"""The panel's own marks of a stage, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kipp_desktop.domain.rubric import Scale
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class PanelCriterion:
    """A criterion that the panel marks once for every entry."""

    id: str
    name: str
    scale: Scale


@dataclass(frozen=True)
class PanelMarkRow:
    """An entry and its marks in the order of the criteria; empty where there is none yet."""

    number: str
    title: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class PanelMarks:
    """The panel's marks in a stage; ``closed`` once they cannot be changed."""

    stage: str
    stage_name: str
    closed: bool
    criteria: tuple[PanelCriterion, ...]
    rows: tuple[PanelMarkRow, ...]


def panel_marks(panel: Panel, stage: str) -> PanelMarks:
    """Return the grid of the criteria that the panel marks in a stage."""
    setup = panel.setup_for(stage)
    found = setup.rules.stage(stage)
    leaves = setup.rubric_of(found).by_panel.leaves
    known: dict[Any, str | None] = dict(panel.state.panel_marks)
    return PanelMarks(
        stage,
        found.name,
        stage in panel.state.closings,
        tuple(PanelCriterion(leaf.id, leaf.criterion.name, leaf.scale) for leaf in leaves),
        tuple(
            PanelMarkRow(
                entry.number,
                entry.title,
                tuple(known.get((stage, entry.id, leaf.id)) or "" for leaf in leaves),
            )
            for entry in setup.entries
            if panel.state.statuses.get(entry.id, ("present", ""))[0] == "present"
        ),
    )
