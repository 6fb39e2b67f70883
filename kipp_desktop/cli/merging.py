"""admit, merge, status: what arrives at the desk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command, add_dry_run, add_file
from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.services import admission, inbox, replanning, standing, sticks
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.panel import Panel

OUTCOMES = {
    "merged": Text("taken"),
    "nothing-new": Text("nothing new"),
    "waiting-for-key": Text("kept; its key waits to be admitted"),
    "forked": Text("two different versions"),
    "refused": Text("refused"),
}


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    admit = add_command(
        commands,
        "admit",
        say,
        Text("this key is that person"),
        shared=shared,
        more=Text(
            "Admits the key of a member who joined: compare the six words that the person reads "
            "aloud, or say that nothing was compared."
        ),
    )
    add_file(admit, say, Text("the member's file (.kipp)"))
    admit.add_argument(
        "--words",
        metavar=say(Text("WORDS")),
        help=say(Text("the six words that the person read aloud, in quotes")),
    )
    admit.add_argument("--yes", action="store_true", help=say(Text("admit without comparing")))
    admit.set_defaults(run=run_admit)

    merge = add_command(
        commands,
        "merge",
        say,
        Text("take files in"),
        shared=shared,
        example="kipp merge juri-1.kipp juri-2.kipp --receipt tanda-terima.kipp",
    )
    merge.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar=say(Text("FILE")),
        help=say(Text("files of members, or folders with such files")),
    )
    merge.add_argument(
        "--receipt",
        type=Path,
        metavar=say(Text("FILE")),
        help=say(Text("write a receipt for the members here (.kipp)")),
    )
    add_dry_run(merge, say, Text("only say what the files would bring"))
    merge.set_defaults(run=run_merge)

    status = add_command(commands, "status", say, Text("show who has sent what"), shared=shared)
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
        admitted = [
            admission.admit(session.home, panel, key, options.words) for key in sorted(waiting)
        ]
    void = [item for item in admitted if item.void_until is not None]
    names = [item.name for item in admitted if item.void_until is None]
    if names:
        session.tell(Text("Admitted: {names}.", names=", ".join(names)))
    for item in void:
        session.warn(admission.void_text(item))
    session.answer(
        {
            "admitted": [item.name for item in admitted],
            "compared": options.words is not None,
            **({"void": [item.name for item in void]} if void else {}),
        }
    )
    return 0


def run_merge(session: Session, options: argparse.Namespace) -> int:
    """Take files in, or only say what they would bring; 1 if any was refused."""
    if options.dry_run and options.receipt is not None:
        raise UsageError(
            "usage",
            Text("A dry run stores nothing, so there is nothing to receipt."),
            Text("Leave out --dry-run or --receipt."),
        )
    with session.open() as panel:
        gathered = sticks.gather(session.home.context, options.files)
        found: Sequence[inbox.Examined | inbox.Outcome] = (
            inbox.examine(session.home, panel, gathered.files)
            if options.dry_run
            else inbox.merge(session.home, panel, gathered.files, options.receipt).outcomes
        )
        news = [] if options.dry_run else _tell_news(session, panel)
    for item in found:
        session.tell(
            Text(
                "{file}: {outcome} ({records} records)",
                file=item.file.name,
                outcome=OUTCOMES[item.outcome],
                records=item.records,
            )
        )
        if item.slots:
            session.tell(
                Text(
                    "{file}: times of {count} slots of the agenda",
                    file=item.file.name,
                    count=item.slots,
                )
            )
        if item.reason is not None:
            session.warn(Text("{file}: {reason}", file=item.file.name, reason=item.reason.what))
    if gathered.ignored:
        session.tell(Text("{count} other files were left alone.", count=gathered.ignored))
    session.answer(
        {
            "files": [
                {
                    "file": str(item.file),
                    "outcome": item.outcome,
                    "records": item.records,
                    "reason": session.say(item.reason.what) if item.reason else None,
                    **({"slots": item.slots} if item.slots else {}),
                }
                for item in found
            ],
            **({"plan_news": news} if news else {}),
        }
    )
    return 1 if any(item.outcome == "refused" for item in found) else 0


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
