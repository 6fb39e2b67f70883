"""What a person says, found in the plan: an entry by its number, a person by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel


def entry_of(panel: Panel, number: str) -> str:
    """Return the id of the entry with a number; :class:`KippError` ``no-entry``."""
    return entry_in(panel.setup, number)


def entry_in(setup: Setup, number: str) -> str:
    """Return the id of the entry with a number in a setup; :class:`KippError` ``no-entry``."""
    wanted = number_key(number)
    for entry in setup.entries:
        if number_key(entry.number) == wanted:
            return entry.id
    raise KippError(
        "no-entry",
        Text("There is no entry with number {number} in the plan.", number=number),
        Text("Look the number up in the list of entries (kipp entries list)."),
    )


def person_of(panel: Panel, name: str) -> str:
    """Return the id of the person of a name (or id); :class:`KippError` ``no-person``."""
    wanted = name.strip().casefold()
    matches = [
        person.id
        for person in panel.setup.persons
        if person.name.casefold() == wanted or person.id == name
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise KippError(
            "two-persons",
            Text("Two persons are called {name}.", name=name),
            Text("Use the id instead: {ids}.", ids=", ".join(matches)),
        )
    raise KippError(
        "no-person",
        Text("There is no {name} in the plan.", name=name),
        Text(
            "The plan has: {names}.",
            names=", ".join(person.name or person.id for person in panel.setup.persons),
        ),
    )
