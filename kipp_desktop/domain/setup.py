"""The setup: all that a plan fixes, in two blobs.

The *setup* blob is public: competition, organisations, groups, entries, rubrics, rules, persons as
ids with roles, assignments. The *people* blob is for the panel: names, institutions, conflicts,
signatories, the entries' further fields; it is salted so that nobody can guess a name from its
hash. NIP and contacts stand in neither.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import HASH, ID, Json, encode
from kipp_desktop.domain.competition import (
    ROLES,
    Competition,
    Group,
    Rules,
    Signatory,
    Stage,
    bad,
    competition_json,
    read_competition,
    read_rules,
    rules_json,
)
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@dataclass(frozen=True)
class Organisation:
    """A node in the tree of dinas, kecamatan, puskesmas, sekolah and BUMD."""

    id: str
    name: str
    kind: str = ""
    parent: str | None = None
    must_enter: bool = False
    abbreviation: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file of an entry: ``size`` in bytes, ``type`` one of ``pdf``, ``png``, ``jpeg``."""

    name: str
    sha256: str
    size: int
    type: str


@dataclass(frozen=True)
class Entry:
    """An innovation that competes.

    ``fields`` are whatever else its table said, ``attachments`` its files; neither is public.
    """

    id: str
    number: str
    title: str
    organisation: str | None = None
    unit: str = ""
    group: str = ""
    category: str = ""
    summary: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Person:
    """A member of the panel or of the secretariat. ``conflicts`` are organisations and entries."""

    id: str
    name: str
    roles: tuple[str, ...]
    institution: str = ""
    title: str = ""
    conflicts: tuple[str, ...] = ()

    def has(self, *roles: str) -> bool:
        """Return whether the person holds one of the roles."""
        return any(role in self.roles for role in roles)


@dataclass(frozen=True)
class Assignment:
    """Who marks what in a stage: ``entries`` (or all, for ``None``) but those in ``excluded``."""

    stage: str
    person: str
    entries: tuple[str, ...] | None = None
    excluded: tuple[str, ...] = ()

    def covers(self, entry: str) -> bool:
        """Return whether this person marks this entry."""
        return (self.entries is None or entry in self._entries) and entry not in self._excluded

    def among(self, entries: Collection[str]) -> Collection[str]:
        """Return which of some entries this person marks."""
        wanted = entries if self.entries is None else self._entries.intersection(entries)
        return set(wanted) - self._excluded if self.excluded else wanted

    @cached_property
    def _entries(self) -> frozenset[str]:
        return frozenset(self.entries or ())

    @cached_property
    def _excluded(self) -> frozenset[str]:
        return frozenset(self.excluded)


@dataclass(frozen=True)
class Setup:
    """What a plan fixes. Persons carry names only where the people blob is at hand."""

    competition: Competition
    groups: tuple[Group, ...]
    rules: Rules
    rubrics: tuple[Rubric, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    entries: tuple[Entry, ...] = ()
    persons: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    claims: tuple[tuple[str, str | None, str], ...] = ()
    signatories: tuple[Signatory, ...] = ()
    salt: str = field(default="", compare=False)

    @cached_property
    def entry_by_id(self) -> dict[str, Entry]:
        """Entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        """Persons by id."""
        return {person.id: person for person in self.persons}

    @cached_property
    def organisation_by_id(self) -> dict[str, Organisation]:
        """Organisations by id."""
        return {organisation.id: organisation for organisation in self.organisations}

    @cached_property
    def rubric_by_fingerprint(self) -> dict[str, Rubric]:
        """Rubrics by the SHA-256 of their canonical JSON."""
        return {rubric.fingerprint: rubric for rubric in self.rubrics}

    @cached_property
    def _assignments(self) -> dict[tuple[str, str], Assignment]:
        return {(item.stage, item.person): item for item in self.assignments}

    def rubric_of(self, stage: Stage) -> Rubric:
        """Return the rubric of a stage that is marked."""
        assert stage.rubric is not None
        return self.rubric_by_fingerprint[stage.rubric]

    def assignment(self, stage: str, person: str) -> Assignment | None:
        """Return what a person marks in a stage."""
        return self._assignments.get((stage, person))

    def judges_of(self, stage: str) -> tuple[str, ...]:
        """Return the persons who mark in a stage, in the order of the plan."""
        return tuple(item.person for item in self.assignments if item.stage == stage)

    def organisation_name(self, entry: Entry) -> str:
        """Return the name of the organisation (and unit) that entered."""
        found = self.organisation_by_id.get(entry.organisation or "")
        names = [name for name in (entry.unit, found.name if found else "") if name]
        return " – ".join(names)

    def name_of(self, person: str) -> str:
        """Return a person's name, or the id where names are not at hand."""
        found = self.person_by_id.get(person)
        return found.name if found and found.name else person


# -- the two blobs -------------------------------------------------------------------------------


def setup_blob(setup: Setup) -> bytes:
    """Return the public part in canonical form."""
    rules = rules_json(setup.rules)
    value: dict[str, Json] = {
        "approvals": rules["approvals"],
        "assignments": [
            {
                "entries": None if item.entries is None else list(item.entries),
                "except": list(item.excluded),
                "person": item.person,
                "stage": item.stage,
            }
            for item in setup.assignments
        ],
        "awards": rules["awards"],
        "claims": [
            {"criterion": criterion, "entry": entry, "text": text}
            for entry, criterion, text in setup.claims
        ],
        "competition": competition_json(setup.competition),
        "entries": [
            {
                "category": entry.category,
                "group": entry.group,
                "id": entry.id,
                "number": entry.number,
                "organisation": entry.organisation,
                "summary": entry.summary,
                "title": entry.title,
                "unit": entry.unit,
            }
            for entry in setup.entries
        ],
        "groups": [{"id": group.id, "name": group.name} for group in setup.groups],
        "organisations": [
            {
                "abbreviation": item.abbreviation,
                "id": item.id,
                "kind": item.kind,
                "must_enter": item.must_enter,
                "name": item.name,
                "parent": item.parent,
            }
            for item in setup.organisations
        ],
        "persons": [{"id": p.id, "roles": list(p.roles)} for p in setup.persons],
        "rounding": rules["rounding"],
        "rubrics": [rubric.as_json() for rubric in setup.rubrics],
        "stages": rules["stages"],
        "ties": rules["ties"],
    }
    return encode_large(value)


def people_blob(setup: Setup) -> bytes:
    """Return the part for the panel in canonical form."""
    value: dict[str, Json] = {
        "fields": [
            {
                "entry": entry.id,
                "fields": [{"name": name, "value": value} for name, value in entry.fields],
            }
            for entry in setup.entries
            if entry.fields
        ],
        "persons": [
            {
                "conflicts": list(person.conflicts),
                "id": person.id,
                "institution": person.institution,
                "name": person.name,
                "title": person.title,
            }
            for person in setup.persons
        ],
        "salt": setup.salt,
        "signatories": [{"name": s.name, "title": s.title} for s in setup.signatories],
    }
    files: list[Json] = [
        {
            "entry": entry.id,
            "files": [
                {"name": f.name, "sha256": f.sha256, "size": f.size, "type": f.type}
                for f in entry.attachments
            ],
        }
        for entry in setup.entries
        if entry.attachments
    ]
    if files:
        value["attachments"] = files
    return encode_large(value)


def read_setup(setup: bytes, people: bytes | None) -> Setup:
    """Return the setup of one or both blobs.

    Raises :class:`KippError` with code ``bad-setup`` unless they are what the writer writes.
    """
    try:
        value = _read_large(setup)
        names = _read_large(people) if people is not None else {}
        found = _setup(value, names)
        _check_references(found)
        whole = setup_blob(found) == setup and (people is None or people_blob(found) == people)
    except KippError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _bad_setup() from error
    if not whole:
        raise _bad_setup()
    return found


def _setup(value: Any, names: Any) -> Setup:
    known = {item["id"]: item for item in names.get("persons", [])}
    fields = {
        item["entry"]: tuple((_str(f["name"]), _str(f["value"])) for f in item["fields"])
        for item in names.get("fields", [])
    }
    files = {
        item["entry"]: tuple(_attachment(file) for file in item["files"])
        for item in names.get("attachments", [])
    }
    return Setup(
        competition=read_competition(value["competition"]),
        groups=tuple(Group(_ident(item["id"]), _str(item["name"])) for item in value["groups"]),
        rules=read_rules(value),
        rubrics=tuple(read_rubric(item) for item in value["rubrics"]),
        organisations=tuple(
            Organisation(
                _ident(item["id"]),
                _str(item["name"]),
                _str(item["kind"]),
                _str_or_none(item["parent"]),
                _bool(item["must_enter"]),
                _str(item["abbreviation"]),
            )
            for item in value["organisations"]
        ),
        entries=tuple(
            Entry(
                _ident(item["id"]),
                _str(item["number"]),
                _str(item["title"]),
                _str_or_none(item["organisation"]),
                _str(item["unit"]),
                _str(item["group"]),
                _str(item["category"]),
                _str(item["summary"]),
                fields.get(item["id"], ()),
                files.get(item["id"], ()),
            )
            for item in value["entries"]
        ),
        persons=tuple(_person(item, known.get(item["id"], {})) for item in value["persons"]),
        assignments=tuple(
            Assignment(
                item["stage"],
                item["person"],
                None if item["entries"] is None else tuple(item["entries"]),
                tuple(item["except"]),
            )
            for item in value["assignments"]
        ),
        claims=tuple(
            (_str(item["entry"]), _str_or_none(item["criterion"]), _str(item["text"]))
            for item in value["claims"]
        ),
        signatories=tuple(
            Signatory(_str(item["title"]), _str(item["name"]))
            for item in names.get("signatories", [])
        ),
        salt=_str(names.get("salt", "")),
    )


def _check_references(setup: Setup) -> None:
    """Everything that is cited by id must be there, each id once."""
    groups = {group.id for group in setup.groups}
    stages = {stage.id for stage in setup.rules.stages}
    for items, known in (
        (setup.groups, groups),
        (setup.entries, setup.entry_by_id),
        (setup.persons, setup.person_by_id),
        (setup.organisations, setup.organisation_by_id),
        (setup.rubrics, setup.rubric_by_fingerprint),
        (setup.assignments, {(item.stage, item.person) for item in setup.assignments}),
    ):
        if len(items) != len(known):
            raise _bad_setup()
    if not (
        groups
        and all(entry.group in groups for entry in setup.entries)
        and all(
            stage.rubric is None or stage.rubric in setup.rubric_by_fingerprint
            for stage in setup.rules.stages
        )
        and all(award.group in groups for award in setup.rules.awards)
        and all(
            item.stage in stages
            and item.person in setup.person_by_id
            and all(entry in setup.entry_by_id for entry in (item.entries or ()) + item.excluded)
            for item in setup.assignments
        )
    ):
        raise _bad_setup()
    check_maxima(setup.rules, setup.rubric_by_fingerprint)


def check_maxima(rules: Rules, rubrics: Mapping[str, Rubric]) -> None:
    """Refuse stages that are averaged though their highest totals differ; by fingerprint.

    Raises :class:`KippError` with code ``bad-competition``.
    """
    first: Stage | None = None
    for stage in rules.counted():
        if first is None or stage.combine == "gate":
            first = stage
            continue
        high, low = rubrics[first.rubric or ""].maximum, rubrics[stage.rubric or ""].maximum
        if high != low:
            raise bad(
                Text(
                    "the stages {first} and {second} are averaged, but their highest totals are "
                    "{high} and {low}",
                    first=first.id,
                    second=stage.id,
                    high=high,
                    low=low,
                )
            )


def _person(item: Mapping[str, Any], names: Mapping[str, Any]) -> Person:
    roles = tuple(item["roles"])
    if not all(role in ROLES for role in roles):
        raise _bad_setup()
    return Person(
        _ident(item["id"]),
        _str(names.get("name", "")),
        roles,
        _str(names.get("institution", "")),
        _str(names.get("title", "")),
        tuple(_str(item) for item in names.get("conflicts", ())),
    )


def _attachment(item: Mapping[str, Any]) -> Attachment:
    if not HASH.match(_str(item["sha256"])) or type(item["size"]) is not int:
        raise _bad_setup()
    return Attachment(_str(item["name"]), item["sha256"], item["size"], _str(item["type"]))


def _str(value: Any) -> str:
    if type(value) is not str:
        raise _bad_setup()
    return value


def _str_or_none(value: Any) -> str | None:
    return None if value is None else _str(value)


def _bool(value: Any) -> bool:
    if type(value) is not bool:
        raise _bad_setup()
    return value


def _ident(value: Any) -> str:
    if not isinstance(value, str) or not ID.match(value):
        raise _bad_setup()
    return value


#: A blob is not a line: 3,000 entries with their summaries are several MiB.
MAX_BLOB = 64 << 20


def encode_large(value: dict[str, Json]) -> bytes:
    """Return canonical bytes, made part by part: only a single item keeps within a line's limit."""
    parts = []
    for key in sorted(value):
        child = value[key]
        if isinstance(child, list):
            inner = b"[" + b",".join(encode(item) for item in child) + b"]"
        else:
            inner = encode(child)
        parts.append(encode(key) + b":" + inner)
    return b"{" + b",".join(parts) + b"}"


def _read_large(blob: bytes) -> dict[str, Any]:
    if len(blob) > MAX_BLOB:
        raise _bad_setup()
    try:
        value = json.loads(blob)
    except (ValueError, RecursionError) as error:
        raise _bad_setup() from error
    if not isinstance(value, dict):
        raise _bad_setup()
    return value


def _bad_setup() -> KippError:
    return KippError(
        "bad-setup",
        Text("The competition's setup in this file is not as this program writes it."),
        Text("Ask the secretariat for a new file."),
    )


# -- assignments and changes ---------------------------------------------------------------------


def conflicts_of(setup: Setup, person: Person) -> tuple[str, ...]:
    """Return the entries that a person may not mark: by organisation (units below it too) or entry.

    A conflict is the id of an organisation or of an entry.
    """
    named = set(person.conflicts)
    if not named:
        return ()
    parents = {item.id: item.parent for item in setup.organisations}

    def touched(organisation: str | None) -> bool:
        seen: set[str] = set()
        while organisation is not None and organisation not in seen:
            if organisation in named:
                return True
            seen.add(organisation)
            organisation = parents.get(organisation)
        return False

    return tuple(
        entry.id for entry in setup.entries if entry.id in named or touched(entry.organisation)
    )


def assign_all(setup: Setup) -> Setup:
    """Return the setup in which everybody who may mark in a stage marks all, but for conflicts."""
    assignments = [
        Assignment(stage.id, person.id, None, conflicts_of(setup, person))
        for stage in setup.rules.stages
        if stage.rubric is not None
        for person in setup.persons
        if person.has(*stage.marking_roles)
    ]
    return replace(setup, assignments=tuple(assignments))


def setup_changes(old: Setup | None, new: Setup) -> list[Json]:
    """Return what a new revision of the plan changes, part by part, by id."""
    if old is None:
        return []
    parts: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = [
        ("entries", _by_id(old.entries), _by_id(new.entries)),
        ("organisations", _by_id(old.organisations), _by_id(new.organisations)),
        ("persons", _by_id(old.persons), _by_id(new.persons)),
        ("groups", _by_id(old.groups), _by_id(new.groups)),
        ("rubrics", _by_id(old.rubrics), _by_id(new.rubrics)),
        ("stages", _by_id(old.rules.stages), _by_id(new.rules.stages)),
        (
            "rules",
            {"rounding": old.rules.rounding, "ties": old.rules.ties, "awards": old.rules.awards},
            {"rounding": new.rules.rounding, "ties": new.rules.ties, "awards": new.rules.awards},
        ),
        ("competition", {"competition": old.competition}, {"competition": new.competition}),
        (
            "assignments",
            {f"{a.stage}--{a.person}": a for a in old.assignments},
            {f"{a.stage}--{a.person}": a for a in new.assignments},
        ),
    ]
    found: list[Json] = []
    for part, before, after in parts:
        added: list[Json] = [*sorted(set(after) - set(before))]
        removed: list[Json] = [*sorted(set(before) - set(after))]
        changed: list[Json] = [
            key for key in sorted(set(before) & set(after)) if before[key] != after[key]
        ]
        if added or removed or changed:
            found.append({"added": added, "changed": changed, "part": part, "removed": removed})
    return found


def _by_id(items: Iterable[Any]) -> dict[str, object]:
    return {item.id: item for item in items}
