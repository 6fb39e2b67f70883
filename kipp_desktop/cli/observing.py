"""observe: what verifiers do in the field, and what the desk sees of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_dissent,
    add_entry,
    add_family,
    add_out_folder,
    add_reason,
    add_stage_option,
    add_which,
)
from kipp_desktop.cli.judging import entries_of
from kipp_desktop.cli.tables import add_table_options, answer_import, layout_of
from kipp_desktop.domain.visit import STATUS_TEXTS, conclusion_text
from kipp_desktop.errors import KippError
from kipp_desktop.services import (
    claims,
    field_reports,
    fieldwork,
    observations,
    originals,
    visit_tables,
)
from kipp_desktop.services.naming import entry_of, person_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.fieldwork import VisitView
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    actions = add_family(
        commands,
        "observe",
        say,
        Text("visits in the field"),
        more=Text("What verifiers see in the field: visits, claims, photos and conclusions."),
        example="kipp observe import kunjungan.xlsx --photos foto",
    )
    load = add_command(
        actions,
        "import",
        say,
        Text("load visits and photos, and sign what is whole"),
        shared=shared,
    )
    add_table_options(load, say)
    load.add_argument(
        "--photos",
        type=Path,
        metavar=say(Text("DIR")),
        help=say(Text("folder with the photos that the table names")),
    )
    add_stage_option(load, say)
    add_reason(load, say, Text("why it corrects what was signed"))
    load.add_argument("--draft", action="store_true", help=say(Text("sign nothing yet")))
    load.set_defaults(run=run_import)
    submit = add_command(actions, "submit", say, Text("sign visits"), shared=shared)
    add_stage_option(submit, say)
    add_reason(submit, say, Text("why it corrects what was signed"))
    add_which(submit, say)
    submit.set_defaults(run=run_submit)
    listed = add_command(actions, "list", say, Text("show visits and conclusions"), shared=shared)
    add_stage_option(listed, say)
    listed.set_defaults(run=run_list)
    approve = add_command(
        actions, "approve", say, Text("agree with another verifier, or dissent"), shared=shared
    )
    approve.add_argument(
        "--of",
        required=True,
        metavar=say(Text("VERIFIER")),
        help=say(Text("name of the verifier whose visit it was")),
    )
    add_entry(approve, say)
    add_dissent(approve, say)
    approve.set_defaults(run=run_approve)
    printed = add_command(
        actions, "print", say, Text("write reports, or sheets and letter before"), shared=shared
    )
    add_out_folder(printed, say, Text("folder to write the documents to"))
    printed.add_argument(
        "--before",
        action="store_true",
        help=say(Text("before the visits: the letter and sheets to take along")),
    )
    add_stage_option(printed, say)
    printed.set_defaults(run=run_print)
    given = add_command(
        actions,
        "originals",
        say,
        Text("give original photos, with their hashes"),
        shared=shared,
        more=Text("Copies the originals that this verifier signed, whole and unchanged."),
    )
    add_entry(given, say)
    add_out_folder(given, say, Text("folder to write the photos to"))
    given.set_defaults(run=run_originals)
    asked = add_command(
        actions,
        "claims",
        say,
        Text("desk: load claims of the proposals, to be checked"),
        shared=shared,
    )
    add_table_options(asked, say)
    asked.set_defaults(run=run_claims)


def run_import(session: Session, options: argparse.Namespace) -> int:
    """Load visits with their photos; sign those without gaps."""
    home = session.home
    with session.open() as panel:
        card = home.card(panel.competition, "member", options.person)
        visitor = fieldwork.visitor_of(panel, card, options.stage)
        report = visit_tables.import_visits(
            home, panel, visitor, options.file, options.photos, layout_of(options)
        )
        signed = fieldwork.Signed()
        if report.visits and not options.draft and not report.cancelled:
            wanted = {entry_of(panel, number) for number in report.visits}
            identity = home.unlock(card)
            signed = fieldwork.sign(home, panel, visitor, identity, wanted, options.reason)
        gaps = _gaps(session, fieldwork.visits(panel, visitor), signed.incomplete)
    for problem in report.problems:
        session.warn(
            Text(
                "Row {row}, {field}: {problem}",
                row=problem.row,
                field=problem.field,
                problem=problem.problem,
            )
        )
    if report.unnamed:
        session.warn(
            Text(
                "{count} files of the folder stand in no row: {names}.",
                count=len(report.unnamed),
                names=", ".join(report.unnamed[:5]),
            )
        )
    session.tell(
        Text(
            "{visits} visits and {photos} photos were taken; {problems} things could not be used.",
            visits=len(report.visits),
            photos=report.photos,
            problems=len(report.problems),
        )
    )
    _tell_signed(session, signed, gaps)
    session.answer(
        {
            "rows": report.rows,
            "visits": report.visits,
            "photos": report.photos,
            "unnamed": report.unnamed,
            "submitted": signed.signed,
            "incomplete": signed.incomplete,
            "gaps": gaps,
            "problems": [
                {"row": p.row, "field": p.field, "problem": session.say(p.problem)}
                for p in report.problems
            ],
            "questions": [session.say(text) for text in signed.questions],
        }
    )
    return 0 if report.visits else 1


def _gaps(session: Session, views: list[VisitView], numbers: list[str]) -> dict[str, list[str]]:
    return {
        view.entry.number: [session.say(gap.text) for gap in view.gaps]
        for view in views
        if view.entry.number in numbers
    }


def _tell_signed(session: Session, signed: fieldwork.Signed, gaps: dict[str, list[str]]) -> None:
    session.tell(
        Text(
            "{done} visits were signed, {open} are not complete.",
            done=len(signed.signed),
            open=len(signed.incomplete),
        )
    )
    for number, texts in gaps.items():
        session.line(f"{number}: {' '.join(texts)}")
    for text in signed.questions:
        session.warn(text)


def run_submit(session: Session, options: argparse.Namespace) -> int:
    """Sign visits without gaps."""
    home = session.home
    with session.open() as panel:
        card = home.card(panel.competition, "member", options.person)
        visitor = fieldwork.visitor_of(panel, card, options.stage)
        wanted = entries_of(panel, options)
        identity = home.unlock(card)
        signed = fieldwork.sign(home, panel, visitor, identity, wanted, options.reason)
        gaps = _gaps(session, fieldwork.visits(panel, visitor), signed.incomplete)
    _tell_signed(session, signed, gaps)
    session.answer(
        {
            "submitted": signed.signed,
            "incomplete": signed.incomplete,
            "gaps": gaps,
            "questions": [session.say(text) for text in signed.questions],
        }
    )
    return 0


def run_list(session: Session, options: argparse.Namespace) -> int:
    """List the visits of this verifier, and what was signed about each entry that is here."""
    home = session.home
    with session.open() as panel:
        own = {}
        cards = [card for card in home.identities(panel.competition) if card.role == "member"]
        if cards:
            card = home.card(panel.competition, "member", options.person)
            person = panel.setup.person_by_id.get(card.person)
            if person is not None and person.has("verifier"):
                visitor = fieldwork.visitor_of(panel, card, options.stage)
                own = {view.entry.id: view for view in fieldwork.visits(panel, visitor)}
        stage = fieldwork.field_stage(panel, options.stage)
        found = observations.observed(panel, stage.id, unadmitted=bool(own))
        rows = [
            _row(session, panel, entry, own.get(entry), [o for o in found if o.entry == entry])
            for entry in (item.id for item in panel.setup.entries)
            if entry in fieldwork.alive_in(panel, stage.id) or entry in own
        ]
        missing = [
            session.say(observations.lacking_text(panel.setup, item))
            for item in observations.lacking(panel)
        ]
    for row in rows:
        session.line(f"{row['number']}\t{row['state'] or '-'}\t{row['title']}")
        for item in row["observations"]:
            session.line(f"\t{item['person']}: {item['conclusion']}")
        for text in row["differences"]:
            session.line(f"\t≠ {text}")
    for sentence in missing:
        session.line(sentence)
    session.answer({"stage": stage.id, "visits": rows, "missing": missing})
    return 0


def _row(
    session: Session,
    panel: Panel,
    entry: str,
    own: VisitView | None,
    found: list[Observed],
) -> dict[str, Any]:
    item = panel.setup.entry_by_id[entry]
    names = fieldwork.criterion_names(panel)
    said = own.visit.findings if own else fieldwork.planned(panel, entry)
    return {
        "number": item.number,
        "title": item.title,
        "state": own.state if own else None,
        "claims": [
            {"claim": one.claim, "criterion": one.criterion, "status": one.status or None}
            for one in said
        ],
        "observations": [
            {
                "record": one.record.id,
                "person": panel.setup.name_of(one.person),
                "effect": one.visit.conclusion.effect,
                "conclusion": session.say(conclusion_text(one.visit.conclusion, names)),
                "findings": [
                    session.say(STATUS_TEXTS[finding.status]) for finding in one.visit.findings
                ],
                "photos": sum(1 for _, item in one.visit.evidence if item.copy is not None),
                "approved": [
                    panel.setup.name_of(word.person)
                    for word in one.approved
                    if word.dissent is None
                ],
                "dissent": [
                    panel.setup.name_of(word.person)
                    for word in one.approved
                    if word.dissent is not None
                ],
            }
            for one in found
        ],
        "differences": [session.say(text) for text in observations.differing(found, names)],
    }


def run_approve(session: Session, options: argparse.Namespace) -> int:
    """Sign that a verifier agrees with another's observation, or dissents."""
    home = session.home
    with session.open() as panel:
        card = home.card(panel.competition, "member", options.person)
        person, entry = person_of(panel, options.of), entry_of(panel, options.entry)
        found = next(
            (
                item
                for item in observations.observed(panel, unadmitted=True)
                if (item.person, item.entry) == (person, entry)
            ),
            None,
        )
        if found is None:
            raise KippError(
                "no-observation",
                Text("That observation is not here."),
                Text("Open the file of the other verifier first."),
            )
        identity = home.unlock(card)
        fieldwork.approve(home, panel, card, identity, found.record.id, options.dissent)
    session.tell(
        Text("The approval is signed.")
        if options.dissent is None
        else Text("The dissent is signed.")
    )
    session.answer({"record": found.record.id, "dissent": options.dissent})
    return 0


def run_print(session: Session, options: argparse.Namespace) -> int:
    """Write the documents of the field."""
    write = field_reports.write_sheets if options.before else field_reports.write_reports
    with session.open() as panel:
        written = write(session.home, panel, options.out, options.stage)
    for path in written.files:
        session.line(str(path))
    session.answer({"files": [str(path) for path in written.files]})
    return 0


def run_originals(session: Session, options: argparse.Namespace) -> int:
    """Write the originals that an observation of this verifier signs."""
    home = session.home
    with session.open() as panel:
        card = home.card(panel.competition, "member", options.person)
        entry = entry_of(panel, options.entry)
        files = originals.give_originals(home.context, panel, card, entry, options.out)
    for path in files:
        session.line(str(path))
    session.answer({"files": [str(path) for path in files]})
    return 0


def run_claims(session: Session, options: argparse.Namespace) -> int:
    """Load claims of the proposals; they go out with the next plan."""
    with session.open() as panel:
        report = claims.import_claims(session.home, panel, options.file, layout_of(options))
    return answer_import(session, report)
