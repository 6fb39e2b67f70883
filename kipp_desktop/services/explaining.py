"""Each rule explained: one sentence, and what it does to a small example.

The example is ranked by the code that ranks the competition, so that the sentence cannot promise
what the program does not do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kipp_desktop.domain.competition import Award, Rounding, Rules, Stage
from kipp_desktop.domain.rule_words import ROLE_TEXTS
from kipp_desktop.domain.small_example import GROUP, Example, play, same, two_criteria
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.small_example import Marks


@dataclass(frozen=True)
class Explanation:
    """A setting (``stage`` is empty for one of the whole competition), its value as it stands.

    ``sentence`` says what it means, ``effect`` what it does to the example.
    """

    stage: str
    setting: str
    value: str
    sentence: Text
    effect: Text


def explain_rules(rules: Rules) -> tuple[Explanation, ...]:
    """Return every setting of the rules, stage by stage, then those of the whole."""
    found: list[Explanation] = []
    for stage in rules.stages:
        found += explain_stage(stage)
    found.append(_rounding(rules.rounding))
    found += [_tie_step(step) for step in rules.ties]
    if not rules.ties:
        found.append(_no_ties())
    found += _awards(rules.awards)
    found.append(_approvals(rules.approvals))
    return tuple(found)


def explain_stage(stage: Stage) -> tuple[Explanation, ...]:
    """Return the settings of a stage."""
    combine = _combine(stage)
    if not stage.counted:
        return (combine, *([_advance(stage)] if stage.advance_per_group else []))
    found = [_between_judges(stage), _missing(stage), _min_judges(stage), combine]
    if stage.advance_per_group:
        found.append(_advance(stage))
    return tuple(found)


# -- between judges --------------------------------------------------------------------------------

_BETWEEN = {
    "mean": Text("The score is the mean of the judges' totals."),
    "median": Text("The score is the median of the judges' totals: outliers do not move it."),
    "trimmed-mean": Text(
        "From {from} judges on the highest and the lowest total are dropped; the score is the mean "
        "of the others."
    ),
    "placing": Text(
        "Each judge's totals become places; the score is the mean place, and lower is better."
    ),
}


def _between_judges(stage: Stage) -> Explanation:
    alone = _alone(stage)
    made = play(
        alone,
        two_criteria(),
        {"t": {"A": same(90, 84, 80, 40), "B": same(76, 76, 75, 75)}},
    )
    sentence = Text(_BETWEEN[stage.between_judges].source, **{"from": stage.trim_from})
    effect = Text(
        "Example: four judges give A 90, 84, 80 and 40, and B 76, 76, 75 and 75. A gets {a}, B "
        "gets {b}; {first} is first.",
        a=_score(made, "A"),
        b=_score(made, "B"),
        first=made.first,
    )
    return Explanation(stage.id, "between_judges", stage.between_judges, sentence, effect)


def _alone(stage: Stage, **changed: object) -> Rules:
    """Return rules of this stage alone, under a short name."""
    plain = replace(
        stage,
        id="t",
        kind="presentation",
        rubric=stage.rubric or "r",
        combine="gate",
        missing="present",
        quorum=1,
        min_judges=1,
        advance_per_group=None,
    )
    return Rules((replace(plain, **changed),), rounding=Rounding())  # type: ignore[arg-type]


def _score(made: Example, entry: str) -> Fraction | str:
    found = made.of(entry).exact
    return "–" if found is None else found


# -- missing sheets --------------------------------------------------------------------------------


def _missing(stage: Stage) -> Explanation:
    rules = _alone(stage, missing=stage.missing, quorum=stage.quorum, between_judges="mean")
    sheets: Marks = {"t": {"A": [*same(80, 70), None], "B": same(74, 74, 74)}}
    made = play(rules, two_criteria(), sheets)
    waits = any(item.entry == "A" for item in made.standing.missing)
    if stage.missing == "block":
        sentence = Text("No final ranking before every expected sheet is here.")
    else:
        sentence = Text(
            "Sheets that are here count, as soon as an entry has {quorum}.", quorum=stage.quorum
        )
    effect = (
        Text(
            "Example: of three judges one has not sent the sheet for A. A waits for it, and no "
            "minutes can be made before."
        )
        if waits
        else Text(
            "Example: of three judges one has not sent the sheet for A. A counts with the other "
            "two, 80 and 70: {a}; {first} is first.",
            a=_score(made, "A"),
            first=made.first,
        )
    )
    value = stage.missing if stage.missing == "block" else f"present {stage.quorum}"
    return Explanation(stage.id, "missing", value, sentence, effect)


def _min_judges(stage: Stage) -> Explanation:
    rules = _alone(stage, min_judges=stage.min_judges, between_judges="mean")
    sheets: Marks = {"t": {"A": [*same(80), None, None], "B": same(74, 74, 74)}}
    made = play(rules, two_criteria(), sheets, abstaining={"j2": ["A"], "j3": ["A"]})
    sentence = Text(
        "An entry needs the sheets of at least {count} judges; with fewer it waits for the panel.",
        count=stage.min_judges,
    )
    effect = (
        Text(
            "Example: two of three judges do not mark A because of a conflict. A has one sheet and "
            "waits for a decision of the panel."
        )
        if "A" in made.standing.waiting
        else Text(
            "Example: two of three judges do not mark A because of a conflict. A counts with one "
            "sheet: {a}; {first} is first.",
            a=_score(made, "A"),
            first=made.first,
        )
    )
    return Explanation(stage.id, "min_judges", str(stage.min_judges), sentence, effect)


# -- stages ----------------------------------------------------------------------------------------

_COMBINE = {
    "gate": Text("A gate: this stage starts anew, and what was scored before no longer counts."),
    "weighted": Text(
        "The score of this stage counts with weight {weight}, beside the stages since the last "
        "gate."
    ),
    "confirm": Text("This stage has no score; it confirms what was claimed."),
    "correct": Text(
        "This stage has no score; it may propose corrections of marks, which the panel decides."
    ),
}


def _combine(stage: Stage) -> Explanation:
    before = Stage("s1", "1", "presentation", "r", missing="present", combine="gate")
    own = replace(
        _alone(stage).stages[0],
        id="s2",
        combine=stage.combine,
        between_judges="mean",
        rubric="r" if stage.combine in {"gate", "weighted"} else None,
    )
    rules = Rules((before, own))
    sheets = {"s1": {"A": same(90), "B": same(80)}, "s2": {"A": same(70), "B": same(84)}}
    corrections = {("s1", "A", "efektif"): "60"} if stage.combine == "correct" else {}
    if not own.counted:
        del sheets["s2"]
    weighable = own.weight or stage.combine != "weighted"
    made = play(rules, two_criteria(), sheets, corrections=corrections) if weighable else None
    sentence = Text(_COMBINE[stage.combine].source, weight=stage.weight)
    if made is None:
        effect = Text("With weight 0 this stage changes nothing.")
    elif stage.combine == "correct":
        effect = Text(
            "Example: A has 90, B has 80. In the field one of A's two criteria is corrected from "
            "90 to 60: A gets {a}; {first} is first.",
            a=_score(made, "A"),
            first=made.first,
        )
    elif stage.combine == "confirm":
        effect = Text(
            "Example: A has 90 and B has 80 before. Afterwards A has {a} and B has {b}.",
            a=_score(made, "A"),
            b=_score(made, "B"),
        )
    else:
        effect = Text(
            "Example: an earlier stage (weight 100) gives A 90 and B 80, this one A 70 and B 84. "
            "A gets {a}, B gets {b}; {first} is first.",
            a=_score(made, "A"),
            b=_score(made, "B"),
            first=made.first,
        )
    return Explanation(stage.id, "combine", stage.combine, sentence, effect)


def _advance(stage: Stage) -> Explanation:
    size = stage.advance_per_group or 0
    field = size + 2
    names = [f"e{number:06d}" for number in range(field)]
    sheets = {"t": {name: same(field - n) for n, name in enumerate(names)}}
    rules = _alone(stage, between_judges="mean")
    rubric = two_criteria(scale=("0", str(field), "1"))
    made = play(rules, rubric, sheets) if field < _LARGE else None
    going = (
        sum((made.of(name).place or field) <= size for name in names) if made is not None else size
    )
    sentence = Text(
        "At most {size} of each group go on; the computation proposes them, the panel decides.",
        size=size,
    )
    effect = Text(
        "Example: of {field} entries in a group the first {going} are proposed, and {out} stop "
        "here. A shared place across the line waits for the panel.",
        field=field,
        going=going,
        out=field - going,
    )
    return Explanation(stage.id, "advance", str(size), sentence, effect)


#: A larger field says nothing more, and takes its time.
_LARGE = 500


# -- the whole -------------------------------------------------------------------------------------

_ROUNDING = {
    "print": Text("Scores stay exact and are rounded to {digits} digits where they are printed."),
    "stage": Text("The score of each stage, and the final one, is rounded to {digits} digits."),
    "final": Text("The final score is rounded to {digits} digits before places are given."),
}


def _rounding(rounding: Rounding) -> Explanation:
    # Two scores that differ in the digit after the last one that is kept.
    digits = min(rounding.digits, 4)
    unit = Fraction(1, 10 ** (digits + 1))
    high, low = 80 + 4 * unit, 80 + 3 * unit
    scale = ("80", _plain(80 + 10 * unit), _plain(unit))
    stage = Stage("t", "t", "presentation", "r", combine="gate")
    rules = Rules((stage,), rounding=Rounding(digits, rounding.when))
    made = play(rules, two_criteria(scale=scale), {"t": {"A": same(high), "B": same(low)}})
    sentence = Text(_ROUNDING[rounding.when].source, digits=rounding.digits)
    if len(made.first) == 2:
        effect = Text(
            "Example: A has {a} and B has {b}. Both become {score} and share the first place, "
            "until the ladder splits them.",
            a=high,
            b=low,
            score=_printed(made, "A"),
        )
    else:
        effect = Text(
            "Example: A has {a} and B has {b}. {first} is first; the minutes print {score_a} and "
            "{score_b}.",
            a=high,
            b=low,
            first=made.first,
            score_a=_printed(made, "A"),
            score_b=_printed(made, "B"),
        )
    value = f"{rounding.when} {rounding.digits}"
    return Explanation("", "rounding", value, sentence, effect)


def _plain(value: Fraction) -> str:
    return same(value)[0][0]


def _printed(made: Example, entry: str) -> Fraction:
    """Return a score as it is printed."""
    return Fraction(made.of(entry).score or "0")


_STEPS = {
    "criterion": Text("Of equal ones the better mean of the criterion “{name}” goes first."),
    "stage": Text("Of equal ones the better score in the stage “{name}” goes first."),
    "median": Text("Of equal ones the better median of the judges' totals goes first."),
    "fewest-below": Text("Of equal ones the one with fewer marks under {name} goes first."),
    "plenary": Text("The panel puts equal ones in order and says why; its decision is signed."),
    "lot": Text(
        "Equal ones are drawn by lot; the seed is recorded, so that anybody can repeat it."
    ),
}


def _tie_step(step: str) -> Explanation:
    kind, _, name = step.partition(":")
    rubric = two_criteria(name if kind == "criterion" else "efektif")
    # Totals A 80, 80, 80 and B 70, 85, 85; in the first criterion A 90, 80, 80 and B 65, 80, 80.
    sheets = {
        "t": {
            "A": [("90", "70"), ("80", "80"), ("80", "80")],
            "B": [("65", "75"), ("80", "90"), ("80", "90")],
        }
    }
    stages = [Stage("t", "t", "presentation", "r", combine="gate")]
    if kind == "stage":
        earlier = name if name != "t" else "t0"
        sheets[earlier] = {"A": same(75, 75, 75), "B": same(70, 70, 70)}
        stages.insert(0, Stage(earlier, earlier, "presentation", "r", combine="gate"))
        step = f"stage:{earlier}"
    made = play(Rules(tuple(stages), (step,)), rubric, sheets)
    sentence = Text(_STEPS[kind].source, name=name)
    effect: Text
    if len(made.first) == 1:
        effect = Text(
            "Example: A and B both have {score}. {facts} {first} is first.",
            score=_score(made, "A"),
            facts=_facts(kind, name),
            first=made.first,
        )
    elif kind in {"plenary", "lot"}:
        effect = Text(
            "Example: A and B both have {score}. They share the first place until it is decided.",
            score=_score(made, "A"),
        )
    else:
        effect = Text(
            "Example: A and B both have {score}. This step does not split them; the next one is "
            "asked.",
            score=_score(made, "A"),
        )
    return Explanation("", "ties", step, sentence, effect)


def _facts(kind: str, name: str) -> Text:
    if kind == "criterion":
        return Text("In this criterion A has 90, 80 and 80, and B 65, 80 and 80.")
    if kind == "stage":
        return Text("In that stage A had 75 and B 70.")
    if kind == "median":
        return Text("The judges gave A 80, 80 and 80, and B 70, 85 and 85.")
    return Text(
        "Marks under {name}: A {a}, B {b}.", name=name, a=_below(name, 0), b=_below(name, 1)
    )


def _below(bound: str, entry: int) -> int:
    given = ((90, 70, 80, 80, 80, 80), (65, 75, 80, 90, 80, 90))[entry]
    return sum(mark < Fraction(bound) for mark in given)


def _no_ties() -> Explanation:
    stage = Stage("t", "t", "presentation", "r", combine="gate")
    made = play(Rules((stage,)), two_criteria(), {"t": {n: same(80) for n in "AB"}})
    return Explanation(
        "",
        "ties",
        "",
        Text("Nothing splits equal scores: they share a place, and the next is skipped."),
        Text(
            "Example: A and B both have {score}; both are on place {place}.",
            score=_score(made, "A"),
            place=made.of("B").place,
        ),
    )


def _awards(awards: Sequence[Award]) -> list[Explanation]:
    """Explain the tiers of each group together: they nest."""
    found = []
    for group in dict.fromkeys(award.group for award in awards):
        tiers = sorted((a for a in awards if a.group == group), key=lambda award: award.size)
        field = min(tiers[-1].size, _LARGE) + 1
        names = [f"e{number:06d}" for number in range(field)]
        stage = Stage("t", "t", "presentation", "r", combine="gate")
        mine = tuple(Award(GROUP, tier.tier, tier.size) for tier in tiers)
        made = play(
            Rules((stage,), awards=mine),
            two_criteria(scale=("0", str(field), "1")),
            {"t": {name: same(field - n) for n, name in enumerate(names)}},
        )
        given = [made.of(name).award for name in names]
        parts = [
            Text(
                "{tier} to places {low}–{high}",
                tier=tier.tier,
                low=given.index(tier.tier) + 1,
                high=field - given[::-1].index(tier.tier),
            )
            for tier in tiers
            if tier.tier in given
        ]
        found.append(
            Explanation(
                "",
                "awards",
                ", ".join(tier.tier for tier in tiers),
                Text("Each entry gets the smallest tier that holds its place; groups are apart."),
                Text("Example: {parts}; place {next} gets none.", parts=parts, next=field),
            )
        )
    return found


def _approvals(roles: Sequence[str]) -> Explanation:
    if not roles:
        return Explanation(
            "",
            "approvals",
            "",
            Text("No approval is asked for."),
            Text("The minutes are final as soon as they are made."),
        )
    return Explanation(
        "",
        "approvals",
        ", ".join(roles),
        Text("Approval is asked of: {roles}.", roles=[ROLE_TEXTS[role] for role in roles]),
        Text("The minutes stay a draft until each of them has approved or dissented."),
    )
