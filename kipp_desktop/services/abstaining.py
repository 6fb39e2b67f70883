"""Abstentions that stand, and taking one back that was a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.fold import abstentions_of
from kipp_desktop.errors import KippError
from kipp_desktop.services.desk import desk_identity, reason_needed
from kipp_desktop.services.naming import entry_of, person_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.fold import Abstention
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel


def standing(panel: Panel, marker: Marker) -> list[Abstention]:
    """Return the abstentions of a judge that stand, also where this key is not admitted yet."""
    if panel.key_of(marker.author):
        return panel.abstentions(marker.judge, marker.stage)
    own = panel.records(marker.author, "abstention")
    return abstentions_of(marker.judge, marker.stage, own, panel.state)


def withdraw(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    marker: Marker,
    identity: Identity,
    numbers: Sequence[str] | None,
    reason: str,
) -> Changes:
    """Sign that this judge marks some entries after all (``None``: all), and why.

    Raises :class:`KippError` with code ``reason-needed``, ``closed``, ``not-abstained``,
    ``abstained-from-all``, or ``not-own`` where the secretariat recorded it.
    """
    own = {record.id for record in panel.records(marker.author, "abstention")}
    found = standing(panel, marker)
    wanted = _wanted(panel, numbers)
    if any(item.id not in own for item in _touched(found, wanted)):
        raise KippError(
            "not-own",
            Text("The secretariat recorded this abstention."),
            Text("Ask the secretariat to take it back."),
        )
    bodies = _bodies(panel, marker.stage, found, wanted, reason)
    panel.sign(identity, home.context.at(), [("abstention", body) for body in bodies])
    return Changes.of("drafts", "ledgers", persons=[marker.judge])


def withdraw_at_desk(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    judge: str,
    stage: str,
    numbers: Sequence[str] | None,
    reason: str,
) -> Changes:
    """Sign at the desk that a judge (by name) marks after all, as :func:`withdraw`.

    Raises ``not-own`` where the judge signed the abstention.
    """
    person = person_of(panel, judge)
    own = {record.id for _, record in panel.state.abstentions}
    found = panel.abstentions(person, stage)
    wanted = _wanted(panel, numbers)
    if any(item.id not in own for item in _touched(found, wanted)):
        raise KippError(
            "not-own",
            Text("The judge signed this abstention."),
            Text("Ask the judge to take it back."),
        )
    bodies = _bodies(panel, stage, found, wanted, reason)
    identity = desk_identity(home, panel)
    panel.sign(identity, home.context.at(), [("abstention", body) for body in bodies])
    return Changes.of("decisions", stages=[stage], persons=[person])


def _wanted(panel: Panel, numbers: Sequence[str] | None) -> frozenset[str] | None:
    return None if numbers is None else frozenset(entry_of(panel, number) for number in numbers)


def _touched(found: Sequence[Abstention], wanted: Collection[str] | None) -> list[Abstention]:
    return [
        item
        for item in found
        if wanted is None or item.entries is None or item.entries & set(wanted)
    ]


def _bodies(
    panel: Panel,
    stage: str,
    found: Sequence[Abstention],
    wanted: frozenset[str] | None,
    reason: str,
) -> list[dict[str, Json]]:
    """Return for each abstention that is touched the record that takes its place."""
    if not reason.strip():
        raise reason_needed()
    if stage in panel.state.closings:
        raise KippError(
            "closed",
            Text("This stage is closed; its marks cannot be changed."),
            Text("The panel can decide to reopen it, or to accept a late sheet."),
        )
    touched = _touched(found, wanted)
    covered = frozenset().union(*(item.entries or () for item in touched))
    everything = any(item.entries is None for item in touched)
    if not touched or (wanted is not None and not everything and not wanted <= covered):
        raise KippError(
            "not-abstained",
            Text("No abstention is recorded here."),
            Text("Nothing has to be taken back."),
        )
    if wanted is not None and everything:
        raise KippError(
            "abstained-from-all",
            Text("The abstention is from all entries."),
            Text("Take it back as a whole, then abstain from single entries again."),
        )
    bodies = []
    for item in touched:
        left = frozenset() if wanted is None else (item.entries or frozenset()) - wanted
        # What remains of an abstention keeps its reason; only a whole one is withdrawn.
        rest = replace(item, entries=left) if left else item
        bodies.append(_body(rest, "" if left else reason.strip()))
    return bodies


def _body(item: Abstention, withdrawn: str) -> dict[str, Json]:
    entries: list[Json] | None = None if item.entries is None else [*sorted(item.entries)]
    return {
        "entries": entries,
        "judge": item.judge,
        "reason": withdrawn or item.reason,
        "stage": item.stage,
        "supersedes": item.id,
        "why": None if withdrawn else item.why,
    }
