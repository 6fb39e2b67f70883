"""Setting a competition up: the next plan, and the package for the members."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import (
    Group,
    Signatory,
    name_key,
    read_competition,
    read_rules,
)
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import (
    Attachment,
    Entry,
    Organisation,
    Person,
    Setup,
    assign_all,
    check_maxima,
    people_blob,
    setup_blob,
    setup_changes,
)
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Blob, Ledger, write_bundle
from kipp_desktop.exchange.keys import Identity, new_identity
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.services.agenda_store import sign_agenda, signed_agenda
from kipp_desktop.services.claims import claims_for
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


def next_setup(panel: Panel) -> tuple[Setup, list[Text]]:
    """Return the setup that the next plan would publish, and what is perhaps not meant."""
    bench = panel.workbench
    organisations = tuple(
        Organisation(row.id, row.name, row.kind, row.parent, bool(row.must_enter), row.abbreviation)
        for row in bench.organisations()
    )
    files: dict[str, list[Attachment]] = {}
    for item in bench.attachments():
        files.setdefault(item.entry, []).append(
            Attachment(item.name, item.sha256, item.size, item.type)
        )
    entries = tuple(
        Entry(
            row.id,
            row.number,
            row.title,
            row.organisation,
            row.unit,
            row.group,
            row.category,
            row.summary,
            tuple((name, value) for name, value in json.loads(row.fields)),
            tuple(files.get(row.id, ())),
        )
        for row in bench.entries()
    )
    warnings: list[Text] = []
    persons = []
    for row in bench.people():
        conflicts, unknown = _conflicts(row.conflicts, organisations, entries)
        warnings += [
            Text(
                "The conflict “{conflict}” of {name} matches no organisation, unit or number.",
                conflict=word,
                name=row.name,
            )
            for word in unknown
        ]
        roles = tuple(role for role in row.roles.split(";") if role)
        persons.append(Person(row.id, row.name, roles, row.institution, row.title, conflicts))
    setup = Setup(
        competition=read_competition(bench.document("competition")),
        groups=tuple(Group(g["id"], g["name"]) for g in bench.document("groups")),
        rules=read_rules(bench.document("rules")),
        rubrics=tuple(read_rubric(table) for table in bench.document("rubrics")),
        organisations=organisations,
        entries=entries,
        persons=tuple(persons),
        signatories=tuple(Signatory(s["title"], s["name"]) for s in bench.document("signatories")),
    )
    check_maxima(setup.rules, setup.rubric_by_fingerprint)
    asked = claims_for(panel, setup)
    setup = replace(setup, claims=tuple((one.entry, one.criterion, one.text) for one in asked))
    setup, unmarked = written_out(assign_all(setup), bench.document(ASSIGNED) or {})
    warnings += unmarked
    for rubric in setup.rubrics:
        warnings += rubric.warnings()
    return setup, warnings


#: The workbench's document of who marks what, by stage; a stage without one: everybody all.
ASSIGNED = "assignments"


def written_out(setup: Setup, assigned: Mapping[str, Any]) -> tuple[Setup, list[Text]]:
    """Return the setup with the assignments that were made, and what they leave open.

    Who came to the panel after the draw marks nothing in that stage until it is drawn again;
    entries that came later have nobody, and are told. Conflicts are always taken off.
    """
    assignments = []
    for item in setup.assignments:
        made = assigned.get(item.stage)
        if made is None:
            assignments.append(item)
        elif item.person in made["entries"]:
            wanted = set(made["entries"][item.person])
            entries = tuple(entry.id for entry in setup.entries if entry.id in wanted)
            excluded = tuple(entry for entry in item.excluded if entry in wanted)
            assignments.append(replace(item, entries=entries, excluded=excluded))
    found = replace(setup, assignments=tuple(assignments))
    warnings = []
    for stage in setup.rules.stages:
        made = assigned.get(stage.id)
        if made is None or stage.rubric is None:
            continue
        left = judges_left(found, stage.id)
        needed = max(1, made["per_entry"])
        short = [entry.number for entry in setup.entries if left[entry.id] < needed]
        if short:
            warnings.append(
                Text(
                    "In the stage {stage} fewer than {count} judges mark these entries: {numbers}.",
                    stage=stage.name,
                    count=needed,
                    numbers=tuple(short[:20]),
                )
            )
    return found, warnings


def _conflicts(
    text: str, organisations: Iterable[Organisation], entries: Iterable[Entry]
) -> tuple[tuple[str, ...], list[str]]:
    """Return the ids that the cell of conflicts names, and the words that name nothing here."""
    by_name: dict[str, list[str]] = {}
    for organisation in organisations:
        for name in {organisation.name, organisation.abbreviation} - {""}:
            by_name.setdefault(name_key(name), []).append(organisation.id)
    for entry in entries:
        if entry.unit:
            by_name.setdefault(name_key(entry.unit), []).append(entry.id)
    by_number = {number_key(entry.number): entry.id for entry in entries}
    found: set[str] = set()
    unknown = []
    for word in (part.strip() for part in text.split(";")):
        if not word:
            continue
        number = word.removeprefix("entry:").strip()
        named = [] if word.startswith("entry:") else by_name.get(name_key(word), [])
        if named:
            found.update(named)
        elif number_key(number) in by_number:
            found.add(by_number[number_key(number)])
        else:
            unknown.append(word)
    return tuple(sorted(found)), unknown


@dataclass(frozen=True)
class Published:
    """A package that was written. ``revision`` stays when nothing changed since the last."""

    file: Path
    revision: int
    warnings: list[Text]
    changes: Changes


def publish_plan(home: Home, panel: Panel, out: Path) -> Published:
    """Sign the plan (unless nothing changed) and write the members' package.

    The first plan also makes and admits the keeper's second key, for typing paper.
    Raises :class:`KippError` with code ``empty-plan``.
    """
    context = home.context
    card = home.card(panel.competition, "desk")
    setup, warnings = next_setup(panel)
    _check_plan(setup)
    identity = home.unlock(card)
    desk = panel.workbench.document("desk")
    if not desk.get("key_copied"):
        warnings.append(
            Text(
                "The desk's key has no copy on a second medium; if this laptop is lost, so is "
                "the competition."
            )
        )
    current = panel.setup if panel.state.plan else None
    changes = setup_changes(current, setup)
    if current is None or changes or current != setup:
        setup = replace(setup, salt=context.randomness(16).hex())
        revision = (panel.state.plan.revision if panel.state.plan else 0) + 1
        body: dict[str, Json] = {
            "changes": changes,
            "keeper": str(desk["keeper"]),
            "nonce": str(desk["nonce"]),
            "people": panel.blobs.put(people_blob(setup)),
            "revision": revision,
            "setup": panel.blobs.put(setup_blob(setup)),
        }
        panel.sign(identity, context.at(), [("plan", body)])
    assert panel.state.plan is not None
    _ensure_clerk(home, panel, identity, str(desk["keeper"]))
    sign_agenda(panel, identity, context.at())
    write_package(panel, out, "plan")
    return Published(out, panel.state.plan.revision, warnings, Changes.of("plan", "ledgers"))


def _check_plan(setup: Setup) -> None:
    if not setup.entries:
        raise KippError(
            "empty-plan",
            Text("There are no entries yet."),
            Text("Import the entries first (kipp entries import FILE)."),
        )
    for stage in setup.rules.counted():
        if not setup.judges_of(stage.id):
            raise KippError(
                "empty-plan",
                Text("Nobody is there to mark in the stage {stage}.", stage=stage.name),
                Text("Add the judges first (kipp people import FILE)."),
            )


def _ensure_clerk(home: Home, panel: Panel, desk: Identity, person: str) -> None:
    """Make the keeper's second key: paper is typed under it, never under the desk's.

    Each step is taken only where it was not taken before: a crash may lie between two.
    """
    context = home.context
    cards = home.identities(panel.competition)
    card = next((card for card in cards if card.role == "clerk"), None)
    if card is not None and panel.key_of(card.fingerprint) is not None:
        return
    if card is None:
        clerk = new_identity(
            context.randomness(32),
            competition=panel.competition,
            person=person,
            name=desk.card.name,
            role="clerk",
        )
        clerk = home.keep(
            clerk, context.passphrase(desk.card.name) if desk.card.protected else None
        )
    else:
        clerk = home.unlock(card)
    if panel.projection.ledger(clerk.fingerprint) is None:
        enrolment: dict[str, Json] = {
            "certificate": None,
            "compared": "words",
            "desk": panel.desk,
            "passphrase": clerk.card.protected,
            "person": person,
        }
        panel.sign(clerk, context.at(), [("enrolment", enrolment)])
    admission: dict[str, Json] = {
        "compared": "words",
        "key": clerk.fingerprint,
        "person": person,
    }
    panel.sign(desk, context.at(), [("admission", admission)])


def write_package(panel: Panel, out: Path, purpose: str) -> str:
    """Write the desk's ledger and what its plans cite: a package or a receipt."""
    held = panel.ledgers.read(panel.desk)
    assert held is not None
    names = {name for plan in panel.state.plans for name in (plan.setup, plan.people)}
    if panel.state.plan is not None:
        names |= {file.sha256 for entry in panel.setup.entries for file in entry.attachments}
    agenda = signed_agenda(panel)
    if agenda and panel.blobs.has(agenda):
        names.add(agenda)
    return write_bundle(
        out,
        competition=panel.competition,
        purpose=purpose,
        ledgers=[Ledger(panel.desk, *held)],
        blobs=[
            Blob(name, panel.blobs.path(name) if panel.blobs.has(name) else b"")
            for name in sorted(names)
        ],
    )


def judges_left(setup: Setup, stage: str | None = None) -> dict[str, int]:
    """Return for each entry how many judges mark it in a stage, after conflicts.

    By default in the first stage that has a score.
    """
    where = stage or setup.rules.counted()[0].id
    left = {entry.id: 0 for entry in setup.entries}
    for judge in setup.judges_of(where):
        assignment = setup.assignment(where, judge)
        for entry in assignment.among(left) if assignment else ():
            left[entry] += 1
    return left
