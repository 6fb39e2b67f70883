"""Places and awards: the official ranking, computed from the counted sheets.

The same function serves the desk, the published results and the outsider who checks them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kipp_desktop.domain.advancing import field_of
from kipp_desktop.domain.scoring import (
    combiner,
    mean_places,
    printed,
    round_half_up,
)
from kipp_desktop.domain.sheet import corrected
from kipp_desktop.domain.standing import (
    GroupStanding,
    Missing,
    OpenAward,
    Ranked,
    Row,
    StageCount,
    Standing,
    total_of_row,
)
from kipp_desktop.domain.tie_facts import Scored, TieFacts
from kipp_desktop.domain.ties import OpenTie, Split, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kipp_desktop.domain.competition import Award, Rounding, Stage
    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.domain.setup import Setup


def rank(
    setup: Setup, state: DeskState, counts: Mapping[str, StageCount], until: str | None = None
) -> Standing:
    """Rank every group over the stages that have a score, or over those up to ``until``.

    ``counts`` holds, by stage, the sheets that the fold counted. Raises nothing: what is missing
    is said in the result.
    """
    statuses = {
        entry.id: state.statuses.get(entry.id, ("present", ""))[0] for entry in setup.entries
    }
    field = field_of(setup, state)
    stages = setup.rules.counted()
    if until is not None:
        stages = stages[: [stage.id for stage in stages].index(until) + 1]
    order = [stage.id for stage in setup.rules.stages]
    seen = set(order if until is None else order[: order.index(until)])
    scored: list[Scored] = []
    missing: list[Missing] = []
    waiting: list[str] = []
    for stage in stages:
        count = _corrected(counts[stage.id], state)
        result, gaps, short = _score_stage(setup, count, set(field.alive[stage.id]))
        scored.append(result)
        missing += gaps
        waiting += sorted(short)
    final = _final_scores(scored, setup.rules.rounding)
    going_on = field.last if until is None else field.alive[until]
    if not going_on >= final.keys():
        final = {entry: score for entry, score in final.items() if entry in going_on}
    stopped = {entry: stage for entry, stage in field.stopped.items() if stage in seen}
    is_last = until is None or stages[-1].id == setup.rules.counted()[-1].id
    facts = TieFacts(scored)
    groups = []
    for group in setup.groups:
        members = [entry.id for entry in setup.entries if entry.group == group.id]
        groups.append(
            _rank_group(
                group.id,
                members,
                final,
                {entry: statuses[entry] for entry in members},
                stopped,
                scored,
                facts,
                setup,
                state,
                with_awards=is_last,
            )
        )
    return Standing(
        tuple(groups),
        tuple(missing),
        tuple(waiting),
        tuple(item for item in field.undecided if item.stage in seen),
        state.unsettled,
    )


class TieStep(NamedTuple):
    """What a step of the ladder says of tied entries: a value each, ``None`` where it has none.

    ``values`` is empty for the steps that ask people: ``plenary`` and ``lot``.
    """

    step: str
    values: tuple[Fraction | None, ...]


def tie_steps(
    setup: Setup, state: DeskState, counts: Mapping[str, StageCount], entries: Sequence[str]
) -> list[TieStep]:
    """Return every step of the ladder with its value for each of some tied entries.

    A criterion's value is the mean of its marks, a stage's the score there, ``median`` the median
    of the judges' totals and ``fewest-below`` the number of marks.
    """
    field = field_of(setup, state)
    facts = TieFacts(
        [
            _score_stage(setup, _corrected(counts[stage.id], state), set(field.alive[stage.id]))[0]
            for stage in setup.rules.counted()
        ]
    )
    return [
        TieStep(
            step,
            ()
            if step in {"plenary", "lot"}
            else tuple(facts.value(entry, *step.partition(":")[::2]) for entry in entries),
        )
        for step in setup.rules.ties
    ]


def _corrected(count: StageCount, state: DeskState) -> StageCount:
    """Set the leaves that the panel corrected after the field, in every sheet of the entry."""
    found = {
        (entry, criterion): mark
        for (stage, entry, criterion), mark in state.corrections.items()
        if stage == count.stage.id
    }
    if not found:
        return count
    by_panel = {leaf.id: leaf for leaf in count.rubric.by_panel.leaves}
    panel = dict(count.panel)
    by_entry: dict[str, dict[str, str]] = {}
    for (entry, criterion), mark in found.items():
        leaf = by_panel.get(criterion)
        if leaf is None:
            by_entry.setdefault(entry, {})[criterion] = mark
        elif leaf.scale.index(Fraction(mark)) is not None:
            panel[entry, criterion] = mark
    rows = [
        (entry, judge, *corrected(count.rubric, marks, by_entry[entry]))
        if entry in by_entry
        else (entry, judge, total, marks)
        for entry, judge, total, marks in count.rows
    ]
    return replace(count, rows=rows, panel=panel)


def _needed(stage: Stage) -> int:
    quorum = stage.quorum if stage.missing == "present" else 1
    return max(quorum, stage.min_judges)


def _score_stage(
    setup: Setup, count: StageCount, alive: set[str]
) -> tuple[Scored, list[Missing], set[str]]:
    stage, rubric = count.stage, count.rubric
    sheets: dict[str, list[Row]] = {entry: [] for entry in alive}
    dropped: list[Row] = []
    for row in count.rows:
        sheets.get(row[0], dropped).append(row)
    totals = {entry: list(map(total_of_row, rows)) for entry, rows in sheets.items() if rows}
    missing: list[Missing] = []
    if stage.missing == "block":
        missing = [
            Missing(stage.id, entry, judge)
            for judge, marked in _marked(count).items()
            for entry in sorted(_expected(setup, count, judge, alive) - marked)
        ]
    panel = _panel_parts(count, alive)
    missing += [Missing(stage.id, entry, "") for entry, part in panel.items() if part is None]
    needed = _needed(stage)
    ready = {
        entry: found
        for entry, found in totals.items()
        if len(found) >= needed and panel.get(entry, 0) is not None
    }
    short = alive - ready.keys() - {item.entry for item in missing}
    if stage.missing == "present":
        lacking = {entry for entry in short if len(totals.get(entry, ())) < stage.quorum}
        missing += [Missing(stage.id, entry, "") for entry in sorted(lacking)]
        short -= lacking
    if stage.between_judges == "placing":
        scores = _by_places(setup, count, ready, panel)
    else:
        combine = combiner(stage, rubric.judged.denominator)
        scores = {entry: combine(found) for entry, found in ready.items()}
        if panel:
            scores = {entry: score + (panel[entry] or 0) for entry, score in scores.items()}
    return Scored(count, sheets, totals, scores, panel), missing, short


def _marked(count: StageCount) -> dict[str, set[str]]:
    """Return the entries of which each judge's sheet is here."""
    marked: dict[str, set[str]] = {judge: set() for judge in count.judges}
    for judge, rows in groupby(count.rows, itemgetter(1)):
        marked[judge].update(map(itemgetter(0), rows))
    return marked


def _expected(setup: Setup, count: StageCount, judge: str, alive: set[str]) -> set[str]:
    """Return the entries of which a sheet of this judge is expected."""
    if judge in count.abstaining and count.abstaining[judge] is None:
        return set()
    setup = count.setup or setup
    assignment = setup.assignment(count.stage.id, judge)
    if assignment is None:
        return set()
    if assignment.entries is not None:
        alive = alive.intersection(assignment.entries)
    expected = alive & setup.entry_by_id.keys() if count.setup else alive
    return expected - set(assignment.excluded) - (count.abstaining.get(judge) or frozenset())


def _panel_parts(count: StageCount, alive: set[str]) -> dict[str, Fraction | None]:
    """Return what the panel's marks add to an entry's totals; ``None`` where one is missing."""
    weighing = count.rubric.by_panel
    if not weighing.leaves:
        return {}
    parts: dict[str, Fraction | None] = {}
    for entry in alive:
        steps = []
        for leaf in weighing.leaves:
            mark = count.panel.get((entry, leaf.id))
            index = None if mark is None else leaf.scale.index(Fraction(mark))
            if index is None:
                break
            steps.append(index)
        parts[entry] = (
            Fraction(weighing.numerator(steps), weighing.denominator)
            if len(steps) == len(weighing.leaves)
            else None
        )
    return parts


def _by_places(
    setup: Setup,
    count: StageCount,
    ready: Mapping[str, list[int]],
    panel: Mapping[str, Fraction | None],
) -> dict[str, Fraction]:
    scores: dict[str, Fraction] = {}
    unit = count.rubric.judged.denominator
    alike = {entry: int((part or 0) * unit) for entry, part in panel.items()}
    for group in setup.groups:
        members = {entry.id for entry in setup.entries if entry.group == group.id}
        totals: dict[str, dict[str, int]] = {}
        for entry, judge, total, _ in count.rows:
            if entry in members and entry in ready:
                totals.setdefault(entry, {})[judge] = total + alike.get(entry, 0)
        scores |= mean_places(totals)
    return scores


def _final_scores(scored: Sequence[Scored], rounding: Rounding) -> dict[str, Fraction]:
    """Combine stages: a gate restarts; weighted stages since the last gate are averaged."""
    run: list[Scored] = []
    for item in scored:
        if item.count.stage.combine == "gate":
            run = [item]
        else:
            run.append(item)
    if not run:
        return {}
    rounded = [_rounded(item.scores, rounding, ("stage",)) for item in run]
    if len(run) == 1:
        final = dict(rounded[0])
    else:
        weights = [item.count.stage.weight for item in run]
        whole = sum(weights, Fraction(0))
        if not whole:  # a stage closed under an earlier plan, averaged with one of a later
            return {}
        final = {
            entry: sum(
                (weight * scores[entry] for weight, scores in zip(weights, rounded, strict=True)),
                Fraction(0),
            )
            / whole
            for entry in rounded[0]
            if all(entry in scores for scores in rounded)
        }
    return _rounded(final, rounding, ("stage", "final"))


def _rounded(
    scores: Mapping[str, Fraction], rounding: Rounding, when: tuple[str, ...]
) -> dict[str, Fraction]:
    if rounding.when not in when:
        return dict(scores)
    return {entry: round_half_up(score, rounding.digits) for entry, score in scores.items()}


def _rank_group(  # noqa: PLR0917 - the facts of one group
    group: str,
    members: Sequence[str],
    final: Mapping[str, Fraction],
    statuses: Mapping[str, str],
    stopped: Mapping[str, str],
    scored: Sequence[Scored],
    facts: TieFacts,
    setup: Setup,
    state: DeskState,
    *,
    with_awards: bool,
) -> GroupStanding:
    last = scored[-1] if scored else None
    descending = not (last and last.count.stage.between_judges == "placing")
    sheets = {entry: len(found) for entry, found in last.totals.items()} if last else {}
    reached = last.count.stage.id if last else None
    ranked: list[Ranked] = []
    waiting: list[OpenTie] = []
    by_score = _by_score([(e, final[e]) for e in members if e in final], descending)
    prints = _prints([score for score, _ in by_score], setup.rules.rounding.digits)
    for (score, entries), text in zip(by_score, prints, strict=True):
        splits = [Split((entries[0],), None)]
        if len(entries) > 1:
            splits, undecided = split(entries, setup.rules.ties, facts, state.ties)
            waiting += undecided
        for part in splits:
            place = len(ranked) + 1
            shared = len(part.entries) > 1
            ranked += [
                Ranked(entry, place, score, text, sheets[entry], "present", reached, None, shared,
                       part.step)
                for entry in part.entries
            ]  # fmt: skip
    awards = [award for award in setup.rules.awards if award.group == group]
    lines: list[OpenAward] = []
    if with_awards:
        ranked = _with_decided(ranked, state.deviations.get(group, ()))
        ranked, lines = _with_awards(ranked, awards, state, group)
    unranked = [
        _without_place(entry, statuses[entry], stopped.get(entry), scored, sheets)
        for entry in members
        if entry not in final
    ]
    return GroupStanding(group, (*ranked, *unranked), tuple(waiting), tuple(lines))


def _without_place(
    entry: str,
    status: str,
    stopped: str | None,
    scored: Sequence[Scored],
    sheets: Mapping[str, int],
) -> Ranked:
    if status != "present":
        return Ranked(entry, None, None, None, 0, status)
    if stopped is None:
        return Ranked(entry, None, None, None, sheets.get(entry, 0), "incomplete")
    there = next((item for item in scored if item.count.stage.id == stopped), None)
    number = len(there.totals.get(entry, ())) if there else 0
    return Ranked(entry, None, None, None, number, "not-advanced", stopped)


def _with_decided(ranked: list[Ranked], order: Sequence[str]) -> list[Ranked]:
    """Say each entry's place in the panel's order: those that it names first, then the others.

    Others that share a computed place share the decided one too.
    """
    places = {item.entry: item.place for item in ranked}
    named = [entry for entry in order if entry in places]
    if not named:
        return ranked
    decided = {entry: number for number, entry in enumerate(named, start=1)}
    others = [item for item in ranked if item.entry not in decided]
    for _, group in groupby(others, lambda item: item.place):
        first = len(decided) + 1
        decided |= {item.entry: first for item in group}
    return [item._replace(decided=decided[item.entry]) for item in ranked]


def _by_score(
    scored: Sequence[tuple[str, Fraction]], descending: bool
) -> list[tuple[Fraction, list[str]]]:
    """Return the entries of equal score, best first.

    Scores are compared as integers over their common denominator: fractions are slow to hash.
    """
    common = lcm(*{score.denominator for _, score in scored})
    sets: dict[int, tuple[Fraction, list[str]]] = {}
    for entry, score in scored:
        key = score.numerator * (common // score.denominator)
        found = sets.get(key)
        if found is None:
            sets[key] = (score, [entry])
        else:
            found[1].append(entry)
    return [sets[key] for key in sorted(sets, reverse=descending)]


def _prints(scores: Sequence[Fraction], digits: int) -> list[str]:
    """Print distinct scores; equal prints get more digits until they differ."""
    prints = [printed(score, digits) for score in scores]
    more = digits
    while len(set(prints)) < len(prints):
        more += 1
        counts = Counter(prints)
        prints = [
            printed(score, more) if counts[text] > 1 else text
            for score, text in zip(scores, prints, strict=True)
        ]
    return prints


def _with_awards(
    ranked: list[Ranked], awards: Sequence[Award], state: DeskState, group: str
) -> tuple[list[Ranked], list[OpenAward]]:
    """Give each entry the smallest tier that holds its place; a tie across a line waits."""
    lines: list[OpenAward] = []
    given: dict[str, str] = {}
    blocked: set[str] = set()
    at_place: dict[int, list[str]] = {}
    for item in ranked:
        at_place.setdefault(_standing_place(item), []).append(item.entry)
    departs = bool(ranked) and ranked[0].decided is not None
    in_order = sorted(ranked, key=_standing_place) if departs else ranked
    for award in sorted(awards, key=lambda item: item.size):
        decided = state.awards.get((group, award.tier))
        if decided is not None:
            for entry in decided:
                given.setdefault(entry, award.tier)
            continue
        for item in in_order:
            place = _standing_place(item)
            if place > award.size:
                break
            if item.entry in given:
                continue
            sharing = at_place[place]
            if place + len(sharing) - 1 > award.size:
                blocked.update(sharing)
                lines.append(OpenAward(award.tier, tuple(sharing)))
                break
            if item.entry not in blocked:
                given[item.entry] = award.tier
    return [
        item._replace(award=given[item.entry]) if item.entry in given else item for item in ranked
    ], lines


def _standing_place(item: Ranked) -> int:
    """Return the place that awards follow: the panel's, where it departs from the computed one."""
    assert item.place is not None
    return item.decided or item.place
