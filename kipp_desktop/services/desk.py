"""What the secretariat's desk records with its key: statuses, abstentions, decisions, closings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import Identity
from kipp_desktop.services.naming import entry_of, person_of
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home


def desk_identity(home: Home, panel: Panel) -> Identity:
    """Return the desk's identity, able to sign."""
    return home.unlock(home.card(panel.competition, "desk"))


def record_status(home: Home, panel: Panel, number: str, status: str, reason: str) -> Changes:
    """Record that an entry is present, absent, withdrawn or disqualified, and why."""
    entry = entry_of(panel, number)
    if status != "present" and not reason.strip():
        raise reason_needed()
    body: dict[str, Json] = {"entry": entry, "reason": reason.strip(), "status": status}
    panel.sign(desk_identity(home, panel), home.context.at(), [("entry-status", body)])
    return Changes.of("entries", "decisions", entries=[entry])


def record_abstention(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    judge: str,
    stage: str,
    numbers: Sequence[str] | None,
    why: str,
    reason: str,
) -> Changes:
    """Record at the desk that a judge (by name) gives no marks to some entries, or to all."""
    person = person_of(panel, judge)
    body = abstention_body(panel, person, stage, numbers, why, reason)
    panel.sign(desk_identity(home, panel), home.context.at(), [("abstention", body)])
    return Changes.of("decisions", stages=[stage], persons=[person])


def abstention_body(  # noqa: PLR0917 - the words of the command
    panel: Panel,
    person: str,
    stage: str,
    numbers: Sequence[str] | None,
    why: str,
    reason: str,
) -> dict[str, Json]:
    """Return the body of an abstention."""
    if not reason.strip():
        raise reason_needed()
    panel.setup.rules.stage(stage)
    entries: list[Json] | None = None
    if numbers is not None:
        entries = [*sorted({entry_of(panel, number) for number in numbers})]
    return {
        "entries": entries,
        "judge": person,
        "reason": reason.strip(),
        "stage": stage,
        "supersedes": None,
        "why": why,
    }


@dataclass(frozen=True)
class Votes:
    """How the panel voted, where it did."""

    agreed: int
    against: int
    abstained: int

    def as_json(self) -> Json:
        """Return the votes as a decision carries them."""
        return {"abstained": self.abstained, "against": self.against, "for": self.agreed}


def decision_body(about: str, **fields: Json) -> dict[str, Json]:
    """Return the body of a decision; fields that its kind does not use are null."""
    body: dict[str, Json] = dict.fromkeys(
        (
            "accepted",
            "criterion",
            "group",
            "mark",
            "method",
            "record",
            "seed",
            "stage",
            "tier",
            "votes",
        ),
    )
    return {**body, "about": about, "entries": [], **fields}


def close_stage(home: Home, panel: Panel, stage: str) -> Changes:
    """Close a stage at the heads that are here: what counts is fixed."""
    panel.setup.rules.stage(stage)
    if stage in panel.state.closings:
        raise KippError(
            "already-closed",
            Text("The stage {stage} is closed already.", stage=stage),
            Text("Publish the results, or let the panel decide to reopen it."),
        )
    plan = panel.state.plan
    assert plan is not None
    body: dict[str, Json] = {"heads": undisputed_heads(panel), "plan": plan.id, "stage": stage}
    panel.sign(desk_identity(home, panel), home.context.at(), [("closing", body)])
    return Changes.of("decisions", "results", stages=[stage])


def heads(panel: Panel) -> dict[str, Json]:
    """Return the heads of every other ledger that is held here."""
    return {row.author: row.head for row in panel.projection.ledgers() if not row.desk}


def undisputed_heads(panel: Panel) -> dict[str, Json]:
    """Return the heads that a closing fixes: of a forked key the last record that is shared."""
    found = {author: panel.counted_head(author) for author in heads(panel)}
    return {author: head for author, head in found.items() if head is not None}


def reason_needed() -> KippError:
    """Return the error for an act that must be explained."""
    return KippError(
        "reason-needed",
        Text("A reason is needed; it will stand in the minutes."),
        Text("Write one sentence that says why."),
    )
