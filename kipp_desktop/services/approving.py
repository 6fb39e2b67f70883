"""Approval and dissent: every member says of a results record "seen, and agreed", or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.services.checking import verify
from kipp_desktop.services.desk import desk_identity, person_of, reason_needed
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


def approve(home: Home, panel: Panel, card: Card, file: Path, dissent: str | None = None) -> str:
    """Check a result file, take it, and sign that this member agrees with it or dissents.

    Returns the id of the results record. Raises :class:`KippError` with code ``not-whole`` where
    the file does not hold what it promises.
    """
    if dissent is not None and not dissent.strip():
        raise reason_needed()
    found = verify(home.context, [file])
    if not found.ok:
        wrong = next(check for check in found.checks if not check.ok)
        raise KippError(
            "not-whole",
            Text("This result does not hold what it promises: {what}", what=wrong.detail),
            Text("Do not approve it; ask the secretariat. Nothing was signed."),
        )
    take_bundle(panel, file)
    results = _last_results(panel)
    identity = home.unlock(card)
    body = _body(card.person, results, dissent, wet=False)
    panel.sign(identity, home.context.at(), [("approval", body)])
    return results


def record_wet(home: Home, panel: Panel, name: str, dissent: str | None = None) -> Changes:
    """Record at the desk that a member signed the minutes by hand, or dissented there."""
    if dissent is not None and not dissent.strip():
        raise reason_needed()
    person = person_of(panel, name)
    body = _body(person, _last_results(panel), dissent, wet=True)
    panel.sign(desk_identity(home, panel), home.context.at(), [("approval", body)])
    return Changes.of("decisions", "results", persons=[person])


def _body(person: str, results: str, dissent: str | None, *, wet: bool) -> dict[str, Json]:
    said = dissent.strip() if dissent is not None else None
    return {"dissent": said, "person": person, "record": results, "wet": wet}


def _last_results(panel: Panel) -> str:
    if not panel.state.results:
        raise KippError(
            "no-results",
            Text("There are no results yet that could be approved."),
            Text("Publish them first (kipp publish)."),
        )
    return panel.state.results[-1].id
