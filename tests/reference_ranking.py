"""A slow and obvious ranking: dicts and Fractions only, written apart from the program.

A *world* is a dict:

``groups``      list of names
``entries``     ``{entry: (group, status)}`` in order
``stages``      list of dicts: ``id combine weight between trim_from missing quorum min_judges
                rubric judges abstain marks panel``, where ``judges`` is ``{judge: entries}``,
                ``abstain`` is ``{judge: entries or None}`` (None: all), ``marks`` is
                ``{(judge, entry): {leaf: mark}}``, ``panel`` is ``{(entry, leaf): mark}``
``rounding``    ``(digits, when)``
``ties``        the ladder; ``decided`` is ``[(method, [entry, …]), …]``, oldest first
``awards``      ``[(group, tier, size), …]``; ``given`` is ``{(group, tier): [entry, …]}``

A rubric is ``{"total": …, "tree": [node, …]}``; a node is a dict ``id weight`` and either
``children`` or ``scale`` (min, max, step) and ``by``.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor


def leaves(rubric):
    """Return ``{leaf: (coefficient, scale, by)}``."""
    found = {}

    def walk(nodes, share):
        weights = sum(node["weight"] for node in nodes)
        for node in nodes:
            if rubric["total"] == "percent":
                part = share * Fraction(node["weight"]) / weights
            else:
                part = share * Fraction(node["weight"])
            if "children" in node:
                walk(node["children"], part)
            elif rubric["total"] == "percent":
                found[node["id"]] = (100 * part / node["scale"][1], node["scale"], node["by"])
            else:
                found[node["id"]] = (part, node["scale"], node["by"])

    walk(rubric["tree"], Fraction(1))
    return found


def full_sheets(stage, entry):
    """Return the marks of each judge's sheet, the panel's marks alike in every one of them."""
    panel = {leaf: mark for (of, leaf), mark in stage["panel"].items() if of == entry}
    return {
        judge: {**marks, **panel} for (judge, of), marks in stage["marks"].items() if of == entry
    }


def total(rubric, marks):
    return sum(of[0] * marks[leaf] for leaf, of in leaves(rubric).items())


def half_up(value, digits):
    return Fraction(floor(value * 10**digits + Fraction(1, 2)), 10**digits)


def middle(values):
    values = sorted(values)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def between(stage, totals):
    count = len(totals)
    if stage["between"] == "median":
        return middle(totals)
    if stage["between"] == "trimmed-mean" and count >= stage["trim_from"]:
        return sum(sorted(totals)[1:-1]) / (count - 2)
    return sum(totals) / count


def rank(world):
    alive = [entry for entry, (_, status) in world["entries"].items() if status == "present"]
    missing, waiting = set(), set()
    for stage in world["stages"]:
        stage["score"] = stage_scores(world, stage, alive, missing, waiting)
    final = final_scores(world)
    groups = {group: rank_group(world, group, final) for group in world["groups"]}
    return {"groups": groups, "missing": missing, "waiting": waiting, "complete": not missing}


def stage_scores(world, stage, alive, missing, waiting):
    by_panel = [leaf for leaf, of in leaves(stage["rubric"]).items() if of[2] == "panel"]
    totals = {}
    for entry in alive:
        gaps = set()
        sheets = full_sheets(stage, entry)
        if stage["missing"] == "block":
            for judge, entries in stage["judges"].items():
                out = stage["abstain"].get(judge, [])
                if entry in entries and out is not None and entry not in out:
                    gaps |= set() if judge in sheets else {(stage["id"], entry, judge)}
        elif len(sheets) < stage["quorum"]:
            gaps.add((stage["id"], entry, ""))
        panel_whole = all((entry, leaf) in stage["panel"] for leaf in by_panel)
        if not panel_whole:
            gaps.add((stage["id"], entry, ""))
        missing |= gaps
        least = max(stage["min_judges"], stage["quorum"] if stage["missing"] == "present" else 1)
        if len(sheets) >= least and panel_whole:
            totals[entry] = {
                judge: total(stage["rubric"], marks) for judge, marks in sheets.items()
            }
        elif not gaps:
            waiting.add(entry)
    if stage["between"] != "placing":
        return {entry: between(stage, list(of.values())) for entry, of in totals.items()}
    scores = {}
    for entry, of in totals.items():
        places = []
        for judge, mine in of.items():
            others = [
                totals[other][judge]
                for other in totals
                if judge in totals[other] and group_of(world, other) == group_of(world, entry)
            ]
            better = sum(value > mine for value in others)
            places.append(better + Fraction(sum(value == mine for value in others) + 1, 2))
        scores[entry] = sum(places) / len(places)
    return scores


def group_of(world, entry):
    return world["entries"][entry][0]


def final_scores(world):
    digits, when = world["rounding"]
    run = []
    for stage in world["stages"]:
        run = [stage] if stage["combine"] == "gate" else [*run, stage]
    final = {}
    for entry in world["entries"]:
        if not all(entry in stage["score"] for stage in run):
            continue
        parts = [stage["score"][entry] for stage in run]
        if when == "stage":
            parts = [half_up(part, digits) for part in parts]
        weights = [stage["weight"] for stage in run]
        if len(run) == 1:
            final[entry] = parts[0]
        else:
            weighted = sum(w * s for w, s in zip(weights, parts, strict=True))
            final[entry] = Fraction(weighted) / sum(weights)
        if when in {"stage", "final"}:
            final[entry] = half_up(final[entry], digits)
    return final


def rank_group(world, group, final):
    members = [entry for entry in final if group_of(world, entry) == group]
    lower_is_better = world["stages"][-1]["between"] == "placing"
    order = sorted({final[entry] for entry in members}, reverse=not lower_is_better)
    places, open_ties = {}, set()
    for score in order:
        tied = [entry for entry in members if final[entry] == score]
        for part, step in ladder(world, tied, world["ties"], None, [], open_ties):
            place = len(places) + 1
            for entry in part:
                places[entry] = {"place": place, "exact": score, "by": step}
    award, lines = awards(world, group, places)
    for entry, of in places.items():
        of["award"] = award.get(entry)
    return {"places": places, "ties": open_ties, "lines": lines}


def ladder(world, tied, steps, step, undecided, open_ties):  # noqa: PLR0917 - one recursion
    """Return ``[(entries, step that set them apart), …]`` in order."""
    if len(tied) == 1:
        return [(tied, step)]
    if not steps:
        if undecided:
            open_ties.add((frozenset(tied), tuple(undecided)))
        return [(tied, step)]
    now, rest = steps[0], steps[1:]
    if now in {"plenary", "lot"}:
        for method, order in reversed(world["decided"]):
            if method == now and all(entry in order for entry in tied):
                return [([entry], now) for entry in order if entry in tied]
        return ladder(world, tied, rest, step, [*undecided, now], open_ties)
    values = {entry: step_value(world, now, entry) for entry in tied}
    if None in values.values() or len(set(values.values())) == 1:
        return ladder(world, tied, rest, step, undecided, open_ties)
    found = []
    for value in sorted(set(values.values()), reverse=True):
        part = [entry for entry in tied if values[entry] == value]
        found += ladder(world, part, rest, now, undecided, open_ties)
    return found


def step_value(world, step, entry):
    """Return what a step compares; more is better."""
    name, _, argument = step.partition(":")
    last = world["stages"][-1]
    if name == "criterion":
        having = [stage for stage in world["stages"] if argument in leaves(stage["rubric"])]
        if not having:
            return None
        marks = [of[argument] for of in full_sheets(having[-1], entry).values()]
        return sum(marks) / Fraction(len(marks)) if marks else None
    if name == "stage":
        for stage in world["stages"]:
            if stage["id"] == argument and entry in stage["score"]:
                score = stage["score"][entry]
                return -score if stage["between"] == "placing" else score
        return None
    if name == "median":
        return middle([total(last["rubric"], m) for m in full_sheets(last, entry).values()])
    judged = {leaf for leaf, of in leaves(last["rubric"]).items() if of[2] == "judge"}
    return -sum(
        mark < Fraction(argument)
        for marks in full_sheets(last, entry).values()
        for leaf, mark in marks.items()
        if leaf in judged
    )


def awards(world, group, places):
    given, waiting, lines = {}, set(), set()
    tiers = [(size, tier) for of, tier, size in world["awards"] if of == group]
    for size, tier in sorted(tiers):
        if (group, tier) in world["given"]:
            for entry in world["given"][group, tier]:
                given.setdefault(entry, tier)
            continue
        for place in sorted({of["place"] for of in places.values()}):
            sharing = [entry for entry, of in places.items() if of["place"] == place]
            open_ones = [entry for entry in sharing if entry not in given]
            if place > size or not open_ones:
                continue
            if place + len(sharing) - 1 > size:
                lines.add((tier, frozenset(sharing)))
                waiting |= set(sharing)
            else:
                given |= {entry: tier for entry in open_ones if entry not in waiting}
    return given, lines
