"""Who is alive in which stage: the panel decides who goes on, the computation only proposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.domain.setup import Setup


@dataclass(frozen=True)
class OpenAdvance:
    """A group of which it is not decided who goes on from a stage; ``size`` may (0: unsaid)."""

    stage: str
    group: str
    size: int


@dataclass(frozen=True)
class Field:
    """The present entries that are alive in each stage, and those that did not go on.

    ``stopped`` maps an entry to the stage from which it did not advance; ``last`` are the entries
    alive after the last stage; ``undecided`` hold back a later stage with a score.
    """

    alive: Mapping[str, frozenset[str]]
    stopped: Mapping[str, str]
    last: frozenset[str]
    undecided: tuple[OpenAdvance, ...]


def field_of(setup: Setup, state: DeskState) -> Field:
    """Return who is alive where.

    After a stage, those that the decision about (stage, group) names go on. Without one all go on
    from a stage that has no ``advance``; from one that has it nobody is alive in a later stage
    with a score until it is decided.
    """
    stages = setup.rules.stages
    present = {
        entry.id
        for entry in setup.entries
        if state.statuses.get(entry.id, ("present", ""))[0] == "present"
    }
    group_of = {entry.id: entry.group for entry in setup.entries}
    alive: dict[str, frozenset[str]] = {}
    stopped: dict[str, str] = {}
    undecided: list[OpenAdvance] = []
    for position, stage in enumerate(stages):
        alive[stage.id] = frozenset(present)
        scored_later = any(later.counted for later in stages[position + 1 :])
        for group in setup.groups:
            decided = state.advances.get((stage.id, group.id))
            if decided is not None:
                out = {e for e in present if group_of[e] == group.id} - set(decided)
                stopped |= dict.fromkeys(out, stage.id)
                present -= out
            elif stage.advance_per_group is not None and scored_later:
                waiting = {entry for entry in present if group_of[entry] == group.id}
                if waiting:
                    undecided.append(OpenAdvance(stage.id, group.id, stage.advance_per_group))
                    present -= waiting
    return Field(alive, stopped, frozenset(present), tuple(undecided))
