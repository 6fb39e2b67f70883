"""paper: sheets to print, the proof of typing, initials, scans."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_entry,
    add_family,
    add_file,
    add_judge,
    add_out,
    add_stage_option,
    add_which,
)
from kipp_desktop.cli.judging import acting, entries_of
from kipp_desktop.errors import UsageError
from kipp_desktop.services import judging, naming, paper, paper_forms, scans
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.panel import Panel


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    actions = add_family(
        commands,
        "paper",
        say,
        Text("sheets on paper"),
        more=Text(
            "Score sheets to print, and what follows when the secretariat types them: the proof "
            "of typing, the initials of the judge, the scan."
        ),
        example="kipp paper form --all --out lembar.pdf",
    )

    form = add_command(
        actions,
        "form",
        say,
        Text("write score sheets: PDF, or .xlsx for one judge"),
        shared=shared,
        example='kipp paper form --as "Juri 1" --out lembar-juri-1.xlsx',
    )
    add_out(form, say, Text("the file to write: PDF, or .xlsx"))
    whose = form.add_mutually_exclusive_group()
    add_judge(whose, say, Text("name of the judge whose sheets they are"))
    whose.add_argument("--all", action="store_true", help=say(Text("all judges (the default)")))
    form.add_argument(
        "--entry",
        nargs="+",
        action="extend",
        metavar="N",
        help=say(Text("only the innovations with these numbers")),
    )
    add_stage_option(form, say)
    kind = form.add_mutually_exclusive_group()
    kind.add_argument(
        "--blank", action="store_true", help=say(Text("a spare sheet, judge and entry left open"))
    )
    kind.add_argument("--filled", action="store_true", help=say(Text("with the typed marks")))
    kind.add_argument("--book", action="store_true", help=say(Text("several entries to a page")))
    form.set_defaults(run=run_form)

    proof = add_command(
        actions,
        "proof",
        say,
        Text("print what was typed, for the judge's initials"),
        shared=shared,
    )
    add_judge(proof, say, required=True)
    add_out(proof, say, Text("the PDF to write"))
    add_stage_option(proof, say)
    proof.set_defaults(run=run_proof)

    check = add_command(
        actions, "check", say, Text("typed sheets were initialled by the judge"), shared=shared
    )
    add_judge(check, say, required=True)
    add_stage_option(check, say)
    add_which(check, say)
    check.set_defaults(run=run_check)

    scan = add_command(
        actions, "scan", say, Text("keep a scan beside a typed sheet"), shared=shared
    )
    add_file(scan, say, Text("the scan: PDF or picture"))
    add_judge(scan, say, required=True)
    add_entry(scan, say)
    add_stage_option(scan, say)
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
        wanted = {naming.entry_of(panel, number) for number in options.entry or ()} or None
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
        entry = naming.entry_of(panel, options.entry)
        scans.attach(session.home, panel, marker, entry, options.file)
        kept = scans.scans_of(panel, marker, entry)
    session.tell(Text("The scan is kept at this desk; it is not signed and not handed on."))
    session.answer({"sha256": kept[-1].sha256, "scans": len(kept)})
    return 0


def _whose(panel: Panel, options: argparse.Namespace) -> tuple[str, list[str]]:
    """Return the stage and the judges (ids) that are meant."""
    setup = panel.setup
    if options.judge is not None:
        person = naming.person_of(panel, options.judge)
        stage = judging.open_stage(panel, setup.person_by_id[person].roles, options.stage)
        return stage, [person]
    roles = {role for person in setup.persons for role in person.roles}
    stage = judging.open_stage(panel, roles, options.stage)
    return stage, list(panel.setup_for(stage).judges_of(stage))


def _written(session: Session, out: Path, count: int) -> int:
    session.tell(Text("{count} sheets were written to {file}.", count=count, file=str(out)))
    session.answer({"file": str(out), "sheets": count})
    return 0
