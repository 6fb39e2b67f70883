"""What the page Acara reads at once, and absence as the moderator records it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.services.agenda import (
    AgendaView,
    agenda_view,
    candidates_of,
    record,
    setup_of,
)
from kipp_desktop.services.desk import record_status

if TYPE_CHECKING:
    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class StageChoice:
    """A stage for which sessions are made.

    ``parts`` are those of its slots with their minutes, ``judges`` (id, name) those who mark it,
    ``entries`` (number, title) those that may present.
    """

    id: str
    name: str
    parts: tuple[tuple[str, int], ...]
    judges: tuple[tuple[str, str], ...]
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Moderation:
    """The agenda, the stages, and whether a plan is in force (before it nothing can be signed)."""

    agenda: AgendaView
    stages: tuple[StageChoice, ...]
    published: bool


def moderation(panel: Panel) -> Moderation:
    """Return what the page shows and its dialogs offer."""
    setup = setup_of(panel)
    return Moderation(
        agenda_view(panel),
        tuple(
            StageChoice(
                stage.id,
                stage.name or stage.id,
                stage.slot or (("", 20),),
                tuple((judge, setup.name_of(judge)) for judge in setup.judges_of(stage.id)),
                tuple((e.number, e.title) for e in candidates_of(panel, setup, stage.id)),
            )
            for stage in setup.rules.stages
        ),
        panel.state.plan is not None,
    )


def mark_absent(home: Home, panel: Panel, stage: str, number: str, reason: str) -> Changes:
    """Record in the agenda that an entry does not come; with a ``reason`` also as its status.

    The status is signed by the desk and counts; it comes first, so that a refused passphrase leaves
    the agenda as it was. Raises what :func:`record` and ``record_status`` raise.
    """
    if not reason:
        return record(home, panel, stage, number, "absent")
    return record_status(home, panel, number, "absent", reason) | record(
        home, panel, stage, number, "absent"
    )
