"""entry-status, close, rank, publish: from the sheets to the result."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_group,
    add_number,
    add_out_folder,
    add_reason,
    add_stage,
    add_stage_option,
)
from kipp_desktop.services import desk, publishing, standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.domain.standing import Standing

STATUSES = ("present", "absent", "withdrawn", "disqualified")


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    status = add_command(
        commands,
        "entry-status",
        say,
        Text("a team is absent, withdrawn …"),
        shared=shared,
        more=Text("Records at the desk what became of an innovation on the day."),
        example='kipp entry-status 07 absent --reason "tidak datang"',
    )
    add_number(status, say)
    status.add_argument(
        "status",
        choices=STATUSES,
        metavar=say(Text("STATUS")),
        help=say(Text("present (again), absent, withdrawn or disqualified")),
    )
    add_reason(status, say)
    status.set_defaults(run=run_entry_status)

    close = add_command(
        commands,
        "close",
        say,
        Text("close a stage"),
        shared=shared,
        more=Text(
            "Closes a stage: what arrives later counts only if the panel accepts it. “kipp "
            "publish” closes what is complete by itself."
        ),
    )
    add_stage(close, say)
    close.set_defaults(run=run_close)

    rank = add_command(commands, "rank", say, Text("the computed places"), shared=shared)
    add_group(rank, say, Text("id of the group to show; otherwise all"))
    add_stage_option(rank, say, Text("the ranking of this stage alone; otherwise the final one"))
    rank.set_defaults(run=run_rank)

    publish = add_command(
        commands,
        "publish",
        say,
        Text("sign the results, write the documents"),
        shared=shared,
        example="kipp publish --out hasil --number 188/45/2021",
    )
    add_out_folder(publish, say, Text("folder to write the documents to"))
    publish.add_argument(
        "--number",
        default="",
        metavar=say(Text("NUMBER")),
        help=say(Text("number of the minutes")),
    )
    publish.set_defaults(run=run_publish)


def run_entry_status(session: Session, options: argparse.Namespace) -> int:
    """Record the status of an entry."""
    with session.open() as panel:
        desk.record_status(session.home, panel, options.number, options.status, options.reason)
    session.tell(Text("Recorded for entry {number}.", number=options.number))
    session.answer({"number": options.number, "status": options.status})
    return 0


def run_close(session: Session, options: argparse.Namespace) -> int:
    """Close a stage."""
    with session.open() as panel:
        missing = [m for m in standing.standing(panel).missing if m.stage == options.stage]
        desk.close_stage(session.home, panel, options.stage)
    if missing:
        session.warn(
            Text(
                "{count} sheets were missing when the stage was closed; later ones count only if "
                "the panel accepts them.",
                count=len(missing),
            )
        )
    session.tell(Text("The stage {stage} is closed.", stage=options.stage))
    session.answer({"closed": options.stage})
    return 0


def run_rank(session: Session, options: argparse.Namespace) -> int:
    """Show the computed places."""
    with session.open() as panel:
        result = standing.standing(panel, options.stage)
        setup = panel.setup
    number = session.catalogue.number
    for group in result.groups:
        if options.group not in {None, group.group}:
            continue
        for item in group.entries:
            entry = setup.entry_by_id[item.entry]
            session.line(
                f"{item.place or '-':>4}  {entry.number:>4}  "
                f"{number(item.score) if item.score else '-':>8}  {entry.title}"
                + (f"  [{item.award}]" if item.award else "")
            )
    if result.missing:
        session.tell(Text("Not final: {count} sheets are missing.", count=len(result.missing)))
    for undecided in result.undecided:
        session.tell(
            Text(
                "Not final: it is not decided who goes on from {stage} in the group {group}.",
                stage=undecided.stage,
                group=undecided.group,
            )
        )
    for group in result.groups:
        for tie in group.ties:
            session.tell(
                Text(
                    "Entries {numbers} share a place; the ladder leaves it to a decision.",
                    numbers=", ".join(setup.entry_by_id[e].number for e in tie.entries),
                )
            )
    session.answer(rank_json(setup, result, options.group))
    return 0


def rank_json(setup: Setup, result: Standing, only: str | None = None) -> dict[str, Any]:
    """Return a ranking as ``--json`` shows it."""
    return {
        "complete": result.complete,
        "groups": [
            {
                "group": group.group,
                "entries": [
                    {
                        "place": item.place,
                        "number": setup.entry_by_id[item.entry].number,
                        "title": setup.entry_by_id[item.entry].title,
                        "score": item.score,
                        "exact": None if item.exact is None else str(item.exact),
                        "sheets": item.sheets,
                        "reached": item.reached,
                        "award": item.award,
                    }
                    for item in group.entries
                ],
            }
            for group in result.groups
            if only in {None, group.group}
        ],
    }


def run_publish(session: Session, options: argparse.Namespace) -> int:
    """Publish the results."""
    with session.open() as panel:
        publication = publishing.publish(session.home, panel, options.out, options.number)
    session.tell(Text("The results are signed: {id}", id=publication.results))
    for path, _ in publication.files:
        session.line(str(path))
    session.answer(
        {
            "results": publication.results,
            "files": [{"file": str(path), "sha256": sha256} for path, sha256 in publication.files],
        }
    )
    return 0
