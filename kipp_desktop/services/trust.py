"""What is wrong with the ledgers that are here: forks, rollbacks, and what is cited and lacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.doubts import CitesLess, cites_less
from kipp_desktop.domain.records import SEEN
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Doubt:
    """Something that does not fit, in a sentence.

    ``code`` is ``desk-fork``, ``fork``, ``seen``, ``rollback`` or ``lacking``.
    """

    code: str
    key: str
    text: Text


def doubts(panel: Panel) -> list[Doubt]:
    """Return what does not fit in the ledgers of this competition."""
    found: list[Doubt] = []
    if panel.desk_forked is not None:
        found.append(
            Doubt(
                "desk-fork",
                panel.desk,
                Text(
                    "The desk's key has signed two different ledgers; only what stands up to its "
                    "record {seq} can be relied on.",
                    seq=panel.desk_forked,
                ),
            )
        )
    found += [
        Doubt(
            "fork",
            key,
            Text(
                "The key of {name} has signed two different versions; it counts up to record "
                "{seq}, the last that both share.",
                name=_name(panel, key),
                seq=panel.state.forked[key],
            ),
        )
        for key in panel.state.unsettled
    ]
    found += [
        Doubt(
            "seen",
            key,
            Text(
                "{name} had seen a record of the desk that the desk's ledger does not have: the "
                "desk forked or was rolled back.",
                name=_name(panel, key),
            ),
        )
        for key in _lost_seen(panel)
    ]
    found += [Doubt("rollback", item.key, rollback_text(item)) for item in _rollbacks(panel)]
    # Members never hold the ledgers of others.
    if any(row.author != panel.desk for row in panel.projection.ledgers()) and _is_desk(panel):
        found += [
            Doubt(
                "lacking",
                key,
                Text(
                    "Records of {name} that the desk cites are not here; no sheet is missing, the "
                    "ledger is.",
                    name=_name(panel, key),
                ),
            )
            for key in panel.lacking()
        ]
    return found


def rollback_text(item: CitesLess) -> Text:
    """Return the sentence about a record that cites less than a receipt before it."""
    return Text(
        "The desk's record {seq} cites the key {key} up to its record {cited}, though a receipt "
        "before it cites {receipted}: the desk was rolled back.",
        seq=item.record.seq,
        key=item.key[:12],
        cited=item.cited,
        receipted=item.receipted,
    )


def _is_desk(panel: Panel) -> bool:
    return panel.workbench.document("desk") is not None


def _name(panel: Panel, key: str) -> str:
    row = panel.projection.ledger(key)
    if row is None:
        return key[:12]
    return panel.setup.name_of(row.person) if panel.state.plan else row.person


def _lost_seen(panel: Panel) -> list[str]:
    known = {row.id for row in panel.projection.records(panel.desk)} | panel.branches.ids(
        panel.desk
    )
    lost = []
    for author in panel.ledgers.authors():
        held = panel.ledgers.read(author) if author != panel.desk else None
        if held is None:
            continue
        seen = {found.decode("ascii") for found in set(SEEN.findall(held[0]))}
        if seen - known - {""}:
            lost.append(author)
    return lost


def _rollbacks(panel: Panel) -> list[CitesLess]:
    records = [
        record
        for kind in ("receipt", "closing", "results")
        for record in panel.records(panel.desk, kind)
    ]
    exempt = {key.key for key in panel.state.keys.values() if key.revoked} | set(panel.state.forked)
    return cites_less(sorted(records, key=lambda item: item.seq), panel.seq_of, exempt)
