"""The stages of the next plan: which there are, in which order, until somebody has marked in them.

What a stage asks in detail (between the judges, who goes on …) is a rule of its own:
:mod:`kipp_desktop.services.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.competition import Stage, bad, name_key, slug
from kipp_desktop.domain.rule_words import step_text
from kipp_desktop.services.rubrics import find_rubric
from kipp_desktop.services.rules import rules_view, save_rules
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.competition import Rules
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.rules import RulesView


@dataclass(frozen=True)
class StageLine:
    """A stage in the list: ``rubric`` is an id, empty where nobody marks."""

    name: str
    kind: str
    rubric: str
    combine: str


def stage_lines(view: RulesView) -> tuple[StageLine, ...]:
    """Return the stages of the next plan, in order."""
    return tuple(
        StageLine(
            stage.name,
            stage.kind,
            view.rubrics[stage.rubric].id if stage.rubric is not None else "",
            stage.combine,
        )
        for stage in view.rules.stages
    )


def save_stages(home: Home, panel: Panel, lines: Sequence[StageLine]) -> Changes:
    """Keep these stages in this order; one of an unchanged name keeps its other rules.

    Raises :class:`KippError` with code ``bad-competition`` where a stage with marks, a closing or a
    decision would go, move or be marked in another way; where equal scores are split by what would
    go; and as :func:`rules.save_rules`.
    """
    home.card(panel.competition, "desk")
    view = rules_view(panel)
    known = {name_key(stage.name): stage for stage in view.rules.stages}
    rubrics: dict[str, Rubric] = {}
    stages: list[Stage] = []
    taken = {stage.id for stage in view.rules.stages}
    for line in lines:
        if not line.name.strip():
            raise bad(Text("a stage has no name"))
        if line.rubric and line.rubric not in rubrics:
            rubrics[line.rubric] = find_rubric(panel, line.rubric)
        stage = known.get(name_key(line.name))
        if stage is None:
            stage = Stage(_free_id(line.name, taken), line.name.strip(), line.kind)
            taken.add(stage.id)
        fingerprint = rubrics[line.rubric].fingerprint if line.rubric else None
        stages.append(replace(stage, kind=line.kind, rubric=fingerprint, combine=line.combine))
    if not stages:
        raise bad(Text("it has no stage"))
    if len({stage.id for stage in stages}) != len(stages):
        raise bad(Text("two stages have the same name"))
    wanted = replace(view.rules, stages=tuple(stages))
    _check_begun(panel, view.rules, wanted)
    _check_ladder(view, wanted, rubrics.values())
    return save_rules(home, panel, wanted, rubrics.values())


def begun_stages(panel: Panel) -> frozenset[str]:
    """Return the stages with a sheet or a draft, and those that the desk closed or decided on."""
    state = panel.state
    decided: set[str] = set()
    for record in state.decisions:
        body: dict[str, Any] = record.body
        decided.add(str(body.get("stage") or ""))
    marked = panel.projection.marked_stages() | panel.drafts.stages()
    return frozenset(marked | set(state.closings) | decided)


def _check_begun(panel: Panel, old: Rules, new: Rules) -> None:
    begun = begun_stages(panel)
    last = max((at for at, stage in enumerate(old.stages) if stage.id in begun), default=-1)
    after = {stage.id: stage for stage in new.stages}
    for stage in old.stages[: last + 1]:
        now = after.get(stage.id)
        if stage.id in begun and now is None:
            raise bad(
                Text("the stage “{stage}” has marks or decisions: it cannot go", stage=stage.name)
            )
        if stage.id in begun and now is not None and _core(now) != _core(stage):
            raise bad(
                Text(
                    "the stage “{stage}” has marks or decisions: kind and rubric stay",
                    stage=stage.name,
                )
            )
    before = [stage.id for stage in old.stages[: last + 1]]
    same = {stage.id for stage in old.stages}
    if [stage.id for stage in new.stages if stage.id in same][: last + 1] != before:
        raise bad(
            Text(
                "the stage “{stage}” has marks or decisions: it and the stages before it keep "
                "their order",
                stage=old.stages[last].name,
            )
        )


def _core(stage: Stage) -> tuple[str, str | None]:
    return stage.kind, stage.rubric


def _check_ladder(view: RulesView, new: Rules, more: Iterable[Rubric]) -> None:
    """Refuse what takes away a step that splits equal scores, in the step's own words."""
    known = {**view.rubrics, **{rubric.fingerprint: rubric for rubric in more}}
    stages = {f"stage:{stage.id}" for stage in new.counted()}
    leaves = {
        f"criterion:{leaf.id}"
        for stage in new.counted()
        for leaf in known[stage.rubric or ""].leaves
    }
    for step in new.ties:
        if step.startswith(("stage:", "criterion:")) and step not in stages | leaves:
            raise bad(
                Text(
                    "equal scores are split by {step}, which would be gone: take it out of “Equal "
                    "scores” first",
                    step=step_text(step, view.rubrics.values(), view.rules.stages),
                )
            )


def _free_id(name: str, taken: set[str]) -> str:
    wanted, number = slug(name), 2
    found = wanted
    while found in taken:
        found = f"{wanted}-{number}"
        number += 1
    return found
