"""init, organisations, people, entries, plan: before the day."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import (
    add_command,
    add_dry_run,
    add_family,
    add_file,
    add_number,
    add_out,
    add_out_folder,
)
from kipp_desktop.cli.tables import add_table_options, answer_import, layout_of
from kipp_desktop.errors import UsageError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.files import write_whole
from kipp_desktop.services import (
    attachments,
    catalogues,
    importing,
    new_competition,
    organisations,
    replanning,
    setup,
    templates,
)
from kipp_desktop.services.rejects import write_rejects
from kipp_desktop.services.rules import save_logo
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    _add_init(commands, shared, say)
    for kind, text, more, example in (
        (
            "organisations",
            Text("agencies and units"),
            Text("The tree of agencies and units, and which of them must enter an innovation."),
            "kipp organisations import perangkat-daerah.xlsx",
        ),
        (
            "people",
            Text("panel and secretariat"),
            Text("Judges, verifiers, chair, secretary and clerks, with their conflicts."),
            "kipp people import panel.csv",
        ),
        (
            "entries",
            Text("innovations that compete"),
            Text("The innovations with their organisations, and the files that belong to them."),
            'kipp entries import inovasi.xlsx --map "Nama Inovasi=judul" --dry-run',
        ),
    ):
        actions = add_family(commands, kind, say, text, more=more, example=example)
        load = add_command(
            actions, "import", say, Text("load a table into the next plan"), shared=shared
        )
        add_table_options(load, say)
        add_dry_run(load, say, Text("only say what the table would change"))
        load.add_argument(
            "--rejects",
            type=Path,
            metavar=say(Text("FILE")),
            help=say(Text("write the rows that cannot be used here, with the reasons")),
        )
        load.set_defaults(run=run_import, kind=kind)
        listing = add_command(
            actions, "list", say, Text("show what the next plan holds"), shared=shared
        )
        listing.set_defaults(run=run_list, kind=kind)
        if kind == "entries":
            _add_files(actions, shared, say)
        if kind == "organisations":
            _add_matching(actions, shared, say)

    actions = add_family(
        commands,
        "plan",
        say,
        Text("the plan that members get"),
        example="kipp plan publish --out paket.kipp",
    )
    publish = add_command(
        actions,
        "publish",
        say,
        Text("sign the plan and write the package"),
        shared=shared,
        more=Text(
            "Signs innovations, people, rubrics and rules as they are now, and writes the package "
            "with which judges and verifiers join."
        ),
    )
    add_out(publish, say, Text("the package to write (.kipp); not with --dry-run"), required=False)
    add_dry_run(publish, say, Text("only say what the plan would change; sign nothing"))
    publish.set_defaults(run=run_plan_publish)


def _add_init(commands: Any, shared: Parser, say: Say) -> None:
    init = add_command(
        commands,
        "init",
        say,
        Text("create a competition; this laptop is its desk"),
        shared=shared,
        example='kipp init --name "KIPP 2021" --organiser Setda --year 2021',
    )
    init.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar=say(Text("COMPETITION.toml")),
        help=say(Text("file with the whole set-up, in place of --name, --organiser and --year")),
    )
    init.add_argument(
        "--name", metavar=say(Text("NAME")), help=say(Text("name of the competition"))
    )
    init.add_argument(
        "--organiser", metavar=say(Text("NAME")), help=say(Text("agency that organises it"))
    )
    init.add_argument(
        "--year", type=int, metavar=say(Text("YEAR")), help=say(Text("its year, such as 2021"))
    )
    init.add_argument(
        "--preset",
        metavar=say(Text("NAME")),
        help=say(Text("ready-made rules: kota (the default), provinsi or nasional")),
    )
    init.add_argument(
        "--rubric",
        metavar=say(Text("NAME")),
        help=say(Text("rubric of all stages with marks; “kipp rubric list” names them")),
    )
    init.add_argument(
        "--from",
        dest="last_year",
        metavar=say(Text("NAME|ID")),
        help=say(Text("take over the set-up of a competition of this home")),
    )
    init.add_argument(
        "--desk",
        default="Sekretariat",
        metavar=say(Text("NAME")),
        help=say(Text("who keeps the key of the desk; otherwise “Sekretariat”")),
    )
    init.add_argument(
        "--key-copy",
        type=Path,
        metavar=say(Text("DIR")),
        help=say(Text("folder, such as a stick, for a second copy of the key of the desk")),
    )
    init.set_defaults(run=run_init)


def _add_files(actions: Any, shared: Parser, say: Say) -> None:
    attach = add_command(
        actions, "attach", say, Text("keep a PDF or picture with an innovation"), shared=shared
    )
    add_number(attach, say)
    add_file(attach, say, Text("the PDF or picture"))
    attach.set_defaults(run=run_attach)
    files = add_command(
        actions, "files", say, Text("list the files and links of an innovation"), shared=shared
    )
    add_number(files, say)
    add_out_folder(files, say, Text("folder to write the files to"), required=False)
    files.add_argument(
        "--remove",
        metavar="SHA256",
        help=say(Text("take this file away: the beginning of its SHA-256, as the list shows it")),
    )
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


def _add_matching(actions: Any, shared: Parser, say: Say) -> None:
    match = add_command(
        actions,
        "match",
        say,
        Text("list names of entries that perhaps mean one of the tree"),
        shared=shared,
    )
    match.add_argument(
        "--confirm",
        nargs=2,
        metavar=(say(Text("NAME")), say(Text("MEANS"))),
        help=say(Text("the first name means the organisation of the second")),
    )
    match.add_argument(
        "--apart",
        nargs=2,
        metavar=(say(Text("NAME")), say(Text("OTHER"))),
        help=say(Text("the two names are two organisations")),
    )
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


def run_init(session: Session, options: argparse.Namespace) -> int:
    """Create a competition."""
    logo = b""
    if options.file is not None:
        table = catalogues.load_toml(options.file)
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
        table = catalogues.preset_table(options.preset or "kota")
        beside = Path()
    for key in ("name", "organiser", "year"):
        if getattr(options, key):
            table[key] = getattr(options, key)
    if options.file is not None and options.preset:
        table = {**catalogues.preset_table(options.preset), **table}
    if options.rubric:
        for stage in table.get("stage", []):
            if stage.get("rubric"):
                stage["rubric"] = options.rubric
    listed = new_competition.create_competition(
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
