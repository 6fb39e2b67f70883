"""What members said of a results record, and which approvals it still waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.competition import MEMBERS
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Person, Setup
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Approval:
    """The last word of a person on a results record: agreed, or the reason of a dissent."""

    person: str
    dissent: str | None
    wet: bool
    at: str


def approvals_of(panel: Panel, results: str) -> list[Approval]:
    """Return what each person said of a results record, in the order of the plan."""
    own = [record for key in panel.state.keys for record in panel.records(key, "approval")]
    return approvals_in(panel.setup, panel.state, own, results)


def approvals_in(
    setup: Setup, state: DeskState, own: Iterable[Record], results: str
) -> list[Approval]:
    """Return what each person said of a results record; ``own`` are members' approval records.

    A member's own word beats one that the desk recorded from paper.
    """
    members = [
        record
        for record in own
        if record.author in state.keys and state.keys[record.author].person == record.body["person"]
    ]
    members.sort(key=lambda record: (state.keys[record.author].order, record.seq))
    said: dict[str, Approval] = {}
    for record in (*state.approvals, *members):
        body: dict[str, Any] = record.body
        if body["record"] == results:
            said[body["person"]] = Approval(body["person"], body["dissent"], body["wet"], record.at)
    return [said[person.id] for person in setup.persons if person.id in said]


def roles_missing(setup: Setup, said: Iterable[Approval]) -> list[str]:
    """Return the roles asked for of which nobody has agreed.

    ``members`` is missing until everybody has agreed who judges or chairs.
    """
    agreed = {item.person for item in said if item.dissent is None}
    return [
        role
        for role in setup.rules.approvals
        if not (
            {person.id for person in members(setup)} <= agreed
            if role == MEMBERS
            else any(person.has(role) for person in setup.persons if person.id in agreed)
        )
    ]


def members(setup: Setup) -> list[Person]:
    """Return the members of the panel: its judges and chair."""
    return [person for person in setup.persons if person.has("judge", "chair")]


def asked(setup: Setup) -> list[Person]:
    """Return everybody who can give an approval that the plan asks for."""
    roles = [role for role in setup.rules.approvals if role != MEMBERS]
    everybody = members(setup) if MEMBERS in setup.rules.approvals else []
    return [person for person in setup.persons if person.has(*roles) or person in everybody]


def approval_sentences(setup: Setup, said: Iterable[Approval]) -> Iterator[Text]:
    """Return what the minutes say of each approval and dissent."""
    for item in said:
        name = setup.name_of(item.person)
        if item.dissent is not None:
            yield Text("{name} dissents: {reason}", name=name, reason=item.dissent)
        elif item.wet:
            yield Text("{name} agreed to these results with a signature by hand.", name=name)
        else:
            yield Text("{name} agreed to these results under their own key.", name=name)
