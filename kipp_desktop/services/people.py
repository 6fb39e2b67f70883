"""The panel of the next plan: its people one by one, its rubrics, and what was published of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import ROLES, name_key
from kipp_desktop.errors import KippError
from kipp_desktop.services.admission import own_words
from kipp_desktop.services.overview import plan_difference
from kipp_desktop.services.setup import judges_left, next_setup
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class PersonLine:
    """A person as the secretariat keeps it.

    ``conflicts`` is the text of its cell: organisations, units or entry numbers with ``;`` between.
    ``id`` is empty for somebody who is not stored yet; ``keeper`` keeps the desk's key.
    """

    id: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    institution: str = ""
    title: str = ""
    conflicts: str = ""
    nip: str = ""
    phone: str = ""
    keeper: bool = False


def people_lines(panel: Panel) -> list[PersonLine]:
    """Return the people of the next plan in the order of their import."""
    keeper = str(panel.workbench.document("desk")["keeper"])
    return [
        PersonLine(
            row.id,
            row.name,
            tuple(role for role in row.roles.split(";") if role),
            row.institution,
            row.title,
            row.conflicts,
            row.nip,
            row.phone,
            row.id == keeper,
        )
        for row in panel.workbench.people()
    ]


def save_person(home: Home, panel: Panel, line: PersonLine) -> Changes:
    """Add a person (``id`` empty), or change one.

    Raises :class:`KippError` with code ``bad-person`` where the name or the roles cannot be used.
    """
    name = normalise(line.name)
    if not name:
        raise _bad(Text("The name is missing."), Text("Write the name as it stands in the decree."))
    if not line.roles or any(role not in ROLES for role in line.roles):
        raise _bad(Text("{name} has no role.", name=name), Text("Choose at least one role."))
    stored = people_lines(panel)
    same = [item for item in stored if name_key(item.name) == name_key(name)]
    if any(item.id != line.id for item in same):
        raise _bad(
            Text("{name} is in the list already.", name=name),
            Text("Add what tells the two apart, for example the institution."),
        )
    known = next((item for item in stored if item.id == line.id), None)
    position = stored.index(known) if known else len(stored)
    roles = {*line.roles, "secretary"} if known and known.keeper else set(line.roles)
    panel.workbench.put_people(
        [
            {
                "id": known.id if known else home.context.new_id("p"),
                "position": position,
                "name": name,
                "roles": ";".join(sorted(roles, key=ROLES.index)),
                "institution": normalise(line.institution),
                "title": normalise(line.title),
                "conflicts": normalise(line.conflicts),
                "nip": normalise(line.nip),
                "phone": normalise(line.phone),
            }
        ]
    )
    return Changes.of("people")


def remove_person(panel: Panel, person: str) -> Changes:
    """Take a person out of the next plan; what this person signed stays.

    Raises :class:`KippError` with code ``bad-person`` for the keeper of the desk's key.
    """
    if person == panel.workbench.document("desk")["keeper"]:
        raise _bad(
            Text("Whoever keeps the key of this desk cannot be taken out."),
            Text("Change the name instead."),
        )
    panel.workbench.remove_people([person])
    return Changes.of("people")


def _bad(what: Text, next_step: Text) -> KippError:
    return KippError("bad-person", what, next_step)


# -- the whole panel at a glance -------------------------------------------------------------------


@dataclass(frozen=True)
class JudgesLeft:
    """How many of ``total`` judges remain for an entry after conflicts."""

    number: str
    title: str
    agency: str
    left: int
    total: int


@dataclass(frozen=True)
class PanelView:
    """The next plan's people and rubrics, and how it stands to the plan in force.

    ``rubrics`` are (name of the stage, rubric); ``revision`` is 0 before the first plan; ``parts``
    are (part of the plan, number of things that differ); ``words`` are the desk's.
    """

    people: tuple[PersonLine, ...]
    rubrics: tuple[tuple[str, Rubric], ...]
    left: tuple[JudgesLeft, ...]
    revision: int
    published_at: str
    changed: bool
    parts: tuple[tuple[str, int], ...]
    words: str
    warnings: tuple[Text, ...]


def panel_view(panel: Panel) -> PanelView:
    """Return what the page of the panel shows."""
    setup, warnings = next_setup(panel)
    changed, parts = plan_difference(panel)
    stage = setup.rules.counted()[0]
    total = len(setup.judges_of(stage.id))
    left = judges_left(setup)
    plan = panel.state.plan
    return PanelView(
        people=tuple(people_lines(panel)),
        rubrics=tuple(
            (item.name, setup.rubric_of(item))
            for item in setup.rules.stages
            if item.rubric is not None
        ),
        left=tuple(
            JudgesLeft(
                entry.number, entry.title, setup.organisation_name(entry), left[entry.id], total
            )
            for entry in setup.entries
        ),
        revision=plan.revision if plan else 0,
        published_at=plan.at if plan else "",
        changed=changed,
        parts=parts,
        words=own_words(panel),
        warnings=tuple(warnings),
    )
