"""Random small worlds for the ranking, and the same world as the program sees it."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.competition import Award, Competition, Group, Rounding, Rules, Stage
from kipp_desktop.domain.fold import DeskState, Tie
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import Assignment, Entry, Person, Setup
from kipp_desktop.domain.sheet import pack, total
from kipp_desktop.domain.standing import StageCount
from tests.reference_ranking import leaves

weights = st.sampled_from(["1", "2", "20", "0", "12.5", "0.3", "33.33"])
scales = st.sampled_from(
    [
        ("1", "10", "1"),
        ("0", "4", "0.5"),
        ("1", "4", "0.75"),
        ("0.2", "1.1", "0.3"),
        ("1", "2", "1"),
    ]
)


@st.composite
def rubrics(draw, total_rule=None):
    count = iter(range(100))

    def node(depth):
        found = {"id": f"c{next(count)}", "weight": Fraction(draw(weights))}
        if depth < 3 and draw(st.integers(0, 3)) == 0:
            found["children"] = nodes(depth + 1)
        else:
            found["scale"] = tuple(map(Fraction, draw(scales)))
            found["by"] = "panel" if draw(st.integers(0, 5)) == 0 else "judge"
        return found

    def nodes(depth):
        found = [node(depth) for _ in range(draw(st.integers(1, 3)))]
        if not any(item["weight"] for item in found):
            found[0]["weight"] = Fraction(7)
        return found

    tree = nodes(1)
    tree.append(
        {
            "id": "utama",
            "weight": Fraction(5),
            "scale": (Fraction(1), Fraction(3), Fraction(1)),
            "by": "judge",
        }
    )
    return {"total": total_rule or draw(st.sampled_from(["percent", "sum"])), "tree": tree}


def _marks_on(draw, scale):
    low, high, step = scale
    steps = int((high - low) / step)
    return low + step * draw(st.sampled_from([0, steps, steps // 2, min(1, steps)]))


@st.composite
def stages(draw, number, entries, combine, rubric, *, placing, whole):
    known = leaves(rubric)
    judges = [f"j{i}" for i in range(draw(st.integers(1, 5)))]
    some = st.lists(st.sampled_from(entries), unique=True, max_size=2)
    stage = {
        "id": f"s{number}",
        "combine": combine,
        "weight": Fraction(draw(st.sampled_from(["100", "60", "40", "0.5"]))),
        "between": draw(
            st.sampled_from(["mean", "median", "trimmed-mean", *(["placing"] if placing else [])])
        ),
        "trim_from": draw(st.sampled_from([3, 4])),
        "missing": draw(st.sampled_from(["block", "present"])),
        "quorum": draw(st.integers(1, 2)),
        "min_judges": 1 if whole else draw(st.sampled_from([1, 1, 2, 3])),
        "rubric": rubric,
        "judges": {judge: [e for e in entries if e not in draw(some)] for judge in judges},
        "abstain": {},
        "marks": {},
        "panel": {},
    }
    for judge in judges:
        if draw(st.integers(0, 4)) == 0 and not whole:
            stage["abstain"][judge] = draw(st.none() | some)
    for judge, assigned in stage["judges"].items():
        out = stage["abstain"].get(judge, [])
        for entry in assigned:
            if out is None or entry in out or (not whole and draw(st.integers(0, 9)) == 0):
                continue
            stage["marks"][judge, entry] = {
                leaf: _marks_on(draw, scale)
                for leaf, (_, scale, by) in known.items()
                if by == "judge"
            }
    for leaf, (_, scale, by) in known.items():
        for entry in entries:
            if by == "panel" and (whole or draw(st.integers(0, 19))):
                stage["panel"][entry, leaf] = _marks_on(draw, scale)
    return stage


@st.composite
def worlds(draw, whole=False):
    """``whole``: every sheet that is expected is there."""
    groups = ["umum", "khusus"][: draw(st.integers(1, 2))]
    gone = ["absent", "withdrawn", "disqualified"]
    status = st.just("present") if whole else st.sampled_from(["present"] * 27 + gone)
    entries = {
        f"e{i}": (draw(st.sampled_from(groups)), draw(status))
        for i in range(draw(st.integers(2, 6)))
    }
    names = list(entries)
    shape = draw(
        st.sampled_from(
            [["weighted"], ["gate"], ["weighted", "weighted"], ["gate", "weighted"],
             ["weighted", "gate"]]
        )
    )  # fmt: skip
    many = shape[-1] == "weighted" and len(shape) > 1
    rubric = draw(rubrics())
    found = [
        draw(
            stages(
                number,
                names,
                combine,
                rubric if many or draw(st.booleans()) else draw(rubrics()),
                placing=combine == "gate" and not many,
                whole=whole,
            )
        )
        for number, combine in enumerate(shape)
    ]
    steps = ["criterion:utama", "criterion:c0", "criterion:nowhere", "stage:s0", "stage:s1",
             "median", "fewest-below:2", "plenary", "lot"]  # fmt: skip
    world = {
        "groups": groups,
        "entries": entries,
        "stages": found,
        "rounding": (draw(st.integers(0, 3)), draw(st.sampled_from(["print", "stage", "final"]))),
        "ties": draw(st.lists(st.sampled_from(steps), unique=True, max_size=4)),
        "decided": draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["plenary", "lot"]),
                    st.lists(st.sampled_from(names), unique=True, min_size=2),
                ),
                max_size=2,
            )
        ),
        "awards": [
            (group, f"Top {size}", size)
            for group in groups
            for size in sorted(draw(st.sets(st.integers(1, 4), max_size=3)))
        ],
        "given": {},
    }
    for group, tier, _ in world["awards"]:
        members = [entry for entry, of in entries.items() if of[0] == group]
        if members and draw(st.integers(0, 4)) == 0:
            world["given"][group, tier] = draw(
                st.lists(st.sampled_from(members), unique=True, min_size=1)
            )
    return world


@st.composite
def decided_worlds(draw):
    """Worlds in which the panel let some go on, corrected marks and left the computed order."""
    world = draw(worlds())
    names = list(world["entries"])
    some = st.lists(st.sampled_from(names), unique=True)
    world["advances"], world["corrections"] = {}, {}
    for stage in world["stages"]:
        stage["advance"] = draw(st.sampled_from([None, None, 1, 2]))
        for group in world["groups"]:
            if draw(st.integers(0, 2 if stage["advance"] else 9)) == 0:
                world["advances"][stage["id"], group] = draw(some)
        for leaf, (_, scale, _) in leaves(stage["rubric"]).items():
            if draw(st.integers(0, 5)) == 0:
                low, high, step = scale
                mark = draw(st.sampled_from([low, high, high + step]))
                place = (stage["id"], draw(st.sampled_from(names)), leaf)
                world["corrections"][place] = format_decimal(mark)
    world["deviations"] = {
        group: draw(some) for group in world["groups"] if draw(st.integers(0, 3)) == 0
    }
    return world


def _rubric_table(rubric, name):
    def table(node):
        found = {"id": node["id"], "name": node["id"], "weight": format_decimal(node["weight"])}
        if "children" in node:
            return {**found, "criterion": [table(child) for child in node["children"]]}
        low, high, step = map(format_decimal, node["scale"])
        scale = {"min": low, "max": high, "step": step}
        return {**found, "marked_by": node["by"], "scale": scale}

    tree = [table(node) for node in rubric["tree"]]
    return {"id": name, "name": name, "total": rubric["total"], "criterion": tree}


def program_view(world, row_order=lambda rows: rows):
    """Return ``setup, state, counts`` of a world; ``row_order`` puts the sheets in an order."""
    built = [
        read_rubric(_rubric_table(stage["rubric"], f"r-{stage['id']}")) for stage in world["stages"]
    ]
    rules = Rules(
        stages=tuple(
            Stage(
                id=stage["id"],
                name=stage["id"],
                kind="presentation",
                rubric=rubric.fingerprint,
                between_judges=stage["between"],
                trim_from=stage["trim_from"],
                missing=stage["missing"],
                quorum=stage["quorum"],
                min_judges=stage["min_judges"],
                combine=stage["combine"],
                weight=stage["weight"],
                advance_per_group=stage.get("advance"),
            )
            for stage, rubric in zip(world["stages"], built, strict=True)
        ),
        ties=tuple(world["ties"]),
        rounding=Rounding(*world["rounding"]),
        awards=tuple(Award(*item) for item in world["awards"]),
    )
    people = sorted({judge for stage in world["stages"] for judge in stage["judges"]})
    setup = Setup(
        competition=Competition("Kompetisi", "Bagian Organisasi", 2021),
        groups=tuple(Group(group, group) for group in world["groups"]),
        rules=rules,
        rubrics=tuple(built),
        entries=tuple(
            Entry(entry, entry, entry, group=group)
            for entry, (group, _) in world["entries"].items()
        ),
        persons=tuple(Person(judge, "", ("judge",)) for judge in people),
        assignments=tuple(
            Assignment(stage["id"], judge, tuple(entries))
            for stage in world["stages"]
            for judge, entries in stage["judges"].items()
        ),
    )
    state = DeskState("desk")
    state.statuses = {entry: (status, "") for entry, (_, status) in world["entries"].items()}
    state.ties = [Tie(method, tuple(order), "") for method, order in world["decided"]]
    state.awards = {key: tuple(entries) for key, entries in world["given"].items()}
    state.advances = {at: tuple(entries) for at, entries in world.get("advances", {}).items()}
    state.deviations = {of: tuple(entries) for of, entries in world.get("deviations", {}).items()}
    state.corrections = dict(world.get("corrections", {}))
    counts = {}
    for stage, rubric, rule in zip(world["stages"], built, rules.stages, strict=True):
        rows = []
        for (judge, entry), marks in stage["marks"].items():
            packed = pack(rubric, {leaf: format_decimal(mark) for leaf, mark in marks.items()})
            assert packed is not None
            rows.append((entry, judge, total(rubric, packed), packed))
        counts[stage["id"]] = StageCount(
            rule,
            rubric,
            row_order(rows),
            list(stage["judges"]),
            {
                judge: None if out is None else frozenset(out)
                for judge, out in stage["abstain"].items()
            },
            {key: format_decimal(mark) for key, mark in stage["panel"].items()},
        )
    return setup, state, counts
