"""join, scores, abstain, hand-in: what members and clerks do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_dissent,
    add_family,
    add_file,
    add_judge,
    add_out,
    add_reason,
    add_stage_option,
    add_which,
)
from kipp_desktop.cli.tables import add_table_options, answer_import, layout_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import (
    abstaining,
    approving,
    desk,
    joining,
    judging,
    moving,
    naming,
    paper,
    paper_reading,
    score_import,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    join = add_command(
        commands,
        "join",
        say,
        Text("join with the secretariat's package"),
        shared=shared,
        example='kipp join paket.kipp --as "Juri 1" --out juri-1-kunci.kipp',
    )
    add_file(join, say, Text("the package of the secretariat (.kipp)"))
    join.add_argument(
        "--as",
        dest="name",
        required=True,
        metavar=say(Text("NAME")),
        help=say(Text("your name, as the plan has it")),
    )
    join.add_argument(
        "--words",
        metavar=say(Text("WORDS")),
        help=say(Text("the desk's six words in quotes, to compare")),
    )
    add_out(join, say, Text("the file to write for the secretariat (.kipp)"))
    join.set_defaults(run=run_join)

    _add_scores(commands, shared, say)

    abstain = add_command(
        commands,
        "abstain",
        say,
        Text("give no marks, and say why"),
        shared=shared,
        example='kipp abstain --entry 07 --why conflict --reason "pernah membina"',
    )
    add_which(abstain, say)
    which = abstain.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--why",
        choices=("conflict", "absent"),
        help=say(Text("a conflict of interest (conflict), or not there (absent)")),
    )
    which.add_argument("--withdraw", action="store_true", help=say(Text("take an abstention back")))
    add_reason(abstain, say)
    add_stage_option(abstain, say)
    add_judge(abstain, say)
    abstain.set_defaults(run=run_abstain)

    approve = add_command(
        commands,
        "approve",
        say,
        Text("agree with the results, or dissent"),
        shared=shared,
        example="kipp approve hasil.kipp",
    )
    add_file(approve, say, Text("the result file (hasil.kipp); not with --wet"), nargs="?")
    add_dissent(approve, say)
    approve.add_argument(
        "--wet",
        metavar=say(Text("NAME")),
        help=say(Text("at the desk: this member signed the minutes by hand")),
    )
    approve.set_defaults(run=run_approve)

    hand_in = add_command(
        commands,
        "hand-in",
        say,
        Text("write what was signed here for the desk"),
        shared=shared,
        example="kipp hand-in --out juri-1.kipp",
    )
    add_out(hand_in, say, Text("the file to write for the secretariat (.kipp)"))
    hand_in.set_defaults(run=run_hand_in)


def _add_scores(commands: Any, shared: Parser, say: Say) -> None:
    actions = add_family(
        commands,
        "scores",
        say,
        Text("marks: load drafts, sign sheets"),
        more=Text(
            "Marks are drafts until “submit” signs them. With --as the secretariat types for a "
            "judge what stands on paper."
        ),
        example="kipp scores submit --all",
    )
    load = add_command(
        actions, "import", say, Text("load marks from a table as drafts"), shared=shared
    )
    add_table_options(load, say, Text("table with a column for each criterion, or a filled form"))
    add_stage_option(load, say)
    add_judge(load, say)
    load.set_defaults(run=run_scores_import)
    move = add_command(
        actions, "move", say, Text("move marks that stand at the wrong entry"), shared=shared
    )
    move.add_argument(
        "--entry",
        required=True,
        metavar="N",
        help=say(Text("number of the innovation where the marks stand")),
    )
    move.add_argument(
        "--to",
        required=True,
        metavar="N",
        help=say(Text("number of the innovation where they belong")),
    )
    add_stage_option(move, say)
    add_judge(move, say)
    add_reason(move, say, Text("why; needed where the marks are signed"))
    move.set_defaults(run=run_scores_move)
    submit = add_command(
        actions, "submit", say, Text("sign complete sheets, and list the others"), shared=shared
    )
    add_stage_option(submit, say)
    add_judge(submit, say)
    add_reason(submit, say, Text("why; needed where a signed sheet is corrected"))
    add_which(submit, say)
    submit.set_defaults(run=run_scores_submit)


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
    return {naming.entry_of(panel, number) for number in options.entry}


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
        entry, to = naming.entry_of(panel, options.entry), naming.entry_of(panel, options.to)
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
            person = panel.setup.person_by_id[naming.person_of(panel, options.judge)]
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
            person = panel.setup.person_by_id[naming.person_of(panel, options.judge)]
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
