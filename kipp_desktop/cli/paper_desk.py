"""paper: sheets to print, the proof of typing, initials, scans."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.judging import acting, add_which, entries_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import desk, judging, paper, paper_forms, scans
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
    sheets = commands.add_parser("paper", help=say(Text("sheets on paper")))
    actions = sheets.add_subparsers(dest="action", required=True)

    form = actions.add_parser(
        "form", parents=[shared], help=say(Text("write score sheets: PDF, or .xlsx for one judge"))
    )
    form.add_argument("--out", type=Path, required=True, metavar="FILE")
    whose = form.add_mutually_exclusive_group()
    whose.add_argument("--as", dest="judge", metavar="JUDGE")
    whose.add_argument("--all", action="store_true")
    form.add_argument("--entry", nargs="+", action="extend", metavar="N")
    form.add_argument("--stage")
    kind = form.add_mutually_exclusive_group()
    kind.add_argument(
        "--blank", action="store_true", help=say(Text("a spare sheet, judge and entry left open"))
    )
    kind.add_argument("--filled", action="store_true", help=say(Text("with the typed marks")))
    kind.add_argument("--book", action="store_true", help=say(Text("several entries to a page")))
    form.set_defaults(run=run_form)

    proof = actions.add_parser(
        "proof", parents=[shared], help=say(Text("print what was typed, for the judge's initials"))
    )
    proof.add_argument("--as", dest="judge", required=True, metavar="JUDGE")
    proof.add_argument("--out", type=Path, required=True, metavar="FILE")
    proof.add_argument("--stage")
    proof.set_defaults(run=run_proof)

    check = actions.add_parser(
        "check", parents=[shared], help=say(Text("typed sheets were initialled by the judge"))
    )
    check.add_argument("--as", dest="judge", required=True, metavar="JUDGE")
    check.add_argument("--stage")
    add_which(check)
    check.set_defaults(run=run_check)

    scan = actions.add_parser(
        "scan", parents=[shared], help=say(Text("keep a scan beside a typed sheet"))
    )
    scan.add_argument("file", type=Path)
    scan.add_argument("--as", dest="judge", required=True, metavar="JUDGE")
    scan.add_argument("--entry", required=True, metavar="N")
    scan.add_argument("--stage")
    scan.set_defaults(run=run_scan)


def run_form(session: Session, options: argparse.Namespace) -> int:
    """Write score sheets."""
    home, out = session.home, options.out
    workbook = out.suffix.lower() == ".xlsx"
    if workbook and (options.judge is None or options.blank or options.filled or options.book):
        raise UsageError(
            "usage",
            Text("A spreadsheet form is made for one judge."),
            Text('For example: kipp paper form --as "Juri 1" --out lembar-juri-1.xlsx'),
        )
    with session.open() as panel:
        stage, judges = _whose(panel, options)
        wanted = {desk.entry_of(panel, number) for number in options.entry or ()} or None
        if workbook:
            count = paper_forms.write_workbook(home, panel, stage, judges[0], out)
        elif options.blank:
            count = paper_forms.write_blank(home, panel, stage, out)
        elif options.book:
            count = paper_forms.write_book(home, panel, stage, judges, out)
        else:
            filled = None
            if options.filled:
                card = home.card(panel.competition, "clerk", options.person)
                filled = card.fingerprint
            count = paper_forms.write_sheets(home, panel, stage, judges, wanted, out, filled=filled)
    return _written(session, out, count)


def run_proof(session: Session, options: argparse.Namespace) -> int:
    """Write the proof of typing."""
    with session.open() as panel:
        _, marker = acting(session, panel, options.judge, options.stage)
        count = paper_forms.write_proof(session.home, panel, marker, options.out)
    return _written(session, options.out, count)


def run_check(session: Session, options: argparse.Namespace) -> int:
    """Record that typed sheets were printed back and initialled."""
    with session.open() as panel:
        card, marker = acting(session, panel, options.judge, options.stage)
        wanted = entries_of(panel, options)
        identity = session.home.unlock(card)
        done, _ = paper.check(session.home, panel, marker, identity, wanted)
    session.tell(Text("{count} typed sheets are initialled by the judge.", count=len(done)))
    session.answer({"checked": done})
    return 0


def run_scan(session: Session, options: argparse.Namespace) -> int:
    """Keep a scan beside a typed sheet."""
    with session.open() as panel:
        _, marker = acting(session, panel, options.judge, options.stage)
        entry = desk.entry_of(panel, options.entry)
        scans.attach(session.home, panel, marker, entry, options.file)
        kept = scans.scans_of(panel, marker, entry)
    session.tell(Text("The scan is kept at this desk; it is not signed and not handed on."))
    session.answer({"sha256": kept[-1].sha256, "scans": len(kept)})
    return 0


def _whose(panel: Panel, options: argparse.Namespace) -> tuple[str, list[str]]:
    """Return the stage and the judges (ids) that are meant."""
    setup = panel.setup
    if options.judge is not None:
        person = desk.person_of(panel, options.judge)
        stage = judging.open_stage(panel, setup.person_by_id[person].roles, options.stage)
        return stage, [person]
    roles = {role for person in setup.persons for role in person.roles}
    stage = judging.open_stage(panel, roles, options.stage)
    return stage, list(panel.setup_for(stage).judges_of(stage))


def _written(session: Session, out: Path, count: int) -> int:
    session.tell(Text("{count} sheets were written to {file}.", count=count, file=str(out)))
    session.answer({"file": str(out), "sheets": count})
    return 0
