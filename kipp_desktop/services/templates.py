"""Next year's set-up made of this year's: a file, or a competition of this home.

It takes organisations, rubrics, rules, letterhead, signatories and who was awarded. It leaves
people, decrees, theme and entries: they are new each year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.competition import rules_json
from kipp_desktop.domain.rubric_draft import unused
from kipp_desktop.exchange.toml_text import toml_text
from kipp_desktop.files import write_whole
from kipp_desktop.services.catalogues import load_rubric, rubric_catalogue
from kipp_desktop.services.new_competition import WINNERS
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.rules import RulesView, rules_view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Listed

#: Lists of tables that stand under headings of their own.
SECTIONS = frozenset({"stage", "award", "organisation", "winner", "rubric", "criterion"})

_HEADING = """\
Susunan kompetisi untuk tahun berikutnya, disalin dari kompetisi sebelumnya.
Periksa nama, tahun, dan dasar hukum; SK dan panel baru belum ada di sini. Lalu:
kipp init BERKAS-INI.toml"""


def template_table(panel: Panel) -> dict[str, Any]:
    """Return this competition's set-up as a competition file of the next year.

    A logo is in ``letterhead`` as the name of a file: see :func:`write_template`.
    """
    view = rules_view(panel)
    names, own = _rubric_names(view)
    groups = {group.id: group.name for group in view.groups}
    competition = view.competition
    year = competition.year + 1
    rules = rules_json(view.rules)
    table: dict[str, Any] = {
        "name": competition.name.replace(str(competition.year), str(year)),
        "organiser": competition.organiser,
        "year": year,
        "place": competition.place,
        "panel_name": competition.panel_name,
        "legal_basis": competition.legal_basis,
        "letterhead": {"lines": list(competition.letterhead), "address": competition.address},
        "paper": competition.paper,
        "groups": [group.name for group in view.groups],
        "ties": rules["ties"],
        "rounding": rules["rounding"],
        "approvals": rules["approvals"],
        "signatories": [
            {"title": item.title, "name": item.name, "nip": item.nip} for item in view.signatories
        ],
        "stage": [_stage(stage, names) for stage in _tables(rules["stages"])],
        "award": [
            {"group": groups.get(award.group, award.group), "tier": award.tier, "size": award.size}
            for award in view.rules.awards
        ],
        "organisation": _organisations(panel),
        "winner": _winners(panel),
        "rubric": own,
    }
    if view.logo:
        table["letterhead"]["logo"] = ""
    return {key: value for key, value in table.items() if value not in ("", [])}


def _tables(value: Json) -> list[dict[str, Json]]:
    assert isinstance(value, list)
    return [item for item in value if isinstance(item, dict)]


def _rubric_names(view: RulesView) -> tuple[dict[str, str], list[dict[str, Json]]]:
    """Return what each rubric is called in the file, and those that are not the catalogue's."""
    known = {load_rubric(name).fingerprint: name for name in rubric_catalogue()}
    names: dict[str, str] = {}
    own = []
    for fingerprint, rubric in view.rubrics.items():
        if fingerprint in known:
            names[fingerprint] = known[fingerprint]
            continue
        names[fingerprint] = unused(rubric.id, set(names.values()))
        own.append({**rubric.as_json(), "id": names[fingerprint]})
    return names, own


def _stage(stage: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    kept = {key: value for key, value in stage.items() if value is not None and value != []}
    rubric = stage["rubric"]
    if rubric is not None:
        kept["rubric"] = names[str(rubric)]
    else:
        # Only a stage that is marked has these.
        for key in ("between_judges", "trim_from", "missing", "quorum", "min_judges", "weight"):
            del kept[key]
    first = ("id", "name", "kind", "rubric")
    return {key: kept[key] for key in (*first, *kept) if key in kept}


def _organisations(panel: Panel) -> list[dict[str, Json]]:
    rows = panel.workbench.organisations()
    names = {row.id: row.name for row in rows}
    found = []
    for row in rows:
        table: dict[str, Json] = {"name": row.name}
        if row.kind:
            table["kind"] = row.kind
        if row.parent in names:
            table["parent"] = names[row.parent]
        if row.must_enter:
            table["must_enter"] = True
        if row.abbreviation:
            table["abbreviation"] = row.abbreviation
        found.append(table)
    return found


def _winners(panel: Panel) -> list[dict[str, Json]]:
    """Return who was awarded: before, as the secretariat said, and in the last results here."""
    found: list[tuple[str, str, str, str]] = [
        (str(item[0]), str(item[1]), str(item[2]), str(item[3]))
        for item in panel.workbench.document(WINNERS) or []
    ]
    if panel.state.results:
        setup = panel.setup
        places: Any = panel.state.results[-1].body["places"]
        for group in places:
            for item in group["entries"]:
                entry = setup.entry_by_id.get(item["entry"])
                if item["award"] is not None and entry is not None:
                    agency = setup.organisation_name(entry)
                    year = str(setup.competition.year)
                    found.append((entry.title, agency, year, item["award"]))
    return [
        {"title": title, "organisation": agency, "year": year, "award": award}
        for title, agency, year, award in dict.fromkeys(found)
    ]


def write_template(panel: Panel, out: Path) -> tuple[Path, ...]:
    """Write the set-up as a competition file, and its logo beside it; return what was written."""
    table = template_table(panel)
    logo = rules_view(panel).logo
    written = [out]
    if logo:
        suffix = ".png" if logo.startswith(b"\x89PNG") else ".jpg"
        picture = out.with_name(f"{out.stem}-logo{suffix}")
        write_whole(picture, logo)
        table["letterhead"]["logo"] = picture.name
        written.append(picture)
    write_whole(out, toml_text(table, sections=SECTIONS, heading=_HEADING).encode())
    return tuple(written)


def from_last_year(listed: Listed) -> tuple[dict[str, Any], bytes]:
    """Return the set-up of a competition of this home for the next year, and its logo.

    The table is for ``create_competition``. Raises :class:`KippError` with code ``in-use`` where
    that competition is open elsewhere.
    """
    with Panel(listed.folder, listed.id, listed.desk) as panel:
        table = template_table(panel)
        table["letterhead"].pop("logo", None)
        return table, rules_view(panel).logo
