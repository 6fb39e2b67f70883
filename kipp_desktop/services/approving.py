"""Approval and dissent: every member says of a results record "seen, and agreed", or why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.services.approvals import Approval
from kipp_desktop.services.checking import Verification, verify
from kipp_desktop.services.desk import desk_identity, reason_needed
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.naming import person_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Offered:
    """A result file as a member looks at it before saying yes or no.

    ``said`` is what this member said of these results before, on this laptop.
    """

    file: Path
    verification: Verification
    said: Approval | None

    @property
    def can_be_approved(self) -> bool:
        """Whether the file holds what it promises, and carries results."""
        return self.verification.ok and bool(self.verification.results)


def look_at(home: Home, panel: Panel, card: Card, file: Path) -> Offered:
    """Check a result file for a member, and store nothing.

    Raises :class:`KippError` with code ``other-competition`` for results of another one.
    """
    found = verify(home.context, [file])
    if found.ok:
        _check_competition(panel, file)
    return Offered(file, found, own_word(panel, card, found.results))


def own_word(panel: Panel, card: Card, results: str) -> Approval | None:
    """Return what a member said of results on this laptop; ``None`` before."""
    said = None
    for record in panel.records(card.fingerprint, "approval"):
        body: dict[str, Any] = record.body
        if body["record"] == results:
            said = Approval(body["person"], body["dissent"], body["wet"], record.at)
    return said


def approve(  # noqa: PLR0917 - what is approved, by whom, and what was looked at
    home: Home,
    panel: Panel,
    card: Card,
    file: Path,
    dissent: str | None = None,
    looked_at: str | None = None,
) -> str:
    """Check a result file, take it, and sign that this member agrees with it or dissents.

    ``looked_at`` is the results record that the member was shown. Returns the id of the results
    record. Raises :class:`KippError` with code ``not-whole`` where the file does not hold what it
    promises, and ``other-results`` where it does not carry the last results that are known here,
    or not those that were looked at.
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
    if found.results != results or looked_at not in {None, results}:
        raise KippError(
            "other-results",
            Text("These are not the last results of this competition."),
            Text("Ask the secretariat for the new hasil.kipp and open it. Nothing was signed."),
        )
    identity = home.unlock(card)
    body = _body(card.person, results, dissent, wet=False)
    panel.sign(identity, home.context.at(), [("approval", body)])
    return results


def _check_competition(panel: Panel, file: Path) -> None:
    with Bundle.open(file) as bundle:
        if bundle.competition != panel.competition:
            raise KippError(
                "other-competition",
                Text("The file {file} belongs to another competition.", file=file.name),
                Text("Open that competition first, or ask for the right file."),
            )


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
