"""admit, merge, status: what arrives at the desk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.services import desk, inbox, replanning, standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.panel import Panel

OUTCOMES = {
    "merged": Text("taken"),
    "nothing-new": Text("nothing new"),
    "waiting-for-key": Text("kept; its key waits to be admitted"),
    "forked": Text("two different versions"),
    "refused": Text("refused"),
}


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    admit = commands.add_parser(
        "admit", parents=[shared], help=say(Text("this key is that person"))
    )
    admit.add_argument("file", type=Path)
    admit.add_argument("--words", help=say(Text("the six words that the person read aloud")))
    admit.add_argument("--yes", action="store_true", help=say(Text("admit without comparing")))
    admit.set_defaults(run=run_admit)

    merge = commands.add_parser("merge", parents=[shared], help=say(Text("take files in")))
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE")
    merge.add_argument("--receipt", type=Path, metavar="OUT")
    merge.set_defaults(run=run_merge)

    status = commands.add_parser("status", parents=[shared], help=say(Text("who has sent what")))
    status.set_defaults(run=run_status)


def run_admit(session: Session, options: argparse.Namespace) -> int:
    """Admit the keys that a file carries."""
    if (options.words is None) == (not options.yes):
        raise UsageError(
            "usage",
            Text("Either the words or --yes is needed."),
            Text('Let the person read the six words aloud: --words "…".'),
        )
    with session.open() as panel:
        merged = inbox.merge(session.home, panel, [options.file])
        outcome = merged.outcomes[0]
        if outcome.reason is not None:
            raise outcome.reason
        waiting = {key for key, _ in inbox.waiting_keys(panel)} & set(outcome.keys)
        if not waiting:
            raise KippError(
                "nothing-to-admit",
                Text("No key in this file waits to be admitted."),
                Text("“kipp status” shows who was admitted."),
            )
        admitted = []
        for key in sorted(waiting):
            desk.admit(session.home, panel, key, options.words)
            row = panel.projection.ledger(key)
            admitted.append(panel.setup.name_of(row.person if row else ""))
    session.tell(Text("Admitted: {names}.", names=", ".join(admitted)))
    session.answer({"admitted": admitted, "compared": options.words is not None})
    return 0


def run_merge(session: Session, options: argparse.Namespace) -> int:
    """Take files in; 1 if any was refused."""
    with session.open() as panel:
        merged = inbox.merge(session.home, panel, options.files, options.receipt)
        news = _tell_news(session, panel)
    files = []
    for item in merged.outcomes:
        reason = session.say(item.reason.what) if item.reason else None
        session.tell(
            Text(
                "{file}: {outcome} ({records} records)",
                file=item.file.name,
                outcome=OUTCOMES[item.outcome],
                records=item.records,
            )
        )
        if item.reason is not None:
            session.warn(Text("{file}: {reason}", file=item.file.name, reason=item.reason.what))
        files.append(
            {
                "file": str(item.file),
                "outcome": item.outcome,
                "records": item.records,
                "reason": reason,
            }
        )
    session.answer({"files": files, **({"plan_news": news} if news else {})})
    return 1 if merged.refused else 0


def _tell_news(session: Session, panel: Panel) -> list[str]:
    """Tell each member of this home once what a new plan changes for their marks; return it."""
    told = []
    for card in session.home.identities(panel.competition):
        news = replanning.plan_news(panel, card) if card.role == "member" else None
        if news is None:
            continue
        session.tell(
            Text("{name}: plan {revision} changes:", name=card.name, revision=news.revision)
        )
        for text in (*news.changes, *news.sheets, *news.drafts):
            session.tell(Text("- {what}", what=text))
            told.append(session.say(text))
        replanning.plan_told(panel, card)
    return told


def run_status(session: Session, _options: argparse.Namespace) -> int:
    """Say who has sent what."""
    with session.open() as panel:
        found = standing.status(panel)
    for item in found.people:
        session.tell(
            Text(
                "{name}: {sent} of {expected} sheets, {paper} from paper, {abstained} abstained",
                name=item.person,
                sent=item.sent,
                expected=item.expected,
                paper=item.paper,
                abstained=item.abstained,
            )
        )
    doubts = [
        {"code": item.code, "key": item.key, "text": session.say(item.text)}
        for item in found.doubts
    ]
    for doubt in found.doubts:
        session.warn(doubt.text)
    session.tell(Text("Complete.") if found.complete else Text("Not complete yet."))
    session.answer(
        {
            "people": [
                {
                    "person": item.person,
                    "sent": item.sent,
                    "expected": item.expected,
                    "abstained": item.abstained,
                    "paper": item.paper,
                }
                for item in found.people
            ],
            "complete": found.complete,
            **({"doubts": doubts} if doubts else {}),
        }
    )
    return 0
