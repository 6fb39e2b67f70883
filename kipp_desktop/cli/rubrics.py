"""rubric: the catalogue, files, and the rubrics of the next plan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command, add_family, add_file, add_out, add_stage
from kipp_desktop.domain.rubric import examine_rubric
from kipp_desktop.domain.rubric_draft import table_of
from kipp_desktop.domain.sheet_preview import preview
from kipp_desktop.services import catalogues, rubrics
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session
    from kipp_desktop.domain.rubric import Rubric


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    actions = add_family(
        commands,
        "rubric",
        say,
        Text("the catalogue of rubrics"),
        more=Text("The catalogue of rubrics, rubrics of your own, and which stage uses which."),
        example="kipp rubric write malang-2021 --out rubrik.xlsx",
    )
    listing = add_command(actions, "list", say, Text("list the catalogue"), shared=shared)
    listing.set_defaults(run=run_list)
    show = add_command(actions, "show", say, Text("show a rubric as judges see it"), shared=shared)
    _add_rubric(show, say)
    show.set_defaults(run=run_show)
    check = add_command(
        actions, "check", say, Text("name every mistake in a rubric's file"), shared=shared
    )
    add_file(check, say, Text("the rubric: TOML or a spreadsheet"))
    check.set_defaults(run=run_check)
    write = add_command(
        actions, "write", say, Text("write a rubric as TOML or XLSX"), shared=shared
    )
    _add_rubric(write, say)
    add_out(write, say, Text("the file to write (.toml or .xlsx)"))
    write.set_defaults(run=run_write)
    keep = add_command(actions, "keep", say, Text("keep an own rubric at this desk"), shared=shared)
    add_file(keep, say, Text("the rubric: TOML or a spreadsheet"))
    keep.set_defaults(run=run_keep)
    use = add_command(actions, "use", say, Text("let a stage be marked by a rubric"), shared=shared)
    add_stage(use, say)
    use.add_argument(
        "name",
        metavar=say(Text("NAME")),
        help=say(Text("id of a rubric of this desk or of the catalogue")),
    )
    use.set_defaults(run=run_use)


def _add_rubric(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "name",
        metavar=say(Text("NAME|FILE")),
        help=say(Text("id of a rubric of the catalogue, or a file")),
    )


def run_list(session: Session, _options: argparse.Namespace) -> int:
    """List the rubrics of the catalogue."""
    found = [catalogues.load_rubric(name) for name in catalogues.rubric_catalogue()]
    for rubric in found:
        session.line(f"{rubric.id}\t{rubric.name}")
    session.answer({"rubrics": [{"id": rubric.id, "name": rubric.name} for rubric in found]})
    return 0


def run_show(session: Session, options: argparse.Namespace) -> int:
    """Show a rubric as its judges see it."""
    rubric = _named(options.name)
    number = session.catalogue.value
    session.line(f"{rubric.name} ({rubric.id})\n{rubric.source}")
    for row in preview(rubric).rows:
        scale = f" · {number(row.scale.minimum)}–{number(row.scale.maximum)}" if row.scale else ""
        panel = f" · {session.say(Text('marked by the panel'))}" if row.by_panel else ""
        indent = "  " * (row.depth + 1)
        session.line(f"{indent}{row.name}: {number(row.weight)}{scale}{panel}")
    session.answer(dict(rubric.as_json()))
    return 0


def run_check(session: Session, options: argparse.Namespace) -> int:
    """Check a rubric's file, TOML or spreadsheet; every mistake is named."""
    path: Path = options.file
    if path.suffix.casefold() == ".toml":
        table = catalogues.load_toml(path)
    else:
        table = table_of(rubrics.read_rubric_file(path))
    rubric, mistakes = examine_rubric(table)
    if rubric is None:
        raise rubrics.bad_rubric(mistakes)
    warnings = rubric.warnings()
    for warning in warnings:
        session.warn(warning)
    session.tell(
        Text(
            "The rubric “{name}” can be used: {count} criteria are marked, the highest total is "
            "{maximum}.",
            name=rubric.name,
            count=len(rubric.leaves),
            maximum=rubric.maximum,
        )
    )
    session.answer(
        {"id": rubric.id, "ok": True, "warnings": [session.say(item) for item in warnings]}
    )
    return 0


def run_write(session: Session, options: argparse.Namespace) -> int:
    """Write a rubric of the catalogue, or of a file, as TOML or XLSX."""
    rubrics.write_rubric_file(_named(options.name), options.out)
    session.tell(Text("Written: {file}", file=str(options.out)))
    session.answer({"file": str(options.out)})
    return 0


def run_keep(session: Session, options: argparse.Namespace) -> int:
    """Keep an own rubric at this desk; stages that use its id follow."""
    draft = rubrics.read_rubric_file(options.file)
    rubric = rubrics.usable(draft)
    with session.open() as panel:
        rubrics.keep_draft(session.home, panel, draft)
    session.tell(Text("The rubric “{name}” is kept until the next plan.", name=rubric.name))
    session.answer({"id": rubric.id})
    return 0


def run_use(session: Session, options: argparse.Namespace) -> int:
    """Let a stage be marked by a rubric of this desk or of the catalogue."""
    with session.open() as panel:
        rubrics.use_rubric(session.home, panel, options.stage, options.name)
    session.tell(
        Text(
            "The stage {stage} is marked by {rubric} from the next plan on.",
            stage=options.stage,
            rubric=options.name,
        )
    )
    session.answer({"stage": options.stage, "rubric": options.name})
    return 0


def _named(name: str) -> Rubric:
    """Return a rubric of the catalogue or of a file."""
    path = Path(name)
    if name not in catalogues.rubric_catalogue() and path.is_file():
        return rubrics.usable(rubrics.read_rubric_file(path))
    return catalogues.load_rubric(name, Path())
