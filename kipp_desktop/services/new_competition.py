"""A new competition on this laptop: its key, its ledger and what the next plan begins with."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from kipp_desktop.assets import asset
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
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.domain.selection import checklist_json
from kipp_desktop.domain.setup import check_maxima
from kipp_desktop.exchange.keys import Identity, competition_id, new_identity
from kipp_desktop.files import write_whole
from kipp_desktop.services.catalogues import load_checklist, load_rubric
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kipp_desktop.services.home import Home, Listed


#: The workbench's document of who was awarded before: title, organisation, year, award.
WINNERS = "earlier-winners"


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
