"""duplicates, selection, coverage: from a list of entries to the field that competes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_dry_run,
    add_family,
    add_number,
    add_out,
    add_reason,
)
from kipp_desktop.cli.numbers import day_of
from kipp_desktop.cli.tables import add_table_options, answer_import, layout_of
from kipp_desktop.files import write_whole
from kipp_desktop.services import duplicates, organisations, selection
from kipp_desktop.services.catalogues import load_checklist
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    _add_duplicates(commands, shared, say)
    _add_selection(commands, shared, say)
    coverage = add_command(
        commands,
        "coverage",
        say,
        Text("who entered how many, and who did not"),
        shared=shared,
        example="kipp coverage --out rekap.xlsx",
    )
    add_out(coverage, say, Text("the report to write: PDF, or .xlsx"), required=False)
    coverage.set_defaults(run=run_coverage)


def _add_duplicates(commands: Any, shared: Parser, say: Say) -> None:
    actions = add_family(
        commands,
        "duplicates",
        say,
        Text("entries that are perhaps one innovation"),
        example="kipp duplicates merge 07 12 --take summary",
    )
    listing = add_command(
        actions, "list", say, Text("list the pairs that wait for an answer"), shared=shared
    )
    listing.set_defaults(run=run_duplicates)
    keep = add_command(actions, "keep", say, Text("the two are two innovations"), shared=shared)
    add_number(keep, say, "first")
    add_number(keep, say, "second", letter="M")
    keep.set_defaults(run=run_keep)
    merge = add_command(actions, "merge", say, Text("N stays, M goes into it"), shared=shared)
    add_number(merge, say, "first")
    add_number(merge, say, "second", letter="M")
    merge.add_argument(
        "--take",
        action="append",
        default=[],
        choices=duplicates.MERGED,
        metavar=say(Text("FIELD")),
        help=say(
            Text(
                "take this from M in place of N's: number, title, organisation, unit, group, "
                "category, summary, contact or phone; may be given several times"
            )
        ),
    )
    merge.set_defaults(run=run_merge)
    drop = add_command(actions, "drop", say, Text("take N out of the list"), shared=shared)
    add_number(drop, say, "first")
    drop.set_defaults(run=run_drop)


def _add_selection(commands: Any, shared: Parser, say: Say) -> None:
    actions = add_family(
        commands,
        "selection",
        say,
        Text("the administrative selection"),
        more=Text(
            "The administrative selection: every innovation against a checklist, and who goes on."
        ),
        example="kipp selection check 07 proposal fail --reason kosong",
    )
    use = add_command(actions, "use", say, Text("choose the checklist"), shared=shared)
    use.add_argument(
        "checklist",
        nargs="?",
        metavar=say(Text("NAME|FILE")),
        help=say(Text("id of a checklist of the catalogue, or a file")),
    )
    use.add_argument(
        "--closes",
        type=day_of,
        metavar=say(Text("YYYY-MM-DD")),
        help=say(Text("when the registration closes: year, month, day, such as 2021-02-28")),
    )
    use.set_defaults(run=run_use)
    listing = add_command(
        actions, "list", say, Text("show every innovation with its items"), shared=shared
    )
    add_out(listing, say, Text("write the list to this file (.xlsx) as well"), required=False)
    listing.set_defaults(run=run_selection)
    check = add_command(actions, "check", say, Text("settle one item"), shared=shared)
    add_number(check, say)
    check.add_argument(
        "item",
        metavar=say(Text("ITEM")),
        help=say(Text("id of the item, as “kipp selection use” lists it")),
    )
    check.add_argument(
        "verdict",
        choices=("pass", "fail", "open"),
        metavar=say(Text("VERDICT")),
        help=say(Text("pass, fail (not passed) or open (again)")),
    )
    add_reason(check, say, Text("why; needed where the item is not passed"))
    check.set_defaults(run=run_check)
    accept = add_command(actions, "accept", say, Text("take over what is proposed"), shared=shared)
    accept.add_argument(
        "--entry",
        action="append",
        metavar="N",
        help=say(Text("only for this number; may be given several times; otherwise for all")),
    )
    accept.set_defaults(run=run_accept)
    winners = add_command(
        actions, "winners", say, Text("load earlier winners from a table"), shared=shared
    )
    add_table_options(winners, say)
    add_dry_run(winners, say, Text("only say what the table would change"))
    winners.set_defaults(run=run_winners)
    earlier = add_command(
        actions,
        "winners-of",
        say,
        Text("take over another competition's winners"),
        shared=shared,
    )
    earlier.add_argument(
        "name",
        metavar=say(Text("NAME|ID|FILE")),
        help=say(Text("name or id of a competition on this laptop, or a hasil.kipp")),
    )
    earlier.set_defaults(run=run_winners_of)
    record = add_command(
        actions, "record", say, Text("sign who goes on and who does not"), shared=shared
    )
    add_reason(record, say)
    record.set_defaults(run=run_record)


# -- duplicates ------------------------------------------------------------------------------------


def run_duplicates(session: Session, _options: argparse.Namespace) -> int:
    """List the pairs."""
    with session.open() as panel:
        found = duplicates.pairs(panel)
    rows = []
    for pair in found:
        one, other = pair.first, pair.second
        reason = session.say(duplicates.REASON_TEXTS[pair.reason])
        session.line(f"{one.number} {one.title} | {other.number} {other.title} | {reason}")
        rows.append(
            {
                "entries": [
                    {
                        "number": line.number,
                        "title": line.title,
                        "organisation": line.agency,
                        "marks": line.id in pair.marked,
                    }
                    for line in (one, other)
                ],
                "reason": pair.reason,
            }
        )
    session.answer({"pairs": rows})
    return 0


def run_keep(session: Session, options: argparse.Namespace) -> int:
    """Keep both."""
    with session.open() as panel:
        duplicates.keep_both(panel, options.first, options.second)
    session.tell(Text("{first} and {second} stay two.", first=options.first, second=options.second))
    session.answer({"kept": [options.first, options.second]})
    return 0


def run_merge(session: Session, options: argparse.Namespace) -> int:
    """Merge two entries."""
    taken = dict.fromkeys(options.take, "other")
    with session.open() as panel:
        duplicates.merge_entries(session.home, panel, options.first, options.second, taken)
    session.tell(Text("{second} went into {first}.", first=options.first, second=options.second))
    session.answer({"kept": [options.first], "gone": options.second})
    return 0


def run_drop(session: Session, options: argparse.Namespace) -> int:
    """Drop an entry."""
    with session.open() as panel:
        duplicates.drop(session.home, panel, options.first)
    session.tell(Text("{number} was taken out of the list.", number=options.first))
    session.answer({"gone": options.first})
    return 0


# -- selection -------------------------------------------------------------------------------------


def run_use(session: Session, options: argparse.Namespace) -> int:
    """Choose the checklist and the closing date."""
    with session.open() as panel:
        chosen = None
        if options.checklist is not None:
            chosen = load_checklist(options.checklist, Path())
        selection.use_checklist(session.home, panel, chosen, options.closes)
        checklist, day = selection.checklist_of(panel)
    for item in checklist.items:
        session.line(f"{item.id}\t{item.name}")
    session.answer(
        {
            "checklist": checklist.id,
            "closes": day.isoformat() if day else None,
            "items": [{"id": item.id, "name": item.name} for item in checklist.items],
        }
    )
    return 0


def run_selection(session: Session, options: argparse.Namespace) -> int:
    """List the entries with their items, and write the list."""
    with session.open() as panel:
        view = selection.selection_view(panel)
        if options.out is not None:
            write_whole(options.out, selection.selection_list(panel, session.catalogue))
    words = {True: Text("passed"), False: Text("not passed"), None: Text("open")}
    rows = []
    for line in view.lines:
        session.line(f"{line.entry.number}\t{line.entry.title}\t{session.say(words[line.passed])}")
        rows.append(
            {
                "number": line.entry.number,
                "title": line.entry.title,
                "passed": line.passed,
                "items": [
                    {
                        "item": state.item,
                        "passed": state.passed,
                        "reason": state.reason,
                        "proposed": state.proposal.passed,
                        "why": session.say(state.proposal.why),
                    }
                    for state in line.items
                ],
            }
        )
    session.answer({"checklist": view.checklist.id, "entries": rows})
    return 0


def run_check(session: Session, options: argparse.Namespace) -> int:
    """Settle one item of an entry."""
    passed = {"pass": True, "fail": False, "open": None}[options.verdict]
    with session.open() as panel:
        selection.set_verdict(
            session.home, panel, options.number, options.item, passed, options.reason
        )
    session.tell(Text("Recorded for entry {number}.", number=options.number))
    session.answer({"number": options.number, "item": options.item, "passed": passed})
    return 0


def run_accept(session: Session, options: argparse.Namespace) -> int:
    """Take over what is proposed."""
    with session.open() as panel:
        count, _ = selection.accept_proposals(session.home, panel, options.entry)
        left = selection.selection_view(panel).open
    session.tell(
        Text("{count} items settled; {left} entries are open.", count=count, left=len(left))
    )
    session.answer({"settled": count, "open": list(left)})
    return 0


def run_winners(session: Session, options: argparse.Namespace) -> int:
    """Load earlier winners."""
    with session.open() as panel:
        report = selection.import_winners(
            session.home, panel, options.file, layout_of(options), dry_run=options.dry_run
        )
    return answer_import(session, report)


def run_winners_of(session: Session, options: argparse.Namespace) -> int:
    """Take over the winners of another competition of this laptop."""
    with session.open() as panel:
        if options.name.casefold().endswith(".kipp"):
            count = selection.winners_in(session.home, panel, Path(options.name))
        else:
            count = selection.winners_of(session.home, panel, session.home.choose(options.name))
    session.tell(Text("{count} earlier winners were added.", count=count))
    session.answer({"added": count})
    return 0


def run_record(session: Session, options: argparse.Namespace) -> int:
    """Sign the outcome."""
    with session.open() as panel:
        selection.record_selection(session.home, panel, options.reason)
        lines = selection.selection_view(panel).lines
    passed = [line.entry.number for line in lines if line.passed]
    failed = [line.entry.number for line in lines if line.passed is False]
    session.tell(
        Text(
            "Recorded: {passed} entries go on, {failed} do not.",
            passed=len(passed),
            failed=len(failed),
        )
    )
    session.answer({"passed": passed, "failed": failed})
    return 0


# -- coverage --------------------------------------------------------------------------------------


def run_coverage(session: Session, options: argparse.Namespace) -> int:
    """Show who entered and who did not, and write the report."""
    with session.open() as panel:
        found = organisations.coverage_view(panel)
        if options.out is not None:
            if options.out.suffix.lower() == ".xlsx":
                data = organisations.coverage_xlsx(panel, session.catalogue)
            else:
                data = organisations.coverage_pdf(session.home, panel, session.catalogue)
            write_whole(options.out, data)
    for row in found.rows:
        session.line(f"{'  ' * row.depth}{row.name}\t{row.own}\t{row.total}")
    session.answer(
        {
            "obliged": found.obliged,
            "missing": [row.name for row in found.missing],
            "organisations": [
                {
                    "name": row.name,
                    "kind": row.kind,
                    "must_enter": row.must_enter,
                    "own": row.own,
                    "total": row.total,
                    "entries": list(row.numbers),
                }
                for row in found.rows
            ],
            "kinds": [
                {
                    "kind": row.kind,
                    "organisations": row.organisations,
                    "obliged": row.obliged,
                    "entered": row.entered,
                    "missing": row.missing,
                    "entries": row.entries,
                }
                for row in found.kinds
            ],
            "without": list(found.without),
        }
    )
    return 0
