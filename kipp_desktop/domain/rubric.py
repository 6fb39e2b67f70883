"""Rubrics: a tree of weighted criteria, whose leaves are marked on a scale.

A rubric is data: read from a table of the same keys as its TOML file, kept and hashed in one
canonical form. Its :class:`Weighing` turns the marks of a sheet into an exact total with integers
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import (
    ID,
    MAX_INTEGER,
    Json,
    digest,
    encode,
    format_decimal,
    normalise,
    parse_decimal,
)
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TOTALS = ("percent", "sum")
MARKERS = ("judge", "panel")

#: A packed mark takes two bytes; the last value stands for "not marked yet".
MAX_STEPS = 0xFFFE

#: Totals are kept as 64-bit integers over the rubric's denominator.
MAX_NUMERATOR = 1 << 62


@dataclass(frozen=True)
class Scale:
    """The marks ``minimum``, ``minimum + step``, … ``maximum``; all are at least 0."""

    minimum: Fraction
    maximum: Fraction
    step: Fraction

    @property
    def steps(self) -> int:
        """The number of steps from the lowest to the highest mark."""
        return int((self.maximum - self.minimum) / self.step)

    def index(self, mark: Fraction) -> int | None:
        """Return how many steps ``mark`` lies above the minimum; ``None`` when off the scale."""
        steps = (mark - self.minimum) / self.step
        if steps.denominator != 1 or not 0 <= steps <= self.steps:
            return None
        return int(steps)

    def mark(self, index: int) -> Fraction:
        """Return the mark ``index`` steps above the minimum."""
        return self.minimum + index * self.step

    def as_json(self) -> dict[str, Json]:
        """Return the table ``min``, ``max``, ``step`` with decimals as strings."""
        return {
            "max": format_decimal(self.maximum),
            "min": format_decimal(self.minimum),
            "step": format_decimal(self.step),
        }


@dataclass(frozen=True)
class Level:
    """What the marks from ``start`` to ``end`` mean, in a sentence (a descriptor)."""

    start: Fraction
    end: Fraction
    text: str


@dataclass(frozen=True)
class Criterion:
    """A node of the tree. A leaf has a scale (its own or the rubric's) and no children."""

    id: str
    name: str
    weight: Fraction
    description: str
    marked_by: str
    scale: Scale | None
    levels: tuple[Level, ...]
    children: tuple[Criterion, ...]

    def level_of(self, mark: Fraction) -> Level | None:
        """Return the level that describes ``mark``."""
        return next((level for level in self.levels if level.start <= mark <= level.end), None)


@dataclass(frozen=True)
class Leaf:
    """A criterion that is marked: ``total`` gets ``coefficient * mark``; ``path`` leads to it."""

    criterion: Criterion
    path: tuple[Criterion, ...]
    scale: Scale
    coefficient: Fraction

    @property
    def id(self) -> str:
        """The criterion's id."""
        return self.criterion.id

    @property
    def by_panel(self) -> bool:
        """Whether the panel marks it once for all judges."""
        return self.criterion.marked_by == "panel"


@dataclass(frozen=True)
class Weighing:
    """A total as an integer over ``denominator``: ``base + Σ factors[i] * index[i]``.

    ``index[i]`` is how many steps mark ``i`` lies above its scale's minimum.
    """

    leaves: tuple[Leaf, ...]
    denominator: int
    base: int
    factors: tuple[int, ...]

    @cached_property
    def readers(self) -> tuple[tuple[str, dict[str, bytes]], ...]:
        """For each leaf its id, and the packed mark (two bytes) by its decimal string."""
        return tuple(
            (
                leaf.id,
                {
                    format_decimal(leaf.scale.mark(index)): index.to_bytes(2)
                    for index in range(leaf.scale.steps + 1)
                },
            )
            for leaf in self.leaves
        )

    def numerator(self, indexes: Sequence[int]) -> int:
        """Return the total over the denominator of marks given as steps above the minimum."""
        parts: Iterator[int] = map(mul, self.factors, indexes)
        return self.base + sum(parts)


@dataclass(frozen=True)
class Rubric:
    """A rubric, in the order of its file."""

    id: str
    name: str
    source: str
    total: str
    scale: Scale | None
    criteria: tuple[Criterion, ...]

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves, depth first."""
        return tuple(self._leaves(self.criteria, (), Fraction(1)))

    def _leaves(
        self, criteria: tuple[Criterion, ...], path: tuple[Criterion, ...], share: Fraction
    ) -> Iterator[Leaf]:
        weights = sum((criterion.weight for criterion in criteria), Fraction(0))
        for criterion in criteria:
            here = (*path, criterion)
            part = criterion.weight / weights if self.total == "percent" else criterion.weight
            if criterion.children:
                yield from self._leaves(criterion.children, here, share * part)
                continue
            scale = criterion.scale or self.scale
            assert scale is not None, "checked when the rubric was read"
            whole = 100 / scale.maximum if self.total == "percent" else 1
            yield Leaf(criterion, here, scale, share * part * whole)

    @cached_property
    def judged(self) -> Weighing:
        """How the marks of a judge's sheet are weighed."""
        return _weighing(tuple(leaf for leaf in self.leaves if not leaf.by_panel), self._unit)

    @cached_property
    def by_panel(self) -> Weighing:
        """How the panel's marks are weighed, over the same denominator."""
        return _weighing(tuple(leaf for leaf in self.leaves if leaf.by_panel), self._unit)

    @cached_property
    def _unit(self) -> int:
        parts = [leaf.coefficient * leaf.scale.step for leaf in self.leaves]
        parts += [leaf.coefficient * leaf.scale.minimum for leaf in self.leaves]
        return lcm(*(part.denominator for part in parts))

    @cached_property
    def maximum(self) -> Fraction:
        """The highest total."""
        return sum((leaf.coefficient * leaf.scale.maximum for leaf in self.leaves), Fraction(0))

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return digest(encode(self.as_json()))

    @cached_property
    def shape(self) -> str:
        """The SHA-256 of leaves and scales: sheets fit every rubric of the same shape."""
        leaves: list[Json] = [
            {"id": leaf.id, "by_panel": leaf.by_panel, **leaf.scale.as_json()}
            for leaf in self.leaves
        ]
        return digest(encode(leaves))

    def as_json(self) -> dict[str, Json]:
        """Return the table with the keys of the TOML file; empty ones are left out."""
        table: dict[str, Json] = {
            "id": self.id,
            "name": self.name,
            "source": self.source,
            "total": self.total,
            "criterion": [_criterion_json(criterion) for criterion in self.criteria],
        }
        if self.scale is not None:
            table["scale"] = self.scale.as_json()
        return table

    def warnings(self) -> list[Text]:
        """Return what is allowed and yet perhaps not meant."""
        found = []
        weights = sum((criterion.weight for criterion in self.criteria), Fraction(0))
        if self.total == "percent" and weights != 100:
            found.append(
                Text(
                    "The weights of “{rubric}” sum to {sum}, not to 100; each share is of {sum}.",
                    rubric=self.name,
                    sum=weights,
                )
            )
        return found


def read_rubric(table: Mapping[str, Any]) -> Rubric:
    """Return the rubric that a table (a TOML file, or the setup) describes.

    Raises :class:`KippError` with code ``bad-rubric`` naming the first mistake.
    """
    _known(table, {"id", "name", "source", "total", "scale", "criterion"}, Text("the rubric"))
    rubric = Rubric(
        id=_id(table.get("id")),
        name=_text(table, "name", Text("the rubric")),
        source=normalise(str(table.get("source", ""))),
        total=_choice(table.get("total", "percent"), TOTALS, "total"),
        scale=_scale(table["scale"], Text("the rubric")) if "scale" in table else None,
        criteria=_criteria(table.get("criterion")),
    )
    _check_tree(rubric)
    return rubric


def _check_tree(rubric: Rubric) -> None:
    ids: set[str] = set()

    def visit(criterion: Criterion) -> None:
        if criterion.id in ids:
            raise _bad(Text("two criteria have the id “{id}”", id=criterion.id))
        ids.add(criterion.id)
        if criterion.children and criterion.scale is not None:
            raise _bad(Text("“{name}” has both parts and a scale", name=criterion.name))
        if not criterion.children and (criterion.scale or rubric.scale) is None:
            raise _bad(Text("“{name}” has no scale", name=criterion.name))
        for child in criterion.children:
            visit(child)

    for criterion in rubric.criteria:
        visit(criterion)
    for siblings in _sibling_sets(rubric.criteria):
        if sum(criterion.weight for criterion in siblings) == 0:
            raise _bad(
                Text("the weights of “{name}” and its siblings are all 0", name=siblings[0].name)
            )
    if not rubric.judged.leaves:
        raise _bad(Text("no criterion is marked by the judges"))
    if rubric.maximum * rubric._unit > MAX_NUMERATOR:  # noqa: SLF001 - its own module
        raise _bad(Text("its weights have too many digits to be added exactly"))


def _sibling_sets(criteria: tuple[Criterion, ...]) -> Iterator[tuple[Criterion, ...]]:
    yield criteria
    for criterion in criteria:
        if criterion.children:
            yield from _sibling_sets(criterion.children)


def _weighing(leaves: tuple[Leaf, ...], denominator: int) -> Weighing:
    base = sum((leaf.coefficient * leaf.scale.minimum for leaf in leaves), Fraction(0))
    return Weighing(
        leaves=leaves,
        denominator=denominator,
        base=int(base * denominator),
        factors=tuple(int(leaf.coefficient * leaf.scale.step * denominator) for leaf in leaves),
    )


def _criterion_json(criterion: Criterion) -> dict[str, Json]:
    table: dict[str, Json] = {
        "id": criterion.id,
        "name": criterion.name,
        "weight": format_decimal(criterion.weight),
        "marked_by": criterion.marked_by,
    }
    if criterion.description:
        table["description"] = criterion.description
    if criterion.scale is not None:
        table["scale"] = criterion.scale.as_json()
    if criterion.levels:
        table["levels"] = [
            {"from": format_decimal(v.start), "to": format_decimal(v.end), "text": v.text}
            for v in criterion.levels
        ]
    if criterion.children:
        table["criterion"] = [_criterion_json(child) for child in criterion.children]
    return table


def _criteria(value: object, depth: int = 1) -> tuple[Criterion, ...]:
    if not isinstance(value, list) or not value:
        raise _bad(Text("it has no criteria"))
    if depth > 4:
        raise _bad(Text("its tree is deeper than four levels"))
    return tuple(_criterion(item, depth) for item in value)


def _criterion(table: object, depth: int) -> Criterion:
    if not isinstance(table, dict):
        raise _bad(Text("a criterion is not a table"))
    identity = _id(table.get("id"))
    where = Text("criterion “{id}”", id=identity)
    known = {"id", "name", "weight", "description", "marked_by", "scale", "levels", "criterion"}
    _known(table, known, where)
    weight = _decimal(table.get("weight", "1"), "weight", where)
    if weight < 0:
        raise _bad(Text("{where} has a negative weight", where=where))
    return Criterion(
        id=identity,
        name=_text(table, "name", where),
        weight=weight,
        description=normalise(str(table.get("description", ""))),
        marked_by=_choice(table.get("marked_by", "judge"), MARKERS, "marked_by"),
        scale=_scale(table["scale"], where) if "scale" in table else None,
        levels=_levels(table.get("levels", []), where),
        children=_criteria(table["criterion"], depth + 1) if "criterion" in table else (),
    )


def _levels(value: object, where: Text) -> tuple[Level, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _bad(Text("the levels of {where} are not a list of tables", where=where))
    levels = []
    for item in value:
        _known(item, {"from", "to", "text"}, where)
        start = _decimal(item.get("from"), "from", where)
        end = _decimal(item.get("to"), "to", where)
        if start > end:
            raise _bad(Text("a level of {where} ends before it starts", where=where))
        levels.append(Level(start, end, normalise(str(item.get("text", "")))))
    return tuple(levels)


def _scale(value: object, where: Text) -> Scale:
    if not isinstance(value, dict):
        raise _bad(Text("the scale of {where} is not a table", where=where))
    _known(value, {"min", "max", "step"}, where)
    scale = Scale(
        _decimal(value.get("min"), "min", where),
        _decimal(value.get("max"), "max", where),
        _decimal(value.get("step", "1"), "step", where),
    )
    if not 0 <= scale.minimum < scale.maximum:
        raise _bad(Text("the scale of {where} needs 0 ≤ min < max", where=where))
    if scale.step <= 0 or ((scale.maximum - scale.minimum) / scale.step).denominator != 1:
        raise _bad(Text("the steps of the scale of {where} do not reach its maximum", where=where))
    if scale.steps > MAX_STEPS:
        raise _bad(Text("the scale of {where} has more than 65,534 steps", where=where))
    return scale


def _decimal(value: object, key: str, where: Text) -> Fraction:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
        return Fraction(value)
    if not isinstance(value, str):
        raise _bad(Text("“{key}” of {where} must be a number in quotes", key=key, where=where))
    try:
        return parse_decimal(value)
    except KippError as error:
        raise _bad(
            Text(
                "“{key}” of {where} is not a plain decimal number such as 7.5", key=key, where=where
            )
        ) from error


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.match(value):
        raise _bad(
            Text(
                "the id “{id}” may hold only small letters, digits and hyphens",
                id=str(value)[:40],
            )
        )
    return value


def _text(table: Mapping[str, Any], key: str, where: Text) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not normalise(value):
        raise _bad(Text("{where} has no “{key}”", where=where, key=key))
    return normalise(value)


def _choice(value: object, choices: tuple[str, ...], key: str) -> str:
    if value not in choices:
        raise _bad(Text("“{key}” must be one of: {choices}", key=key, choices=", ".join(choices)))
    return str(value)


def _known(table: Mapping[str, Any], known: set[str], where: Text) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise _bad(Text("{where} has an unknown key “{key}”", where=where, key=unknown[0][:40]))


def _bad(problem: Text) -> KippError:
    return KippError(
        "bad-rubric",
        Text("The rubric cannot be used: {problem}.", problem=problem),
        Text(
            "Correct the file and try again; “kipp rubric check FILE” names one mistake at a time."
        ),
    )
