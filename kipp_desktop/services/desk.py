"""What the secretariat's desk does with its key: create, admit, record, close."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kipp_desktop.assets import asset
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import (
    bad,
    competition_json,
    iso_date,
    known,
    name_key,
    read_competition,
    read_rules,
    required,
    rules_json,
    slug,
    tables,
    text,
    texts,
)
from kipp_desktop.domain.lots import draw
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.domain.selection import Checklist, checklist_json, read_checklist
from kipp_desktop.domain.setup import check_maxima
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import Identity, competition_id, new_identity
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.exchange.words import misspelt, same_words, words_of
from kipp_desktop.files import cannot_read, write_whole
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.fold import Key
    from kipp_desktop.services.home import Home, Listed


#: The workbench's document of who was awarded before: title, organisation, year, award.
WINNERS = "earlier-winners"


def rubric_catalogue() -> dict[str, Path]:
    """Return the rubrics that come with the program, by id."""
    folder = asset("resources", "rubrics")
    return {path.name.removesuffix(".toml"): path for path in sorted(folder.glob("*.toml"))}


def load_rubric(name: str, beside: Path | None = None) -> Rubric:
    """Return a rubric of the catalogue, or of a file (relative to ``beside``)."""
    catalogue = rubric_catalogue()
    path = catalogue.get(name)
    if path is None:
        path = (beside or asset("resources")) / name
        if not path.is_file():
            raise KippError(
                "no-rubric",
                Text("There is no rubric “{name}”.", name=name),
                Text("The catalogue has: {names}. Or name a file.", names=", ".join(catalogue)),
            )
    return read_rubric(load_toml(path))


def checklist_catalogue() -> dict[str, Path]:
    """Return the checklists that come with the program, by id."""
    folder = asset("resources", "checklists")
    return {path.name.removesuffix(".toml"): path for path in sorted(folder.glob("*.toml"))}


def load_checklist(name: str, beside: Path | None = None) -> Checklist:
    """Return a checklist of the catalogue, or of a file (relative to ``beside``)."""
    catalogue = checklist_catalogue()
    path = catalogue.get(name)
    if path is None:
        path = (beside or asset("resources")) / name
        if not path.is_file():
            raise KippError(
                "no-checklist",
                Text("There is no checklist “{name}”.", name=name),
                Text("The catalogue has: {names}. Or name a file.", names=", ".join(catalogue)),
            )
    return read_checklist(load_toml(path))


def load_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; :class:`KippError` ``cannot-read`` or ``bad-toml``."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise cannot_read(path, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KippError(
            "bad-toml",
            Text("The file {file} is not valid TOML: {reason}.", file=path.name, reason=str(error)),
            Text("Correct that place and try again; nothing was stored."),
        ) from error


def preset_table(name: str) -> dict[str, Any]:
    """Return the tables of a preset such as ``kota``."""
    path = asset("resources", "presets") / f"{slug(name)}.toml"
    if not path.is_file():
        known = sorted(item.stem for item in asset("resources", "presets").glob("*.toml"))
        raise KippError(
            "no-preset",
            Text("There is no preset “{name}”.", name=name),
            Text("The presets are: {names}.", names=", ".join(known)),
        )
    return load_toml(path)


def create_competition(  # noqa: PLR0917 - what the user says when creating
    home: Home,
    table: Mapping[str, Any],
    keeper: str = "Sekretariat",
    passphrase: str | None = None,
    key_copy: Path | None = None,
    beside: Path | None = None,
) -> Listed:
    """Create a competition with this laptop as its desk; all of it or nothing.

    ``table`` is a competition file's; ``beside`` the folder against which it names other files.
    Raises :class:`KippError` with code ``bad-competition``, ``bad-rubric``, ``no-rubric`` …
    """
    context = home.context
    documents, people = _documents(table, beside)
    organisations = _organisation_rows(home, tables(table.get("organisation", [])))
    # Heavy, and needed only here.
    from kipp_desktop.documents.certificates import (
        certificate_pem,
        key_to_der,
        make_certificate,
        new_rsa_key,
    )

    pdf_key = new_rsa_key()
    seed, nonce = context.randomness(32), context.randomness(16)
    keeper_id = context.new_id("p")
    first = new_identity(seed, competition="", person=keeper_id, name=keeper, role="desk")
    competition = competition_id(first.card.blob, nonce)
    identity = new_identity(
        seed,
        competition=competition,
        person=keeper_id,
        name=keeper,
        role="desk",
        pdf_key=key_to_der(pdf_key),
    )
    certificate = make_certificate(
        pdf_key, identity.fingerprint, context.clock(), serial_seed=context.randomness(16)
    )
    folder = home.folder_of(competition)
    making = folder.with_name(f".{competition[:16]}.new")
    try:
        with Panel(making, competition, identity.fingerprint) as panel:
            for key, value in documents.items():
                panel.workbench.set_document(key, value)
            panel.workbench.set_document(
                "desk",
                {
                    "keeper": keeper_id,
                    "key_copied": key_copy is not None,
                    "nonce": nonce.hex(),
                },
            )
            panel.workbench.put_organisations(organisations)
            panel.workbench.put_people(
                [_keeper_row(keeper_id, keeper, people), *_people_rows(home, people, keeper)]
            )
            panel.sign(
                identity,
                context.at(),
                [
                    (
                        "enrolment",
                        {
                            "certificate": certificate_pem(certificate).decode(),
                            "compared": "none",
                            "desk": identity.fingerprint,
                            "passphrase": passphrase is not None,
                            "person": keeper_id,
                        },
                    )
                ],
            )
        name = str(documents["competition"]["name"])
        home.register(making, competition, identity.fingerprint, name)
        saved = home.keep(identity, passphrase)
        if key_copy is not None:
            copy_key(home, saved, key_copy)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        home.identity_path(identity.fingerprint).unlink(missing_ok=True)
        raise
    home.remember(competition)
    return home.choose(competition)


def copy_key(home: Home, identity: Identity, folder: Path) -> Path:
    """Copy the desk's identity file to a second medium."""
    source = home.identity_path(identity.fingerprint)
    target = folder / f"kipp-kunci-{identity.fingerprint[:12]}.json"
    write_whole(target, source.read_bytes(), private=True)
    return target


def _documents(
    table: Mapping[str, Any], beside: Path | None
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """Read a competition file into the workbench's documents."""
    table = dict(table)
    groups = texts(table.get("groups", ["umum"]), "groups")
    if not groups:
        raise bad(Text("it has no group"))
    stages = []
    rubrics: dict[str, Rubric] = {}
    own = {rubric.id: rubric for rubric in map(read_rubric, tables(table.get("rubric", [])))}
    for stage in tables(table.get("stage", [])):
        stage = dict(stage)  # noqa: PLW2901 - the rubric's name becomes its fingerprint
        if stage.get("rubric") is not None:
            name = str(stage["rubric"])
            rubric = own[name] if name in own else load_rubric(name, beside)
            rubrics[rubric.fingerprint] = rubric
            stage["rubric"] = rubric.fingerprint
        stages.append(stage)
    table["stage"] = stages
    rules = read_rules(table)
    check_maxima(rules, rubrics)
    group_ids = {slug(name) for name in groups}
    for award in rules.awards:
        if award.group not in group_ids:
            raise bad(Text("the award “{tier}” is for an unknown group", tier=award.tier))
    signatories = tables(table.get("signatories", []))
    letterhead = table.get("letterhead", {})
    logo = letterhead.get("logo") if isinstance(letterhead, dict) else None
    logo_hex = ""
    if logo:
        path = (beside or asset("resources")) / str(logo)
        if path.is_file():
            logo_hex = path.read_bytes().hex()
    documents: dict[str, Any] = {
        "competition": competition_json(read_competition(table)),
        "groups": [{"id": slug(name), "name": _group_name(name)} for name in groups],
        "rules": rules_json(rules),
        "rubrics": [rubric.as_json() for rubric in rubrics.values()],
        "signatories": [
            {"title": text(item, "title"), "name": text(item, "name"), "nip": text(item, "nip")}
            for item in signatories
        ],
        "logo": logo_hex,
        WINNERS: [
            [
                required(item, "title"),
                text(item, "organisation"),
                text(item, "year"),
                text(item, "award"),
            ]
            for item in tables(table.get("winner", []))
        ],
    }
    if table.get("checklist") is not None:
        checklist = load_checklist(str(table["checklist"]), beside)
        documents["checklist"] = checklist_json(checklist)
    if table.get("registration_closes"):
        documents["registration-closes"] = iso_date(table["registration_closes"])
    return documents, tables(table.get("person", []))


def _organisation_rows(
    home: Home, organisations: Sequence[Mapping[str, Any]]
) -> list[dict[str, object]]:
    """Return the rows of a file's organisations; a parent is named before or after its units."""
    ids = [home.context.new_id("o") for _ in organisations]
    by_name: dict[str, str] = {}
    for item, identity in zip(organisations, ids, strict=True):
        by_name.setdefault(name_key(required(item, "name")), identity)
    rows: list[dict[str, object]] = []
    for position, item in enumerate(organisations):
        name, parent = required(item, "name"), text(item, "parent")
        known(
            item,
            {"abbreviation", "kind", "must_enter", "name", "parent"},
            Text("the organisation “{name}”", name=name),
        )
        if parent and name_key(parent) not in by_name:
            raise bad(
                Text(
                    "the organisation “{name}” is below “{parent}”, which is not in the file",
                    name=name,
                    parent=parent,
                )
            )
        rows.append(
            {
                "id": ids[position],
                "position": position,
                "name": name,
                "kind": text(item, "kind"),
                "parent": by_name[name_key(parent)] if parent else None,
                "must_enter": item.get("must_enter") is True,
                "abbreviation": text(item, "abbreviation"),
            }
        )
    return rows


def _group_name(name: str) -> str:
    return name[:1].upper() + name[1:]


def _keeper_row(identity: str, name: str, people: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return the keeper's row, with what the file says of a person of that name."""
    said = next((item for item in people if _is_keeper(item, name)), {})
    roles = {"secretary": None, **dict.fromkeys(texts(said.get("roles", []), "roles"))}
    return {**_person_row(identity, 0, name, list(roles)), **_details(said)}


def _is_keeper(item: Mapping[str, Any], keeper: str) -> bool:
    return text(item, "name").casefold() == keeper.casefold()


def _details(item: Mapping[str, Any]) -> dict[str, object]:
    return {
        "institution": text(item, "institution"),
        "title": text(item, "title"),
        "conflicts": "; ".join(texts(item.get("conflicts", []), "conflicts")),
        "nip": text(item, "nip"),
    }


def _people_rows(
    home: Home, people: Sequence[Mapping[str, Any]], keeper: str
) -> list[dict[str, object]]:
    rows = []
    for position, item in enumerate(people, start=1):
        name = text(item, "name")
        if not name or _is_keeper(item, keeper):
            continue
        row = _person_row(
            home.context.new_id("p"), position, name, list(texts(item.get("roles", []), "roles"))
        )
        rows.append({**row, **_details(item)})
    return rows


def _person_row(identity: str, position: int, name: str, roles: list[str]) -> dict[str, object]:
    return {
        "id": identity,
        "position": position,
        "name": name,
        "roles": ";".join(roles),
        "institution": "",
        "title": "",
        "conflicts": "",
        "nip": "",
        "phone": "",
    }


# -- acts of the desk's ledger ---------------------------------------------------------------------


def desk_identity(home: Home, panel: Panel) -> Identity:
    """Return the desk's identity, able to sign."""
    return home.unlock(home.card(panel.competition, "desk"))


def record_status(home: Home, panel: Panel, number: str, status: str, reason: str) -> Changes:
    """Record that an entry is present, absent, withdrawn or disqualified, and why."""
    entry = entry_of(panel, number)
    if status != "present" and not reason.strip():
        raise reason_needed()
    body: dict[str, Json] = {"entry": entry, "reason": reason.strip(), "status": status}
    panel.sign(desk_identity(home, panel), home.context.at(), [("entry-status", body)])
    return Changes.of("entries", "decisions", entries=[entry])


def record_abstention(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    judge: str,
    stage: str,
    numbers: Sequence[str] | None,
    why: str,
    reason: str,
) -> Changes:
    """Record at the desk that a judge (by name) gives no marks to some entries, or to all."""
    person = person_of(panel, judge)
    body = abstention_body(panel, person, stage, numbers, why, reason)
    panel.sign(desk_identity(home, panel), home.context.at(), [("abstention", body)])
    return Changes.of("decisions", stages=[stage], persons=[person])


def abstention_body(  # noqa: PLR0917 - the words of the command
    panel: Panel,
    person: str,
    stage: str,
    numbers: Sequence[str] | None,
    why: str,
    reason: str,
) -> dict[str, Json]:
    """Return the body of an abstention."""
    if not reason.strip():
        raise reason_needed()
    panel.setup.rules.stage(stage)
    entries: list[Json] | None = None
    if numbers is not None:
        entries = [*sorted({entry_of(panel, number) for number in numbers})]
    return {
        "entries": entries,
        "judge": person,
        "reason": reason.strip(),
        "stage": stage,
        "supersedes": None,
        "why": why,
    }


@dataclass(frozen=True)
class Votes:
    """How the panel voted, where it did."""

    agreed: int
    against: int
    abstained: int

    def as_json(self) -> Json:
        """Return the votes as a decision carries them."""
        return {"abstained": self.abstained, "against": self.against, "for": self.agreed}


def decide_tie(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    numbers: Sequence[str],
    method: str,
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record how the plenary put a tied set in order, or draw the lot and record it.

    ``method`` is ``plenary`` (``numbers`` in the decided order) or ``lot`` (any order; the seed is
    drawn and recorded, and the order follows from it).
    """
    if not reason.strip():
        raise reason_needed()
    entries = [entry_of(panel, number) for number in numbers]
    if len(set(entries)) != len(entries) or len(entries) < 2:
        raise KippError(
            "bad-tie",
            Text("A tie is between two entries or more, each named once."),
            Text("Name the numbers of the entries that share the place."),
        )
    seed = None
    if method == "lot":
        seed = home.context.randomness(16).hex()
        entries = draw(entries, seed)
    body = decision_body(
        "tie",
        entries=[*entries],
        method=method,
        reason=reason,
        seed=seed,
        votes=votes.as_json() if votes else None,
    )
    panel.sign(desk_identity(home, panel), home.context.at(), [("decision", body)])
    return Changes.of("decisions", entries=entries)


def decide_award(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    group: str,
    tier: str,
    numbers: Sequence[str],
    reason: str,
    votes: Votes | None = None,
) -> Changes:
    """Record which entries the panel gives a tier, where a tie lies across its line."""
    if not reason.strip():
        raise reason_needed()
    entries = [entry_of(panel, number) for number in numbers]
    body = decision_body(
        "award",
        entries=[*entries],
        group=group,
        tier=tier,
        reason=reason,
        votes=votes.as_json() if votes else None,
    )
    panel.sign(desk_identity(home, panel), home.context.at(), [("decision", body)])
    return Changes.of("decisions", entries=entries)


def decision_body(about: str, **fields: Json) -> dict[str, Json]:
    """Return the body of a decision; fields that its kind does not use are null."""
    body: dict[str, Json] = dict.fromkeys(
        (
            "accepted",
            "criterion",
            "group",
            "mark",
            "method",
            "record",
            "seed",
            "stage",
            "tier",
            "votes",
        ),
    )
    return {**body, "about": about, "entries": [], **fields}


def close_stage(home: Home, panel: Panel, stage: str) -> Changes:
    """Close a stage at the heads that are here: what counts is fixed."""
    panel.setup.rules.stage(stage)
    if stage in panel.state.closings:
        raise KippError(
            "already-closed",
            Text("The stage {stage} is closed already.", stage=stage),
            Text("Publish the results, or let the panel decide to reopen it."),
        )
    plan = panel.state.plan
    assert plan is not None
    body: dict[str, Json] = {"heads": undisputed_heads(panel), "plan": plan.id, "stage": stage}
    panel.sign(desk_identity(home, panel), home.context.at(), [("closing", body)])
    return Changes.of("decisions", "results", stages=[stage])


def heads(panel: Panel) -> dict[str, Json]:
    """Return the heads of every other ledger that is held here."""
    return {row.author: row.head for row in panel.projection.ledgers() if not row.desk}


def undisputed_heads(panel: Panel) -> dict[str, Json]:
    """Return the heads that a closing fixes: of a forked key the last record that is shared."""
    found = {author: panel.counted_head(author) for author in heads(panel)}
    return {author: head for author, head in found.items() if head is not None}


@dataclass(frozen=True)
class Admitted:
    """What an admission did. ``void_until`` is the live key that has to be revoked first."""

    name: str
    void_until: str | None = None
    changes: Changes = field(default_factory=Changes)


def admit(home: Home, panel: Panel, key: str, typed_words: str | None) -> Admitted:
    """Admit a waiting key: this key is that person.

    ``typed_words`` are the six words that the person read aloud; ``None`` admits without
    comparing, which the record says. A person's second key is admitted too, but void until the
    live one is revoked. Raises :class:`KippError` with code ``unknown-key``, ``unknown-person``,
    ``revoked-key`` or ``wrong-words``.
    """
    row = panel.projection.ledger(key)
    if row is None or row.desk:
        raise KippError(
            "unknown-key",
            Text("This key has not arrived at the desk."),
            Text("Open the file from that person's laptop first."),
        )
    known = panel.state.keys.get(key)
    if known is not None and known.revoked:
        raise KippError(
            "revoked-key",
            Text("This key of {name} was revoked; that is for good.", name=_name(panel, known)),
            Text("Let that laptop join again: it makes a new key, which can be admitted."),
        )
    if row.person not in panel.setup.person_by_id:
        raise KippError(
            "unknown-person",
            Text("The key is of a person who is not in the plan."),
            Text("Add the person, publish the plan again, then let that laptop join again."),
        )
    name = panel.setup.name_of(row.person)
    live = panel.state.live_key(row.person)
    void_until = live.key if live is not None and live.key != key else None
    if known is not None or any(item.key == key for item in panel.state.waiting):
        return Admitted(name, void_until)
    if typed_words is not None and not same_words(typed_words, key):
        raise wrong_words(typed_words, name)
    body: dict[str, Json] = {
        "compared": "none" if typed_words is None else "words",
        "key": key,
        "person": row.person,
    }
    panel.sign(desk_identity(home, panel), home.context.at(), [("admission", body)])
    return Admitted(
        name, void_until, Changes.of("people", "ledgers", "decisions", persons=[row.person])
    )


def void_text(admitted: Admitted) -> Text:
    """Return what the admission of a second key means."""
    return Text(
        "{name} has a key that speaks already; the second laptop is noted, and counts only once "
        "the first one is revoked.",
        name=admitted.name,
    )


def _name(panel: Panel, key: Key) -> str:
    return panel.setup.name_of(key.person)


def wrong_words(typed: str, name: str | Text) -> KippError:
    """Return the error for words that do not belong to a key."""
    unknown = [word for word, _ in misspelt(typed)]
    if unknown:
        return KippError(
            "wrong-words",
            Text("“{word}” is not one of the words that can occur.", word=unknown[0]),
            Text("Look at the words on the screen of {name} again.", name=name),
        )
    return KippError(
        "wrong-words",
        Text("The six words are not those of the key of {name}.", name=name),
        Text("Compare again. If they still differ, the file is not from that laptop."),
    )


def own_words(panel: Panel) -> str:
    """Return the desk's six words."""
    return words_of(panel.desk)


def entry_of(panel: Panel, number: str) -> str:
    """Return the id of the entry with a number; :class:`KippError` ``no-entry``."""
    wanted = number_key(number)
    for entry in panel.setup.entries:
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


def reason_needed() -> KippError:
    """Return the error for an act that must be explained."""
    return KippError(
        "reason-needed",
        Text("A reason is needed; it will stand in the minutes."),
        Text("Write one sentence that says why."),
    )
