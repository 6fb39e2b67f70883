"""Before a new plan is signed: what it changes, what becomes stale, and who must do what.

A plan never deletes anything. What it makes stale is a signed sheet that counts now and would not
count under it, or a draft whose marks no longer all fit; both stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.plan_changes import numbers_of, plan_changes
from kipp_desktop.services.setup import next_setup
from kipp_desktop.services.standing import RULE_TEXTS
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Stale:
    """Sheets of one judge in one stage that no longer count under a plan, by the rule ``rule``.

    ``rule`` is one of :data:`kipp_desktop.domain.fold.RULES`; ``numbers`` are those of the entries.
    """

    person: str
    name: str
    stage: str
    rule: str
    numbers: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class PlanPreview:
    """What the next plan would be: ``changed`` is false where it is the one in force.

    ``changes`` say old and new, ``stale`` which signed sheets and drafts no longer fit and whose
    they are, ``todo`` who must do what.
    """

    revision: int
    changed: bool
    changes: tuple[Text, ...] = ()
    stale: tuple[Stale, ...] = ()
    drafts: tuple[Text, ...] = ()
    todo: tuple[Text, ...] = ()

    @property
    def touches(self) -> tuple[Text, ...]:
        """What becomes stale, sheets and drafts, in sentences."""
        return (*(item.text for item in self.stale), *self.drafts)


def preview_plan(panel: Panel) -> PlanPreview:
    """Return what publishing the next plan would change; nothing is signed.

    Raises :class:`KippError` where the next plan cannot be made (``bad-competition`` …).
    """
    setup, _ = next_setup(panel)
    plan = panel.state.plan
    if plan is None:
        return PlanPreview(1, changed=True)
    current = panel.setup
    if current == setup:
        return PlanPreview(plan.revision, changed=False)
    stale = tuple(_stale(panel, setup))
    return PlanPreview(
        plan.revision + 1,
        changed=True,
        changes=tuple(plan_changes(current, setup)),
        stale=stale,
        drafts=tuple(drafts_touched(panel, current, setup)),
        todo=tuple(_todo(panel, current, setup, stale)),
    )


def _marked(panel: Panel, setup: Setup) -> Iterator[Stage]:
    """Yield the open stages of a setup that are marked and were so before."""
    known = {stage.id for stage in panel.setup.rules.stages if stage.rubric is not None}
    for stage in setup.rules.stages:
        if stage.rubric is not None and stage.id in known and stage.id not in panel.state.closings:
            yield stage


def _stale(panel: Panel, setup: Setup) -> Iterator[Stale]:
    naming = panel.naming
    for stage in _marked(panel, setup):
        bounds = panel.bounds(stage.id)
        for judge in sorted(panel.everybody(stage.id), key=naming.name_of):
            counts_now = panel.tally(judge, stage.id, bounds).counted
            if not counts_now:
                continue
            then = panel.tally(judge, stage.id, bounds, setup)
            by_rule: dict[str, list[str]] = {}
            rules = {item.fact.id: item.rule for item in then.stopped}
            for entry, (fact, _) in counts_now.items():
                if entry not in then.counted:
                    by_rule.setdefault(rules.get(fact.id, "replaced"), []).append(entry)
            for rule, entries in by_rule.items():
                said = sorted((naming.entry_by_id[e] for e in entries), key=lambda e: e.number)
                yield Stale(
                    judge,
                    naming.name_of(judge),
                    stage.id,
                    rule,
                    tuple(entry.number for entry in said),
                    Text(
                        "{count} signed sheets of {name} in {stage} no longer count ({rule}): "
                        "{numbers}",
                        count=len(said),
                        name=naming.name_of(judge),
                        stage=stage.name,
                        rule=RULE_TEXTS[rule],
                        numbers=numbers_of(said),
                    ),
                )


def drafts_touched(panel: Panel, old: Setup, new: Setup) -> Iterator[Text]:
    """Say whose drafts on this laptop no longer fit a plan, and that they are kept."""
    for stage in new.rules.stages:
        if stage.rubric is None or stage.id in panel.state.closings:
            continue
        shape = new.rubric_of(stage).shape
        for author, judge in panel.drafts.markers(stage.id):
            drafts = panel.drafts.of(author, judge, stage.id)
            assignment = new.assignment(stage.id, judge)
            other = [
                old.entry_by_id[entry]
                for entry, draft in drafts.items()
                if draft.rubric != shape and entry in old.entry_by_id
            ]
            gone = [
                old.entry_by_id[entry]
                for entry in drafts
                if entry in old.entry_by_id
                and (
                    assignment is None
                    or entry not in new.entry_by_id
                    or not assignment.covers(entry)
                )
            ]
            values = {"name": old.name_of(judge), "stage": stage.name}
            if gone:
                yield Text(
                    "Drafts of {name} in {stage} are kept, but no longer to be signed: {numbers}",
                    numbers=numbers_of(gone),
                    **values,
                )
            if other:
                yield Text(
                    "Drafts of {name} in {stage} keep the marks that fit the new rubric; the "
                    "others stand in the private note: {numbers}",
                    numbers=numbers_of(other),
                    **values,
                )


def _todo(panel: Panel, old: Setup, new: Setup, stale: Iterable[Stale]) -> Iterator[Text]:
    desk_person = str(panel.workbench.document("desk")["keeper"])
    keys = {key.person for key in panel.state.keys.values() if key.live} - {desk_person}
    holders = [person.name for person in new.persons if person.id in keys]
    if holders:
        yield Text("Give the new package to {names}", names=", ".join(holders))
    for person in new.persons:
        if person.id not in old.person_by_id and keys and person.has("judge", "evaluator"):
            yield Text(
                "{name} joins with the new package; then compare the words and admit the key",
                name=person.name,
            )
    for person in old.persons:
        if person.id not in new.person_by_id and person.id in keys:
            yield Text(
                "{name} left: revoke the key at its last record, if it must sign nothing more",
                name=person.name,
            )
    again = {(item.person, item.stage) for item in stale if item.rule == "other-rubric"}
    for item in stale:
        if item.rule == "other-rubric":
            yield Text(
                "{name} looks at the marks again and signs anew: {numbers}",
                name=item.name,
                numbers=", ".join(item.numbers[:12]) + (" …" if len(item.numbers) > 12 else ""),
            )
    for stage in new.rules.stages:
        if stage.rubric is None:
            continue
        if stage.id in panel.state.closings:
            yield Text(
                "{stage} is closed and stays as it was closed; reopen it first if this plan is "
                "meant for it",
                stage=stage.name,
            )
            continue
        for judge in new.judges_of(stage.id):
            if (judge, stage.id) in again:
                continue
            added = _due(new, stage.id, judge) - _due(old, stage.id, judge)
            if added:
                entries = [entry for entry in new.entries if entry.id in added]
                yield Text(
                    "{name} has to mark in {stage}: {numbers}",
                    name=new.name_of(judge),
                    stage=stage.name,
                    numbers=numbers_of(entries),
                )


def _due(setup: Setup, stage: str, judge: str) -> set[str]:
    """Return the entries that a judge marks in a stage of a setup."""
    assignment = setup.assignment(stage, judge)
    return set() if assignment is None else set(assignment.among(setup.entry_by_id))


# -- on a member's laptop --------------------------------------------------------------------------

_TOLD = "plan-told"


@dataclass(frozen=True)
class PlanNews:
    """What a new plan changes for a member, told once; ``sheets`` and ``drafts`` are kept."""

    revision: int
    changes: tuple[Text, ...]
    sheets: tuple[Text, ...]
    drafts: tuple[Text, ...]


def plan_news(panel: Panel, card: Card) -> PlanNews | None:
    """Return what changed since the plan that was told last; ``None`` where nothing did.

    The first plan that a laptop sees is no news.
    """
    plans = panel.state.plans
    if not plans:
        return None
    told = (panel.workbench.document(_TOLD) or {}).get(card.fingerprint, 0)
    before = next((plan for plan in plans if plan.revision == told), None)
    if before is None:
        plan_told(panel, card)
        return None
    if before.id == plans[-1].id:
        return None
    old, new = panel.setup_of(before.setup, before.people), panel.setup
    news = PlanNews(
        plans[-1].revision,
        tuple(plan_changes(old, new)),
        tuple(_own_sheets(panel, card, new)),
        tuple(drafts_touched(panel, old, new)),
    )
    if not (news.changes or news.sheets or news.drafts):
        plan_told(panel, card)
        return None
    return news


def plan_told(panel: Panel, card: Card) -> None:
    """Note that a member has been told what the plan in force changes."""
    told = dict(panel.workbench.document(_TOLD) or {})
    told[card.fingerprint] = panel.state.plans[-1].revision
    panel.workbench.set_document(_TOLD, told)


def _own_sheets(panel: Panel, card: Card, setup: Setup) -> Iterator[Text]:
    """Say which signed sheets of a key the plan in force no longer takes, admitted or not."""
    known = panel.naming.entry_by_id
    for stage in setup.rules.stages:
        if stage.rubric is None or stage.id in panel.state.closings:
            continue
        shape = setup.rubric_of(stage).shape
        due = _due(setup, stage.id, card.person)
        found: dict[str, list[str]] = {}
        last = panel.projection.last_sheets(card.fingerprint, card.person, stage.id, paper=False)
        for entry, seq in last:
            body = panel.record(card.fingerprint, seq).body
            rubric = panel.rubric(str(body["rubric"]))
            if body["marks"] is None or entry not in known:
                continue
            if entry not in due:
                found.setdefault("not-assigned", []).append(entry)
            elif rubric is None or rubric.shape != shape:
                found.setdefault("other-rubric", []).append(entry)
        for rule, entries in found.items():
            yield Text(
                "{count} of your signed sheets in {stage} no longer count ({rule}): {numbers}. "
                "They stay signed; look at their marks and sign again where they are still yours.",
                count=len(entries),
                stage=stage.name,
                rule=RULE_TEXTS[rule],
                numbers=numbers_of(known[entry] for entry in entries),
            )
