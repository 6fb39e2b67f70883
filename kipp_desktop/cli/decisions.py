"""decide, panel-mark: what the panel decides, each with its reason."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_entry,
    add_family,
    add_group,
    add_number,
    add_numbers,
    add_reason,
    add_stage,
    add_stage_option,
)
from kipp_desktop.cli.numbers import mark_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import deciding, desk, naming, plenary
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.panel import Panel


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    actions = add_family(
        commands,
        "decide",
        say,
        Text("record what the panel decided"),
        more=Text("Records at the desk what the panel decided, each with its reason."),
        example='kipp decide tie 03 01 --reason "dampak lebih luas" --votes 4 1 0',
    )
    waiting = add_command(
        actions, "list", say, Text("list what waits for a decision"), shared=shared
    )
    waiting.set_defaults(run=run_list)

    def add(name: str, run: Callable[..., int], text: Text) -> Parser:
        parser = add_command(actions, name, say, text, shared=shared)
        add_reason(parser, say)
        _add_votes(parser, say)
        parser.set_defaults(run=run)
        return parser

    _add_places(add, say)
    _add_rulings(add, say)
    _add_panel_mark(commands, shared, say)


def _add_places(add: Callable[..., Parser], say: Say) -> None:
    in_order = Text("numbers of the innovations, the best first")
    tie = add("tie", run_tie, Text("how a tie was settled"))
    add_numbers(tie, say, in_order)
    tie.add_argument(
        "--by",
        choices=("plenary", "lot"),
        default="plenary",
        help=say(Text("by the panel in its plenary (the default), or by lot")),
    )
    group = Text("id of the group; otherwise that of the first number")
    award = add("award", run_award, Text("who gets an award"))
    award.add_argument(
        "tier", metavar=say(Text("AWARD")), help=say(Text("name of the award, such as “Top 6”"))
    )
    add_numbers(award, say, Text("numbers of the innovations that get it"))
    add_group(award, say, group)
    advance = add("advance", run_advance, Text("who goes on from a stage"))
    add_stage(advance, say)
    add_numbers(advance, say, Text("numbers of the innovations that go on"))
    add_group(advance, say, group)
    deviate = add("deviate", run_deviate, Text("the panel's own order of a group"))
    add_numbers(
        deviate, say, Text("numbers, the best first; none returns to the computed order"), "*"
    )
    add_group(deviate, say, group)


def _add_rulings(add: Callable[..., Parser], say: Say) -> None:
    correct = add("correct", run_correct, Text("a correction of a mark from the field"))
    add_number(correct, say)
    add_stage_option(
        correct, say, Text("id of the stage whose mark it is, such as presentasi"), required=True
    )
    _add_criterion(correct, say)
    which = correct.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--mark", metavar=say(Text("MARK")), help=say(Text("the corrected mark, such as 8 or 7.5"))
    )
    which.add_argument(
        "--reject", action="store_true", help=say(Text("the mark stays as the judges set it"))
    )
    _add_observation(correct, say)
    disqualify = add("disqualify", run_disqualify, Text("an innovation is disqualified, or stays"))
    add_number(disqualify, say)
    disqualify.add_argument(
        "--reject", action="store_true", help=say(Text("it was proposed, but the innovation stays"))
    )
    _add_observation(disqualify, say)
    accept = add("accept", run_accept, Text("a late sheet counts, or a sheet does not"))
    accept.add_argument(
        "--judge",
        required=True,
        metavar=say(Text("NAME")),
        help=say(Text("name of the judge whose sheet it is")),
    )
    add_entry(accept, say)
    add_stage_option(
        accept, say, Text("id of the stage, such as presentasi; by default the only one with marks")
    )
    accept.add_argument("--reject", action="store_true", help=say(Text("the sheet does not count")))
    revoke = add("revoke", run_revoke, Text("a key is lost or no longer valid"))
    revoke.add_argument(
        "key",
        metavar=say(Text("NAME|KEY")),
        help=say(Text("the person, or the beginning of the key as “kipp keys” lists it")),
    )
    head = revoke.add_mutually_exclusive_group()
    head.add_argument(
        "--head",
        metavar=say(Text("RECORD")),
        help=say(Text("id of the last record that counts; otherwise the last that is here")),
    )
    head.add_argument(
        "--nothing", action="store_true", help=say(Text("nothing that the key signed counts"))
    )
    reopen = add("reopen", run_reopen, Text("open a closed stage again"))
    add_stage(reopen, say)


def _add_panel_mark(commands: Any, shared: Parser, say: Say) -> None:
    mark = add_command(
        commands,
        "panel-mark",
        say,
        Text("a criterion that the panel marks"),
        shared=shared,
        more=Text("Sets a mark that the panel gives once for all, such as for attendance."),
        example="kipp panel-mark --entry 01 --criterion kehadiran 10",
    )
    add_entry(mark, say)
    _add_criterion(mark, say)
    mark.add_argument(
        "mark",
        nargs="?",
        metavar=say(Text("MARK")),
        help=say(Text("the mark, such as 8 or 7.5; not with --withdraw")),
    )
    mark.add_argument("--withdraw", action="store_true", help=say(Text("take the mark back")))
    add_stage_option(
        mark,
        say,
        Text("id of the stage; by default the only one whose rubric has the criterion"),
    )
    add_reason(mark, say, Text("why; needed where the mark replaces another"))
    mark.set_defaults(run=run_panel_mark)


def _add_votes(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--votes",
        nargs=3,
        type=int,
        metavar=(say(Text("FOR")), say(Text("AGAINST")), say(Text("ABSTAINED"))),
        help=say(Text("how many voted for it, against it and not at all, such as 5 1 0")),
    )


def _add_criterion(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--criterion",
        required=True,
        metavar="ID",
        help=say(Text("id of the criterion in its rubric, such as kebaruan")),
    )


def _add_observation(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--observation",
        metavar=say(Text("RECORD")),
        help=say(Text("id of the signed visit that it rests on")),
    )


def run_list(session: Session, _options: argparse.Namespace) -> int:
    """List what waits for the panel."""
    with session.open() as panel:
        found = plenary.cases(panel, open_early=True)
    for case in found:
        session.tell(case.waiting.text)
        for fact in case.facts:
            session.line(f"  {session.say(fact)}")
    if not found:
        session.tell(Text("Nothing waits for a decision."))
    session.answer(
        {
            "decisions": [
                {
                    "about": case.waiting.about,
                    "text": session.say(case.waiting.text),
                    "facts": [session.say(fact) for fact in case.facts],
                    "numbers": list(case.waiting.numbers),
                }
                for case in found
            ]
        }
    )
    return 0


def run_tie(session: Session, options: argparse.Namespace) -> int:
    """Record how a tie was settled."""
    with session.open() as panel:
        deciding.decide_tie(
            session.home, panel, options.numbers, options.by, options.reason, _votes(options)
        )
        setup = panel.setup
        order = [setup.entry_by_id[entry].number for entry in panel.state.ties[-1].order]
    session.tell(Text("Recorded, in this order: {numbers}.", numbers=", ".join(order)))
    session.answer({"order": order, "by": options.by})
    return 0


def run_award(session: Session, options: argparse.Namespace) -> int:
    """Record who gets an award."""
    with session.open() as panel:
        deciding.decide_award(
            session.home,
            panel,
            _group(panel, options),
            options.tier,
            options.numbers,
            options.reason,
            _votes(options),
        )
    session.tell(Text("Recorded: {tier}.", tier=options.tier))
    session.answer({"tier": options.tier, "numbers": options.numbers})
    return 0


def run_advance(session: Session, options: argparse.Namespace) -> int:
    """Record who goes on."""
    with session.open() as panel:
        deciding.decide_advance(
            session.home,
            panel,
            options.stage,
            _group(panel, options),
            options.numbers,
            options.reason,
            _votes(options),
        )
    session.tell(Text("{count} entries go on.", count=len(options.numbers)))
    session.answer({"stage": options.stage, "numbers": options.numbers})
    return 0


def run_deviate(session: Session, options: argparse.Namespace) -> int:
    """Record the panel's own order."""
    with session.open() as panel:
        group = _group(panel, options)
        deciding.decide_deviate(
            session.home, panel, group, options.numbers, options.reason, _votes(options)
        )
    session.tell(Text("Recorded, in this order: {numbers}.", numbers=", ".join(options.numbers)))
    session.answer({"group": group, "numbers": options.numbers})
    return 0


def run_correct(session: Session, options: argparse.Namespace) -> int:
    """Record a correction from the field."""
    mark = None if options.reject else mark_of(options.mark)
    with session.open() as panel:
        deciding.decide_correct(
            session.home,
            panel,
            options.stage,
            options.number,
            options.criterion,
            mark,
            options.reason,
            _votes(options),
            options.observation,
        )
    session.tell(Text("Recorded for entry {number}.", number=options.number))
    session.answer({"number": options.number, "accepted": mark is not None})
    return 0


def run_disqualify(session: Session, options: argparse.Namespace) -> int:
    """Record that an entry is disqualified, or that it stays."""
    with session.open() as panel:
        deciding.decide_disqualify(
            session.home,
            panel,
            options.number,
            not options.reject,
            options.reason,
            _votes(options),
            options.observation,
        )
    session.tell(Text("Recorded for entry {number}.", number=options.number))
    session.answer({"number": options.number, "accepted": not options.reject})
    return 0


def run_accept(session: Session, options: argparse.Namespace) -> int:
    """Record that a late sheet counts, or that a sheet does not."""
    with session.open() as panel:
        record = deciding.decide_accept(
            session.home,
            panel,
            _stage(panel, options),
            options.judge,
            options.entry,
            not options.reject,
            options.reason,
            _votes(options),
        )
    session.tell(Text("Recorded for entry {number}.", number=options.entry))
    session.answer({"record": record, "counts": not options.reject})
    return 0


def run_revoke(session: Session, options: argparse.Namespace) -> int:
    """Revoke a key at a head."""
    with session.open() as panel:
        revoked = deciding.revoke(
            session.home,
            panel,
            options.key,
            options.reason,
            options.head,
            _votes(options),
            nothing=options.nothing,
        )
    session.tell(Text("The key is revoked; what it signed later does not count."))
    if revoked.heir is not None:
        session.tell(Text("The second laptop of that person counts from now on."))
    heir = {} if revoked.heir is None else {"heir": revoked.heir}
    session.answer({"head": revoked.head, **heir})
    return 0


def run_reopen(session: Session, options: argparse.Namespace) -> int:
    """Reopen a stage."""
    with session.open() as panel:
        deciding.decide_reopen(session.home, panel, options.stage, options.reason, _votes(options))
    session.tell(Text("The stage {stage} is open again.", stage=options.stage))
    session.answer({"reopened": options.stage})
    return 0


def run_panel_mark(session: Session, options: argparse.Namespace) -> int:
    """Record a mark of the panel."""
    if (options.mark is None) != options.withdraw:
        raise UsageError(
            "usage",
            Text("Either a mark or --withdraw is needed."),
            Text("For example: kipp panel-mark --entry 01 --criterion kehadiran 10"),
        )
    mark = None if options.withdraw else mark_of(options.mark)
    with session.open() as panel:
        deciding.panel_mark(
            session.home,
            panel,
            _stage(panel, options, options.criterion),
            options.entry,
            options.criterion,
            mark,
            options.reason,
        )
    session.tell(Text("Recorded for entry {number}.", number=options.entry))
    session.answer({"number": options.entry, "criterion": options.criterion, "mark": options.mark})
    return 0


def _votes(options: argparse.Namespace) -> desk.Votes | None:
    if options.votes is None:
        return None
    if min(options.votes) < 0:
        raise UsageError(
            "usage",
            Text("Votes are counted from 0 on."),
            Text("For example: --votes 5 1 0 (for, against, abstained)."),
        )
    return desk.Votes(*options.votes)


def _group(panel: Panel, options: argparse.Namespace) -> str:
    """Return the group that is meant: named, or that of the first entry, or the first."""
    if options.group is not None:
        return str(options.group)
    if options.numbers:
        return panel.setup.entry_by_id[naming.entry_of(panel, options.numbers[0])].group
    return panel.setup.groups[0].id


def _stage(panel: Panel, options: argparse.Namespace, criterion: str = "") -> str:
    """Return the stage that is meant: named, or the only one with marks (and that criterion)."""
    if options.stage is not None:
        return str(options.stage)
    setup = panel.setup
    found = [
        stage.id
        for stage in setup.rules.stages
        if stage.rubric is not None
        and (not criterion or any(x.id == criterion for x in setup.rubric_of(stage).leaves))
    ]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "which-stage",
        Text("It is not clear which stage is meant."),
        Text("Name one with --stage: {stages}.", stages=", ".join(found)),
    )
