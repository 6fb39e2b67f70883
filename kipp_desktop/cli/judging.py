"""join, scores, abstain, hand-in: what members and clerks do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.setting_up import add_table_options, answer_import, layout_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import (
    abstaining,
    approving,
    desk,
    joining,
    judging,
    moving,
    paper,
    paper_reading,
    score_import,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    join = commands.add_parser(
        "join", parents=[shared], help=say(Text("join with the secretariat's package"))
    )
    join.add_argument("file", type=Path)
    join.add_argument("--as", dest="name", required=True, metavar="NAME")
    join.add_argument("--words", help=say(Text("the desk's six words, to compare")))
    join.add_argument("--out", type=Path, required=True, metavar="FILE")
    join.set_defaults(run=run_join)

    scores = commands.add_parser("scores", help=say(Text("marks: load drafts, sign sheets")))
    actions = scores.add_subparsers(dest="action", required=True)
    load = actions.add_parser("import", parents=[shared])
    add_table_options(load)
    load.add_argument("--stage")
    load.add_argument("--as", dest="judge", metavar="JUDGE")
    load.set_defaults(run=run_scores_import)
    move = actions.add_parser(
        "move", parents=[shared], help=say(Text("marks that stand at the wrong entry"))
    )
    move.add_argument("--entry", required=True, metavar="N")
    move.add_argument("--to", required=True, metavar="N")
    move.add_argument("--stage")
    move.add_argument("--as", dest="judge", metavar="JUDGE")
    move.add_argument("--reason", default="")
    move.set_defaults(run=run_scores_move)
    submit = actions.add_parser("submit", parents=[shared])
    submit.add_argument("--stage")
    submit.add_argument("--as", dest="judge", metavar="JUDGE")
    submit.add_argument("--reason", default="")
    add_which(submit)
    submit.set_defaults(run=run_scores_submit)

    abstain = commands.add_parser(
        "abstain", parents=[shared], help=say(Text("give no marks, and say why"))
    )
    add_which(abstain)
    which = abstain.add_mutually_exclusive_group(required=True)
    which.add_argument("--why", choices=("conflict", "absent"))
    which.add_argument("--withdraw", action="store_true", help=say(Text("it was a mistake")))
    abstain.add_argument("--reason", required=True)
    abstain.add_argument("--stage")
    abstain.add_argument("--as", dest="judge", metavar="JUDGE")
    abstain.set_defaults(run=run_abstain)

    approve = commands.add_parser(
        "approve", parents=[shared], help=say(Text("agree with the results, or dissent"))
    )
    approve.add_argument("file", type=Path, nargs="?")
    approve.add_argument("--dissent", metavar="REASON")
    approve.add_argument("--wet", metavar="NAME", help=say(Text("signed by hand, at the desk")))
    approve.set_defaults(run=run_approve)

    hand_in = commands.add_parser(
        "hand-in", parents=[shared], help=say(Text("write what was signed here for the desk"))
    )
    hand_in.add_argument("--out", type=Path, required=True, metavar="FILE")
    hand_in.set_defaults(run=run_hand_in)


def add_which(parser: argparse.ArgumentParser) -> None:
    """Add the choice between all entries and some."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true")
    which.add_argument("--entry", nargs="+", action="extend", metavar="N")


def run_join(session: Session, options: argparse.Namespace) -> int:
    """Join a competition."""
    joined = joining.join(
        session.home,
        options.file,
        options.name,
        options.out,
        options.words,
        session.new_passphrase(),
    )
    session.tell(
        Text("Joined “{name}”. Tell the secretariat these words:", name=joined.listed.name)
    )
    session.line(joined.words)
    if not joined.compared:
        session.warn(Text("The desk's words were not compared: this package could be anybody's."))
    session.answer(
        {
            "person": joined.person,
            "fingerprint": joined.fingerprint,
            "words": joined.words,
            "compared": joined.compared,
        }
    )
    return 0


def acting(
    session: Session, panel: Panel, judge: str | None, stage: str | None
) -> tuple[Card, judging.Marker]:
    """Return who acts: a judge here, or (with ``judge``) a clerk who types for that judge."""
    role = "clerk" if judge is not None else "member"
    card = session.home.card(panel.competition, role, session.options.person)
    if judge is not None:
        return card, paper.paper_marker(panel, card, judge, stage)
    return card, judging.marker_of(panel, card, stage)


def entries_of(panel: Panel, options: argparse.Namespace) -> set[str] | None:
    """Return the ids of the entries that are meant, ``None`` for all."""
    if options.all:
        return None
    return {desk.entry_of(panel, number) for number in options.entry}


def run_scores_import(session: Session, options: argparse.Namespace) -> int:
    """Load marks into drafts."""
    with session.open() as panel:
        _, marker = acting(session, panel, options.judge, options.stage)
        form = paper_reading.read_form(options.file)
        if form is not None:
            report = paper_reading.import_form(session.home, panel, marker, form)
        else:
            report = score_import.import_scores(
                session.home, panel, marker, options.file, layout_of(options)
            )
    return answer_import(session, report)


def run_scores_move(session: Session, options: argparse.Namespace) -> int:
    """Move marks from one entry to another."""
    home = session.home
    with session.open() as panel:
        card, marker = acting(session, panel, options.judge, options.stage)
        entry, to = desk.entry_of(panel, options.entry), desk.entry_of(panel, options.to)
        if moving.needs_signing(panel, marker, entry):
            identity = home.unlock(card)
            done = moving.move_signed(home, panel, marker, identity, entry, to, options.reason)
        else:
            done = moving.move_draft(home, panel, marker, entry, to)
    session.tell(
        Text(
            "The marks of number {number} now stand at number {to}.", number=done.number, to=done.to
        )
    )
    session.answer({"from": done.number, "to": done.to, "signed": done.signed})
    return 0


def run_scores_submit(session: Session, options: argparse.Namespace) -> int:
    """Sign complete sheets."""
    with session.open() as panel:
        card, marker = acting(session, panel, options.judge, options.stage)
        wanted = entries_of(panel, options)
        identity = session.home.unlock(card)
        result = judging.submit(session.home, panel, marker, identity, wanted, options.reason)
    session.tell(
        Text(
            "{done} sheets were signed, {open} are not complete.",
            done=len(result.submitted),
            open=len(result.incomplete),
        )
    )
    session.answer({"submitted": result.submitted, "incomplete": result.incomplete})
    return 0


def run_abstain(session: Session, options: argparse.Namespace) -> int:
    """Record an abstention, or take one back: a judge's own, or at the desk for a judge."""
    numbers = None if options.all else options.entry
    if options.withdraw:
        return _withdraw(session, options, numbers)
    with session.open() as panel:
        if options.judge is not None:
            person = panel.setup.person_by_id[desk.person_of(panel, options.judge)]
            stage = judging.open_stage(panel, person.roles, options.stage)
            desk.record_abstention(
                session.home, panel, options.judge, stage, numbers, options.why, options.reason
            )
        else:
            card, marker = acting(session, panel, None, options.stage)
            identity = session.home.unlock(card)
            judging.abstain(
                session.home, panel, marker, identity, numbers, options.why, options.reason
            )
    session.tell(Text("The abstention is signed."))
    session.answer({"abstained": numbers or "all"})
    return 0


def _withdraw(session: Session, options: argparse.Namespace, numbers: list[str] | None) -> int:
    home = session.home
    with session.open() as panel:
        if options.judge is not None:
            person = panel.setup.person_by_id[desk.person_of(panel, options.judge)]
            stage = judging.open_stage(panel, person.roles, options.stage)
            abstaining.withdraw_at_desk(home, panel, options.judge, stage, numbers, options.reason)
        else:
            card, marker = acting(session, panel, None, options.stage)
            abstaining.withdraw(home, panel, marker, home.unlock(card), numbers, options.reason)
    session.tell(Text("The abstention is taken back."))
    session.answer({"withdrawn": numbers or "all"})
    return 0


def own_card(session: Session, panel: Panel, person: str | None) -> Card:
    """Return the member who acts here; where nobody joined, the clerk."""
    cards = session.home.identities(panel.competition)
    if not cards:
        raise UsageError(
            "which-person",
            Text("Nobody has joined this competition here."),
            Text("Join first (kipp join)."),
        )
    role = "member" if any(card.role == "member" for card in cards) else "clerk"
    return session.home.card(panel.competition, role, person)


def run_approve(session: Session, options: argparse.Namespace) -> int:
    """Sign that a member agrees with the results or dissents."""
    if (options.file is None) == (options.wet is None):
        raise UsageError(
            "usage",
            Text("Either the result file or --wet NAME is needed."),
            Text("For example: kipp approve hasil.kipp"),
        )
    with session.open() as panel:
        if options.wet is not None:
            approving.record_wet(session.home, panel, options.wet, options.dissent)
            results = panel.state.results[-1].id
        else:
            card = own_card(session, panel, options.person)
            results = approving.approve(session.home, panel, card, options.file, options.dissent)
    session.tell(
        Text("The approval is signed.")
        if options.dissent is None
        else Text("The dissent is signed.")
    )
    session.answer({"results": results, "dissent": options.dissent})
    return 0


def run_hand_in(session: Session, options: argparse.Namespace) -> int:
    """Write a member's file."""
    with session.open() as panel:
        card = own_card(session, panel, options.person)
        written = joining.hand_in(session.home.context, panel, card, options.out)
    for file in written.files:
        session.tell(
            Text(
                "{count} signed records were written to {file}.",
                count=written.records,
                file=str(file),
            )
        )
    answer: dict[str, object] = {"file": str(written.files[0]), "records": written.records}
    if written.photos:
        answer |= {"files": [str(file) for file in written.files], "photos": written.photos}
    if written.slots:
        session.tell(Text("Times of {count} slots go with it, unsigned.", count=written.slots))
        answer["slots"] = written.slots
    session.answer(answer)
    return 0
