"""The rules of the next plan: everything that the page Aturan shows and changes before a plan.

Values are those of the domain (:class:`Rules`, :class:`Competition` …): read them, replace what is
to change, save. What is saved is checked whole; what cannot be used changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import (
    Award,
    Competition,
    Group,
    Rules,
    Signatory,
    Stage,
    bad,
    competition_json,
    name_key,
    read_competition,
    read_rules,
    rules_json,
    slug,
)
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.domain.setup import check_maxima
from kipp_desktop.errors import KippError
from kipp_desktop.services.catalogues import load_rubric, preset_table
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class RulesView:
    """The rules of the next plan.

    The rubric of a stage in ``rules`` is a fingerprint in ``rubrics``; ``logo`` the bytes of the
    letterhead's picture, empty for none.
    """

    competition: Competition
    groups: tuple[Group, ...]
    rules: Rules
    rubrics: Mapping[str, Rubric]
    signatories: tuple[Signatory, ...]
    logo: bytes


def rules_view(panel: Panel) -> RulesView:
    """Return the rules of the next plan."""
    bench = panel.workbench
    rubrics = [read_rubric(table) for table in bench.document("rubrics")]
    return RulesView(
        read_competition(bench.document("competition")),
        tuple(Group(item["id"], item["name"]) for item in bench.document("groups")),
        read_rules(bench.document("rules")),
        {rubric.fingerprint: rubric for rubric in rubrics},
        tuple(
            Signatory(item["title"], item["name"], item["nip"])
            for item in bench.document("signatories") or []
        ),
        bytes.fromhex(bench.document("logo") or ""),
    )


@dataclass(frozen=True)
class PublishedRules:
    """The rules in the plan in force; ``signatories`` are titles and names."""

    revision: int
    competition: Competition
    groups: tuple[Group, ...]
    rules: Rules
    signatories: tuple[tuple[str, str], ...]


def published_rules(panel: Panel) -> PublishedRules | None:
    """Return the rules of the plan in force, ``None`` before the first."""
    if panel.state.plan is None:
        return None
    setup = panel.setup
    return PublishedRules(
        panel.state.plan.revision,
        setup.competition,
        setup.groups,
        setup.rules,
        tuple((item.title, item.name) for item in setup.signatories),
    )


def save_rules(
    home: Home, panel: Panel, rules: Rules, more_rubrics: Iterable[Rubric] = ()
) -> Changes:
    """Keep the rules for the next plan.

    ``more_rubrics`` are those that a stage names for the first time. Raises :class:`KippError` with
    code ``bad-competition`` naming the first mistake.
    """
    home.card(panel.competition, "desk")
    view = rules_view(panel)
    checked = read_rules(rules_json(rules))
    rubrics = {**view.rubrics, **{rubric.fingerprint: rubric for rubric in more_rubrics}}
    wanted = dict.fromkeys(stage.rubric for stage in checked.stages if stage.rubric is not None)
    for fingerprint in wanted:
        if fingerprint not in rubrics:
            raise bad(Text("a stage names a rubric that is not here"))
    used = {fingerprint: rubrics[fingerprint] for fingerprint in wanted}
    check_maxima(checked, used)
    _check_references(checked, used, view.groups)
    bench = panel.workbench
    with bench.together():
        bench.set_document("rubrics", [rubric.as_json() for rubric in used.values()])
        bench.set_document("rules", rules_json(checked))
    return Changes.of("competition")


def _check_references(rules: Rules, rubrics: Mapping[str, Rubric], groups: Sequence[Group]) -> None:
    """Refuse what names a group, stage or criterion that is not there."""
    known = {group.id for group in groups}
    for award in rules.awards:
        if award.group not in known:
            raise bad(Text("the award “{tier}” is for an unknown group", tier=award.tier))
    stages = {stage.id for stage in rules.counted()}
    leaves = {leaf.id for stage in rules.counted() for leaf in rubrics[stage.rubric or ""].leaves}
    for step in rules.ties:
        kind, _, name = step.partition(":")
        if (kind == "criterion" and name not in leaves) or (kind == "stage" and name not in stages):
            raise bad(Text("“{step}” splits no tie: there is no “{name}”", step=step, name=name))


def save_stage(home: Home, panel: Panel, stage: Stage) -> Changes:
    """Replace the stage of this id. Raises :class:`KippError` as :func:`save_rules`."""
    rules = rules_view(panel).rules
    rules.stage(stage.id)
    stages = tuple(stage if item.id == stage.id else item for item in rules.stages)
    return save_rules(home, panel, replace(rules, stages=stages))


def set_rule(home: Home, panel: Panel, stage: str | None, key: str, value: Any) -> Changes:
    """Change one key of a stage, or (``None``) of the rules, as a competition file writes it.

    Awards are ``award``; a group is named by its id. The rubric is chosen with ``use_rubric``.
    Raises :class:`KippError` as :func:`save_rules`.
    """
    rules = rules_view(panel).rules
    table: dict[str, Any] = dict(rules_json(rules))
    if stage is not None:
        rules.stage(stage)
        known = set(table["stages"][0]) - {"id", "rubric"}
        if key not in known:
            raise bad(Text("{where} has an unknown key “{key}”", where=stage, key=key[:40]))
        table["stages"] = [
            {**item, key: value} if item["id"] == stage else item for item in table["stages"]
        ]
    else:
        key = "awards" if key == "award" else key
        if key not in {"ties", "rounding", "approvals", "awards"}:
            raise bad(Text("{where} has an unknown key “{key}”", where="rules", key=key[:40]))
        table[key] = value
    return save_rules(home, panel, read_rules(table))


def use_preset(home: Home, panel: Panel, preset: str) -> Changes:
    """Replace stages, ties, rounding and awards by those of a preset.

    The groups stay: each gets the awards of the preset's first group. Raises :class:`KippError`
    with code ``no-preset``.
    """
    table = preset_table(preset)
    rubrics = {str(name): load_rubric(str(name)) for name in _rubric_names(table)}
    for stage in table["stage"]:
        if "rubric" in stage:
            stage["rubric"] = rubrics[stage["rubric"]].fingerprint
    rules = read_rules(table)
    first = slug(table["groups"][0])
    groups = rules_view(panel).groups
    awards = tuple(
        Award(group.id, award.tier, award.size)
        for group in groups
        for award in rules.awards
        if award.group == first
    )
    return save_rules(home, panel, replace(rules, awards=awards), rubrics.values())


def _rubric_names(table: Mapping[str, list[dict[str, object]]]) -> list[object]:
    return [stage["rubric"] for stage in table["stage"] if "rubric" in stage]


def save_competition(home: Home, panel: Panel, competition: Competition) -> Changes:
    """Keep name, organiser, legal basis, letterhead … for the next plan.

    Raises :class:`KippError` with code ``bad-competition``.
    """
    home.card(panel.competition, "desk")
    checked = read_competition(competition_json(competition))
    panel.workbench.set_document("competition", competition_json(checked))
    home.register(panel.folder, panel.competition, panel.desk, checked.name)
    return Changes.of("competition")


def save_groups(home: Home, panel: Panel, names: Sequence[str]) -> Changes:
    """Keep the groups, in order; a group of an unchanged name keeps its entries and awards.

    Raises :class:`KippError` with code ``bad-competition`` while an entry or an award is in a group
    that would go.
    """
    home.card(panel.competition, "desk")
    view = rules_view(panel)
    kept = {name_key(group.name): group for group in view.groups}
    groups = [kept.get(name_key(name)) or Group(slug(name), name.strip()) for name in names]
    known = {group.id for group in groups}
    if not groups:
        raise bad(Text("it has no group"))
    if len(known) != len(groups):
        raise bad(Text("two groups have the same name"))
    gone = [group for group in view.groups if group.id not in known]
    for group in gone:
        entries = sum(row.group == group.id for row in panel.workbench.entries())
        awards = sum(award.group == group.id for award in view.rules.awards)
        if entries or awards:
            raise bad(
                Text(
                    "the group “{group}” still has {entries} entries and {awards} awards",
                    group=group.name,
                    entries=entries,
                    awards=awards,
                )
            )
    panel.workbench.set_document(
        "groups", [{"id": group.id, "name": group.name} for group in groups]
    )
    return Changes.of("competition", "entries")


def save_signatories(home: Home, panel: Panel, signatories: Sequence[Signatory]) -> Changes:
    """Keep who signs the minutes beside the panel; the NIP stays on this laptop and on paper."""
    home.card(panel.competition, "desk")
    for item in signatories:
        if not item.title.strip():
            raise bad(Text("a signatory has no title"))
    panel.workbench.set_document(
        "signatories",
        [
            {"title": item.title.strip(), "name": item.name.strip(), "nip": item.nip.strip()}
            for item in signatories
        ],
    )
    return Changes.of("competition")


def save_logo(home: Home, panel: Panel, data: bytes) -> Changes:
    """Keep the letterhead's picture (PNG or JPEG; empty for none).

    Raises :class:`KippError` with code ``bad-logo``.
    """
    home.card(panel.competition, "desk")
    if data and not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise KippError(
            "bad-logo",
            Text("The logo is not a PNG or JPEG picture."),
            Text("Save the picture as PNG and choose it again."),
        )
    panel.workbench.set_document("logo", data.hex())
    return Changes.of("competition")
