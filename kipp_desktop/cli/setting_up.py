"""init, organisations, people, entries, plan: before the day."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import UsageError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.files import write_whole
from kipp_desktop.services import (
    attachments,
    desk,
    importing,
    organisations,
    replanning,
    setup,
    templates,
)
from kipp_desktop.services.rejects import write_rejects
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
        load.add_argument(
            "--rejects",
            type=Path,
            metavar="FILE",
            help=say(Text("write the rows that cannot be used here, with the reasons")),
        )
        load.set_defaults(run=run_import, kind=kind)
        actions.add_parser("list", parents=[shared]).set_defaults(run=run_list, kind=kind)
        if kind == "entries":
            _add_files(actions, shared, say)
        if kind == "organisations":
            _add_matching(actions, shared, say)

    plan = commands.add_parser("plan", help=say(Text("sign the plan and write the package")))
    actions = plan.add_subparsers(dest="action", required=True)
    publish = actions.add_parser("publish", parents=[shared])
    publish.add_argument("--out", type=Path, metavar="FILE")
    publish.add_argument("--dry-run", action="store_true")
    publish.set_defaults(run=run_plan_publish)


def _add_files(actions: Any, shared: argparse.ArgumentParser, say: Callable[[Text], str]) -> None:
    attach = actions.add_parser(
        "attach", parents=[shared], help=say(Text("keep a PDF or picture with entry N"))
    )
    attach.add_argument("number", metavar="N")
    attach.add_argument("file", type=Path)
    attach.set_defaults(run=run_attach)
    files = actions.add_parser(
        "files", parents=[shared], help=say(Text("the files and links of entry N"))
    )
    files.add_argument("number", metavar="N")
    files.add_argument("--out", type=Path, metavar="DIR")
    files.add_argument("--remove", metavar="SHA256")
    files.set_defaults(run=run_files)


def run_attach(session: Session, options: argparse.Namespace) -> int:
    """Keep a file with an entry."""
    with session.open() as panel:
        attachments.attach(session.home, panel, options.number, options.file)
        found = attachments.files_of(panel, options.number)
    return _answer_files(session, options.number, found)


def run_files(session: Session, options: argparse.Namespace) -> int:
    """List the files and links of an entry, write them to a folder, or take one away."""
    with session.open() as panel:
        if options.remove:
            attachments.detach(session.home, panel, options.number, options.remove)
        found = attachments.files_of(panel, options.number)
        if options.out is not None:
            for file in found.files:
                # Two files may have one name; a name is never a path.
                name = f"{file.sha256[:8]}-{Path(file.name).name}"
                write_whole(options.out / name, attachments.content(panel, file))
    return _answer_files(session, options.number, found)


def _answer_files(session: Session, number: str, found: attachments.EntryFiles) -> int:
    for file in found.files:
        session.line(f"{file.sha256[:8]}\t{file.name}\t{file.size}")
    for link in found.links:
        session.line(link)
    session.answer(
        {
            "number": number,
            "files": [
                {"name": f.name, "sha256": f.sha256, "size": f.size, "type": f.type}
                for f in found.files
            ],
            "links": list(found.links),
        }
    )
    return 0


def _add_matching(
    actions: Any, shared: argparse.ArgumentParser, say: Callable[[Text], str]
) -> None:
    match = actions.add_parser(
        "match", parents=[shared], help=say(Text("names of entries that mean one of the tree"))
    )
    match.add_argument("--confirm", nargs=2, metavar=("NAME", "MEANS"))
    match.add_argument("--apart", nargs=2, metavar=("NAME", "OTHER"))
    match.set_defaults(run=run_match)


def run_match(session: Session, options: argparse.Namespace) -> int:
    """List names that perhaps mean another organisation, confirm one, or keep two apart."""
    with session.open() as panel:
        if options.confirm:
            name, means = (organisations.organisation_of(panel, item) for item in options.confirm)
            organisations.confirm_match(session.home, panel, name, means)
        if options.apart:
            organisations.keep_apart(
                panel, *(organisations.organisation_of(panel, item) for item in options.apart)
            )
        found = organisations.matches(panel)
    for item in found:
        session.line(f"{item.name}\t{item.means_name}\t{item.entries}")
    session.answer(
        {
            "matches": [
                {"name": item.name, "means": item.means_name, "entries": item.entries}
                for item in found
            ]
        }
    )
    return 0


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
    if options.rejects is not None:
        write_rejects(report, options.rejects, session.catalogue)
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
    for change in report.updates:
        for field, old, new in change.fields:
            session.line(f"{change.number or change.title}\t{field}: {old} → {new}")
    updates = [
        {
            "row": change.row,
            "number": change.number,
            "fields": [
                {"field": field, "old": old, "new": new} for field, old, new in change.fields
            ],
        }
        for change in report.updates
    ]
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
            **({"updates": updates} if updates else {}),
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
    """Say what the plan changes, sign it and write the package."""
    if options.out is None and not options.dry_run:
        raise UsageError(
            "usage",
            Text("The package needs a place: --out FILE."),
            Text("With --dry-run nothing is signed or written."),
        )
    with session.open() as panel:
        session.home.card(panel.competition, "desk")  # only the desk has a next plan
        preview = replanning.preview_plan(panel)
        _tell_preview(session, preview)
        said = {
            "changes": [session.say(text) for text in preview.changes],
            "stale": [session.say(text) for text in preview.touches],
            "todo": [session.say(text) for text in preview.todo],
        }
        words = words_of(panel.desk)
        if options.dry_run:
            session.answer({"file": None, "revision": preview.revision, "words": words, **said})
            return 0
        published = setup.publish_plan(session.home, panel, options.out)
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
    session.answer(
        {"file": str(published.file), "revision": published.revision, "words": words, **said}
    )
    return 0


def _tell_preview(session: Session, preview: replanning.PlanPreview) -> None:
    parts = (
        (Text("Plan {revision} changes:", revision=preview.revision), preview.changes),
        (Text("What no longer fits:"), preview.touches),
        (Text("What is to be done:"), preview.todo),
    )
    for heading, texts in parts:
        if texts:
            session.tell(heading)
            for text in texts:
                session.tell(Text("- {what}", what=text))
