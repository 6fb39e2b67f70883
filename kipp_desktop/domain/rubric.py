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
from typing import TYPE_CHECKING, Any, Final, TypeVar

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
    from collections.abc import Callable, Iterator, Mapping, Sequence

TOTALS = ("percent", "sum")
MARKERS = ("judge", "panel")

#: A packed mark takes two bytes; the last value stands for "not marked yet".
MAX_STEPS = 0xFFFE

#: Totals are kept as 64-bit integers over the rubric's denominator.
MAX_NUMERATOR = 1 << 62

MAX_DEPTH = 4

T = TypeVar("T")


@dataclass(frozen=True)
class Scale:
    """The marks ``minimum``, ``minimum + step``, … ``maximum``; all are at least 0."""

    minimum: Fraction
    maximum: Fraction
    step: Fraction

    @cached_property
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
        for leaf in self.leaves:
            found += _level_warnings(leaf)
        return found


def _level_warnings(leaf: Leaf) -> list[Text]:
    """Return which marks of a leaf no level describes, or more than one; none without levels."""
    levels, name = leaf.criterion.levels, leaf.criterion.name
    found = [
        Text(
            "A level of “{name}” ({start} to {end}) lies outside its scale.",
            name=name,
            start=level.start,
            end=level.end,
        )
        for level in levels
        if level.start < leaf.scale.minimum or level.end > leaf.scale.maximum
    ]
    marks = [leaf.scale.mark(index) for index in range(leaf.scale.steps + 1)] if levels else []
    described = [sum(level.start <= mark <= level.end for level in levels) for mark in marks]
    if 0 in described:
        mark = marks[described.index(0)]
        found.append(Text("No level of “{name}” describes the mark {mark}.", name=name, mark=mark))
    twice = next((mark for mark, times in zip(marks, described, strict=True) if times > 1), None)
    if twice is not None:
        found.append(
            Text("Two levels of “{name}” describe the mark {mark}.", name=name, mark=twice)
        )
    return found


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: ``problem`` is a clause without its full stop.

    ``place`` are the positions that lead down the tree to a criterion (empty: the rubric itself),
    ``field`` the key of its table.
    """

    place: tuple[int, ...]
    field: str
    problem: Text


def read_rubric(table: Mapping[str, Any]) -> Rubric:
    """Return the rubric that a table (a TOML file, or the setup) describes.

    Raises :class:`KippError` with code ``bad-rubric`` naming the first mistake.
    """
    rubric, mistakes = examine_rubric(table)
    if rubric is None:
        raise _bad(mistakes[0].problem)
    return rubric


def examine_rubric(table: Mapping[str, Any]) -> tuple[Rubric | None, tuple[Mistake, ...]]:
    """Return the rubric that a table describes, or ``None`` and every mistake in it."""
    reader = _Reader()
    rubric = reader.rubric(table)
    if not reader.mistakes:
        reader.check_tree(rubric)
    if not reader.mistakes:
        reader.check_whole(rubric)
    return (None if reader.mistakes else rubric), tuple(reader.mistakes)


class _Reader:
    """Reads a table whole; where something is wrong it notes the mistake and goes on."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def rubric(self, table: Mapping[str, Any]) -> Rubric:
        whole = Text("the rubric")
        self._known(table, {"id", "name", "source", "total", "scale", "criterion"}, (), whole)
        return Rubric(
            id=self._noted((), "id", "", _id, table.get("id")),
            name=self._noted((), "name", "", _text, table, "name", whole),
            source=normalise(str(table.get("source", ""))),
            total=self._noted(
                (), "total", "percent", _choice, table.get("total", "percent"), TOTALS, "total"
            ),
            scale=self._scale(table, (), whole),
            criteria=self._criteria(table.get("criterion"), ()),
        )

    def _criteria(self, value: object, place: tuple[int, ...]) -> tuple[Criterion, ...]:
        if not isinstance(value, list) or not value:
            self._note(place, "criterion", Text("it has no criteria"))
            return ()
        if len(place) >= MAX_DEPTH:
            self._note(place, "criterion", Text("its tree is deeper than four levels"))
            return ()
        found = []
        for position, item in enumerate(value):
            here = (*place, position)
            if isinstance(item, dict):
                found.append(self._criterion(item, here))
            else:
                self._note(here, "", Text("a criterion is not a table"))
        return tuple(found)

    def _criterion(self, table: Mapping[str, Any], place: tuple[int, ...]) -> Criterion:
        identity = self._noted(place, "id", "", _id, table.get("id"))
        number = ".".join(str(position + 1) for position in place)
        name = table.get("name")
        called = normalise(name)[:60] if isinstance(name, str) else ""
        where = Text("criterion “{id}”", id=called or identity or number)
        known = {"id", "name", "weight", "description", "marked_by", "scale", "levels", "criterion"}
        self._known(table, known, place, where)
        name = self._noted(place, "name", "", _text, table, "name", where)
        weight = self._noted(
            place, "weight", Fraction(1), _decimal, table.get("weight", "1"), "weight", where
        )
        if weight < 0:
            self._note(place, "weight", Text("{where} has a negative weight", where=where))
        return Criterion(
            id=identity,
            name=name,
            weight=weight,
            description=normalise(str(table.get("description", ""))),
            marked_by=self._noted(
                place,
                "marked_by",
                "judge",
                _choice,
                table.get("marked_by", "judge"),
                MARKERS,
                "marked_by",
            ),
            scale=self._scale(table, place, where),
            levels=self._levels(table.get("levels", []), place, where),
            children=self._criteria(table["criterion"], place) if "criterion" in table else (),
        )

    def _scale(self, table: Mapping[str, Any], place: tuple[int, ...], where: Text) -> Scale | None:
        if "scale" not in table:
            return None
        return self._noted(place, "scale", None, _scale, table["scale"], where)

    def _levels(self, value: object, place: tuple[int, ...], where: Text) -> tuple[Level, ...]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            problem = Text("the levels of {where} are not a list of tables", where=where)
            self._note(place, "levels", problem)
            return ()
        levels = [self._noted(place, "levels", None, _level, item, where) for item in value]
        return tuple(level for level in levels if level is not None)

    def check_tree(self, rubric: Rubric) -> None:
        """Check what holds between the criteria."""
        ids: set[str] = set()
        for siblings, above in _sibling_sets(rubric.criteria):
            for position, criterion in enumerate(siblings):
                self._check_node(rubric, criterion, (*above, position), ids)
            if sum(criterion.weight for criterion in siblings) == 0:
                problem = Text(
                    "the weights of “{name}” and its siblings are all 0", name=siblings[0].name
                )
                self._note((*above, 0), "weight", problem)

    def _check_node(
        self, rubric: Rubric, criterion: Criterion, place: tuple[int, ...], ids: set[str]
    ) -> None:
        if criterion.id in ids:
            self._note(place, "id", Text("two criteria have the id “{id}”", id=criterion.id))
        ids.add(criterion.id)
        if criterion.children and criterion.scale is not None:
            problem = Text("“{name}” has both parts and a scale", name=criterion.name)
            self._note(place, "scale", problem)
        if not criterion.children and (criterion.scale or rubric.scale) is None:
            self._note(place, "scale", Text("“{name}” has no scale", name=criterion.name))

    def check_whole(self, rubric: Rubric) -> None:
        """Check what holds for the totals."""
        if not rubric.judged.leaves:
            self._note((), "criterion", Text("no criterion is marked by the judges"))
        if rubric.maximum * rubric._unit > MAX_NUMERATOR:  # noqa: SLF001 - its own module
            problem = Text("its weights have too many digits to be added exactly")
            self._note((), "criterion", problem)

    def _known(
        self, table: Mapping[str, Any], known: set[str], place: tuple[int, ...], where: Text
    ) -> None:
        for key in sorted(set(table) - known):
            problem = Text("{where} has an unknown key “{key}”", where=where, key=key[:40])
            self._note(place, key[:40], problem)

    def _noted(
        self,
        place: tuple[int, ...],
        field: str,
        instead: T,
        read: Callable[..., T],
        *arguments: Any,
    ) -> T:
        """Return what ``read`` returns, or ``instead`` and a note of what it refuses."""
        try:
            return read(*arguments)
        except _RefusedError as refused:
            self._note(place, field, refused.problem)
            return instead

    def _note(self, place: tuple[int, ...], field: str, problem: Text) -> None:
        self.mistakes.append(Mistake(place, field, problem))


class _RefusedError(Exception):
    """A single value that cannot be used."""

    def __init__(self, problem: Text) -> None:
        self.problem = problem


def _sibling_sets(
    criteria: tuple[Criterion, ...], above: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[Criterion, ...], tuple[int, ...]]]:
    yield criteria, above
    for position, criterion in enumerate(criteria):
        if criterion.children:
            yield from _sibling_sets(criterion.children, (*above, position))


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


def _level(item: Mapping[str, Any], where: Text) -> Level:
    for key in sorted(set(item) - {"from", "to", "text"}):
        raise _RefusedError(Text("{where} has an unknown key “{key}”", where=where, key=key[:40]))
    start = _decimal(item.get("from"), "from", where)
    end = _decimal(item.get("to"), "to", where)
    if start > end:
        raise _RefusedError(Text("a level of {where} ends before it starts", where=where))
    return Level(start, end, normalise(str(item.get("text", ""))))


def _scale(value: object, where: Text) -> Scale:
    if not isinstance(value, dict):
        raise _RefusedError(Text("the scale of {where} is not a table", where=where))
    for key in sorted(set(value) - {"min", "max", "step"}):
        raise _RefusedError(Text("{where} has an unknown key “{key}”", where=where, key=key[:40]))
    scale = Scale(
        _decimal(value.get("min"), "min", where),
        _decimal(value.get("max"), "max", where),
        _decimal(value.get("step", "1"), "step", where),
    )
    if not 0 <= scale.minimum < scale.maximum:
        raise _RefusedError(
            Text(
                "the lowest mark of the scale of {where} must be 0 or more, and below its highest",
                where=where,
            )
        )
    if scale.step <= 0 or ((scale.maximum - scale.minimum) / scale.step).denominator != 1:
        raise _RefusedError(
            Text("the steps of the scale of {where} do not reach its maximum", where=where)
        )
    if scale.steps > MAX_STEPS:
        raise _RefusedError(Text("the scale of {where} has more than 65,534 steps", where=where))
    return scale


#: What the keys of a file are called for people; the key stands behind, to be found in the file.
_WORDS: Final = {
    "weight": Text("weight (weight)"),
    "from": Text("start of a level (from)"),
    "to": Text("end of a level (to)"),
    "min": Text("lowest mark (min)"),
    "max": Text("highest mark (max)"),
    "step": Text("step between marks (step)"),
    "name": Text("name (name)"),
    "source": Text("source (source)"),
    "total": Text("how the total is made (total)"),
    "marked_by": Text("who marks (marked_by)"),
}


def _word(key: str) -> Text | str:
    return _WORDS.get(key, key)


def _decimal(value: object, key: str, where: Text) -> Fraction:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
        return Fraction(value)
    if not isinstance(value, str):
        raise _RefusedError(
            Text("“{key}” of {where} must be a number in quotes", key=_word(key), where=where)
        )
    try:
        return parse_decimal(value)
    except KippError as error:
        raise _RefusedError(
            Text(
                "“{key}” of {where} is not a plain decimal number such as 7.5",
                key=_word(key),
                where=where,
            )
        ) from error


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.match(value):
        raise _RefusedError(
            Text(
                "the id “{id}” may hold only small letters, digits and hyphens",
                id="" if value is None else str(value)[:40],
            )
        )
    return value


def _text(table: Mapping[str, Any], key: str, where: Text) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not normalise(value):
        raise _RefusedError(Text("{where} has no “{key}”", where=where, key=_word(key)))
    return normalise(value)


def _choice(value: object, choices: tuple[str, ...], key: str) -> str:
    if value not in choices:
        raise _RefusedError(
            Text("“{key}” must be one of: {choices}", key=_word(key), choices=", ".join(choices))
        )
    return str(value)


def _bad(problem: Text) -> KippError:
    return KippError(
        "bad-rubric",
        Text("The rubric cannot be used: {problem}.", problem=problem),
        Text("Correct the file and try again; “kipp rubric check FILE” names every mistake."),
    )
