"""Rules in words, and what changed between two sets of them: old and new, a sentence each."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kipp_desktop.domain.competition import Group, Rounding, Rules, Stage
    from kipp_desktop.domain.rubric import Criterion, Rubric, Scale

#: What the roles are called for people.
ROLE_TEXTS: Final = {
    "judge": Text("judge"),
    "evaluator": Text("evaluator"),
    "verifier": Text("verifier"),
    "chair": Text("chair"),
    "secretary": Text("secretary"),
    "moderator": Text("moderator"),
    "clerk": Text("data-entry clerk"),
    "observer": Text("observer"),
}
#: What the values of the rules are called for people.
BETWEEN_TEXTS: Final = {
    "mean": Text("mean"),
    "median": Text("median"),
    "trimmed-mean": Text("mean without the highest and the lowest"),
    "placing": Text("mean of the places"),
}
COMBINE_TEXTS: Final = {
    "gate": Text("alone, the stages before it only decide who goes on"),
    "weighted": Text("averaged with the stages beside it"),
    "confirm": Text("no score, it confirms"),
    "correct": Text("no score, it corrects"),
}
KIND_TEXTS: Final = {
    "administrative": Text("Administrative selection"),
    "proposal": Text("Proposals"),
    "presentation": Text("Presentation and interview"),
    "field": Text("Field visit"),
    "plenary": Text("Plenary"),
}
TOTAL_TEXTS: Final = {
    "percent": Text("weights as shares of 100"),
    "sum": Text("weights as factors"),
}
MARKER_TEXTS: Final = {"judge": Text("each judge"), "panel": Text("the panel, once for all")}
ROUNDING_TEXTS: Final = {
    "print": Text("only when printed"),
    "stage": Text("every stage's score and the final one"),
    "final": Text("the final score"),
}


def changed(what: Text, old: object, new: object) -> Text:
    """Return the sentence that something was ``old`` and is ``new``."""
    return Text("{what}: {old} → {new}", what=what, old=old, new=new)


def step_text(step: str, rubrics: Iterable[Rubric], stages: Iterable[Stage]) -> Text:
    """Return what a step of the ladder that splits ties is, for people."""
    name, _, argument = step.partition(":")
    if name == "criterion":
        for rubric in rubrics:
            for leaf in rubric.leaves:
                if leaf.id == argument:
                    return Text("the mean mark of {criterion}", criterion=leaf.criterion.name)
        return Text("the mean mark of {criterion}", criterion=argument)
    if name == "stage":
        names = {stage.id: stage.name for stage in stages}
        return Text("the score of the stage {stage}", stage=names.get(argument, argument))
    if name == "fewest-below":
        return Text("the fewest marks below {bound}", bound=Fraction(argument))
    return {
        "median": Text("the median of the judges' totals"),
        "plenary": Text("decision of the plenary"),
        "lot": Text("drawn by lot"),
    }[name]


def rule_differences(
    old: Rules,
    old_rubrics: Mapping[str, Rubric],
    new: Rules,
    new_rubrics: Mapping[str, Rubric],
    groups: Sequence[Group],
) -> Iterator[Text]:
    """Return what changed in the rules, a sentence each; the rubrics are by stage."""
    before, after = ({stage.id: stage for stage in rules.stages} for rules in (old, new))
    for stage in old.stages:
        if stage.id not in after:
            yield Text("The stage {stage} falls away", stage=stage.name)
    for stage in new.stages:
        if stage.id not in before:
            yield Text("New stage: {stage}", stage=stage.name)
            continue
        yield from _stage(before[stage.id], stage)
        one, other = old_rubrics.get(stage.id), new_rubrics.get(stage.id)
        if one is not None and other is not None:
            yield from _rubric(stage.name, one, other)
        elif (one is None) != (other is None):
            what = Text("Rubric of {stage}", stage=stage.name)
            yield changed(what, _name(one), _name(other))
    both = [stage.id for stage in old.stages if stage.id in after]
    if both != [stage.id for stage in new.stages if stage.id in before]:
        yield changed(Text("Order of the stages"), _names(old.stages), _names(new.stages))
    if old.ties != new.ties:
        yield changed(
            Text("Ties are split by"),
            _steps(old, old_rubrics) or Text("nothing"),
            _steps(new, new_rubrics) or Text("nothing"),
        )
    if old.rounding != new.rounding:
        yield changed(Text("Rounding"), _rounding(old.rounding), _rounding(new.rounding))
    yield from _awards(old, new, groups)
    if old.approvals != new.approvals:
        yield changed(Text("Approvals asked for"), _roles(old.approvals), _roles(new.approvals))


def _stage(old: Stage, new: Stage) -> Iterator[Text]:
    name = new.name
    if old.name != new.name:
        yield changed(Text("Name of the stage"), old.name, new.name)
    pairs: list[tuple[Text, object, object]] = [
        (
            Text("Between the judges in {stage}", stage=name),
            BETWEEN_TEXTS[old.between_judges],
            BETWEEN_TEXTS[new.between_judges],
        ),
        (
            Text("Sheets from which the highest and lowest are dropped in {stage}", stage=name),
            old.trim_from,
            new.trim_from,
        ),
        (Text("Sheets required in {stage}", stage=name), _missing(old), _missing(new)),
        (Text("Fewest judges in {stage}", stage=name), old.min_judges, new.min_judges),
        (
            Text("How {stage} counts", stage=name),
            COMBINE_TEXTS[old.combine],
            COMBINE_TEXTS[new.combine],
        ),
        (Text("Weight of {stage}", stage=name), old.weight, new.weight),
        (
            Text("Who goes on from {stage}", stage=name),
            _advance(old),
            _advance(new),
        ),
    ]
    for what, before, after in pairs:
        if before != after:
            yield changed(what, before, after)


def _rubric(stage: str, old: Rubric, new: Rubric) -> Iterator[Text]:
    if old.total != new.total:
        yield changed(
            Text("Total in {stage}", stage=stage), TOTAL_TEXTS[old.total], TOTAL_TEXTS[new.total]
        )
    before, after = dict(_nodes(old)), dict(_nodes(new))
    for identity, (criterion, _) in before.items():
        if identity not in after:
            yield Text(
                "The criterion {criterion} in {stage} falls away",
                criterion=criterion.name,
                stage=stage,
            )
    for identity, (criterion, scale) in after.items():
        if identity not in before:
            yield Text(
                "New criterion in {stage}: {criterion}, weight {weight}",
                stage=stage,
                criterion=criterion.name,
                weight=criterion.weight,
            )
            continue
        was, its_scale = before[identity]
        said = {"criterion": criterion.name, "stage": stage}
        if was.weight != criterion.weight:
            yield changed(
                Text("Weight of {criterion} in {stage}", **said), was.weight, criterion.weight
            )
        if its_scale != scale:
            yield changed(
                Text("Scale of {criterion} in {stage}", **said), _scale(its_scale), _scale(scale)
            )
        if was.marked_by != criterion.marked_by:
            yield changed(
                Text("Who marks {criterion} in {stage}", **said),
                MARKER_TEXTS[was.marked_by],
                MARKER_TEXTS[criterion.marked_by],
            )
        if was.name != criterion.name:
            yield changed(Text("Name of a criterion in {stage}", stage=stage), was.name,
                          criterion.name)  # fmt: skip
        elif (was.description, was.levels) != (criterion.description, criterion.levels):
            yield Text("The description of {criterion} in {stage} changed", **said)


def _nodes(rubric: Rubric) -> Iterator[tuple[str, tuple[Criterion, Scale | None]]]:
    def walk(
        criteria: tuple[Criterion, ...],
    ) -> Iterator[tuple[str, tuple[Criterion, Scale | None]]]:
        for criterion in criteria:
            scale = None if criterion.children else criterion.scale or rubric.scale
            yield criterion.id, (criterion, scale)
            yield from walk(criterion.children)

    return walk(rubric.criteria)


def _awards(old: Rules, new: Rules, groups: Sequence[Group]) -> Iterator[Text]:
    names = {group.id: group.name for group in groups}
    before = {(award.group, award.tier): award.size for award in old.awards}
    after = {(award.group, award.tier): award.size for award in new.awards}
    for group, tier in dict.fromkeys([*before, *after]):
        one, other = before.get((group, tier)), after.get((group, tier))
        if one != other:
            what = Text("{tier} in the group {group}", tier=tier, group=names.get(group, group))
            yield changed(what, one or Text("none"), other or Text("none"))


def _scale(scale: Scale | None) -> Text:
    if scale is None:
        return Text("none")
    return Text(
        "{low} to {high} in steps of {step}",
        low=scale.minimum,
        high=scale.maximum,
        step=format_decimal(scale.step) if scale.step.denominator == 1 else scale.step,
    )


def _missing(stage: Stage) -> Text:
    if stage.missing == "block":
        return Text("every sheet that is due")
    return Text("from {quorum} sheets on", quorum=stage.quorum)


def _advance(stage: Stage) -> Text:
    if stage.advance_per_group is None:
        return Text("all")
    return Text("the best {count} of each group", count=stage.advance_per_group)


def _rounding(rounding: Rounding) -> Text:
    return Text(
        "{digits} decimals, {when}", digits=rounding.digits, when=ROUNDING_TEXTS[rounding.when]
    )


def _steps(rules: Rules, rubrics: Mapping[str, Rubric]) -> tuple[Text, ...]:
    return tuple(step_text(step, rubrics.values(), rules.stages) for step in rules.ties)


def _roles(roles: Sequence[str]) -> object:
    return tuple(ROLE_TEXTS[role] for role in roles) or Text("none")


def _names(stages: Iterable[Stage]) -> tuple[str, ...]:
    return tuple(stage.name for stage in stages)


def _name(rubric: Rubric | None) -> object:
    return rubric.name if rubric is not None else Text("none")
