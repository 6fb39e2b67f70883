"""The two sides of a forked key, mark by mark: what they share, where they part, who cites which.

Nothing is decided here; a fork is settled by a revocation at the head that stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.records import Record, parse
from kipp_desktop.services.audit import KINDS
from kipp_desktop.services.branches import shared
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Side:
    """One branch: its last record, and what of the desk's records cites it beyond the parting.

    ``read`` says whether it is the branch that is read now; ``cited`` are sentences.
    """

    head: str
    records: int
    first_at: str
    last_at: str
    read: bool
    cited: tuple[Text, ...]


@dataclass(frozen=True)
class Difference:
    """What the sides signed about one thing: a mark, or another record; and when, by their clocks.

    ``values`` and ``times`` have one item a side, in the order of :attr:`Fork.sides`; empty where
    a side says nothing about it.
    """

    entry: str
    what: Text | str
    values: tuple[Text | str, ...]
    times: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether all sides say the same."""
        return len(set(self.values)) == 1


@dataclass(frozen=True)
class Fork:
    """A forked key: ``shared`` records are common to all sides, and count until it is settled."""

    key: str
    name: str
    shared: int
    shared_head: str | None
    sides: tuple[Side, ...]
    differences: tuple[Difference, ...]


def fork_of(panel: Panel, key: str) -> Fork:
    """Return the sides of a forked key; ``LookupError`` where it has not forked."""
    held = panel.ledgers.read(key)
    others = [
        data for _, data, _ in panel.ledgers.forks() if parse(data.split(b"\n", 1)[0]).author == key
    ]
    if held is None or not others:
        msg = f"{key} has not forked"
        raise LookupError(msg)
    ledgers = [_records(data) for data in (held[0], *others)]
    common = min(shared(_ids(ledgers[0]), _ids(other)) for other in ledgers[1:])
    row = panel.projection.ledger(key)
    sides = [
        Side(
            records[-1].id,
            len(records) - common,
            records[min(common, len(records) - 1)].at,
            records[-1].at,
            number == 0,
            tuple(_citing(panel, key, {record.id for record in records[common:]})),
        )
        for number, records in enumerate(ledgers)
    ]
    tails = [_said(panel, records[common:]) for records in ledgers]
    things = dict.fromkeys(thing for tail in tails for thing in tail)
    nothing: tuple[Text | str, str] = ("", "")
    return Fork(
        key,
        panel.setup.name_of(row.person) if row else key[:12],
        common,
        ledgers[0][common - 1].id if common else None,
        tuple(sides),
        tuple(
            Difference(
                thing[0],
                thing[1],
                tuple(tail.get(thing, nothing)[0] for tail in tails),
                tuple(tail.get(thing, nothing)[1] for tail in tails),
            )
            for thing in things
        ),
    )


def _records(data: bytes) -> list[Record]:
    return [parse(line) for line in data.split(b"\n")[:-1]]


def _ids(records: list[Record]) -> list[str]:
    return [record.id for record in records]


def _said(
    panel: Panel, records: list[Record]
) -> dict[tuple[str, Text | str], tuple[Text | str, str]]:
    """Return by (entry's number, what it is about) what was said last, and when."""
    numbers = {entry.id: entry.number for entry in panel.setup.entries}
    found: dict[tuple[str, Text | str], tuple[Text | str, str]] = {}
    for record in records:
        body: dict[str, Any] = record.body
        entry = numbers.get(str(body.get("entry", "")), "")
        if record.kind != "score-sheet":
            found[entry, KINDS[record.kind]] = (_short(record), record.at)
        elif body["marks"] is None:
            found[entry, KINDS[record.kind]] = (Text("withdrawn"), record.at)
        else:
            rubric = panel.rubric(body["rubric"])
            names = {leaf.id: leaf.criterion.name for leaf in rubric.leaves} if rubric else {}
            order = [name for name in names if name in body["marks"]]
            for criterion in [*order, *(set(body["marks"]) - set(order))]:
                what = names.get(criterion, criterion)
                found[entry, what] = (str(body["marks"][criterion]), record.at)
    return found


def _short(record: Record) -> Text | str:
    """Return what a record that is no sheet says."""
    body: dict[str, Any] = record.body
    if record.kind == "abstention" and body["why"] is None:
        return Text("no longer abstaining")
    return str(body.get("reason") or body.get("dissent") or "") or Text("signed")


def _citing(panel: Panel, key: str, ids: set[str]) -> Iterator[Text]:
    """Say which of the desk's records cite a branch beyond what it shares with the others."""
    stages = {stage.id: stage.name for stage in panel.setup.rules.stages}
    for kind in ("receipt", "closing", "results"):
        for record in panel.records(panel.desk, kind):
            heads: Any = record.body["heads"]
            if heads.get(key) not in ids:
                continue
            if kind == "closing":
                name = stages.get(str(record.body["stage"]), str(record.body["stage"]))
                yield Text("the closing of the stage {stage}", stage=name)
            elif kind == "results":
                yield Text("the results (record {seq} of the desk)", seq=record.seq)
            else:
                yield Text("a receipt (record {seq} of the desk)", seq=record.seq)
