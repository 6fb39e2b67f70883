"""Rules that changed after marks were given: the places before and after.

A sheet says in ``seen`` which plan its judge knew. Where its stage is counted by other rules than
that plan's, the same marks are ranked again by the earlier rules, and both places stand in the
minutes. What no rule decides (entries, assignments, decisions, who goes on) is left as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import Rules, check_runs
from kipp_desktop.domain.ranking import rank
from kipp_desktop.domain.setup import check_maxima
from kipp_desktop.domain.sheet import totaller
from kipp_desktop.domain.standing import Standing
from kipp_desktop.errors import KippError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.fold import DeskState, Plan
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.domain.standing import Ranked, StageCount


@dataclass(frozen=True)
class Moved:
    """An entry whose place or award is another by the earlier rules."""

    entry: str
    before: Ranked
    after: Ranked


@dataclass(frozen=True)
class RuleChange:
    """``sheets`` counted sheets were signed under ``plan``, whose rules are not those used.

    ``rules`` and ``rubrics`` (by stage) are that plan's, as far as they fit the sheets. ``moved``
    is ``None`` where no ranking follows from them: the stages cannot be averaged by them.
    """

    plan: Plan
    sheets: int
    rules: Rules
    rubrics: Mapping[str, Rubric]
    moved: tuple[Moved, ...] | None


def used_rules(setup: Setup, counts: Mapping[str, StageCount]) -> Rules:
    """Return the rules that a ranking uses: a closed stage has those of its closing's plan."""
    stages = [counts[s.id].stage if s.id in counts else s for s in setup.rules.stages]
    return replace(setup.rules, stages=tuple(stages))


def rule_changes(
    setup: Setup,
    state: DeskState,
    counts: Mapping[str, StageCount],
    result: Standing,
    seen: Iterable[tuple[Plan, int, Setup]],
) -> list[RuleChange]:
    """Return where counted sheets were signed under other rules than those of ``result``.

    ``seen`` are the plans that were in force at counted sheets' ``seen``, in order, each with how
    many sheets and its setup. Plans with the same rules are one change, named by the first.
    """
    used = used_rules(setup, counts)
    rubrics = {stage: count.rubric for stage, count in counts.items()}
    now = _decisive(used, rubrics)
    found: dict[object, tuple[Plan, Rules, dict[str, Rubric]]] = {}
    sheets: Counter[object] = Counter()
    for plan, number, then in seen:
        rules, earlier = _then(used, then, counts)
        key = _decisive(rules, earlier)
        if key != now:
            found.setdefault(key, (plan, rules, earlier))
            sheets[key] += number
    return [
        RuleChange(
            plan, sheets[key], rules, earlier, _moved(setup, state, counts, result, rules, earlier)
        )
        for key, (plan, rules, earlier) in found.items()
    ]


def _then(
    used: Rules, then: Setup, counts: Mapping[str, StageCount]
) -> tuple[Rules, dict[str, Rubric]]:
    """Return an earlier plan's rules for these stages, and its rubrics.

    A stage that it does not have, or with other leaves or scales, is taken as it is now: no sheet
    of it that counts was marked by the earlier rubric.
    """
    known = {stage.id: stage for stage in then.rules.stages}
    stages: list[Stage] = []
    rubrics: dict[str, Rubric] = {}
    for stage in used.stages:
        before = known.get(stage.id)
        if stage.id not in counts:
            stages.append(stage)
            continue
        rubric = counts[stage.id].rubric
        if before is not None and before.counted and then.rubric_of(before).shape == rubric.shape:
            rubric = then.rubric_of(before)
            stage = replace(before, name=stage.name, advance_per_group=stage.advance_per_group)  # noqa: PLW2901
        stages.append(stage)
        rubrics[stage.id] = rubric
    return replace(then.rules, stages=tuple(stages), approvals=used.approvals), rubrics


def _decisive(rules: Rules, rubrics: Mapping[str, Rubric]) -> object:
    """Return all of some rules that decides places and awards, to compare it."""
    stages = tuple(
        (
            s.id,
            s.between_judges,
            s.trim_from,
            s.missing,
            s.quorum,
            s.min_judges,
            s.combine,
            s.weight,
        )
        for s in rules.stages
        if s.id in rubrics
    )
    leaves = tuple(
        (stage, tuple((leaf.id, leaf.coefficient) for leaf in rubric.leaves))
        for stage, rubric in sorted(rubrics.items())
    )
    return stages, leaves, rules.ties, rules.rounding, frozenset(rules.awards)


def _moved(  # noqa: PLR0917 - what is ranked, and by which rules
    setup: Setup,
    state: DeskState,
    counts: Mapping[str, StageCount],
    result: Standing,
    rules: Rules,
    rubrics: Mapping[str, Rubric],
) -> tuple[Moved, ...] | None:
    used = {rubric.fingerprint: rubric for rubric in rubrics.values()}
    stages = tuple(
        replace(s, rubric=rubrics[s.id].fingerprint) if s.id in rubrics else s for s in rules.stages
    )
    rules = replace(rules, stages=stages)
    try:
        check_runs(rules.stages)
        check_maxima(rules, used)
    except KippError:
        return None
    known = {stage.id: stage for stage in stages}
    earlier: dict[str, StageCount] = {}
    for stage, count in counts.items():
        weigh = totaller(rubrics[stage])
        rows = [(entry, judge, weigh(marks), marks) for entry, judge, _, marks in count.rows]
        earlier[stage] = replace(count, stage=known[stage], rubric=rubrics[stage], rows=rows)
    before = {
        item.entry: item
        for group in rank(replace(setup, rules=rules), state, earlier).groups
        for item in group.entries
    }
    return tuple(
        Moved(item.entry, before[item.entry], item)
        for group in result.groups
        for item in group.entries
        if (item.place, item.award) != (before[item.entry].place, before[item.entry].award)
    )
