"""init, organisations, people, entries, plan: before the day."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import UsageError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.services import desk, importing, setup, templates
from kipp_desktop.services.rules import save_logo
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session
    from kipp_desktop.services.importing import ImportReport


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    init = commands.add_parser(
        "init", parents=[shared], help=say(Text("create a competition; this laptop is its desk"))
    )
    init.add_argument("file", nargs="?", type=Path, metavar="KOMPETISI.toml")
    init.add_argument("--name")
    init.add_argument("--organiser")
    init.add_argument("--year", type=int)
    init.add_argument("--preset", default=None)
    init.add_argument("--rubric", default=None)
    init.add_argument(
        "--from",
        dest="last_year",
        metavar="NAME",
        help=say(Text("take over the set-up of a competition of this home")),
    )
    init.add_argument("--desk", default="Sekretariat", metavar="NAME")
    init.add_argument("--key-copy", type=Path, metavar="DIR")
    init.set_defaults(run=run_init)

    for kind, text in (
        ("organisations", Text("the agencies and units")),
        ("people", Text("the panel and the secretariat")),
        ("entries", Text("the innovations")),
    ):
        family = commands.add_parser(kind, help=say(text))
        actions = family.add_subparsers(dest="action", required=True)
        load = actions.add_parser("import", parents=[shared])
        add_table_options(load)
        load.add_argument("--dry-run", action="store_true")
        load.set_defaults(run=run_import, kind=kind)
        actions.add_parser("list", parents=[shared]).set_defaults(run=run_list, kind=kind)

    plan = commands.add_parser("plan", help=say(Text("sign the plan and write the package")))
    actions = plan.add_subparsers(dest="action", required=True)
    publish = actions.add_parser("publish", parents=[shared])
    publish.add_argument("--out", type=Path, required=True, metavar="FILE")
    publish.set_defaults(run=run_plan_publish)


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add a table's file and how it is to be read."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--sheet")
    parser.add_argument("--header-row", type=int)
    parser.add_argument("--map", action="append", default=[], metavar="HEADER=FIELD")


def layout_of(options: argparse.Namespace) -> importing.Layout:
    """Return how the user says that a table is to be read."""
    pairs = []
    for item in options.map:
        header, equals, field = item.rpartition("=")
        if not equals:
            raise UsageError(
                "usage",
                Text("“{item}” is not of the form HEADER=FIELD.", item=item),
                Text('Write for example --map "Nama Inovasi=judul".'),
            )
        pairs.append((header, field))
    return importing.Layout(options.sheet, options.header_row, tuple(pairs))


def run_init(session: Session, options: argparse.Namespace) -> int:
    """Create a competition."""
    logo = b""
    if options.file is not None:
        table = desk.load_toml(options.file)
        beside = options.file.parent
    elif options.last_year is not None:
        table, logo = templates.from_last_year(session.home.choose(options.last_year))
        beside = Path()
    else:
        if not (options.name and options.organiser and options.year):
            raise UsageError(
                "usage",
                Text("A competition needs --name, --organiser and --year, or a file."),
                Text('Example: kipp init --name "KIPP 2021" --organiser Setda --year 2021'),
            )
        table = desk.preset_table(options.preset or "kota")
        beside = Path()
    for key in ("name", "organiser", "year"):
        if getattr(options, key):
            table[key] = getattr(options, key)
    if options.file is not None and options.preset:
        table = {**desk.preset_table(options.preset), **table}
    if options.rubric:
        for stage in table.get("stage", []):
            if stage.get("rubric"):
                stage["rubric"] = options.rubric
    listed = desk.create_competition(
        session.home,
        table,
        options.desk,
        session.new_passphrase(),
        options.key_copy,
        beside,
    )
    if logo:
        with session.home.open(listed) as panel:
            save_logo(session.home, panel, logo)
    words = words_of(listed.desk)
    session.tell(Text("The competition “{name}” is ready.", name=listed.name))
    session.tell(Text("The desk's words: {words}", words=words))
    session.answer({"competition": listed.id, "desk": {"fingerprint": listed.desk, "words": words}})
    return 0


def run_import(session: Session, options: argparse.Namespace) -> int:
    """Load a table."""
    loader = {
        "organisations": importing.import_organisations,
        "people": importing.import_people,
        "entries": importing.import_entries,
    }[options.kind]
    with session.open() as panel:
        report = loader(
            session.home, panel, options.file, layout_of(options), dry_run=options.dry_run
        )
    return answer_import(session, report)


def answer_import(session: Session, report: ImportReport) -> int:
    """Say what an import did; 0 if any row was usable."""
    session.tell(
        Text(
            "{rows} rows: {added} new, {updated} changed, {skipped} as before, {problems} not "
            "usable.",
            rows=report.rows,
            added=report.added,
            updated=report.updated,
            skipped=report.skipped,
            problems=len(report.problems),
        )
    )
    for problem in report.problems:
        session.warn(
            Text(
                "Row {row}, {field}: {problem}",
                row=problem.row,
                field=problem.field,
                problem=problem.problem,
            )
        )
    for warning in report.warnings:
        session.warn(warning)
    session.answer(
        {
            "rows": report.rows,
            "added": report.added,
            "updated": report.updated,
            "skipped": report.skipped,
            "problems": [
                {"row": p.row, "field": p.field, "problem": session.say(p.problem)}
                for p in report.problems
            ],
            "warnings": [session.say(warning) for warning in report.warnings],
        }
    )
    return 0 if report.added + report.updated + report.skipped else 1


def run_list(session: Session, options: argparse.Namespace) -> int:
    """List what the next plan holds."""
    with session.open() as panel:
        bench = panel.workbench
        rows: list[dict[str, object]]
        if options.kind == "entries":
            names = {row.id: row.name for row in bench.organisations()}
            rows = [
                {
                    "number": row.number,
                    "title": row.title,
                    "organisation": names.get(row.organisation or "", ""),
                    "unit": row.unit,
                    "group": row.group,
                }
                for row in bench.entries()
            ]
        elif options.kind == "people":
            rows = [
                {
                    "name": row.name,
                    "roles": row.roles.split(";"),
                    "institution": row.institution,
                    "id": row.id,
                }
                for row in bench.people()
            ]
        else:
            rows = [
                {"name": row.name, "kind": row.kind, "must_enter": bool(row.must_enter)}
                for row in bench.organisations()
            ]
    for row in rows:
        session.line("\t".join(str(value) for value in list(row.values())[:3]))
    session.answer({options.kind: rows})
    return 0


def run_plan_publish(session: Session, options: argparse.Namespace) -> int:
    """Sign the plan and write the package."""
    with session.open() as panel:
        published = setup.publish_plan(session.home, panel, options.out)
        words = words_of(panel.desk)
    for warning in published.warnings:
        session.warn(warning)
    session.tell(
        Text(
            "Plan {revision} was written to {file}.",
            revision=published.revision,
            file=str(published.file),
        )
    )
    session.tell(Text("The desk's words: {words}", words=words))
    session.answer({"file": str(published.file), "revision": published.revision, "words": words})
    return 0
