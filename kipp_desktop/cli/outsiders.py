"""verify, check, backup, restore, demo: what looks at files or at the whole home."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command, add_out, add_out_folder
from kipp_desktop.cli.deciding import rank_json
from kipp_desktop.services import backups, checking, keeping
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    verify = add_command(
        commands,
        "verify",
        say,
        Text("check result files; no home is needed"),
        shared=shared,
        more=Text(
            "Checks result files (.kipp) and signed PDFs, and computes the result again. Nothing "
            "of this laptop is needed or changed; exit status 3 if anything does not hold."
        ),
        example="kipp verify hasil.kipp berita-acara.pdf",
    )
    verify.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar=say(Text("FILE")),
        help=say(Text("result files (.kipp) and PDFs to check")),
    )
    verify.add_argument(
        "--desk-words",
        metavar=say(Text("WORDS")),
        help=say(Text("the desk's six words from the signed minutes, in quotes")),
    )
    verify.set_defaults(run=run_verify)

    check = add_command(
        commands, "check", say, Text("recompute everything on this laptop"), shared=shared
    )
    check.set_defaults(run=run_check)

    backup = add_command(
        commands,
        "backup",
        say,
        Text("save the whole home to one file"),
        shared=shared,
        example="kipp backup --out 2021-03-16.kippbackup",
    )
    add_out(backup, say, Text("the backup to write (.kippbackup); it holds keys"))
    backup.set_defaults(run=run_backup)

    restore = add_command(commands, "restore", say, Text("bring a backup back"), shared=shared)
    restore.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar=say(Text("FILE")),
        help=say(Text("the backup (.kippbackup), with all its files where it has several")),
    )
    restore.set_defaults(run=run_restore)

    demo = add_command(
        commands, "demo", say, Text("a whole competition day on the sample"), shared=shared
    )
    add_out_folder(demo, say, Text("folder to write everything to"))
    demo.set_defaults(run=run_demo)


def run_verify(session: Session, options: argparse.Namespace) -> int:
    """Check files; 3 for anything that is not wholly right."""
    context = session.context(Path())
    found = checking.verify(context, options.files, options.desk_words)
    for check in found.checks:
        session.line(f"{'✓' if check.ok else '✗'} {session.say(check.detail)}")
    if found.signer == "not compared":
        session.tell(
            Text(
                "Whole, signer not compared: compare the desk's words with those in the minutes "
                "that were signed by hand (--desk-words)."
            )
            if found.ok
            else Text("Not everything holds.")
        )
    session.answer(
        {
            "ok": found.ok,
            "signer": found.signer,
            "checks": [
                {"name": check.name, "ok": check.ok, "detail": session.say(check.detail)}
                for check in found.checks
            ],
            "recomputed": (
                rank_json(found.setup, found.recomputed)
                if found.recomputed is not None and found.setup is not None
                else None
            ),
        }
    )
    return 0 if found.ok else 3


def run_check(session: Session, _options: argparse.Namespace) -> int:
    """Recompute everything of a competition on this laptop."""
    with session.open() as panel:
        found = keeping.check(session.home, panel)
    for item in found:
        session.line(f"{'✓' if item.ok else '✗'} {session.say(item.detail)}")
    ok = all(item.ok for item in found)
    session.answer(
        {
            "ok": ok,
            "checks": [
                {"name": item.name, "ok": item.ok, "detail": session.say(item.detail)}
                for item in found
            ],
        }
    )
    return 0 if ok else 3


def run_backup(session: Session, options: argparse.Namespace) -> int:
    """Save the whole home."""
    saved = backups.back_up(session.home, options.out)
    files = [str(path) for path in saved.files]
    session.tell(
        Text(
            "{count} competitions were saved to {file}. The file holds keys: keep it like one.",
            count=saved.competitions,
            file=files[0],
        )
        if len(files) == 1
        else Text(
            "{count} competitions were saved to {number} files: {files}. They hold keys: keep them "
            "like one, and all of them.",
            count=saved.competitions,
            number=len(files),
            files=files,
        )
    )
    session.answer({"file": files[0], "files": files, "competitions": saved.competitions})
    return 0


def run_restore(session: Session, options: argparse.Namespace) -> int:
    """Bring a backup back."""
    found = backups.restore(session.home, options.files)
    session.tell(Text("{count} competitions were restored.", count=found.competitions))
    if found.kept:
        session.tell(
            Text("{count} ledgers here are longer than the backup's and stay.", count=found.kept)
        )
    if found.missing:
        session.warn(
            Text(
                "The backup has further files, which hold photos: number {missing}. Bring them "
                "back in the same way.",
                missing=", ".join(map(str, found.missing)),
            )
        )
    session.answer(
        {"competitions": found.competitions, "kept": found.kept, "missing": list(found.missing)}
    )
    return 0


def run_demo(session: Session, options: argparse.Namespace) -> int:
    """Run a whole day on the sample."""
    from kipp_desktop.services.demonstration import demonstrate

    step = 0

    def progress(_share: float, text: Text) -> None:
        nonlocal step
        step += 1
        if session.as_json:
            session.warn(Text("{step}. {what}", step=step, what=text))
        else:
            session.tell(Text("{step}. {what}", step=step, what=text))

    context = replace(session.context(options.out), progress=progress)
    result = demonstrate(context, options.out)
    for path in result.documents:
        session.line(str(path))
    session.answer(
        {"documents": [str(path) for path in result.documents], "verified": result.verified}
    )
    return 0 if result.verified else 3
