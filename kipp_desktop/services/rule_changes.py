"""What the minutes and a verification say where rules changed after marks were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.domain.rule_changes import RuleChange, rule_changes, used_rules
from kipp_desktop.domain.rule_words import rule_differences
from kipp_desktop.services.standing import stage_count
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.standing import Ranked, Standing
    from kipp_desktop.services.counting import Records


def changed_rules(records: Records, result: Standing) -> list[RuleChange]:
    """Return where sheets count under other rules than those that their judges knew."""
    state = records.state
    if len(state.plans) < 2:
        return []
    stages = records.setup.rules.counted()
    sheets: dict[str, int] = {}
    for stage in stages:
        for plan, number in records.sheets_by_plan(stage.id).items():
            sheets[plan] = sheets.get(plan, 0) + number
    seen = [
        (plan, sheets[plan.id], records.setup_of(plan.setup, plan.people))
        for plan in state.plans
        if plan.id in sheets
    ]
    counts = {stage.id: stage_count(records, stage.id) for stage in stages}
    return rule_changes(records.setup, state, counts, result, seen)


def rule_change_sentences(records: Records, result: Standing) -> Iterator[Text]:
    """Return what is said of each change: how many sheets, which rules, which places."""
    changes = changed_rules(records, result)
    if not changes:
        return
    setup = records.setup
    counts = {stage.id: stage_count(records, stage.id) for stage in setup.rules.counted()}
    used = used_rules(setup, counts)
    rubrics = {stage: count.rubric for stage, count in counts.items()}
    for change in changes:
        yield Text(
            "Rules changed after {count} sheets that count had been signed (plan {revision} was "
            "in force): {what}",
            count=change.sheets,
            revision=change.plan.revision,
            what=tuple(rule_differences(change.rules, change.rubrics, used, rubrics, setup.groups)),
        )
        if change.moved is None:
            yield Text("By the earlier rules the stages cannot be averaged, so no places follow.")
        elif not change.moved:
            yield Text("By the earlier rules places and awards would be the same.")
        for moved in change.moved or ():
            yield Text(
                "Entry {number}: {before} by the earlier rules, now {after}.",
                number=setup.entry_by_id[moved.entry].number,
                before=_place(moved.before),
                after=_place(moved.after),
            )


def _place(item: Ranked) -> Text:
    if item.place is None:
        return Text("no place")
    if item.award is None:
        return Text("place {place}", place=item.place)
    return Text("place {place} ({award})", place=item.place, award=item.award)
