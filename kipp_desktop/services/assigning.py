"""Who marks what in the next plan: all to all, by rooms, or a balanced draw with its seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.agenda import Draw, by_rooms
from kipp_desktop.domain.assigning import balanced, too_few
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import name_key
from kipp_desktop.domain.setup import Setup, conflicts_of
from kipp_desktop.errors import KippError
from kipp_desktop.services.agenda_store import agenda_of_panel, keep_draw
from kipp_desktop.services.judging import alive_entries
from kipp_desktop.services.setup import ASSIGNED, next_setup
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Load:
    """How many entries a person marks, and how many this person may not."""

    person: str
    name: str
    entries: int
    conflicts: int


@dataclass(frozen=True)
class EntryJudges:
    """The judges of an entry, by name, of ``total`` who mark the stage."""

    entry: str
    number: str
    title: str
    judges: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class AssignmentView:
    """How a stage is assigned: ``method`` is ``all``, ``random`` or ``rooms``.

    ``seed`` and ``per_entry`` are those of the draw (empty and 0 otherwise).
    """

    stage: str
    method: str
    per_entry: int
    seed: str
    loads: tuple[Load, ...]
    entries: tuple[EntryJudges, ...]

    @property
    def least(self) -> int:
        """The number of judges of the entry that has fewest."""
        return min((len(item.judges) for item in self.entries), default=0)


def assignment_view(panel: Panel, stage: str) -> AssignmentView:
    """Return who marks what in a stage of the next plan.

    Raises :class:`KippError` with code ``no-stage`` or ``no-marks``.
    """
    setup, _ = next_setup(panel)
    _marked(setup, stage)
    made = (panel.workbench.document(ASSIGNED) or {}).get(stage) or {}
    names: dict[str, list[str]] = {entry.id: [] for entry in setup.entries}
    loads = []
    for judge in setup.judges_of(stage):
        assignment = setup.assignment(stage, judge)
        own = set(assignment.among(names)) if assignment else set()
        name = setup.name_of(judge)
        for entry in own:
            names[entry].append(name)
        barred = len(conflicts_of(setup, setup.person_by_id[judge]))
        loads.append(Load(judge, name, len(own), barred))
    return AssignmentView(
        stage,
        made.get("method", "all"),
        made.get("per_entry", 0),
        made.get("seed", ""),
        tuple(loads),
        tuple(
            EntryJudges(entry.id, entry.number, entry.title, tuple(names[entry.id]), len(loads))
            for entry in setup.entries
        ),
    )


def assign_to_all(home: Home, panel: Panel, stage: str) -> Changes:
    """Let everybody who may mark in a stage mark every entry, but for conflicts."""
    home.card(panel.competition, "desk")
    _marked(next_setup(panel)[0], stage)
    made = dict(panel.workbench.document(ASSIGNED) or {})
    made.pop(stage, None)
    panel.workbench.set_document(ASSIGNED, made)
    return Changes.of("plan", stages=[stage])


def assign_random(
    home: Home, panel: Panel, stage: str, per_entry: int, seed: str | None = None
) -> Changes:
    """Draw ``per_entry`` judges for each entry, with equal loads; the seed is drawn and kept.

    The method stands in :mod:`kipp_desktop.domain.assigning`. Only entries that are still in the
    competition at that stage are drawn for. Raises :class:`KippError` with code ``bad-assignment``.
    """
    home.card(panel.competition, "desk")
    setup, _ = next_setup(panel)
    _marked(setup, stage)
    judges = _judges(setup, stage)
    if not 1 <= per_entry <= len(judges):
        raise _bad(
            Text(
                "{count} judges an entry is not possible: {judges} mark the stage {stage}.",
                count=per_entry,
                judges=len(judges),
                stage=stage,
            )
        )
    entries = alive_entries(panel, setup, stage)
    barred = {judge: conflicts_of(setup, setup.person_by_id[judge]) for judge in judges}
    short = too_few(entries, judges, barred, per_entry)
    if short:
        raise _bad(
            Text(
                "Fewer than {count} judges have no conflict with these entries: {numbers}.",
                count=per_entry,
                numbers=tuple(setup.entry_by_id[entry].number for entry in short[:20]),
            )
        )
    seed = seed or home.context.randomness(16).hex()
    held = balanced(entries, judges, barred, per_entry, seed)
    _keep(panel, stage, "random", held, per_entry, seed)
    drawn = Draw(
        "assignment",
        stage,
        seed,
        tuple(sorted(entries)),
        "random",
        tuple(sorted(judges)),
        per_entry,
    )
    keep_draw(panel, drawn)
    return Changes.of("plan", "agenda", stages=[stage])


def assign_by_rooms(home: Home, panel: Panel, stage: str) -> Changes:
    """Let each judge mark the entries of the rooms and days in which the agenda seats that judge.

    Raises :class:`KippError` with code ``bad-assignment`` while entries have no time, or nobody
    sits in a room.
    """
    home.card(panel.competition, "desk")
    setup, _ = next_setup(panel)
    _marked(setup, stage)
    agenda = agenda_of_panel(panel)
    held = by_rooms(agenda, stage, _judges(setup, stage))
    covered = {entry for entries in held.values() for entry in entries}
    alive = set(alive_entries(panel, setup, stage))
    numbers = [e.number for e in setup.entries if e.id in alive and e.id not in covered]
    if numbers:
        raise _bad(
            Text(
                "These entries have no room with judges in the agenda: {numbers}.",
                numbers=tuple(numbers[:20]),
            )
        )
    _keep(panel, stage, "rooms", held, 1, "")
    return Changes.of("plan", stages=[stage])


def _keep(  # noqa: PLR0917 - the fields of the document
    panel: Panel,
    stage: str,
    method: str,
    held: Mapping[str, Sequence[str]],
    per_entry: int,
    seed: str,
) -> None:
    entries: dict[str, Json] = {judge: list(own) for judge, own in held.items()}
    made = dict(panel.workbench.document(ASSIGNED) or {})
    made[stage] = {"entries": entries, "method": method, "per_entry": per_entry, "seed": seed}
    panel.workbench.set_document(ASSIGNED, made)


def person_named(panel: Panel, name: str) -> str:
    """Return the id of a person of the next plan; :class:`KippError` with code ``no-person``."""
    for row in panel.workbench.people():
        if name_key(row.name) == name_key(name) or row.id == name:
            return str(row.id)
    raise KippError(
        "no-person",
        Text("There is no {name} in the plan.", name=name),
        Text("Look the name up in the list of people (kipp people list)."),
    )


def _judges(setup: Setup, stage: str) -> list[str]:
    """Return who may mark in a stage, also those whom an earlier draw left out."""
    roles = setup.rules.stage(stage).marking_roles
    return [person.id for person in setup.persons if person.has(*roles)]


def _marked(setup: Setup, stage: str) -> None:
    if setup.rules.stage(stage).rubric is None:
        raise KippError(
            "no-marks",
            Text("The stage {stage} has no marks.", stage=stage),
            Text("Choose a stage with a rubric."),
        )


def _bad(what: Text) -> KippError:
    return KippError(
        "bad-assignment", what, Text("Nothing was changed. Change the panel or the number.")
    )
