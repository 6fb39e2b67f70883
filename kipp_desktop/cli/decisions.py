"""decide, panel-mark: what the panel decides, each with its reason."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.numbers import mark_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import deciding, desk, plenary
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.panel import Panel


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    decide = commands.add_parser("decide", help=say(Text("record what the panel decided")))
    actions = decide.add_subparsers(dest="action", required=True)

    def add(name: str, run: Callable[..., int], *, votes: bool = True) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = actions.add_parser(name, parents=[shared])
        parser.add_argument("--reason", required=True)
        if votes:
            parser.add_argument(
                "--votes", nargs=3, type=int, metavar=("FOR", "AGAINST", "ABSTAINED")
            )
        parser.set_defaults(run=run)
        return parser

    waiting = actions.add_parser("list", parents=[shared])
    waiting.set_defaults(run=run_list)
    tie = add("tie", run_tie)
    tie.add_argument("numbers", nargs="+", metavar="N")
    tie.add_argument("--by", choices=("plenary", "lot"), default="plenary")
    award = add("award", run_award)
    award.add_argument("tier")
    award.add_argument("numbers", nargs="+", metavar="N")
    award.add_argument("--group")
    advance = add("advance", run_advance)
    advance.add_argument("stage")
    advance.add_argument("numbers", nargs="+", metavar="N")
    advance.add_argument("--group")
    deviate = add("deviate", run_deviate)
    deviate.add_argument("numbers", nargs="*", metavar="N")
    deviate.add_argument("--group")
    correct = add("correct", run_correct)
    correct.add_argument("number", metavar="N")
    correct.add_argument("--stage", required=True)
    correct.add_argument("--criterion", required=True, metavar="ID")
    which = correct.add_mutually_exclusive_group(required=True)
    which.add_argument("--mark")
    which.add_argument("--reject", action="store_true")
    correct.add_argument("--observation", metavar="RECORD")
    disqualify = add("disqualify", run_disqualify)
    disqualify.add_argument("number", metavar="N")
    disqualify.add_argument("--reject", action="store_true")
    disqualify.add_argument("--observation", metavar="RECORD")
    accept = add("accept", run_accept)
    accept.add_argument("--judge", required=True, metavar="NAME")
    accept.add_argument("--entry", required=True, metavar="N")
    accept.add_argument("--stage")
    accept.add_argument("--reject", action="store_true")
    revoke = add("revoke", run_revoke)
    revoke.add_argument("key", metavar="NAME|KEY")
    head = revoke.add_mutually_exclusive_group()
    head.add_argument("--head", metavar="RECORD")
    head.add_argument("--nothing", action="store_true")
    reopen = add("reopen", run_reopen)
    reopen.add_argument("stage")

    mark = commands.add_parser(
        "panel-mark", parents=[shared], help=say(Text("a criterion that the panel marks"))
    )
    mark.add_argument("--entry", required=True, metavar="N")
    mark.add_argument("--criterion", required=True, metavar="ID")
    mark.add_argument("mark", nargs="?")
    mark.add_argument("--withdraw", action="store_true")
    mark.add_argument("--stage")
    mark.add_argument("--reason", default="")
    mark.set_defaults(run=run_panel_mark)


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
        desk.decide_tie(
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
        desk.decide_award(
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
        return panel.setup.entry_by_id[desk.entry_of(panel, options.numbers[0])].group
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
