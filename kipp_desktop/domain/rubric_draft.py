"""A rubric while it is edited: what was typed, also where it cannot be used yet.

Every value is the text that stands in its field, so that nothing is lost that has a mistake. Each
change returns a new draft; a place is the positions that lead down the tree (``(1, 0)``: the first
part of the second criterion).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import DECIMAL
from kipp_desktop.domain.competition import slug
from kipp_desktop.domain.rubric import Mistake, Rubric, examine_rubric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Place = tuple[int, ...]


@dataclass(frozen=True)
class ScaleDraft:
    """A scale as typed."""

    minimum: str = ""
    maximum: str = ""
    step: str = "1"


@dataclass(frozen=True)
class LevelDraft:
    """A level as typed: marks from ``start`` to ``end`` mean ``text``."""

    start: str = ""
    end: str = ""
    text: str = ""


@dataclass(frozen=True)
class NodeDraft:
    """A criterion as typed; ``scale`` is ``None`` where it has the rubric's."""

    id: str = ""
    name: str = ""
    weight: str = "1"
    description: str = ""
    marked_by: str = "judge"
    scale: ScaleDraft | None = None
    levels: tuple[LevelDraft, ...] = ()
    children: tuple[NodeDraft, ...] = ()


@dataclass(frozen=True)
class RubricDraft:
    """A rubric as typed."""

    id: str = ""
    name: str = ""
    source: str = ""
    total: str = "percent"
    scale: ScaleDraft | None = field(default_factory=lambda: ScaleDraft("1", "10"))
    criteria: tuple[NodeDraft, ...] = ()


@dataclass(frozen=True)
class WeightSum:
    """The sum of the weights of siblings below ``place``; ``None`` while one is no number.

    ``expected`` says that a sum other than 100 is perhaps not meant: the first level of a rubric
    in percent.
    """

    place: Place
    total: Fraction | None
    expected: bool


# -- from and to a table ---------------------------------------------------------------------------


def draft_of(table: Mapping[str, Any]) -> RubricDraft:
    """Return the draft of a table with the keys of a rubric's TOML file, whatever is in it."""
    return RubricDraft(
        id=_text(table.get("id", "")),
        name=_text(table.get("name", "")),
        source=_text(table.get("source", "")),
        total=_text(table.get("total", "percent")),
        scale=_scale_of(table.get("scale")),
        criteria=_nodes_of(table.get("criterion")),
    )


def _nodes_of(value: object, depth: int = 0) -> tuple[NodeDraft, ...]:
    if not isinstance(value, list) or depth > 16:
        return ()
    return tuple(
        NodeDraft(
            id=_text(item.get("id", "")),
            name=_text(item.get("name", "")),
            weight=_text(item.get("weight", "1")),
            description=_text(item.get("description", "")),
            marked_by=_text(item.get("marked_by", "judge")),
            scale=_scale_of(item.get("scale")),
            levels=tuple(
                LevelDraft(*(_text(level.get(key, "")) for key in ("from", "to", "text")))
                for level in _tables(item.get("levels"))
            ),
            children=_nodes_of(item.get("criterion"), depth + 1),
        )
        for item in _tables(value)
    )


def _scale_of(value: object) -> ScaleDraft | None:
    if not isinstance(value, dict):
        return None
    return ScaleDraft(
        _text(value.get("min", "")), _text(value.get("max", "")), _text(value.get("step", "1"))
    )


def _tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def table_of(draft: RubricDraft) -> dict[str, Any]:
    """Return the table of a draft; empty ids are made of the names."""
    taken = {node.id for _, node in walk(draft) if node.id}
    table: dict[str, Any] = {
        "id": draft.id.strip() or slug(draft.name),
        "name": draft.name,
        "source": draft.source,
        "total": draft.total,
        "criterion": [_node_table(node, taken) for node in draft.criteria],
    }
    if draft.scale is not None:
        table["scale"] = _scale_table(draft.scale)
    return table


def _node_table(node: NodeDraft, taken: set[str]) -> dict[str, Any]:
    identity = node.id.strip()
    if not identity:
        identity = unused(slug(node.name), taken)
        taken.add(identity)
    table: dict[str, Any] = {
        "id": identity,
        "name": node.name,
        "weight": _decimal(node.weight),
        "marked_by": node.marked_by,
    }
    if node.description.strip():
        table["description"] = node.description
    if node.scale is not None:
        table["scale"] = _scale_table(node.scale)
    if node.levels:
        table["levels"] = [
            {"from": _decimal(level.start), "to": _decimal(level.end), "text": level.text}
            for level in node.levels
        ]
    if node.children:
        table["criterion"] = [_node_table(child, taken) for child in node.children]
    return table


def _scale_table(scale: ScaleDraft) -> dict[str, Any]:
    return {
        "min": _decimal(scale.minimum),
        "max": _decimal(scale.maximum),
        "step": _decimal(scale.step),
    }


def _decimal(typed: str) -> str:
    """Return what was typed as a rubric's file writes it: a point, no needless zeros."""
    plain = typed.strip().replace(",", ".")
    if not plain.isascii() or plain.count(".") > 1 or not plain.replace(".", "").isdigit():
        return plain
    whole, _, part = plain.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    found = f"{whole}.{part}" if part else whole
    return found if DECIMAL.match(found) else plain


def unused(wanted: str, taken: set[str]) -> str:
    """Return ``wanted``, or with a number behind it the first that is not taken."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


# -- what stands in it -----------------------------------------------------------------------------


def walk(draft: RubricDraft) -> Iterator[tuple[Place, NodeDraft]]:
    """Yield every criterion with its place, depth first."""

    def below(nodes: tuple[NodeDraft, ...], above: Place) -> Iterator[tuple[Place, NodeDraft]]:
        for position, node in enumerate(nodes):
            yield (*above, position), node
            yield from below(node.children, (*above, position))

    return below(draft.criteria, ())


def node_at(draft: RubricDraft, place: Place) -> NodeDraft:
    """Return the criterion at a place; ``IndexError`` where there is none."""
    nodes = draft.criteria
    for position in place[:-1]:
        nodes = nodes[position].children
    return nodes[place[-1]]


def weight_sums(draft: RubricDraft) -> tuple[WeightSum, ...]:
    """Return the sum of each set of siblings, the rubric's own first."""
    sets: list[tuple[Place, tuple[NodeDraft, ...]]] = [((), draft.criteria)]
    sets += [(place, node.children) for place, node in walk(draft) if node.children]
    return tuple(
        WeightSum(place, _sum(nodes), draft.total == "percent" and place == ())
        for place, nodes in sets
    )


def _sum(nodes: tuple[NodeDraft, ...]) -> Fraction | None:
    weights = [_decimal(node.weight) for node in nodes]
    if not all(len(weight) <= 40 and DECIMAL.match(weight) for weight in weights):
        return None
    return sum(map(Fraction, weights), Fraction(0))


def examine_draft(draft: RubricDraft) -> tuple[Rubric | None, tuple[Mistake, ...]]:
    """Return the rubric that a draft describes, or ``None`` and every mistake by its place."""
    return examine_rubric(table_of(draft))


# -- changing it -----------------------------------------------------------------------------------


def with_node(draft: RubricDraft, place: Place, node: NodeDraft) -> RubricDraft:
    """Return the draft with another criterion at a place."""
    return _siblings(draft, place, lambda nodes, at: (*nodes[:at], node, *nodes[at + 1 :]))


def inserted(draft: RubricDraft, place: Place, node: NodeDraft) -> RubricDraft:
    """Return the draft with a new criterion at a place; what stood there moves down by one."""
    return _siblings(draft, place, lambda nodes, at: (*nodes[:at], node, *nodes[at:]))


def removed(draft: RubricDraft, place: Place) -> RubricDraft:
    """Return the draft without the criterion at a place and its parts."""
    return _siblings(draft, place, lambda nodes, at: (*nodes[:at], *nodes[at + 1 :]))


def moved(draft: RubricDraft, place: Place, by: int) -> RubricDraft:
    """Return the draft with a criterion ``by`` positions further down among its siblings."""

    def move(nodes: tuple[NodeDraft, ...], at: int) -> tuple[NodeDraft, ...]:
        rest = [*nodes[:at], *nodes[at + 1 :]]
        rest.insert(min(max(at + by, 0), len(rest)), nodes[at])
        return tuple(rest)

    return _siblings(draft, place, move)


def _siblings(
    draft: RubricDraft,
    place: Place,
    change: Callable[[tuple[NodeDraft, ...], int], tuple[NodeDraft, ...]],
) -> RubricDraft:
    def below(nodes: tuple[NodeDraft, ...], rest: Place) -> tuple[NodeDraft, ...]:
        at = rest[0]
        if len(rest) == 1:
            return change(nodes, at)
        child = replace(nodes[at], children=below(nodes[at].children, rest[1:]))
        return (*nodes[:at], child, *nodes[at + 1 :])

    return replace(draft, criteria=below(draft.criteria, place))
