"""What a new plan changes, in sentences: old and new, so that people can compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import competition_json
from kipp_desktop.domain.rule_words import ROLE_TEXTS, changed, rule_differences
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.setup import Entry, Person, Setup

#: More than so many things of one kind are told together.
_MANY = 6


def plan_changes(old: Setup, new: Setup) -> list[Text]:
    """Return what the setup ``new`` changes of ``old``, in the order in which it matters."""
    return [
        *_people(old, new),
        *_entries(old, new),
        *rule_differences(old.rules, _rubrics(old), new.rules, _rubrics(new), new.groups),
        *_assignments(old, new),
        *_rest(old, new),
    ]


def _rubrics(setup: Setup) -> dict[str, Rubric]:
    return {s.id: setup.rubric_of(s) for s in setup.rules.stages if s.rubric is not None}


def _people(old: Setup, new: Setup) -> Iterator[Text]:
    for person in old.persons:
        if person.id not in new.person_by_id:
            yield Text("{name} leaves the panel", name=person.name)
    for person in new.persons:
        before = old.person_by_id.get(person.id)
        if before is None:
            yield Text("{name} joins: {roles}", name=person.name, roles=_roles(person))
            continue
        if before.name != person.name:
            yield changed(Text("Name of a person"), before.name, person.name)
        if before.roles != person.roles:
            what = Text("Roles of {name}", name=person.name)
            yield changed(what, _roles(before), _roles(person))
        if (before.institution, before.title) != (person.institution, person.title):
            yield Text("Institution or title of {name} changed", name=person.name)
        if before.conflicts != person.conflicts:
            yield Text("Conflicts of interest of {name} changed", name=person.name)


def _roles(person: Person) -> object:
    return tuple(ROLE_TEXTS[role] for role in person.roles) or Text("none")


def _entries(old: Setup, new: Setup) -> Iterator[Text]:
    gone = [entry for entry in old.entries if entry.id not in new.entry_by_id]
    come = [entry for entry in new.entries if entry.id not in old.entry_by_id]
    if len(gone) > _MANY:
        yield Text("{count} entries are taken out: {numbers}", count=len(gone),
                   numbers=numbers_of(gone))  # fmt: skip
    else:
        for entry in gone:
            yield Text("Entry {number}, {title}, is taken out", number=entry.number,
                       title=entry.title)  # fmt: skip
    if len(come) > _MANY:
        yield Text("{count} new entries: {numbers}", count=len(come), numbers=numbers_of(come))
    else:
        for entry in come:
            yield Text("New entry {number}: {title}", number=entry.number, title=entry.title)
    groups = {group.id: group.name for group in (*old.groups, *new.groups)}
    further: list[Entry] = []
    for entry in new.entries:
        before = old.entry_by_id.get(entry.id)
        if before is None or before == entry:
            continue
        pairs = [
            (Text("Number of entry {number}", number=before.number), before.number, entry.number),
            (Text("Title of entry {number}", number=entry.number), before.title, entry.title),
            (
                Text("Group of entry {number}", number=entry.number),
                groups.get(before.group, before.group),
                groups.get(entry.group, entry.group),
            ),
            (
                Text("Agency of entry {number}", number=entry.number),
                old.organisation_name(before),
                new.organisation_name(entry),
            ),
        ]
        said = [(what, one, other) for what, one, other in pairs if one != other]
        for what, one, other in said:
            yield changed(what, one or Text("none"), other or Text("none"))
        if not said:
            further.append(entry)
    if further:
        yield Text("Further particulars changed of the entries {numbers}",
                   numbers=numbers_of(further))  # fmt: skip


def _assignments(old: Setup, new: Setup) -> Iterator[Text]:
    """Say who marks other entries than before, among those that are in both plans."""
    both = [entry for entry in new.entries if entry.id in old.entry_by_id]
    for stage in new.rules.stages:
        for person in new.judges_of(stage.id):
            before, after = old.assignment(stage.id, person), new.assignment(stage.id, person)
            if before is None or after is None:
                continue
            lost = [e for e in both if before.covers(e.id) and not after.covers(e.id)]
            won = [e for e in both if after.covers(e.id) and not before.covers(e.id)]
            values = {"name": new.name_of(person), "stage": stage.name}
            if lost:
                yield Text("{name} no longer marks in {stage}: {numbers}",
                           numbers=numbers_of(lost), **values)  # fmt: skip
            if won:
                yield Text("{name} now also marks in {stage}: {numbers}",
                           numbers=numbers_of(won), **values)  # fmt: skip


def _rest(old: Setup, new: Setup) -> Iterator[Text]:
    one, other = competition_json(old.competition), competition_json(new.competition)
    if old.competition.name != new.competition.name:
        yield changed(Text("Name of the competition"), old.competition.name, new.competition.name)
    elif one != other:
        yield Text("The competition's particulars changed")
    if old.groups != new.groups:
        yield changed(
            Text("Groups"),
            tuple(group.name for group in old.groups),
            tuple(group.name for group in new.groups),
        )
    if old.organisations != new.organisations:
        yield Text("The list of agencies and units changed")
    if old.signatories != new.signatories:
        yield Text("The signatories of the minutes changed")
    if old.claims != new.claims:
        yield Text("The claims to check in the field changed")


def numbers_of(entries: Iterable[Entry], most: int = 12) -> str:
    """Return the numbers of entries, and dots behind the first ``most``."""
    numbers: Sequence[str] = [entry.number for entry in entries]
    return ", ".join(numbers[:most]) + (" …" if len(numbers) > most else "")
