"""rubric: the catalogue, files, and the rubrics of the next plan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.rubric import examine_rubric
from kipp_desktop.domain.rubric_draft import table_of
from kipp_desktop.domain.sheet_preview import preview
from kipp_desktop.services import desk, rubrics
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session
    from kipp_desktop.domain.rubric import Rubric


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    rubric = commands.add_parser("rubric", help=say(Text("the catalogue of rubrics")))
    actions = rubric.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[shared]).set_defaults(run=run_list)
    show = actions.add_parser("show", parents=[shared])
    show.add_argument("name")
    show.set_defaults(run=run_show)
    check = actions.add_parser("check", parents=[shared])
    check.add_argument("file", type=Path)
    check.set_defaults(run=run_check)
    write = actions.add_parser(
        "write", parents=[shared], help=say(Text("write a rubric as TOML or XLSX"))
    )
    write.add_argument("name")
    write.add_argument("--out", type=Path, required=True, metavar="FILE")
    write.set_defaults(run=run_write)
    keep = actions.add_parser(
        "keep", parents=[shared], help=say(Text("keep an own rubric at this desk"))
    )
    keep.add_argument("file", type=Path)
    keep.set_defaults(run=run_keep)
    use = actions.add_parser(
        "use", parents=[shared], help=say(Text("let a stage be marked by a rubric"))
    )
    use.add_argument("stage")
    use.add_argument("name")
    use.set_defaults(run=run_use)


def run_list(session: Session, _options: argparse.Namespace) -> int:
    """List the rubrics of the catalogue."""
    found = [desk.load_rubric(name) for name in desk.rubric_catalogue()]
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
        table = desk.load_toml(path)
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
    if name not in desk.rubric_catalogue() and path.is_file():
        return rubrics.usable(rubrics.read_rubric_file(path))
    return desk.load_rubric(name, Path())
