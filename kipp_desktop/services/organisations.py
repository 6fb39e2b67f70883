"""The tree of organisations: typed one by one, names of entries matched to it, and Cakupan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import name_key, read_competition
from kipp_desktop.domain.coverage import Coverage, coverage
from kipp_desktop.domain.organisation_names import suggest
from kipp_desktop.domain.report import Letterhead
from kipp_desktop.domain.setup import Entry, Organisation
from kipp_desktop.errors import KippError
from kipp_desktop.services.importing import is_below
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.competition import Competition
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_APART = "organisations-apart"


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation as the secretariat keeps it; ``id`` is empty for a new one.

    ``aliases`` are other spellings that were confirmed.
    """

    id: str = ""
    name: str = ""
    kind: str = ""
    parent: str | None = None
    must_enter: bool = False
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A name that came with entries and perhaps means another organisation; to be confirmed."""

    id: str
    name: str
    entries: int
    means: str
    means_name: str


def organisation_lines(panel: Panel) -> list[OrganisationLine]:
    """Return the organisations of the next plan in the order of their import."""
    aliases: dict[str, list[str]] = {}
    for row in panel.workbench.alias_rows():
        aliases.setdefault(row.organisation, []).append(row.name)
    return [
        OrganisationLine(
            row.id,
            row.name,
            row.kind,
            row.parent,
            bool(row.must_enter),
            row.abbreviation,
            tuple(aliases.get(row.id, ())),
        )
        for row in panel.workbench.organisations()
    ]


def save_organisation(home: Home, panel: Panel, line: OrganisationLine) -> Changes:
    """Add an organisation (``id`` empty), or change one.

    Raises :class:`KippError` with code ``bad-organisation`` for a missing name, a name that is
    there already, or a parent that would stand above itself.
    """
    home.card(panel.competition, "desk")
    name = normalise(line.name)
    stored = {row.id: dict(row.__data__) for row in panel.workbench.organisations()}
    if not name:
        raise _bad(Text("The name is missing."), Text("Write the name as it stands in the rule."))
    if any(
        name_key(str(row["name"])) == name_key(name) and identity != line.id
        for identity, row in stored.items()
    ):
        raise _bad(
            Text("{name} is in the list already.", name=name),
            Text("Change that one instead, or add what tells the two apart."),
        )
    if line.parent is not None and (
        line.parent not in stored or (line.id and is_below(line.parent, line.id, stored.values()))
    ):
        raise _bad(
            Text("“{name}” cannot stand above itself.", name=name),
            Text("Choose another organisation above it, or none."),
        )
    panel.workbench.put_organisations(
        [
            {
                "id": line.id or home.context.new_id("o"),
                "position": stored[line.id]["position"] if line.id in stored else len(stored) + 1,
                "name": name,
                "kind": normalise(line.kind),
                "parent": line.parent,
                "must_enter": line.must_enter,
                "abbreviation": normalise(line.abbreviation),
            }
        ]
    )
    return Changes.of("organisations")


def remove_organisation(home: Home, panel: Panel, organisation: str) -> Changes:
    """Take an organisation (by id) out of the next plan; units below it move up.

    Raises :class:`KippError` with code ``bad-organisation`` while entries are its.
    """
    home.card(panel.competition, "desk")
    row = _row(panel, organisation)
    numbers = [e.number for e in panel.workbench.entries() if e.organisation == organisation]
    if numbers:
        raise _bad(
            Text("{name} has entries: {numbers}.", name=row["name"], numbers=", ".join(numbers)),
            Text("Say which organisation entered them, then take this one out."),
        )
    children = [
        {**item.__data__, "parent": row["parent"]}
        for item in panel.workbench.organisations()
        if item.parent == organisation
    ]
    with panel.workbench.together():
        panel.workbench.put_organisations(children)
        panel.workbench.remove_organisations([organisation])
    return Changes.of("organisations")


# -- names matched ---------------------------------------------------------------------------------


def matches(panel: Panel) -> list[Match]:
    """Return the names that came with entries and perhaps mean an organisation of the tree.

    A name came with entries when nothing is known of it: no kind, no organisation above or below,
    no short name, not obliged.
    """
    lines = organisation_lines(panel)
    apart = {tuple(pair) for pair in panel.workbench.document(_APART) or []}
    parents = {line.parent for line in lines}
    counts: dict[str, int] = {}
    for entry in panel.workbench.entries():
        counts[entry.organisation or ""] = counts.get(entry.organisation or "", 0) + 1

    def bare(line: OrganisationLine) -> bool:
        known = line.kind or line.parent or line.abbreviation or line.must_enter or line.aliases
        return not known and line.id not in parents

    tree = [line for line in lines if not bare(line)]
    names = {line.id: (line.name, line.abbreviation or line.name, *line.aliases) for line in tree}
    by_id = {line.id: line for line in lines}
    found = []
    for line in filter(bare, lines):
        means = suggest(line.name, names)
        if means is not None and (line.id, means) not in apart:
            found.append(
                Match(line.id, line.name, counts.get(line.id, 0), means, by_id[means].name)
            )
    return found


def confirm_match(home: Home, panel: Panel, organisation: str, means: str) -> Changes:
    """Give the entries and units of one organisation (by id) to another, and remember its name."""
    home.card(panel.competition, "desk")
    row, _ = _row(panel, organisation), _row(panel, means)
    if organisation == means:
        raise _bad(Text("An organisation cannot be matched with itself."), Text("Choose another."))
    bench = panel.workbench
    entries = [
        entry._replace(organisation=means)
        for entry in bench.stored_entries()
        if entry.organisation == organisation
    ]
    children = [
        {**item.__data__, "parent": means if item.id != means else row["parent"]}
        for item in bench.organisations()
        if item.parent == organisation
    ]
    names = [str(row["name"]), str(row["abbreviation"])]
    names += [item.name for item in bench.alias_rows() if item.organisation == organisation]
    with bench.together():
        bench.put_entries(entries)
        bench.put_organisations(children)
        bench.remove_organisations([organisation])
        bench.put_aliases(
            {"key": name_key(name), "name": name, "organisation": means} for name in names if name
        )
    return Changes.of("organisations", "entries")


def keep_apart(panel: Panel, organisation: str, other: str) -> Changes:
    """Remember that two organisations (by id) are two."""
    kept = panel.workbench.document(_APART) or []
    panel.workbench.set_document(_APART, [*kept, [organisation, other]])
    return Changes.of("organisations")


def organisation_of(panel: Panel, name: str) -> str:
    """Return the id of an organisation by its name, short name or another spelling."""
    wanted = name_key(name)
    for line in organisation_lines(panel):
        if wanted in {name_key(item) for item in (line.name, line.abbreviation, *line.aliases)}:
            return line.id
    raise _bad(
        Text("There is no organisation “{name}”.", name=name),
        Text("Look at the list of organisations (kipp organisations list)."),
    )


def _row(panel: Panel, organisation: str) -> dict[str, object]:
    for row in panel.workbench.organisations():
        if row.id == organisation:
            return dict(row.__data__)
    raise _bad(
        Text("There is no organisation “{name}”.", name=organisation),
        Text("Look at the list of organisations (kipp organisations list)."),
    )


def _bad(what: Text, next_step: Text) -> KippError:
    return KippError("bad-organisation", what, next_step)


# -- one agency, one innovation --------------------------------------------------------------------


def coverage_view(panel: Panel) -> Coverage:
    """Return who entered how many in the next plan, who did not, and the sums by kind."""
    organisations = [
        Organisation(line.id, line.name, line.kind, line.parent, line.must_enter)
        for line in organisation_lines(panel)
    ]
    entries: Iterable[Entry] = (
        Entry(row.id, row.number, row.title, row.organisation, row.unit)
        for row in panel.workbench.entries()
    )
    return coverage(organisations, entries)


def legal_basis(panel: Panel) -> str:
    """Return the rule by which organisations must enter, as the competition names it."""
    return _competition(panel).legal_basis


def coverage_pdf(home: Home, panel: Panel, catalogue: Catalogue) -> bytes:
    """Return the report on Cakupan as PDF."""
    from kipp_desktop.documents.coverage import render_coverage_pdf

    competition = _competition(panel)
    logo = bytes.fromhex(panel.workbench.document("logo") or "") or None
    letterhead = Letterhead(competition.letterhead, competition.address, logo)
    return render_coverage_pdf(
        coverage_view(panel), competition, letterhead, home.context.clock(), catalogue
    )


def coverage_xlsx(panel: Panel, catalogue: Catalogue) -> bytes:
    """Return the report on Cakupan as XLSX: every organisation, and the sums by kind."""
    from kipp_desktop.documents.coverage import render_coverage_xlsx

    return render_coverage_xlsx(coverage_view(panel), _competition(panel), catalogue)


def _competition(panel: Panel) -> Competition:
    return read_competition(panel.workbench.document("competition"))
